"""The continuity plan by API: the whole, its items, its files. Every write is a revision, made from a state that was seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from msgspec import Struct
from rest_framework import serializers, viewsets
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request

from assessments import plans
from assessments.api import serializers as out
from assessments.api.access import ByteParser
from assessments.api.conditions import IF_MATCH, Stale, Unsuitable, etag, seen
from assessments.api.slices import PARAMETERS, sliced
from assessments.api.structs import described, page_of, taken, told
from assessments.continuity import plan_file
from assessments.continuity.changes import Change, changes
from assessments.continuity.plan import KINDS, Organisation, Plan
from assessments.continuity.plan_file import PlanError
from assessments.models import PlanRevision
from assessments.planning.allowed import faults_of, newly_accepted
from assessments.planning.files import FORMATS, REFUSALS, Format
from assessments.planning.items import LONGEST_QUERY, listed
from assessments.planning.views import begin_with_example
from riskboard.accounts.models import Role
from riskboard.errors import Refused

KIND = OpenApiParameter(
    "kind", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(KINDS), description="One of the plan's lists"
)
SUFFIX = OpenApiParameter(
    "suffix", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(FORMATS), description="A file format"
)
EMPTY = OpenApiParameter("empty", OpenApiTypes.BOOL, description="One with nothing in it, to be filled")
DRY = OpenApiParameter("dry_run", OpenApiTypes.BOOL, description="Only say what it would change")
REMOVES = OpenApiParameter(
    "removes", OpenApiTypes.BOOL, description="What a table leaves out is removed; else it stays"
)
ITEM: dict[str, Any] = {"oneOf": [described(kind) for kind in KINDS.values()]}
ITEMS = page_of(ITEM)
JSON = "application/json"


class Written(Struct):
    """What a write of the plan made: the number of its revision, its line in the history, and what changed."""

    revision: int
    summary: str
    changes: tuple[Change, ...]


class Head(Struct):
    """The organisation, and the day the plan is read as of (null: today)."""

    organisation: Organisation
    as_of: date | None = None


def approves(request: Request) -> bool:
    """Whether the asker may accept risks."""
    return bool(request._request.who.may(str(Role.APPROVER)))  # type: ignore[attr-defined]


def author(request: Request) -> str:
    """Who writes, in words."""
    return str(request._request.who.name)  # type: ignore[attr-defined]


def known_kind(kind: str) -> Any:
    """The kind. Raises NotFound."""
    if kind not in KINDS:
        raise NotFound(f"A plan has no {kind[:40]}; it has {', '.join(KINDS)}.")
    return kind


def written(made: PlanRevision, before: Plan, *, tag: str = "", status: int = 200, judge: bool = True) -> HttpResponse:
    """The answer to a write; the plan is judged anew by a worker."""
    if judge:
        plans.judge_later(made)
    body = Written(revision=made.number, summary=made.summary, changes=changes(before, made.parsed()))
    return told(body, status=status, tag=tag or etag(f"r{made.number}"))


def revision_seen(request: Request) -> int:
    """The revision a write of the whole plan was made from. Raises Stale for what is none."""
    number = seen(request).removeprefix("r")
    if not number.isdecimal() or len(number) > 9:
        raise Stale("That is no revision of the plan; read the plan, and send its ETag.")
    return int(number)


def check_acceptances(request: Request, before: Plan, after: Plan) -> None:
    """Raises PermissionDenied where the plan would accept risks that nobody who may has accepted."""
    ids = newly_accepted(before, after)
    if ids and not approves(request):
        raise PermissionDenied(f"Accepting a risk takes the role approver: {', '.join(ids[:5])}.")


def replaced(request: Request, plan: Plan, *, summary: str) -> HttpResponse:
    """The whole plan, written over the revision that was seen. Raises Stale, PermissionDenied, Refused."""
    number, before = revision_seen(request), plans.current().parsed()
    check_acceptances(request, before, plan)
    try:
        made = plans.replace_plan(plan, seen_revision=number, author=author(request), summary=summary)
    except plans.Conflict as conflict:
        raise _moved_on() from conflict
    except PlanError as fault:
        raise serializers.ValidationError({"body": [f"{fault}."]}) from fault
    return written(made, before)


def _moved_on() -> Stale:
    now = plans.current().revision
    return Stale(f"The plan was changed meanwhile; it is at revision {now}. Nothing was written.", tag=etag(f"r{now}"))


class PlanWhole(viewsets.ViewSet):
    """The plan as one document."""

    @extend_schema(responses={200: described(Plan)}, operation_id="plan_read")
    def read(self, request: Request) -> HttpResponse:
        """The plan as it stands (`riskboard.plan/1`); its ETag is its revision. Empty where none was written yet."""
        row = plans.current()
        return told(row.parsed(), tag=etag(f"r{row.revision}"), request=request)

    @extend_schema(
        parameters=[IF_MATCH],
        request={JSON: described(Plan)},
        responses={200: described(Written)},
        operation_id="plan_replace",
    )
    def replace(self, request: Request) -> HttpResponse:
        """Make this the plan. An empty one begins anew; what was there is in the history, and can be taken back."""
        plan = taken(request.data, Plan)
        try:
            plan_file.checked(plan)
        except PlanError as fault:
            raise serializers.ValidationError({"body": [f"{fault}."]}) from fault
        return replaced(request, plan, summary="replaced by the API")

    @extend_schema(request=None, responses={202: out.JobSerializer}, operation_id="plan_judge")
    def judge(self, request: Request) -> HttpResponse:
        """Have the plan of now judged by a worker: its vendors assessed for what it needs of them, then the answer."""
        revision = PlanRevision.objects.filter(plan__slug="main").first()
        if revision is None:
            raise NotFound("There is no plan yet.")
        return out.accepted(plans.judge_later(revision))

    @extend_schema(request=None, responses={201: described(Written)}, operation_id="plan_example")
    def example(self, request: Request) -> HttpResponse:
        """Begin with the example plan of 2011; only where nothing is planned yet."""
        before = plans.current().parsed()
        try:
            made = begin_with_example(by=author(request))
        except plans.Conflict as conflict:
            raise Unsuitable("There is a plan already; the example would replace it.") from conflict
        return written(made, before, status=201)


class PlanHead(viewsets.ViewSet):
    """Whose plan it is."""

    @extend_schema(responses={200: described(Head)}, operation_id="plan_organisation_read")
    def read(self, request: Request) -> HttpResponse:
        """The organisation's details, with their ETag."""
        plan = plans.current().parsed()
        return told(_head(plan), tag=etag(plan_file.item_sha256(plan.organisation)), request=request)

    @extend_schema(
        parameters=[IF_MATCH], request={JSON: described(Head)}, responses={200: described(Written)},
        operation_id="plan_organisation_replace",
    )  # fmt: skip
    def replace(self, request: Request) -> HttpResponse:
        """Change them."""
        made, before = taken(request.data, Head), plans.current().parsed()
        state = seen(request)
        try:
            revision = plans.save_head(made.organisation, made.as_of, seen=state, author=author(request))
        except plans.Conflict as conflict:
            tag = etag(plan_file.item_sha256(cast(Organisation, conflict.theirs)))
            raise Stale("Somebody else changed it meanwhile. Nothing was written.", tag=tag) from conflict
        return written(revision, before, tag=etag(plan_file.item_sha256(revision.parsed().organisation)))


