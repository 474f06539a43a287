"""recommend(): the rules that fire for one judgement, most relief for the effort first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assessments.continuity.effects import CHANCE, HOURS, Effect, effect_of
from assessments.continuity.rules import RULES
from assessments.continuity.rules.rule import Figures, Rule
from assessments.continuity.situation import Situation, situation
from assessments.forecast.engine import Model
from assessments.scoring.model import Forecast, Needs, PillarResult, PublishedRecord, Recommendation
from vendors.records import VendorFacts

EFFORT_DAYS = {"S": 1.0, "M": 10.0, "L": 40.0}  # source: method, section 7: S under a day, M under two weeks, L more


def recommend(
    facts: VendorFacts,
    needs: Needs,
    *,
    forecast: Forecast,
    model: Model,
    pillars: Sequence[PillarResult],
    record: PublishedRecord,
    as_of: datetime,
) -> tuple[Recommendation, ...]:
    """Every rule that fires, ranked by relief per effort; what is in place already comes last.

    Relief is the share of the risk that the computed effect takes away, else what the rule is taken to bear on. Of the days the
    fourth root counts: a large work takes forty times a small one and is taken as two and a half times the obstacle, or it would
    never be named (a design choice). `before` holds the risk as it stands, `after` the risk with the action in place; both are
    empty where the effect is not one on the outage or cannot be computed.
    """
    view = situation(facts, needs, forecast=forecast, pillars=pillars, record=record, as_of=as_of)
    fired = [
        (rule, figures, effect_of(rule.effect, view, model) if rule.effect else None)
        for rule in RULES
        if (figures := rule.trigger(view)) is not None
    ]
    made = [(_rank(rule, effect), _recommendation(rule, figures, effect, view)) for rule, figures, effect in fired]
    made.sort(key=lambda pair: (pair[1].in_place, -pair[0], int(pair[1].rule[1:])))
    return tuple(item for _, item in made)


def _rank(rule: Rule, effect: Effect | None) -> float:
    relief = max(rule.relief if not rule.effect else 0.0, effect.relief if effect else 0.0)
    return round(float((relief or rule.relief) / EFFORT_DAYS[rule.effort] ** 0.25), 9)


def _recommendation(rule: Rule, figures: Figures, effect: Effect | None, view: Situation) -> Recommendation:
    before = effect.before if effect else _risk(view) if rule.relief >= 0.5 else {}
    done = rule.id in view.own.in_place if view.own else False
    return Recommendation(
        rule=rule.id,
        action=rule.action,
        why=rule.why,
        effort=rule.effort,
        reference=rule.clause,
        trigger={name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()},
        before=before,
        after=effect.after if effect else {},
        evidence=view.evidence(rule.check),
        precedent=rule.precedent,
        in_place=done,
    )


def _risk(view: Situation) -> dict[str, float | None]:
    if view.forecast.confidence == "insufficient":
        return {}
    return {CHANCE: round(view.forecast.p_exceed, 4), HOURS: round(view.forecast.hours.mean, 1)}
