"""Statuspage's objects to records: which of five times is which, what is an outage and what is announced work.

A post was public when the server stored it (`created_at`), whatever time the vendor shows for it (`display_at`); a start
is what the vendor states (`started_at`), or the earliest time the page speaks of. A length is counted only where start
and end are told apart: a single "resolved" post, entered afterwards, says that something happened, not how long it took.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import re2
from msgspec import Struct

from vendors.records import Component, Conflict, EndKnown, Impact, Incident, Maintenance, Phase, Update
from vendors.sources.automated import machine_written
from vendors.sources.ledger import SAME_MOMENT, STATED_APART, TEXT_CAP, UPDATES_CAP, Ledger, conflict
from vendors.sources.plaintext import plain, short
from vendors.sources.prose import start_in_prose
from vendors.sources.statuspage.wire import ReadIncident, WireComponent, WireIncident, WireUpdate

IMPACTS: dict[str | None, Impact] = {"none": "none", "minor": "minor", "major": "major", "critical": "critical"}
PHASES: dict[str | None, Phase] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "update": "update",
    "in_progress": "update",
    "verifying": "monitoring",
    "resolved": "resolved",
    "completed": "resolved",
    "postmortem": "postmortem",
}
ENDED = frozenset({"resolved", "postmortem", "completed"})
OPEN_STATES = frozenset({"investigating", "identified", "monitoring"})
MAINTENANCE_STATES = frozenset({"scheduled", "in_progress", "verifying", "completed"})

IMPORTED = timedelta(days=2)  # a list of timed posts in one body, stored this long after them, is an import

_PACKED = re2.compile(
    r"(?s)<li>\s*<strong>\s*(\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?)(?: UTC)?\s*</strong>\s*-?\s*(.*?)</li>"
)


@dataclass(slots=True)
class Rows(Ledger):
    """What the answers hold so far: records by id, and what was kept out.

    `names` gives the readable name of a component id, with its group where the name alone is shared by several.
    """

    names: Mapping[str, str] = field(default_factory=dict)

    def take(self, wire: WireIncident, *, announced: bool = False) -> None:
        """Convert one object, already merged from all answers, and put it where it belongs."""
        if not _is_id(wire.id):
            self.keep_out(f"incident {wire.id}", "its id is none a status page gives")
        elif announced or is_maintenance(wire):
            self.maintenances[wire.id] = self._maintenance(wire)
        else:
            incident = self._incident_of(wire)
            if incident is not None:
                self.incidents[wire.id] = incident

    def _incident_of(self, wire: WireIncident) -> Incident | None:
        where = f"incident {wire.id}"
        posts = self._posts_of(wire, where)
        updates = [post.update for post in posts]
        packed = any(post.packed for post in posts)
        live = [post for post in posts if post.update.state != "postmortem"] or posts
        first_post = min((post.stored_at for post in live), default=None)
        told = self._start_told(wire, live, where, first_post)
        if told is None:
            return None
        started, stated, in_prose, conflicts = told
        resolved, end_known = self._end_told(wire, live, where, started, packed)
        if resolved is not None and resolved < started:
            conflicts = (*conflicts, conflict("resolved_at", None, resolved, "the stated end lies before the start"))
            self.keep_out(f"{where} resolved_at", "the stated end lies before the start; its length is not counted")
            resolved, end_known = None, "unknown"
        if isinstance(wire, ReadIncident) and wire.guess:
            conflicts = (*conflicts, conflict("started_at", started, None, wire.guess))
        url = self._url(wire)
        return Incident(
            id=wire.id,
            page=self.page_url,
            title=short(wire.name, TEXT_CAP),
            impact=IMPACTS.get(wire.impact),
            status=short(wire.status, TEXT_CAP) or "unknown",
            started_at=started,
            first_posted_at=first_post,
            resolved_at=resolved,
            end_known=end_known,
            raw_impact=short(wire.impact, TEXT_CAP) if wire.impact else None,
            start_stated=stated,
            start_in_prose=in_prose,
            components=self._components(wire, updates),
            url=url,
            postmortem_url=url if wire.postmortem_published_at or len(live) < len(posts) else None,
            backfilled=packed or _entered_afterwards(live, first_post, resolved),
            updates=tuple(updates),
            conflicts=conflicts,
        )

    def _posts_of(self, wire: WireIncident, where: str) -> list[_Post]:
        posts: list[_Post] = []
        updates = wire.incident_updates or []
        if len(updates) > UPDATES_CAP:
            self.keep_out(where, f"{len(updates)} updates; all but the oldest {UPDATES_CAP} are left out")
            updates = sorted(updates, key=lambda u: (u.created_at or u.display_at or self.as_of, u.id or ""))[
                :UPDATES_CAP
            ]
        for update in updates:
            told = update.created_at or update.display_at
            stored = self.sound(told, where)
            if stored is None:
                if told is None:
                    self.keep_out(f"{where} update {update.id}", "it has no time")
                continue
            shown = update.display_at
            shown = stored if shown is None or shown == told else self.sound(shown, where) or stored
            posts += _unpacked(update, stored, shown) or [_Post(_update(update, stored), stored, shown, False)]
        if len(posts) > 1:
            posts.sort(
                key=lambda post: (post.update.posted_at, post.update.state == "resolved", post.update.text or "")
            )
        return posts

    def _start_told(
        self, wire: WireIncident, live: list[_Post], where: str, first_post: datetime | None
    ) -> tuple[datetime, bool, bool, tuple[Conflict, ...]] | None:
        """(start, stated apart from the post?, told in prose?, conflicts); None, and a note, if no time is usable."""
        stated = self.sound(wire.started_at, f"{where} started_at")
        prose = None
        if first_post is not None and (stated is None or first_post - stated <= STATED_APART):
            told = ((post.update.text or "", post.stored_at) for post in live if not post.packed)
            prose = start_in_prose(told, first_post=first_post)
        shown = [post.shown_at for post in live]
        times = [at for at in (stated, prose, *shown, first_post) if at is not None]
        if not times:
            created = self.sound(wire.created_at, f"{where} created_at")
            if created is None:
                self.keep_out(where, "it has no time that can be true")
                return None
            return created, False, False, ()
        started = min(times)
        conflicts: tuple[Conflict, ...] = ()
        if stated is not None and stated - started > STATED_APART:
            why = "its text tells an earlier start" if started == prose else "the page speaks of it before that"
            conflicts = (conflict("started_at", started, stated, why),)
        apart = first_post is not None and first_post - started > STATED_APART and not any(p.packed for p in live)
        return started, apart, apart and started == prose, conflicts

    def _end_told(
        self, wire: WireIncident, live: list[_Post], where: str, started: datetime, packed: bool
    ) -> tuple[datetime | None, EndKnown]:
        """(end, what is known of it). An incident that went on after its "resolved" is open, whatever end is left in it."""
        resolved = self.sound(wire.resolved_at, f"{where} resolved_at")
        closing = [post for post in live if post.update.state == "resolved"]
        if packed:  # an import: one time for all; its last post is the latest it can have ended
            resolved = max(post.shown_at for post in live)
            return (resolved, "upper_bound") if resolved - started > SAME_MOMENT else (None, "unknown")
        reopened = bool(live) and wire.status in OPEN_STATES and live[-1].update.state != "resolved"
        if reopened and (resolved is not None or closing):
            return None, "open"
        if resolved is None and closing:
            resolved = min(closing[-1].shown_at, closing[-1].stored_at)
        if resolved is not None:
            single = len(live) <= 1 and abs(resolved - started) <= SAME_MOMENT
            return (None, "unknown") if single else (resolved, "stated")
        if wire.status in ENDED or (isinstance(wire, ReadIncident) and wire.partial):
            return None, "unknown"
        gone = self.sound(wire.gone_at, f"{where} _gone_at")
        return (None, "open") if gone is None else (max(gone, started), "upper_bound")

    def _maintenance(self, wire: WireIncident) -> Maintenance:
        where = f"maintenance {wire.id}"
        updates = wire.incident_updates or []
        stored = [u.created_at or u.display_at for u in updates]
        announced = min((at for at in (*stored, None if stored else wire.created_at) if at is not None), default=None)
        begin = self.sound(wire.scheduled_for, f"{where} scheduled_for", ahead=True)
        until = self.sound(wire.scheduled_until, f"{where} scheduled_until", ahead=True)
        if begin is not None and until is not None and until < begin:
            self.keep_out(f"{where} scheduled_until", "the announced end lies before the announced begin")
            until = None
        done = [at for u in updates if u.status in ENDED and (at := u.display_at or u.created_at) is not None]
        completed = wire.resolved_at if wire.resolved_at is not None else max(done, default=None)
        return Maintenance(
            id=wire.id,
            title=short(wire.name, TEXT_CAP),
            announced_at=self.sound(announced, f"{where} announced"),
            scheduled_for=begin,
            scheduled_until=until,
            completed_at=self.sound(completed, f"{where} completed"),
            components=self._components(wire, []),
            url=self._url(wire),
        )

    def _components(self, wire: WireIncident, updates: list[Update]) -> tuple[str, ...]:
        """The names of everything the incident or one of its updates names, each once."""
        seen: dict[str, str] = {}
        for part in wire.components or ():
            if isinstance(part, str):
                seen[part] = part
            elif not part.group and part.name:
                seen[part.id or part.name] = self.names.get(part.id or "") or part.name
        later: dict[str, str] = {}
        for update in wire.incident_updates or ():
            for named in update.affected_components or ():
                key = named.code or named.name
                if key is not None and key not in seen and key not in later:
                    later[key] = self.names.get(key) or named.name or key
        names = list(seen.values())
        if later:
            names += sorted(later.values())
        return tuple(dict.fromkeys([_name(name) for name in names])) if names else ()

    def _url(self, wire: WireIncident) -> str | None:
        if self.page_url.startswith("http"):
            return f"{self.page_url.rstrip('/')}/incidents/{wire.id}"
        link = wire.shortlink
        return link if link and link.startswith(("https://", "http://")) and len(link) <= 2000 else None


class _Post(Struct, frozen=True):
    """An update with its two times: when it was stored and what time the page shows for it."""

    update: Update
    stored_at: datetime
    shown_at: datetime
    packed: bool


def is_maintenance(wire: WireIncident) -> bool:
    """Whether the object is announced work; it is never an outage by itself, whatever its impact says."""
    return wire.impact == "maintenance" or wire.scheduled_for is not None or wire.status in MAINTENANCE_STATES


def components(wires: list[WireComponent] | None) -> tuple[Component, ...]:
    """The parts of the page, in its order; headings become the group of their parts. Parts without a name are left out."""
    groups = {wire.id: _name(wire.name) for wire in wires or () if wire.group and wire.id and wire.name}
    parts = [wire for wire in wires or () if not wire.group and wire.name]
    rows = {
        (wire.id or wire.name or "")[:TEXT_CAP]: Component(
            id=(wire.id or wire.name or "")[:TEXT_CAP],
            name=_name(wire.name or ""),
            group=groups.get(wire.group_id or ""),
        )
        for wire in parts
    }
    return tuple(rows.values())


def readable_names(parts: tuple[Component, ...]) -> dict[str, str]:
    """Component id -> its name, with the group in front where several parts of the page bear the same name."""
    count: dict[str, int] = {}
    for part in parts:
        count[part.name] = count.get(part.name, 0) + 1
    return {
        part.id: f"{part.group} - {part.name}" if part.group and count[part.name] > 1 else part.name for part in parts
    }


def _update(wire: WireUpdate, stored: datetime) -> Update:
    text = plain(wire.body)
    return Update(
        posted_at=stored,
        state=PHASES.get(wire.status, "unknown"),
        first_seen_at=None if wire.first_seen is None else wire.first_seen.astimezone(UTC),
        text=text,
        automated=machine_written(text),
        edited=bool(wire.edits),
    )


def _unpacked(wire: WireUpdate, stored: datetime, shown: datetime) -> list[_Post] | None:
    """The posts of a bulk import, which packs a whole incident into one body; None for an ordinary post.

    The times inside are the page's wall clock: the first must be the time shown for the whole, a whole number of
    quarter hours apart at the most, or the body is left as it is.
    """
    body = wire.body or ""
    if "<li>" not in body or stored - shown < IMPORTED or not (found := _PACKED.findall(body)):
        return None
    try:
        times = [datetime.fromisoformat(stamp).replace(tzinfo=UTC) for stamp, _ in found]
    except ValueError:
        return None
    shift = shown - min(times)
    if shift % timedelta(minutes=15) or abs(shift) > timedelta(hours=14) or max(times) + shift > stored:
        return None
    state = PHASES.get(wire.status, "unknown")
    last = max(times)
    posts = []
    for at, (_, text) in zip(times, found, strict=True):
        update = Update(posted_at=at + shift, state=state if at == last else "update", text=plain(text))
        posts.append(_Post(update, stored, at + shift, True))
    return posts


def _entered_afterwards(live: list[_Post], first_post: datetime | None, resolved: datetime | None) -> bool:
    """Whether the first public word came at or after the end."""
    if first_post is None:
        return False
    first = min(live, key=lambda post: post.stored_at)
    if len(live) == 1 and first.update.state == "resolved":
        return True
    return resolved is not None and first_post >= resolved


def _is_id(text: str) -> bool:
    return 0 < len(text) <= 100 and text.isascii() and text.replace("-", "a").replace("_", "a").isalnum()


@lru_cache(maxsize=4096)
def _name(text: str | None) -> str:
    return short(text, TEXT_CAP)
