"""recommend(): the rules that fire for one judgement, best relief for the effort first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assessments.continuity.rules import RULES, Rule
from assessments.continuity.situation import situation
from assessments.scoring.model import Forecast, Needs, PillarResult, PublishedRecord, Recommendation
from vendors.records import VendorFacts

_EFFORT_DAYS = {"S": 1.0, "M": 10.0, "L": 40.0}  # source: method, section 7: S under a day, M under two weeks, L more


def recommend(
    facts: VendorFacts,
    needs: Needs,
    *,
    forecast: Forecast,
    pillars: Sequence[PillarResult],
    record: PublishedRecord,
    as_of: datetime,
) -> tuple[Recommendation, ...]:
    """Every rule that fires, ranked by relief per effort (root of the days, so that large works are not always last).

    `before` holds the risk as it stands; `after` stays empty until a fallback is known to compute it with.
    """
    view = situation(facts, needs, forecast=forecast, pillars=pillars, record=record, as_of=as_of)
    fired = [(rule, figures) for rule in RULES if (figures := rule.trigger(view)) is not None]
    fired.sort(key=lambda pair: (-pair[0].relief / _EFFORT_DAYS[pair[0].effort] ** 0.5, int(pair[0].id[1:])))
    before: dict[str, float | None] = {
        "chance beyond the RTO": round(forecast.p_exceed, 4),
        "hours a year": round(forecast.hours.mean, 1),
    }
    return tuple(_recommendation(rule, figures, before) for rule, figures in fired)


def _recommendation(
    rule: Rule, figures: dict[str, float | str | None], before: dict[str, float | None]
) -> Recommendation:
    trigger = {name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()}
    return Recommendation(
        rule=rule.id,
        action=rule.action,
        why=rule.why,
        effort=rule.effort,
        reference=rule.reference,
        trigger=trigger,
        before=before if rule.relief >= 0.5 else {},
    )
