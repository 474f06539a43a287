"""Time zones as Statuspage names them: abbreviations and Rails names, by an explicit table. What is ambiguous is None."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Fixed offsets: an abbreviation names one side of daylight saving, never both.
_OFFSETS = {
    "UTC": 0, "GMT": 0, "Z": 0, "PST": -8, "PDT": -7, "MDT": -6, "EST": -5, "EDT": -4, "CDT": -5, "AKST": -9, "AKDT": -8,
    "HST": -10, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "WET": 0, "WEST": 1, "MSK": 3, "JST": 9, "KST": 9, "SGT": 8,
    "HKT": 8, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "BRT": -3, "SAST": 2,
}  # fmt: skip
AMBIGUOUS = frozenset({"CST", "IST", "BST", "MST", "AST", "ECT"})  # each names zones hours apart
_RAILS = {
    "Pacific Time (US & Canada)": "America/Los_Angeles", "Mountain Time (US & Canada)": "America/Denver",
    "Central Time (US & Canada)": "America/Chicago", "Eastern Time (US & Canada)": "America/New_York",
    "Etc/UTC": "UTC", "London": "Europe/London", "Berlin": "Europe/Berlin", "Paris": "Europe/Paris",
    "Amsterdam": "Europe/Amsterdam", "Madrid": "Europe/Madrid", "Tokyo": "Asia/Tokyo", "Sydney": "Australia/Sydney",
    "Melbourne": "Australia/Melbourne", "New Delhi": "Asia/Kolkata", "Singapore": "Asia/Singapore",
    "Brasilia": "America/Sao_Paulo", "Auckland": "Pacific/Auckland", "Dublin": "Europe/Dublin", "Rome": "Europe/Rome",
}  # fmt: skip


def zone_of(name: str, page_zone: str | None = None) -> tzinfo | None:
    """The zone of an abbreviation, or of the page's own (Rails or IANA) zone where that settles it; None if ambiguous."""
    key = name.strip()
    if key.upper() in _OFFSETS:
        hours = _OFFSETS[key.upper()]
        return UTC if hours == 0 else timezone(timedelta(hours=hours))
    if key.upper() in AMBIGUOUS and page_zone is None:
        return None
    for candidate in (_RAILS.get(key), key if "/" in key else None, _RAILS.get(page_zone or ""), page_zone):
        if candidate and ("/" in candidate or candidate == "UTC"):
            try:
                return ZoneInfo(candidate)
            except (ZoneInfoNotFoundError, ValueError):
                continue
    return None
