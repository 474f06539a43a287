"""Impact over time: for each process a step curve from 1 hour to 5 days, with its RTO and MTD."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from assessments.report.charts.svg import HATCH, line, picture, rect, text
from assessments.report.tokens import UNKNOWN_WORD, Theme
from riskboard.locales import _, duration
from riskboard.phrasebook import word

MOST = 12  # processes in one picture
_FROM, _TO = 1.0, 168.0
_HIGH = {"none": 0.0, "minimal": 1 / 3, "moderate": 2 / 3, "severe": 1.0}


@dataclass(frozen=True, slots=True)
class Steps:
    """One process: (hours, severity or None where it was not assessed) at each step, its RTO and MTD in hours or None."""

    name: str
    steps: Sequence[tuple[float, str | None]]
    rto: float | None
    mtd: float | None


def impact(rows: Sequence[Steps], theme: Theme, *, width: float = 656, row: float = 38, key: str = "") -> str:
    """A row for each process; the higher the step, the harder it hits. What was not assessed is hatched."""
    left, right, top = 168.0, 62.0, 18.0
    foot = top + row * len(rows)

    def x(hours: float) -> float:
        return left + (width - left - right) * (log(min(max(hours, _FROM), _TO)) - log(_FROM)) / (log(_TO) - log(_FROM))

    shades = {
        "none": theme.quiet,
        "minimal": theme.impact_minor,
        "moderate": theme.impact_major,
        "severe": theme.impact_critical,
    }
    body = []
    ticks = [hours for hours, _ in rows[0].steps] if rows else []
    for hours in ticks:
        body.append(line(x(hours), top - 4, x(hours), foot, theme.line, width=0.8))
        body.append(text(x(hours), 10, duration(hours), theme.muted, size=9.5, anchor="middle"))
    for place, one in enumerate(rows):
        base, tall = top + (place + 1) * row - 8, row - 16
        name = one.name if len(one.name) <= 28 else f"{one.name[:27]}…"
        body.append(text(left - 10, base - 4, name, theme.ink, size=10.5, anchor="end", weight=600))
        for step, (hours, severity) in enumerate(one.steps):
            end = x(one.steps[step + 1][0]) if step + 1 < len(one.steps) else width - right
            high = tall * (_HIGH[severity] if severity is not None else 0.5)
            if severity is None:
                body.append(rect(x(hours), base - high, end - x(hours), high, HATCH, stroke=theme.unknown))
            else:
                body.append(rect(x(hours), base - max(high, 1.6), end - x(hours), max(high, 1.6), shades[severity]))
        last = next((severity for _at, severity in reversed(one.steps) if severity is not None), "")
        shown = word("severity", last) if last else _(UNKNOWN_WORD)
        body.append(text(width - right + 6, base - tall * _HIGH.get(last, 0.5) + 4, shown, theme.muted, size=9.5))
        for hours, label, dash in ((one.rto, "RTO", ""), (one.mtd, "MTD", "3 2")):
            if hours is not None:
                body.append(line(x(hours), base - tall - 4, x(hours), base, theme.accent, width=1.6, dash=dash))
                body.append(text(x(hours) + 3, base - tall + 1, label, theme.accent, size=8.5, weight=600))
        body.append(line(left, base, width - right, base, theme.muted, width=0.8))
    severe = [one for one in rows if any(severity == "severe" for _, severity in one.steps)]
    title = _(
        "Impact over time of {number} processes; {severe} become severe within 5 days",
        number=len(rows),
        severe=len(severe),
    )
    unasked = _("not assessed")
    told = "; ".join(
        f"{one.name}: "
        + ", ".join(
            f"{duration(hours)} {word('severity', severity) if severity else unasked}" for hours, severity in one.steps
        )
        for one in rows
    )
    return picture(width, foot + 2, title, told, "".join(body), theme=theme, key=key)
