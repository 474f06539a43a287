"""What is worked out of the plan, as last judged, and its history: answers, lint, register, promises, revisions, milestones."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from msgspec import Struct
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from assessments import plans
from assessments.api.conditions import IF_MATCH, Unsuitable
from assessments.api.plan import Written, author, check_acceptances, replaced, written
from assessments.api.slices import PARAMETERS, sliced
from assessments.api.structs import described, page_of, told
from assessments.board.saved import opened
from assessments.continuity.answer_records import Answer
from assessments.continuity.changes import Change, changes
from assessments.continuity.commitments import Promise
from assessments.continuity.lint import LEVELS
from assessments.continuity.lint.rule import Level, Message
from assessments.continuity.milestones import Comparison, compare_milestones
from assessments.continuity.plan import Plan
from assessments.continuity.plan_file import PlanError
from assessments.continuity.register import Entry, Reminder
from assessments.models import ListPage, Milestone, PlanRevision
from assessments.models.plan import read_at
from assessments.planning import judging, ledger
from assessments.planning.history import frozen
from assessments.planning.items import NO_SUCH
from assessments.planning.register_views import asked_of
from assessments.planning.typed import clean
from riskboard.accounts.scope import nothing_of
from riskboard.errors import Refused


class LintFinding(Struct):
    """One thing that is wrong with the plan, how bad, and where to mend it. `field` "": the whole item."""

    rule: str
    level: Level
    text: str
    mend: str
    kind: str
    item: str
    field: str


class PlanJudged(Struct):
    """Which judgement it is of. `behind`: the plan was changed since."""

    uid: UUID
    revision: int
    as_of: datetime
    behind: bool


class PlanAnswers(Struct):
    """Whether the business could carry on."""

    judgement: PlanJudged
    answer: Answer


class PlanLint(Struct):
    """What is wrong with the plan, worst first."""

    judgement: PlanJudged
    findings: tuple[LintFinding, ...]


def _judged() -> tuple[judging.Judgement, PlanJudged]:
    made = judging.newest(plans.current().revision)
    if made is None:
        raise NotFound("The plan was not judged yet; ask for it with POST plan/judge/.")
    return made, PlanJudged(made.row.uid, made.row.revision.number, made.row.as_of, made.behind)


def _finding(one: Message) -> LintFinding:
    return LintFinding(one.rule, one.level, one.text, one.mend, one.kind, one.item, one.field)


class PlanJudgements(viewsets.ViewSet):
    """The plan as last judged. Nothing is worked out here."""

    @extend_schema(responses={200: described(PlanAnswers)}, operation_id="plan_answers")
    def answers(self, request: Request) -> HttpResponse:
        """The answer for every dependency, process and contract (`riskboard.answer/1`)."""
        made, of = _judged()
        return told(PlanAnswers(of, made.answer), tag=f'"{of.uid}{of.behind:d}"', request=request)

    @extend_schema(
        parameters=[OpenApiParameter("level", OpenApiTypes.STR, enum=list(LEVELS), description="Only those")],
        responses={200: described(PlanLint)}, operation_id="plan_lint",
    )  # fmt: skip
    def lint(self, request: Request) -> HttpResponse:
        """Everything the lint found, with the place to mend it."""
        made, of = _judged()
        level = request.query_params.get("level", "")
        if level not in ("", *LEVELS):
            raise Refused(f"level: one of {', '.join(LEVELS)}")
        return told(PlanLint(of, tuple(_finding(one) for one in made.messages if level in ("", one.level))))

    @extend_schema(
        parameters=[
            *(OpenApiParameter(name, OpenApiTypes.STR, description=f"Only with that {name}") for name in ("state", "vendor")),
            OpenApiParameter("q", OpenApiTypes.STR, description="Only with those words"),
            OpenApiParameter("view", OpenApiTypes.UUID, description="A saved view of recommendations"),
            *PARAMETERS,
        ],
        responses={200: page_of(described(Entry))}, operation_id="plan_register",
    )  # fmt: skip
    def register(self, request: Request) -> HttpResponse:
        """Every recommendation across vendors with what was decided. A decision is written as an item of the plan's decisions."""
        row = plans.current()
        asking = request._request.who  # type: ignore[attr-defined]
        query, _ = opened(asking, ListPage.RECOMMENDATIONS, request.query_params)
        asked = asked_of(query)
        made = ledger.register(row, row.parsed(), now=timezone.now(), **asked)
        entries = [line.entry for line in made["entries"]]
        return told(sliced(request, entries, lambda one: f"{one.vendor} {int(one.rule[1:]):03d}"))

    @extend_schema(responses={200: {"type": "array", "items": described(Promise)}}, operation_id="plan_promises")
    def promises(self, request: Request) -> HttpResponse:
        """What vendors promised, broken and late ones first, each with what shows how it stands."""
        row = plans.current()
        made = ledger.commitments(row, row.parsed(), now=timezone.now())
        return told([one.promise for one in made["promises"]])

    @extend_schema(responses={200: {"type": "array", "items": described(Reminder)}}, operation_id="plan_due")
    def due(self, request: Request) -> HttpResponse:
        """What is overdue or due soon, soonest first."""
        found = ledger.due(plans.current().parsed(), judging.vendors(), now=timezone.now())
        return told([one.reminder for one in found])


class RevisionSerializer(serializers.ModelSerializer[PlanRevision]):
    """One revision of the plan."""

    class Meta:
        model = PlanRevision
        fields = ("number", "sha256", "author", "summary", "created_at")
        read_only_fields = fields


