"""A row of the benchmark table, and how the table is printed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One piece of work: our seconds, the floor's or peer's in the same run, and the ratio we aim at."""

    name: str
    ours: float
    floor: float
    aim: float

    @property
    def ratio(self) -> float:
        """How many times the floor we take."""
        return self.ours / self.floor

    @property
    def is_over(self) -> bool:
        """Whether the aim is missed."""
        return self.ratio > self.aim


def median_of(work: Callable[[], object], *, rounds: int = 15) -> float:
    """The median seconds of `rounds` runs of `work`, after one that is not counted."""
    work()
    seconds = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds)


def printed(rows: Iterable[Row]) -> str:
    """The table as text; its last line counts the rows over their aim."""
    rows = list(rows)
    lines = [f"{'work':<58} {'ours ms':>9} {'floor ms':>9} {'ratio':>7} {'aim':>6}"]
    lines += [
        f"{row.name:<58} {row.ours * 1000:>9.2f} {row.floor * 1000:>9.2f} {row.ratio:>7.2f} {row.aim:>6.2f}"
        + ("  over" if row.is_over else "")
        for row in rows
    ]
    return "\n".join([*lines, f"{sum(row.is_over for row in rows)} of {len(rows)} rows over their aim"])
