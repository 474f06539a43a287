"""Slack's "current" endpoint, merged by id over snapshots. Only active incidents are listed: ends are upper bounds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct, convert

from vendors.catalogue.build.captures import Captured
from vendors.catalogue.build.rows import Draft, Post, Reading, maintenance_title, names
from vendors.records import Maintenance
from vendors.sources.slack import IMPACTS, phase


class _Note(Struct):
    date_created: datetime
    body: str
    first_seen: datetime | None = None


class _Incident(Struct):
    id: int
    type: str
    date_created: datetime
    url: str
    services: list[str]
    notes: list[_Note]
    gone_at: datetime | None = None


def read(reading: Reading, captured: Captured) -> None:
    """Add every incident; what the page calls maintenance is kept apart."""
    reading.sources.append(captured.note("merged by id from snapshots of the list of active incidents"))
    for row in captured.lines():
        item = _decode(row)
        if item.type == "maintenance":
            reading.maintenances.append(_maintenance(item))
        else:
            reading.drafts.append(_draft(item))


def _decode(row: dict[str, Any]) -> _Incident:
    row = {key.removeprefix("_"): value for key, value in row.items()}
    row["notes"] = [{key.removeprefix("_"): value for key, value in note.items()} for note in row["notes"]]
    return convert(row, _Incident)


def _draft(item: _Incident) -> Draft:
    ordered = sorted(item.notes, key=lambda note: note.date_created)
    return Draft(
        id=str(item.id),
        url=item.url,
        impact=IMPACTS.get(item.type),
        raw_impact=item.type,
        started_at=item.date_created,
        resolved_at=item.gone_at,
        end_known="upper_bound" if item.gone_at else "open",
        components=names(item.services),
        posts=tuple(
            Post(
                posted_at=note.date_created,
                state=phase(n, len(ordered), is_over=False),
                text=note.body,
                first_seen_at=note.first_seen,
            )
            for n, note in enumerate(ordered)
        ),
    )


def _maintenance(item: _Incident) -> Maintenance:
    parts = names(item.services)
    return Maintenance(
        id=str(item.id),
        title=maintenance_title(parts),
        announced_at=min((note.date_created for note in item.notes), default=item.date_created),
        components=parts,
        url=item.url,
    )
