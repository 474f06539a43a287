"""What if the need were another, or something took over? The forecast asked again of one record. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assessments.continuity.effects import CHANCE, HOURS, carried
from assessments.forecast.engine import Model, clamp, fit, forecast
from assessments.forecast.history import known_components
from assessments.scoring import metrics
from assessments.scoring.model import Forecast
from assessments.scoring.pipeline import rounded_forecast
from assessments.scoring.reading import read_words
from assessments.scoring.rubric import number
from vendors.facts_file import normalise
from vendors.records import VendorFacts

LONGEST_DAYS, SHORTEST_DAYS = 1826.0, 7.0  # five years: beyond, a record of a few says nothing


@dataclass(frozen=True, slots=True)
class Standby:
    """What would take over: after how many hours, how much of the work it does (0-1], and in which share of outages it works (0-1]."""

    takeover_hours: float
    capacity: float = 1.0
    works: float = 0.9


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The forecast for that need; with a standby also the chance and the mean hours of the horizon that are left, else None.

    Both None, too, where the record is too thin for figures: the forecast says so. `over`: recorded outages longer than the RTO.
    `curve_left`: (hours, chance left of an outage that stops the work longer than that), at the points of the forecast's curve.
    """

    forecast: Forecast
    over: int
    chance_left: float | None = None
    hours_left: float | None = None
    curve_left: tuple[tuple[float, float], ...] = ()


def what_if(
    facts: VendorFacts,
    *,
    as_of: datetime,
    rto_hours: float,
    horizon_days: float = 365.0,
    components: Sequence[str] = (),
    standby: Standby | None = None,
) -> WhatIf:
    """The answer for those needs: the very figures an assessment for them would print. Raises ValueError for what is out of range,
    Refused for a component nobody knows.

    A standby works as the effects of recommendations do (`[effects]` of the rubric): it carries its share of outages, each on its own,
    from the moment it takes over. Cost: about 0.15 s.
    """
    _check(rto_hours, horizon_days, standby)
    known = read_words(metrics.as_known(normalise(facts), as_of))
    known_components(known, components)
    model = fit(known, as_of=as_of, components=components)
    made = forecast(
        known, as_of=as_of, rto_hours=rto_hours, horizon_days=horizon_days, components=components, model=model
    )
    over = metrics.published_record(known, as_of, rto_hours=rto_hours).over_rto
    if standby is None or made.confidence == "insufficient":
        return WhatIf(rounded_forecast(made), over)
    before: dict[str, float | None] = {}
    after: dict[str, float | None] = {}
    spec = {
        "carries": standby.works, "capacity": standby.capacity, "after_hours": standby.takeover_hours, "keeps_promise": True,
    }  # fmt: skip
    carried(spec, made, model, before, after)
    shown = rounded_forecast(made)
    return WhatIf(shown, over, after[CHANCE], after[HOURS], _curve_left(shown, model, standby))


def _curve_left(made: Forecast, model: Model, standby: Standby) -> tuple[tuple[float, float], ...]:
    """The curve with the standby: up to its takeover an outage stops the work as before, beyond only where it does not work."""
    thinned = made.horizon_days / 365.0 * (1 - standby.works)
    return tuple(
        (
            at.hours,
            at.p if at.hours < standby.takeover_hours else min(at.p, round(clamp(model.chance(at.hours, thinned)), 4)),
        )
        for at in made.curve
    )


def _check(rto_hours: float, horizon_days: float, standby: Standby | None) -> None:
    if not 0 < rto_hours <= number("outages", "cap_hours"):
        raise ValueError(f"the RTO must lie above 0 and at most {number('outages', 'cap_hours'):.0f} hours")
    if not SHORTEST_DAYS <= horizon_days <= LONGEST_DAYS:
        raise ValueError(f"the horizon must lie between {SHORTEST_DAYS:.0f} and {LONGEST_DAYS:.0f} days")
    if standby and not (standby.takeover_hours >= 0 and 0 < standby.capacity <= 1 and 0 < standby.works <= 1):
        raise ValueError("a standby takes over after 0 hours or more, and its shares lie above 0 and at most 1")
