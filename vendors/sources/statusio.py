"""Status.io: one interface that lists what is open now, by part and by location (`containers`), and announced work.

Messages stand oldest first. A message's `status` says how bad it is, its `state` how far the work is; there is no impact
of its own, so the worst message counts. What is over is only on HTML pages and in the feed, which tell no length.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import re2
from msgspec import Struct

from vendors.records import IMPACT_ORDER, Impact, PageState, Phase
from vendors.sources.base import About, Endpoint, Raw, on_host
from vendors.sources.hosted import HostedPage
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import Reading, Time
from vendors.sources.pagedata import rows_in
from vendors.sources.plaintext import plain
from vendors.sources.shapes import kind_of, typed

# https://kb.status.io/developers/status-codes (formats §5)
IMPACTS: dict[int, Impact] = {100: "none", 300: "minor", 400: "major", 500: "critical", 600: "critical"}
STATES: dict[int, PageState] = {100: "ok", 200: "maintenance", 300: "issue", 400: "issue", 500: "issue", 600: "issue"}
PHASES: dict[int, Phase] = {100: "investigating", 200: "identified", 300: "monitoring", 400: "resolved"}
API = "https://api.status.io/1.0/status"
_PAGE_ID = re2.compile(
    rb"(?:api\.status\.io/1\.0/status/|hostedstatus\.com/1\.0/status/|statuspage_id\W{1,6}"
    rb"|/pages/(?:history|incident|maintenance)/)([0-9a-f]{24})"
)
_ID_IN_URL = re2.compile(r"/(?:1\.0/status|pages/(?:history|incident|maintenance))/([0-9a-f]{24})")


class _Overall(Struct):
    status_code: int
    updated: Time | None = None
    status: str = ""


class _Container(Struct):
    name: str
    id: str = ""
    status_code: int | None = None


class _Component(Struct):
    id: str
    name: str
    status_code: int | None = None
    containers: list[Any] = []


class _Named(Struct):
    name: str


class _Message(Struct):
    datetime: Time
    details: str = ""
    state: int | None = None
    status: int | None = None


class _Event(Struct):
    _id: str
    name: str = ""
    datetime_open: Time | None = None
    datetime_resolved: Time | None = None
    datetime_planned_start: Time | None = None
    datetime_planned_end: Time | None = None
    messages: list[Any] = []
    components_affected: list[Any] = []
    containers_affected: list[Any] = []


class _Work(Struct):
    active: list[Any] = []
    upcoming: list[Any] = []


class _Result(Struct):
    status_overall: _Overall
    status: list[Any] = []
    incidents: list[Any] = []
    maintenance: _Work | None = None


class _Answer(Struct):
    result: _Result


@dataclass(slots=True)
class StatusIoReading(Reading):
    """The present: the page's code and the worst code of a part."""

    code: int | None = None
    worst: set[int] = field(default_factory=set)

    def take(self, body: bytes, what: str) -> None:
        """Read the interface's answer; the page in HTML only leads to it."""
        if kind_of(body) == "home" and _PAGE_ID.search(body) is not None:
            return
        result = typed(body, _Answer, what).result
        faults = self.ledger.quarantined
        self.code = result.status_overall.status_code
        self.note(result.status_overall.updated)
        for row in rows_in(result.status, _Component, f"{what} status", faults):
            places = rows_in(row.containers, _Container, f"{what} {row.name}", faults)
            self.worst |= {code for code in (row.status_code, *(p.status_code for p in places)) if code is not None}
            for place in places if len(places) > 1 else []:
                self.part(f"{row.name} ({place.name})", row.name, identity=f"{row.id}-{place.id}")
            if len(places) <= 1:
                self.part(row.name, identity=row.id)
        known = len(faults)
        for event in rows_in(result.incidents, _Event, f"{what} incidents", faults):
            self._add(event)
        work = result.maintenance or _Work()
        for event in rows_in([*work.active, *work.upcoming], _Event, f"{what} maintenance", faults):
            self._add_work(event)
        self.unread += len(faults) - known

    def _add(self, event: _Event) -> None:
        messages = rows_in(event.messages, _Message, f"incident {event._id} messages", self.ledger.quarantined)
        codes = [m.status for m in messages if m.status in IMPACTS]
        worst = max(codes, key=lambda code: IMPACT_ORDER.index(IMPACTS[code]), default=None)
        posts = [
            Post(posted_at=m.datetime, text=plain(m.details), state=PHASES.get(m.state or 0, "unknown"))
            for m in messages
        ]
        self.ledger.add(
            Draft(
                id=event._id,
                title=event.name,
                impact=IMPACTS[worst] if worst is not None else None,
                raw_impact=None if worst is None else str(worst),
                created_at=event.datetime_open,
                started_at=event.datetime_open,
                resolved_at=event.datetime_resolved,
                open=None if any(post.state == "resolved" for post in posts) else True,
                posts=posts,
                components=self._parts(event),
            )
        )

    def _add_work(self, event: _Event) -> None:
        self.ledger.add_maintenance(
            DraftMaintenance(
                id=event._id, title=event.name, announced_at=event.datetime_open, scheduled_for=event.datetime_planned_start,
                scheduled_until=event.datetime_planned_end, components=self._parts(event),
            )
        )  # fmt: skip

    def _parts(self, event: _Event) -> list[str]:
        """The parts hit, with the places where it is told which."""
        faults = self.ledger.quarantined
        parts = [row.name for row in rows_in(event.components_affected, _Named, f"incident {event._id}", faults)]
        places = [row.name for row in rows_in(event.containers_affected, _Named, f"incident {event._id}", faults)]
        both = [f"{part} ({place})" for part in parts for place in places]
        listed = {component.name for component in self.components.values()}
        return [name for name in both if name in listed] or parts

    def banner(self) -> PageState:
        """The page's own code, unless a part is worse off."""
        state = STATES.get(self.code or 0, "unknown")
        if state == "ok" and any(STATES.get(code) == "issue" for code in self.worst):
            return "issue"
        return "maintenance" if state == "ok" and 200 in self.worst else state


