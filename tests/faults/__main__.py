"""`python -m tests.faults [NAME ...] [--jobs N] [--kills K]`: every scenario or those named, and the figures in the last line.

It works on SQLite, and on PostgreSQL where DATABASE_URL names one; two scenarios start a PostgreSQL of their own.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from tests.faults.harness import Outcome
from tests.faults.kills import kill_in_the_middle
from tests.faults.scenarios import SCENARIOS, broker_away

BOUND = 240.0  # seconds; a scenario that has not ended by then is stopped, and wrong (more where it asks for more)


class Unended(BaseException):
    """A scenario took longer than its bound. No Exception: nothing on the way may swallow it."""


def main() -> int:
    """Print a line for each; 1 if anything is not as it must be."""
    parser = argparse.ArgumentParser(description="kill and cut off real processes under load, and count what is lost")
    parser.add_argument("names", nargs="*", choices=["kills", *SCENARIOS, []], metavar="NAME", help="scenarios (all)")
    parser.add_argument("--jobs", type=int, default=200, help="jobs of the scenario `kills`")
    parser.add_argument("--kills", type=int, default=5, help="kills of worker and broker in it")
    parser.add_argument(
        "--away", type=float, default=20.0, metavar="S", help="seconds the broker is gone (300: all of R4)"
    )
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, _told_to_end)  # what was started is killed first, as after Ctrl+C
    begun, wrong, told = time.monotonic(), 0, []
    for name in args.names or ["kills", *SCENARIOS]:
        with tempfile.TemporaryDirectory() as folder:
            outcome = _within_its_bound(name, Path(folder), args)
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


def _within_its_bound(name: str, folder: Path, args: argparse.Namespace) -> Outcome:
    """What came of it; wrong where it did not end in time or gave up waiting, with all it had started killed."""
    more = {"kills": args.jobs + 20 * args.kills, "broker-away": args.away}.get(name, 0.0)
    begun = time.monotonic()
    try:
        with _bounded(BOUND + more):
            if name == "kills":
                return _kills(folder, args)
            return broker_away(folder, seconds=args.away) if name == "broker-away" else SCENARIOS[name](folder)
    except (Unended, AssertionError) as fault:
        return Outcome(f"not ended after {time.monotonic() - begun:.0f} s", [str(fault) or "it took too long"])


@contextlib.contextmanager
def _bounded(seconds: float) -> Iterator[None]:
    """Raises Unended in the block once that time is over."""

    def over(*_: object) -> NoReturn:
        raise Unended(f"it took longer than {seconds:.0f} s")

    signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _told_to_end(*_: object) -> NoReturn:
    raise SystemExit(143)


def _kills(folder: Path, args: argparse.Namespace) -> Outcome:
    figures = kill_in_the_middle(folder, jobs=args.jobs, kills=args.kills)
    bad = {"lost": figures.lost, "twice in effect": figures.twice, "processes left": len(figures.left)}
    return Outcome(str(figures), [f"{count} {what}" for what, count in bad.items() if count])


if __name__ == "__main__":
    raise SystemExit(main())
