"""`python -m tests.faults [NAME ...] [--full]`: every scenario or those named, and the figures in the last line.

It works on SQLite, and on PostgreSQL where DATABASE_URL names one; four scenarios start a PostgreSQL of their own. `--full`: as large
as the quality bars ask (1,000 jobs over 20 kills, the broker away for five minutes, 500 messages over ten kills).
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
from tests.faults.scenarios import FULL, SCENARIOS

BOUND = 240.0  # seconds; a scenario that has not ended by then is stopped, and wrong


class Unended(BaseException):
    """A scenario took longer than its bound. No Exception: nothing on the way may swallow it."""


def main() -> int:
    """Print a line for each; 1 if anything is not as it must be."""
    parser = argparse.ArgumentParser(description="kill and cut off real processes under load, and count what is lost")
    parser.add_argument("names", nargs="*", choices=[*SCENARIOS, []], metavar="NAME", help="scenarios (all)")
    parser.add_argument("--full", action="store_true", help="as large as the quality bars ask")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, _told_to_end)  # what was started is killed first, as after Ctrl+C
    begun, wrong, told = time.monotonic(), 0, []
    for name in args.names or SCENARIOS:
        since = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            outcome = _within_its_bound(name, Path(folder), full=args.full)
        told.append(outcome.figures)
        wrong += len(outcome.wrong)
        print(
            f"{'WRONG' if outcome.wrong else 'ok':<6}{name} ({time.monotonic() - since:.0f} s): {outcome.figures}",
            *outcome.wrong,
            sep="\n      ",
            flush=True,
        )
    print(f"{len(told)} scenarios in {time.monotonic() - begun:.0f} s, {wrong} wrong: {'; '.join(told)}")
    return 1 if wrong else 0


def _within_its_bound(name: str, folder: Path, *, full: bool) -> Outcome:
    """What came of it; wrong where it did not end in time or gave up waiting, with all it had started killed."""
    sizes, bound = FULL.get(name, ({}, BOUND)) if full else ({}, BOUND)
    begun = time.monotonic()
    try:
        with _bounded(bound):
            return SCENARIOS[name](folder, **sizes)
    except (Unended, AssertionError) as fault:
        return Outcome(f"{name} not ended after {time.monotonic() - begun:.0f} s", [str(fault) or "it took too long"])


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


if __name__ == "__main__":
    raise SystemExit(main())
