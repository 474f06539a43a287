"""The fault suite: real processes, killed and cut off under load, and what is left of their work. `python -m tests.faults`."""
