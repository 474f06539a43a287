"""/history.json?page=N: the whole past, a quarter a page, with display times.

Traps (formats, section 1): no year in the text; the month a span stands in is where it ENDS; one zone label serves both
ends of a span, on whichever side of daylight saving its end lies; past the end come empty months dated 1996.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

import re2

from vendors.records import Incident, Maintenance
from vendors.sources.base import Quarantined
from vendors.sources.plaintext import plain
from vendors.sources.statuspage.convert import IMPACTS, Rows, implausible
from vendors.sources.statuspage.wire import WireHistory, WireHistoryIncident
from vendors.sources.statuspage.zones import zone_of

FIRST_YEAR = 2008  # no Statuspage is older; the pages past the end say 1996
_STAMP = re2.compile(
    r"^\s*([A-Z][a-z]{2})[a-z]*\s+(\d{1,2})\s*,\s*(\d{1,2}):(\d{2})"
    r"(?:\s*-\s*(?:([A-Z][a-z]{2})[a-z]*\s+(\d{1,2})\s*,\s*)?(\d{1,2}):(\d{2}))?\s*([A-Za-z/_+\-0-9]{1,30})?\s*$"
)
_MONTHS = {
    name: n
    for n, name in enumerate(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1)
}


def is_past_the_end(history: WireHistory) -> bool:
    """Whether this page lies before the page began: nothing in it, or months of 1996."""
    return all(month.year < FIRST_YEAR or not month.incidents for month in history.months)


def add_history(
    history: WireHistory, page_url: str, rows: Rows, *, as_of: datetime, page_zone: str | None = None
) -> None:
    """Add what the page lists and no better endpoint has told: history gives one span and the last message only."""
    for month in history.months:
        if month.year < FIRST_YEAR:
            continue
        for wire in month.incidents:
            if wire.code in rows.incidents or wire.code in rows.maintenances:
                continue
            _add(wire, month.year, _MONTHS.get(month.name[:3], 0), page_url, rows, as_of, page_zone)


def _add(
    wire: WireHistoryIncident, year: int, month: int, page_url: str, rows: Rows, as_of: datetime, page_zone: str | None
) -> None:
    span = spans(wire.timestamp, year, month, page_zone)
    if span is None:
        rows.quarantined.append(
            Quarantined(
                where=f"history {wire.code}", reason=f"its times cannot be read: {plain(wire.timestamp)[:80]!r}"
            )
        )
        return
    start, end = span
    url = f"{page_url.rstrip('/')}/incidents/{wire.code}"
    if wire.impact == "maintenance":
        rows.maintenances[wire.code] = Maintenance(
            id=wire.code, title=plain(wire.name)[:500], scheduled_for=start, completed_at=end, url=url
        )
        return
    row = Incident(
        id=wire.code,
        page=page_url,
        title=plain(wire.name)[:500],
        impact=IMPACTS.get(wire.impact),
        raw_impact=wire.impact[:500],
        status="open" if end is None else "resolved",
        started_at=start,
        first_posted_at=start,
        resolved_at=end,
        end_known="open" if end is None else "stated",
        url=url,
    )
    if reason := implausible(row, as_of):
        rows.quarantined.append(Quarantined(where=f"history {wire.code}", reason=reason))
    else:
        rows.incidents[wire.code] = row


def spans(text: str, year: int, month: int, page_zone: str | None = None) -> tuple[datetime, datetime | None] | None:
    """(start, end) in UTC of a display span that stands in that month; end None where none is given. None if unreadable.

    The year belongs to the END: a span from December to January stands in January, so its start lies a year before.
    """
    match = _STAMP.match(plain(text).replace("\n", " "))
    if match is None:
        return None
    start_month, start_day, hour, minute, end_month, end_day, end_hour, end_minute, zone = match.groups()
    tz = _zone(zone, page_zone)
    first, last = _MONTHS.get(start_month), _MONTHS.get(end_month or start_month)
    if tz is None or first is None or last is None or (end_hour and last != month and first != month):
        return None
    end_year = year
    start_year = year - 1 if first > last else year
    start = _make(start_year, first, start_day, hour, minute, tz)
    if start is None:
        return None
    if end_hour is None:
        return start, None
    end = _make(end_year, last, end_day or start_day, end_hour, end_minute, tz)
    return None if end is None else (start, end)


def _zone(label: str | None, page_zone: str | None) -> tzinfo | None:
    """The page's own zone where it is known (one label serves both sides of daylight saving), else the label's."""
    if page_zone and (own := zone_of(page_zone)) is not None and label not in (None, "UTC", "GMT"):
        return own
    return zone_of(label or "UTC", page_zone)


def _make(year: int, month: int, day: str, hour: str, minute: str, tz: tzinfo) -> datetime | None:
    try:
        return datetime(year, month, int(day), int(hour), int(minute), tzinfo=tz).astimezone(UTC)
    except ValueError:
        return None
