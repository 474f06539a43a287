"""What is known of a vendor from elsewhere, by API: answers about backups, links to answer by, incidents learnt, monitors' exports."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from msgspec import Struct
from msgspec.structs import replace
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.access import ByteParser
from assessments.api.conditions import IF_MATCH, Stale, etag, seen
from assessments.api.plan import DRY, author, is_dry
from assessments.api.slices import PARAMETERS, sliced
from assessments.api.structs import described, page_of, taken, told
from assessments.evidence import AddForm, does, evidence_table, read_incidents
from assessments.files.tables import XLSX
from assessments.models import QuestionnaireLink
from assessments.questionnaire.answers import (
    Conflict,
    answers_of,
    digest,
    effect_of,
    expires_on,
    judged_answers,
    save_answers,
)
from assessments.questionnaire.items import items
from assessments.questionnaire.links import new_link
from assessments.questionnaire.views import record_of, typed
from riskboard.accounts.limits import spend
from vendors import evidence_rows
from vendors.evidence import monitors
from vendors.evidence.tables import Fault
from vendors.models import Vendor
from vendors.records import BackupAnswer

SLUG = OpenApiParameter("slug", OpenApiTypes.STR, OpenApiParameter.PATH, description="The vendor's slug")
ZONE = OpenApiParameter("zone", OpenApiTypes.STR, description="Zone of times that name none, like Europe/Berlin")
OBSERVER = OpenApiParameter("observer", OpenApiTypes.STR, description="Who watched; else the monitors' own names")
JSON, CSV = "application/json", "text/csv"


class ItemAnswer(Struct):
    """One item of the questionnaire and what stands as its answer ("unknown": nobody asked). `points`: its weight of 100.

    `expires_on`: the last day it counts, null where it is not known. Its files are `evidence-files/?vendor=&item=`.
    """

    item: str
    question: str
    full: str
    points: float
    answer: str
    evidence: str | None
    note: str | None
    answered_at: datetime | None
    expires_on: date | None


class AnswerSent(Struct):
    """An answer: yes, partial, no, withheld or unknown; with where it can be seen."""

    answer: str
    evidence: str = ""
    note: str = ""


class AnswersSent(Struct):
    """Answers by item; items that are left out stay. `confirmed`: items that are still so, and count anew from today."""

    answers: dict[str, AnswerSent] = {}
    confirmed: list[str] = []


class AnswersSaved(Struct):
    """Which items changed, and what they do to the newest judgement (null: not known)."""

    changed: list[str]
    backup_before: float | None
    backup_after: float | None
    total_before: float | None
    total_after: float | None


def vendor_of(slug: str) -> Vendor:
    """The stored vendor. Raises Http404."""
    return get_object_or_404(Vendor, slug=slug)


def _state(answers: tuple[BackupAnswer, ...]) -> str:
    return hashlib.sha256(
        "\n".join(f"{one.item} {digest(one)} {one.answered_at}" for one in answers).encode()
    ).hexdigest()[:32]


class Answers(viewsets.ViewSet):
    """The backup questionnaire of one vendor."""

    @extend_schema(
        parameters=[SLUG],
        responses={200: {"type": "array", "items": described(ItemAnswer)}},
        operation_id="vendors_answers_read",
    )
    def read(self, request: Request, slug: str) -> HttpResponse:
        """All 17 items with what stands."""
        stands = answers_of(vendor_of(slug))
        known = {one.item: one for one in stands}
        body = [self._line(item, known.get(item.item)) for item in items()]
        return told(body, tag=etag(_state(stands)), request=request)

    def _line(self, item: Any, one: BackupAnswer | None) -> ItemAnswer:
        said = (
            (one.answer, one.evidence, one.note, one.answered_at, expires_on(one)) if one else ("unknown", *[None] * 4)
        )
        return ItemAnswer(item.item, item.question, item.full, item.points, *said)

    @extend_schema(
        parameters=[SLUG, IF_MATCH], request={JSON: described(AnswersSent)}, responses={200: described(AnswersSaved)},
        operation_id="vendors_answers_write",
    )  # fmt: skip
    def write(self, request: Request, slug: str) -> HttpResponse:
        """Save answers, dated now. If-Match: the ETag they were read with."""
        vendor, sent = vendor_of(slug), taken(request.data, AnswersSent)
        stands = answers_of(vendor)
        known = {one.item: one for one in stands}
        given = _given(sent, known)
        if seen(request) != _state(stands):
            raise _answered_meanwhile(vendor)
        states = {item: digest(known.get(item)) for item in given}
        try:
            changed = save_answers(
                vendor, given, seen=states, by=author(request), now=timezone.now(), confirmed=sent.confirmed
            )
        except Conflict as conflict:
            raise _answered_meanwhile(vendor) from conflict
        now = answers_of(vendor)
        effect = effect_of(vendor, judged_answers(vendor)) if changed else None
        figures = [
            getattr(effect, name, None) for name in ("backup_before", "backup_after", "total_before", "total_after")
        ]
        return told(AnswersSaved(changed, *figures), tag=etag(_state(now)))


def _given(sent: AnswersSent, known: Mapping[str, BackupAnswer]) -> dict[str, BackupAnswer]:
    """What is to be saved, by item. Raises ValidationError by item, read by the rules of the page's form."""
    every = items()
    lines = [typed(one, _as_form(one.item, sent.answers[one.item])) for one in every if one.item in sent.answers]
    faults = {line.item.item: [line.fault] for line in lines if line.fault}
    strange = {*sent.answers, *sent.confirmed} - {one.item for one in every}
    faults |= {name[:20]: ["No such item."] for name in strange}
    faults |= {
        name: ["No answer stands that could be confirmed."] for name in {*sent.confirmed} - strange - known.keys()
    }
    if faults:
        raise serializers.ValidationError(faults)
    given = {item: replace(known[item], answered_at=None) for item in sent.confirmed}
    return given | {
        line.item.item: record_of(line) for line in lines if line.answer != "unknown" or line.item.item in known
    }


