"""What only watching a page for months can show: that it edits or deletes what it said, or publishes less than it used to."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median
from typing import Final

from vendors import models
from vendors.records import Observation

LONG_ENOUGH: Final = timedelta(days=90)  # O13: our own polling over a quarter
BEFORE: Final = timedelta(days=30)  # what a page showed until a month ago is what it used to show
SHRUNK: Final = 0.5  # of the reach it used to have
WORTH_TELLING: Final = 60.0  # days of reach lost; less is a busy month under a cap


def watched_over(page: models.StatusPage, *, as_of: datetime) -> tuple[Observation, ...]:
    """The observations of integrity (O13) and of a shrinking record, from our own reads. Four queries."""
    reaches = list(page.reaches.order_by("day"))
    return (_integrity(page, reaches, as_of), *_shrinking(page, reaches, as_of))


def _integrity(page: models.StatusPage, reaches: list[models.PageReach], as_of: datetime) -> Observation:
    updates = models.IncidentUpdate.objects.filter(incident__page=page)
    edited = updates.exclude(superseded_at=None).count()
    withdrawn = updates.exclude(withdrawn_at=None).count()
    gone = page.incidents.exclude(gone_at=None).count()
    days = (as_of.date() - reaches[0].day).days if reaches else 0
    seen = (
        f"{edited} posts reworded, {withdrawn} taken back, {gone} incidents removed in {days} days of our own polling"
    )
    if gone or withdrawn:
        return _said(page, "integrity", "fail", f"{seen}.", float(gone + withdrawn), as_of)
    if days < LONG_ENOUGH.days:
        return _said(page, "integrity", "unknown", f"{seen}; {LONG_ENOUGH.days} are needed to say more.", None, as_of)
    return _said(page, "integrity", "partial" if edited else "pass", f"{seen}.", float(edited), as_of)


def _shrinking(page: models.StatusPage, reaches: list[models.PageReach], as_of: datetime) -> tuple[Observation, ...]:
    """An observation if the page, read by the same product's source, reaches much less far back than it used to."""
    if not reaches:
        return ()
    latest, until = reaches[-1], (as_of - BEFORE).date()
    served_so = [row for row in reaches if row.platform == latest.platform and row.day <= until]
    before = [row.reach_days for row in served_so if row.reach_days is not None]
    if not before:
        return ()
    usual, now = median(before), latest.reach_days or 0.0
    if now >= usual * SHRUNK or usual - now < WORTH_TELLING:
        return ()
    note = (
        f"The page reached {usual:.0f} days back until {until:%Y-%m-%d} and reaches {now:.0f} now: "
        "fewer posts are not fewer outages."
    )
    return (_said(page, "publishes-less", "fail", note, round(usual - now, 1), as_of),)


def _said(
    page: models.StatusPage, check: str, outcome: str, note: str, value: float | None, as_of: datetime
) -> Observation:
    return Observation(check=check, outcome=outcome, observed_at=as_of, value=value, url=page.url, note=note)  # type: ignore[arg-type]
