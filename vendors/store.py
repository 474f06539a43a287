"""Rows of one page: insert what is new, update what changed, mark what vanished, leave the rest. Nothing is erased.

An edited post is a new row and the old wording is marked superseded; a post or incident that the page drops keeps its row
with the time it was first missing; an open incident that a list of everything open no longer shows ended by then at the
latest. Marks are made only where the read could have shown the thing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from vendors import models
from vendors.bulk import bulk_upsert
from vendors.records import Component, Incident, Maintenance, Observation, Update, Window

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Seen:
    """How a read saw the page: when, what it covers, and whether it would have shown every open incident.

    `same_product`: the page is served by the product that served it before; ids of another mean nothing to each other.
    """

    at: datetime
    window: Window
    lists_open: bool = True
    same_product: bool = True


def store(
    page: models.StatusPage,
    *,
    components: Iterable[Component],
    incidents: Iterable[Incident],
    maintenances: Iterable[Maintenance],
    observations: Iterable[Observation],
    seen: Seen | None = None,
) -> bool:
    """Write one telling of the page; whether anything in it was new. `seen` None: a record from elsewhere, no marks.

    Cost: a query per thousand incidents, plus one statement per table for all that is new or changed.
    """
    incidents = list(incidents)
    news = _components(page, list(components))
    known = _known(models.Incident, page)
    news |= _incidents(page, incidents, known)
    if seen is not None and seen.same_product:
        news |= _vanished(page, {incident.id for incident in incidents}, seen)
    keys = _primary_keys(page, {incident.id for incident in incidents})
    told = {keys[incident.id]: incident.updates for incident in incidents}
    news |= _updates(told, seen)
    news |= _maintenances(page, list(maintenances))
    keep_observations(page, observations)
    return news


def keep_observations(page: models.StatusPage, observations: Iterable[Observation]) -> None:
    """Write what was observed; a later look at the same check takes the place of the earlier one."""
    rows = []
    for seen in observations:
        document = msgspec.json.encode(seen)
        rows.append((page.pk, seen.check, digest_of([seen.check, seen.url or ""]), seen.observed_at, document))
    if not rows:
        return
    columns = ("page_id", "check_id", "key", "observed_at", "document")
    models.Observation.objects.filter(page=page, check_id__in={row[1] for row in rows}).exclude(
        key__in={row[2] for row in rows}
    ).delete()
    bulk_upsert(models.Observation, columns, rows, unique=("page_id", "check_id", "key"))


def digest_of(value: object) -> str:
    """Hex digest of the value's JSON with sorted keys."""
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()


def _components(page: models.StatusPage, components: list[Component]) -> bool:
    wanted = [(c.id, c.name, c.group) for c in {c.id: c for c in components}.values()]
    have = list(page.components.order_by("position").values_list("external_id", "name", "group"))
    if not wanted or wanted == have:
        return False
    page.components.all().delete()
    models.Component.objects.bulk_create(
        models.Component(page=page, external_id=c, name=name, group=group, position=n)
        for n, (c, name, group) in enumerate(wanted)
    )
    return True


def _known(model: Any, page: models.StatusPage) -> dict[str, str]:
    """External id -> digest of what is stored."""
    return dict(model.objects.filter(page=page).order_by().values_list("external_id", "digest"))


def _incidents(page: models.StatusPage, incidents: list[Incident], known: Mapping[str, str]) -> bool:
    rows = []
    for incident in incidents:
        document = msgspec.json.encode(msgspec.structs.replace(incident, updates=()))
        digest = hashlib.sha256(document).hexdigest()
        if known.get(incident.id) != digest:
            rows.append(
                (
                    page.pk,
                    incident.id,
                    incident.impact,
                    incident.started_at,
                    incident.resolved_at,
                    document,
                    digest,
                    None,
                )
            )
    columns = ("page_id", "external_id", "impact", "started_at", "resolved_at", "document", "digest", "gone_at")
    if rows:
        bulk_upsert(models.Incident, columns, rows, unique=("page_id", "external_id"))
    return bool(rows)


def _maintenances(page: models.StatusPage, windows: list[Maintenance]) -> bool:
    known = _known(models.Maintenance, page)
    rows = []
    for window in windows:
        document = msgspec.json.encode(window)
        digest = hashlib.sha256(document).hexdigest()
        if known.get(window.id) != digest:
            rows.append((page.pk, window.id, window.scheduled_for, window.scheduled_until, document, digest))
    columns = ("page_id", "external_id", "scheduled_for", "scheduled_until", "document", "digest")
    if rows:
        bulk_upsert(models.Maintenance, columns, rows, unique=("page_id", "external_id"))
    return bool(rows)


