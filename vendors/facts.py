"""Rows to facts: the single door through which judgement sees the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from vendors import models
from vendors.facts_file import normalise
from vendors.incident_record import POST_FIELDS, PostRow, posts_of
from vendors.records import (
    BackupAnswer,
    Component,
    Incident,
    Maintenance,
    Observation,
    ObservedSpan,
    Page,
    SourceNote,
    Vendor,
    VendorFacts,
    Window,
)
from vendors.same_event import counted_once


def facts_of(vendor: models.Vendor, *, as_of: datetime) -> VendorFacts:
    """Everything known about the vendor, dated `as_of`. Eight queries, however many rows.

    Superseded wordings are left out and their posts marked edited; what vanished stays, with the time it was missed; an
    event told on several pages stands once. Evidence from elsewhere (vendors/evidence_rows.py) is added as it stood then.
    """
    pages = list(vendor.pages.prefetch_related("components").order_by("pk"))
    posts: dict[int, list[PostRow]] = {}
    rows = models.IncidentUpdate.objects.filter(incident__page__vendor=vendor).order_by("posted_at", "pk")
    for incident_id, *post in rows.values_list("incident_id", *POST_FIELDS):
        posts.setdefault(incident_id, []).append(tuple(post))
    incidents = [
        msgspec.structs.replace(_record(document, Incident), updates=posts_of(posts.get(pk, ())), gone_at=gone_at)
        for pk, document, gone_at in models.Incident.objects.filter(page__vendor=vendor).values_list(
            "pk", "document", "gone_at"
        )
    ]
    maintenances = models.Maintenance.objects.filter(page__vendor=vendor).values_list("document", flat=True)
    seen = models.Observation.objects.filter(page__vendor=vendor).values_list("document", flat=True)
    reports = _reported(vendor, as_of)
    return normalise(
        VendorFacts(
            vendor=Vendor(name=vendor.name, slug=vendor.slug, category=vendor.category),
            as_of=as_of,
            pages=tuple(_page(page, alone=len(pages) == 1) for page in pages),
            window=_window(pages),
            incidents=(*counted_once(incidents), *(report for report, _ in reports)),
            maintenances=tuple(_record(document, Maintenance) for document in maintenances),
            openness=tuple(_record(document, Observation) for document in seen),
            backup=tuple(_record(answer, BackupAnswer) for page in pages for answer in page.backup),
            sources=(
                *(_record(source, SourceNote) for page in pages for source in page.sources),
                *(source for _, source in reports),
            ),
            observed=_observed(vendor, as_of),
        )
    )


def _reported(vendor: models.Vendor, as_of: datetime) -> list[tuple[Incident, SourceNote]]:
    """Incidents learnt elsewhere, each with the note of who entered it; an end that lay ahead is open."""
    found = []
    rows = vendor.reported.filter(withdrawn_at=None, started_at__lte=as_of).order_by("started_at", "external_id")
    for document, note, entered_at in rows.values_list("document", "note", "entered_at"):
        one: Incident = _record(document, Incident)
        if one.resolved_at is not None and one.resolved_at > as_of:
            one = msgspec.structs.replace(one, resolved_at=None, end_known="open", status="open")
        name = f"entered by hand: {one.reported}, {one.id}"
        found.append((one, SourceNote(name=name, retrieved=entered_at.isoformat(), url=one.url, note=note or None)))
    return found


def _observed(vendor: models.Vendor, as_of: datetime) -> tuple[ObservedSpan, ...]:
    """What independent observers saw; a failure that was over later was open then."""
    rows = vendor.observed.filter(withdrawn_at=None, started_at__lte=as_of)
    return tuple(
        ObservedSpan(start=start, end=None if end and end > as_of else end, observer=observer, note=note or None)
        for start, end, observer, note in rows.values_list("started_at", "ended_at", "observer", "note")
    )


def _page(row: models.StatusPage, *, alone: bool) -> Page:
    return Page(
        url=row.url,
        platform=row.platform,
        name=row.name,
        access=row.access,
        state=row.state,
        components=tuple(Component(id=c.external_id, name=c.name, group=c.group) for c in row.components.all()),
        window=None if alone else _page_window(row),
    )


def _page_window(row: models.StatusPage) -> Window:
    return Window(start=row.window_start, end=row.window_end, complete=row.window_complete, reason=row.window_reason)


def _window(pages: list[models.StatusPage]) -> Window:
    """The widest span of the vendor's pages; it is complete only if every page's is."""
    covered = [page for page in pages if page.window_start is not None and page.window_end is not None]
    if not covered:
        reason = pages[0].window_reason if pages else "no page has been read"
        return Window(start=None, end=None, complete=False, reason=reason)
    return Window(
        start=min(page.window_start for page in covered if page.window_start),
        end=max(page.window_end for page in covered if page.window_end),
        complete=all(page.window_complete for page in covered),
        reason=covered[0].window_reason,
    )


def _record(document: Any, kind: Any) -> Any:
    """The typed record a stored document stands for; a document of another shape raises, since only we write them."""
    return msgspec.convert(document, kind, strict=False)
