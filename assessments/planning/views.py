"""The pages that read the plan: what it says, where it stands, and what needs somebody today."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import plans
from assessments.continuity import examples
from assessments.models import PlanRevision
from assessments.planning import pages
from assessments.planning.items import common
from riskboard.pages import problem

EXAMPLE = "microsoft-bpos-2011"


@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Where the plan stands: a sentence with the number, what needs somebody today, every process over its services."""
    row = plans.current()
    plan = row.parsed()
    return render(
        request, "plan/overview.html", common(request, "overview", plan) | pages.overview(row, plan, now=timezone.now())
    )


@require_safe
@never_cache
def checked(request: HttpRequest) -> HttpResponse:
    """What is wrong with the plan, worst first, each with the way to the field to mend."""
    row = plans.current()
    plan = row.parsed()
    return render(
        request,
        "plan/lint.html",
        common(request, "lint", plan) | pages.checked(row, plan, page=request.GET.get("page")),
    )


@require_safe
@never_cache
def answers(request: HttpRequest) -> HttpResponse:
    """Per dependency whether the business could carry on, without and with its fallback."""
    row = plans.current()
    plan = row.parsed()
    return render(
        request,
        "plan/answers.html",
        common(request, "answers", plan)
        | pages.answers(row, plan, only=request.GET.get("only", ""), page=request.GET.get("page")),
    )


@require_POST
def judge(request: HttpRequest) -> HttpResponse:
    """Have the plan of now judged by a worker, and show its progress."""
    revision = PlanRevision.objects.filter(plan__slug="main").first()
    if revision is None:
        raise Http404(gettext("there is no plan yet"))
    return redirect("job", uid=plans.judge_later(revision).uid)


def begin_with_example(*, by: str) -> PlanRevision:
    """The example as the plan, where nothing is planned yet. Raises plans.Conflict where something is, now or a moment ago."""
    row = plans.current()
    if any(getattr(row.parsed(), kind) for kind in plans.KINDS):
        raise plans.Conflict("plan", "the plan", None)
    return plans.replace_plan(
        examples.load(EXAMPLE), seen_revision=row.revision, author=by, summary="began with the example of May 2011"
    )


@require_POST
def example(request: HttpRequest) -> HttpResponse:
    """Begin with the example plan; only where nothing is planned yet."""
    try:
        made = begin_with_example(by=request.who.name)  # type: ignore[attr-defined]
    except plans.Conflict:
        return problem(
            request, 409, gettext("There is a plan already"),
            gettext("The example would replace it. Export it and remove its items first, or import the example as a file."),
        )  # fmt: skip
    return redirect("job", uid=plans.judge_later(made).uid)
