"""Writing evidence from elsewhere: enter, import, withdraw, bring back. Whole or not at all; nothing is erased.

A row has a short name for people: `r12` an incident entered, `s34` one observed failure, `f` and twelve digits all that
came with one export.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import transaction
from django.db.models import Count, Max, Min, QuerySet

from riskboard.errors import Refused
from vendors.evidence.monitors import write_plain
from vendors.evidence.reported import Report
from vendors.models import ObservedSpan as SpanRow
from vendors.models import ReportedIncident, Vendor
from vendors.records import Incident, ObservedSpan

MOST_ROWS = 20_000  # docs/limits.md: per vendor and kind


@dataclass(frozen=True, slots=True)
class Added:
    """What entering did: rows that are new, rows changed (a failure that has ended since), rows that were there already.

    `withdrawn` of those were taken back before, and stay so.
    """

    new: int
    changed: int
    known: int
    withdrawn: int

    def __str__(self) -> str:
        parts = [f"{self.new} added"]
        parts += [f"{self.changed} brought up to date"] if self.changed else []
        parts += [f"{self.known} there already"] if self.known else []
        parts += [f"{self.withdrawn} of them withdrawn before, and left so"] if self.withdrawn else []
        return ", ".join(parts)


def vendor_named(name: str) -> Vendor:
    """The stored vendor of that slug or name; a bundled one is stored first. Raises Refused, with near names."""
    from vendors.catalogue import index
    from vendors.ingest import ingest_facts

    wanted = name.strip()
    known = Vendor.objects.filter(slug=wanted.casefold()).first() or Vendor.objects.filter(name__iexact=wanted).first()
    return known if known is not None else ingest_facts(index.load(wanted))


@transaction.atomic
def enter(vendor: Vendor, reports: Sequence[Report], *, now: datetime) -> Added:
    """Store incidents learnt elsewhere. The same report again changes nothing. Raises Refused beyond the cap."""
    Vendor.objects.select_for_update().get(pk=vendor.pk)  # two at once take their turns
    wanted = {report.incident.id: report for report in reports}
    have = dict(vendor.reported.filter(external_id__in=wanted).values_list("external_id", "withdrawn_at"))
    fresh = [report for key, report in wanted.items() if key not in have]
    _check_room(vendor.reported.count() + len(fresh))
    ReportedIncident.objects.bulk_create(
        (
            ReportedIncident(
                vendor=vendor,
                external_id=report.incident.id,
                started_at=report.incident.started_at,
                document=msgspec.to_builtins(report.incident),
                note=report.note,
                entered_at=now,
            )
            for report in fresh
        ),
        batch_size=500,
    )
    return Added(len(fresh), 0, len(have), sum(at is not None for at in have.values()))


@transaction.atomic
def observe(vendor: Vendor, spans: Sequence[ObservedSpan], *, now: datetime) -> Added:
    """Store what observers saw. A failure known as open gets its end; all else known stays. Raises Refused beyond the cap."""
    Vendor.objects.select_for_update().get(pk=vendor.pk)
    batch = hashlib.sha256(b"%d\n" % vendor.pk + write_plain(spans)).hexdigest()[:12]
    have = {(row.observer, row.started_at): row for row in vendor.observed.all()} if spans else {}
    fresh, ended, known, withdrawn = [], [], 0, 0
    for span in spans:
        row = have.get((span.observer, span.start))
        if row is None:
            fresh.append(
                SpanRow(
                    vendor=vendor, observer=span.observer, started_at=span.start, ended_at=span.end,
                    note=span.note or "", batch=batch, entered_at=now,
                )
            )  # fmt: skip
            continue
        withdrawn += row.withdrawn_at is not None
        if row.ended_at is None and span.end is not None:
            row.ended_at = span.end
            ended.append(row)
        else:
            known += 1
    _check_room(len(have) + len(fresh))
    SpanRow.objects.bulk_create(fresh, batch_size=500)
    SpanRow.objects.bulk_update(ended, ["ended_at"], batch_size=500)
    return Added(len(fresh), len(ended), known, withdrawn)


def withdraw(names: str, *, now: datetime, vendor: Vendor | None = None) -> int:
    """Take back the rows of that name (`r12`, `s34`, `f0123…`): they no longer count and can be brought back.

    How many rows changed: 0 where they were withdrawn already. Raises Refused where there are none of that name.
    """
    return _named(names, vendor).filter(withdrawn_at=None).update(withdrawn_at=now)


def restore(names: str, *, vendor: Vendor | None = None) -> int:
    """Bring back what was withdrawn; how many rows changed. Raises Refused where there are none of that name."""
    return _named(names, vendor).exclude(withdrawn_at=None).update(withdrawn_at=None)


@dataclass(frozen=True, slots=True)
class Entered:
    """A reported incident as listed. `name` is what `withdraw` takes."""

    name: str
    incident: Incident
    note: str
    withdrawn_at: datetime | None

    @property
    def report(self) -> Report:
        """As it was entered."""
        return Report(incident=self.incident, note=self.note)


@dataclass(frozen=True, slots=True)
class Batch:
    """What came with one export from one observer, as listed; `withdrawn` of its `spans` were taken back."""

    name: str
    observer: str
    note: str
    spans: int
    withdrawn: int
    first: datetime
    last: datetime


def entered(vendor: Vendor) -> list[Entered]:
    """Every incident entered for the vendor, the newest first; one query."""
    return [
        Entered(f"r{row.pk}", msgspec.convert(row.document, Incident, strict=False), row.note, row.withdrawn_at)
        for row in vendor.reported.all()
    ]


def batches(vendor: Vendor) -> list[Batch]:
    """What observers saw, by export and observer, the newest first; one query."""
    rows = (
        vendor.observed.order_by()
        .values("batch", "observer", "note")
        .annotate(spans=Count("pk"), withdrawn=Count("withdrawn_at"), first=Min("started_at"), last=Max("started_at"))
    )
    found = [Batch(f"f{row.pop('batch')}", **row) for row in rows]
    return sorted(found, key=lambda batch: (batch.last, batch.name, batch.observer), reverse=True)


def _check_room(count: int) -> None:
    if count > MOST_ROWS:
        raise Refused(f"more than {MOST_ROWS:,} rows of evidence for one vendor are not kept")


def _named(name: str, vendor: Vendor | None) -> QuerySet[ReportedIncident] | QuerySet[SpanRow]:
    """The rows of that name. Raises Refused."""
    kind, rest = name.strip()[:1].casefold(), name.strip()[1:]
    rows: QuerySet[ReportedIncident] | QuerySet[SpanRow]
    is_number = rest.isascii() and rest.isdigit() and len(rest) < 16
    if kind == "r" and is_number:
        rows = ReportedIncident.objects.filter(pk=int(rest))
    elif kind == "s" and is_number:
        rows = SpanRow.objects.filter(pk=int(rest))
    elif kind == "f" and len(rest) == 12 and all(c in "0123456789abcdefABCDEF" for c in rest):
        rows = SpanRow.objects.filter(batch=rest.casefold())
    else:
        raise Refused(f"{name[:40]!r} names no evidence; `riskboard evidence list VENDOR` shows the names")
    if vendor is not None:
        rows = rows.filter(vendor=vendor)
    if not rows.exists():
        raise Refused(f"there is no evidence {name[:40]}; `riskboard evidence list VENDOR` shows what there is")
    return rows
