"""The panel: whole pages and their components, each seen at every half-year, with what the next twelve months brought.

A row holds nothing from after its origin but the outcome. A component is in the panel from its first incident on, which
opens its record and is not counted; so no row knows of a component that only later made itself known. Only incidents that
name it are its own: where none is named, what was hit is not known, and nothing could be scored on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from typing import Literal

from assessments.forecast.disclosure import is_press, reporting_break
from assessments.forecast.history import YEAR, Event, History, touching
from assessments.scoring.metrics import Outage, outages, qualifies
from assessments.scoring.rubric import number
from vendors.records import VendorFacts

Kind = Literal["page", "component"]
LEAST_YEARS = 0.5  # of record before the first origin; less is "insufficient" and gives no letter
HALF_YEARS = (1, 7)  # origins: the first of January and of July
_HOUR_YEARS = 1 / 8766


@dataclass(frozen=True, slots=True)
class Row:
    """One page or component at one origin: what was known, and what came.

    `siblings`: ages of each other component's outages, for a component. `whole`: the page's history, None for a page.
    `lengths`: hours of each outage that began in the next twelve months, as far as known; `hours` their capped sum.
    """

    vendor: str
    category: str
    kind: Kind
    name: str
    origin: datetime
    past: History
    whole: History | None
    siblings: tuple[tuple[float, ...], ...]
    lengths: tuple[float, ...]
    hours: float

    def came_true(self, over_hours: float) -> bool:
        """Whether an outage longer than that began in the twelve months after the origin."""
        return any(length > over_hours for length in self.lengths)


@dataclass(frozen=True, slots=True)
class _Entity:
    kind: Kind
    name: str
    first: datetime  # its record begins here
    outages: tuple[Outage, ...]


def rows(records: Iterable[VendorFacts]) -> list[Row]:
    """Every row of those records, by vendor, entity and origin. Records shorter than a year and a half have none.

    Left out: records compiled from the press, and what comes after publishing broke off. Cost: about 3 s for 15 vendors.
    """
    return [row for facts in records for row in _of(facts)]


def _of(facts: VendorFacts) -> Iterator[Row]:
    start, end = facts.window.start, facts.window.end
    if start is None or end is None or is_press(facts):
        return
    broken = reporting_break(facts, end)
    end = min(end, broken) if broken else end
    entities = list(_entities(facts, start))
    for origin in _origins(start, end):
        known = [entity for entity in entities if entity.first < origin]
        named = {
            entity.name: tuple(_age(o, origin) for o in entity.outages if entity.first < o.start < origin)
            for entity in known
            if entity.kind == "component"
        }
        whole = next(_past(entity, origin) for entity in known if entity.kind == "page")
        for entity in known:
            ahead = [o for o in entity.outages if origin <= o.start < origin + YEAR]
            lengths = tuple(o.hours for o in ahead if o.hours is not None)
            yield Row(
                vendor=facts.vendor.slug,
                category=facts.vendor.category,
                kind=entity.kind,
                name=entity.name,
                origin=origin,
                past=_past(entity, origin),
                whole=None if entity.kind == "page" else whole,
                siblings=tuple(ages for name, ages in named.items() if name != entity.name)
                if entity.kind == "component"
                else (),
                lengths=lengths,
                hours=sum(min(length, number("outages", "cap_hours")) for length in lengths),
            )


def _entities(facts: VendorFacts, start: datetime) -> Iterator[_Entity]:
    """The page, then its components by name."""
    yield _Entity("page", "", start, tuple(outages(facts, facts.as_of, core_only=True)))
    first: dict[str, datetime] = {}
    for incident in facts.incidents:
        if incident.started_at >= start and qualifies(incident, facts.as_of):
            for name in incident.components:
                first[name] = min(first.get(name, incident.started_at), incident.started_at)
    for name in sorted(first):
        mine = tuple(outages(touching(facts, (name,), unnamed=False), facts.as_of, core_only=True))
        yield _Entity("component", name, first[name], mine)


def _origins(start: datetime, end: datetime) -> Iterator[datetime]:
    for year in range(start.year, end.year + 1):
        for month in HALF_YEARS:
            at = datetime(year, month, 1, tzinfo=UTC)
            if at - start >= LEAST_YEARS * YEAR and at + YEAR <= end:
                yield at


def _past(entity: _Entity, origin: datetime) -> History:
    """What was known of it at the origin: an outage that ended later is open then."""
    opens = entity.first if entity.kind == "component" else None
    events = tuple(
        _event(outage, origin) for outage in entity.outages if outage.start < origin and outage.start != opens
        and outage.start >= entity.first
    )  # fmt: skip
    return History(events, (origin - entity.first) / YEAR)


def _event(outage: Outage, origin: datetime) -> Event:
    age = _age(outage, origin)
    elapsed = age / _HOUR_YEARS
    most = inf if outage.most_hours is None else outage.most_hours
    if min(outage.least_hours, most) > elapsed or (most < inf and most > elapsed):
        return Event(age=age, share=1.0, least=min(elapsed, outage.least_hours), most=inf)
    return Event(age=age, share=1.0, least=outage.least_hours, most=most)


def _age(outage: Outage, origin: datetime) -> float:
    return (origin - outage.start) / YEAR
