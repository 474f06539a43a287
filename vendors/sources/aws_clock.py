"""The clocks of AWS's retired data.json: posts as HTML with times like " 6:06 PM PDT", on a day that only the event dates.

The event's epoch dates its first post; each later clock is the next time that clock is read, unless it names a day. The
final text usually states the impact window ("Between 5:05 PM and 5:26 PM PDT"): start and end apart from the post.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone

import re2

from vendors.sources.plaintext import plain

ZONES = {"PST": timezone(timedelta(hours=-8)), "PDT": timezone(timedelta(hours=-7))}
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: n for n, name in enumerate(_NAMES, start=1)}
_POST = re2.compile(r'(?s)<span class="yellowfg">([^<]{1,60})</span>(.*?)</div>')
_CLOCK = re2.compile(r"(?i)^\s*(?:([a-z]{3})[a-z]* (\d{1,2}),\s+)?(\d{1,2}):(\d\d)\s*([ap]m)\s+(P[SD]T)\s*$")
_MOMENT = r"(?:([a-z]{3})[a-z]* (\d{1,2})(?:st|nd|rd|th)?,?(?: at)? )?(\d{1,2}):(\d\d) ?([ap]m)?(?: P[SD]T)?"
_WINDOW = re2.compile(
    r"(?i)\b(?:between|from|starting at|beginning at) (?:approximately )?" + _MOMENT
    + r",? (?:and|to|until|through) (?:approximately )?" + _MOMENT.replace("(?: P[SD]T)?", " ?(P[SD]T)")
)  # fmt: skip
_LONGEST = timedelta(days=7)
_SLIP = timedelta(minutes=2)
MOST_POSTS = 2_000
_Clock = tuple[str, str, str, str, str]  # month, day, hour, minute, am/pm


def posts_in(description: str, date: datetime) -> Iterator[tuple[datetime, str]]:
    """(time in UTC, plain text) of each post, oldest first; one whose clock cannot be dated is left out."""
    before: datetime | None = None
    for count, (clock, body) in enumerate(_POST.findall(description)):
        if count >= MOST_POSTS:
            return
        found = _CLOCK.match(clock)
        if found is None:
            continue
        *parts, zone = found.groups(default="")
        anchor = before or date
        when = _on_or_after((parts[0], parts[1], parts[2], parts[3], parts[4]), anchor.astimezone(ZONES[zone.upper()]))
        if when is None:
            continue
        before = when
        yield when.astimezone(UTC), plain(body)


def stated_window(posts: Sequence[tuple[datetime, str]]) -> tuple[datetime, datetime] | None:
    """Start and end of the impact as the latest post that states both says, in UTC; None if none does.

    Both are read as the latest such clock times at or before the post; a window over seven days is not believed.
    """
    for posted_at, text in reversed(posts):
        found = [_window(match.groups(default=""), posted_at) for match in _WINDOW.finditer(text)]
        known = [window for window in found if window is not None]
        if known:
            return min(start for start, _ in known), max(end for _, end in known)
    return None


def _on_or_after(clock: _Clock, anchor: datetime) -> datetime | None:
    """The first time the clock reads so, not more than a slip before `anchor` (whose zone it is in).

    None for a clock that cannot be (13:70 PM).
    """
    when = _reading(clock, anchor)
    if when is None:
        return None
    try:
        if not clock[0] and when < anchor - _SLIP:
            when += timedelta(days=1)
        if clock[0] and when < anchor - timedelta(days=180):
            when = when.replace(year=when.year + 1)
    except (ValueError, OverflowError):
        return None
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


def _window(parts: tuple[str, ...], posted_at: datetime) -> tuple[datetime, datetime] | None:
    first, second, zone = parts[:5], parts[5:10], parts[10]
    local = ZONES[zone.upper()]
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
    try:
        return when.replace(year=when.year - 1) if month else when - timedelta(days=1)
    except (ValueError, OverflowError):
        return None
