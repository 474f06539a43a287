"""UptimeRobot status pages: monitors with a colour and ratios. There are no words, and no time an outage began."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import re2
from msgspec import Struct

from vendors.records import PageState
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.hosted import HostedPage
from vendors.sources.own import Reading
from vendors.sources.pagedata import rows_in
from vendors.sources.shapes import kind_of, typed

STATES: dict[str, PageState] = {"success": "ok", "warning": "issue", "danger": "issue"}  # "paused", "info": not known
_KEY = re2.compile(rb"api/getMonitorList/([A-Za-z0-9-]{2,60})")


class _Monitor(Struct):
    monitorId: int | str
    name: str
    statusClass: str = ""


class _List(Struct):
    status: str
    data: list[Any] | None = None
    psp: dict[str, Any] | None = None


@dataclass(slots=True)
class RobotReading(Reading):
    """The colours of the monitors."""

    colours: set[str] = field(default_factory=set)

    def take(self, body: bytes, what: str) -> None:
        """Read the list of monitors; the page in HTML only leads to it."""
        if kind_of(body) == "home" and _KEY.search(body) is not None:
            return
        answer = typed(body, _List, what)
        rows = answer.data if answer.data is not None else (answer.psp or {}).get("monitors")
        if answer.status != "ok" or not isinstance(rows, list):
            raise SourceChanged(f"{what} is no list of UptimeRobot's monitors")
        known = len(self.ledger.quarantined)
        for monitor in rows_in(rows, _Monitor, f"{what} monitors", self.ledger.quarantined):
            self.part(monitor.name, identity=str(monitor.monitorId))
            self.colours.add(monitor.statusClass)
        self.unread += len(self.ledger.quarantined) - known

    def banner(self) -> PageState:
        """By the worst monitor; one that is paused or not known leaves it open whether all is well."""
        states = {STATES.get(colour, "unknown") for colour in self.colours}
        if "issue" in states:
            return "issue"
        return "ok" if states == {"ok"} else "unknown"


class UptimeRobot(HostedPage):
    """Reads a status page of UptimeRobot through the list its script asks for."""

    id = "uptimerobot"
    name = "UptimeRobot"
    reading = RobotReading
    about = About(
        kind="product",
        tested="written",
        reads="/api/getMonitorList/<key>; the page's HTML for the key",
        depth="the present",
        start="no",
        impact="no",
        automated="all of it",
        hosts=("stats.uptimerobot.com", "status.uptimerobot.com"),
        traps="no incident has a time; ratios of 30 and 90 days only",
        probed=False,
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 for the list by its keys, 0.9 for a page that asks for it."""
        head = raw.body[:300_000]
        if raw.status >= 400 or not head:
            return 0.0
        if kind_of(head[:4000]) == "home":
            return 0.9 if _KEY.search(head) is not None else 0.0
        return 0.95 if b'"monitorId"' in head and b'"statusClass"' in head else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The page, which tells the key."""
        return (Endpoint(name="home", url=page_url, required=True),)

    def more(self, page_url: str, documents: Mapping[str, Raw]) -> tuple[Endpoint, ...]:
        """The list, once the page has told its key."""
        home = documents.get("home")
        found = None if home is None or "monitors" in documents else _KEY.search(home.body)
        if found is None:
            return ()
        origin = "/".join(page_url.split("/")[:3])
        return (Endpoint(name="monitors", url=f"{origin}/api/getMonitorList/{found.group(1).decode()}", required=True),)


UPTIMEROBOT = UptimeRobot()
