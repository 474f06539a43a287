"""Forecasts this installation made, held against what came: whether its chances can be believed here.

The backtest judges by every rule of the method, on the bundled records. This looks at rows as they stand, so that a monitor can ask it
every minute: an outage is an incident of major, critical or unstated impact (ADR 4) that lasted longer than the RTO asked about.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

HORIZON = timedelta(days=365)
LEAST = timedelta(days=90)  # a younger forecast says little either way
MOST = 2_000  # forecasts looked at, the newest that are old enough
MOST_INCIDENTS = 50_000
LIVE = timedelta(days=2)  # a forecast made long after its date knew what came


@dataclass(frozen=True, slots=True)
class Held:
    """How many forecasts are old enough, their mean chance, the share that came true, and the mean Brier score (0 to 1, 0 is best)."""

    count: int
    chance: float
    came: float
    brier: float


def held(*, now: datetime) -> Held | None:
    """Forecasts of 90 days ago and more against what came since; None where there is none. Two queries.

    One of a vendor, RTO and month counts. A chance is of a year; of a younger one the same steady rate is taken over the time
    that has passed.
    """
    due = _due(now)
    if not due:
        return None
    spans = _outages({row[0] for row in due}, since=min(row[1] for row in due))
    chances, outcomes = [], []
    for vendor, made, rto, chance in due:
        elapsed = min(now - made, HORIZON)
        chances.append(1.0 - (1.0 - chance) ** (elapsed / HORIZON))
        outcomes.append(_came(spans[vendor], made, made + elapsed, rto))
    count = len(due)
    brier = sum((p - came) ** 2 for p, came in zip(chances, outcomes, strict=True)) / count
    return Held(count, sum(chances) / count, sum(outcomes) / count, brier)


def _due(now: datetime) -> list[tuple[int, datetime, float, float]]:
    """(vendor, made at, RTO in hours, chance) of the forecasts to look at, the first of each vendor, RTO and month."""
    from assessments.models import AssessmentRow

    rows = (
        AssessmentRow.objects.filter(created_at__lte=now - LEAST, chance__isnull=False)
        .order_by("-created_at", "-pk")
        .values_list("vendor_id", "created_at", "as_of", "rto_hours", "chance")[:MOST]
    )
    first: dict[tuple[int, float, str], tuple[int, datetime, float, float]] = {}
    for vendor, made, as_of, rto, chance in rows:
        if abs(made - as_of) <= LIVE:
            first[vendor, rto, f"{made:%Y-%m}"] = (vendor, made, rto, chance)
    return list(first.values())


def _outages(vendors: set[int], *, since: datetime) -> dict[int, list[tuple[datetime, float]]]:
    """(start, hours) of the vendors' outages since then, by start; one without an end counts as longer than any RTO."""
    from vendors.models import Incident

    counts = Q(impact__isnull=True) | Q(impact__in=("major", "critical"))
    rows = Incident.objects.filter(counts, page__vendor_id__in=vendors, started_at__gt=since).order_by("started_at")
    found: dict[int, list[tuple[datetime, float]]] = defaultdict(list)
    for vendor, start, end in rows.values_list("page__vendor_id", "started_at", "resolved_at")[:MOST_INCIDENTS]:
        found[vendor].append((start, float("inf") if end is None else (end - start) / timedelta(hours=1)))
    return found


def _came(spans: list[tuple[datetime, float]], begin: datetime, end: datetime, rto: float) -> bool:
    """Whether an outage longer than the RTO began after `begin`, at `end` at the latest."""
    first = bisect_right(spans, begin, key=lambda span: span[0])
    last = bisect_right(spans, end, key=lambda span: span[0])
    return any(hours > rto for _, hours in spans[first:last])