def _head(plan: Plan) -> Head:
    return Head(organisation=plan.organisation, as_of=plan.as_of)


class PlanItems(viewsets.ViewSet):
    """The items of one of the plan's lists. The ETag of an item is its digest."""

    @extend_schema(
        parameters=[KIND, OpenApiParameter("q", OpenApiTypes.STR, description="Only with those words"), *PARAMETERS],
        responses={200: ITEMS}, operation_id="plan_items_list",
    )  # fmt: skip
    def every(self, request: Request, kind: str) -> HttpResponse:
        """The items in the order of their ids; narrowed as the page's list is."""
        found = listed(
            known_kind(kind), plans.current().parsed(), request.query_params.get("q", "")[:LONGEST_QUERY], ""
        )
        rows = [item for item, _cells in found]
        return told(sliced(request, rows, lambda one: one.id))

    @extend_schema(
        parameters=[KIND], request={JSON: ITEM}, responses={201: described(Written)}, operation_id="plan_items_create"
    )
    def create(self, request: Request, kind: str) -> HttpResponse:
        """Add an item; its id must be free."""
        item = self._sent(request, kind)
        before = plans.current().parsed()
        try:
            made = plans.save_item(kind, item, seen=None, author=author(request))  # type: ignore[arg-type]
        except plans.Conflict as conflict:
            raise Unsuitable(f"There is a {item.id} among the {kind} already; change it with PUT.") from conflict
        except PlanError as fault:
            raise serializers.ValidationError({"body": [f"{fault}."]}) from fault
        return written(made, before, tag=etag(plan_file.item_sha256(item)), status=201)

    @extend_schema(parameters=[KIND], responses={200: ITEM}, operation_id="plan_items_read")
    def read(self, request: Request, kind: str, item_id: str) -> HttpResponse:
        """One item, with its ETag."""
        item = self._known(kind, item_id)
        return told(item, tag=etag(plan_file.item_sha256(item)), request=request)

    @extend_schema(
        parameters=[KIND, IF_MATCH],
        request={JSON: ITEM},
        responses={200: described(Written)},
        operation_id="plan_items_replace",
    )
    def replace(self, request: Request, kind: str, item_id: str) -> HttpResponse:
        """Change an item; fields that are left out are as new."""
        self._known(kind, item_id)
        item, before = self._sent(request, kind, item_id=item_id), plans.current().parsed()
        state = seen(request)
        try:
            made = plans.save_item(kind, item, seen=state, author=author(request))  # type: ignore[arg-type]
        except plans.Conflict as conflict:
            raise _stale(conflict) from conflict
        except PlanError as fault:
            raise serializers.ValidationError({"body": [f"{fault}."]}) from fault
        return written(made, before, tag=etag(plan_file.item_sha256(item)))

    @extend_schema(parameters=[KIND, IF_MATCH], responses={200: described(Written)}, operation_id="plan_items_remove")
    def remove(self, request: Request, kind: str, item_id: str) -> HttpResponse:
        """Remove an item that nothing refers to; the answer's revision can be taken back."""
        self._known(kind, item_id)
        before = plans.current().parsed()
        state = seen(request)
        try:
            made = plans.remove_item(kind, item_id, seen=state, author=author(request))  # type: ignore[arg-type]
        except plans.Conflict as conflict:
            raise _stale(conflict) from conflict
        except PlanError as fault:
            raise Unsuitable(f"{fault}.") from fault
        return written(made, before)

    def _known(self, kind: str, item_id: str) -> Any:
        found = plan_file.get(plans.current().parsed(), known_kind(kind), item_id)
        if found is None:
            raise NotFound(f"There is no {item_id} among the {kind}.")
        return found

    def _sent(self, request: Request, kind: str, *, item_id: str = "") -> Any:
        item = taken(request.data, KINDS[known_kind(kind)])
        if item_id and item.id != item_id:
            raise serializers.ValidationError({"id": [f"The address says {item_id}."]})
        faults = faults_of(kind, item, may_approve=approves(request))
        if faults and item.state == "accepted" and not approves(request):
            raise PermissionDenied(faults["state"])
        if faults:
            raise serializers.ValidationError({field: [text] for field, text in faults.items()})
        return item


