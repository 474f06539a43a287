"""The API's endpoints. Each reads what a page reads, or triggers the verb a page triggers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api import serializers as out
from assessments.api.access import said
from assessments.board.forms import WhatIfForm
from assessments.board.listing import FollowedFilter, listed
from assessments.models import AssessmentRow, Followed, Report
from assessments.report import phrases
from assessments.views import question_key
from riskboard import jobs
from riskboard.errors import Refused
from riskboard.jobs import queue
from riskboard.jobs.models import Job
from vendors.models import Incident

JSON = "application/json"
FILTERS = [
    OpenApiParameter(name, OpenApiTypes.STR, description=str(one.label))
    for name, one in FollowedFilter.base_filters.items()
    if name != "sort"
]


@extend_schema_view(list=extend_schema(parameters=FILTERS))
class Vendors(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Followed]):
    """The vendors the workspace follows, filtered as the list of the page is; in the order they were added."""

    serializer_class = out.VendorSerializer
    lookup_field, lookup_url_kwarg, lookup_value_converter = "vendor__slug", "slug", "slug"
    queryset = Followed.objects.none()

    def get_queryset(self) -> QuerySet[Followed]:
        """The filtered rows. A faulty filter is refused by name."""
        if self.action != "list":
            return Followed.objects.all().with_newest()
        query = {name: value for name, value in self.request.query_params.items() if name != "sort"}
        found = listed(query)
        if not found.form.is_valid():
            name, faults = next(iter(found.form.errors.items()))
            raise Refused(f"{name}: {faults[0]}")
        return found.qs

    @extend_schema(responses=out.IncidentSerializer(many=True))
    @action(detail=True)
    def incidents(self, request: Request, slug: str) -> Response:
        """The incidents on the vendor's pages, as they were stored."""
        rows = Incident.objects.filter(page__vendor=self.get_object().vendor).order_by("pk")
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(out.IncidentSerializer(page, many=True).data)

    @extend_schema(
        parameters=[
            OpenApiParameter("rto", OpenApiTypes.STR, description='How long work can wait, like "4h"'),
            OpenApiParameter("horizon", OpenApiTypes.STR, description="Days ahead: 30, 91, 365 or 1095"),
            OpenApiParameter("parts", OpenApiTypes.STR, many=True, description="Components relied on"),
            OpenApiParameter("takeover", OpenApiTypes.STR, description="After how long a second system takes over"),
            OpenApiParameter("capacity", OpenApiTypes.STR, description="Its share of the work: 1, 0.8, 0.5 or 0.25"),
            OpenApiParameter("works", OpenApiTypes.STR, description="How often it works: 0.95, 0.9, 0.75 or 0.5"),
        ],
        responses=out.WhatIfSerializer,
    )
    @action(detail=True, url_path="what-if")
    def what_if(self, request: Request, slug: str) -> Response:
        """The chance and the hours for another need, from the record of the newest assessment."""
        row = self.get_object().newest
        facts = row.parsed_facts()
        form = WhatIfForm.asked(request.query_params, row, facts)
        if not form.is_valid():
            raise Refused("; ".join(f"{name}: {faults[0]}" for name, faults in form.errors.items()))
        made = form.answer(facts, as_of=row.as_of)
        f, known = made.forecast, made.forecast.confidence != "insufficient"
        body = {
            "sentence": phrases.what_if(made, form.standby), "confidence": f.confidence, "chance": f.p_exceed if known else None,
            "low": f.band80[0] if known else None, "high": f.band80[1] if known else None,
            "hours_mean": f.hours.mean if known else None,
            "chance_left": made.chance_left, "hours_left": made.hours_left, "recorded_over": made.over, "flags": f.flags,
        }  # fmt: skip
        return Response(out.WhatIfSerializer(body).data)


class Assessments(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[AssessmentRow]):
    """Every judgement of the workspace; none is ever changed."""

    serializer_class = out.AssessmentSerializer
    lookup_field, lookup_value_converter = "uid", "uuid"
    queryset = AssessmentRow.objects.none()

    def get_queryset(self) -> QuerySet[AssessmentRow]:
        """Without the documents, which have addresses of their own; `?vendor=` narrows."""
        rows = AssessmentRow.objects.select_related("vendor").defer("document", "facts").order_by("pk")
        vendor = self.request.query_params.get("vendor")
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
        args = {**asked.validated_data, "components": []}
        job = jobs.enqueue("assess", args, queue="score", key=question_key(**args))
        return Response(
            out.JobSerializer(job).data,
            status=status.HTTP_202_ACCEPTED,
            headers={"Location": f"/api/v1/jobs/{job.uid}/"},
        )

    @extend_schema(responses={(200, JSON): OpenApiTypes.OBJECT})
    @action(detail=True)
    def document(self, request: Request, uid: str) -> HttpResponse:
        """The stored `riskboard.assessment/1` document, byte for byte."""
        row = get_object_or_404(AssessmentRow, uid=uid)
        return _tagged(request, f'"{row.input_sha256}"') or _json(bytes(row.document), f'"{row.input_sha256}"')

    @extend_schema(responses={(200, JSON): OpenApiTypes.OBJECT})
    @action(detail=True)
    def facts(self, request: Request, uid: str) -> HttpResponse:
        """The `riskboard.facts/1` it was made from, canonical: their digest is `facts_sha256`."""
        from vendors.facts_file import dumps

        row = get_object_or_404(AssessmentRow, uid=uid)
        return _tagged(request, f'"{row.facts_sha256}"') or _json(dumps(row.parsed_facts()), f'"{row.facts_sha256}"')


class Jobs(mixins.RetrieveModelMixin, viewsets.GenericViewSet[Job]):
    """Background work of the workspace."""

    serializer_class = out.JobSerializer
    lookup_field, lookup_value_converter = "uid", "uuid"
    queryset = Job.objects.none()

    def get_queryset(self) -> QuerySet[Job]:
        """Those of the workspace."""
        return Job.objects.all()

    @extend_schema(request=None, responses=out.JobSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, uid: str) -> Response:
        """Cancel it; one that has ended stays as it is."""
        job = self.get_object()
        queue.cancel(job)
        job.refresh_from_db()
        return Response(out.JobSerializer(job).data)


class Reports(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Report]):
    """Finished reports of the workspace."""

    serializer_class = out.ReportSerializer
    lookup_field, lookup_value_converter = "uid", "uuid"
    queryset = Report.objects.none()

    def get_queryset(self) -> QuerySet[Report]:
        """In the order they were made."""
        return Report.objects.order_by("pk")

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY, 410: out.ProblemSerializer})
    @action(detail=True)
    def file(self, request: Request, uid: str) -> Any:
        """The file itself."""
        made = self.get_object()
        if not made.path.is_file():
            return said(410, "The file is gone", "Make the report again: the same data give the same file.")
        tag = f'"{made.sha256}"'
        response = FileResponse(made.path.open("rb"), as_attachment=True, filename=f"{made.name}.{made.format}")
        response["ETag"] = tag
        return _tagged(request, tag) or response


def _tagged(request: Request, tag: str) -> HttpResponse | None:
    """304 where the asker has it already, else None."""
    plain: HttpRequest = request._request
    return get_conditional_response(plain, etag=tag)


def _json(data: bytes, tag: str) -> HttpResponse:
    return HttpResponse(data, content_type=JSON, headers={"ETag": tag})
