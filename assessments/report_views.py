"""The report centre: what can be made and of what, what is being made, and what was made, with its digest and its check."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Min
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.board import saved
from assessments.files.sent import sent
from assessments.models import AssessmentRow, ListPage, Report
from assessments.report_jobs import FAILED, KINDS, TooManyOpen, asked_for, enqueued, is_uid, shown_by
from assessments.report_jobs import check as enqueue_check
from riskboard.accounts.limits import TooOften, spend, too_often
from riskboard.errors import Refused
from riskboard.jobs.models import Job, State
from riskboard.locales import language
from riskboard.pages import problem
from riskboard.phrasebook import sentence

PER_PAGE, RECENT_JOBS, OFFERED = 25, 5, 200


@require_safe
@never_cache
def reports(request: HttpRequest) -> HttpResponse:
    """The report centre."""
    return _page(request)


TABLE = ("id", "kind", "about", "name", "format", "made_at", "pages", "bytes", "sha256")


@require_safe
@never_cache
def reports_table(request: HttpRequest, form: str) -> HttpResponseBase:
    """What was made so far, the newest first, every row; the files themselves are downloaded one by one."""
    rows = (
        (
            str(one.uid), one.kind, one.about if one.kind == "vendor" else None, one.name, one.format, one.created_at,
            one.pages, one.size, one.sha256,
        )
        for one in _made().iterator(chunk_size=500)
    )  # fmt: skip
    return sent(request, "reports", form, TABLE, rows)


def _made() -> Any:
    """Every report with the first of the vendors it is about, the newest first."""
    return Report.objects.annotate(about=Min("assessments__vendor__name")).order_by("-created_at", "-pk")


def _page(request: HttpRequest, *, fault: str = "", status: int = 200) -> HttpResponse:
    work = Job.objects.filter(kind="report")
    context = {
        "kinds": KINDS, "fault": fault, "chosen": set(request.POST.getlist("assessments")),
        "chosen_kind": request.POST.get("kind", KINDS[0].kind),
        "chosen_paper": request.POST.get("paper", "a4"), "chosen_archive": bool(request.POST.get("archive")),
        "views": saved.visible(request.who, ListPage.VENDORS),  # type: ignore[attr-defined]
        "assessments": AssessmentRow.objects.for_list()[:OFFERED],
        "open_jobs": work.open().order_by("created_at")[:20],
        "failed_jobs": work.filter(state__in=FAILED).order_by("-created_at")[:RECENT_JOBS],
        "page": Paginator(_made(), PER_PAGE).get_page(request.GET.get("page")),
        "languages": settings.LANGUAGES, "language": request.POST.get("language") or language(),
        "checked": _checked(request.GET.get("checked", "")),
    }  # fmt: skip
    return render(request, "reports/centre.html", context, status=status)


def _checked(uid: str) -> dict[str, Any] | None:
    """What a finished check of a report found."""
    job = Job.objects.filter(kind="verify", uid=uid, state=State.DONE).first() if is_uid(uid) else None
    return job.result if job else None


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Enqueue a report and go to its progress; with a fault, the form again, as it was."""
    try:
        return redirect("job", uid=_asked(request).uid)
    except TooOften as refusal:
        told = gettext(
            "That was asked for too often. Nothing was added and what you chose is kept: wait %(seconds)s seconds."
        )
        answer = _page(request, fault=told % {"seconds": refusal.wait}, status=429)
        answer["Retry-After"] = str(refusal.wait)
        return answer
    except TooManyOpen as refusal:
        return _too_many(request, refusal)
    except Refused as refusal:
        return _page(request, fault=sentence(refusal), status=400)


def _asked(request: HttpRequest) -> Job:
    """What the form asks for. Raises Refused."""
    asked = request.POST
    uids = asked.getlist("assessments")
    if view := asked.get("view", ""):
        uids += shown_by(request.who, view)  # type: ignore[attr-defined]
    form = {
        "paper": asked.get("paper", ""), "archive": bool(asked.get("archive")), "language": asked.get("language", ""),
    }  # fmt: skip
    args = asked_for(asked.get("kind", ""), uids, **form)
    spend(request, "reports")
    return enqueued(args)


def _too_many(request: HttpRequest, refusal: TooManyOpen) -> HttpResponse:
    return problem(
        request,
        429,
        gettext("Too many reports at once"),
        gettext("Nothing was added: %(refusal)s") % {"refusal": refusal},
    )


@require_POST
def again(request: HttpRequest, uid: str) -> HttpResponse:
    """Try once more what failed or was cancelled."""
    failed = get_object_or_404(Job, uid=uid, kind="report", state__in=FAILED)
    try:
        spend(request, "reports")
        return redirect("job", uid=enqueued(failed.args).uid)
    except TooOften as refusal:
        return too_often(request, refusal)
    except TooManyOpen as refusal:
        return _too_many(request, refusal)


@require_safe
def download(request: HttpRequest, uid: str) -> HttpResponse:
    """The file."""
    made = get_object_or_404(Report, uid=uid)
    if not made.path.is_file():
        return problem(
            request, 410, gettext("The file is gone"),
            gettext("It was removed from the server's folder. Make the report again: the same data give the same file."),
        )  # fmt: skip
    name = f"{made.name}-{made.kind}.{made.format}"
    response = FileResponse(made.path.open("rb"), as_attachment=True, filename=name)
    response["ETag"] = f'"{made.sha256}"'
    return response


@require_POST
def check(request: HttpRequest, uid: str) -> HttpResponse:
    """Have every figure of a report worked out again from the data it carries."""
    made = get_object_or_404(Report, uid=uid)
    return redirect("job", uid=enqueue_check(made).uid)
