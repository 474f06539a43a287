"""Lengths of time as people write them ("4h", "90m", "1d", "4h30m"), to and from hours. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from riskboard.errors import Refused

_HOURS = {"m": 1 / 60, "min": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0}
_PART = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(min|[mhdw])")  # no nested repetition: linear
LONGEST_HOURS = 24 * 365 * 10.0


def parse_duration(text: str, *, what: str = "duration") -> float:
    """Hours, above 0 and at most ten years. Raises Refused with an example for anything else ("soon", "-1h", "")."""
    compact = text.strip().lower()
    parts = _PART.findall(compact)
    left = _PART.sub("", compact).strip(" ,")
    hours = sum(float(number) * _HOURS[unit] for number, unit in parts)
    if not parts or left or not 0 < hours <= LONGEST_HOURS:
        raise Refused(f"the {what} {text[:40]!r} is no length of time; write it like 4h, 90m, 1d or 4h30m")
    return hours


def parse_time(text: str, *, what: str = "time") -> datetime:
    """An aware UTC time from an ISO date (midnight UTC) or time; a time without zone is read as UTC. Raises Refused."""
    try:
        if len(text) == len("2011-05-20"):
            return datetime.combine(date.fromisoformat(text), time(tzinfo=UTC))
        parsed = datetime.fromisoformat(text)
    except ValueError as fault:
        raise Refused(
            f"the {what} {text[:40]!r} is no date or time; write it like 2026-08-22 or 2026-08-22T10:00:00Z"
        ) from fault
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def hours_text(hours: float) -> str:
    """Hours as people read them: "45 min", "4 h 30 min", "3 d 2 h"; to the minute, from a day on to the hour."""
    minutes = round(hours * 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        whole, rest = divmod(minutes, 60)
        return f"{whole} h {rest} min" if rest else f"{whole} h"
    days, rest = divmod(round(hours), 24)
    return f"{days} d {rest} h" if rest else f"{days} d"