class RevisionTold(Struct):
    """One revision: every change it made, and the plan as it stood."""

    number: int
    sha256: str
    author: str
    summary: str
    created_at: datetime
    changes: tuple[Change, ...]
    plan: Plan


@extend_schema_view(
    list=extend_schema(parameters=[OpenApiParameter("q", OpenApiTypes.STR, description="In the summaries")])
)
class PlanHistory(mixins.ListModelMixin, viewsets.GenericViewSet[PlanRevision]):
    """Every revision, and the ways back."""

    serializer_class = RevisionSerializer
    queryset = nothing_of(PlanRevision)

    def get_queryset(self) -> Any:
        """In the order they were made, without documents."""
        query = clean(self.request.query_params.get("q", "")[:200])
        return PlanRevision.objects.filter(plan__slug="main", summary__icontains=query).defer("document").order_by("pk")

    @extend_schema(responses={200: described(RevisionTold)}, operation_id="plan_history_read")
    def read(self, request: Request, number: int) -> HttpResponse:
        """One revision."""
        row = _revision(number)
        before = PlanRevision.objects.filter(plan__slug="main", number=row.number - 1).first()
        plan = row.parsed()
        made = changes(before.parsed() if before else Plan(), plan)
        body = RevisionTold(row.number, row.sha256, row.author, row.summary, row.created_at, made, plan)
        return told(body, tag=f'"{row.sha256}{row.number}"', request=request)

    @extend_schema(request=None, responses={200: described(Written)}, operation_id="plan_history_undo")
    def undo(self, request: Request, number: int) -> HttpResponse:
        """Take back what that revision changed, and leave later work alone."""
        row, now = _revision(number), plans.current().parsed()
        before = PlanRevision.objects.filter(plan__slug="main", number=row.number - 1).first()
        earlier, after = (before.parsed() if before else Plan()), row.parsed()
        try:
            check_acceptances(request, now, plans.taken_back(now, before=earlier, after=after))
            made = plans.undo(row.number, author=author(request))
        except plans.Conflict as conflict:
            raise Unsuitable("It was changed again since. Nothing was taken back.") from conflict
        except PlanError as fault:
            raise Unsuitable(f"{fault}.") from fault
        return written(made, now)

    @extend_schema(
        parameters=[IF_MATCH], request=None, responses={200: described(Written)}, operation_id="plan_history_restore"
    )
    def restore(self, request: Request, number: int) -> HttpResponse:
        """Make the plan as it was at that revision. If-Match: the ETag of the plan of now."""
        return replaced(request, _revision(number).parsed(), summary=f"went back to revision {number}")


def _revision(number: int) -> PlanRevision:
    return get_object_or_404(PlanRevision, plan__slug="main", number=min(number, NO_SUCH))


class MilestoneSerializer(serializers.ModelSerializer[Milestone]):
    """A plan and its assessments, frozen under a name. `judged`: with the answer of its judgement."""

    revision = serializers.IntegerField(source="revision.number", read_only=True)
    judged = serializers.SerializerMethodField()
    label = serializers.CharField(max_length=200)
    note = serializers.CharField(max_length=5000, required=False, allow_blank=True, default="")

    class Meta:
        model = Milestone
        fields = ("uid", "label", "note", "author", "as_of", "revision", "judged", "created_at")
        read_only_fields = ("uid", "author", "as_of", "created_at")

    def get_judged(self, row: Milestone) -> bool:
        """Whether it was judged when it was frozen."""
        return row.judgement_id is not None


_UID = {"type": "string", "format": "uuid"}


class PlanMilestones(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Milestone]):
    """Milestones."""

    serializer_class = MilestoneSerializer
    lookup_field = "uid"
    queryset = nothing_of(Milestone)

    def get_queryset(self) -> Any:
        """In the order they were frozen."""
        return Milestone.objects.select_related("revision").defer("revision__document").order_by("pk")

    @extend_schema(responses={201: MilestoneSerializer})
    def create(self, request: Request) -> Response:
        """Freeze the plan and its assessments under a name."""
        asked = MilestoneSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row, label = plans.current(), clean(asked.validated_data["label"])
        if not label:
            raise serializers.ValidationError({"label": ["Write a name, like Review of spring 2026."]})
        if not row.revision:
            raise NotFound("There is no plan yet.")
        made = judging.newest(row.revision)
        frozen_now = plans.freeze(
            label, author=author(request), note=clean(asked.validated_data["note"]),
            as_of=read_at(row.parsed(), timezone.now()), judgement=made.row if made and not made.behind else None,
        )  # fmt: skip
        return Response(MilestoneSerializer(frozen_now).data, status=201)

    @extend_schema(
        parameters=[
            OpenApiParameter("from", _UID, required=True, description="The earlier one's uid"),
            OpenApiParameter("to", _UID, required=True, description="The later one's uid"),
        ],
        responses={200: described(Comparison)}, operation_id="plan_milestones_compare",
    )  # fmt: skip
    def compare(self, request: Request) -> HttpResponse:
        """What changed in the plan between two of them, how its vendors moved, what the lint counts."""
        first, second = (self._named(request.query_params.get(name, ""), name) for name in ("from", "to"))
        return told(compare_milestones(frozen(first), frozen(second)))

    def _named(self, text: str, name: str) -> Milestone:
        try:
            uid = UUID(text)
        except ValueError as fault:
            raise Refused(f"{name}: the uid of a milestone") from fault
        return get_object_or_404(Milestone.objects.select_related("revision", "judgement"), uid=uid)