def _as_form(item: str, one: AnswerSent) -> dict[str, str]:
    return {f"{item}-answer": one.answer, f"{item}-evidence": one.evidence, f"{item}-note": one.note}


def _answered_meanwhile(vendor: Vendor) -> Stale:
    return Stale("Somebody else answered meanwhile. Nothing was saved.", tag=etag(_state(answers_of(vendor))))


class QuestionnaireLinkSerializer(serializers.ModelSerializer[QuestionnaireLink]):
    """A way for the vendor to answer without an account. Its address is shown once, when it is made."""

    class Meta:
        model = QuestionnaireLink
        fields = ("uid", "expires_at", "revoked_at", "submitted_at", "last_used_at", "made_by", "created_at")
        read_only_fields = fields


class QuestionnaireLinkMadeSerializer(QuestionnaireLinkSerializer):
    """The same with its address, which is told only now."""

    url = serializers.CharField(read_only=True)

    class Meta(QuestionnaireLinkSerializer.Meta):
        fields = (*QuestionnaireLinkSerializer.Meta.fields, "url")
        read_only_fields = fields


class QuestionnaireLinks(mixins.ListModelMixin, viewsets.GenericViewSet[QuestionnaireLink]):
    """The links by which one vendor answers."""

    serializer_class = QuestionnaireLinkSerializer
    queryset = QuestionnaireLink.objects.none()
    lookup_field = "uid"

    def get_queryset(self) -> Any:
        """Of that vendor, in the order they were made."""
        return QuestionnaireLink.objects.filter(vendor=vendor_of(self.kwargs["slug"])).order_by("pk")

    @extend_schema(request=None, responses={201: QuestionnaireLinkMadeSerializer})
    def create(self, request: Request, slug: str) -> Response:
        """Make a link; the answer shows its address, once."""
        made, made.url = new_link(vendor_of(slug), by=author(request))  # type: ignore[attr-defined]
        return Response(QuestionnaireLinkMadeSerializer(made).data, status=201)

    @extend_schema(request=None, responses=QuestionnaireLinkSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, slug: str, uid: str) -> Response:
        """End it, at once."""
        found = self.get_object()
        found.revoked_at = found.revoked_at or timezone.now()
        found.save()
        return Response(QuestionnaireLinkSerializer(found).data)


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


class EvidenceBatch(Struct):
    """What came with one export from one observer; `withdrawn` of its `spans` were taken back."""

    name: str
    observer: str
    note: str
    spans: int
    withdrawn: int
    first: datetime
    last: datetime


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


MOST_TOLD = 200  # faults of one file


def refuse(faults: Sequence[Fault]) -> None:
    """Raises ValidationError with what is wrong with which cell, where anything is; nothing was taken then."""
    if faults:
        raise serializers.ValidationError({f"row {one.row}, {one.column}": [one.what] for one in faults[:MOST_TOLD]})


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
        responses={200: page_of(described(EvidenceBatch))},
        operation_id="vendors_evidence_batches",
    )
    def batches(self, request: Request, slug: str) -> HttpResponse:
        """What monitors saw, by export and observer."""
        rows = [
            EvidenceBatch(one.name, one.observer, one.note, one.spans, one.withdrawn, one.first, one.last)
            for one in evidence_rows.batches(vendor_of(slug))
        ]
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


class EvidenceFiles(viewsets.ViewSet):
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
        found = read_incidents(_body(request), zone=request.query_params.get("zone") or None, now=now)
        refuse(found.faults)
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
        found = monitors.read(_body(request), **asked, as_of=now)
        refuse(found.faults)
        if is_dry(request):
            return told(EvidenceTaken(len(found.spans)))
        spend(request._request, "imports")
        return _taken(evidence_rows.observe(vendor, found.spans, now=now), found=len(found.spans))


def _body(request: Request) -> bytes:
    return request.data if isinstance(request.data, bytes) else b""


def _taken(added: evidence_rows.Added, *, found: int) -> HttpResponse:
    return told(EvidenceTaken(found, added.new, added.changed, added.known, added.withdrawn))
