"""What a vendor says of its backups, by API: the answers to the questionnaire, and the links by which it answers itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from msgspec import Struct
from msgspec.structs import replace
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.conditions import IF_MATCH, Stale, etag, seen
from assessments.api.of_vendor import SLUG, vendor_of
from assessments.api.plan import author
from assessments.api.structs import described, taken, told
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
from riskboard.accounts.scope import nothing_of
from vendors.models import Vendor
from vendors.records import BackupAnswer

JSON = "application/json"


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
    queryset = nothing_of(QuestionnaireLink)
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
