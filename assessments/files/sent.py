"""A list as the answer to a request: a file to take away in one of three forms, of any length where the form allows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext

from assessments.files.tables import CSV, JSON, XLSX, Cell, FileError, csv_pieces, json_pieces, to_xlsx
from riskboard.pages import problem
from riskboard.phrasebook import sentence


def sent(
    request: HttpRequest, name: str, form: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponseBase:
    """The rows as "csv", "json" or "xlsx", called `name`. CSV and JSON go out while they are read; a workbook holds MAX_ROWS.

    `rows` may be read after the view has ended: what they are asked of must be settled before, as a queryset's filters are.
    """
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    if form == "xlsx":
        try:
            body = to_xlsx(name, columns, rows)
        except FileError as fault:
            return problem(request, 400, gettext("That list cannot be made"), sentence(fault))
        return HttpResponse(body, content_type=XLSX, headers=headers)
    pieces, kind = (json_pieces(columns, rows), JSON) if form == "json" else (csv_pieces(columns, rows), CSV)
    return StreamingHttpResponse(pieces, content_type=kind, headers=headers)
