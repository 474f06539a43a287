"""The customer's own hours: how much of a vendor's long outages falls into them. Method, section 2.4."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assessments.scoring.metrics import HOUR, Outage
from assessments.scoring.model import WorkingHours
from assessments.scoring.rubric import number
from riskboard.errors import Refused

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHAPE = re.compile(r"([A-Za-z]{3})(?:-([A-Za-z]{3}))? (\d{1,2})-(\d{1,2}) (\S{1,64})")
EXAMPLE = "mon-fri 8-18 Europe/Berlin"


def parse(text: str) -> WorkingHours:
    """Working hours as people write them. Raises Refused with an example for anything else."""
    found = _SHAPE.fullmatch(" ".join(text.split()).strip())
    lowered = found and (found.group(1).lower(), (found.group(2) or found.group(1)).lower())
    if not found or not lowered or not set(lowered) <= set(DAYS):
        raise Refused(f"working hours {text[:60]!r} cannot be read; write them like {EXAMPLE}")
    first, last = (DAYS.index(day) for day in lowered)
    begin, end = int(found.group(3)), int(found.group(4))
    if not 0 <= begin < end <= 24 or last < first:
        raise Refused(f"working hours {text[:60]!r} end before they begin; write them like {EXAMPLE}")
    _zone(found.group(5))
    return WorkingHours(zone=found.group(5), days=tuple(range(first, last + 1)), begin=begin, end=end)


def share_inside(outages: Iterable[Outage], hours: WorkingHours, *, over_hours: float) -> float:
    """Share of the hours of outages longer than that which fall into working hours, 0-1, shrunk to the panel's.

    Few long outages say little: each counts once against the rubric's pseudo-outages at the panel's share.
    """
    shares = [
        inside_hours(outage.start, outage.start + outage.hours * HOUR, hours) / outage.hours
        for outage in outages
        if outage.hours and outage.hours > over_hours
    ]
    pseudo, panel = number("forecast", "hours_pseudo"), number("forecast", "hours_panel")
    return (sum(shares) + pseudo * panel) / (len(shares) + pseudo)


def inside_hours(start: datetime, end: datetime, hours: WorkingHours) -> float:
    """Hours between the two times that are working hours, by the clocks of their zone (summer time included)."""
    total = timedelta(0)
    for begin, close in _windows(start, end, hours):
        total += max(timedelta(0), min(end, close) - max(start, begin))
    return total / HOUR


def _windows(start: datetime, end: datetime, hours: WorkingHours) -> Iterator[tuple[datetime, datetime]]:
    """Each day's working hours from the day before `start` to the day of `end`, in absolute time."""
    zone = _zone(hours.zone)
    day = start.astimezone(zone).date() - timedelta(days=1)
    while day <= end.astimezone(zone).date():
        if day.weekday() in hours.days:
            midnight = datetime.combine(day, time(0), zone)
            close = (
                datetime.combine(day + timedelta(days=1), time(0), zone)
                if hours.end == 24
                else midnight.replace(hour=hours.end)
            )
            yield midnight.replace(hour=hours.begin).astimezone(start.tzinfo), close.astimezone(start.tzinfo)
        day += timedelta(days=1)


def _zone(key: str) -> ZoneInfo:
    try:
        return ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise Refused(f"there is no time zone {key[:64]!r}; write one like Europe/Berlin") from fault


def text(hours: WorkingHours) -> str:
    """As people write them."""
    days: Sequence[str] = [DAYS[day] for day in hours.days]
    span = days[0] if len(days) == 1 else f"{days[0]}-{days[-1]}"
    return f"{span} {hours.begin}-{hours.end} {hours.zone}"
