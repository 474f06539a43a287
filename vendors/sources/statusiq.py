"""Site24x7 StatusIQ: components with a number for their state, whose order is a trap (3 is degraded, 4 is maintenance)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import re2
from msgspec import Struct

from vendors.records import Impact, PageState
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.hosted import HostedPage
from vendors.sources.ledger import Draft, Post
from vendors.sources.own import Reading, instant
from vendors.sources.pagedata import rows_in
from vendors.sources.plaintext import plain
from vendors.sources.shapes import kind_of, typed

STATES: dict[int, PageState] = {1: "ok", 2: "ok", 3: "issue", 4: "maintenance", 5: "issue", 6: "issue"}
IMPACTS: dict[int, Impact] = {1: "none", 2: "none", 3: "minor", 5: "major", 6: "critical"}
_KEY = re2.compile(rb"(?:statuspages?/|statuspage_id\W{1,6}|enc_statuspage_id\W{1,6})([A-Za-z0-9_=+-]{8,200})")
_COMPONENT_DEPTH = 5


class _Part(Struct):
    component_status: int | None = None
    display_name: str | None = None
    componentgroup_display_name: str | None = None
    componentgroup_components: list[Any] | None = None


class _Incident(Struct):
    inc_id: int | str
    incident_title: str = ""
    severity: int | None = None
    created_date_time_in_iso: str | None = None
    resolved_date_time_in_iso: str | None = None
    incident_message: str | None = None


class _Data(Struct):
    current_status: list[Any] | None = None
    active_incidents: list[Any] | None = None
    statuspage_name: str | None = None


class _Answer(Struct):
    data: _Data


@dataclass(slots=True)
class StatusIqReading(Reading):
    """The states of the components, and what is open."""

    states: set[PageState] = field(default_factory=set)

    def take(self, body: bytes, what: str) -> None:
        """Read the summary; the page in HTML only leads to it."""
        if kind_of(body) == "home" and _KEY.search(body) is not None:
            return
        data = typed(body, _Answer, what).data
        if data.current_status is None:
            raise SourceChanged(f"{what} is JSON, but no summary of StatusIQ: it tells no current status")
        self.name = data.statuspage_name or ""
        known = len(self.ledger.quarantined)
        self._take_parts(data.current_status, None, what, _COMPONENT_DEPTH)
        for row in rows_in(data.active_incidents or [], _Incident, f"{what} active_incidents", self.ledger.quarantined):
            at = instant(row.created_date_time_in_iso)
            posts = [Post(posted_at=at, text=plain(row.incident_message), state="investigating")] if at else []
            self.ledger.add(
                Draft(id=f"incident-{row.inc_id}", title=row.incident_title, impact=IMPACTS.get(row.severity or 0),
                      raw_impact=None if row.severity is None else str(row.severity), created_at=at,
                      resolved_at=instant(row.resolved_date_time_in_iso), posts=posts,
                      open=row.resolved_date_time_in_iso is None)
            )  # fmt: skip
        self.unread += len(self.ledger.quarantined) - known

    def _take_parts(self, rows: list[Any], group: str | None, what: str, depth: int) -> None:
        if depth == 0:
            return
        for row in rows_in(rows, _Part, f"{what} current_status", self.ledger.quarantined):
            if row.componentgroup_components:
                self._take_parts(row.componentgroup_components, row.componentgroup_display_name, what, depth - 1)
            else:
                self.part(row.display_name, group)
                self.states.add(STATES.get(row.component_status or 0, "unknown"))

    def banner(self) -> PageState:
        """The worst of the components; a state that is not known is no "ok"."""
        order: tuple[PageState, ...] = ("issue", "maintenance", "unknown", "ok")
        return next((state for state in order if state in self.states), "unknown")


class StatusIq(HostedPage):
    """Reads a StatusIQ page through its summary."""

    id = "statusiq"
    name = "Site24x7 StatusIQ"
    reading = StatusIqReading
    about = About(
        kind="product",
        tested="written",
        reads="/sp/api/public/summary_details/statuspages/<key>; the page's HTML for the key",
        depth="the present",
        start="no",
        impact="by number: 3 degraded, 5 partial, 6 major",
        hosts=("site24x7.com", "statusiq.com"),
        traps="4 is maintenance and stands between 3 (degraded) and 5 (partial outage)",
        probed=False,
    )

    def recognise(self, raw: Raw) -> float:
        """0.9 for the summary by its keys, 0.7 for a page of the product that tells its key."""
        head = raw.body[:300_000]
        if raw.status >= 400 or not head:
            return 0.0
        if kind_of(head[:4000]) == "home":
            return 0.7 if b"statusiq" in head.lower() and _KEY.search(head) is not None else 0.0
        return 0.9 if b'"current_status"' in head and b'"component_status"' in head else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The page, which tells the key."""
        return (Endpoint(name="home", url=page_url, required=True),)

    def more(self, page_url: str, documents: Mapping[str, Raw]) -> tuple[Endpoint, ...]:
        """The summary, once the page has told its key."""
        home = documents.get("home")
        found = None if home is None or "summary" in documents else _KEY.search(home.body)
        if found is None:
            return ()
        url = f"{'/'.join(page_url.split('/')[:3])}/sp/api/public/summary_details/statuspages/{found.group(1).decode()}"
        return (Endpoint(name="summary", url=url, required=True),)


STATUSIQ = StatusIq()
