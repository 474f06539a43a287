"""Tables in and out by API: the vendors followed, and the register of recommendations."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from msgspec import Struct
from rest_framework import viewsets
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from assessments.api.access import ByteParser
from assessments.api.plan import DRY, is_dry
from assessments.api.structs import described, told
from assessments.api.told import refuse
from assessments.api.vendors import FILTERS, VIEW
from assessments.board.exports import vendors_table
from assessments.files.reading import MAX_BYTES, read_any
from assessments.files.tables import XLSX
from assessments.imports import vendors
from assessments.planning.register_views import register_table
from riskboard.accounts.limits import spend
from riskboard.errors import Refused

CSV, FORMS = "text/csv", ("csv", "xlsx")
_FILES = {(200, CSV): OpenApiTypes.BINARY, (200, XLSX): OpenApiTypes.BINARY}
FORM = OpenApiParameter("form", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(FORMS), description="A file format")


class ImportLine(Struct):
    """What one row does: follow, change, or nothing ("same"); in words."""

    row: int
    vendor: str
    act: str
    says: str


class ImportTold(Struct):
    """What a table does, row by row. `done`: how many rows did something; null where only that was asked for."""

    lines: list[ImportLine]
    changes: int
    done: int | None


class Exports(viewsets.ViewSet):
    """Lists as tables, narrowed as the pages are."""

    @extend_schema(parameters=[FORM, *FILTERS, VIEW], responses=_FILES, operation_id="exports_vendors")
    def vendors(self, request: Request, form: str) -> HttpResponse:
        """Every vendor the filters leave, not only one page of them."""
        return vendors_table(request._request, _known(form))

    @extend_schema(
        parameters=[FORM, *(OpenApiParameter(name, OpenApiTypes.STR) for name in ("state", "vendor", "q")), VIEW],
        responses=_FILES, operation_id="exports_register",
    )  # fmt: skip
    def register(self, request: Request, form: str) -> HttpResponse:
        """Every recommendation with what was decided."""
        return register_table(request._request, _known(form))


def _known(form: str) -> str:
    if form not in FORMS:
        raise NotFound(f"Tables are written as {' and '.join(FORMS)}.")
    return form


class Imports(viewsets.ViewSet):
    """A table of vendors, as the body of a request."""

    parser_classes = [ByteParser]

    @extend_schema(
        parameters=[DRY], request={CSV: OpenApiTypes.BINARY, XLSX: OpenApiTypes.BINARY}, responses={200: described(ImportTold)},
        operation_id="imports_vendors",
    )  # fmt: skip
    def vendors(self, request: Request) -> HttpResponse:
        """Take a table of vendors, all of it or nothing. The same again changes nothing. `?dry_run=true` only says what it does."""
        data = request.data if isinstance(request.data, bytes) else b""
        if len(data) > MAX_BYTES:
            raise Refused(f"at most {MAX_BYTES // 2**20} MiB of a table are read")
        found = vendors.read(read_any(data, what="file", max_rows=vendors.MOST_ROWS))
        refuse(found.faults)
        lines = [ImportLine(line.row, line.name, line.act, line.says) for line in found.lines]
        if is_dry(request):
            return told(ImportTold(lines, found.changes, None))
        spend(request._request, "imports")
        return told(ImportTold(lines, found.changes, vendors.take(found)))
