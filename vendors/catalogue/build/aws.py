"""AWS's data.json (retired in 2023): one event per service and region, posts as HTML with clock times without a date.

The event's epoch dates its first post; each later clock is the next time that clock is read, unless it names a day.
The final text usually states the impact window ("Between 5:05 PM and 5:26 PM PDT"): start and end apart from the post.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import re2
from msgspec import Struct, convert

from vendors.catalogue.build.captures import Captured
from vendors.catalogue.build.rows import Draft, Post, Reading, names, plain
from vendors.records import Impact, Phase
from vendors.sources.base import Quarantined

_IMPACTS: dict[str, Impact] = {"1": "minor", "2": "major", "3": "critical"}  # informational, degradation, disruption
_ZONES = {"PST": timezone(timedelta(hours=-8)), "PDT": timezone(timedelta(hours=-7))}
_MONTHS = {
    name: n
    for n, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_POST = re2.compile(r'(?s)<span class="yellowfg">([^<]{1,60})</span>(.*?)</div>')
_CLOCK = re2.compile(r"(?i)^\s*(?:([a-z]{3})[a-z]* (\d{1,2}),\s+)?(\d{1,2}):(\d\d)\s*([ap]m)\s+(P[SD]T)\s*$")
_MOMENT = r"(?:([a-z]{3})[a-z]* (\d{1,2})(?:st|nd|rd|th)?,?(?: at)? )?(\d{1,2}):(\d\d) ?([ap]m)?(?: P[SD]T)?"
_WINDOW = re2.compile(
    r"(?i)\b(?:between|from|starting at|beginning at) (?:approximately )?" + _MOMENT
    + r",? (?:and|to|until|through) (?:approximately )?" + _MOMENT.replace("(?: P[SD]T)?", " ?(P[SD]T)")
)  # fmt: skip
_LONGEST = timedelta(days=7)
_SLIP = timedelta(minutes=2)
_Clock = tuple[str, str, str, str, str]  # month, day, hour, minute, am/pm


class _Event(Struct):
    service: str
    service_name: str
    summary: str
    date: str
    status: str | int
    description: str


def read(reading: Reading, captured: Captured) -> None:
    """Add every event; one whose clocks cannot be dated is set aside."""
    reading.sources.append(captured.note("union of archive[] and current[] over snapshots of data.json"))
    for row in captured.lines():
        event = convert(row, _Event)
        posts = list(_posts(event))
        if not posts:
            reading.set_aside.append(Quarantined(where=f"{event.service}/{event.date}", reason="no post can be dated"))
            continue
        reading.drafts.append(_draft(event, posts))


def _draft(event: _Event, posts: list[Post]) -> Draft:
    over = "[RESOLVED]" in event.summary
    window = stated_window(posts)
    started, ended = posts[0].posted_at, posts[-1].posted_at if over else None
    stated = False
    if window is not None and window[0] <= started:
        stated = started - window[0] > timedelta(0)
        started, ended = window[0], window[1] if over else ended
    return Draft(
        id=f"{event.service}-{event.date}",
        impact=_IMPACTS.get(str(event.status)),
        raw_impact=str(event.status),
        started_at=started,
        start_stated=stated,
        resolved_at=ended,
        end_known="stated" if over else "unknown",
        components=names([event.service_name]),
        posts=(*posts[:-1], _resolving(posts[-1])) if over else tuple(posts),
    )


def _resolving(post: Post) -> Post:
    return Post(posted_at=post.posted_at, state="resolved", text=post.text)


def _posts(event: _Event) -> Iterator[Post]:
    """The posts with their times worked out, oldest first."""
    before: datetime | None = None
    for n, (clock, body) in enumerate(_POST.findall(event.description)):
        found = _CLOCK.match(clock)
        if found is None:
            continue
        *parts, zone = found.groups(default="")
        local = _ZONES[zone.upper()]
        anchor = before or datetime.fromtimestamp(int(event.date), UTC)
        when = _on_or_after(tuple(parts), anchor.astimezone(local))
        if when is None:
            continue
        before = when
        state: Phase = "update" if n else "investigating"
        yield Post(posted_at=when.astimezone(UTC), state=state, text=plain(body))


def _on_or_after(clock: _Clock, anchor: datetime) -> datetime | None:
    """The first time the clock reads so, not more than a slip before `anchor` (whose zone it is in).

    None for a clock that cannot be (13:70 PM).
    """
    when = _reading(clock, anchor)
    if when is None:
        return None
    if not clock[0] and when < anchor - _SLIP:
        when += timedelta(days=1)
    if clock[0] and when < anchor - timedelta(days=180):
        when = when.replace(year=when.year + 1)
    return when


def _reading(clock: _Clock, day: datetime) -> datetime | None:
    """What the clock says on that day (or on the day it names, in that year)."""
    month, number, hour, minute, half = clock
    hours = int(hour) % 12 + (12 if half.lower() == "pm" else 0)
    try:
        when = day.replace(hour=hours, minute=int(minute), second=0, microsecond=0)
        return when.replace(month=_MONTHS[month.lower()], day=int(number)) if month else when
    except (ValueError, KeyError):
        return None


def stated_window(posts: list[Post]) -> tuple[datetime, datetime] | None:
    """Start and end of the impact as the latest post that states both says, in UTC; None if none does.

    Both are read as the latest such clock times at or before the post; a window over seven days is not believed.
    """
    for post in reversed(posts):
        found = [_window(match.groups(default=""), post.posted_at) for match in _WINDOW.finditer(post.text)]
        known = [window for window in found if window is not None]
        if known:
            return min(start for start, _ in known), max(end for _, end in known)
    return None


def _window(parts: tuple[str, ...], posted_at: datetime) -> tuple[datetime, datetime] | None:
    first, second, zone = parts[:5], parts[5:10], parts[10]
    local = _ZONES[zone.upper()]
    if not second[4]:
        return None
    if not first[4]:
        first = (*first[:4], second[4])
    end = _at_or_before(second, posted_at.astimezone(local))
    start = None if end is None else _at_or_before(first, end)
    if start is None or end is None or end - start > _LONGEST or posted_at - end > _LONGEST:
        return None
    return start.astimezone(UTC), end.astimezone(UTC)


def _at_or_before(clock: tuple[str, ...], limit: datetime) -> datetime | None:
    month, number, hour, minute, half = clock
    when = _reading((month, number, hour, minute, half), limit)
    if when is None or when <= limit:
        return when
    return when.replace(year=when.year - 1) if month else when - timedelta(days=1)
