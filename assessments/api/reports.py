"""Reports, and the links by which workspaces show things to people without an account, by API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api import serializers as out
from assessments.api.access import said
from assessments.api.conditions import etag, unchanged
from assessments.models import Followed, Report, SharedLink, ShareKind
from assessments.report_jobs import KINDS, asked_for, check, enqueued, shown_by
from assessments.sharing.views import DAYS, new_link
from riskboard.accounts.access import scoped
from riskboard.accounts.limits import spend
from riskboard.accounts.models import TokenScope
from riskboard.accounts.scope import nothing_of
from riskboard.locales import ENGLISH, LANGUAGES


class ReportAskSerializer(serializers.Serializer[Any]):
    """What report, and of which assessments (none for one on the plan)."""

    kind = serializers.ChoiceField(choices=[one.kind for one in KINDS])
    assessments = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=100, help_text="Their uids, in order"
    )
    view = serializers.UUIDField(
        required=False, help_text="A saved view of vendors: the newest assessments of those it shows"
    )
    paper = serializers.ChoiceField(choices=["a4", "letter"], default="a4")
    language = serializers.ChoiceField(choices=LANGUAGES, default=ENGLISH)
    archive = serializers.BooleanField(default=False, help_text="As PDF/A-3a, for an archive, instead of PDF/UA-1")


@scoped(TokenScope.REPORTS)
class Reports(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Report]):
    """Reports of the workspace: those that are finished, and asking for more."""

    serializer_class = out.ReportSerializer
    lookup_field, lookup_value_converter = "uid", "uuid"
    queryset = nothing_of(Report)

    def get_queryset(self) -> QuerySet[Report]:
        """In the order they were made."""
        return Report.objects.order_by("pk")

    @extend_schema(request=ReportAskSerializer, responses={202: out.JobSerializer})
    def create(self, request: Request) -> Response:
        """Have a report made by a worker; its job's result names it. The same again while it is open is the same job."""
        asked = ReportAskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        uids = list(map(str, given["assessments"]))
        if "view" in given:
            uids += shown_by(request._request.who, str(given["view"]))  # type: ignore[attr-defined]
        form = {name: given[name] for name in ("paper", "archive", "language")}
        args = asked_for(given["kind"], uids, **form)
        spend(request._request, "reports")
        return out.accepted(enqueued(args))

    @extend_schema(
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY, (200, "text/html"): OpenApiTypes.BINARY, 410: out.ProblemSerializer,
        }
    )  # fmt: skip
    @action(detail=True)
    def file(self, request: Request, uid: str) -> Any:
        """The file itself."""
        made = self.get_object()
        if not made.path.is_file():
            return said(410, "The file is gone", "Make the report again: the same data give the same file.")
        tag = etag(made.sha256)
        known = unchanged(request._request, tag)
        if known is not None:
            return known
        response = FileResponse(made.path.open("rb"), as_attachment=True, filename=f"{made.name}.{made.format}")
        response["ETag"] = tag
        return response

    @extend_schema(request=None, responses={202: out.JobSerializer})
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, uid: str) -> Response:
        """Have every figure worked out again from the data inside the file; the job's result says what was found."""
        return out.accepted(check(self.get_object()))


class LinkSerializer(serializers.ModelSerializer[SharedLink]):
    """A link to one thing. Its address is shown once, when it is made."""

    report = serializers.SlugRelatedField(slug_field="uid", read_only=True, allow_null=True)
    vendor = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = SharedLink
        fields = (
            "uid",
            "kind",
            "report",
            "vendor",
            "expires_at",
            "revoked_at",
            "last_used_at",
            "uses",
            "made_by",
            "created_at",
        )
        read_only_fields = fields


class LinkMadeSerializer(LinkSerializer):
    """The same with its address, which is told only now."""

    url = serializers.CharField(read_only=True)

    class Meta(LinkSerializer.Meta):
        fields = (*LinkSerializer.Meta.fields, "url")
        read_only_fields = fields


class LinkAskSerializer(serializers.Serializer[Any]):
    """What is shared: a report for some days, a followed vendor's badge, or the calendar."""

    kind = serializers.ChoiceField(choices=ShareKind.choices)
    report = serializers.UUIDField(required=False)
    vendor = serializers.SlugField(required=False, max_length=100)
    days = serializers.ChoiceField(choices=DAYS, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What the kind needs."""
        needed = {ShareKind.REPORT: ("report", "days"), ShareKind.BADGE: ("vendor",), ShareKind.CALENDAR: ()}
        missing = [name for name in needed[attrs["kind"]] if name not in attrs]
        if missing:
            raise serializers.ValidationError({name: ["This kind of link needs it."] for name in missing})
        return attrs


class Links(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[SharedLink]):
    """Links for people without an account."""

    serializer_class = LinkSerializer
    lookup_field, lookup_value_converter = "uid", "uuid"
    queryset = nothing_of(SharedLink)

    def get_queryset(self) -> QuerySet[SharedLink]:
        """In the order they were made."""
        return SharedLink.objects.select_related("report", "vendor").order_by("pk")

    @extend_schema(request=LinkAskSerializer, responses={201: LinkMadeSerializer})
    def create(self, request: Request) -> Response:
        """Make a link; the answer shows its address, once."""
        asked = LinkAskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given, of, days = asked.validated_data, {}, None
        if given["kind"] == ShareKind.REPORT:
            of["report"], days = get_object_or_404(Report, uid=given["report"]), int(given["days"])
        elif given["kind"] == ShareKind.BADGE:
            of["vendor"] = get_object_or_404(
                Followed.objects.select_related("vendor"), vendor__slug=given["vendor"]
            ).vendor
        kind = ShareKind(given["kind"])
        made, url = new_link(kind, by=request._request.who.name, days=days, **of)  # type: ignore[attr-defined]
        made.url = url  # type: ignore[attr-defined]
        return Response(LinkMadeSerializer(made).data, status=201)

    @extend_schema(request=None, responses=LinkSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, uid: str) -> Response:
        """End it, at once."""
        found = self.get_object()
        found.revoked_at = found.revoked_at or timezone.now()
        found.save()
        return Response(LinkSerializer(found).data)
