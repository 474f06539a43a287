"""Risk in pictures: the exceedance curve, a hundred years as dots, the tolerance ladder. Hours are on a log scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log

from assessments.report.charts.svg import HATCH, circle, disc, legend, line, path, picture, rect, text
from assessments.report.tokens import UNKNOWN_WORD, Theme
from assessments.scoring.model import CurvePoint, Forecast
from riskboard.locales import _, duration, figure, figures

_FROM, _TO = 0.25, 168.0
_TICKS = ((0.25, "15 min"), (1.0, "1 h"), (4.0, "4 h"), (12.0, "12 h"), (24.0, "1 d"), (72.0, "3 d"), (168.0, "7 d"))


def exceedance(
    forecast: Forecast,
    theme: Theme,
    *,
    left: Sequence[tuple[float, float]] = (),
    width: float = 520,
    height: float = 215,
    key: str = "",
) -> str:
    """The chance of at least one outage longer than x in the horizon, with its band, and the RTO as a line.

    `left`: (hours, chance) with a second system, drawn dashed.
    """
    side, bottom, top = 38.0, height - 24, 22.0

    def x(hours: float) -> float:
        return side + (width - side - 14) * (log(min(max(hours, _FROM), _TO)) - log(_FROM)) / (log(_TO) - log(_FROM))

    def y(chance: float) -> float:
        return bottom - (bottom - top) * chance

    body = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        body.append(line(side, y(share), width - 14, y(share), theme.line, width=0.8))
        body.append(text(side - 6, y(share) + 3.5, figure(share, ".0%"), theme.muted, size=9.5, anchor="end"))
    for hours, label in _TICKS:
        body.append(line(x(hours), bottom, x(hours), bottom + 4, theme.muted))
        body.append(text(x(hours), bottom + 16, figures(label), theme.muted, size=9.5, anchor="middle"))
    curve = forecast.curve
    if curve:
        upper = " ".join(f"{x(at.hours):.1f} {y(at.high):.1f}" for at in curve)
        lower = " ".join(f"{x(at.hours):.1f} {y(at.low):.1f}" for at in reversed(curve))
        body.append(path(f"M{upper} L{lower}z", fill=theme.band))
        body.append(path(f"M{_points(curve, x, y)}", stroke=theme.accent, width=2.2))
    if left:
        dashed = " ".join(f"{x(hours):.1f} {y(chance):.1f}" for hours, chance in left)
        body.append(path(f"M{dashed}", stroke=theme.ink, width=2, dash="6 4"))
    body.append(_rto_mark(forecast, x(forecast.rto_hours), y, top, bottom, width, theme))
    rto = duration(forecast.rto_hours)
    title = _("Chance of an outage longer than {rto} within 12 months: {chance}", rto=rto, chance=chance_text(forecast))
    description = _(
        "Across: length of the outage, from 15 minutes to 7 days. Up: chance of at least one that long. Shaded: 80 % band."
    )
    if left:
        description = _("{text} Dashed: with a second system.", text=description)
    return picture(width, height, title, description, "".join(body), theme=theme, key=key)


def chance_text(forecast: Forecast) -> str:
    """The chance as it is shown: a whole percentage, or the word for not knowing it."""
    return _(UNKNOWN_WORD) if forecast.confidence == "insufficient" else figure(forecast.p_exceed, ".0%")


def _rto_mark(
    forecast: Forecast, at: float, y: Callable[[float], float], top: float, bottom: float, width: float, theme: Theme
) -> str:
    """The RTO as a line with its label above the plot, and the chance written beside the point, off the curve."""
    side, shift = ("end", -5) if at > width * 0.55 else ("start", 5)
    label = _("your RTO {rto}", rto=duration(forecast.rto_hours))
    body = [
        line(at, 6, at, bottom, theme.grade_e, width=1.5, dash="5 3"),
        text(at + shift, 14, label, theme.ink, size=10.5, anchor=side, weight=600),
    ]
    if forecast.confidence != "insufficient":
        low = y(forecast.p_exceed) + 22 if forecast.p_exceed > 0.5 else y(forecast.p_exceed) - 10
        body.append(circle(at, y(forecast.p_exceed), 4.5, theme.grade_e, stroke=theme.ground, width=1.2))
        left_of = at > width * 0.25 and forecast.p_exceed > 0.5
        body.append(
            text(at + (-9 if left_of else 9), max(low, top + 14), chance_text(forecast), theme.ink, size=13.9,
                 anchor="end" if left_of else "start", weight=700)
        )  # fmt: skip
    return "".join(body)


def curve_rows(forecast: Forecast) -> list[tuple[str, str, str]]:
    """The figures of the curve at its labelled hours: (longer than, chance, 80 % band)."""
    rows = []
    for hours, label in _TICKS:
        at = min(forecast.curve, key=lambda point: abs(log(point.hours / hours)), default=None)
        if at is not None and abs(log(at.hours / hours)) < 0.05:
            band = _("{low} to {high}", low=figure(at.low, ".0%"), high=figure(at.high, ".0%"))
            rows.append((figures(label), figure(at.p, ".0%"), band))
    return rows


def hundred(forecast: Forecast, theme: Theme, *, width: float = 190, key: str = "") -> str:
    """A hundred years like the next one as dots: filled where an outage outlasts the RTO, ringed within the band."""
    step = width / 10
    radius = step * 0.36
    unknown = forecast.confidence == "insufficient"
    sure, chance, possible = (
        round(100 * share) for share in (forecast.band80[0], forecast.p_exceed, forecast.band80[1])
    )
    groups: dict[str, list[str]] = {"sure": [], "likely": [], "maybe": [], "clear": []}
    for number in range(100):
        row, column = divmod(number, 10)
        name = "sure" if number < sure else "likely" if number < chance else "maybe" if number < possible else "clear"
        groups[name].append(disc(step * (column + 0.5), step * (row + 0.5), radius))
    if unknown:
        body = path(
            "".join(shape for shapes in groups.values() for shape in shapes),
            fill=HATCH,
            stroke=theme.unknown,
            width=0.7,
        )
        title = _(
            "How many of 100 years would see an outage longer than {rto} is not known", rto=duration(forecast.rto_hours)
        )
    else:
        styles = {"sure": (theme.grade_e, theme.grade_e), "likely": (theme.grade_e, theme.grade_e),
                  "maybe": (theme.ground, theme.grade_e), "clear": (theme.line, theme.line)}  # fmt: skip
        body = "".join(
            path("".join(shapes), fill=styles[name][0], stroke=styles[name][1], width=1)
            for name, shapes in groups.items()
            if shapes
        )
        rto = duration(forecast.rto_hours)
        title = _(
            "Of 100 years like the next one, {chance} would see an outage longer than {rto}; "
            "the 80 % band runs from {low} to {high}",
            chance=chance, rto=rto, low=sure, high=possible,
        )  # fmt: skip
    description = _(
        "A hundred dots, one a year. Filled: with such an outage. Ringed: the rest of the 80 % band. Grey: without."
    )
    return picture(width, width, title, description, body, theme=theme, key=key)


def ladder(marks: Sequence[tuple[str, float, str]], theme: Theme, *, width: float = 520, key: str = "") -> str:
    """Lengths on one line: (label, hours, kind), kind being "need" (above the line) or "seen" (below)."""
    height, middle = 102.0, 42.0
    top = max([168.0, *(value for _, value, _ in marks)])

    def x(hours: float) -> float:
        return 14 + (width - 28) * (log(max(hours, _FROM)) - log(_FROM)) / (log(top) - log(_FROM))

    def crowded(one: tuple[float, str], other: tuple[float, str]) -> bool:
        letters = sum(len(f"{label} {duration(hours)}") for hours, label in (one, other))
        return x(other[0]) - x(one[0]) < max(130.0, letters * 2.9 + 8)

    body = [rect(14, middle - 2.5, width - 28, 5, theme.line)]
    needs = [hours for _, hours, kind in marks if kind == "need"]
    if needs:
        body.append(rect(14, middle - 2.5, x(min(needs)) - 14, 5, theme.quiet))
    for hours, label in _TICKS:
        body.append(line(x(hours), middle - 2.5, x(hours), middle + 2.5, theme.muted, width=0.8))
        body.append(text(x(hours), height - 3, figures(label), theme.muted, size=9, anchor="middle"))
    for kind in ("need", "seen"):
        chosen = sorted((hours, label) for label, hours, of in marks if of == kind)
        for place, (hours, label) in enumerate(chosen):
            crowded_left = place > 0 and crowded(chosen[place - 1], chosen[place])
            crowded_right = place + 1 < len(chosen) and crowded(chosen[place], chosen[place + 1])
            body.append(
                _mark(x(hours), middle, f"{label} {duration(hours)}", theme, above=kind == "need", width=width,
                      side="start" if crowded_left else "end" if crowded_right else "", deep=crowded_left)
            )  # fmt: skip
    told = "; ".join(f"{label} {duration(hours)}" for label, hours, _ in marks)
    title = _("What you can bear against what was seen: {told}", told=told)
    return picture(
        width,
        height,
        title,
        _("Above the line: your need. Below: the record. Hours on a log scale."),
        "".join(body),
        theme=theme,
        key=key,
    )


def _mark(
    at: float, middle: float, label: str, theme: Theme, *, above: bool, width: float, side: str, deep: bool
) -> str:
    """One length: a dot on the line, a stem, and its label, to one side where a neighbour stands close."""
    far = (29.0 if deep else 14.0) * (-1 if above else 1)
    colour = theme.accent if above else theme.grade_e
    anchor = side or ("start" if at < width * 0.2 else "end" if at > width * 0.8 else "middle")
    if anchor == "start" and at + len(label) * 6 > width:
        anchor = "end"
    shift = {"start": -3, "end": 3, "middle": 0}[anchor] if side else 0
    return (
        line(at, middle, at, middle + far, colour, width=1.6)
        + circle(at, middle, 4.2, colour, stroke=theme.ground)
        + text(at + shift, middle + far + (-4 if above else 11), label, theme.ink, size=11, anchor=anchor,
               weight=600 if above else 400)
    )  # fmt: skip


def ranking(
    rows: Sequence[tuple[str, float | None, float, float, float | None]],
    theme: Theme,
    *,
    width: float = 660,
    key: str = "",
) -> str:
    """Vendors under one another: readiness as a dot on its interval, chance over the RTO as a second dot.

    Rows: (name, readiness or None, low, high, chance 0-1 or None).
    """
    from assessments.scoring.score import letter

    left, row, top, gap = 160.0, 24.0, 30.0, 40.0
    span = (width - left - gap) * 0.5
    other = left + span + gap
    wide = width - other - 18
    body = [text(left, 11, _("Readiness, 0 to 100: higher is better"), theme.ink, size=10.5, weight=600),
            text(other, 11, _("Chance over the RTO: lower is better"), theme.ink, size=10.5, weight=600)]  # fmt: skip
    foot = top + len(rows) * row
    for share in (0, 25, 50, 75, 100):
        for begin, length, label in ((left, span, f"{share}"), (other, wide, figures(f"{share}%"))):
            at = begin + length * share / 100
            body.append(line(at, top - 6, at, foot, theme.line, width=0.8))
            body.append(text(at, foot + 12, label, theme.muted, size=9, anchor="middle"))
    for place, (name, value, low, high, chance) in enumerate(rows):
        y = top + place * row + row / 2
        body.append(text(0, y + 4, name if len(name) <= 26 else f"{name[:25]}…", theme.ink, size=11))
        body.append(line(left + span * low / 100, y, left + span * high / 100, y, theme.muted, width=3))
        if value is None:
            body.append(
                rect(left + span * low / 100, y - 5, span * (high - low) / 100, 10, HATCH, stroke=theme.unknown)
            )
        else:
            body.append(
                circle(left + span * value / 100, y, 6.5, theme.grade(letter(value)), stroke=theme.ground, width=1.5)
            )
        if chance is None:
            body.append(rect(other, y - 5, wide, 10, HATCH, stroke=theme.unknown))
        else:
            body.append(circle(other + wide * chance, y, 5.5, theme.grade_e, stroke=theme.ground, width=1.2))
    body.append(
        legend(left, foot + 30, [(theme.muted, "none", _("interval")), (HATCH, theme.unknown, _(UNKNOWN_WORD))], theme)
    )
    known = [(name, value) for name, value, *_ in rows if value is not None]
    if known:
        name, value = known[-1]
        title = _(
            "{n} vendors; the best prepared is {name} with {value} of 100",
            n=len(rows),
            name=name,
            value=figure(value, ".0f"),
        )
    else:
        title = _("{n} vendors; readiness not known for all", n=len(rows))
    description = _(
        "Per vendor: a dot for readiness on a bar for its interval, and a dot for the chance of an outage over the RTO."
    )
    return picture(width, foot + 34, title, description, "".join(body), theme=theme, key=key)


def _points(curve: Sequence[CurvePoint], x: Callable[[float], float], y: Callable[[float], float]) -> str:
    return " ".join(f"{x(at.hours):.1f} {y(at.p):.1f}" for at in curve)
