"""The vendors a workspace follows, by API: the list as the page shows it, one vendor, its incidents, and what if."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments import following, noted
from assessments.api import serializers as out
from assessments.api.conditions import Unsuitable
from assessments.api.structs import described, told
from assessments.board import saved
from assessments.board.forms import WhatIfForm
from assessments.board.listing import NO_IMPACT, FollowedFilter, incidents_of, listed
from assessments.models import Followed, ListPage
from assessments.report import phrases
from riskboard.accounts.scope import nothing_of
from riskboard.errors import Refused
from riskboard.locales import ENGLISH, speaking
from vendors.incident_record import incident_of
from vendors.models import IMPACTS
from vendors.records import Incident

with speaking(ENGLISH):  # whoever's page is the first to load this
    FILTERS = [
        OpenApiParameter(name, OpenApiTypes.STR, description=str(one.label))
        for name, one in FollowedFilter.base_filters.items()
        if name != "sort"
    ]
VIEW = OpenApiParameter(
    "view", OpenApiTypes.UUID, description="A saved view; what else is asked for narrows or replaces it"
)

INCIDENT_FILTERS = [
    OpenApiParameter("q", OpenApiTypes.STR, description="In the title"),
    OpenApiParameter("impact", OpenApiTypes.STR, enum=[*IMPACTS, NO_IMPACT]),
    OpenApiParameter("open", OpenApiTypes.BOOL, description="Only those going on"),
]


@extend_schema_view(list=extend_schema(parameters=[*FILTERS, VIEW]))
class Vendors(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Followed]):
    """The vendors the workspace follows, filtered as the list of the page is; in the order they were added."""

    serializer_class = out.VendorSerializer
    lookup_field, lookup_url_kwarg, lookup_value_converter = "vendor__slug", "slug", "slug"
    queryset = nothing_of(Followed)

    def get_queryset(self) -> QuerySet[Followed]:
        """The filtered rows. A faulty filter is refused by name."""
        if self.action != "list":
            return Followed.objects.all().with_newest()
        asking = self.request._request.who  # type: ignore[attr-defined]
        opened, _ = saved.opened(asking, ListPage.VENDORS, self.request.query_params)
        query = {name: value for name, value in opened.items() if name != "sort"}
        found = listed(query)
        if not found.form.is_valid():
            name, faults = next(iter(found.form.errors.items()))
            raise Refused(f"{name}: {faults[0]}")
        return found.qs

    @extend_schema(request=out.FollowSerializer, responses={202: out.JobSerializer})
    def create(self, request: Request) -> Response:
        """Have a vendor assessed, and followed from then on. The same again while it is open is the same job."""
        asked = out.FollowSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        job = following.begin(given["target"], rto_hours=given["rto_hours"], words=_words(given))
        return out.accepted(job)

    @extend_schema(request=out.NoteSerializer, responses=out.VendorSerializer)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Write its tags, its note, who looks after it, how much depends on it; what is left out stays."""
        followed = self.get_object()
        asked = out.NoteSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        try:
            noted.annotate(slug, _words(given, noted.Words.of(followed)), seen=noted.words_digest(followed))
        except noted.Changed as changed:
            raise Unsuitable("Somebody changed them this very moment; read them, and send yours again.") from changed
        return Response(out.VendorSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=out.VendorSerializer)
    @action(detail=True, methods=["post"], url_path="put-away")
    def put_away(self, request: Request, slug: str) -> Response:
        """Take it off the list. Nothing known of it is lost; `bring-back` shows it again."""
        following.put_away([self.get_object().vendor.slug], now=timezone.now())
        return Response(out.VendorSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=out.VendorSerializer)
    @action(detail=True, methods=["post"], url_path="bring-back")
    def bring_back(self, request: Request, slug: str) -> Response:
        """Show it again."""
        following.bring_back([self.get_object().vendor.slug])
        return Response(out.VendorSerializer(self.get_object()).data)

    @extend_schema(request=None, responses={202: out.JobSerializer})
    @action(detail=True, methods=["post"])
    def judge(self, request: Request, slug: str) -> Response:
        """Have it judged anew for the needs it was judged for last; no report is written."""
        return out.accepted(following.again(self.get_object()))

    @extend_schema(request=out.BulkSerializer, responses=out.BulkDoneSerializer)
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """One change to many vendors at once. Those that are not followed, or are so already, do not count."""
        asked = out.BulkSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        slugs, tags = given["vendors"], given["tags"]
        match given["act"]:
            case "tag":
                count = len(noted.tag(slugs, add=tags))
            case "untag":
                count = len(noted.tag(slugs, drop=tags))
            case "set-owner":
                count = len(noted.put(slugs, "owner", given["owner"]))
            case "set-criticality":
                count = len(noted.put(slugs, "criticality", given["criticality"]))
            case "put-away":
                count = following.put_away(slugs, now=timezone.now())
            case "bring-back":
                count = following.bring_back(slugs)
            case _:
                rows = list(Followed.objects.shown().filter(vendor__slug__in=slugs))
                count = len([following.again(row) for row in rows])
        return Response(out.BulkDoneSerializer({"changed": count}).data)

    @extend_schema(parameters=INCIDENT_FILTERS, responses=out.IncidentSerializer(many=True))
    @action(detail=True)
    def incidents(self, request: Request, slug: str) -> Response:
        """The incidents on the vendor's pages, as they were stored."""
        asked = {name: request.query_params.get(name, "") for name in ("q", "impact")}
        is_open = request.query_params.get("open", "").casefold() in ("true", "1", "yes")
        rows = incidents_of(self.get_object().vendor, **asked, is_open=is_open).order_by("pk")
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(out.IncidentSerializer(page, many=True).data)

    @extend_schema(responses=out.StatusPageSerializer(many=True))
    @action(detail=True)
    def pages(self, request: Request, slug: str) -> Response:
        """Its status pages: who reads them how, what they said last, when they are looked at next."""
        rows = self.get_object().vendor.pages.select_related("watch").order_by("pk")
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(out.StatusPageSerializer(page, many=True).data)

    @extend_schema(
        parameters=[OpenApiParameter("number", OpenApiTypes.INT, OpenApiParameter.PATH, description="Its `id` in the list")],
        responses={200: described(Incident)}, operation_id="vendors_incidents_read",
    )  # fmt: skip
    def incident(self, request: Request, slug: str, number: int) -> HttpResponse:
        """One incident with everything that was posted about it, as it was stored."""
        rows = incidents_of(self.get_object().vendor).select_related("page")
        return told(incident_of(get_object_or_404(rows, pk=min(number, 2**62))))

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


def _words(given: Mapping[str, Any], before: noted.Words | None = None) -> noted.Words:
    """What is given, as it is kept; what is left out is as `before`."""
    there = before or noted.Words()
    return noted.Words.typed(
        tags=",".join(given.get("tags", there.tags)), note=given.get("note", there.note), owner=given.get("owner", there.owner),
        criticality=given.get("criticality", there.criticality),
    )  # fmt: skip
