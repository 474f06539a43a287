"""One incident told by several answers, made one: order of answers, of incidents and of updates changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from vendors.sources.plaintext import plain
from vendors.sources.statuspage.wire import ReadIncident, WireIncident, WireUpdate

_NEVER = datetime.min.replace(tzinfo=UTC)
_FILLED = (
    "name", "status", "impact", "created_at", "started_at", "resolved_at", "scheduled_for", "scheduled_until",
    "shortlink", "components", "postmortem_published_at", "first_seen", "last_seen", "gone_at",
)  # fmt: skip


def merged(copies: list[WireIncident]) -> WireIncident:
    """The one incident the copies tell of: the API's newest copy, completed by the others.

    Updates are joined by id; a post read from a page or feed is added only where the API has none of that minute or
    that text (the feed calls a repeated state "update", so states are not compared).
    """
    if len(copies) == 1 and _has_no_doubles(copies[0]):
        return copies[0]
    ordered = sorted(copies, key=_authority, reverse=True)
    base = ordered[0]
    if len(copies) > 1:
        changes = {
            name: value
            for name in _FILLED
            if not getattr(base, name) and (value := _first([getattr(copy, name) for copy in ordered[1:]]))
        }
        base = msgspec.structs.replace(base, **changes) if changes else base
    base.incident_updates = _joined(ordered)
    return base


def _has_no_doubles(copy: WireIncident) -> bool:
    ids = {update.id for update in copy.incident_updates or ()}
    return isinstance(copy, ReadIncident) or (len(ids) == len(copy.incident_updates or ()) and None not in ids)


def _first(values: list[object]) -> object:
    return next((value for value in values if value), None)


def _authority(copy: WireIncident) -> tuple[bool, bool, datetime, int, bytes]:
    read = isinstance(copy, ReadIncident)
    bare = isinstance(copy, ReadIncident) and copy.partial
    return (
        not bare,
        not read,
        copy.updated_at or _NEVER,
        len(copy.incident_updates or ()),
        msgspec.json.encode(copy),  # so that equal copies in another order stay equal
    )


def _joined(ordered: list[WireIncident]) -> list[WireUpdate]:
    known: dict[object, WireUpdate] = {}
    for copy in ordered:
        if isinstance(copy, ReadIncident):
            continue
        for update in copy.incident_updates or ():
            key = update.id or (update.created_at, update.status, update.body)
            old = known.get(key)
            if old is None or _edition(update) > _edition(old):
                known[key] = update
    joined = list(known.values())
    for copy in ordered:
        if not isinstance(copy, ReadIncident):
            continue
        minutes = {_minute(at) for u in joined for at in (u.display_at, u.created_at) if at is not None}
        texts = {plain(u.body) for u in joined} if joined else set()
        has_postmortem = any(u.status == "postmortem" for u in joined)
        for update in copy.incident_updates or ():
            same = _minute(update.display_at) in minutes or (update.body and plain(update.body) in texts)
            if not same and not (has_postmortem and update.status == "postmortem"):
                joined.append(update)
    return joined


def _edition(update: WireUpdate) -> tuple[datetime, bytes]:
    return update.updated_at or _NEVER, msgspec.json.encode(update)


def _minute(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC).replace(second=0, microsecond=0)
