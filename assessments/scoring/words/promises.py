"""When is the promised next update due? Zones by an explicit table; what is ambiguous stays unknown."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

import re2

# CST, IST and BST name several zones each; a promise in one of them cannot be timed and is left unknown.
_ZONES: Final = {
    "utc": UTC, "gmt": UTC, "z": UTC,
    "pst": ZoneInfo("America/Los_Angeles"), "pdt": ZoneInfo("America/Los_Angeles"), "pt": ZoneInfo("America/Los_Angeles"),
    "us/pacific": ZoneInfo("America/Los_Angeles"), "est": ZoneInfo("America/New_York"), "edt": ZoneInfo("America/New_York"),
    "et": ZoneInfo("America/New_York"), "us/eastern": ZoneInfo("America/New_York"), "cdt": ZoneInfo("America/Chicago"),
    "us/central": ZoneInfo("America/Chicago"), "mst": ZoneInfo("America/Denver"), "mdt": ZoneInfo("America/Denver"),
    "us/mountain": ZoneInfo("America/Denver"), "cet": ZoneInfo("Europe/Paris"), "cest": ZoneInfo("Europe/Paris"),
    "eet": ZoneInfo("Europe/Athens"), "eest": ZoneInfo("Europe/Athens"), "msk": timezone(timedelta(hours=3)),
    "jst": timezone(timedelta(hours=9)), "kst": timezone(timedelta(hours=9)), "sgt": timezone(timedelta(hours=8)),
    "hkt": timezone(timedelta(hours=8)), "aest": ZoneInfo("Australia/Sydney"), "aedt": ZoneInfo("Australia/Sydney"),
}  # fmt: skip
_NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "the": 1, "next": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8,
    "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90, "half": 0.5,
}  # fmt: skip
_CLOCK = re2.compile(
    r"(?:(\d{4}-\d{2}-\d{2})[ t,]*)?\b(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2})?\s?([ap])?\.?(?:m\b)?\.?\s?\(?([a-z]+(?:/[a-z]+)?)?"
)
_RELATIVE = re2.compile(r"\b(half an?|\d+|[a-z]+)(?: ?(?:to|-) ?(\d+))?[\s-]?(min|h(?:ou)?r)")
LONGEST: Final = timedelta(days=14)  # a promise further away than this is a plan, not the next update


def promised_time(clause: str, posted_at: datetime) -> datetime | None:
    """The UTC time for which the (lower-cased) clause promises an update; None if it cannot be told."""
    due = _absolute(clause, posted_at) or _relative(clause, posted_at)
    if due is None or not posted_at < due <= posted_at + LONGEST:
        return None
    return due


def _relative(clause: str, posted_at: datetime) -> datetime | None:
    matches = list(_RELATIVE.finditer(clause))
    if not matches:
        return None
    word, upper, unit = matches[-1].groups()
    amount = float(upper or word) if (upper or word).isdigit() else _NUMBERS.get(word.split()[0])
    if amount is None:
        return None
    return posted_at + (timedelta(minutes=amount) if unit == "min" else timedelta(hours=amount))


def _absolute(clause: str, posted_at: datetime) -> datetime | None:
    for match in reversed(list(_CLOCK.finditer(clause))):
        day, hour_text, minute_text, half, zone_name = match.groups()
        zone = _ZONES.get(zone_name or "")
        if zone is None or (minute_text is None and half is None):
            continue
        hour, minute = int(hour_text), int(minute_text or 0)
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        if hour > 23 or minute > 59:
            return None
        return _on_day(day, time(hour, minute, tzinfo=zone), posted_at)
    return None


def _on_day(day: str | None, at: time, posted_at: datetime) -> datetime | None:
    """That clock time on the stated day, else the next time it comes round after the post."""
    if day is not None:
        try:
            return datetime.combine(date.fromisoformat(day), at).astimezone(UTC)
        except ValueError:
            return None
    local = posted_at.astimezone(at.tzinfo)
    due = datetime.combine(local.date(), at)
    if due <= local:
        due = datetime.combine(local.date() + timedelta(days=1), at)
    return due.astimezone(UTC)
