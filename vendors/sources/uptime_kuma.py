"""Uptime Kuma: a page of monitors, the last hundred beats of each, and at most a few pinned notices.

There is no history: what is not polled is lost. Runs of failed beats are outages a machine saw; a notice is a person's
word. Beat times are UTC without a zone (louislam/uptime-kuma, `dayjs.utc`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import re2
from msgspec import Struct

from vendors.records import PageState
from vendors.sources.base import About, Endpoint, Raw
from vendors.sources.hosted import HostedPage
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import Reading
from vendors.sources.pagedata import rows_in
from vendors.sources.richtext import markdown
from vendors.sources.shapes import typed

DOWN, UP, PENDING, MAINTENANCE = range(4)
_PAGE = re2.compile(
    r"^(https?://[^/]+)(?:/.*)?/(?:api/)?status(?:-page)?/(?:heartbeat/)?([A-Za-z0-9-]{1,100})/?(?:[?#].*)?$"
)


class _Config(Struct):
    slug: str
    title: str = ""


class _Notice(Struct):
    id: int | None = None
    title: str = ""
    content: str = ""
    style: str | None = None
    createdDate: str | None = None
    lastUpdatedDate: str | None = None


class _Monitor(Struct):
    id: int
    name: str


class _Group(Struct):
    name: str
    monitorList: list[Any] = []


class _Window(Struct):
    id: int
    title: str = ""
    status: str | None = None
    timeslotList: list[Any] = []


class _Page(Struct):
    config: _Config
    publicGroupList: list[Any]
    incident: Any = None
    incidents: list[Any] = []
    maintenanceList: list[Any] = []


class _Beat(Struct):
    status: int
    time: str


class _Beats(Struct):
    heartbeatList: dict[str, list[Any]]


@dataclass(slots=True)
class KumaReading(Reading):
    """Notices, monitors and their last beats."""

    latest: dict[str, int] = field(default_factory=dict)
    working: bool = False
    beats: bool = False
    page: bool = False
    lists_open: bool = False

    def take(self, body: bytes, what: str) -> None:
        """Read the page or the beats."""
        if b'"heartbeatList"' in body[:200]:
            self._take_beats(typed(body, _Beats, what), what)
            return
        page = typed(body, _Page, what)
        faults = self.ledger.quarantined
        self.name, self.page, self.lists_open = page.config.title, True, self.beats
        for group in rows_in(page.publicGroupList, _Group, f"{what} publicGroupList", faults):
            for monitor in rows_in(group.monitorList, _Monitor, f"{what} {group.name}", faults):
                self.part(monitor.name, group.name, identity=str(monitor.id))
        known = len(faults)
        pinned = [page.incident] if page.incident is not None else []
        for notice in rows_in([*pinned, *page.incidents], _Notice, f"{what} incident", faults):
            at = _time(notice.createdDate)
            posts = [] if at is None else [Post(posted_at=at, text=markdown(notice.content), state="investigating")]
            self.note(at, _time(notice.lastUpdatedDate))
            identity = (
                f"notice-{notice.id}" if notice.id is not None else f"notice-{notice.createdDate}".replace(" ", "T")
            )
            self.ledger.add(
                Draft(id=identity, title=notice.title, raw_impact=notice.style, created_at=at, open=True, posts=posts)
            )
        for window in rows_in(page.maintenanceList, _Window, f"{what} maintenanceList", faults):
            self.working |= window.status == "under-maintenance"
            self.ledger.add_maintenance(DraftMaintenance(id=str(window.id), title=window.title))
        self.unread += len(faults) - known

    def _take_beats(self, beats: _Beats, what: str) -> None:
        self.beats, self.lists_open = True, self.page
        for monitor, rows in sorted(beats.heartbeatList.items())[:5_000]:
            told = rows_in(rows, _Beat, f"{what} {monitor}", self.ledger.quarantined)
            dated = [(at, beat) for beat in told if (at := _time(beat.time)) is not None]
            for beat in told:
                if _time(beat.time) is None:
                    self.ledger.keep_out(f"{what} monitor {monitor}", f"the time {beat.time[:40]!r} cannot be read")
            run: list[datetime] = []
            for at, beat in sorted(dated, key=lambda pair: (pair[0], pair[1].status)):
                self.note(at)
                self.latest[monitor] = beat.status
                if beat.status == DOWN:
                    run.append(at)
                elif run and beat.status == UP:
                    self._outage(monitor, run, at)
                    run = []
            if run:
                self._outage(monitor, run, None)

    def _outage(self, monitor: str, run: list[datetime], end: datetime | None) -> None:
        """A run of failed beats. It began after the beat before, so its start is the first beat that failed."""
        identity = f"monitor-{monitor}-{run[0]:%Y%m%dT%H%M%S}"
        post = Post(posted_at=run[0], text="", state="investigating", automated=True)
        draft = Draft(id=identity, title=f"monitor {monitor}", created_at=run[0], started_at=run[0], posts=[post])
        draft.resolved_at, draft.open = end, end is None
        draft.components = self.named([monitor])
        self.ledger.add(draft)

    def banner(self) -> PageState:
        """The page draws its word from the last beats; without them nothing is known."""
        if not self.beats or not self.latest:
            return "unknown"
        if any(status == DOWN for status in self.latest.values()):
            return "issue"
        if self.working or any(status == MAINTENANCE for status in self.latest.values()):
            return "maintenance"
        return "ok" if all(status == UP for status in self.latest.values()) else "unknown"


def _time(text: str | None) -> datetime | None:
    """A time as the software prints it: UTC, with or without saying so. None for anything else."""
    if not text or len(text) > 40:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


class UptimeKuma(HostedPage):
    """Reads a status page of Uptime Kuma."""

    id = "uptime-kuma"
    name = "Uptime Kuma"
    reading = KumaReading
    about = About(
        kind="host",
        tested="captures",
        reads="/api/status-page/<name>, /api/status-page/heartbeat/<name>",
        depth="the last hundred beats of each monitor; no history",
        start="of a monitor's outage, to the beat",
        impact="no",
        automated="all but the pinned notices",
        traps="times carry no zone (they are UTC); without polling nothing remains",
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 for either document by its keys."""
        head = raw.body[:2000]
        if raw.status >= 400 or not head:
            return 0.0
        if b'"heartbeatList"' in head[:200]:
            return 0.95
        return 0.95 if b'"config"' in head[:200] and b'"publicGroupList"' in raw.body and b'"slug"' in head else 0.0

    def base_of(self, url: str) -> str | None:
        """The page `/status/<name>`, for its own address and those of its interface."""
        match = _PAGE.match(url)
        return f"{match.group(1)}/status/{match.group(2)}" if match is not None else None

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The page and its beats; a bare origin is asked for the name most installations keep."""
        match = _PAGE.match(page_url)
        origin, name = (match.group(1), match.group(2)) if match is not None else (page_url.rstrip("/"), "default")
        return (
            Endpoint(name="page", url=f"{origin}/api/status-page/{name}", required=True),
            Endpoint(name="beats", url=f"{origin}/api/status-page/heartbeat/{name}"),
        )


UPTIME_KUMA = UptimeKuma()
