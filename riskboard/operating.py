"""The operator's page: what is wrong with this installation, what stands still, and what to press.

The operator is whoever administers the first workspace. Other workspaces' jobs are shown by kind and age; what their errors say
stays with them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from riskboard.accounts import audit
from riskboard.accounts.access import needs
from riskboard.accounts.models import Role
from riskboard.celery_app import QUEUES
from riskboard.commands import doctor
from riskboard.jobs import queue
from riskboard.jobs.models import Job, State

LISTED = 50
LATE = timedelta(minutes=5)
ACTS = {
    "retry": (queue.retry, "retried", gettext_lazy("It is tried again.")),
    "discard": (queue.discard, "discarded", gettext_lazy("It is put away.")),
}
FAILURES = 3  # looks in a row that failed before a page is listed


def only_operator(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For administrators of the first workspace; to others there is no such page."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.who.is_operator:  # type: ignore[attr-defined]
            raise Http404
        return view(request, *args, **kwargs)

    return needs(Role.ADMIN)(checked)


@require_safe
@never_cache
@only_operator
def operation(request: HttpRequest) -> HttpResponse:
    """Doctor's checks, queues, jobs that were given up, pages that fail, hosts that are left alone. Takes about a second."""
    now = timezone.now()
    pages, dead = failing(), given_up()
    context = {
        "checks": list(doctor.examine()),
        "queues": _queues(now),
        "dead": [shown(job, request) for job in dead[:LISTED]],
        "dead_count": dead.count(),
        "failing": pages[:LISTED],
        "failing_count": pages.count(),
        "resting": resting(now)[:LISTED],
        "now": now,
    }
    return render(request, "operation.html", context)


def _queues(now: Any) -> list[dict[str, Any]]:
    """Each queue with what waits in it, how long the first has, and whether that is too long."""
    found = []
    for name in QUEUES:
        due = Job.anyone.due(now=now).filter(queue=name)
        first = due.first()
        wait = now - first.due_at if first else timedelta(0)
        found.append({"name": name, "waiting": due.count(), "wait": wait, "late": wait > LATE})
    return found


def given_up() -> Any:
    """Jobs of every workspace that were given up, the newest first."""
    return Job.anyone.filter(state=State.DEAD).select_related("workspace").order_by("-finished_at")


def failing() -> Any:
    """Pages that failed FAILURES looks in a row and more, the worst first."""
    from vendors.models import Watch

    found = Watch.objects.filter(due_at__isnull=False, failures__gte=FAILURES).select_related("page__vendor")
    return found.order_by("-failures", "pk")


def resting(now: Any) -> Any:
    """Hosts that are left alone for now, by name."""
    from vendors.models import HostTurn

    return HostTurn.objects.filter(not_before__gt=now).order_by("host")


def shown(job: Job, request: HttpRequest) -> dict[str, Any]:
    """A job with its error, unless it is another workspace's, and whose it is."""
    theirs = job.workspace_id is not None and job.workspace_id != request.who.workspace.pk  # type: ignore[attr-defined]
    return {
        "job": job,
        "error": gettext("told to its workspace") if theirs else job.error,
        "whose": job.workspace.name if job.workspace else gettext("the installation"),
    }


@require_POST
@only_operator
def settle(request: HttpRequest, uid: UUID, act: str) -> HttpResponse:
    """Try a job that was given up once more, from the beginning ("retry"), or put it away ("discard")."""
    job = get_object_or_404(Job.anyone, uid=uid)
    do, did, told = ACTS[act]
    if do(job):
        audit.record(job, did)
        messages.success(request, told)
    else:
        messages.info(request, gettext("It is not given up any more."))
    return redirect("operation")


@require_POST
@only_operator
def look_again(request: HttpRequest, page: int) -> HttpResponse:
    """Have a page looked at now instead of when its turn comes."""
    from vendors.models import Watch

    watch = get_object_or_404(Watch.objects.select_related("page"), page=page, due_at__isnull=False)
    watch.due_at = timezone.now()
    watch.save(update_fields=["due_at"])
    audit.record(watch.page, "looked")
    messages.success(request, gettext("%(url)s is looked at with the next tick.") % {"url": watch.page.url})
    return redirect("operation")


@require_POST
@only_operator
def free(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop leaving a host alone."""
    from vendors.models import HostTurn

    turn = get_object_or_404(HostTurn, pk=pk)
    audit.record(turn, "freed")
    turn.delete()
    messages.success(request, gettext("%(host)s may be asked again.") % {"host": turn.host})
    return redirect("operation")
