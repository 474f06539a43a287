"""Run a command that dies with its parent: `python -m riskboard.leash COMMAND...`. Linux; elsewhere it only runs it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(command: list[str]) -> None:
    """Ask the kernel to end this process when its parent ends, then become the command."""
    parent = os.getppid()
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit("the supervisor ended before this process began")
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
