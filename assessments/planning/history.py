"""The plan's history: what changed, by whom, in words; the way back; and milestones to compare and to cite."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import plans
from assessments.continuity.changes import changes
from assessments.continuity.judged import Judged
from assessments.continuity.milestones import Frozen, compare_milestones
from assessments.continuity.plan import Plan
from assessments.models import Milestone, PlanRevision
from assessments.models.plan import read_at
from assessments.planning import judging
from assessments.planning.changed import Told, told
from assessments.planning.items import NO_SUCH, common
from assessments.planning.pages import share_text
from assessments.planning.typed import clean
from riskboard.pages import problem

PER_PAGE, FEW = 20, 3
MOST_MILESTONES = 200


@require_safe
@never_cache
def history(request: HttpRequest) -> HttpResponse:
    """Every revision, newest first, with its first changes in words; ?q= looks in the summaries."""
    now, query = plans.current(), clean(request.GET.get("q", "")[:200])
    plan = now.parsed()
    page = Paginator(searched(query).defer("document"), PER_PAGE).get_page(request.GET.get("page"))
    milestones = Milestone.objects.select_related("revision").defer("revision__document")[:MOST_MILESTONES]
    lines = _told(list(page))
    return render(
        request, "plan/history.html",
        common(request, "history", plan) | {
            "page": page, "lines": lines, "query": query, "milestones": milestones,
        "judgement": judging.newest(now.revision)},
    )  # fmt: skip


def searched(query: str) -> QuerySet[PlanRevision]:
    """The revisions whose summary holds that, newest first; "" asks nothing."""
    return PlanRevision.objects.filter(plan__slug="main", summary__icontains=clean(query[:200]))


def _told(rows: list[PlanRevision]) -> list[tuple[PlanRevision, tuple[Told, ...], int]]:
    """(revision, its first changes, how many more), with one query for the documents."""
    wanted = {number for row in rows for number in (row.number, row.number - 1)}
    parsed = {0: Plan()} | {
        row.number: row.parsed() for row in PlanRevision.objects.filter(plan__slug="main", number__in=wanted)
    }
    made = []
    for row in rows:
        found = changes(parsed.get(row.number - 1, Plan()), parsed[row.number])
        made.append((row, tuple(map(told, found[:FEW])), max(0, len(found) - FEW)))
    return made


def _revision(number: int) -> PlanRevision:
    return get_object_or_404(PlanRevision, plan__slug="main", number=min(number, NO_SUCH))


@require_safe
@never_cache
def revision(request: HttpRequest, number: int) -> HttpResponse:
    """One revision: every change it made, and the way back to it."""
    row, now = _revision(number), plans.current()
    before = PlanRevision.objects.filter(plan__slug="main", number=number - 1).first()
    context = common(request, "history", now.parsed()) | {
        "row": row, "changes": list(map(told, changes(before.parsed() if before else Plan(), row.parsed()))),
        "is_newest": now.revision == number, "seen": now.revision,
    }  # fmt: skip
    return render(request, "plan/revision.html", context)


@require_POST
def restore(request: HttpRequest, number: int) -> HttpResponse:
    """Make the plan as it was at that revision; the way there is a revision, too, and can be taken back."""
    row, seen = _revision(number), request.POST.get("seen", "")
    author = request.who.name  # type: ignore[attr-defined]
    if not seen.isdecimal() or len(seen) > 9:
        raise Http404(gettext("no revision was seen"))
    try:
        made = plans.replace_plan(
            row.parsed(), seen_revision=int(seen), author=author, summary=f"went back to revision {number}"
        )
    except plans.Conflict:
        return problem(
            request,
            409,
            gettext("The plan was changed meanwhile"),
            gettext("Nothing was restored. Look at the history, then try again."),
        )
    plans.judge_later(made)
    return redirect(f"{reverse('plan-history')}?did={made.number}")


@require_POST
def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze the plan and its assessments under a name."""
    row, label = plans.current(), clean(request.POST.get("label", ""))
    if not label or not row.revision:
        return problem(
            request,
            400,
            gettext("The milestone needs a name"),
            gettext("Go back and write one, like Review of spring 2026."),
        )
    made = judging.newest(row.revision)
    plans.freeze(
        label[:200], author=request.who.name, note=clean(request.POST.get("note", ""))[:5000],  # type: ignore[attr-defined]
        as_of=read_at(row.parsed(), timezone.now()), judgement=made.row if made and not made.behind else None,
    )  # fmt: skip
    return redirect(reverse("plan-history") + "#milestones")


@require_safe
@never_cache
def compare(request: HttpRequest) -> HttpResponse:
    """Two milestones, ?from= and ?to=: what changed in the plan, and how its vendors moved."""
    found = {str(one.uid): one for one in _milestones(request)}
    first, second = found.get(request.GET.get("from", "")), found.get(request.GET.get("to", ""))
    if first is None or second is None:
        return problem(
            request, 400, gettext("Choose two milestones"), gettext("Go back to the history and choose two of them.")
        )
    made = compare_milestones(frozen(first), frozen(second))
    context = common(request, "history", plans.current().parsed()) | {
        "first": first, "second": second, "changes": list(map(told, made.changes)), "lint": made.lint, "register": made.register,
        "moved": [(one, share_text(one.chance_before), share_text(one.chance_after)) for one in made.moved],
    }  # fmt: skip
    return render(request, "plan/compare.html", context)


def _milestones(request: HttpRequest) -> Any:
    """The two that are asked for; anything that is no milestone's id finds nothing."""
    from uuid import UUID

    uids = []
    for name in ("from", "to"):
        try:
            uids.append(UUID(request.GET.get(name, "")))
        except ValueError:
            continue
    return Milestone.objects.filter(uid__in=uids).select_related("revision", "judgement")


def frozen(milestone: Milestone) -> Frozen:
    """What the comparison reads of it."""
    answer = milestone.judgement.parsed() if milestone.judgement else None
    return Frozen(milestone.revision.parsed(), _vendors(milestone), milestone.as_of, answer)


def _vendors(milestone: Milestone) -> dict[str, Judged]:
    rows = milestone.assessments.select_related("vendor")
    return {row.vendor.slug: Judged(assessment=row.parsed(), facts=row.parsed_facts()) for row in rows}
