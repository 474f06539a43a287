"""What a lint rule is, and what it may look at. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from assessments.continuity.answer_records import Answer, DependencyAnswer
from assessments.continuity.judged import Judged
from assessments.continuity.plan import (
    Channel,
    Contact,
    Exercise,
    Fallback,
    Kind,
    Plan,
    Process,
    Runbook,
    Service,
)
from assessments.continuity.rollup import ServiceNeeds, service_needs

Level = Literal["error", "warning", "advice"]
RECOVERIES = frozenset({"switchover", "restore", "vendor-failover"})  # exercises whose time is held against the RTO
LEVELS: tuple[Level, ...] = ("error", "warning", "advice")


class Message(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that is wrong with the plan: the rule, how bad, what, and where to mend it.

    `kind`, `item` and `field` name the place: the item's kind and id, and the field to change (empty: the item as a whole, or
    something that is missing altogether).
    """

    rule: str
    level: Level
    text: str
    mend: str
    kind: Kind | Literal["organisation"]
    item: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a rule found something: the item and the sentence."""

    kind: Kind | Literal["organisation"]
    item: str
    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """The plan, its answer, what its vendors were judged, and the day."""

    plan: Plan
    answer: Answer
    judged: Mapping[str, Judged]
    as_of: datetime

    @property
    def today(self) -> date:
        """The day."""
        return self.as_of.date()

    def needs(self, service: Service) -> ServiceNeeds:
        """What the processes need of the service."""
        return service_needs(self.plan, service.id)

    def critical_services(self) -> Iterator[Service]:
        """Services a critical process stops without."""
        return (one for one in self.plan.services if self.needs(one).critical)

    def fallbacks(self, service: Service) -> list[Fallback]:
        """What stands in for it."""
        return [one for one in self.plan.fallbacks if one.service == service.id]

    def runbook(self, service: Service) -> Runbook | None:
        """Its runbook."""
        return next((one for one in self.plan.runbooks if one.service == service.id), None)

    def process(self, process_id: str) -> Process:
        """That process."""
        return next(one for one in self.plan.processes if one.id == process_id)

    def service(self, service_id: str) -> Service:
        """That service."""
        return next(one for one in self.plan.services if one.id == service_id)

    def vendor(self, slug: str) -> str:
        """The vendor's name, where it is judged; else its slug."""
        found = self.judged.get(slug)
        return found.facts.vendor.name if found else slug

    def contact(self, contact_id: str | None) -> Contact | None:
        """That contact."""
        return next((one for one in self.plan.contacts if one.id == contact_id), None)

    def links(self) -> Iterable[DependencyAnswer]:
        """The dependencies that stop a process, as answered."""
        return (one for one in self.answer.dependencies if one.essential)

    def exercises(self, kind: str, *, service: str | None = None, fallback: str | None = None) -> list[Exercise]:
        """Exercises of that kind on that service or fallback, newest first."""
        found = [
            one
            for one in self.plan.exercises
            if one.kind == kind
            and one.held_on <= self.today
            and (service is None or one.service == service)
            and (fallback is None or one.fallback == fallback)
        ]
        return sorted(found, key=lambda one: one.held_on, reverse=True)

    def newest_recoveries(self) -> Iterator[tuple[Exercise, Service]]:
        """The newest exercise of each kind that recovers something, for each service and fallback, with the service it is about."""
        seen: set[tuple[str, str | None, str | None]] = set()
        spares = {one.id: one.service for one in self.plan.fallbacks}
        for one in sorted(self.plan.exercises, key=lambda held: held.held_on, reverse=True):
            about = (one.kind, one.service, one.fallback)
            service = one.service or spares.get(one.fallback or "")
            if one.kind in RECOVERIES and one.held_on <= self.today and service and about not in seen:
                seen.add(about)
                yield one, self.service(service)

    def ago(self, day: date) -> str:
        """As in "on 2026-01-31, 40 days ago", for a sentence."""
        return f"on {day}, {self.days_since(day)} days ago"

    def days_since(self, day: date) -> int:
        """Whole days, negative for a day to come."""
        return (self.today - day).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: the question it asks, why, the clause that asks for it, and how to mend what it finds."""

    id: str
    level: Level
    question: str
    why: str
    clause: str
    mend: str
    finds: Callable[[View], Iterable[Fault]]


def works_without(channel: Channel, vendors: set[str]) -> bool:
    """Whether the channel works while those vendors are down, as far as is stated."""
    return not set(channel.via) & vendors


def is_spoken(channel: Channel) -> bool:
    """Whether it needs no computer."""
    return channel.kind in ("phone", "sms", "radio", "in person")
