"""The exceedance curve and the tolerance ladder: hours on a logarithmic scale."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

from assessments.report.charts.svg import line, path, picture, rect, text
from assessments.report.tokens import Theme
from assessments.scoring.model import CurvePoint, Forecast
from riskboard.durations import hours_text

_FROM, _TO = 0.25, 168.0
_TICKS = ((0.25, "15 min"), (1.0, "1 h"), (4.0, "4 h"), (12.0, "12 h"), (24.0, "1 d"), (72.0, "3 d"), (168.0, "7 d"))


def exceedance(forecast: Forecast, theme: Theme, *, width: float = 520, height: float = 215) -> str:
    """The chance of at least one outage longer than x in the horizon, with its band, and the RTO as a line."""
    left, bottom, top = 40.0, height - 30, 12.0

    def x(hours: float) -> float:
        return left + (width - left - 12) * (log(min(max(hours, _FROM), _TO)) - log(_FROM)) / (log(_TO) - log(_FROM))

    def y(chance: float) -> float:
        return bottom - (bottom - top) * chance

    body = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        body.append(line(left, y(share), width - 12, y(share), theme.line))
        body.append(text(left - 6, y(share) + 4, f"{share:.0%}", theme.muted, size=10, anchor="end"))
    for hours, label in _TICKS:
        body.append(line(x(hours), bottom, x(hours), bottom + 4, theme.muted))
        body.append(text(x(hours), bottom + 16, label, theme.muted, size=10, anchor="middle"))
    curve = forecast.curve
    if curve:
        upper = " ".join(f"{x(at.hours):.1f} {y(at.high):.1f}" for at in curve)
        lower = " ".join(f"{x(at.hours):.1f} {y(at.low):.1f}" for at in reversed(curve))
        body.append(path(f"M{upper} L{lower}z", fill="#c9d8ef" if theme.ground != "#14171a" else "#26364f"))
        body.append(path(f"M{_line(curve, x, y)}", stroke=theme.accent, width=2.2))
    rto = x(forecast.rto_hours)
    body.append(line(rto, top, rto, bottom, theme.grade_e, width=1.6, dash="5 3"))
    side = "end" if rto > width * 0.6 else "start"
    body.append(
        text(
            rto + (-6 if side == "end" else 6),
            top + 10,
            f"your RTO {hours_text(forecast.rto_hours)}",
            theme.ink,
            size=11,
            anchor=side,
            weight=600,
        )
    )
    body.append(f'<circle cx="{rto:.1f}" cy="{y(forecast.p_exceed):.1f}" r="4.5" fill="{theme.grade_e}"/>')
    title = (
        f"Chance of an outage longer than {hours_text(forecast.rto_hours)} within 12 months: {forecast.p_exceed:.0%}"
    )
    return picture(
        width,
        height,
        title,
        "Across: length of the outage. Up: chance of at least one that long. Shaded: 80 % band.",
        "".join(body),
    )


def ladder(marks: Sequence[tuple[str, float, str]], theme: Theme, *, width: float = 520) -> str:
    """Lengths on one line: (label, hours, kind), kind being "need" (above the line) or "seen" (below)."""
    height, middle = 96.0, 48.0

    def x(hours: float) -> float:
        top = max(168.0, *(value for _, value, _ in marks)) if marks else 168.0
        return 14 + (width - 28) * (log(max(hours, _FROM)) - log(_FROM)) / (log(top) - log(_FROM))

    body = [rect(14, middle - 2, width - 28, 4, theme.line, radius=2)]
    places: dict[str, float] = {"need": -1e9, "seen": -1e9}
    for label, hours, kind in sorted(marks, key=lambda mark: mark[1]):
        at = x(hours)
        above = kind == "need"
        crowded = at - places[kind] < 110
        places[kind] = at
        far = 30.0 if crowded else 16.0
        colour = theme.accent if above else theme.grade_e
        body.append(line(at, middle - far if above else middle, at, middle if above else middle + far, colour, width=2))
        body.append(f'<circle cx="{at:.1f}" cy="{middle:.1f}" r="4" fill="{colour}"/>')
        anchor = "start" if at < width * 0.2 else "end" if at > width * 0.8 else "middle"
        body.append(
            text(
                at,
                middle - far - 4 if above else middle + far + 11,
                f"{label} {hours_text(hours)}",
                theme.ink,
                size=11,
                anchor=anchor,
                weight=600 if above else 400,
            )
        )
    told = "; ".join(f"{label} {hours_text(hours)}" for label, hours, _ in marks)
    return picture(
        width,
        height,
        f"What you can bear against what was seen: {told}",
        "Above the line: your need. Below: the record.",
        "".join(body),
    )


def _line(curve: Sequence[CurvePoint], x, y) -> str:  # type: ignore[no-untyped-def]
    return " ".join(f"{x(at.hours):.1f} {y(at.p):.1f}" for at in curve)
