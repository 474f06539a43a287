"""A row of the benchmark table, and how the table is printed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One piece of work: our figure, the floor's or peer's in the same run, and the ratio we aim at.

    Figures are seconds, or of another `unit` (then printed as they are). `aim` None: a peer to look at, not one to beat.
    """

    name: str
    ours: float
    floor: float
    aim: float | None
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        """How many times the floor we take."""
        return self.ours / self.floor

    @property
    def is_over(self) -> bool:
        """Whether the aim is missed."""
        return self.aim is not None and self.ratio > self.aim


def median_of(work: Callable[[], object], *, rounds: int = 15, clock: Callable[[], float] = time.perf_counter) -> float:
    """The median seconds of `rounds` runs of `work` by that clock, after one that is not counted."""
    work()
    seconds = []
    for _ in range(rounds):
        begun = clock()
        work()
        seconds.append(clock() - begun)
    return statistics.median(seconds)


def printed(rows: Iterable[Row]) -> str:
    """The table as text; its last line counts the rows over their aim."""
    rows = list(rows)
    lines = [f"{'work (ms, where no unit is named)':<58} {'ours':>9} {'floor':>9} {'ratio':>7} {'aim':>6}"]
    lines += map(_line, rows)
    return "\n".join([*lines, f"{sum(row.is_over for row in rows)} of {len(rows)} rows over their aim"])


def _line(row: Row) -> str:
    times = 1000 if row.unit == "ms" else 1
    name = row.name if row.unit == "ms" else f"{row.name}, {row.unit}"
    aim = f"{row.aim:>6.2f}" if row.aim is not None else f"{'peer':>6}"
    figures = f"{row.ours * times:>9.2f} {row.floor * times:>9.2f} {row.ratio:>7.2f} {aim}"
    return f"{name:<58} {figures}" + ("  over" if row.is_over else "")


def as_markdown(rows: Iterable[Row]) -> str:
    """The same as a table of Markdown, its figures with their unit."""
    lines = ["| work | ours | floor or peer | ratio | aim |", "|---|---:|---:|---:|---:|"]
    for row in rows:
        times = 1000 if row.unit == "ms" else 1
        aim = "peer" if row.aim is None else f"{row.aim:g}" + (", over" if row.is_over else "")
        figures = [f"{value * times:,.{_digits(value * times)}f} {row.unit}" for value in (row.ours, row.floor)]
        lines.append(f"| {row.name} | {' | '.join(figures)} | {row.ratio:.2f} | {aim} |")
    return "\n".join(lines) + "\n"


def _digits(value: float) -> int:
    return 0 if value >= 100 else 1 if value >= 10 else 2
