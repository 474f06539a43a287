"""Judgements and background work, by API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api import serializers as out
from assessments.api.conditions import Unsuitable, etag, unchanged
from assessments.files.assessed import assessment_workbook
from assessments.files.tables import XLSX
from assessments.models import AssessmentRow
from assessments.report_jobs import FAILED, enqueued
from assessments.views import question_key
from riskboard import jobs
from riskboard.accounts.access import scoped
from riskboard.accounts.limits import spend
from riskboard.accounts.models import TokenScope
from riskboard.accounts.scope import nothing_of
from riskboard.errors import Refused
from riskboard.jobs import queue
from riskboard.jobs.models import Job, State

JSON = "application/json"
REPORT_KINDS = ("report", "verify")


class Assessments(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[AssessmentRow]):
    """Every judgement of the workspace; none is ever changed."""

    serializer_class = out.AssessmentSerializer
    lookup_field, lookup_value_converter = "uid", "uuid"
    queryset = nothing_of(AssessmentRow)

    def get_queryset(self) -> QuerySet[AssessmentRow]:
        """Without the documents, which have addresses of their own; `?vendor=` narrows."""
        rows = AssessmentRow.objects.select_related("vendor").defer("document", "facts").order_by("pk")
        vendor = self.request.query_params.get("vendor", "").replace("\0", "")
        return rows.filter(vendor__slug=vendor) if vendor else rows

    @extend_schema(parameters=[OpenApiParameter("vendor", OpenApiTypes.STR, description="A vendor's slug")])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The judgements in the order they were made."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=out.AskSerializer, responses={202: out.JobSerializer, 400: out.ProblemSerializer})
    def create(self, request: Request) -> Response:
        """Have a vendor assessed by a worker. The same question asked again while it is open is the same job."""
        asked = out.AskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        args = dict(asked.validated_data)
        job = jobs.enqueue("assess", args, queue="score", key=question_key(**args))
        return out.accepted(job)

    @extend_schema(responses={(200, JSON): OpenApiTypes.OBJECT})
    @action(detail=True)
    def document(self, request: Request, uid: str) -> HttpResponse:
        """The stored `riskboard.assessment/1` document, byte for byte."""
        row = get_object_or_404(AssessmentRow, uid=uid)
        return _sent(request, lambda: bytes(row.document), JSON, row.input_sha256)

    @extend_schema(responses={(200, JSON): OpenApiTypes.OBJECT})
    @action(detail=True)
    def facts(self, request: Request, uid: str) -> HttpResponse:
        """The `riskboard.facts/1` it was made from, canonical: their digest is `facts_sha256`."""
        from vendors.facts_file import dumps

        row = get_object_or_404(AssessmentRow, uid=uid)
        return _sent(request, lambda: dumps(row.parsed_facts()), JSON, row.facts_sha256)

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})
    @action(detail=True)
    def workbook(self, request: Request, uid: str) -> HttpResponse:
        """The assessment as a workbook."""
        row = get_object_or_404(AssessmentRow.objects.select_related("vendor"), uid=uid)
        made = _sent(
            request, lambda: assessment_workbook(row.parsed(), row.parsed_facts()), XLSX, f"{row.input_sha256}-xlsx"
        )
        made["Content-Disposition"] = f'attachment; filename="{row.vendor.slug}-assessment.xlsx"'
        return made


@scoped(TokenScope.REPORTS)
@extend_schema_view(
    list=extend_schema(
        parameters=[
            OpenApiParameter("kind", OpenApiTypes.STR, description='Like "assess", "report", "verify" or "plan"'),
            OpenApiParameter("state", OpenApiTypes.STR, enum=State.values),
        ]
    )
)
class Jobs(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Job]):
    """Background work of the workspace."""

    serializer_class = out.JobSerializer
    lookup_field, lookup_value_converter = "uid", "uuid"
    queryset = nothing_of(Job)

    def get_queryset(self) -> QuerySet[Job]:
        """Those of the workspace, in the order they were asked for; a token that is kept to reports sees reports' alone."""
        rows = Job.objects.order_by("pk")
        if self.request._request.who.scope:  # type: ignore[attr-defined]
            rows = rows.filter(kind__in=REPORT_KINDS)
        if self.action != "list":
            return rows
        kind, state = (self.request.query_params.get(name, "") for name in ("kind", "state"))
        if state not in ("", *State.values):
            raise Refused(f"state: one of {', '.join(State.values)}")
        rows = rows.filter(kind=kind.replace("\0", "")) if kind else rows
        return rows.filter(state=state) if state else rows

    @extend_schema(request=None, responses=out.JobSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, uid: str) -> Response:
        """Cancel it; one that has ended stays as it is."""
        job = self.get_object()
        queue.cancel(job)
        job.refresh_from_db()
        return Response(out.JobSerializer(job).data)

    @extend_schema(request=None, responses={202: out.JobSerializer, 409: out.ProblemSerializer})
    @action(detail=True, methods=["post"])
    def again(self, request: Request, uid: str) -> Response:
        """Try a report once more that failed or was cancelled."""
        job = self.get_object()
        if job.kind != "report" or job.state not in FAILED:
            raise Unsuitable("Only a report that failed or was cancelled is tried again.")
        spend(request._request, "reports")
        return out.accepted(enqueued(job.args))


def _sent(request: Request, made: Callable[[], bytes], kind: str, digest: str) -> HttpResponse:
    """Those bytes with their ETag; 304 where the asker has them already."""
    plain: HttpRequest = request._request
    tag = etag(digest)
    return unchanged(plain, tag) or HttpResponse(made(), content_type=kind, headers={"ETag": tag})
