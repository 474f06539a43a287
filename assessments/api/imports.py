"""Tables in by API, as the body of a request: vendors, answers, lists of the plan. All of it or nothing; first looked at, if asked.

The same table again changes nothing. What is wrong is named by cell, and then nothing was taken.
"""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from msgspec import Struct
from rest_framework import viewsets
from rest_framework.request import Request

from assessments.api.access import ByteParser
from assessments.api.bodies import refuse_cells, refuse_places, sent_as_file
from assessments.api.conditions import IF_MATCH, Unsuitable
from assessments.api.exports import CSV, FOR_VENDOR, TOML
from assessments.api.of_vendor import vendor_of
from assessments.api.plan import DRY, KIND, REMOVES, Written, author, is_dry, known_kind, take_file
from assessments.api.structs import described, told
from assessments.files.reading import MAX_BYTES, is_workbook, read_any
from assessments.files.tables import XLSX
from assessments.imports import vendors
from assessments.planning.files import from_table
from assessments.questionnaire import bringing
from assessments.questionnaire.answers import Conflict
from assessments.questionnaire.file_views import effect_of_lines
from riskboard.accounts.limits import spend
from riskboard.errors import Refused

CONFLICTS = OpenApiParameter(
    "conflicts", OpenApiTypes.STR, enum=["keep", "take"],
    description="Answers that changed since the file was taken: keep what stands, or take the file's. Unsaid: then nothing is taken",
)  # fmt: skip
_TABLES = {CSV: OpenApiTypes.BINARY, XLSX: OpenApiTypes.BINARY}


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


class AnswerLine(Struct):
    """What one row does: new, change, same, blank, or conflict (somebody answered since). `stands`: the answer of now, null: none.

    Of a CAIQ, `source` is the vendor's own row and `reason` why it is read so.
    """

    vendor: str
    item: str
    act: str
    answer: str | None
    evidence: str
    note: str
    stands: str | None
    source: str
    reason: str


class AnswersTold(Struct):
    """What a file of answers does. `done`: the answers saved; null where only that was asked for.

    The points are of the vendor's next judgement against its newest (null: not known, or a file about many vendors).
    """

    lines: list[AnswerLine]
    changes: int
    done: list[str] | None
    backup_before: float | None
    backup_after: float | None
    total_before: float | None
    total_after: float | None


class Imports(viewsets.ViewSet):
    """Tables as the body of a request."""

    parser_classes = [ByteParser]

    @extend_schema(
        parameters=[DRY], request=_TABLES, responses={200: described(ImportTold)}, operation_id="imports_vendors"
    )
    def vendors(self, request: Request) -> HttpResponse:
        """Take a table of vendors."""
        data = sent_as_file(request)
        if len(data) > MAX_BYTES:
            raise Refused(f"at most {MAX_BYTES // 2**20} MiB of a table are read")
        found = vendors.read(read_any(data, what="file", max_rows=vendors.MOST_ROWS))
        refuse_cells(found.faults)
        lines = [ImportLine(line.row, line.name, line.act, line.says) for line in found.lines]
        if is_dry(request):
            return told(ImportTold(lines, found.changes, None))
        spend(request._request, "imports")
        return told(ImportTold(lines, found.changes, vendors.take(found)))

    @extend_schema(
        parameters=[DRY, FOR_VENDOR, CONFLICTS], request=_TABLES | {TOML: OpenApiTypes.BINARY},
        responses={200: described(AnswersTold)}, operation_id="imports_answers",
    )  # fmt: skip
    def answers(self, request: Request) -> HttpResponse:
        """Take a file of answers: a filled table (XLSX, CSV, TOML), or with `vendor` that vendor's CAIQ v4 workbook."""
        slug, asked = (request.query_params.get(name, "").replace("\0", "") for name in ("vendor", "conflicts"))
        if asked not in ("", "keep", "take"):
            raise Refused("conflicts: keep or take")
        vendor = vendor_of(slug) if slug else None
        found, book = bringing.look(sent_as_file(request), vendor)
        refuse_places(found.faults)
        lines = [_answer(line) for line in found.lines if book or line.act != "blank"]
        effect = effect_of_lines(found, vendor) if vendor else None
        names = ("backup_before", "backup_after", "total_before", "total_after")
        points = [getattr(effect, name, None) for name in names]
        if is_dry(request):
            return told(AnswersTold(lines, found.changes, None, *points))
        done = self._taken(request, found, vendor, asked)
        return told(AnswersTold(lines, found.changes, done, *points))

    def _taken(self, request: Request, found: bringing.Brought, vendor: Any, asked: str) -> list[str]:
        if found.count("conflict") and not asked:
            changed = ", ".join(line.name for line in found.lines if line.act == "conflict")[:200]
            raise Unsuitable(f"Answered since the file was taken: {changed}. Say conflicts=keep or conflicts=take.")
        spend(request._request, "imports")
        acts: tuple[bringing.Act, ...] = ("new", "change", "conflict") if asked == "take" else ("new", "change")
        try:
            return bringing.take_acts(found, *acts, by=author(request), now=timezone.now(), only=vendor)
        except Conflict as conflict:
            raise Unsuitable(
                "Somebody answered this very moment. Nothing was taken; send the file again."
            ) from conflict

    @extend_schema(
        parameters=[KIND, DRY, REMOVES, IF_MATCH], request={CSV: OpenApiTypes.BINARY}, responses={200: described(Written)},
        operation_id="imports_plan",
    )  # fmt: skip
    def plan(self, request: Request, kind: str) -> HttpResponse:
        """Put a table of one of the plan's lists into the plan. What it leaves out stays, unless it `removes`."""
        name = f"{known_kind(kind)}.csv"
        if is_workbook(sent_as_file(request)):
            raise Refused("one list is a CSV; a workbook holds several and is taken by plan/files/xlsx/")
        return take_file(request, from_table, name)


def _answer(line: bringing.Line) -> AnswerLine:
    row, stands = line.row, line.stands
    return AnswerLine(
        line.vendor.slug, row.item, line.act, cast("str | None", row.answer), row.evidence, row.note,
        stands and stands.answer, line.source, line.reason,
    )  # fmt: skip
