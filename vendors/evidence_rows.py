"""Writing evidence from elsewhere: enter, import, withdraw, bring back. Whole or not at all; nothing is erased.

A row has a short name for people: `r12` an incident entered, `s34` one observed failure, `f` and twelve digits all that
came with one export.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec
from django.db import transaction
from django.db.models import Count, Max, Min, QuerySet

from riskboard.accounts import audit
from riskboard.errors import Refused
from vendors.evidence.monitors import write_plain
from vendors.evidence.reported import Report
from vendors.models import ObservedSpan as SpanRow
from vendors.models import ReportedIncident, Vendor
from vendors.records import Incident, ObservedSpan

MOST_ROWS = 20_000  # docs/limits.md: per vendor and kind


@dataclass(frozen=True, slots=True)
class Added:
    """What entering did: rows that are new, rows changed, rows that were there already.

    Changed is a failure that has ended since, or a report that says otherwise by now.

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


@dataclass(frozen=True, slots=True)
class Held:
    """One report held against what was entered before. `act`: new, change, same, or withdrawn (it stays so).

    `report` is as it will stand, `fields` are those that change.
    """

    report: Report
    act: Literal["new", "change", "same", "withdrawn"]
    fields: tuple[str, ...] = ()


def held_against(vendor: Vendor, reports: Iterable[Report]) -> list[Held]:
    """What entering those reports would do, in their order. Its source, start and title tell which one is meant. One query."""
    have = {row.external_id: row for row in vendor.reported.all()}
    return [_held(report, have.get(report.incident.id)) for report in reports]


def _held(report: Report, row: ReportedIncident | None) -> Held:
    if row is None:
        return Held(report, "new")
    if row.withdrawn_at is not None:
        return Held(report, "withdrawn")
    stands = Report(incident=msgspec.convert(row.document, Incident, strict=False), note=row.note)
    after = _updated(stands, report)
    told = {name: getattr(after.incident, name) != getattr(stands.incident, name) for name in _TOLD}
    fields = [name for name, differs in told.items() if differs] + (["note"] if after.note != stands.note else [])
    return Held(after, "change" if fields else "same", tuple(fields))


_TOLD = (
    "resolved_at",
    "end_known",
    "impact",
    "components",
    "reported",
)  # what a report can say otherwise the next time


def _updated(stands: Report, said: Report) -> Report:
    """What stands with what is said by now; what is left empty says nothing."""
    before, now = stands.incident, said.incident
    end = before if now.end_known == "unknown" else now
    incident = msgspec.structs.replace(
        before, resolved_at=end.resolved_at, end_known=end.end_known, status=end.status,
        impact=now.impact or before.impact, components=now.components or before.components,
        reported=before.reported if now.reported == "other" else now.reported,
    )  # fmt: skip
    return Report(incident=incident, note=said.note or stands.note)


@transaction.atomic
def enter(vendor: Vendor, reports: Sequence[Report], *, now: datetime) -> Added:
    """Store incidents learnt elsewhere. The same report again changes nothing; one that says otherwise by now replaces what it said.

    Raises Refused beyond the cap.
    """
    Vendor.objects.select_for_update().get(pk=vendor.pk)  # two at once take their turns
    held = held_against(vendor, {report.incident.id: report for report in reports}.values())
    by_act = {act: [one.report for one in held if one.act == act] for act in ("new", "change", "same", "withdrawn")}
    _check_room(vendor.reported.count() + len(by_act["new"]))
    made = ReportedIncident.objects.bulk_create(
        (
            ReportedIncident(
                vendor=vendor, external_id=report.incident.id, started_at=report.incident.started_at,
                document=msgspec.to_builtins(report.incident), note=report.note, entered_at=now,
            )
            for report in by_act["new"]
        ),
        batch_size=500,
    )  # fmt: skip
    audit.record_all("added", ((row, None, audit.fields_of(row)) for row in made))
    _replace(vendor, by_act["change"])
    known = len(by_act["same"]) + len(by_act["withdrawn"])
    return Added(len(by_act["new"]), len(by_act["change"]), known, len(by_act["withdrawn"]))


def _replace(vendor: Vendor, reports: Iterable[Report]) -> None:
    said = {report.incident.id: report for report in reports}
    rows = list(vendor.reported.filter(external_id__in=said)) if said else []
    before = [{"document": str(row.document), "note": row.note} for row in rows]
    for row in rows:
        report = said[row.external_id]
        row.document, row.note = msgspec.to_builtins(report.incident), report.note
    ReportedIncident.objects.bulk_update(rows, ["document", "note"], batch_size=500)
    after = [{"document": str(row.document), "note": row.note} for row in rows]
    audit.record_all("changed", zip(rows, before, after, strict=True))


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
    made = SpanRow.objects.bulk_create(fresh, batch_size=500)
    SpanRow.objects.bulk_update(ended, ["ended_at"], batch_size=500)
    audit.record_all("added", ((row, None, audit.fields_of(row)) for row in made))
    told = ((row, {"ended_at": None}, {"ended_at": row.ended_at and row.ended_at.isoformat()}) for row in ended)
    audit.record_all("changed", told)
    return Added(len(fresh), len(ended), known, withdrawn)


def withdraw(names: str, *, now: datetime, vendor: Vendor | None = None) -> int:
    """Take back the rows of that name (`r12`, `s34`, `f0123…`): they no longer count and can be brought back.

    How many rows changed: 0 where they were withdrawn already. Raises Refused where there are none of that name.
    """
    return _mark(_named(names, vendor).filter(withdrawn_at=None), now)


def restore(names: str, *, vendor: Vendor | None = None) -> int:
    """Bring back what was withdrawn; how many rows changed. Raises Refused where there are none of that name."""
    return _mark(_named(names, vendor).exclude(withdrawn_at=None), None)


@transaction.atomic
def _mark(rows: QuerySet[ReportedIncident] | QuerySet[SpanRow], at: datetime | None) -> int:
    """Write when those rows were withdrawn, None for not at all, with a line each in the trail; how many there were."""
    found = list(rows.select_for_update())
    told = [({"withdrawn_at": row.withdrawn_at and row.withdrawn_at.isoformat()}, row) for row in found]
    rows.model.objects.filter(pk__in=[row.pk for row in found]).update(withdrawn_at=at)
    after = {"withdrawn_at": at and at.isoformat()}
    audit.record_all("changed", ((row, before, after) for before, row in told))
    return len(found)


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
class EvidenceBatch:
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


def batches(vendor: Vendor) -> list[EvidenceBatch]:
    """What observers saw, by export and observer, the newest first; one query."""
    rows = (
        vendor.observed.order_by()
        .values("batch", "observer", "note")
        .annotate(spans=Count("pk"), withdrawn=Count("withdrawn_at"), first=Min("started_at"), last=Max("started_at"))
    )
    found = [EvidenceBatch(f"f{row.pop('batch')}", **row) for row in rows]
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
