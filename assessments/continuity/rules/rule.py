"""What a rule is, and the predicates rules are made of. Pure.

A trigger returns the figures that fired it, or None. Unknown never fires a rule that needs a bad answer; where the rule is about not
knowing, it says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assessments.continuity.situation import Situation
from assessments.scoring.model import Effort
from assessments.scoring.rubric import number

Figures = dict[str, float | str | None]
Trigger = Callable[[Situation], Figures | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of method, section 7. `clause`: the clauses that ask for it; `precedent`: a landmark outage's id.

    `effect` names what it does to the risk in `[effects]` of the rubric; None: nothing that can be computed, and then `relief` says
    what share of the risk it is taken to bear on when rules are ranked, 0-1 (a design choice). `check`: whose evidence it shows.
    """

    id: str
    action: str
    why: str
    effort: Effort
    clause: str
    trigger: Trigger
    effect: str | None = None
    relief: float = 0.2
    precedent: str | None = None
    check: str | None = None


def bar(name: str) -> float:
    """A threshold of `[recommend]`."""
    return number("recommend", name)


def chance_over(name: str) -> Trigger:
    """The chance beyond the RTO is over that bar, for a vendor the customer calls critical."""

    def fires(s: Situation) -> Figures | None:
        if not s.needs.critical or s.forecast.confidence == "insufficient" or s.forecast.p_exceed <= bar(name):
            return None
        return {"chance beyond the RTO": s.forecast.p_exceed, "threshold": bar(name)}

    return fires


def category(*kinds: str) -> Trigger:
    """The vendor is of one of those kinds of the catalogue."""

    def fires(s: Situation) -> Figures | None:
        return {"category": s.kind} if s.kind in kinds else None

    return fires


def failed(check: str) -> Trigger:
    """That check is known to have failed."""

    def fires(s: Situation) -> Figures | None:
        return {check: s.score(check)} if s.failed(check) else None

    return fires


def failed_or_unanswered(check: str) -> Trigger:
    """That check failed, or nobody asked."""

    def fires(s: Situation) -> Figures | None:
        if s.unanswered(check):
            return {check: "not known"}
        return {check: s.score(check)} if s.failed(check) else None

    return fires


def below(pillar: str, name: str) -> Trigger:
    """That pillar is known and under the bar."""

    def fires(s: Situation) -> Figures | None:
        value = s.pillar.get(pillar)
        return None if value is None or value >= bar(name) else {pillar: value, "threshold": bar(name)}

    return fires


def measured_below(check: str, unit: str, name: str, told: str) -> Trigger:
    """The first figure of that unit in the check's evidence is under the bar."""

    def fires(s: Situation) -> Figures | None:
        value = s.measured(check, unit)
        return None if value is None or value >= bar(name) else {told: value, "threshold": bar(name)}

    return fires
