"""The pages of every day by API: the portfolio, vendors side by side, the catalogue, finding anything, the method."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from msgspec import Struct, to_builtins
from rest_framework import serializers, viewsets
from rest_framework.request import Request

from assessments.api import serializers as out
from assessments.api.slices import PARAMETERS, sliced
from assessments.api.structs import described, page_of, told
from assessments.board import finder
from assessments.board.portfolio import counted, headline, standing_on, today
from assessments.board.side_by_side import chosen, judge_alike, read
from assessments.catalogue_views import fits, listed
from assessments.files.tables import XLSX, to_xlsx
from assessments.models import Followed
from assessments.pages import method_page
from assessments.report import comparison
from assessments.scoring.model import PILLARS
from riskboard.errors import Refused


class PortfolioDue(Struct):
    """One thing that needs somebody: what, since or until when (null: no day), what to do, and the page for it."""

    what: str
    when: datetime | None
    action: str
    path: str


class PortfolioTold(Struct):
    """The portfolio in short. `over`: vendors likelier than not to be down for too long; `unknown`: no chance known.

    `standing_on`: vendors' slugs by the provider their own hosts were seen to lead to: what fails together.
    """

    headline: str
    vendors: int
    over: int
    unknown: int
    today: list[PortfolioDue]
    standing_on: dict[str, list[str]]


class ComparedCell(Struct):
    """What one vendor has in one row: as text, as a figure (null: none, or not known), and against the baseline in words."""

    text: str
    value: float | None
    outcome: str
    delta: str


class ComparedRow(Struct):
    """One line, a cell for each vendor in their order. `same`: all have the same there."""

    part: str
    label: str
    same: bool
    cells: list[ComparedCell]


class Compared(Struct):
    """Vendors side by side. `stays_first`: in which share of weightings around the default the vendor stays first."""

    sentence: str
    vendors: list[str]
    baseline: str
    weights: str
    stays_first: dict[str, float]
    rows: list[ComparedRow]


class CataloguePage(Struct):
    """A status page and the product it is made with."""

    url: str
    platform: str


class CatalogueVendor(Struct):
    """A vendor that can be assessed by name. `target` is what an assessment takes; `record`: its history is bundled."""

    slug: str
    name: str
    category: str
    category_guessed: bool
    pages: list[CataloguePage]
    record: bool
    followed: bool
    target: str


class FoundThing(Struct):
    """Something to go to: what it is, its name, a note, and its page."""

    kind: str
    name: str
    note: str
    path: str


class MethodCheck(Struct):
    """A check: what it asks, why, how it judges, its weight of 100 and its sources."""

    id: str
    pillar: str
    question: str
    why: str
    how: str
    weight: float
    references: list[str]


class MethodTold(Struct):
    """The method: its version and digest, and every check."""

    version: str
    sha256: str
    checks: list[MethodCheck]


class Portfolio(viewsets.ViewSet):
    """What needs somebody today."""

    @extend_schema(responses={200: described(PortfolioTold)}, operation_id="portfolio_read")
    def read(self, request: Request) -> HttpResponse:
        """The sentence of the page, and everything that needs somebody."""
        count, due = counted(), today(now=timezone.now())
        return told(
            PortfolioTold(
                headline(count["all"], likely=count["likely"], unknown=count["unknown"]),
                count["all"], count["likely"], count["unknown"],
                [PortfolioDue(one.what, one.when, one.action, one.url) for one in due], standing_on(),
            )
        )  # fmt: skip


class JudgeAlikeSerializer(serializers.Serializer[Any]):
    """Which vendors, for which RTO."""

    vendors = serializers.ListField(
        child=serializers.SlugField(max_length=100), min_length=1, max_length=comparison.MOST
    )
    rto = serializers.CharField(max_length=40)


_COMPARED = [
    OpenApiParameter("v", OpenApiTypes.STR, many=True, required=True, description="Two to five slugs"),
    OpenApiParameter("base", OpenApiTypes.STR, description="The slug deltas are against; else the first"),
    OpenApiParameter("weights", OpenApiTypes.STR, description='A profile of the method, or "own" with points a pillar'),
    *(OpenApiParameter(f"w-{pillar}", OpenApiTypes.NUMBER, description="Points of that pillar") for pillar in PILLARS),
    OpenApiParameter("only", OpenApiTypes.BOOL, description="Only rows that differ"),
]


class Comparison(viewsets.ViewSet):
    """Vendors side by side."""

    @extend_schema(parameters=_COMPARED, responses={200: described(Compared)}, operation_id="compare_read")
    def read(self, request: Request) -> HttpResponse:
        """Two to five vendors as last judged: what differs, who leads, and how firm that is."""
        made = self._made(request)
        rows = [
            ComparedRow(
                title, line.label, line.same, [ComparedCell(c.text, c.order, c.look, c.delta) for c in line.cells]
            )
            for title, lines, _ in made["groups"]
            for line in lines
        ]
        firm = {one.slug: one.first for one in made["firm"].standings}
        slugs = [one.made.vendor.slug for one in made["columns"]]
        return told(Compared(made["sentence"], slugs, made["base"], made["weights"], firm, rows))

    @extend_schema(parameters=_COMPARED, responses={(200, XLSX): OpenApiTypes.BINARY}, operation_id="compare_workbook")
    def workbook(self, request: Request) -> HttpResponse:
        """The same as a workbook."""
        body = to_xlsx("Comparison", *comparison.sheet(self._made(request)))
        return HttpResponse(
            body, content_type=XLSX, headers={"Content-Disposition": 'attachment; filename="comparison.xlsx"'}
        )

    def _made(self, request: Request) -> dict[str, Any]:
        query = request.query_params
        slugs, rows = chosen(query)
        if not comparison.LEAST <= len(slugs) <= comparison.MOST:
            raise Refused(f"v: name two to five vendors that are followed; {len(slugs)} were")
        only = query.get("only", "").casefold() in ("true", "1", "yes")
        profile, _ = comparison.weights_of(query)
        return read(slugs, rows, query, only=only) | {"weights": profile.name if profile else "default"}

    @extend_schema(
        request=JudgeAlikeSerializer, responses={202: out.JobSerializer(many=True)}, operation_id="compare_judge"
    )
    def judge(self, request: Request) -> HttpResponse:
        """Have them judged for one RTO, so that they compare like for like: a job for each."""
        asked = JudgeAlikeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        jobs = judge_alike(asked.validated_data["vendors"], asked.validated_data["rto"])
        return out.Response(out.JobSerializer(jobs, many=True).data, status=202)


class Catalogue(viewsets.ViewSet):
    """The vendors one can assess by name."""

    @extend_schema(
        parameters=[
            OpenApiParameter("q", OpenApiTypes.STR, description="Every word in the name, slug, domains or pages"),
            OpenApiParameter("category", OpenApiTypes.STR),
            OpenApiParameter("platform", OpenApiTypes.STR, description="Its page is made with that product"),
            *PARAMETERS,
        ],
        responses={200: page_of(described(CatalogueVendor))}, operation_id="catalogue_list",
    )  # fmt: skip
    def every(self, request: Request) -> HttpResponse:
        """Known vendors by slug. One query."""
        asked = {name: request.query_params.get(name, "")[:100] for name in ("q", "category", "platform")}
        made = sliced(request, [row for row in listed() if fits(row, **asked)], lambda row: row.slug)
        followed = set(Followed.objects.filter(archived_at=None).values_list("vendor__slug", flat=True))
        made["results"] = [
            CatalogueVendor(
                row.slug, row.name, row.category, row.guessed, [CataloguePage(p.url, p.platform) for p in row.pages], row.record,
                row.slug in followed, row.target,
            )
            for row in made["results"]
        ]  # fmt: skip
        return told(made)


class Find(viewsets.ViewSet):
    """What the palette finds."""

    @extend_schema(
        parameters=[OpenApiParameter("q", OpenApiTypes.STR, description="A few letters")],
        responses={200: {"type": "array", "items": described(FoundThing)}}, operation_id="find_read",
    )  # fmt: skip
    def read(self, request: Request) -> HttpResponse:
        """Pages, vendors and items of the plan, the likeliest first."""
        found = finder.find(request.query_params.get("q", ""), request._request.who)  # type: ignore[attr-defined]
        return told([FoundThing(one.kind, one.name, one.note, one.url) for one in found])


class Method(viewsets.ViewSet):
    """How it is judged."""

    @extend_schema(responses={200: described(MethodTold)}, operation_id="method_read")
    def read(self, request: Request) -> HttpResponse:
        """Every check with its words, weight and sources."""
        made = method_page()
        checks = [
            MethodCheck(m.id, m.pillar, m.question, m.why, m.how, weight, list(m.references))
            for m, weight, _thresholds in made["checks"]
        ]
        now = to_builtins(made["method"])
        body = MethodTold(now["version"], now["sha256"], checks)
        return told(body, tag=f'"{body.sha256}"', request=request)
