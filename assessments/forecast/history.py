"""What a forecast is fitted on: the core outages of one view of a vendor, aged and weighed. Pure.

Three views of the same record. *typical*: a part of the service picked blindly, so an outage counts by the share of parts
it names. *named*: the parts the customer relies on, so an outage counts if it names one of them, or names none at all.
*any*: whatever part it hits. Method, section 2.1; why typical is the default: docs/adr/0010.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from math import inf
from typing import Literal

import msgspec

from assessments.scoring.metrics import YEAR_DAYS, Outage, component_names, outages
from riskboard.errors import Refused
from vendors.records import VendorFacts

View = Literal["typical", "named", "any"]
YEAR = timedelta(days=YEAR_DAYS)


@dataclass(frozen=True, slots=True)
class Event:
    """One core outage. `age`: years before the record settles. `share`: how much of one outage it is to this view, 0-1.

    It lasted between `least` and `most` hours: both the same where the end is stated, `most` infinite while open, 0 and
    infinite where nothing is known.
    """

    age: float
    share: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class History:
    """The core outages a view counts, and the years they were seen in."""

    events: tuple[Event, ...]
    years: float


def history(facts: VendorFacts, as_of: datetime, settled: datetime, *, view: View = "typical") -> History:
    """The outages of `facts` (as known at `as_of`) that began by `settled`.

    Where the record's beginning is not known, its first outage opens it and is not counted.
    """
    core = [outage for outage in outages(facts, as_of, core_only=True) if outage.start <= settled]
    start = facts.window.start
    years = 0.0 if start is None else max(0.0, (settled - start) / YEAR)
    if start is None and core:
        years, core = max(0.0, (settled - core[0].start) / YEAR), core[1:]
    return History(tuple(event(outage, settled, view) for outage in core), years)


def event(outage: Outage, settled: datetime, view: View) -> Event:
    """The outage as that view counts it."""
    return Event(
        age=max(0.0, (settled - outage.start) / YEAR),
        share=outage.parts if view == "typical" else 1.0,
        least=outage.least_hours,
        most=inf if outage.most_hours is None else outage.most_hours,
    )


def touching(facts: VendorFacts, components: Collection[str], *, unnamed: bool = True) -> VendorFacts:
    """The facts with only the incidents that name one of these components. Case does not matter.

    `unnamed`: also those that name no component; whoever does not say what is down is not taken to spare these.
    """
    wanted = {name.casefold() for name in components}
    kept = tuple(
        incident
        for incident in facts.incidents
        if (unnamed and not incident.components) or any(name.casefold() in wanted for name in incident.components)
    )
    return msgspec.structs.replace(facts, incidents=kept)


def counts_by_component(
    facts: VendorFacts, as_of: datetime, settled: datetime, names: Sequence[str]
) -> dict[str, tuple[float, ...]]:
    """Ages in years of the core outages naming each of `names`: what a component's siblings went through."""
    ages: dict[str, list[float]] = {name: [] for name in names}
    for outage in outages(facts, as_of, core_only=True):
        if outage.start <= settled:
            age = max(0.0, (settled - outage.start) / YEAR)
            for name in {name for incident in outage.incidents for name in incident.components}:
                if name in ages:
                    ages[name].append(age)
    return {name: tuple(values) for name, values in ages.items()}


def unknown_components(facts: VendorFacts, components: Sequence[str]) -> tuple[str, ...]:
    """Those of `components` that neither the pages list nor any incident names."""
    there = {name.casefold() for name in component_names(facts)}
    there |= {name.casefold() for incident in facts.incidents for name in incident.components}
    return tuple(name for name in components if name.casefold() not in there)


def known_components(facts: VendorFacts, names: Sequence[str]) -> None:
    """Raise Refused for a component that neither the pages list nor any incident names, with near names."""
    for name in unknown_components(facts, names):
        there = sorted(component_names(facts) | {n for incident in facts.incidents for n in incident.components})
        near = get_close_matches(name, there, n=5, cutoff=0.4) or there[:5]
        hint = f"; near it: {', '.join(near)}" if near else "; it names none at all"
        raise Refused(f"{facts.vendor.name} has no component {name!r}{hint}")
