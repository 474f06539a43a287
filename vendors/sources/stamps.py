"""Display times: `Jan 21, 08:07 PST`, `Dec 31, 22:28 - Jan 1, 02:10 PST`. They carry no year: the place they stand in does.

Three rules give the year. A post is not later than the thing it stands in (a feed entry's `published`, the day of the
list, the time the page was made), give or take a day for zones. Posts of one incident run backwards in time. A span of the
archive stands in the month in which it ENDS, so that one from December to January began the year before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

import re2

from vendors.sources.zones import localise

MONTHS = {
    name: n for n, name in enumerate(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], start=1)
}  # fmt: skip
_SLACK = timedelta(days=2)  # a post's wall clock against a bound in another zone, and posts a little out of order
_STAMP = re2.compile(
    r"([A-Z][a-z]{2})[a-z]{0,6}\.?\s+(\d{1,2})\s*,\s*(?:(\d{4})\s*(?:,|-)?\s*)?(\d{1,2}):(\d{2})\s*((?:GMT|UTC)[+-]\d{1,2}(?::?\d{2})?|[A-Z][A-Za-z]{0,5}|[+-]\d{2}:?(?:\d{2})?)?"
)
_SPAN = re2.compile(
    r"^\s*([A-Z][a-z]{2})[a-z]{0,6}\.?\s+(\d{1,2})\s*,\s*(\d{1,2}):(\d{2})"
    r"(?:\s*(?:-|–)\s*(?:([A-Z][a-z]{2})[a-z]{0,6}\.?\s+(\d{1,2})\s*,\s*)?(\d{1,2}):(\d{2}))?"
    r"\s*((?:GMT|UTC)[+-]\d{1,2}(?::?\d{2})?|[A-Z][A-Za-z]{0,5}|[+-]\d{2}:?(?:\d{2})?)?\s*$"
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A wall-clock time; `year` None where the text gives none, `label` "" where it names no zone."""

    month: int
    day: int
    hour: int
    minute: int
    label: str
    year: int | None = None

    def at(self, year: int, own: tzinfo | None) -> datetime | None:
        """The UTC time in that year; None for a day that is none or a zone that is not known."""
        try:
            naive = datetime(year, self.month, self.day, self.hour, self.minute)  # noqa: DTZ001 - localised below
        except ValueError:
            return None
        try:
            return localise(naive, self.label, own)
        except OverflowError:
            return None

    def not_after(self, bound: datetime, own: tzinfo | None) -> datetime | None:
        """The latest reading that is not after `bound` (by more than two days); None if it cannot be read."""
        if self.year is not None:
            return self.at(self.year, own)
        for year in range(bound.year + 1, bound.year - 9, -1):  # nine years: 29 February at the most
            at = self.at(year, own)
            if at is not None and at <= bound + _SLACK:
                return at
        return None


def stamp_in(text: str) -> Stamp | None:
    """The first display time in `text`; None if there is none."""
    match = _STAMP.search(text)
    if match is None or match.group(1) not in MONTHS:
        return None
    month, day, year, hour, minute, label = match.groups()
    return Stamp(MONTHS[month], int(day), int(hour), int(minute), label or "", int(year) if year else None)


def span_in(text: str, *, year: int, month: int, own: tzinfo | None) -> tuple[datetime, datetime | None, str] | None:
    """(start, end, zone label) in UTC of a span that stands in that month; end None where the text gives none.

    None if the text cannot be read or its end lies in another month than the one it stands in.
    """
    match = _SPAN.match(text)
    if match is None or match.group(1) not in MONTHS:
        return None
    first, day, hour, minute, second, end_day, end_hour, end_minute, label = match.groups()
    if second is not None and second not in MONTHS:
        return None
    last_month = MONTHS[second or first]
    if month not in (last_month, MONTHS[first]):
        return None
    if last_month != month:  # the bucket of its start: seen nowhere, but readable
        end_year, start_year = (year + 1 if last_month < month else year), year
    else:
        end_year, start_year = year, (year - 1 if MONTHS[first] > last_month else year)
    start = Stamp(MONTHS[first], int(day), int(hour), int(minute), label or "").at(start_year, own)
    if start is None:
        return None
    if end_hour is None:
        return start, None, label or ""
    end = Stamp(last_month, int(end_day or day), int(end_hour), int(end_minute), label or "").at(end_year, own)
    return None if end is None else (start, end, label or "")


def epoch(text: str | None) -> datetime | None:
    """The time of a Unix timestamp in text (seconds or milliseconds); None if it is none or lies outside 1995-2100."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > 13:
        return None
    seconds = int(text) // 1000 if len(text) > 11 else int(text)
    return datetime.fromtimestamp(seconds, UTC) if 788_918_400 <= seconds <= 4_102_444_800 else None
