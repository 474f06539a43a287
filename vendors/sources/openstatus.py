"""OpenStatus: reports with a line of updates, as JSON or RSS below the page. Written from the open code of openstatusHQ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec import Struct

from vendors.records import PageState, Phase, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.hosted import HostedPage
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import Reading, Time, oldest
from vendors.sources.pagedata import rows_in
from vendors.sources.richtext import markdown
from vendors.sources.shapes import typed

PHASES: dict[str, Phase] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
}
STATES: dict[str | None, PageState] = {
    "operational": "ok", "degraded": "issue", "degraded_performance": "issue", "partial_outage": "issue",
    "major_outage": "issue", "incident": "issue", "under_maintenance": "maintenance",
}  # fmt: skip


class _Update(Struct):
    date: Time
    status: str = ""
    message: str = ""


class _Report(Struct):
    id: int | str
    title: str = ""
    status: str = ""
    updates: list[Any] = []
    monitors: list[Any] = []


class _Window(Struct):
    id: int | str
    title: str = ""
    from_: Time | None = None
    to: Time | None = None


class _Feed(Struct):
    title: str
    statusReports: list[Any]
    status: str | None = None
    maintenances: list[Any] = []
    monitors: list[Any] = []


class _Monitor(Struct):
    id: int | str
    name: str


@dataclass(slots=True)
class OpenStatusReading(Reading):
    """The page's word and its reports."""

    word: str | None = None
    oldest: datetime | None = None
    reports: int = 0

    def take(self, body: bytes, what: str) -> None:
        """Read the JSON feed."""
        feed = typed(body, _Feed, what)
        self.word, self.name = feed.status, feed.title
        faults = self.ledger.quarantined
        for monitor in rows_in(feed.monitors, _Monitor, f"{what} monitors", faults):
            self.part(monitor.name, identity=str(monitor.id))
        known = len(faults)
        reports = rows_in(feed.statusReports, _Report, f"{what} statusReports", faults)
        if feed.statusReports and not reports:
            raise SourceChanged(f"{what} holds reports of another shape than OpenStatus's")
        self.unread += len(faults) - known
        self.reports = len(reports)
        for report in reports:
            updates = rows_in(report.updates, _Update, f"report {report.id} updates", faults)
            posts = [
                Post(posted_at=u.date, text=markdown(u.message), state=PHASES.get(u.status, "unknown")) for u in updates
            ]
            hit = [str(m.get("id")) for m in report.monitors if isinstance(m, dict)]
            over = report.status == "resolved"
            self.ledger.add(
                Draft(id=f"report-{report.id}", title=report.title, status=report.status, posts=posts, components=self.named(hit),
                      open=None if over and posts else not over)
            )  # fmt: skip
            self.oldest = oldest([self.oldest, *(u.date for u in updates)], self.ledger.as_of)
        windows = [{**m, "from_": m.get("from")} for m in feed.maintenances if isinstance(m, dict)]
        for window in rows_in(windows, _Window, f"{what} maintenances", faults):
            self.ledger.add_maintenance(
                DraftMaintenance(
                    id=f"window-{window.id}", title=window.title, scheduled_for=window.from_, scheduled_until=window.to
                )
            )

    def banner(self) -> PageState:
        """The page's own word."""
        return STATES.get(self.word, "unknown")

    def window(self) -> Window:
        """Back to the oldest update of the feed."""
        reason = f"the feed holds {self.reports} reports"
        if self.oldest is None:
            return Window(start=None, end=None, complete=False, reason=reason)
        return Window(start=self.oldest, end=self.ledger.as_of, complete=True, reason=reason)


class OpenStatus(HostedPage):
    """Reads an OpenStatus page from its JSON feed."""

    id = "openstatus"
    name = "OpenStatus"
    reading = OpenStatusReading
    about = About(
        kind="product",
        tested="written",
        reads="/feed/json",
        depth="the reports of the feed",
        start="no: the first update",
        impact="no",
        hosts=("openstatus.dev",),
        traps="its own interface needs a key",
    )

    def recognise(self, raw: Raw) -> float:
        """0.9 for the feed by its keys."""
        head = raw.body[:200_000]
        if raw.status >= 400 or raw.body[:64].lstrip()[:1] != b"{":
            return 0.0
        return 0.9 if b'"statusReports"' in head and b'"title"' in head else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The feed."""
        return (Endpoint(name="feed", url=f"{page_url.rstrip('/')}/feed/json", required=True),)


OPENSTATUS = OpenStatus()
