"""Statuspage incidents put together from committed snapshots of summary.json (one merged object per line).

That endpoint lists unresolved incidents only, so the resolution itself is hardly ever in the record. The incident ended
before the first snapshot without it (`_gone_at`): its end is that time, an upper bound. Against the stated ends of 306
GitHub incidents the bound is 12 minutes late in the median and 157 at most, so nothing finer (a midpoint of the last
snapshot with and the first without: collectors commit on change only, it would cut hours off) is taken.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct, convert

from vendors.catalogue.build.captures import Captured
from vendors.catalogue.build.rows import SLACK, Draft, Post, Reading, maintenance_title, names, phase
from vendors.records import Component, Impact, Maintenance

_IMPACTS: dict[str, Impact] = {"none": "none", "minor": "minor", "major": "major", "critical": "critical"}


class _Part(Struct):
    name: str
    id: str | None = None


class _Update(Struct):
    status: str
    created_at: datetime
    body: str | None = None
    display_at: datetime | None = None
    id: str | None = None
    first_seen: datetime | None = None
    edits: list[Any] = []


class StatuspageIncident(Struct):
    """The part of a Statuspage v2 incident object that is read here; `gone_at` only in merged snapshots."""

    id: str
    status: str
    created_at: datetime
    started_at: datetime | None = None
    resolved_at: datetime | None = None
    impact: str = "none"
    components: list[_Part] = []
    incident_updates: list[_Update] = []
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None
    gone_at: datetime | None = None


def decode(row: dict[str, Any]) -> StatuspageIncident:
    """The typed object of one line. The collector's own fields carry a leading underscore, dropped here; a collection
    that keeps only the components' names is read too."""
    row = {key.removeprefix("_"): value for key, value in row.items()}
    row["incident_updates"] = [
        {key.removeprefix("_"): value for key, value in update.items()} for update in row.get("incident_updates", ())
    ]
    row["components"] = [{"name": part} if isinstance(part, str) else part for part in row.get("components", ())]
    return convert(row, StatuspageIncident)


def read(reading: Reading, incidents: list[Captured], maintenances: list[Captured]) -> None:
    """Add the incidents and maintenance windows of merged snapshots to the reading."""
    for captured in incidents:
        reading.sources.append(captured.note("merged by id from snapshots of summary.json; ends are upper bounds"))
        for row in captured.lines():
            item = decode(row)
            if item.impact == "maintenance":
                reading.maintenances.append(maintenance_of(item, reading.page.url))
            else:
                reading.drafts.append(draft_of(item, reading.page.url))
    for captured in maintenances:
        reading.sources.append(captured.note("merged by id from snapshots of summary.json"))
        reading.maintenances.extend(maintenance_of(decode(row), reading.page.url) for row in captured.lines())


def draft_of(item: StatuspageIncident, page: str) -> Draft:
    """One incident. The start is `started_at`; it counts as stated when it lies clearly before the first post."""
    posts = posts_of(item)
    first = min((post.posted_at for post in posts), default=item.created_at)
    started = item.started_at or item.created_at
    url = f"{page}/incidents/{item.id}"
    stated = item.resolved_at is not None
    ended = item.resolved_at or item.gone_at
    return Draft(
        id=item.id,
        url=url,
        impact=_IMPACTS.get(item.impact),
        raw_impact=item.impact,
        started_at=started,
        start_stated=first - started > SLACK,
        resolved_at=ended,
        end_known="stated" if stated else "upper_bound" if ended else "open",
        components=names(part.name for part in item.components),
        posts=posts,
        postmortem_url=url if any(post.state == "postmortem" for post in posts) else None,
    )


def posts_of(item: StatuspageIncident) -> tuple[Post, ...]:
    """The posts. `created_at` is when a post was made; `display_at` may be set back by the vendor and is not used."""
    return tuple(
        Post(
            posted_at=update.created_at,
            state=phase(update.status),
            text=update.body or "",
            first_seen_at=update.first_seen,
            edited=bool(update.edits),
        )
        for update in item.incident_updates
    )


def maintenance_of(item: StatuspageIncident, page: str) -> Maintenance:
    """One maintenance window; its completion is not in snapshots of unresolved items."""
    parts = names(part.name for part in item.components)
    return Maintenance(
        id=item.id,
        title=maintenance_title(parts),
        announced_at=min((update.created_at for update in item.incident_updates), default=item.created_at),
        scheduled_for=item.scheduled_for,
        scheduled_until=item.scheduled_until,
        completed_at=item.resolved_at,
        components=parts,
        url=f"{page}/incidents/{item.id}",
    )


class _SummaryComponent(Struct):
    id: str
    name: str
    group: bool = False
    group_id: str | None = None


class _Summary(Struct):
    components: list[_SummaryComponent]


def components_of(summary: Captured) -> tuple[Component, ...]:
    """The page's components from a summary.json: groups become the group name of their members."""
    listed = convert(summary.json(), _Summary).components
    groups = {item.id: item.name for item in listed if item.group}
    return tuple(
        Component(id=item.id, name=item.name, group=groups.get(item.group_id or ""))
        for item in listed
        if not item.group
    )
