"""Slack's own status page: the incidents of the moment, the newest fifty, and lists merged from snapshots of the former.

Notes carry no phase. The first ordinary note opens an incident; once the page calls it resolved, the last one closed it;
a note that begins as a summary was written afterwards. Sources: docs.slack.dev on the Slack Status API, versions 1 and 2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import msgspec
import re2
from msgspec import Struct

from vendors.records import Impact, PageState, Phase, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged, on_host
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import Moment, Number, OwnPage, Reading, Time, either, moment, oldest, readable
from vendors.sources.plaintext import plain
from vendors.sources.shapes import as_utf8, kind_of, peek

# The page tells kinds, not levels. Its own words: an outage is the service being unavailable, a notice is information.
# An "incident" may be anything between, so its impact is not known.
IMPACTS: dict[str, Impact] = {"outage": "critical", "notice": "minor"}
ENDED = frozenset({"resolved", "completed", "cancelled"})
_BANNERS: dict[str | None, PageState] = {"ok": "ok", "active": "issue"}
_SUMMARY = re2.compile(r"(?i)^\W*(?:(?:issue|incident|outage|event)\s+)?summary\b")
_LINK = re2.compile(rb'"https?:\\?/\\?/(?:status\.slack\.com|(?:www\.)?slack-status\.com)\\?/')
_HOSTS = ("status.slack.com", "slack-status.com")


class Note(Struct):
    """One post. `first_seen` only in merged snapshots."""

    date_created: Moment
    body: str = ""


class Event(Struct):
    """An incident, outage, notice or maintenance; `first_seen`, `last_seen` and `gone_at` only in merged snapshots."""

    id: Number | str
    date_created: Moment = None
    date_updated: Moment = None
    title: str | None = None
    type: str | None = None
    status: str | None = None
    url: str | None = None
    services: list[str] | None = None
    notes: list[Note] | None = None
    last_seen: Time | None = msgspec.field(default=None, name="_last_seen")
    gone_at: Time | None = msgspec.field(default=None, name="_gone_at")


class _Head(Struct):
    """`status` of version 1 and 2; `id` and `notes` where version 1 tells the one incident there is."""

    status: str | None = None
    date_created: Moment = None
    date_updated: Moment = None
    id: Number | str | None = None
    notes: list[msgspec.Raw] | None = None


class _Current(_Head):
    active_incidents: list[Event] | None = None


class _CurrentPieces(_Head):
    active_incidents: list[msgspec.Raw] | None = None


@dataclass(slots=True)
class SlackReading(Reading):
    """What the documents tell: events by id, the newest telling of each, and the ids that are listed as active."""

    status: str | None = None
    listed: int = 0
    events: dict[str, Event] = field(default_factory=dict)
    active: set[str] = field(default_factory=set)
    oldest: datetime | None = None
    merged: bool = False

    def take(self, body: bytes, what: str) -> None:
        """Read "current" of either version, "history", or merged snapshots as lines."""
        if kind_of(body) == "lines":
            self._take_lines(body, what)
        elif body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"[":
            self._take_history(body, what)
        else:
            self._take_current(body, what)

    def finish(self) -> None:
        """Every event once."""
        for identity, event in self.events.items():
            self._add(identity, event)

    def banner(self) -> PageState:
        """By the page's word; maintenance where nothing but that is active."""
        state = _BANNERS.get(self.status, "unknown")
        kinds = {self.events[identity].type for identity in self.active}
        if self.unread == 0 and kinds == {"maintenance"} and state != "unknown":
            return "maintenance"
        return "issue" if state == "ok" and self.listed else state

    def window(self) -> Window:
        """Back to the oldest event of the list; nothing is covered where only the active ones were asked."""
        if self.oldest is None:
            reason = "the interface lists only what is active now"
            return Window(start=None, end=None, complete=False, reason=reason)
        reason = (
            "merged from snapshots of the active incidents" if self.merged else "the list holds the newest incidents"
        )
        return Window(start=self.oldest, end=self.ledger.as_of, complete=not self.merged, reason=reason)

    def _take_current(self, body: bytes, what: str) -> None:
        head = either(body, _Current, _CurrentPieces, what)
        single = head.active_incidents is None and head.id is not None and head.notes is not None
        if head.status is None or (head.active_incidents is None and not single and head.date_updated is None):
            raise SourceChanged(f"{what} is JSON, but no answer of Slack's status page: it states no status")
        self.status = head.status
        self.note(moment(head.date_created), moment(head.date_updated))
        rows = [msgspec.Raw(as_utf8(body))] if single else list(head.active_incidents or ())
        self.listed += len(rows)
        known = len(self.ledger.quarantined)
        events = readable(rows, Event, f"{what} active_incidents", self.ledger.quarantined) if rows else []
        self.unread += len(self.ledger.quarantined) - known
        for event in events:
            self.active.add(self._keep(event))

    def _take_history(self, body: bytes, what: str) -> None:
        rows = either(body, list[Event], list[msgspec.Raw], what)
        events = readable(rows, Event, what, self.ledger.quarantined)
        self._reach(events)

    def _take_lines(self, body: bytes, what: str) -> None:
        rows = [msgspec.Raw(line) for line in body.split(b"\n") if line.strip()]
        events = readable(rows, Event, f"{what} line", self.ledger.quarantined)
        self.merged = True
        self._reach(events)

    def _reach(self, events: list[Event]) -> None:
        if events and all(event.notes is None and event.services is None for event in events):
            raise SourceChanged(
                "the rows are no incidents of Slack's status page: they have neither notes nor services"
            )
        for event in events:
            self._keep(event)
        times = [moment(event.date_created) for event in events]
        self.oldest = oldest([*times, self.oldest], self.ledger.as_of)

    def _keep(self, event: Event) -> str:
        """Its id; of two tellings, the one changed later stays."""
        identity = str(event.id)
        known = self.events.get(identity)
        if known is None or (_age(event), len(event.notes or ())) > (_age(known), len(known.notes or ())):
            self.events[identity] = event
        return identity

    def _add(self, identity: str, event: Event) -> None:
        created, updated = moment(event.date_created), moment(event.date_updated)
        self.note(updated, event.last_seen, event.gone_at)
        for name in event.services or ():
            self.part(name)
        if event.type == "maintenance" or event.status == "scheduled":
            self.ledger.add_maintenance(
                DraftMaintenance(
                    id=identity,
                    title=event.title or "",
                    announced_at=created,
                    completed_at=updated if event.status == "completed" else None,
                    components=event.services or (),
                    url=event.url,
                )
            )
            return
        is_over = event.status in ENDED
        is_open = identity in self.active or event.status == "active"
        self.ledger.add(
            Draft(
                id=identity,
                title=event.title or "",
                impact=IMPACTS.get(event.type or ""),
                raw_impact=event.type,
                status=event.status or "",
                started_at=created,
                open=False if is_over else True if is_open else None,
                posts=_posts(event.notes or [], is_over=is_over),
                components=event.services or (),
                url=event.url,
            )
        )
        if event.gone_at is not None:
            self._gone(identity, event.gone_at)

    def _gone(self, identity: str, gone_at: datetime) -> None:
        """It was no longer active when a snapshot was taken: it ended by then, when exactly is not told."""
        incident = self.ledger.incidents.get(identity)
        bound = self.ledger.sound(gone_at, f"incident {identity} _gone_at")
        if incident is not None and bound is not None and incident.end_known == "open":
            self.ledger.incidents[identity] = msgspec.structs.replace(
                incident, resolved_at=max(bound, incident.started_at), end_known="upper_bound"
            )


