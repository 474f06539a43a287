"""Statuspal: services in a tree, incidents with a type, maintenance apart. Version 1 prints times without a zone.

Such times are the page's own, and the page names its zone: they are read in it, and not at all where it names none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from msgspec import Struct

from vendors.records import Impact, PageState, Phase, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged, on_host
from vendors.sources.hosted import HostedPage
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import Reading, oldest
from vendors.sources.pagedata import rows_in
from vendors.sources.plaintext import plain
from vendors.sources.shapes import kind_of, typed
from vendors.sources.webpage import classes_of, page_root, title_of
from vendors.sources.zones import page_zone

IMPACTS: dict[str, Impact] = {"minor": "minor", "major": "major"}
STATES: dict[str | None, PageState] = {"major": "issue", "minor": "issue", "scheduled": "maintenance", None: "ok"}
CLASSES: dict[str, PageState] = {
    "type-none": "ok", "type-minor": "issue", "type-major": "issue", "type-scheduled": "maintenance",
}  # fmt: skip
PHASES: dict[str, Phase] = {
    "issue": "investigating", "investigating": "investigating", "identified": "identified", "update": "update",
    "monitoring": "monitoring", "resolved": "resolved", "retroactive": "resolved",
}  # fmt: skip
_DEPTH = 6


class _Page(Struct):
    name: str
    url: str = ""
    time_zone: str | None = None
    current_incident_type: str | None = None


class _Service(Struct):
    id: int | str
    name: str
    current_incident_type: str | None = None
    children: list[Any] | None = None


class _Update(Struct):
    description: str = ""
    type: str = ""
    posted_at: str | None = None


class _Event(Struct):
    id: int | str
    title: str = ""
    type: str | None = None
    starts_at: str | None = None
    ends_at: str | None = None
    updates: list[Any] = []
    services: list[Any] = []
    url: str | None = None


class _Summary(Struct):
    status_page: _Page
    services: list[Any] = []
    incidents: list[Any] = []
    maintenances: list[Any] = []
    upcoming_maintenances: list[Any] = []


class _List(Struct):
    incidents: list[Any]


@dataclass(slots=True)
class StatuspalReading(Reading):
    """The page's word, its zone and its events."""

    lists_open: bool = False
    told: bool = False
    word: str | None = None
    shown: PageState | None = None
    hurt: bool = False
    zone: tzinfo | None = None
    oldest: datetime | None = None
    listed: int = 0

    def take(self, body: bytes, what: str) -> None:
        """Read the summary, the list of incidents, or the page."""
        if kind_of(body) == "home":
            self._take_page(body, what)
        elif b'"status_page"' in body[:5_000]:
            self._take_summary(typed(body, _Summary, what), what)
        else:
            self._take_events(typed(body, _List, what).incidents, what)

    def _take_page(self, body: bytes, what: str) -> None:
        root = page_root(body, what)
        marked = next((n for n in root.iter("div", "section", "header") if "system-status" in classes_of(n)), None)
        if marked is None:
            raise SourceChanged(f"{what} is a web page, but no status page of Statuspal")
        self.shown = next((CLASSES[c] for c in classes_of(marked) if c in CLASSES), "unknown")
        self.name = self.name or title_of(root).removesuffix("Status").strip(" -|")

    def _take_summary(self, summary: _Summary, what: str) -> None:
        page, faults = summary.status_page, self.ledger.quarantined
        self.told, self.word, self.name, self.url = True, page.current_incident_type, page.name, page.url
        self.zone, self.lists_open = page_zone(page.time_zone), True
        self._take_services(summary.services, None, what, _DEPTH)
        known = len(faults)
        self._take_events(summary.incidents, what)
        for event in rows_in(
            [*summary.maintenances, *summary.upcoming_maintenances], _Event, f"{what} maintenances", faults
        ):
            self._add_work(event)
        self.unread += len(faults) - known

    def _take_services(self, rows: list[Any], group: str | None, what: str, depth: int) -> None:
        if depth == 0:
            return
        for service in rows_in(rows, _Service, f"{what} services", self.ledger.quarantined):
            if service.children:
                self._take_services(service.children, service.name, what, depth - 1)
            else:
                self.part(service.name, group, identity=str(service.id))
            self.hurt |= service.current_incident_type in ("minor", "major")

    def _take_events(self, rows: list[Any], what: str) -> None:
        for event in rows_in(rows, _Event, f"{what} incidents", self.ledger.quarantined):
            if event.type == "scheduled":
                self._add_work(event)
                continue
            self.listed += 1
            begun = self._time(event.starts_at)
            faults = self.ledger.quarantined
            posts = [
                Post(posted_at=self._time(u.posted_at), text=plain(u.description), state=PHASES.get(u.type, "unknown"))
                for u in rows_in(event.updates, _Update, f"incident {event.id} updates", faults)
            ]
            self.ledger.add(
                Draft(
                    id=f"incident-{event.id}", title=event.title, impact=IMPACTS.get(event.type or ""), raw_impact=event.type,
                    started_at=begun, resolved_at=self._time(event.ends_at), open=event.ends_at is None, posts=posts,
                    components=self._names(event), url=event.url,
                )
            )  # fmt: skip
            self.oldest = oldest([self.oldest, begun], self.ledger.as_of)

    def _add_work(self, event: _Event) -> None:
        self.ledger.add_maintenance(
            DraftMaintenance(
                id=f"maintenance-{event.id}", title=event.title, scheduled_for=self._time(event.starts_at),
                scheduled_until=self._time(event.ends_at), components=self._names(event), url=event.url,
            )
        )  # fmt: skip

    def _names(self, event: _Event) -> list[str]:
        return [str(s["name"]) for s in event.services if isinstance(s, dict) and isinstance(s.get("name"), str)]

    def _time(self, text: str | None) -> datetime | None:
        """The time, in the page's zone where it names none itself; None where the page does not name one either."""
        if not text or len(text) > 40:
            return None
        try:
            at = datetime.fromisoformat(text)
            if at.tzinfo is None:
                if self.zone is None:
                    self.ledger.keep_out(f"time {text}", "it carries no zone, and the page names none")
                    return None
                at = at.replace(tzinfo=self.zone)
            return at.astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    def banner(self) -> PageState:
        """The page's own word, by data or by the class of its banner; worse if a service is hurt."""
        state = STATES.get(self.word, "unknown") if self.told else self.shown or "unknown"
        return "issue" if state == "ok" and self.hurt else state

    def window(self) -> Window:
        """Back to the oldest incident listed."""
        if self.oldest is None:
            return Window(
                start=None, end=None, complete=False, reason="only the present was read: no incident was listed"
            )
        reason = f"the {self.listed} incidents the summary lists; older ones need a key"
        return Window(start=self.oldest, end=self.ledger.as_of, complete=False, reason=reason)


