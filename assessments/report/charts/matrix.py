"""The portfolio at a glance: how soon losing a vendor hurts, against how well prepared one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from assessments.report.charts.svg import HATCH, circle, line, picture, rect, text
from assessments.report.tokens import UNKNOWN_WORD, Theme
from riskboard.locales import N_, _, duration, ngettext

_FROM, _TO = 0.5, 168.0
_ROWS = ((1.0, N_("1 h")), (4.0, N_("4 h")), (24.0, N_("1 day")), (72.0, N_("3 days")))
_UNKNOWN = 70.0  # width of the strip for vendors without a total
_ROOM = 21.0  # dots keep that far apart, where there is room to


@dataclass(frozen=True, slots=True)
class Dot:
    """One vendor: its short mark, RTO in hours, total 0-100 (None: not known) and grade."""

    name: str
    mark: str
    rto_hours: float
    value: float | None
    grade: str | None


def initials(name: str) -> str:
    """Two letters for a dot: of the first two words, else the first two of the one."""
    words = [word for word in name.replace("-", " ").split() if word[:1].isalnum()]
    return ("".join(word[0] for word in words[:2]) if len(words) > 1 else "".join(words)[:2]).upper() or "?"


def matrix(dots: Sequence[Dot], theme: Theme, *, width: float = 520, height: float = 300, key: str = "") -> str:
    """Left the worst prepared, top what hurts soonest; those without a total stand in a hatched strip at the left."""
    left, right, top, bottom = 56.0 + _UNKNOWN, width - 12, 14.0, height - 34

    def y(hours: float) -> float:
        return top + (bottom - top) * (log(min(max(hours, _FROM), _TO)) - log(_FROM)) / (log(_TO) - log(_FROM))

    body = [rect(56, top, _UNKNOWN - 8, bottom - top, HATCH, stroke=theme.line)]
    for hours, label in _ROWS:
        body += [line(left, y(hours), right, y(hours), theme.line, width=0.8)]
        body += [text(50, y(hours) + 3.5, _(label), theme.muted, size=9.5, anchor="end")]
    for value in (0, 20, 40, 60, 80, 100):
        at = left + (right - left) * value / 100
        body += [line(at, top, at, bottom, theme.line, width=0.8)]
        body += [text(at, bottom + 13, str(value), theme.muted, size=9.5, anchor="middle")]
    body.append(text(56 + (_UNKNOWN - 8) / 2, bottom + 13, _(UNKNOWN_WORD), theme.muted, size=9.5, anchor="middle"))
    body.append(text(right, bottom + 27, _("readiness, of 100"), theme.muted, size=9.5, anchor="end"))
    body.append(text(6, 11, "RTO", theme.muted, size=9.5))
    taken: list[tuple[float, float]] = []
    for dot in sorted(dots, key=lambda one: (one.rto_hours, one.name)):
        across = 56 + (_UNKNOWN - 8) / 2 if dot.value is None else left + (right - left) * dot.value / 100
        at = _place(across, y(dot.rto_hours), taken)
        taken.append(at)
        letter = dot.grade if dot.grade and len(dot.grade) == 1 else None
        body.append(circle(*at, 10, theme.raised, stroke=theme.grade(letter), width=2.2))
        body.append(text(at[0], at[1] + 3.2, dot.mark, theme.ink, size=8.5, anchor="middle", weight=650))
    known = sum(dot.value is not None for dot in dots)
    title = ngettext(
        "{n} vendors by RTO and readiness; of {unknown} the readiness is not known",
        "{n} vendors by RTO and readiness; of {unknown} the readiness is not known",
        len(dots), unknown=len(dots) - known,
    )  # fmt: skip
    soon = ", ".join(f"{dot.name} ({duration(dot.rto_hours)})" for dot in sorted(dots, key=lambda d: d.rto_hours)[:3])
    description = _(
        "Left: worse prepared. Top: missed sooner. Soonest: {soon}. The table beside it has every figure.", soon=soon
    )
    return picture(width, height, title, description, "".join(body), theme=theme, key=key)


def _place(x: float, y: float, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """The nearest place along the row that no other dot has: equal vendors stand side by side, not on top of each other."""
    for step in range(12):
        for shift in (step * _ROOM, -step * _ROOM):
            here = (x + shift, y)
            if shift + x > 60 and all(abs(here[0] - a) >= _ROOM or abs(here[1] - b) >= _ROOM for a, b in taken):
                return here
    return x, y
