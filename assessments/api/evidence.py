"""What others saw and told of a vendor, by API: incidents learnt elsewhere, and what monitors saw."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from msgspec import Struct
from rest_framework import serializers, viewsets
from rest_framework.request import Request

from assessments.api.access import ByteParser
from assessments.api.bodies import refuse_cells, sent_as_file
from assessments.api.of_vendor import SLUG, vendor_of
from assessments.api.plan import DRY, is_dry
from assessments.api.slices import PARAMETERS, sliced
from assessments.api.structs import described, page_of, taken, told
from assessments.evidence import AddForm, does, evidence_table, read_incidents
from assessments.files.tables import XLSX
from riskboard.accounts.limits import spend
from vendors import evidence_rows
from vendors.evidence import monitors

ZONE = OpenApiParameter("zone", OpenApiTypes.STR, description="Zone of times that name none, like Europe/Berlin")
OBSERVER = OpenApiParameter("observer", OpenApiTypes.STR, description="Who watched; else the monitors' own names")
JSON, CSV = "application/json", "text/csv"


class EvidenceEntry(Struct):
    """An incident learnt elsewhere. `name` is what withdraws it and brings it back."""

    name: str
    title: str
    started_at: datetime
    resolved_at: datetime | None
    end_known: str
    impact: str | None
    note: str
    withdrawn_at: datetime | None


class IncidentSent(Struct):
    """One incident learnt elsewhere, by the columns of the table. `ended_at` "": nobody says; "open": it goes on."""

    title: str
    started_at: str
    source_kind: str
    ended_at: str = ""
    zone: str = "UTC"
    source_url: str = ""
    impact: str = ""
    components: str = ""
    note: str = ""


class EvidenceTaken(Struct):
    """How many rows were found, and what was taken of them; nothing where only that was asked for."""

    found: int
    new: int = 0
    changed: int = 0
    known: int = 0
    withdrawn: int = 0


class IncidentLine(Struct):
    """What one row does: new, change, same, or withdrawn (it was taken back, and stays so); in words."""

    title: str
    started_at: datetime
    act: str
    says: str


class TableTaken(Struct):
    """What each row of a table of incidents does, and how many rows were taken; nothing where only that was asked for."""

    found: int
    lines: list[IncidentLine]
    new: int = 0
    changed: int = 0
    known: int = 0
    withdrawn: int = 0


class EvidenceName(Struct):
    """The name of evidence: of an incident, a failure, or everything that came with one export."""

    name: str


class EvidenceChanged(Struct):
    """How many rows changed."""

    changed: int


class Evidence(viewsets.ViewSet):
    """What others saw and told of one vendor."""

    @extend_schema(
        parameters=[SLUG, *PARAMETERS],
        responses={200: page_of(described(EvidenceEntry))},
        operation_id="vendors_evidence_list",
    )
    def every(self, request: Request, slug: str) -> HttpResponse:
        """The incidents entered, withdrawn ones too, by name."""
        rows = [
            EvidenceEntry(
                one.name, one.incident.title, one.incident.started_at, one.incident.resolved_at, one.incident.end_known,
                one.incident.impact, one.note, one.withdrawn_at,
            )
            for one in evidence_rows.entered(vendor_of(slug))
        ]  # fmt: skip
        return told(sliced(request, rows, lambda one: f"{int(one.name[1:]):020d}"))

    @extend_schema(
        parameters=[SLUG, *PARAMETERS],
        responses={200: page_of(described(evidence_rows.EvidenceBatch))},
        operation_id="vendors_evidence_batches",
    )
    def batches(self, request: Request, slug: str) -> HttpResponse:
        """What monitors saw, by export and observer."""
        rows = evidence_rows.batches(vendor_of(slug))
        return told(sliced(request, rows, lambda one: f"{one.name} {one.observer} {one.note}"))

    @extend_schema(
        parameters=[SLUG], request={JSON: described(IncidentSent)}, responses={200: described(EvidenceTaken)},
        operation_id="vendors_evidence_add",
    )  # fmt: skip
    def add(self, request: Request, slug: str) -> HttpResponse:
        """Enter one incident; the same again changes nothing."""
        vendor, now = vendor_of(slug), timezone.now().replace(microsecond=0)
        sent = taken(request.data, IncidentSent)
        form = AddForm({name: getattr(sent, name) for name in IncidentSent.__struct_fields__})
        found = form.report(now)
        if found is None:
            raise serializers.ValidationError({name: list(map(str, faults)) for name, faults in form.errors.items()})
        return _taken(evidence_rows.enter(vendor, [found], now=now), found=1)

    @extend_schema(
        parameters=[SLUG], request={JSON: described(EvidenceName)}, responses={200: described(EvidenceChanged)},
        operation_id="vendors_evidence_withdraw",
    )  # fmt: skip
    def withdraw(self, request: Request, slug: str) -> HttpResponse:
        """Take evidence back; it counts no more, and can be brought back."""
        name = taken(request.data, EvidenceName).name
        return told(EvidenceChanged(evidence_rows.withdraw(name, now=timezone.now(), vendor=vendor_of(slug))))

    @extend_schema(
        parameters=[SLUG], request={JSON: described(EvidenceName)}, responses={200: described(EvidenceChanged)},
        operation_id="vendors_evidence_restore",
    )  # fmt: skip
    def restore(self, request: Request, slug: str) -> HttpResponse:
        """Bring back what was withdrawn."""
        name = taken(request.data, EvidenceName).name
        return told(EvidenceChanged(evidence_rows.restore(name, vendor=vendor_of(slug))))


class EvidenceTables(viewsets.ViewSet):
    """Tables of incidents and monitors' exports, as the body of a request."""

    parser_classes = [ByteParser]

    @extend_schema(
        parameters=[SLUG], responses={(200, CSV): OpenApiTypes.BINARY}, operation_id="vendors_evidence_table_read"
    )
    def table(self, request: Request, slug: str) -> HttpResponse:
        """The incidents entered, as the table that can be brought back; `exports/evidence/` has it in other formats."""
        return evidence_table(request._request, slug, "csv")

    @extend_schema(
        parameters=[SLUG, DRY, ZONE], request={CSV: OpenApiTypes.BINARY, XLSX: OpenApiTypes.BINARY},
        responses={200: described(TableTaken)}, operation_id="vendors_evidence_table_import",
    )  # fmt: skip
    def take_table(self, request: Request, slug: str) -> HttpResponse:
        """Take a table of incidents, all of it or nothing. `?dry_run=true` only says what each row would do."""
        vendor, now = vendor_of(slug), timezone.now().replace(microsecond=0)
        found = read_incidents(sent_as_file(request), zone=request.query_params.get("zone") or None, now=now)
        refuse_cells(found.faults)
        held = evidence_rows.held_against(vendor, found.reports)
        lines = [
            IncidentLine(one.report.incident.title, one.report.incident.started_at, one.act, does(one)) for one in held
        ]
        if is_dry(request):
            return told(TableTaken(len(lines), lines))
        spend(request._request, "imports")
        done = evidence_rows.enter(vendor, found.reports, now=now)
        return told(TableTaken(len(lines), lines, done.new, done.changed, done.known, done.withdrawn))

    @extend_schema(
        parameters=[SLUG, DRY, ZONE, OBSERVER], request={CSV: OpenApiTypes.BINARY, JSON: OpenApiTypes.BINARY},
        responses={200: described(EvidenceTaken)}, operation_id="vendors_evidence_export_import",
    )  # fmt: skip
    def take_export(self, request: Request, slug: str) -> HttpResponse:
        """Take a monitor's export: the failures it saw. The same again changes nothing."""
        vendor, now = vendor_of(slug), timezone.now().replace(microsecond=0)
        asked = {name: request.query_params.get(name) or None for name in ("zone", "observer")}
        found = monitors.read(sent_as_file(request), **asked, as_of=now)
        refuse_cells(found.faults)
        if is_dry(request):
            return told(EvidenceTaken(len(found.spans)))
        spend(request._request, "imports")
        return _taken(evidence_rows.observe(vendor, found.spans, now=now), found=len(found.spans))


def _taken(added: evidence_rows.Added, *, found: int) -> HttpResponse:
    return told(EvidenceTaken(found, added.new, added.changed, added.known, added.withdrawn))
