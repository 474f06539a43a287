"""Observed failures: joining those of one observer, and counting how many there were at least. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from vendors.records import ObservedSpan

APART = timedelta(minutes=2)  # docs/limits.md: two failures nearer than that are one, interrupted by a lucky probe


def joined(spans: Iterable[ObservedSpan]) -> tuple[ObservedSpan, ...]:
    """The spans of each observer by start, those that overlap or lie less than two minutes apart made one. Idempotent.

    A span still open swallows what the same observer saw begin later.
    """
    found: list[ObservedSpan] = []
    latest: dict[str, int] = {}
    for span in sorted(spans, key=lambda s: (s.start, s.observer, s.end is None, s.end or s.start)):
        place = latest.get(span.observer)
        before = None if place is None else found[place]
        if place is not None and before is not None and (before.end is None or span.start < before.end + APART):
            end = None if before.end is None or span.end is None else max(before.end, span.end)
            found[place] = msgspec.structs.replace(before, end=end)
        else:
            latest[span.observer] = len(found)
            found.append(span)
    return tuple(found)


def minutes(span: ObservedSpan) -> float | None:
    """How long it was seen to fail; None where it still failed."""
    return None if span.end is None else (span.end - span.start) / timedelta(minutes=1)


def most_apart(spans: Iterable[tuple[datetime, datetime]]) -> int:
    """How many of the spans at most lie apart from each other: the least number of events several observers can have seen.

    One more span never makes it fewer.
    """
    count, reach = 0, None
    for start, end in sorted(spans, key=lambda span: (span[1], span[0])):
        if reach is None or start >= reach + APART:
            count, reach = count + 1, end
    return count
