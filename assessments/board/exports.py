"""The list of vendors as a table to take away: what the page shows, narrowed as the page is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.board.listing import LONGEST_QUERY, incidents_of, listed
from assessments.board.saved import opened
from assessments.files.tables import Cell, to_file
from assessments.models import Followed, ListPage
from riskboard.pages import problem
from vendors.models import Incident

COLUMNS = (
    "vendor", "slug", "category", "tags", "note", "owner", "criticality",
    "rto_hours", "chance_beyond_rto_a_year", "readiness", "low", "high", "grade",
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
        return problem(request, 400, gettext("That list cannot be made"), f"{name}: {faults[0]}")
    body, kind = to_file(form, "Vendors", COLUMNS, vendor_rows(found.qs))
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="vendors.{form}"'}
    )


INCIDENTS = (
    "id",
    "title",
    "impact",
    "started_at",
    "first_posted_at",
    "resolved_at",
    "end_known",
    "no_longer_shown",
    "page",
    "url",
)


@require_safe
@never_cache
def incidents_table(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Every incident the page's filters leave, newest first, not only one page of them. An empty cell is not known."""
    vendor = get_object_or_404(Followed.objects.select_related("vendor"), vendor__slug=slug).vendor
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    rows = incidents_of(vendor, q=query, impact=request.GET.get("impact", ""), is_open=bool(request.GET.get("open")))
    told = (
        _incident(row) for row in rows.select_related("page").order_by("-started_at", "-pk").iterator(chunk_size=500)
    )
    body, kind = to_file(form, "Incidents", INCIDENTS, told)
    name = f'attachment; filename="{slug}-incidents.{form}"'
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": name})


def _incident(row: Incident) -> tuple[Cell, ...]:
    said = row.document
    return (
        row.external_id, str(said.get("title") or ""), row.impact, row.started_at, _time(said.get("first_posted_at")), row.resolved_at,
        str(said.get("end_known") or ""), row.gone_at is not None, row.page.url, str(said.get("url") or ""),
    )  # fmt: skip


def _time(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def vendor_rows(rows: Iterable[Followed]) -> Iterator[tuple[Cell, ...]]:
    """Those vendors, a cell for each of COLUMNS."""
    for one in rows:
        row = one.newest
        yield (
            one.vendor.name, one.vendor.slug, one.vendor.category, ", ".join(one.tags), one.note, one.owner, one.criticality,
            row.rto_hours, row.chance, row.value, row.low, row.high, row.grade, row.coverage, row.disputed,
            row.last_incident_at, row.as_of, row.method_version,
        )  # fmt: skip