class StatusIo(HostedPage):
    """Reads a Status.io page through its public interface, which its page's HTML leads to."""

    id = "statusio"
    name = "Status.io"
    reading = StatusIoReading
    about = About(
        kind="product",
        tested="captures",
        reads="api.status.io/1.0/status/<page>; the page's HTML for the id",
        depth="the present: open incidents and announced work",
        start="`datetime_open`",
        impact="by the worst message's status code; a security event counts as critical",
        hosts=("status.io", "hostedstatus.com"),
        traps="an incident's name may be a link; parts have places, and a part may be well in one and down in another",
        probed=False,
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 for the interface by its keys, 0.9 for a page that names its id in the interface's address."""
        body = raw.body
        if raw.status >= 400 or not body:
            return 0.0
        if b'"status_overall"' in body[:2000] and b'"result"' in body[:200]:
            return 0.95
        is_page = kind_of(body[:4000]) == "home"
        return 0.9 if is_page and b"status.io" in body and _PAGE_ID.search(body[:1_000_000]) is not None else 0.0

    def base_of(self, url: str) -> str | None:
        """The interface's address of the page, for an address that carries its id."""
        match = _ID_IN_URL.search(url)
        if match is not None and on_host(url, (*self.about.hosts, "api.status.io")):
            return f"{API}/{match.group(1)}"
        return None if on_host(url, ("api.status.io",)) else super().base_of(url)

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The interface where the address carries the page's id; else the page, which tells it."""
        if _ID_IN_URL.search(page_url):
            return (Endpoint(name="status", url=page_url, required=True),)
        return (Endpoint(name="home", url=f"{page_url.rstrip('/')}/", required=True),)

    def more(self, page_url: str, documents: Mapping[str, Raw]) -> tuple[Endpoint, ...]:
        """The interface, once the page has told its id."""
        home = documents.get("home")
        match = None if home is None or "status" in documents else _PAGE_ID.search(home.body)
        return (
            () if match is None else (Endpoint(name="status", url=f"{API}/{match.group(1).decode()}", required=True),)
        )


STATUSIO = StatusIo()