class Statuspal(HostedPage):
    """Reads a Statuspal page from its public interface, or its banner from the HTML."""

    id = "statuspal"
    name = "Statuspal"
    reading = StatuspalReading
    about = About(
        kind="product",
        tested="written",
        reads="statuspal.io/api/v2/status_pages/<name>/summary; the page's banner",
        depth="what the summary lists; the full list needs a key",
        start="`starts_at`",
        impact="minor, major",
        hosts=("statuspal.io", "statuspal.eu"),
        traps="times without a zone are the page's own; a page without a type is well",
        probed=False,
    )

    def recognise(self, raw: Raw) -> float:
        """0.9 for the summary by its keys, 0.8 for a page with its banner."""
        head = raw.body[:300_000]
        if raw.status >= 400 or not head:
            return 0.0
        if kind_of(head[:4000]) == "home":
            return 0.8 if b"system-status" in head and b"statuspal" in head.lower() else 0.0
        return 0.9 if b'"status_page"' in head[:2_000] and b'"current_incident_type"' in head else 0.0

    def base_of(self, url: str) -> str | None:
        """The page of a name below the product's host."""
        host = url.split("/")[2] if on_host(url, self.about.hosts) else ""
        name = host.removesuffix(".statuspal.io").removesuffix(".statuspal.eu")
        if name and name != host and name.isascii() and "." not in name and name not in ("www", "api"):
            return f"https://{host}"
        return None

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The summary of a page below the product's host, and the page itself."""
        home = Endpoint(name="home", url=f"{page_url.rstrip('/')}/")
        host = page_url.split("/")[2] if page_url.count("/") >= 2 else ""
        name, _, rest = host.partition(".")
        if rest not in ("statuspal.io", "statuspal.eu"):
            return (Endpoint(name="home", url=home.url, required=True),)
        summary = f"https://{rest}/api/v2/status_pages/{name}/summary"
        return (Endpoint(name="summary", url=summary, required=True), home)


STATUSPAL = Statuspal()
