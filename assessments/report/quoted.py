"""The best and the worst update of the last two years, and how often updates tell each of the ten things. Pure.

The best tells most of what a customer asks in an outage, the worst least; neither is a judgement of its own: the check
"specificity" is. Where the record keeps no words, what each contained is said by its elements, with the link to read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Literal

from assessments.report.charts import told as told_chart
from assessments.report.links import safe_link
from assessments.report.phrases import NBSP, clean, hours
from assessments.report.tokens import Theme
from assessments.scoring.communication import elements_of, human_updates, lately, talked_about
from assessments.scoring.metrics import impact_weight
from assessments.scoring.words.points import points_of
from riskboard.locales import MINUTE, N_, _, figure, when
from vendors.records import ELEMENTS, Element, Incident, Update, VendorFacts

TELLS: dict[Element, str] = {
    "component": N_("which part"), "symptom": N_("what goes wrong"), "scope_number": N_("how many, in figures"),
    "scope_vague": N_("that some are affected"), "region": N_("where"), "times": N_("when it began or ended"), "cause": N_("why"),
    "action": N_("what is being done"), "workaround": N_("what to do meanwhile"), "next_update": N_("when news comes next"),
}  # fmt: skip
LONGEST = 420  # characters of an update that are quoted
_LAST = ("resolved", "completed")  # posts that end an incident rightly say little


@dataclass(frozen=True, slots=True)
class Quote:
    """One update as printed. `words` is empty where the record keeps none; `url` where nothing is safe to link to."""

    which: Literal["best", "worst"]
    title: str
    at: str
    silence: str
    words: str
    tells: str
    omits: str
    points: str
    url: str

    @property
    def figures(self) -> str:
        """The line above the words: which it is, when, and how much of what customers ask it tells."""
        first = (
            _("The best: {at} UTC, {points} of 100 points")
            if self.which == "best"
            else _("The worst: {at} UTC, {points} of 100 points")
        )
        return first.format(at=self.at, points=self.points) + self.silence


@dataclass(frozen=True, slots=True)
class Told:
    """What updates of the last two years tell. `shares`: (element in words, share of updates 0-1), in the order of ELEMENTS."""

    updates: int
    canned: float
    shares: tuple[tuple[str, float], ...]
    quotes: tuple[Quote, ...]


def told(facts: VendorFacts, as_of: datetime) -> Told | None:
    """What updates written during outages tell; None where the words of none were read.

    `facts` with its words read (`reading.read_words`). Updates that end an incident are left out.
    """
    found = [
        (incident, update, frozenset(elements))
        for incident in lately(facts, talked_about(facts, as_of), as_of)
        for update in human_updates(incident)
        if update.posted_at <= as_of and update.state not in _LAST and (elements := elements_of(update)) is not None
    ]
    if not found:
        return None
    ranked = sorted(found, key=_rank)
    least = min(
        ranked, key=lambda one: (_points(one), -impact_weight(one[0]), -one[1].posted_at.timestamp(), one[0].id)
    )
    best = ranked[-1]
    quotes: tuple[Quote, ...] = (_quote("best", best),)
    if _points(least) < _points(best):
        quotes += (_quote("worst", least),)
    return Told(
        updates=len(found),
        canned=sum(update.canned is True for _incident, update, _told in found) / len(found),
        shares=tuple(
            (_(TELLS[name]), sum(name in told for _incident, _update, told in found) / len(found)) for name in ELEMENTS
        ),
        quotes=quotes,
    )


def told_context(facts: VendorFacts, as_of: datetime, theme: Theme, *, width: float) -> dict[str, Any]:
    """What the partial `_quoted.html` shows."""
    found = told(facts, as_of)
    if found is None:
        return {"said": None}
    return {
        "said": found,
        "said_sentence": sentence(found),
        "said_rows": list(zip(rows(found)[::2], rows(found)[1::2], strict=True)),
        "said_bars": told_chart.bars(found.shares, theme, width=width),
    }


def sentence(found: Told) -> str:
    """What is told most and least, in a sentence."""
    most, least = (pick(found.shares, key=lambda row: row[1]) for pick in (max, min))
    return _(
        "Of {all} updates written during outages {most} tell {what}, {least} tell {other}; {canned} are stock phrases that would "
        "fit any incident.",
        all=figure(found.updates, ",d"), most=figure(most[1], ".0%"), what=most[0], least=figure(least[1], ".0%"),
        other=least[0], canned=figure(found.canned, ".0%"),
    )  # fmt: skip


def rows(found: Told) -> list[tuple[str, str]]:
    """(what is told, share of updates), for the table beside the picture."""
    return [(name, figure(share, ".0%")) for name, share in found.shares]


def printed_told(facts: VendorFacts, as_of: datetime) -> list[tuple[str, str]]:
    """(path, text on the page) of what the section prints."""
    found = told(facts, as_of)
    if found is None:
        return []
    lines = [("said", sentence(found)), *((f"said.{name}", f"{name} {share}") for name, share in rows(found))]
    for one in found.quotes:
        lines.append((f"said.{one.which}", one.figures))
        lines.append((f"said.{one.which}.tells", _("It tells {tells}.", tells=one.tells)))
        if one.words:
            lines.append((f"said.{one.which}.words", one.words))
    return lines


_Found = tuple[Incident, Update, frozenset[Element]]


def _points(one: _Found) -> float:
    return points_of(one[2], canned=one[1].canned is True)


def _rank(one: _Found) -> tuple[float, datetime, str]:
    return _points(one), one[1].posted_at, one[0].id


def _quote(which: Literal["best", "worst"], one: _Found) -> Quote:
    incident, update, elements = one
    asked = [
        name for name in ELEMENTS if name not in ("cause", "scope_vague")
    ]  # a cause is rarely known while it lasts
    before = [later - earlier for earlier, later in pairwise(_times(incident, update))]
    gap = before[-1].total_seconds() / 3600 if before else 0.0
    omits = [_(TELLS[name]) for name in asked if name not in elements]
    return Quote(
        which=which,
        title=clean(incident.title, 90) or _("(no title)"),
        at=when(update.posted_at, MINUTE),
        silence=_(", {length} after the one before it", length=hours(gap)) if gap >= 1 / 60 else "",
        words=clean(update.text or "", LONGEST),
        tells=_listed([_(TELLS[name]) for name in ELEMENTS if name in elements]) or _("nothing of what customers ask"),
        omits=_listed(omits) or _("nothing"),
        points=f"{_points(one):.0f}".replace(" ", NBSP),
        url=safe_link(incident.url) or safe_link(incident.page),
    )


def _times(incident: Incident, until: Update) -> list[datetime]:
    return sorted({one.posted_at for one in human_updates(incident) if one.posted_at <= until.posted_at})


def _listed(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])
