"""DatoCMS: the status site's own repository, one JSON object per incident and per maintenance window."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct, convert

from vendors.catalogue.build.captures import Captured
from vendors.catalogue.build.rows import Draft, Post, Reading, maintenance_title, names, phase
from vendors.records import Impact, Maintenance
from vendors.sources.datocms import identity_of

_IMPACTS: dict[str, Impact] = {"none": "none", "minor": "minor", "major": "major", "critical": "critical"}


class _Update(Struct):
    date: datetime
    status: str
    content: str


class _Incident(Struct, rename={"file": "_file"}):
    file: str
    impact: str
    updates: list[_Update]


class _Maintenance(Struct, rename={"file": "_file", "scheduled_for": "scheduledTime"}):
    file: str
    scheduled_for: datetime
    minutes: str | int
    components: list[str]
    updates: list[_Update]


def read(reading: Reading, incidents: Captured, maintenances: Captured) -> None:
    """Add the incidents and maintenance windows of the site's repository."""
    reading.sources.extend((incidents.note("the site's source files"), maintenances.note("the site's source files")))
    reading.drafts.extend(_draft(convert(row, _Incident)) for row in incidents.lines())
    reading.maintenances.extend(_maintenance(convert(row, _Maintenance)) for row in maintenances.lines())


def _draft(item: _Incident) -> Draft:
    updates = sorted(item.updates, key=lambda update: update.date)
    is_over = updates[-1].status == "resolved"
    return Draft(
        id=identity_of(item.file, item.file),
        impact=_IMPACTS[item.impact],
        raw_impact=item.impact,
        started_at=updates[0].date,
        resolved_at=updates[-1].date if is_over else None,
        end_known="stated" if is_over else "open",
        posts=tuple(Post(posted_at=u.date, state=phase(u.status), text=u.content) for u in updates),
    )


def _maintenance(item: _Maintenance) -> Maintenance:
    parts = names(item.components)
    done = [update.date for update in item.updates if update.status == "completed"]
    return Maintenance(
        id=identity_of(item.file, item.file),
        title=maintenance_title(parts),
        scheduled_for=item.scheduled_for,
        scheduled_until=item.scheduled_for + timedelta(minutes=int(item.minutes)),
        completed_at=max(done, default=None),
        components=parts,
    )
