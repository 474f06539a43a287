"""Statuspage's objects to records. Pure; the rules of formats, sections 0 and 1, each with its reason."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec
import re2

from vendors.records import Component, Impact, Incident, Maintenance, Phase, Update
from vendors.sources.base import Quarantined
from vendors.sources.plaintext import plain
from vendors.sources.statuspage.wire import WireComponent, WireIncident, WireUpdate

IMPACTS: dict[str, Impact] = {"none": "none", "minor": "minor", "major": "major", "critical": "critical"}
PHASES: dict[str, Phase] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "postmortem": "postmortem",
    "update": "update",
}
MAINTENANCE_STATES = frozenset({"scheduled", "in_progress", "verifying", "completed"})
STATED_APART = timedelta(minutes=5)  # a start this far from the first post was typed by the vendor; formats, section 1
BULK_IMPORT = timedelta(days=2)  # an update created this long after its display time was entered afterwards
FUTURE = timedelta(minutes=5)
OLDEST = datetime(1995, 1, 1, tzinfo=UTC)  # before any hosted status page
_PACKED = re2.compile(r"(?s)<li>\s*<strong>(.*?)</strong>\s*-?\s*(.*?)</li>")
_STAMP = re2.compile(r"^\s*(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})\s*(?:UTC)?\s*$")  # as the import of 2018 wrote them
_TEXT = 500


@dataclass(slots=True)
class Rows:
    """Converted rows by id, and what was kept out."""

    incidents: dict[str, Incident] = field(default_factory=dict)
    maintenances: dict[str, Maintenance] = field(default_factory=dict)
    quarantined: list[Quarantined] = field(default_factory=list)

    def add(self, wire: WireIncident, page_url: str, *, as_of: datetime) -> None:
        """Convert one object and keep it where it belongs; a second copy with more updates replaces the first."""
        if is_maintenance(wire):
            self.maintenances[wire.id] = maintenance(wire)
            return
        converted = incident(wire, page_url)
        if reason := implausible(converted, as_of):
            self.quarantined.append(Quarantined(where=f"incident {wire.id}", reason=reason))
            return
        known = self.incidents.get(wire.id)
        if known is None or len(converted.updates) >= len(known.updates):
            self.incidents[wire.id] = converted


def is_maintenance(wire: WireIncident) -> bool:
    """Whether the object is announced work; it is never an outage by itself, whatever its impact says."""
    return wire.scheduled_for is not None or wire.impact == "maintenance" or wire.status in MAINTENANCE_STATES


def incident(wire: WireIncident, page_url: str) -> Incident:
    """The incident, updates oldest first, post-mortem apart from the rest."""
    updates = sorted((u for raw in wire.incident_updates for u in _updates(raw)), key=lambda u: u.posted_at)
    live = [u for u in updates if u.state != "postmortem"]
    created = _utc(wire.created_at)
    first_post = min((_utc(u.created_at) for u in wire.incident_updates), default=created)
    started = _utc(wire.started_at) if wire.started_at else min([created, *(u.posted_at for u in live)])
    ends = [u.posted_at for u in live if u.state == "resolved"]
    resolved = _utc(wire.resolved_at) if wire.resolved_at else (max(ends) if ends else None)
    if resolved is None and wire.status in ("resolved", "postmortem"):
        resolved = max([u.posted_at for u in live] or [_utc(wire.updated_at or wire.created_at)])
    started = min([started, *(u.posted_at for u in live)]) if _imported(wire) else started
    backfilled = (
        resolved is not None and first_post >= resolved and first_post - min(started, resolved) > timedelta(minutes=1)
    )
    if resolved is not None and backfilled and resolved < started:
        started = min(created, resolved)  # `started_at` is then only the time of typing
    link = wire.shortlink
    no_length = resolved is not None and backfilled and resolved <= started  # entered afterwards, no length given
    return Incident(
        id=wire.id[:_TEXT],
        page=page_url,
        title=plain(wire.name)[:_TEXT],
        impact=IMPACTS.get(wire.impact or ""),
        raw_impact=wire.impact[:_TEXT] if wire.impact else None,
        status=wire.status[:_TEXT],
        started_at=started,
        start_stated=abs(first_post - started) > STATED_APART,
        first_posted_at=first_post,
        resolved_at=None if no_length else resolved,
        end_known="unknown" if no_length else "open" if resolved is None else "stated",
        components=_component_names(wire),
        url=link,
        postmortem_url=link if any(u.state == "postmortem" for u in updates) or wire.postmortem_published_at else None,
        backfilled=backfilled,
        updates=tuple(updates),
    )


def maintenance(wire: WireIncident) -> Maintenance:
    """The window as announced; `completed_at` from the update that says so."""
    done = [_utc(u.display_at or u.created_at) for u in wire.incident_updates if u.status == "completed"]
    return Maintenance(
        id=wire.id[:_TEXT],
        title=plain(wire.name)[:_TEXT],
        announced_at=_utc(wire.created_at),
        scheduled_for=_utc(wire.scheduled_for) if wire.scheduled_for else None,
        scheduled_until=_utc(wire.scheduled_until) if wire.scheduled_until else None,
        completed_at=max(done) if done else None,
        components=_component_names(wire),
        url=wire.shortlink,
    )


def components(wires: Iterable[WireComponent]) -> tuple[Component, ...]:
    """The parts of the page, in its order; headings become the group of their parts."""
    wires = list(wires)
    groups = {wire.id: html.unescape(wire.name)[:_TEXT] for wire in wires if wire.group and wire.id}
    return tuple(
        Component(
            id=(wire.id or wire.code or wire.name)[:_TEXT],
            name=html.unescape(wire.name).strip()[:_TEXT],
            group=groups.get(wire.group_id or ""),
        )
        for wire in wires
        if not wire.group
    )


def implausible(row: Incident, as_of: datetime) -> str | None:
    """Why the incident's times cannot be true, or None."""
    if row.started_at > as_of + FUTURE:
        return f"it starts in the future ({row.started_at:%Y-%m-%d %H:%M} UTC)"
    if any(update.posted_at > as_of + FUTURE for update in row.updates):
        return "an update is dated in the future"
    if row.started_at < OLDEST:
        return f"it starts in {row.started_at.year}"
    if row.resolved_at is not None and row.resolved_at < row.started_at:
        return "it ends before it starts"
    return None


