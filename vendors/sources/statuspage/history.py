"""/history.json?page=N: the archive, a calendar quarter a page, page 1 the present one.

Traps: the times are display texts without a year; the month an incident stands in is where it ENDS; one zone label serves
both ends of a span, on whichever side of daylight saving its end lies; only the last message is given; past the page's
beginning come empty months dated 1996, with status 200; a redirect to another host drops the page number.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from vendors.sources.base import Quarantined, Raw
from vendors.sources.plaintext import plain, short
from vendors.sources.stamps import MONTHS, span_in
from vendors.sources.statuspage.wire import ReadIncident, WireAnswer, WireHistoryIncident, WireIncident, WireMonth
from vendors.sources.zones import other_reading

FIRST_YEAR = 2000  # no status page is older; the months past the end say 1996


def is_past_the_end(answer: WireAnswer) -> bool:
    """Whether this page of the archive lies before the status page began: no month that can be one."""
    return not any(first_day(month) for month in answer.months or ())


def reaches_back_to(answer: WireAnswer) -> datetime | None:
    """The first instant of the oldest month on this page (UTC); None past the end."""
    return min((start for month in answer.months or () if (start := first_day(month)) is not None), default=None)


def lost_its_page(raw: Raw, number: int) -> bool:
    """Whether a redirect answered with another page of the archive than the one asked for."""
    return (
        number > 1 and raw.final_url is not None and raw.final_url != raw.url and f"page={number}" not in raw.final_url
    )


def read_history(answer: WireAnswer, what: str, own: tzinfo | None, faults: list[Quarantined]) -> list[WireIncident]:
    """The incidents of one page of the archive, without updates. What cannot be read goes to `faults`."""
    rows: list[WireIncident] = []
    for month in answer.months or ():
        start = first_day(month)
        if start is None:
            continue
        for wire in month.incidents:
            row = _incident(wire, start, own)
            if row is None:
                text = short(wire.timestamp, 80)
                faults.append(Quarantined(where=f"{what} {wire.code}", reason=f"its times cannot be read: {text!r}"))
            else:
                rows.append(row)
    return rows


def _incident(wire: WireHistoryIncident, month: datetime, own: tzinfo | None) -> ReadIncident | None:
    text = plain(wire.timestamp).replace("\n", " ")
    span = span_in(text, year=month.year, month=month.month, own=own)
    if span is None:
        return None
    start, end, label = span
    if end is not None and end < start and start - end <= timedelta(hours=1):
        end = start  # one label on both sides of the autumn change of clocks
    maintenance = wire.impact == "maintenance"
    other = other_reading(label, own)
    return ReadIncident(
        id=wire.code,
        name=wire.name,
        impact=wire.impact,
        status="unknown" if end is None else "completed" if maintenance else "resolved",
        started_at=None if maintenance else start,
        scheduled_for=start if maintenance else None,
        resolved_at=end,
        guess=f"the zone label can also mean {other}, and the page does not say which" if other else None,
        partial=True,
    )


def first_day(month: WireMonth) -> datetime | None:
    """The first instant (UTC) of the month; None for a month that cannot be one of a status page."""
    number = MONTHS.get(month.name[:3].capitalize())
    if number is None or not FIRST_YEAR <= month.year <= 2100:
        return None
    return datetime(month.year, number, 1, tzinfo=UTC)
