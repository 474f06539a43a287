"""The list of vendors as a table to take away: what the page shows, narrowed as the page is."""

from __future__ import annotations

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.board.listing import listed
from riskboard.output import safe_cell
from riskboard.pages import problem

COLUMNS = (
    "vendor", "slug", "category", "tags", "note", "rto_hours", "chance_beyond_rto_a_year", "readiness", "low", "high", "grade",
    "known_share", "disputed", "last_incident_at", "as_of", "method",
)  # fmt: skip


@require_safe
@never_cache
def vendors_csv(request: HttpRequest) -> HttpResponse:
    """Every vendor the filters leave, not only one page of them. An empty cell is not known; no cell begins as a formula."""
    found = listed(request.GET)
    if not found.form.is_valid():
        name, faults = next(iter(found.form.errors.items()))
        return problem(request, 400, "That list cannot be made", f"{name}: {faults[0]}")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in found.qs:
        row = one.newest
        last = row.last_incident_at.isoformat() if row.last_incident_at else ""
        words = [
            safe_cell(text)
            for text in (one.vendor.name, one.vendor.slug, one.vendor.category, ", ".join(one.tags), one.note)
        ]
        figures = [row.rto_hours, row.chance, row.value, row.low, row.high, row.grade, row.coverage]
        writer.writerow(
            [*words, *figures, "yes" if row.disputed else "no", last, row.as_of.isoformat(), row.method_version]
        )
    data = "\ufeff" + out.getvalue()
    name = 'attachment; filename="vendors.csv"'
    return HttpResponse(data, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})
