"""Instatus pages: a summary for machines that tells the present, and pages that carry their record (both generations).

Names and messages are texts in old pages and objects of translations in new ones. A page may call itself up while an
incident is open, and give an incident the impact "operational" while its parts are down: what is worse is believed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import re2
from msgspec import Struct

from vendors.records import IMPACT_ORDER, Impact, PageState, Phase, Window
from vendors.sources.automated import machine_written
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.feeds import incident_feed
from vendors.sources.hosted import HostedPage
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import Reading, oldest
from vendors.sources.pagedata import rows_in, without_undefined
from vendors.sources.plaintext import plain
from vendors.sources.richtext import text_of
from vendors.sources.shapes import kind_of, typed
from vendors.sources.webpage import flight, objects_with, page_root, script_json

STATES: dict[str | None, Impact] = {
    "OPERATIONAL": "none",
    "DEGRADEDPERFORMANCE": "minor",
    "MINOROUTAGE": "minor",
    "PARTIALOUTAGE": "major",
    "MAJOROUTAGE": "critical",
}
PHASES: dict[str | None, Phase] = {
    "INVESTIGATING": "investigating",
    "IDENTIFIED": "identified",
    "MONITORING": "monitoring",
    "RESOLVED": "resolved",
}
_BANNERS: dict[str, PageState] = {"UP": "ok", "HASISSUES": "issue", "UNDERMAINTENANCE": "maintenance"}
_WORK = frozenset({"NOTSTARTEDYET", "INPROGRESS", "VERIFYING", "COMPLETED"})
_JS_DATE = re2.compile(r"^(?:[A-Z][a-z]{2}) ([A-Z][a-z]{2}) (\d{1,2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT([+-]\d{4})")
_POSTS = re2.compile(
    r"(?is)<small>(.{1,200}?)</small>\s*<br[^<>]{0,20}>\s*<strong>([^<>]{1,60})</strong>\s*(?:-|–)?\s*"
)


class _Part(Struct):
    id: str
    name: Any = None
    status: str | None = None
    children: list[Any] | None = None
    components: list[Any] | None = None
    archivedAt: str | None = None


class _Update(Struct):
    started: str | None = None
    createdAt: str | None = None
    status: str | None = None
    message: Any = None
    automated: bool | None = None


class _Notice(Struct):
    id: str
    name: Any = None
    status: str | None = None
    impact: str | None = None
    started: str | None = None
    start: str | None = None
    createdAt: str | None = None
    resolved: str | None = None
    duration: Any = None
    components: list[Any] | None = None
    updates: list[Any] | None = None
    url: str | None = None


class _Page(Struct):
    status: str
    name: str = ""
    url: str = ""


class _Summary(Struct):
    page: _Page
    activeIncidents: list[Any] | None = None
    activeMaintenances: list[Any] | None = None


class _Components(Struct):
    components: list[Any]


@dataclass(slots=True)
class InstatusReading(Reading):
    """The newest and fullest telling of each notice, the page's word, and how its parts are now."""

    lists_open: bool = False
    word: str | None = None
    notices: dict[str, _Notice] = field(default_factory=dict)
    active: set[str] = field(default_factory=set)
    hurt: bool = False
    maintained: bool = False
    reach: datetime | None = None
    reason: str = ""

    def take(self, body: bytes, what: str) -> None:
        """Read the summary, the list of components, a page of either generation, or the history feed."""
        kind = kind_of(body)
        if kind == "atom":
            self._take_feed(body, what)
        elif kind == "home":
            self._take_page(body, what)
        elif b'"page"' in body[:5000]:
            summary = typed(body, _Summary, what)
            self.lists_open = True
            self.word, self.name, self.url = summary.page.status, summary.page.name, summary.page.url
            self._take_notices(summary.activeIncidents or [], what, active=True)
            self._take_notices(summary.activeMaintenances or [], what, active=True)
        else:
            self._take_parts(typed(body, _Components, what).components, None, what)

    def _take_page(self, body: bytes, what: str) -> None:
        data = script_json(page_root(body, what), "__NEXT_DATA__")
        props = data.get("props", {}).get("pageProps") if isinstance(data, dict) else None
        if isinstance(props, dict) and isinstance(props.get("site"), dict):
            found: dict[str, list[Any]] = {key: [value] for key, value in props.items()}
        else:
            text = flight(body)
            wanted = ("site", "activeIncidents", "activeMaintenances", "notices", "components")
            found = {key: list(objects_with(text, key)) for key in wanted}
        site = next((v for v in found.get("site", []) if isinstance(v, dict) and "mainStatus" in v), None)
        if site is None:
            raise SourceChanged(f"{what} is a web page, but no status page of Instatus")
        self.lists_open = True
        self.word = site.get("status") if isinstance(site.get("status"), str) else None
        self.name = plain(text_of(site.get("name")))
        host = site.get("customDomain") or f"{site.get('subdomain')}.instatus.com"
        self.url = f"https://{host}" if isinstance(host, str) else ""
        for parts in found.get("components", []):
            listed = parts.get("components") if isinstance(parts, dict) else parts
            self._take_parts(listed if isinstance(listed, list) else [], None, what)
        for key in ("activeIncidents", "activeMaintenances"):
            for notices in found.get(key, []):
                self._take_notices(notices if isinstance(notices, list) else [], what, active=True)
        for notices in found.get("notices", []):
            past = list(notices.values()) if isinstance(notices, dict) else []
            self._take_notices(past, what, active=False)
        for day in next(iter(found.get("dailyGroupedNotices", [])), None) or []:
            listed = day.get("notices") if isinstance(day, dict) else None
            self._take_notices(listed if isinstance(listed, list) else [], what, active=False)
        self.reason = "the page's bars cover about ninety days"

    def _take_parts(self, parts: list[Any], group: str | None, what: str, depth: int = 4) -> None:
        if depth == 0:
            return
        values = [part for part in without_undefined(parts) if isinstance(part, dict) and "name" in part]
        for part in rows_in(values, _Part, f"{what} components", self.ledger.quarantined):
            name = text_of(part.name)
            below = part.children or part.components or []
            if below:
                self._take_parts(below, name, what, depth - 1)
            elif part.archivedAt is None:
                self.part(name, group, identity=part.id)
            self.hurt |= STATES.get(part.status, "none") not in ("none",)
            self.maintained |= part.status == "UNDERMAINTENANCE"

    def _take_notices(self, notices: list[Any], what: str, *, active: bool) -> None:
        known = len(self.ledger.quarantined)
        for notice in rows_in(without_undefined(notices), _Notice, f"{what} notices", self.ledger.quarantined):
            if active and notice.status not in ("RESOLVED", "COMPLETED", "NOTSTARTEDYET"):
                self.active.add(notice.id)
            old = self.notices.get(notice.id)
            if old is None or len(notice.updates or ()) > len(old.updates or ()):
                self.notices[notice.id] = notice
        self.unread += (len(self.ledger.quarantined) - known) if active else 0

    def _take_feed(self, body: bytes, what: str) -> None:
        feed = incident_feed(body, what)
        self.name, self.url = self.name or feed.title.split(" - ")[0], self.url or feed.link
        for entry in feed.entries:
            identity = (entry.link or entry.guid).rstrip("/").rsplit("/", 1)[-1]
            if identity and identity not in self.notices and "/incident" in (entry.link or entry.guid):
                text, at = plain(entry.content), entry.published
                self.notices[identity] = _Notice(
                    id=identity, name=entry.title, url=entry.link, createdAt=None if at is None else at.isoformat(),
                    updates=[{"started": None if at is None else at.isoformat(), "message": text}],
                )  # fmt: skip
        self.reason = self.reason or f"the feed holds {len(feed.entries)} entries"

    def finish(self) -> None:
        """Every notice once."""
        for identity in sorted(self.notices):
            self._add(self.notices[identity])
        starts = [_time(n.started or n.createdAt) for n in self.notices.values() if n.status not in _WORK]
        self.reach = oldest(starts, self.ledger.as_of)

    def _when(self, text: str | None, where: str) -> datetime | None:
        """The time, or None and a note where there is one that cannot be read."""
        at = _time(text)
        if text and at is None:
            self.ledger.keep_out(where, f"{text[:60]!r} is no time, or one without a zone")
        return at

    def _add(self, notice: _Notice) -> None:
        where = f"incident {notice.id}"
        started, resolved = self._when(notice.started or notice.start, where), self._when(notice.resolved, where)
        created = self._when(notice.createdAt, where)
        parts = [part for part in notice.components or [] if isinstance(part, dict)]
        names = [text_of(p.get("name")) or next(iter(self.named([p.get("id")])), "") for p in parts]
        if notice.status in _WORK or notice.impact == "UNDERMAINTENANCE":
            minutes = str(notice.duration or "")
            until = (
                started + timedelta(minutes=int(minutes))
                if started and minutes.isdigit() and len(minutes) < 7
                else None
            )
            window = DraftMaintenance(
                id=notice.id, title=text_of(notice.name), announced_at=created, scheduled_for=started, scheduled_until=until,
                completed_at=resolved, components=names, url=notice.url,
            )  # fmt: skip
            self.ledger.add_maintenance(window)
            return
        words = [notice.impact, *(part.get("status") for part in parts)]
        told = [word for word in words if word in STATES]
        worst = max(told, key=lambda word: IMPACT_ORDER.index(STATES[word]), default=None)
        posts = self._posts(notice)
        self.ledger.add(
            Draft(
                id=notice.id,
                title=text_of(notice.name),
                impact=STATES[worst] if worst else None,
                raw_impact=worst or notice.impact,
                status=(notice.status or "").lower(),
                started_at=started,
                created_at=created,
                resolved_at=resolved,
                open=True if notice.id in self.active else False if notice.status == "RESOLVED" else None,
                posts=posts,
                components=names,
                url=notice.url or (f"{self.url}/{notice.id}" if self.url else None),
            )
        )

    def _posts(self, notice: _Notice) -> list[Post]:
        rows = rows_in(
            without_undefined(notice.updates or []), _Update, f"incident {notice.id} updates", self.ledger.quarantined
        )
        posts = []
        for row in rows:
            text = text_of(row.message)
            by_machine = bool(row.automated) or machine_written(text)
            shown = _time(row.started)
            posts.append(
                Post(posted_at=_time(row.createdAt) or shown, shown_at=shown, text=text, automated=by_machine,
                     state=PHASES.get(row.status, "unknown"))
            )  # fmt: skip
        return posts

    def banner(self) -> PageState:
        """The page's own word, unless an incident is open or a part is hurt."""
        state = _BANNERS.get(self.word or "", "unknown")
        if state == "ok" and (self.hurt or any(self.notices[i].status not in _WORK for i in self.active)):
            return "issue"
        return "maintenance" if state == "ok" and (self.active or self.maintained) else state

    def window(self) -> Window:
        """Back to the oldest notice of the page or feed; the summary tells the present only."""
        if self.reach is None or not self.reason:
            return Window(
                start=None, end=None, complete=False, reason=self.reason or "the summary tells the present only"
            )
        return Window(start=self.reach, end=self.ledger.as_of, complete=False, reason=self.reason)


