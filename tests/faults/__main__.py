"""`python -m tests.faults [NAME ...] [--jobs N] [--kills K]`: every scenario or those named, and the figures in the last line.

It works on SQLite, and on PostgreSQL where DATABASE_URL names one; two scenarios start a PostgreSQL of their own.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.faults.kills import kill_in_the_middle
from tests.faults.scenarios import SCENARIOS, Outcome


def main() -> int:
    """Print a line for each; 1 if anything is not as it must be."""
    parser = argparse.ArgumentParser(description="kill and cut off real processes under load, and count what is lost")
    parser.add_argument("names", nargs="*", choices=["kills", *SCENARIOS, []], metavar="NAME", help="scenarios (all)")
    parser.add_argument("--jobs", type=int, default=200, help="jobs of the scenario `kills`")
    parser.add_argument("--kills", type=int, default=5, help="kills of worker and broker in it")
    args = parser.parse_args()
    begun, wrong, told = time.monotonic(), 0, []
    for name in args.names or ["kills", *SCENARIOS]:
        with tempfile.TemporaryDirectory() as folder:
            outcome = _kills(Path(folder), args) if name == "kills" else SCENARIOS[name](Path(folder))
        told.append(outcome.figures)
        wrong += len(outcome.wrong)
        print(
            f"{'WRONG' if outcome.wrong else 'ok':<6}{name}: {outcome.figures}",
            *outcome.wrong,
            sep="\n      ",
            flush=True,
        )
    print(f"{len(told)} scenarios in {time.monotonic() - begun:.0f} s, {wrong} wrong: {'; '.join(told)}")
    return 1 if wrong else 0


def _kills(folder: Path, args: argparse.Namespace) -> Outcome:
    figures = kill_in_the_middle(folder, jobs=args.jobs, kills=args.kills)
    bad = {"lost": figures.lost, "twice in effect": figures.twice, "processes left": len(figures.left)}
    return Outcome(str(figures), [f"{count} {what}" for what, count in bad.items() if count])


if __name__ == "__main__":
    raise SystemExit(main())
