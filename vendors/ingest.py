"""Writing facts: from a bundled file, or from reading a page. Idempotent: the same payload again changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction

from riskboard.errors import Refused
from vendors import models
from vendors.inspection import documents_of, slug_of, vendor_name_of
from vendors.records import (
    Component,
    Incident,
    Maintenance,
    Observation,
    Page,
    SourceNote,
    Update,
    Vendor,
    VendorFacts,
    Window,
)
from vendors.sources.base import Parsed, Raw

BATCH = 1000
Fetch = Callable[[str], Raw]


@transaction.atomic
def ingest_facts(facts: VendorFacts) -> models.Vendor:
    """The vendor row with all of `facts` stored; what was there before and is not in them stays."""
    vendor = _vendor(facts.vendor)
    for number, page in enumerate(facts.pages):
        row = _page(vendor, page, window=facts.window, as_of=facts.as_of)
        if number == 0:
            row.sources = msgspec.to_builtins(facts.sources)
            row.backup = msgspec.to_builtins(facts.backup)
            row.save(update_fields=["sources", "backup"])
        store(
            row,
            components=page.components,
            incidents=[incident for incident in facts.incidents if incident.page == page.url],
            maintenances=facts.maintenances if number == 0 else (),
            observations=facts.openness if number == 0 else (),
        )
    return vendor


def refresh_page(
    url: str,
    *,
    as_of: datetime,
    fetch: Fetch | None = None,
    report: Callable[[int, str], None] = lambda percent, message: None,
) -> models.StatusPage:
    """Read the page at `url` and store what it says; the page row, with its vendor.

    A read that fails (no answer, not understood) changes no fact: it is noted on the page if there is one, and raised
    as Refused. The answers are kept byte for byte in the transaction that stores what they say.
    """
    from vendors.discovery import read_page

    if fetch is None:
        from vendors.fetching import fetch as real_fetch

        fetch = real_fetch
    try:
        parsed, answers = read_page(url, fetch=fetch, as_of=as_of)
    except Refused as refusal:
        models.StatusPage.objects.filter(url=url.rstrip("/")).update(fault=str(refusal)[:500], state="unknown")
        raise
    report(40, "keeping the evidence")
    return store_read(parsed, answers, as_of=as_of)


@transaction.atomic
def store_read(parsed: Parsed, answers: Mapping[str, Raw], *, as_of: datetime) -> models.StatusPage:
    """One read of one page, stored: raw bytes, then what they say."""
    known = models.StatusPage.objects.select_related("vendor").filter(url=parsed.page.url).first()
    if known is None:
        name = vendor_name_of(parsed.page.name, parsed.page.url)
        vendor = _vendor(Vendor(name=name, slug=_free_slug(slug_of(name), parsed.page.url)))
    else:
        vendor = known.vendor
    row = _page(vendor, parsed.page, window=_joined(known, parsed.window), as_of=as_of)
    row.sources = msgspec.to_builtins(
        documents_of(answers)
        + tuple(
            SourceNote(name=q.where, retrieved=as_of.isoformat(), note=f"left out: {q.reason}")
            for q in parsed.quarantined
        )
    )
    row.fetched_at, row.fault = as_of, ""
    row.save(update_fields=["sources", "fetched_at", "fault"])
    _keep(row, answers)
    store(
        row,
        components=parsed.page.components,
        incidents=parsed.incidents,
        maintenances=parsed.maintenances,
        observations=parsed.observations,
        seen_at=as_of,
    )
    return row


def store(
    page: models.StatusPage,
    *,
    components: Iterable[Component],
    incidents: Iterable[Incident],
    maintenances: Iterable[Maintenance],
    observations: Iterable[Observation],
    seen_at: datetime | None = None,
) -> None:
    """Insert what is new, update what changed, leave the rest. `seen_at` dates posts seen for the first time."""
    _components(page, list(components))
    incidents = list(incidents)
    rows = _upsert(
        models.Incident,
        page,
        {
            incident.id: {
                "impact": incident.impact,
                "started_at": incident.started_at,
                "resolved_at": incident.resolved_at,
                "document": _document(msgspec.structs.replace(incident, updates=())),
            }
            for incident in incidents
        },
    )
    _updates({rows[incident.id]: incident.updates for incident in incidents}, seen_at)
    _upsert(
        models.Maintenance,
        page,
        {
            window.id: {
                "scheduled_for": window.scheduled_for,
                "scheduled_until": window.scheduled_until,
                "document": _document(window),
            }
            for window in maintenances
        },
    )
    for seen in observations:
        models.Observation.objects.update_or_create(
            page=page,
            check_id=seen.check,
            key=_digest(seen.url or ""),
            defaults={"observed_at": seen.observed_at, "document": _document(seen)},
        )


def _vendor(vendor: Vendor) -> models.Vendor:
    row, _ = models.Vendor.objects.get_or_create(
        slug=vendor.slug, defaults={"name": vendor.name, "category": vendor.category}
    )
    return row


def _free_slug(slug: str, url: str) -> str:
    """The slug, or one made unique by the page's address where another vendor has it."""
    if not models.Vendor.objects.filter(slug=slug).exists():
        return slug
    return f"{slug[:60]}-{_digest(url)[:8]}"


