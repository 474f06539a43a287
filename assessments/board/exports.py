"""The list of vendors as a table to take away: what the page shows, narrowed as the page is."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.board.listing import listed
from assessments.board.saved import opened
from assessments.files.tables import Cell, to_file
from assessments.models import Followed, ListPage
from riskboard.pages import problem

COLUMNS = (
    "vendor", "slug", "category", "tags", "note", "rto_hours", "chance_beyond_rto_a_year", "readiness", "low", "high", "grade",
    "known_share", "disputed", "last_incident_at", "as_of", "method",
)  # fmt: skip


@require_safe
@never_cache
def vendors_table(request: HttpRequest, form: str) -> HttpResponse:
    """Every vendor the filters leave, not only one page of them. An empty cell is not known; no cell begins as a formula."""
    query, _view = opened(request.who, ListPage.VENDORS, request.GET)  # type: ignore[attr-defined]
    found = listed(query)
    if not found.form.is_valid():
        name, faults = next(iter(found.form.errors.items()))
        return problem(request, 400, "That list cannot be made", f"{name}: {faults[0]}")
    body, kind = to_file(form, "Vendors", COLUMNS, _rows(found.qs))
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="vendors.{form}"'}
    )


def _rows(rows: Iterator[Followed]) -> Iterator[tuple[Cell, ...]]:
    for one in rows:
        row = one.newest
        yield (
            one.vendor.name, one.vendor.slug, one.vendor.category, ", ".join(one.tags), one.note, row.rto_hours, row.chance,
            row.value, row.low, row.high, row.grade, row.coverage, row.disputed, row.last_incident_at, row.as_of,
            row.method_version,
        )  # fmt: skip
