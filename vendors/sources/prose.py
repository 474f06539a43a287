"""Starts that a vendor tells only in its words: "Start Time: May 18, 2021 21:45 UTC", "between 16:31 and 23:57 UTC on 28 July".

A start is read only where the words leave no choice: a date and a clock with a zone, or a clock with a zone that is told
as the start of something that had ended when the post was written. Ambiguous zones are not read at all. What is found is
believed up to a week before the first post, never after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import re2

from vendors.sources.stamps import MONTHS
from vendors.sources.zones import AMBIGUOUS, label_zone

REACH: Final = timedelta(days=7)  # docs/limits.md: how far before the first post a start told in words is believed
_LONGEST_TEXT = 20_000
_CLOCK = r"(\d{1,2}):(\d{2})(?::\d{2})?\s?([AaPp]\.?[Mm]\.?)?"
_ZONE = r"\(?(UTC|GMT|[A-Z]{2,4}T)\)?"
_MONTH = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DATE = rf"(?:(?:(\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH}|{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?)(?:,?\s+(\d{{4}}))?)"
_A_DATE = re2.compile(rf"\b{_DATE}\b")
_ABOUT = r"(?:at\s+|approximately\s+|around\s+|about\s+|roughly\s+|~\s?){0,3}"
_LABELLED = re2.compile(rf"\b[Ss]tart(?:ed)?\s?(?:[Tt]ime)?\s?:\s*{_DATE},?\s+(?:at\s+)?{_CLOCK}\s*{_ZONE}")
_BETWEEN = re2.compile(
    rf"\b(?:[Bb]etween|[Ff]rom)\s+{_ABOUT}{_CLOCK}\s*(?:{_ZONE})?\s*(?:on\s+{_DATE},?)?\s*"
    rf"(?:and|to|until|through|-|–)\s+{_ABOUT}{_CLOCK}\s*{_ZONE}(?:\s*,?\s*(?:on\s+)?{_DATE})?"
)
_SINCE = re2.compile(
    rf"\b(?:[Ss]tarting|[Ss]tarted|[Bb]eginning|[Bb]egan|[Ss]ince)\s+{_ABOUT}{_CLOCK}\s*{_ZONE}(?:\s*,?\s*on\s+{_DATE})?"
)
_a_clock = re.compile(r"\d:\d\d").search  # `re`, since it is linear and every text passes it
_TODAY = re2.compile(r"(?i)\btoday\b")
_AHEAD = re2.compile(
    r"(?i)\b(?:next|expect|will|schedul|maintenance|provide|planned|estimate)"
)  # it tells of what is to come
_SINCE_WORDS = ("tarting", "tarted", "eginning", "egan", "ince")
_Date = tuple[int, int, int | None]  # month, day, year where told
_Clock = tuple[str | None, str | None, str | None]  # hour, minute, am or pm
_GRAVE = re2.compile(
    r"(?i)\b(?:all|every) (?:users?|customers?)\b[^.]{0,80}\b(?:unable|cannot|can't|affected|down|unavailable)"
    r"|\bcomplete(?:ly)? (?:outage|down|unavailable)"
    r"|\b(?:is|are|was|were) (?:completely |entirely )?(?:down|unavailable|inaccessible)\b"
)
_LABEL_TEXT = 5_000  # characters of a post that are held against the label of its incident


def start_in_prose(told: Iterable[tuple[str, datetime]], *, first_post: datetime) -> datetime | None:
    """The earliest start that the texts (each with when it was posted, UTC) tell; None if none does.

    Not later than `first_post` and at most REACH before it. Cost: linear in the texts' length.
    """
    found: list[datetime] = []
    for text, posted_at in told:
        if ":" in text and _a_clock(text) is not None:  # most posts have none
            found += _starts(text[:_LONGEST_TEXT], posted_at)
    return min((at for at in found if first_post - REACH <= at <= first_post), default=None)


def tells_of_total_outage(text: str) -> bool:
    """Whether a post says that nothing works, or that it works for no one: what an impact of none or minor does not fit."""
    return _GRAVE.search(text[:_LABEL_TEXT]) is not None


def span_in_prose(text: str, *, posted_at: datetime) -> tuple[datetime, datetime] | None:
    """Start and end (UTC) of the first span told with a date, like "between 01:13 and 13:25 UTC on 13 November 2024".

    None if none is told, or if its end lies before its start or more than thirty days after it.
    """
    for match in _BETWEEN.finditer(text[:_LONGEST_TEXT]):
        first, zone, middle, last, last_zone, after = _parts(match.groups())
        date = after or _last_date(_sentence(text, match.start(), match.end())) or middle
        end = None if date is None else _at(last, last_zone, date, posted_at)
        clock = first if first[2] or not last[2] else (first[0], first[1], last[2])
        start = None if end is None else _at(clock, zone or last_zone, middle, end)
        if start is not None and end is not None and timedelta(0) <= end - start <= timedelta(days=30):
            return start, end
    return None


def _starts(text: str, posted_at: datetime) -> list[datetime]:
    starts: list[datetime | None] = []
    for match in _LABELLED.finditer(text) if "tart" in text else ():
        group = match.groups()
        starts.append(_at(group[5:8], group[8], _date(group[0:5]), posted_at))
    for match in _BETWEEN.finditer(text) if "etween" in text or "rom " in text else ():
        sentence = _sentence(text, match.start(), match.end())
        if _AHEAD.search(sentence):
            continue
        first, zone, middle, last, last_zone, after = _parts(match.groups())
        before = _last_date(sentence)
        end = _at(last, last_zone, after or before or middle, posted_at)
        if end is None or (_TODAY.search(sentence) and end.date() != posted_at.date()):
            continue
        clock = first if first[2] or not last[2] else (first[0], first[1], last[2])  # "5:05 to 5:26 PM"
        starts.append(_at(clock, zone or last_zone, middle or before or (after if not zone else None), end))
    for match in _SINCE.finditer(text) if any(word in text for word in _SINCE_WORDS) else ():
        sentence = _sentence(text, match.start(), match.end())
        if not _AHEAD.search(sentence):
            group = match.groups()
            at = _at(group[0:3], group[3], _date(group[4:9]) or _last_date(sentence), posted_at)
            starts.append(None if at and _TODAY.search(sentence) and at.date() != posted_at.date() else at)
    return [at for at in starts if at is not None]


def _parts(group: tuple[str | None, ...]) -> tuple[_Clock, str | None, _Date | None, _Clock, str | None, _Date | None]:
    """What _BETWEEN found: first clock, its zone, its date, last clock, its zone, its date."""
    first, last = (group[0], group[1], group[2]), (group[9], group[10], group[11])
    return first, group[3], _date(group[4:9]), last, group[12], _date(group[13:18])


def _sentence(text: str, begin: int, end: int) -> str:
    """What stands in the sentence before the clocks, and a word or two after them."""
    start = max(text.rfind(mark, max(0, begin - 300), begin) for mark in (". ", "\n", "; "))
    return text[max(start, begin - 300, 0) : begin] + " " + text[end : end + 12]


def _last_date(sentence: str) -> _Date | None:
    dates = [_date(match.groups()) for match in _A_DATE.finditer(sentence)]
    return dates[-1] if dates else None


def _date(parts: tuple[str | None, ...]) -> _Date | None:
    day_first, month_second, month_first, day_second, year = parts
    month, day = month_second or month_first, day_first or day_second
    return None if month is None or day is None else (MONTHS[month], int(day), int(year) if year else None)


def _at(clock: tuple[str | None, ...], label: str | None, date: _Date | None, bound: datetime) -> datetime | None:
    """The latest such time not after `bound`, in UTC; None for a clock or zone that cannot be read without guessing."""
    hour_text, minute_text, half = clock
    zone = label_zone(label) if label and label.upper() not in AMBIGUOUS else None
    if zone is None or hour_text is None or minute_text is None:
        return None
    hour = int(hour_text)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    local = bound.astimezone(zone)
    try:
        at = local.replace(hour=hour, minute=int(minute_text), second=0, microsecond=0)
        if date is not None:
            at = at.replace(year=date[2] or local.year, month=date[0], day=date[1])
            if date[2] is None and at > bound:
                at = at.replace(year=at.year - 1)
        elif at > bound:
            at -= timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    return at.astimezone(UTC) if at <= bound else None