def _time(text: str | None) -> datetime | None:
    """The time of an ISO text, or of a date as JavaScript prints it; None for anything else."""
    if not isinstance(text, str) or not text or len(text) > 80:
        return None
    try:
        match = _JS_DATE.match(text)
        if match is not None:
            month, day, year, clock, zone = match.groups()
            at = parsedate_to_datetime(f"{day} {month} {year} {clock} {zone}")
        else:
            at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo is not None else None
    except (ValueError, OverflowError, TypeError):
        return None


class Instatus(HostedPage):
    """Reads an Instatus page from its summary, its HTML of either generation, or its feed."""

    id = "instatus"
    name = "Instatus"
    reading = InstatusReading
    about = About(
        kind="product",
        tested="captures",
        reads="/summary.json, /v2/components.json, the page (both generations), /history.rss",
        depth="about ninety days of the page's bars; older notices only in the feed",
        start="`started`, set by the vendor",
        impact="of the notice or of its parts, the worse",
        automated="where an update says so, or its words are a monitor's",
        hosts=("instatus.com",),
        traps="may say UP while an incident is open; dates as JavaScript prints them; texts or objects of translations",
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 for the summary or a page by marks only this product has, 0.9 for its feed."""
        body = raw.body
        if raw.status >= 400 or not body:
            return 0.0
        kind = kind_of(body[:4000])
        if kind == "home":
            return 0.95 if b"lang.instatus.com" in body and b"mainStatus" in body else 0.0
        if kind == "atom":
            return 0.9 if b"instatus.com" in body[:5000] else 0.0
        head = body[:5000]
        if b'"page"' in head and any(f'"{word}"'.encode() in head for word in _BANNERS) and b'"indicator"' not in head:
            return 0.95
        return 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The summary, the parts, the page and its feed."""
        base = page_url.rstrip("/")
        return (
            Endpoint(name="summary", url=f"{base}/summary.json", required=True),
            Endpoint(name="components", url=f"{base}/v2/components.json"),
            Endpoint(name="home", url=f"{base}/"),
            Endpoint(name="feed", url=f"{base}/history.rss"),
        )


INSTATUS = Instatus()
