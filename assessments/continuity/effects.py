"""What a recommendation does to the risk once it is in place: computed under the assumptions of `[effects]` in the rubric.

An outage is carried with the stated share, each on its own; the rest goes on as before. So the chance of one that breaks the RTO is
that of a record thinned by this share, in closed form. Of the hours, what lies beyond the moment it takes over is carried to its
capacity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assessments.continuity.situation import Situation
from assessments.forecast.engine import Model, clamp
from assessments.forecast.exceedance import shifts
from assessments.scoring.model import Forecast
from assessments.scoring.rubric import number, rubric

CHANCE, HOURS, KNOW, DATA = (
    "chance beyond the RTO", "hours a year", "minutes until you know", "hours of data at risk",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Effect:
    """Before and after, by figure, and the share of the risk it takes away, 0-1, by which rules are ranked."""

    before: dict[str, float | None]
    after: dict[str, float | None]
    relief: float


def effect_of(name: str, s: Situation, model: Model) -> Effect | None:
    """The effect of that name on this risk; None where the record is too thin for figures."""
    spec: dict[str, Any] = rubric()["effects"][name]
    before: dict[str, float | None] = {}
    after: dict[str, float | None] = {}
    relief = 0.0
    if "carries" in spec:
        if s.forecast.confidence == "insufficient":
            return None
        relief = carried(spec, s.forecast, model, before, after)
    if "minutes" in spec:
        known = s.measured("first-notice-delay", "min")
        before[KNOW], after[KNOW] = known, spec["minutes"]
        relief = max(relief, number("recommend", "relief_knowing"))
    if "data_hours" in spec:
        before[DATA], after[DATA] = None, spec["data_hours"]  # what the vendor would lose is not known in hours
        relief = max(relief, number("recommend", "relief_data"))
    return Effect(before=before, after=after, relief=relief)


def carried(
    spec: dict[str, Any], f: Forecast, model: Model, before: dict[str, float | None], after: dict[str, float | None]
) -> float:
    """Fill in chance and hours; the mean share of the two that goes away."""
    rto = f.rto_hours
    takes_over = spec["after_share"] * rto if "after_share" in spec else spec["after_hours"]
    years = f.horizon_days / 365.0
    chance, hours = f.p_exceed, f.hours.mean
    left = chance
    if spec["keeps_promise"] and takes_over <= rto:
        left = clamp(model.chance(rto, years * (1 - spec["carries"])))
    hours_left = hours * (1 - spec["carries"] * spec["capacity"] * share_beyond(model, takes_over))
    before |= {CHANCE: round(chance, 4), HOURS: round(hours, 1)}
    after |= {CHANCE: round(min(left, chance), 4), HOURS: round(hours_left, 1)}
    gone = 0.0 if hours <= 0 else 1 - hours_left / hours
    return (gone + (1 - min(left, chance) / chance)) / 2


def share_beyond(model: Model, hours: float) -> float:
    """The share of outage time that lies beyond that many hours of its outage, 0-1; each outage at most the method's cap."""
    cap = number("outages", "cap_hours")
    if hours <= 0:
        return 1.0
    if hours >= cap:
        return 0.0
    whole = within = 0.0
    for node, weight in shifts(model.drift):
        shifted = model.duration.shifted(model.drift * node)
        whole += weight * shifted.mean_hours(cap)
        within += weight * shifted.mean_hours(hours)
    return max(0.0, 1 - within / whole)
