"""The score ring and the pillar bars."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin

from assessments.report.charts.svg import HATCH, line, number, path, picture, rect, text
from assessments.report.tokens import UNKNOWN_WORD, Theme
from assessments.scoring.model import PillarResult, Score
from assessments.scoring.score import letter

PILLAR_NAMES = {
    "outage-history": "Outage history",
    "openness": "Openness",
    "timeliness": "Timeliness",
    "backup": "Backup options",
}


def ring(score: Score, theme: Theme, *, size: float = 132) -> str:
    """The score as an arc, its interval lighter behind it; hatched where nothing can be said."""
    centre, radius, stroke = size / 2, size / 2 - 9, 12.0
    body = [
        f'<circle cx="{number(centre)}" cy="{number(centre)}" r="{number(radius)}" fill="none" stroke="{theme.line}" '
        f'stroke-width="{number(stroke)}"/>'
    ]
    if score.value is None:
        body.append(
            path(
                _arc(centre, radius, score.low, max(score.high, score.low + 0.1)),
                stroke=theme.unknown,
                width=stroke,
                dash="3 3",
            )
        )
        body.append(text(centre, centre + 5, UNKNOWN_WORD, theme.ink, size=13, anchor="middle", weight=600))
        title = f"Readiness not known; it could lie between {score.low:.0f} and {score.high:.0f} of 100"
    else:
        colour = theme.grade(letter(score.value))
        body.append(
            path(_arc(centre, radius, score.low, max(score.high, score.low + 0.1)), stroke=theme.unknown, width=4)
        )
        body.append(path(_arc(centre, radius, 0, max(score.value, 0.1)), stroke=colour, width=stroke))
        body.append(text(centre, centre + 6, f"{score.value:.0f}", theme.ink, size=34, anchor="middle", weight=700))
        body.append(
            text(centre, centre + 26, score.grade or "no grade", theme.muted, size=13, anchor="middle", weight=600)
        )
        title = f"Readiness {score.value:.0f} of 100, between {score.low:.0f} and {score.high:.0f}"
    return picture(size, size, title, "Higher means better prepared.", "".join(body))


def pillar_bars(pillars: Sequence[PillarResult], theme: Theme, *, width: float = 440) -> str:
    """Four rows: name, bar 0-100 with the interval as a whisker, the value, and the known share as a thin bar below."""
    left, right, row = 118.0, 74.0, 40.0
    span = width - left - right
    body = []
    for place, pillar in enumerate(pillars):
        top = place * row
        body.append(text(0, top + 17, PILLAR_NAMES[pillar.id], theme.ink, size=13, weight=600))
        body.append(text(0, top + 32, f"weight {pillar.weight:.0f}", theme.muted, size=10))
        body.append(rect(left, top + 6, span, 14, theme.line, radius=2))
        if pillar.value is None:
            body.append(rect(left, top + 6, span, 14, HATCH, radius=2))
            body.append(text(width, top + 18, UNKNOWN_WORD, theme.muted, size=12, anchor="end", weight=600))
        else:
            body.append(rect(left, top + 6, span * pillar.value / 100, 14, theme.grade(letter(pillar.value)), radius=2))
            body.append(
                line(
                    left + span * pillar.low / 100,
                    top + 13,
                    left + span * pillar.high / 100,
                    top + 13,
                    theme.ink,
                    width=1.5,
                )
            )
            for edge in (pillar.low, pillar.high):
                x = left + span * edge / 100
                body.append(line(x, top + 9, x, top + 17, theme.ink, width=1.5))
            body.append(text(width, top + 18, f"{pillar.value:.0f}", theme.ink, size=16, anchor="end", weight=700))
        body.append(rect(left, top + 24, span, 3, theme.line))
        body.append(rect(left, top + 24, span * pillar.coverage, 3, theme.muted))
        body.append(text(width, top + 32, f"{pillar.coverage:.0%} known", theme.muted, size=10, anchor="end"))
    told = "; ".join(f"{PILLAR_NAMES[p.id]} {UNKNOWN_WORD if p.value is None else f'{p.value:.0f}'}" for p in pillars)
    return picture(
        width,
        len(pillars) * row,
        f"The four pillars: {told}",
        "Bars run from 0 to 100; whiskers show the interval.",
        "".join(body),
    )


def _arc(centre: float, radius: float, start: float, end: float) -> str:
    """An arc from `start` to `end` percent, clockwise from the top."""
    first, last = (2 * pi * share / 100 - pi / 2 for share in (start, min(end, 99.999)))
    x1, y1 = centre + radius * cos(first), centre + radius * sin(first)
    x2, y2 = centre + radius * cos(last), centre + radius * sin(last)
    large = 1 if end - start > 50 else 0
    return f"M{x1:.2f} {y1:.2f}A{radius:.2f} {radius:.2f} 0 {large} 1 {x2:.2f} {y2:.2f}"