def _stale(conflict: plans.Conflict) -> Stale:
    theirs = conflict.theirs
    if theirs is None:
        return Stale("Somebody else removed it meanwhile. Nothing was written.")
    tag = etag(plan_file.item_sha256(theirs))
    return Stale("Somebody else changed it meanwhile. Nothing was written; read it again.", tag=tag)


def _written_as(one: Format) -> Any:
    """How the schema describes a file of that format."""
    return described(Plan) if one.content_type == JSON else OpenApiTypes.BINARY


class PlanFiles(viewsets.ViewSet):
    """The plan as files: the same formats as the page offers."""

    parser_classes = [ByteParser]

    @extend_schema(
        parameters=[SUFFIX, EMPTY], responses={(200, one.content_type): _written_as(one) for one in FORMATS.values()},
        operation_id="plan_file_read",
    )  # fmt: skip
    def read(self, request: Request, suffix: str) -> HttpResponse:
        """The plan of now as a file; `?empty=true` one of the same form with nothing in it, to be filled."""
        if suffix not in FORMATS:
            raise NotFound(f"A plan is written as {', '.join(FORMATS)}.")
        row, chosen, is_empty = plans.current(), FORMATS[suffix], asks(request, "empty")
        name = f'attachment; filename="plan-{"empty" if is_empty else row.revision}.{suffix}"'
        made = HttpResponse(
            chosen.dumps(Plan() if is_empty else row.parsed()), content_type=chosen.content_type,
            headers={"Content-Disposition": name},
        )  # fmt: skip
        if not is_empty:
            made["ETag"] = etag(f"r{row.revision}")
        return made

    @extend_schema(
        parameters=[SUFFIX, DRY, REMOVES, IF_MATCH], request={one.content_type: OpenApiTypes.BINARY for one in FORMATS.values()},
        responses={200: described(Written)}, operation_id="plan_file_import",
    )  # fmt: skip
    def take(self, request: Request, suffix: str) -> HttpResponse:
        """Make the plan what the file says. `?dry_run=true` only says what it would change."""
        if suffix not in FORMATS:
            raise NotFound(f"A plan is read from {', '.join(FORMATS)}.")
        return take_file(request, FORMATS[suffix].loads, f"plan.{suffix}")


def take_file(request: Request, loads: Callable[[bytes, Plan, str, bool], Plan], name: str) -> HttpResponse:
    """What a file of that name, read so, makes of the plan: written, or where that is asked only told."""
    data, row = cast(bytes, request.data or b""), plans.current()
    stands = row.parsed()
    try:
        plan = loads(data, stands, name, asks(request, "removes"))
    except REFUSALS as refusal:
        if faults := getattr(refusal, "faults", ()):
            raise serializers.ValidationError({place: [what] for place, what in faults}) from refusal
        raise Refused(str(refusal)[:600]) from refusal
    if is_dry(request):
        body = Written(revision=row.revision, summary="nothing was written", changes=changes(stands, plan))
        return told(body, tag=etag(f"r{row.revision}"))
    return replaced(request, plan, summary="imported a file")


def is_dry(request: Request) -> bool:
    """Whether the asker only wants to know what it would do."""
    return asks(request, "dry_run")


def asks(request: Request, name: str) -> bool:
    """Whether that switch of the address is on."""
    return request.query_params.get(name, "").casefold() in ("true", "1", "yes")
