"""Apple: services with their events, as a call of a function (JSONP). One event stands under every service it hit.

The local date texts are in the reader's words and zone; only the epoch fields are read. They tell when an event began and
ended, not when it was posted: a message has no time of its own, so it is no post. Days of history, no more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import re2
from msgspec import Struct

from vendors.records import Impact, PageState, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.ledger import Draft, DraftMaintenance
from vendors.sources.own import Number, OwnPage, Reading, moment, oldest
from vendors.sources.pagedata import rows_in
from vendors.sources.shapes import typed

HOME = "https://www.apple.com/support/systemstatus"
DATA = "https://www.apple.com/support/systemstatus/data/system_status_en_US.js"
DEVELOPER = "https://www.apple.com/support/systemstatus/data/developer/system_status_en_US.js"
# The page's words for an event; "Issue" says no more than that there is one.
IMPACTS: dict[str, Impact] = {"Outage": "critical", "Performance": "minor", "Issue": "minor"}
_OVER = ("resolved", "completed")
_CALL = re2.compile(rb"(?s)^\s*[A-Za-z_$][\w$.]{0,60}\s*\((.*)\)\s*;?\s*$")


class _Event(Struct):
    messageId: Number | str
    statusType: str = ""
    eventStatus: str = ""
    epochStartDate: float | int | None = None
    epochEndDate: float | int | None = None


class _Service(Struct):
    serviceName: str
    events: list[Any] = []


class _Data(Struct):
    services: list[Any]


@dataclass(slots=True)
class AppleReading(Reading):
    """Events by their number, with every service each hit."""

    told: bool = False
    events: dict[str, tuple[_Event, list[str]]] = field(default_factory=dict)
    oldest: datetime | None = None

    def take(self, body: bytes, what: str) -> None:
        """Read the services, with or without the call around them."""
        text = body.removeprefix(b"\xef\xbb\xbf")
        found = _CALL.match(text)
        data = typed(found.group(1) if found is not None else text, _Data, what)
        faults = self.ledger.quarantined
        known = len(faults)
        services = rows_in(data.services, _Service, f"{what} services", faults)
        if data.services and not services:
            raise SourceChanged(f"{what} holds services of another shape than Apple's")
        self.told |= bool(services)
        for service in services:
            self.part(service.serviceName)
            for event in rows_in(service.events, _Event, f"{what} {service.serviceName} events", faults):
                known_as, hit = self.events.setdefault(str(event.messageId), (event, []))
                hit.append(service.serviceName)
                if _rank(event) > _rank(known_as):
                    self.events[str(event.messageId)] = (event, hit)
        self.unread += len(faults) - known

    def finish(self) -> None:
        """Every event once."""
        for identity, (event, hit) in sorted(self.events.items()):
            services = sorted(set(hit))
            more = f" and {len(services) - 1} more" if len(services) > 1 else ""
            title = f"{event.statusType}: {services[0]}{more}"
            begun, ended = moment(event.epochStartDate), moment(event.epochEndDate)
            over = _is_over(event)
            if event.statusType == "Maintenance":
                self.ledger.add_maintenance(
                    DraftMaintenance(id=identity, title=title, scheduled_for=begun, scheduled_until=ended,
                                     completed_at=ended if over else None, components=services)
                )  # fmt: skip
                continue
            self.ledger.add(
                Draft(id=identity, title=title, impact=IMPACTS.get(event.statusType), raw_impact=event.statusType,
                      status=event.eventStatus, started_at=begun, resolved_at=ended if over else None,
                      open=not over, components=services)
            )  # fmt: skip
            self.oldest = oldest([self.oldest, begun], self.ledger.as_of)

    def banner(self) -> PageState:
        """The page draws a green dot for a service without a present event: well where no event goes on."""
        if not self.told:
            return "unknown"
        present = [event for event, _ in self.events.values() if not _is_over(event)]
        if any(event.statusType != "Maintenance" and event.eventStatus != "upcoming" for event in present):
            return "issue"
        states = {event.eventStatus for event in present} - {"upcoming"}
        return "ok" if not states else "maintenance" if states == {"ongoing"} else "unknown"

    def window(self) -> Window:
        """A few days back: the page keeps no more."""
        if self.oldest is None:
            return Window(start=None, end=None, complete=False, reason="the page keeps an event for days only")
        return Window(
            start=self.oldest, end=self.ledger.as_of, complete=True, reason="the page keeps an event for days only"
        )


def _rank(event: _Event) -> tuple[bool, str]:
    """Which telling of one event is used: one that goes on before one that is over, whichever stood first."""
    return not _is_over(event), repr(event)


def _is_over(event: _Event) -> bool:
    """Whether the page calls the event over; a word it is not known to use is none that ends one."""
    return event.eventStatus in _OVER or (event.statusType == "Resolved" and event.eventStatus in ("", "resolved"))


class Apple(OwnPage):
    """Reads Apple's system status."""

    id = "apple"
    name = "Apple"
    home = HOME
    vendor = "Apple"
    reading = AppleReading
    about = About(
        kind="own",
        tested="written",
        reads="/support/systemstatus/data/system_status_en_US.js, and the developers' one",
        depth="days",
        start="`epochStartDate`",
        impact="Outage, Performance, Issue",
        traps="a call of a function around the data; local date texts; one event under every service it hit",
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 for the services by their keys."""
        head = raw.body[:300_000]
        return 0.95 if raw.status < 400 and b'"serviceName"' in head and b'"redirectUrl"' in head else 0.0

    def base_of(self, url: str) -> str | None:
        """The one page, for addresses below it."""
        parts = url.split("/", 3)
        is_apple = len(parts) > 3 and parts[2].lower() in ("www.apple.com", "developer.apple.com")
        return HOME if is_apple and ("systemstatus" in parts[3] or "system-status" in parts[3]) else None

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """Both lists."""
        return (Endpoint(name="services", url=DATA, required=True), Endpoint(name="developer", url=DEVELOPER))


APPLE = Apple()