def _page(vendor: models.Vendor, page: Page, *, window: Window, as_of: datetime) -> models.StatusPage:
    row, _ = models.StatusPage.objects.update_or_create(
        url=page.url,
        defaults={
            "vendor": vendor,
            "platform": page.platform,
            "name": page.name,
            "access": page.access,
            "state": page.state,
            "window_start": window.start,
            "window_end": window.end,
            "window_complete": window.complete,
            "window_reason": window.reason,
            "facts_as_of": as_of,
        },
    )
    return row


def _joined(known: models.StatusPage | None, window: Window) -> Window:
    """The window of all reads so far: joined where they touch, else the new one alone."""
    if known is None or known.window_start is None or known.window_end is None:
        return window
    if window.start is None:
        return Window(
            start=known.window_start, end=known.window_end, complete=known.window_complete, reason=known.window_reason
        )
    if window.start > known.window_end:
        return window
    return msgspec.structs.replace(window, start=min(window.start, known.window_start))


def _keep(page: models.StatusPage, answers: Mapping[str, Raw]) -> None:
    for name, raw in answers.items():
        row, created = models.Snapshot.objects.get_or_create(
            page=page,
            name=name,
            sha256=hashlib.sha256(raw.body).hexdigest(),
            defaults={
                "url": raw.url,
                "body": raw.body,
                "first_fetched_at": raw.fetched_at,
                "last_fetched_at": raw.fetched_at,
            },
        )
        if not created and raw.fetched_at > row.last_fetched_at:
            row.last_fetched_at = raw.fetched_at
            row.save(update_fields=["last_fetched_at"])


def _components(page: models.StatusPage, components: list[Component]) -> None:
    wanted = [(c.id, c.name, c.group) for c in {c.id: c for c in components}.values()]
    have = list(page.components.order_by("position").values_list("external_id", "name", "group"))
    if wanted and wanted != have:
        page.components.all().delete()
        models.Component.objects.bulk_create(
            models.Component(page=page, external_id=c, name=name, group=group, position=n)
            for n, (c, name, group) in enumerate(wanted)
        )


def _upsert(model: Any, page: models.StatusPage, rows: dict[str, dict[str, Any]]) -> dict[str, int]:
    """Primary keys by external id, after inserting new rows and updating those whose digest changed."""
    have = {
        external: (pk, digest)
        for external, pk, digest in model.objects.filter(page=page).values_list("external_id", "pk", "digest")
    }
    fresh, changed = [], []
    for external, fields in rows.items():
        digest = _digest(fields["document"])
        pk, known = have.get(external, (None, None))
        if known != digest:
            row = model(pk=pk, page=page, external_id=external, digest=digest, **fields)
            (changed if pk else fresh).append(row)
    model.objects.bulk_create(fresh, batch_size=BATCH)
    if changed:
        model.objects.bulk_update(changed, [*next(iter(rows.values())), "digest"], batch_size=BATCH)
    keys = {external: pk for external, (pk, _) in have.items()}
    return keys | {row.external_id: row.pk for row in fresh}


def _updates(by_incident: dict[int, tuple[Update, ...]], seen_at: datetime | None) -> None:
    """New posts inserted; another wording of a post (same time and state) supersedes the one before."""
    have: dict[int, dict[str, models.IncidentUpdate]] = {}
    wanted = list(by_incident)
    for start in range(0, len(wanted), BATCH):
        part = models.IncidentUpdate.objects.filter(incident_id__in=wanted[start : start + BATCH])
        for row in part.defer("document") if seen_at is None else part:
            have.setdefault(row.incident_id, {})[row.key] = row
    fresh, revised = [], []
    for incident_id, updates in by_incident.items():
        known = have.get(incident_id, {})
        keys = _keyed(updates)
        told = {(update.posted_at, update.state) for key, update in keys.items() if key not in known}
        for key, update in keys.items():
            if key not in known:
                dated = (
                    update
                    if update.first_seen_at or seen_at is None
                    else msgspec.structs.replace(update, first_seen_at=seen_at)
                )
                fresh.append(
                    models.IncidentUpdate(
                        incident_id=incident_id, key=key, posted_at=update.posted_at, document=_document(dated)
                    )
                )
        if told:
            for key, row in known.items():
                if key not in keys and not row.superseded and (row.posted_at, row.document.get("state")) in told:
                    row.superseded = True
                    revised.append(row)
    models.IncidentUpdate.objects.bulk_create(fresh, batch_size=BATCH)
    models.IncidentUpdate.objects.bulk_update(revised, ["superseded"], batch_size=BATCH)


def _keyed(updates: Iterable[Update]) -> dict[str, Update]:
    """Updates by what makes a post that post: everything but when we first saw it, and its number among equals."""
    counts: dict[str, int] = {}
    keyed = {}
    for update in updates:
        plain = _digest(_document(msgspec.structs.replace(update, first_seen_at=None)))
        counts[plain] = counts.get(plain, 0) + 1
        keyed[plain if counts[plain] == 1 else _digest([plain, counts[plain]])] = update
    return keyed


def _document(record: msgspec.Struct) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(record)
    return document


def _digest(value: object) -> str:
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()
