"""Times as people and exports write them, to aware UTC times; what could mean two moments is refused, not guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
SLACK = timedelta(minutes=5)  # docs/limits.md: clocks differ
_LONGEST = 40


class BadTime(ValueError):
    """A time cannot be used; the message is one sentence that says how to write it."""


def zone_named(name: str) -> tzinfo:
    """The zone of an IANA name ("Europe/Berlin", "UTC"). Raises BadTime for anything else."""
    from zoneinfo import ZoneInfo

    wanted = name.strip()
    try:
        if not wanted or len(wanted) > 60:
            raise ValueError
        return ZoneInfo(wanted)
    except (KeyError, ValueError, OSError) as fault:  # not found, not a name at all, or the name of a folder of names
        raise BadTime(f"{wanted[:60]!r} is no time zone; write an IANA name like Europe/Berlin or UTC") from fault


def read_time(text: str, zone: tzinfo | None, *, as_of: datetime) -> datetime:
    """The UTC time of an ISO 8601 time; one without an offset stands in `zone`.

    Raises BadTime: not a time, no zone, an hour that the clocks of the zone show twice or never, before 1995, after `as_of`.
    """
    stripped = text.strip()
    try:
        if not 11 <= len(stripped) <= _LONGEST:
            raise ValueError
        written = datetime.fromisoformat(stripped)
    except ValueError as fault:
        raise BadTime(f"{stripped[:_LONGEST]!r} is no time; write it like 2026-03-01T10:00:00Z") from fault
    if written.tzinfo is None:
        written = _placed(written, zone)
    try:
        at = written.astimezone(UTC)
    except (OverflowError, ValueError) as fault:
        raise BadTime(f"{stripped!r} lies outside the calendar") from fault
    if at < EARLIEST:
        raise BadTime(f"{stripped!r} lies before 1995; check the year")
    if at > as_of + SLACK:
        raise BadTime(f"{stripped!r} lies in the future; check the date and the zone")
    return at


def _placed(naive: datetime, zone: tzinfo | None) -> datetime:
    """The wall-clock time in the zone. Raises BadTime where there is no zone, or the clocks changed over that hour."""
    if zone is None:
        raise BadTime(f"{naive.isoformat(' ')!r} names no zone; add its offset, like +02:00 or Z, or give the zone")
    first, second = naive.replace(tzinfo=zone, fold=0), naive.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive:
        raise BadTime(f"{naive.isoformat(' ')!r} never was in {zone}: the clocks skipped it; write it with its offset")
    both = f"{first.isoformat()} or {second.isoformat()}"
    raise BadTime(f"{naive.isoformat(' ')!r} was twice in {zone}, when the clocks went back; write {both}")