def _imported(wire: WireIncident) -> bool:
    """Whether its updates were entered in bulk long after the event."""
    return any(_utc(u.created_at) - _utc(u.display_at or u.created_at) > BULK_IMPORT for u in wire.incident_updates)


def _updates(wire: WireUpdate) -> list[Update]:
    """The update, or the several it packs: bulk-imported histories hold a list of timed posts in one body."""
    posted = _utc(wire.display_at or wire.created_at)
    body = wire.body or ""
    packed = _PACKED.findall(body) if "<li>" in body and _utc(wire.created_at) - posted > BULK_IMPORT else []
    if packed and (split := _split(packed, PHASES.get(wire.status, "unknown"))) is not None:
        return split
    return [
        Update(
            posted_at=posted,
            state=PHASES.get(wire.status, "unknown"),
            text=plain(body),
            edited=bool(wire.updated_at and _utc(wire.updated_at) - _utc(wire.created_at) > STATED_APART),
        )
    ]


def _split(packed: list[tuple[str, str]], state: Phase) -> list[Update] | None:
    """The packed updates in order, the last in the state of the whole. None if a stamp cannot be read."""
    rows: list[Update] = []
    for stamp, text in packed:
        match = _STAMP.match(stamp)
        if match is None:
            return None
        try:
            at = datetime.fromisoformat(match.group(1)).replace(tzinfo=UTC)
        except ValueError:
            return None
        rows.append(Update(posted_at=at, state="update", text=plain(text)))
    rows.sort(key=lambda row: row.posted_at)
    rows[-1] = msgspec.structs.replace(rows[-1], state=state)
    return rows


def _component_names(wire: WireIncident) -> tuple[str, ...]:
    names = [component.name for component in wire.components or () if not component.group]
    for update in wire.incident_updates:
        names += [affected.name for affected in update.affected_components or ()]
    return tuple(dict.fromkeys(html.unescape(name).strip()[:_TEXT] for name in names))


def _utc(at: datetime) -> datetime:
    """UTC to the second; a time without zone is what this API never serves, and is refused by the caller's decode."""
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return at.astimezone(UTC).replace(microsecond=0)
