"""The report centre: what can be made and of what, what is being made, and what was made, with its digest and its check."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.models import AssessmentRow, Report
from assessments.plans import newest_judgement
from riskboard import jobs
from riskboard.jobs.models import Job, State
from riskboard.pages import problem

PER_PAGE, RECENT_JOBS, OFFERED = 25, 5, 200
MOST_OPEN = 5  # reports at work or waiting; a report takes seconds to a minute of one worker
FAILED = (State.FAILED, State.DEAD, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Made:
    """A kind of report that can be made: what goes in, and how many assessments it takes."""

    kind: str
    title: str
    contents: str
    least: int
    most: int


KINDS: tuple[Made, ...] = (
    Made(
        "vendor", "One vendor",
        "Summary on one page, score and pillars, the chance of an outage, incidents and how they were told, what to do first.",
        1, 1,
    ),
    Made(
        "portfolio", "Several vendors together",
        "Who stands where, what the vendors share, and what falls together. At least two assessments.", 2, 40,
    ),
    Made(
        "comparison", "Vendors beside each other",
        "What differs between two to five vendors, check by check, who leads and how firm that is. Sideways, for a meeting.", 2, 5,
    ),
    Made(
        "continuity", "The continuity plan",
        "Could we carry on, what is wrong with the plan, what is to be done, and a runbook on paper for each critical service.",
        0, 0,
    ),
    Made(
        "improvement", "What to improve",
        "Every recommendation with its effect and owner, and everything the lint found, for working through.", 0, 0,
    ),
)  # fmt: skip


@require_safe
@never_cache
def reports(request: HttpRequest) -> HttpResponse:
    """The report centre."""
    return _page(request)


def _page(request: HttpRequest, *, fault: str = "", status: int = 200) -> HttpResponse:
    work = Job.objects.filter(kind="report")
    context = {
        "kinds": KINDS, "fault": fault, "chosen": set(request.POST.getlist("assessments")),
        "chosen_kind": request.POST.get("kind", KINDS[0].kind),
        "assessments": AssessmentRow.objects.for_list()[:OFFERED],
        "open_jobs": work.open().order_by("created_at")[:20],
        "failed_jobs": work.filter(state__in=FAILED).order_by("-created_at")[:RECENT_JOBS],
        "page": Paginator(Report.objects.all(), PER_PAGE).get_page(request.GET.get("page")),
        "checked": _checked(request.GET.get("checked", "")),
    }  # fmt: skip
    return render(request, "reports/centre.html", context, status=status)


def _checked(uid: str) -> dict[str, Any] | None:
    """What a finished check of a report found."""
    job = Job.objects.filter(kind="verify", uid=uid, state=State.DONE).first() if _is_uid(uid) else None
    return job.result if job else None


def _is_uid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Enqueue a report and go to its progress; with a fault, the form again, as it was."""
    kind = next((one for one in KINDS if one.kind == request.POST.get("kind")), None)
    if kind is None:
        return _page(request, fault="Choose what kind of report.", status=400)
    paper = {"paper": "letter"} if request.POST.get("paper") == "letter" else {}
    if kind.most == 0:
        judgement = newest_judgement()
        if judgement is None:
            return _page(request, fault=f"{kind.title}: the plan was not judged yet. Open the plan first.", status=400)
        return _enqueued(request, {"kind": kind.kind, "judgement": str(judgement.uid), "assessments": []} | paper)
    uids = list(dict.fromkeys(uid for uid in request.POST.getlist("assessments") if _is_uid(uid)))[: kind.most + 1]
    if not kind.least <= len(uids) <= kind.most:
        many = "exactly one assessment" if kind.most == 1 else f"{kind.least} to {kind.most} assessments"
        return _page(request, fault=f"{kind.title}: choose {many}.", status=400)
    return _enqueued(request, {"kind": kind.kind, "assessments": uids} | paper)


def _enqueued(request: HttpRequest, args: dict[str, Any]) -> HttpResponse:
    """On to the job's progress; where too many wait already, a refusal."""
    key = hashlib.sha256(json.dumps(args, sort_keys=True).encode()).hexdigest()
    waiting = Job.objects.open().filter(kind="report")
    if waiting.count() >= MOST_OPEN and not waiting.filter(key=key).exists():
        return problem(
            request, 429, f"{MOST_OPEN} reports are being made already",
            "Nothing was added. Wait for one to finish, or cancel one in the report centre.",
        )  # fmt: skip
    return redirect("job", uid=jobs.enqueue("report", args, queue="report", key=key).uid)


@require_POST
def again(request: HttpRequest, uid: str) -> HttpResponse:
    """Try once more what failed or was cancelled."""
    failed = get_object_or_404(Job, uid=uid, kind="report", state__in=FAILED)
    return _enqueued(request, failed.args)


@require_safe
def download(request: HttpRequest, uid: str) -> HttpResponse:
    """The file."""
    made = get_object_or_404(Report, uid=uid)
    if not made.path.is_file():
        return problem(
            request, 410, "The file is gone",
            "It was removed from the server's folder. Make the report again: the same data give the same file.",
        )  # fmt: skip
    name = f"{made.name}-{made.kind}.{made.format}"
    response = FileResponse(made.path.open("rb"), as_attachment=True, filename=name)
    response["ETag"] = f'"{made.sha256}"'
    return response


@require_POST
def check(request: HttpRequest, uid: str) -> HttpResponse:
    """Have every figure of a report worked out again from the data it carries."""
    made = get_object_or_404(Report, uid=uid)
    return redirect("job", uid=jobs.enqueue("verify", {"report": str(made.uid)}, queue="report", key=str(made.uid)).uid)
