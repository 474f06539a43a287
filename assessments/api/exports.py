"""Tables out by API: every list as its page shows it, and the tables that are filled and brought back. The pages' own bytes."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from assessments import evidence, settings_tables
from assessments.api.of_vendor import SLUG
from assessments.api.plan import KIND, known_kind
from assessments.api.vendors import FILTERS, INCIDENT_FILTERS, VIEW
from assessments.board import exports as board
from assessments.catalogue_views import catalogue_table
from assessments.files.tables import XLSX
from assessments.imports.views import vendors_table
from assessments.planning import history_tables
from assessments.planning.files import dora_rows, export_kind
from assessments.planning.items import items_table
from assessments.planning.judged_tables import TABLES, judged_table
from assessments.planning.register_views import register_table
from assessments.questionnaire.file_views import answers_table
from assessments.report_views import reports_table
from riskboard.accounts.models import Role
from riskboard.errors import Refused

JSON, CSV, TOML = "application/json", "text/csv", "application/toml"
_MEDIA = {"csv": CSV, "xlsx": XLSX, "json": JSON, "toml": TOML}
_ROWS = {"type": "array", "items": {"type": "object", "additionalProperties": True}}
REGISTER = [OpenApiParameter(name, OpenApiTypes.STR, description="As in the list") for name in ("state", "vendor", "q")]
LISTED = [
    OpenApiParameter("q", OpenApiTypes.STR, description="Only with those words"),
    OpenApiParameter("sort", OpenApiTypes.STR, description='A column, "-" before it for the other way round'),
]
CATALOGUE = [
    OpenApiParameter(name, OpenApiTypes.STR, description="As in the list") for name in ("q", "category", "platform")
]
Q = OpenApiParameter("q", OpenApiTypes.STR, description="Only with those words in the summary")
TRAIL = [
    OpenApiParameter("actor", OpenApiTypes.STR, description="Part of the name"),
    OpenApiParameter("kind", OpenApiTypes.STR, description='Like "followed" or "channel"'),
]
CHANNEL = OpenApiParameter("channel", OpenApiTypes.UUID, description="Of that channel alone")
WHAT = OpenApiParameter("what", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(TABLES), description="Of what")
FOR_VENDOR = OpenApiParameter("vendor", OpenApiTypes.STR, description="A vendor's slug; else every vendor followed")


def _out(name: str, *forms: str, parameters: Any = ()) -> Any:
    """How the schema describes a table that goes out in those formats."""
    form = OpenApiParameter("form", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(forms), description="A format")
    media: dict[Any, Any] = {(200, _MEDIA[one]): _ROWS if one == "json" else OpenApiTypes.BINARY for one in forms}
    return extend_schema(operation_id=name, parameters=[form, *parameters], responses=media)


def _known(form: str, *forms: str) -> str:
    if form not in forms:
        raise NotFound(f"That table is written as {', '.join(forms)}.")
    return form


LISTS = ("csv", "xlsx", "json")


class Exports(viewsets.ViewSet):
    """Lists as tables, narrowed as the pages are; every row, not only one page of them."""

    @_out("exports_vendors", *LISTS, parameters=[*FILTERS, VIEW])
    def vendors(self, request: Request, form: str) -> HttpResponse:
        """The vendors the filters leave, with their newest judgement."""
        return board.vendors_table(request._request, _known(form, *LISTS))

    @_out("exports_incidents", *LISTS, parameters=[SLUG, *INCIDENT_FILTERS])
    def incidents(self, request: Request, slug: str, form: str) -> HttpResponse:
        """A vendor's incidents, the newest first."""
        return board.incidents_table(request._request, slug, _known(form, *LISTS))

    @_out("exports_evidence", *LISTS, parameters=[SLUG])
    def evidence(self, request: Request, slug: str, form: str) -> HttpResponse:
        """The incidents entered for a vendor, as the table that can be brought back; withdrawn ones are left out."""
        return evidence.evidence_table(request._request, slug, _known(form, *LISTS))

    @_out("exports_answers", *LISTS, "toml", parameters=[FOR_VENDOR])
    def answers(self, request: Request, form: str) -> HttpResponse:
        """The answers about backups, as the table that can be brought back. Of one vendor all 17 items; TOML is of one vendor."""
        slug = request.query_params.get("vendor", "").replace("\0", "") or None
        if _known(form, *LISTS, "toml") == "toml" and slug is None:
            raise Refused("vendor: say whose answers; a TOML file holds those of one vendor")
        return answers_table(request._request, form, slug)

    @_out("exports_register", *LISTS, parameters=[*REGISTER, VIEW])
    def register(self, request: Request, form: str) -> HttpResponse:
        """Every recommendation with what was decided."""
        return register_table(request._request, _known(form, *LISTS))

    @_out("exports_plan", *LISTS, parameters=[KIND, *LISTED])
    def plan(self, request: Request, kind: str, form: str) -> HttpResponse:
        """A list of the plan as its page shows it; what is brought back is a table of `imports/plan/`."""
        return items_table(request._request, known_kind(kind), _known(form, *LISTS))

    @_out("exports_judged", *LISTS, parameters=[WHAT])
    def judged(self, request: Request, what: str, form: str) -> HttpResponse:
        """What the last judgement says of the plan: the check's findings, the answers by dependency, or how promises stand."""
        if what not in TABLES:
            raise NotFound(f"There are tables of {', '.join(TABLES)}.")
        return judged_table(request._request, what, _known(form, *LISTS))

    @_out("exports_catalogue", *LISTS, parameters=CATALOGUE)
    def catalogue(self, request: Request, form: str) -> HttpResponse:
        """The vendors one can assess by name, narrowed as the page is."""
        return catalogue_table(request._request, _known(form, *LISTS))

    @_out("exports_reports", *LISTS)
    def reports(self, request: Request, form: str) -> HttpResponseBase:
        """The reports made so far, the newest first, with their digests."""
        return reports_table(request._request, _known(form, *LISTS))

    @_out("exports_history", *LISTS, parameters=[Q])
    def history(self, request: Request, form: str) -> HttpResponseBase:
        """The plan's revisions, the newest first, with what each changed in words."""
        return history_tables.history_table(request._request, _known(form, *LISTS))

    @_out("exports_milestones", *LISTS)
    def milestones(self, request: Request, form: str) -> HttpResponseBase:
        """The plan's milestones, the newest first."""
        return history_tables.milestones_table(request._request, _known(form, *LISTS))

    @_out("exports_links", *LISTS)
    def links(self, request: Request, form: str) -> HttpResponseBase:
        """The links that were made for people without an account; their addresses were shown once."""
        return settings_tables.links_table(request._request, _known(form, *LISTS))

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY}, operation_id="exports_dora")
    def dora(self, request: Request) -> HttpResponse:
        """The rows of DORA's register of information that the plan of now fills, and what is missing."""
        return dora_rows(request._request)


