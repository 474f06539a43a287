"""The portfolio at a glance: how soon losing a vendor hurts, against how well prepared one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from assessments.report.charts.svg import HATCH, circle, hover, line, picture, rect, text
from assessments.report.tokens import UNKNOWN_WORD, Theme
from riskboard.locales import N_, _, duration, figure, ngettext

_FROM, _TO = 0.5, 168.0
_ROWS = ((1.0, N_("1 h")), (4.0, N_("4 h")), (24.0, N_("1 day")), (72.0, N_("3 days")))
_UNKNOWN = 70.0  # width of the strip for vendors without a total
_TOLD = 6  # providers, and vendors of each, that the description names
_ROOM = 21.0  # dots keep that far apart, where there is room to


@dataclass(frozen=True, slots=True)
class Dot:
    """One vendor: its short mark, RTO in hours, total 0-100 (None: not known), grade, and the providers it was seen to stand on."""

    name: str
    mark: str
    rto_hours: float
    value: float | None
    grade: str | None
    stands_on: tuple[str, ...] = ()


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
    drawn: list[str] = []
    places: dict[str, tuple[float, float]] = {}
    for dot in sorted(dots, key=lambda one: (one.rto_hours, one.name)):
        across = 56 + (_UNKNOWN - 8) / 2 if dot.value is None else left + (right - left) * dot.value / 100
        at = _place(across, y(dot.rto_hours), taken)
        taken.append(at)
        letter = dot.grade if dot.grade and len(dot.grade) == 1 else None
        drawn.append(circle(*at, 10, theme.raised, stroke=theme.grade(letter), width=2.2))
        drawn.append(text(at[0], at[1] + 3.2, dot.mark, theme.ink, size=8.5, anchor="middle", weight=650))
        drawn.append(hover(at[0] - 10, at[1] - 10, 20, 20, _said(dot)))
        places[dot.name] = at
    together = shared(dots)
    for names in together.values():
        ends = sorted(places[name] for name in names)
        body += [line(*a, *b, theme.unknown, width=1.2, dash="4 3") for a, b in pairwise(ends)]
    body += drawn
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
    for provider, names in list(together.items())[:_TOLD]:
        description += " " + _("On {provider} together: {names}.", provider=provider, names=", ".join(names[:_TOLD]))
    return picture(width, height, title, description, "".join(body), theme=theme, key=key)


def shared(dots: Sequence[Dot]) -> dict[str, list[str]]:
    """Names of the vendors by the provider that two or more of them were seen to stand on."""
    found: dict[str, list[str]] = {}
    for dot in dots:
        for provider in dot.stands_on:
            found.setdefault(provider, []).append(dot.name)
    return {provider: names for provider, names in sorted(found.items()) if len(names) > 1}


def _said(dot: Dot) -> str:
    """What a pointer resting on a dot is told."""
    total = _("not known") if dot.value is None else _("{value} of 100", value=figure(dot.value, ".0f"))
    said = _("{name}: RTO {rto}, readiness {total}", name=dot.name, rto=duration(dot.rto_hours), total=total)
    return said + (_(", stands on {providers}", providers=", ".join(dot.stands_on)) if dot.stands_on else "")


def _place(x: float, y: float, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """The nearest place along the row that no other dot has: equal vendors stand side by side, not on top of each other."""
    for step in range(12):
        for shift in (step * _ROOM, -step * _ROOM):
            here = (x + shift, y)
            if shift + x > 60 and all(abs(here[0] - a) >= _ROOM or abs(here[1] - b) >= _ROOM for a, b in taken):
                return here
    return x, y
