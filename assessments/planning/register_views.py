"""The register of recommendations and decisions, what vendors promised, and what is due."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments import plans
from assessments.board.saved import context as context_of
from assessments.board.saved import opened
from assessments.continuity.register import Entry
from assessments.files.tables import to_file
from assessments.models import ListPage
from assessments.planning import ledger
from assessments.planning.items import common

PER_PAGE = 25
COLUMNS = (
    "vendor", "recommendation", "action", "effort", "state", "note", "overdue", "owner", "due_on", "approver",
    "accepted_until", "done_on", "evidence", "decided_on",
)  # fmt: skip


def asked_of(query: QueryDict) -> dict[str, str]:
    """The filters of a query: a state, a vendor, words."""
    return {name: query.get(name, "")[:200] for name in ("state", "vendor", "q")}


@require_safe
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """Every recommendation across vendors with what was decided; ?state=, ?vendor= and ?q= narrow it."""
    row = plans.current()
    query, view = opened(request.who, ListPage.RECOMMENDATIONS, request.GET, use_default=True)  # type: ignore[attr-defined]
    plan, asked = row.parsed(), asked_of(query)
    context = ledger.register(row, plan, now=timezone.now(), **asked)
    page = Paginator(context.pop("entries"), PER_PAGE).get_page(request.GET.get("page"))
    shown = query.copy()
    shown.pop("page", None)
    more = {"page": page, "asked": asked, "query": shown.urlencode(), "state_words": ledger.STATE_LOOKS}
    more |= context_of(request.who, ListPage.RECOMMENDATIONS, query, view)  # type: ignore[attr-defined]
    return render(request, "plan/register.html", common(request, "register", plan) | context | more)


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """The list of decisions is the register."""
    query = request.GET.urlencode()
    return redirect(reverse("plan-register") + (f"?{query}" if query else ""))


@require_safe
def register_table(request: HttpRequest, form: str) -> HttpResponse:
    """The register as a table, narrowed as the page is. No cell begins as a formula."""
    row = plans.current()
    query, _view = opened(request.who, ListPage.RECOMMENDATIONS, request.GET)  # type: ignore[attr-defined]
    context = ledger.register(row, row.parsed(), now=timezone.now(), **asked_of(query))
    body, kind = to_file(form, "Register", COLUMNS, [_cells(line.entry, line.owner) for line in context["entries"]])
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="register.{form}"'}
    )


def _cells(entry: Entry, owner: str) -> list[Any]:
    asked, decided = entry.recommendation, entry.decision
    said = [getattr(decided, name, None) for name in COLUMNS[9:]]
    return [
        entry.vendor_name, entry.rule, asked and asked.action, asked and asked.effort, entry.state, entry.note,
        "yes" if entry.overdue else None, owner, decided and decided.due_on, *said,
    ]  # fmt: skip


@require_safe
@never_cache
def commitments(request: HttpRequest) -> HttpResponse:
    """What vendors promised, worst first, each with what shows how it stands."""
    row = plans.current()
    plan = row.parsed()
    context = ledger.commitments(row, plan, now=timezone.now())
    return render(request, "plan/commitments.html", common(request, "commitments", plan) | context)
