"""Files kept as evidence, by API: what is kept, adding (the file is the body), taking back, bringing back, deleting for good."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.access import ByteParser, body_of, said
from assessments.api.conditions import Unsuitable, etag, unchanged
from assessments.api.of_vendor import SLUG, vendor_of
from assessments.api.plan import KIND, author
from assessments.attached import of_plan, store
from assessments.attached.views import handed_out
from assessments.files import attachable
from assessments.models import EvidenceFile
from assessments.questionnaire.items import items
from riskboard.accounts.limits import spend
from riskboard.accounts.scope import nothing_of
from riskboard.errors import Refused

NAME = OpenApiParameter("name", OpenApiTypes.STR, required=True, description="The file's name, like restore-test.pdf")
NARROWED = [
    OpenApiParameter("vendor", OpenApiTypes.STR, description="Of answers about that vendor"),
    OpenApiParameter("item", OpenApiTypes.STR, description="Of that item, B1 to B17"),
    OpenApiParameter(
        "plan_kind", OpenApiTypes.STR, enum=list(store.PLAN_KINDS), description="Of that list of the plan"
    ),
    OpenApiParameter("plan_item", OpenApiTypes.STR, description="Of the item of the plan with that id"),
    OpenApiParameter("removed", OpenApiTypes.BOOL, description="Those that were removed instead of those that count"),
]
_BYTES = dict.fromkeys(dict.fromkeys(attachable.MEDIA.values()), OpenApiTypes.BINARY)


class FileBody(ByteParser):
    """A file of any kind as the body; whether it is kept is told by its content."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> bytes:
        """Its bytes. Raises TooLarge."""
        return body_of(stream, parser_context, most=attachable.MAX_BYTES)


class EvidenceFileSerializer(serializers.ModelSerializer[EvidenceFile]):
    """A file and what it is evidence of: a vendor's answer, or an item of the plan. `removed_at` null: it counts.

    `sha256` is of the bytes kept, `sent_sha256` of those that were sent: a picture is drawn anew.
    """

    vendor = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = EvidenceFile
        fields = (
            "uid", "name", "size", "sha256", "sent_sha256", "vendor", "item", "plan_kind", "plan_item", "by", "created_at",
            "removed_at",
        )  # fmt: skip
        read_only_fields = fields


class AttachedSerializer(EvidenceFileSerializer):
    """The same of an item of the plan. `revision`: the plan's, in which the item names the file; null where it named evidence."""

    revision = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta(EvidenceFileSerializer.Meta):
        fields = (*EvidenceFileSerializer.Meta.fields, "revision")
        read_only_fields = fields


@extend_schema_view(list=extend_schema(parameters=NARROWED))
class EvidenceFiles(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[EvidenceFile]):
    """Files of the workspace."""

    serializer_class = EvidenceFileSerializer
    lookup_field, lookup_value_converter = "uid", "uuid"
    queryset = nothing_of(EvidenceFile)

    def get_queryset(self) -> QuerySet[EvidenceFile]:
        """In the order they came."""
        rows = EvidenceFile.objects.select_related("vendor", "workspace").order_by("pk")
        if self.action != "list":
            return rows
        query = self.request.query_params
        asked = {name: query.get(name, "").replace("\0", "") for name in ("vendor", "item", "plan_kind", "plan_item")}
        if asked["vendor"]:
            rows = rows.filter(vendor__slug=asked["vendor"])
        rows = rows.filter(**{name: asked[name] for name in ("item", "plan_kind", "plan_item") if asked[name]})
        is_removed = query.get("removed", "").casefold() in ("true", "1", "yes")
        return rows.filter(removed_at__isnull=not is_removed)

    @extend_schema(responses={**{(200, kind): one for kind, one in _BYTES.items()}})
    @action(detail=True)
    def content(self, request: Request, uid: str) -> Any:
        """The file itself, to be saved: it is shown by no browser."""
        row = self.get_object()
        known = unchanged(request._request, etag(row.sha256))
        gone = "Its row is here and its bytes are not: restore them from a backup."
        return known or handed_out(row) or said(410, "The file is gone", gone)

    @extend_schema(request=None, responses=EvidenceFileSerializer)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, uid: str) -> Response:
        """Take it out of what counts; it can be brought back."""
        row = self.get_object()
        store.remove(row, now=timezone.now())
        return Response(EvidenceFileSerializer(row).data)

    @extend_schema(request=None, responses=EvidenceFileSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, uid: str) -> Response:
        """Let it count again."""
        row = self.get_object()
        try:
            store.restore(row)
        except Refused as refusal:
            raise Unsuitable(f"{refusal}.") from refusal
        return Response(EvidenceFileSerializer(row).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, uid: str) -> Response:
        """Delete it for good, once it was removed."""
        row = self.get_object()
        if row.removed_at is None:
            raise Unsuitable("It is still in use. Remove it first; then it can be deleted for good.")
        store.delete_for_good(row)
        return Response(status=204)


class Attach(viewsets.ViewSet):
    """Adding a file. The same file again is the one that is there."""

    parser_classes = [FileBody]

    @extend_schema(
        parameters=[SLUG, NAME], request=_BYTES, responses={200: EvidenceFileSerializer},
        operation_id="vendors_answers_files_add",
    )  # fmt: skip
    def to_answer(self, request: Request, slug: str, item: str) -> HttpResponse:
        """Keep a file as evidence of what a vendor answered."""
        vendor = vendor_of(slug)
        if item not in {one.item for one in items()}:
            raise NotFound(f"There is no item {item[:20]}; they are B1 to B17.")
        kept = attachable.kept(request.data or b"", request.query_params.get("name", ""))
        store.room(kept, store.counts_of(vendor), item)
        spend(request._request, "imports")
        row = store.attach(vendor, item, kept, by=author(request))
        return Response(EvidenceFileSerializer(row).data)

    @extend_schema(
        parameters=[KIND, NAME],
        request=_BYTES,
        responses={200: AttachedSerializer},
        operation_id="plan_items_files_add",
    )
    def to_item(self, request: Request, kind: str, item_id: str) -> HttpResponse:
        """Keep a file as evidence of an exercise, a commitment or a decision, which names it where it names no evidence yet."""
        spend(request._request, "imports")
        name = request.query_params.get("name", "")
        made = of_plan.attach(kind, item_id, request.data or b"", name, by=author(request))
        made.file.revision = made.revision and made.revision.number  # type: ignore[attr-defined]
        return Response(AttachedSerializer(made.file).data)
