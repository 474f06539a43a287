"""PagerDuty status pages: the whole record is JSON inside one script element of the page.

Each update carries how severe the incident is then and, in milliseconds, when the next update is due: a promise in figures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from vendors.records import IMPACT_ORDER, Impact, PageState, Phase, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.hosted import HostedPage
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import Reading, Time, oldest
from vendors.sources.pagedata import rows_in
from vendors.sources.plaintext import plain
from vendors.sources.webpage import page_root, script_json, title_of

IMPACTS: dict[str, Impact] = {"all_good": "none", "minor": "minor", "major": "major", "outage": "critical"}
PHASES: dict[str, Phase] = {
    "detected": "investigating",
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
}
LONGEST_PROMISE = timedelta(days=30)


class _Service(Struct):
    name: str
    severity: str | None = None


class _Update(Struct):
    reported_at: Time
    severity: str = ""
    status: str = ""
    message: str = ""
    created_at: Time | None = None
    next_update_in_ms: int | None = None
    impacted_business_services: list[_Service] = []


class _Report(Struct):
    reported_at: Time
    message: str = ""


class _Incident(Struct):
    id: str
    updates: list[Any]
    title: str = ""
    postmortem: _Report | None = None


class _Part(Struct):
    id: str
    name: str
    is_active: bool = True


class _Post(Struct):
    id: str
    title: str = ""
    post_type: str = ""
    starts_at: Time | None = None
    ends_at: Time | None = None
    created_at: Time | None = None


@dataclass(slots=True)
class PagerDutyReading(Reading):
    """The page's record, and how many of its incidents are open."""

    told: bool = False
    opened: int = 0
    working: int = 0
    oldest: datetime | None = None
    ended: int = 0
    worst: set[str] = field(default_factory=set)

    def take(self, body: bytes, what: str) -> None:
        """Read the page."""
        root = page_root(body, what)
        data = script_json(root, "data")
        summary = data.get("summary") if isinstance(data, dict) else None
        if data is None or not isinstance(summary, dict) or not isinstance(summary.get("open_incidents"), list):
            raise SourceChanged(f"{what} is a web page, but holds no record of a PagerDuty status page")
        self.told = True
        layout = data.get("layout")
        settings = layout.get("layout_settings") if isinstance(layout, dict) else None
        named = settings.get("name") if isinstance(settings, dict) else None
        self.name = (named if isinstance(named, str) else title_of(root)).removesuffix("Status Page").strip(" -|")
        faults = self.ledger.quarantined
        for part in rows_in(_list(summary, "post_status_page_services"), _Part, f"{what} services", faults):
            if part.is_active:
                self.part(part.name, identity=part.id)
        for row in rows_in(_list(summary, "posts"), _Post, f"{what} posts", faults):
            self._add_post(row)
        known = len(faults)
        opened = rows_in(_list(summary, "open_incidents"), _Incident, f"{what} open_incidents", faults)
        self.unread += len(faults) - known
        self.opened = len(opened)
        ended = rows_in(_list(summary, "resolved_incidents"), _Incident, f"{what} resolved_incidents", faults)
        self.ended = len(ended)
        starts = [self._add(row, is_open=True) for row in opened] + [self._add(row, is_open=False) for row in ended]
        self.oldest = oldest(starts, self.ledger.as_of)

    def _add_post(self, row: _Post) -> None:
        if row.post_type == "maintenance":
            window = DraftMaintenance(
                id=row.id, title=row.title, announced_at=row.created_at, scheduled_for=row.starts_at, scheduled_until=row.ends_at
            )  # fmt: skip
            self.ledger.add_maintenance(window)
            now = self.ledger.as_of
            self.working += (
                row.starts_at is not None and row.starts_at <= now and (row.ends_at is None or now < row.ends_at)
            )

    def _add(self, row: _Incident, *, is_open: bool) -> datetime | None:
        updates = rows_in(row.updates, _Update, f"incident {row.id} updates", self.ledger.quarantined)
        told = [u.severity for u in updates if u.severity in IMPACTS]
        worst = max(told, key=lambda word: IMPACT_ORDER.index(IMPACTS[word]), default=None)
        posts = [
            Post(
                posted_at=update.created_at or update.reported_at,
                shown_at=update.reported_at,
                text=plain(update.message),
                state=PHASES.get(update.status, "unknown"),
                promised_at=_promise(update),
            )
            for update in updates
        ]
        if row.postmortem is not None:
            posts.append(
                Post(posted_at=row.postmortem.reported_at, text=plain(row.postmortem.message), state="postmortem")
            )
        self.ledger.add(
            Draft(
                id=row.id,
                title=row.title,
                impact=IMPACTS[worst] if worst is not None else None,
                raw_impact=worst or next((u.severity for u in updates if u.severity), None),
                open=True if is_open else None if any(u.status == "resolved" for u in updates) else False,
                posts=posts,
                components=[service.name for update in updates for service in update.impacted_business_services],
            )
        )
        return min((update.reported_at for update in updates), default=None)

    def banner(self) -> PageState:
        """The page is well where nothing is open: it prints its headline then, and the incidents otherwise."""
        if not self.told:
            return "unknown"
        return "issue" if self.opened else "maintenance" if self.working else "ok"

    def window(self) -> Window:
        """Back to the oldest incident of the page."""
        if self.oldest is None:
            return Window(start=None, end=None, complete=False, reason="the page lists no incident")
        reason = f"the page lists {self.ended} incidents that are over, and no older ones"
        return Window(start=self.oldest, end=self.ledger.as_of, complete=True, reason=reason)


def _list(summary: dict[str, Any], name: str) -> list[Any]:
    value = summary.get(name)
    return value if isinstance(value, list) else []


def _promise(update: _Update) -> datetime | None:
    """When the page promises the next update; None where it promises none, or what cannot be meant."""
    milliseconds = update.next_update_in_ms
    if (
        not milliseconds
        or update.status == "resolved"
        or not 0 < milliseconds <= LONGEST_PROMISE / timedelta(milliseconds=1)
    ):
        return None
    return update.reported_at + timedelta(milliseconds=milliseconds)


class PagerDuty(HostedPage):
    """Reads a PagerDuty status page from its HTML."""

    id = "pagerduty"
    name = "PagerDuty status page"
    reading = PagerDutyReading
    about = About(
        kind="product",
        tested="captures",
        reads="the page: JSON in its script element",
        depth="what the page lists, about eighteen months",
        start="no: the first update is the start",
        impact="of each update: minor, major, outage; the worst is taken",
        traps="`next_update_in_ms` promises the next update; a potential issue that proves to be none is removed",
        probed=False,
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 for a page with the script element and its keys."""
        body = raw.body
        if raw.status >= 400 or b"<html" not in body[:2000].lower():
            return 0.0
        marks = (b'"open_incidents"', b'"resolved_incidents"', b'"post_status_page_services"')
        return 0.95 if b"application/json" in body and all(mark in body for mark in marks) else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The page itself."""
        return (Endpoint(name="home", url=f"{page_url.rstrip('/')}/", required=True),)


PAGERDUTY = PagerDuty()
