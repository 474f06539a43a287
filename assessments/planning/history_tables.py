"""The plan's history and its milestones as tables to take away."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.continuity.changes import changes
from assessments.continuity.plan import Plan
from assessments.files.sent import sent
from assessments.files.tables import Cell
from assessments.models import Milestone, PlanRevision
from assessments.planning.changed import told
from assessments.planning.history import searched

HISTORY = ("number", "revision", "saved_at", "author", "summary", "changes")
MILESTONES = ("label", "cite_as", "revision", "frozen_at", "author", "note")


@require_safe
@never_cache
def history_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """Every revision whose summary holds ?q=, the newest first, with all its changes in words, a line each."""
    wanted = set(searched(request.GET.get("q", "")).values_list("number", flat=True))
    return sent(request, "plan-history", form, HISTORY, list(_revisions(wanted)))


def _revisions(wanted: set[int]) -> Iterator[tuple[Cell, ...]]:
    """Those revisions. One pass; two documents are held at a time."""
    rows = PlanRevision.objects.filter(plan__slug="main").order_by("number").iterator(chunk_size=50)
    made, before = [], Plan()
    for row in rows:
        now = row.parsed()
        if row.number in wanted:
            lines = "\n".join(told(one).line for one in changes(before, now))
            made.append((row.number, row.version, row.created_at, row.author, row.summary, lines or None))
        before = now
    yield from reversed(made)


@require_safe
@never_cache
def milestones_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """Every milestone, the newest first."""
    found = Milestone.objects.select_related("revision").defer("revision__document")
    rows = (
        (one.label, one.cited, one.revision.number, one.created_at, one.author, one.note or None)
        for one in found.iterator(chunk_size=500)
    )
    return sent(request, "milestones", form, MILESTONES, rows)