class SettingsExports(viewsets.ViewSet):
    """What administrators see under the settings, as tables."""

    needs = str(Role.ADMIN)

    @_out("exports_audit", *LISTS, parameters=TRAIL)
    def audit(self, request: Request, form: str) -> HttpResponseBase:
        """Every write in the workspace, the newest first; what was before and after is JSON in a cell."""
        return settings_tables.audit_table(request._request, _known(form, *LISTS))

    @_out("exports_people", *LISTS)
    def people(self, request: Request, form: str) -> HttpResponseBase:
        """Members, and invitations that are open."""
        return settings_tables.people_table(request._request, _known(form, *LISTS))

    @_out("exports_tokens", *LISTS)
    def tokens(self, request: Request, form: str) -> HttpResponseBase:
        """The tokens, those that ended as well; of the secret its last four characters."""
        return settings_tables.tokens_table(request._request, _known(form, *LISTS))

    @_out("exports_channels", *LISTS)
    def channels(self, request: Request, form: str) -> HttpResponseBase:
        """The channels by which people are told."""
        return settings_tables.channels_table(request._request, _known(form, *LISTS))

    @_out("exports_messages", *LISTS, parameters=[CHANNEL])
    def messages(self, request: Request, form: str) -> HttpResponseBase:
        """What became of each message, the newest first."""
        return settings_tables.messages_table(request._request, _known(form, *LISTS))


class Templates(viewsets.ViewSet):
    """What there is now, as the table that is changed and brought back."""

    @_out("imports_vendors_table", "csv", "xlsx")
    def vendors(self, request: Request, form: str) -> HttpResponse:
        """The vendors followed: what stands in it is what it would do."""
        return vendors_table(request._request, _known(form, "csv", "xlsx"))

    @_out("imports_plan_table", "csv", "json", parameters=[KIND])
    def plan(self, request: Request, kind: str, form: str) -> HttpResponse:
        """One of the plan's lists, a column a field; the whole plan as a workbook is `plan/files/xlsx/`."""
        return export_kind(request._request, known_kind(kind), _known(form, "csv", "json"))