def _posts(notes: list[Note], *, is_over: bool) -> list[Post]:
    posts = [Post(posted_at=moment(note.date_created), text=plain(note.body), state="update") for note in notes]
    ordinary: list[Post] = []
    for post in sorted((p for p in posts if p.posted_at is not None), key=_posted):
        if "summary" in post.text[:60].lower() and _SUMMARY.match(post.text):
            post.state = "postmortem"
        else:
            ordinary.append(post)
    for n, post in enumerate(ordinary):
        post.state = phase(n, len(ordinary), is_over=is_over)
    return posts


def phase(position: int, count: int, *, is_over: bool) -> Phase:
    """What the ordinary note at that position of so many does. A lone note opened the incident, it did not close it."""
    if position == 0:
        return "investigating"
    return "resolved" if is_over and position == count - 1 else "update"


def _posted(post: Post) -> tuple[datetime, str]:
    assert post.posted_at is not None
    return post.posted_at, post.text


def _age(event: Event) -> float:
    at = moment(event.date_updated) or moment(event.date_created)
    return at.timestamp() if at is not None else 0.0


class Slack(OwnPage):
    """Reads slack-status.com from any of its answers."""

    id = "slack"
    name = "Slack"
    home = "https://slack-status.com"
    vendor = "Slack"
    reading = SlackReading
    about = About(
        kind="own",
        tested="captures",
        reads="/api/v2.0.0/current and history, /api/v1.0.0/current",
        depth="the newest 50 incidents or so",
        start="`date_created`, which the vendor can set before the first note",
        impact="only kinds: outage (critical), notice (minor), incident (not known)",
        hosts=_HOSTS,
        traps="no time of the end: the last ordinary note tells it; summaries are appended days later as notes",
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 by keys and links only this page has; 0.9 for the tiny "ok" of version 1 from its host, 0.4 from elsewhere."""
        body = raw.body
        if raw.status >= 400 or not body:
            return 0.0
        first = body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        head = body[:100_000]
        if first not in (b"{", b"[") or b'"date_created"' not in head:
            return 0.0
        if first == b"{" and b'"active_incidents"' in head and b'"status"' in head:
            return 0.95
        if b'"services"' in head and b'"notes"' in head and _LINK.search(head):
            return 0.95
        return self._is_all_well(raw) if len(body) < 1_000 else 0.0

    def _is_all_well(self, raw: Raw) -> float:
        answer = peek(raw.body, dict[str, object])
        if answer is None or set(answer) != {"status", "date_created", "date_updated"}:
            return 0.0
        return 0.9 if on_host(raw.final_url or raw.url, _HOSTS) else 0.4

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The present, and the list of the newest."""
        base = page_url.rstrip("/")
        return (
            Endpoint(name="current", url=f"{base}/api/v2.0.0/current", required=True),
            Endpoint(name="history", url=f"{base}/api/v2.0.0/history"),
        )


SLACK = Slack()
