"""The score ring and the pillar bars."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin

from assessments.report.charts.svg import HATCH, circle, line, number, path, picture, rect, text
from assessments.report.tokens import UNKNOWN_WORD, Theme
from assessments.scoring.model import PillarResult, Score
from assessments.scoring.score import letter
from riskboard.locales import N_, _, figure

PILLAR_NAMES = {
    "outage-history": N_("Outage history"),
    "openness": N_("Openness"),
    "timeliness": N_("Timeliness"),
    "backup": N_("Backup options"),
}


def ring(score: Score, theme: Theme, *, size: float = 132, key: str = "") -> str:
    """An arc to the score, a thin arc outside it over the interval; the arc the unknown share could add is hatched.

    Where no score is shown, the whole interval is hatched and the words stand in the middle.
    """
    scale = size / 132
    centre, stroke = size / 2, 13 * scale
    radius = size / 2 - 14 * scale
    body = [circle(centre, centre, radius, "none", stroke=theme.line, width=stroke)]
    outer = radius + stroke / 2 + 4 * scale
    if score.value is None:
        body.append(
            path(_sector(centre, radius, stroke, score.low, score.high), fill=HATCH, stroke=theme.unknown, width=0.7)
        )
        body.append(
            text(
                centre,
                centre + 5 * scale,
                _(UNKNOWN_WORD),
                theme.ink,
                size=min(13.9, 14 * scale),
                anchor="middle",
                weight=600,
            )
        )
        title = _(
            "Readiness not known; it could lie between {low} and {high} of 100",
            low=figure(score.low, ".0f"), high=figure(score.high, ".0f"),
        )  # fmt: skip
    else:
        if score.high > score.value:
            body.append(path(_sector(centre, radius, stroke, score.value, score.high), fill=HATCH))
        colour = theme.grade(letter(score.value))
        body.append(path(_arc(centre, radius, 0, max(score.value, 0.3)), stroke=colour, width=stroke))
        grade = score.grade or _("no grade")
        body.append(
            text(
                centre,
                centre + 9 * scale,
                f"{score.value:.0f}",
                theme.ink,
                size=round(152 / 3, 2) if size > 150 else 36 * scale,
                anchor="middle",
                weight=700,
            )
        )
        body.append(
            text(
                centre, centre + 27 * scale, grade, theme.muted, size=min(13.9, 13 * scale), anchor="middle", weight=600
            )
        )
        title = _(
            "Readiness {value} of 100, between {low} and {high}; grade {grade}",
            value=figure(score.value, ".0f"), low=figure(score.low, ".0f"), high=figure(score.high, ".0f"), grade=grade,
        )  # fmt: skip
    if score.high - score.low >= 1:
        body.append(path(_arc(centre, outer, score.low, score.high), stroke=theme.ink, width=1.6 * scale))
        for edge in (score.low, score.high):
            body.append(_spoke(centre, outer - 3 * scale, outer + 3 * scale, edge, theme.ink, 1.6 * scale))
    description = _(
        "Arc to the score from the top clockwise; the thin outer arc is the interval; hatched is what is not known yet. "
        "Higher means better prepared."
    )
    return picture(size, size, title, description, "".join(body), theme=theme, key=key)


def pillar_bars(
    pillars: Sequence[PillarResult], theme: Theme, *, width: float = 440, row: float = 42, key: str = ""
) -> str:
    """Four rows: name, bar 0-100 with the interval as a whisker, the value, and the known share as a thin bar below."""
    left, right = 112.0, 76.0
    span = width - left - right
    body = []
    for place, pillar in enumerate(pillars):
        top = place * row
        at_low, at_high = left + span * pillar.low / 100, left + span * pillar.high / 100
        name = _(PILLAR_NAMES[pillar.id])
        body.append(text(0, top + 17, name, theme.ink, size=min(12.5, 185 / len(name)), weight=600))
        body.append(
            text(0, top + 31, _("weight {weight} of 100", weight=figure(pillar.weight, ".0f")), theme.muted, size=9.5)
        )
        body.append(rect(left, top + 6, span, 15, theme.line))
        if pillar.value is None:
            body.append(rect(left, top + 6, span, 15, HATCH))
            unknown = _(UNKNOWN_WORD)
            size = min(12.0, 125 / len(unknown))
            body.append(text(width, top + 18, unknown, theme.muted, size=size, anchor="end", weight=600))
        else:
            reach = left + span * pillar.value / 100
            if pillar.high > pillar.value:
                body.append(rect(reach, top + 6, at_high - reach, 15, HATCH))
            body.append(rect(left, top + 6, reach - left, 15, theme.grade(letter(pillar.value))))
            shown = f"{letter(pillar.value)}  {pillar.value:.0f}"
            body.append(text(width, top + 19, shown, theme.ink, size=13.9, anchor="end", weight=700))
        if pillar.high - pillar.low >= 1:
            body.append(line(at_low, top + 13.5, at_high, top + 13.5, theme.ink, width=1.3))
            body += [line(x, top + 9.5, x, top + 17.5, theme.ink, width=1.3) for x in (at_low, at_high)]
        body.append(rect(left, top + 25, span, 3, theme.line))
        body.append(rect(left, top + 25, span * pillar.coverage, 3, theme.muted))
        body.append(
            text(
                width,
                top + 31,
                _("{share} known", share=figure(pillar.coverage, ".0%")),
                theme.muted,
                size=9.5,
                anchor="end",
            )
        )
    told = "; ".join(
        f"{_(PILLAR_NAMES[p.id])} {_(UNKNOWN_WORD) if p.value is None else figure(p.value, '.0f')}" for p in pillars
    )
    description = _(
        "Bars run from 0 to 100; whiskers and hatching show the interval; the thin bar below is the share known."
    )
    return picture(
        width,
        (len(pillars) - 1) * row + 34,
        _("The four pillars: {told}", told=told),
        description,
        "".join(body),
        theme=theme,
        key=key,
    )


def pillar_rows(pillars: Sequence[PillarResult]) -> list[tuple[str, str, str, str, str]]:
    """The figures of the bars: (pillar, weight, value, interval, share known)."""
    return [
        (
            _(PILLAR_NAMES[p.id]),
            figure(p.weight, ".0f"),
            _(UNKNOWN_WORD) if p.value is None else figure(p.value, ".2f"),
            _("{low} to {high}", low=figure(p.low, ".2f"), high=figure(p.high, ".2f")),
            figure(p.coverage, ".0%"),
        )
        for p in pillars
    ]


def _point(centre: float, radius: float, percent: float) -> tuple[float, float]:
    angle = 2 * pi * min(percent, 99.999) / 100 - pi / 2
    return centre + radius * cos(angle), centre + radius * sin(angle)


def _arc(centre: float, radius: float, start: float, end: float) -> str:
    """An arc from `start` to `end` percent, clockwise from the top."""
    (x1, y1), (x2, y2) = _point(centre, radius, start), _point(centre, radius, end)
    large = 1 if end - start > 50 else 0
    return f"M{x1:.2f} {y1:.2f}A{number(radius)} {number(radius)} 0 {large} 1 {x2:.2f} {y2:.2f}"


def _sector(centre: float, radius: float, stroke: float, start: float, end: float) -> str:
    """The filled band of a ring from `start` to `end` percent (a stroke cannot be hatched on paper)."""
    outer, inner = radius + stroke / 2, radius - stroke / 2
    (x2, y2), (x1, y1) = _point(centre, inner, end), _point(centre, inner, start)
    large = 1 if end - start > 50 else 0
    return (
        f"{_arc(centre, outer, start, end)}L{x2:.2f} {y2:.2f}"
        f"A{number(inner)} {number(inner)} 0 {large} 0 {x1:.2f} {y1:.2f}z"
    )


def _spoke(centre: float, inner: float, outer: float, percent: float, stroke: str, width: float) -> str:
    (x1, y1), (x2, y2) = _point(centre, inner, percent), _point(centre, outer, percent)
    return line(x1, y1, x2, y2, stroke, width=width)