def _primary_keys(page: models.StatusPage, wanted: set[str]) -> dict[str, int]:
    rows = models.Incident.objects.filter(page=page).order_by().values_list("external_id", "pk")
    return {external: pk for external, pk in rows if external in wanted}


def _vanished(page: models.StatusPage, told: set[str], seen: Seen) -> bool:
    """Mark incidents the read should have shown and did not; whether there were any.

    Inside a complete window that is a deletion. An open one missing from a list of all open ones has ended by now.
    """
    news = False
    rows = models.Incident.objects.filter(page=page)
    start = seen.window.start
    if seen.window.complete and start is not None:
        missing = rows.filter(gone_at=None, started_at__gte=start).exclude(document__end_known="open")
        gone = [pk for pk, external in missing.values_list("pk", "external_id") if external not in told]
        for begin in range(0, len(gone), BATCH):
            models.Incident.objects.filter(pk__in=gone[begin : begin + BATCH]).update(gone_at=seen.at)
        news |= bool(gone)
    back = [pk for pk, external in rows.exclude(gone_at=None).values_list("pk", "external_id") if external in told]
    if back:
        models.Incident.objects.filter(pk__in=back).update(gone_at=None)
    if seen.lists_open:
        for row in rows.filter(document__end_known="open"):
            if row.external_id not in told:
                row.document |= {"resolved_at": _iso(max(seen.at, row.started_at)), "end_known": "upper_bound"}
                row.resolved_at, row.digest = max(seen.at, row.started_at), digest_of(row.document)
                row.save(update_fields=["document", "resolved_at", "digest"])
                news = True
    return news


def _updates(by_incident: Mapping[int, tuple[Update, ...]], seen: Seen | None) -> bool:
    """New posts inserted; another wording of a post (same time and state) supersedes the one before."""
    have: dict[int, dict[str, models.IncidentUpdate]] = {}
    wanted = list(by_incident)
    for start in range(0, len(wanted), BATCH):
        for row in models.IncidentUpdate.objects.filter(incident_id__in=wanted[start : start + BATCH]).order_by():
            have.setdefault(row.incident_id, {})[row.key] = row
    fresh: list[tuple[Any, ...]] = []
    revised: list[models.IncidentUpdate] = []
    for incident_id, updates in by_incident.items():
        known = have.get(incident_id, {})
        keys = _keyed(updates)
        for key, update in keys.items():
            if key not in known:
                dated = seen is not None and update.first_seen_at is None
                record = msgspec.structs.replace(update, first_seen_at=seen.at) if dated and seen else update
                fresh.append((incident_id, key, update.posted_at, msgspec.json.encode(record), False))
        revised += _revised(known, keys, seen)
    if fresh:
        columns = ("incident_id", "key", "posted_at", "document", "superseded")
        bulk_upsert(models.IncidentUpdate, columns, fresh, unique=("incident_id", "key"))
    fields = ["superseded", "superseded_at", "withdrawn_at"]
    models.IncidentUpdate.objects.bulk_update(revised, fields, batch_size=BATCH)
    return bool(fresh or revised)


def _revised(
    known: Mapping[str, models.IncidentUpdate], keys: Mapping[str, Update], seen: Seen | None
) -> list[models.IncidentUpdate]:
    """The stored posts whose standing changed: told in other words now, told again after all, or no longer told.

    A post counts as withdrawn only if older and newer ones are told around its place: a list cut short is no deletion.
    """
    told = {(update.posted_at, update.state) for update in keys.values()}
    times = [update.posted_at for update in keys.values()]
    at = None if seen is None else seen.at
    revised = []
    for key, row in known.items():
        before = (row.superseded, row.withdrawn_at)
        if key in keys:
            row.superseded, row.superseded_at, row.withdrawn_at = False, None, None
        elif (row.posted_at, row.document.get("state")) in told:
            if not row.superseded:
                row.superseded, row.superseded_at = True, at
        elif at is not None and not row.superseded and times and min(times) <= row.posted_at <= max(times):
            row.withdrawn_at = row.withdrawn_at or at
        if (row.superseded, row.withdrawn_at) != before:
            revised.append(row)
    return revised


def _keyed(updates: Iterable[Update]) -> dict[str, Update]:
    """Updates by what makes a post that post: everything but when we first saw it, and its number among equals."""
    counts: dict[str, int] = {}
    keyed = {}
    for update in updates:
        plain = hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(update, first_seen_at=None))).hexdigest()
        counts[plain] = counts.get(plain, 0) + 1
        keyed[plain if counts[plain] == 1 else digest_of([plain, counts[plain]])] = update
    return keyed


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
