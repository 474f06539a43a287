"""Pages: find, ask, render. What is shown was stored by an assessment; nothing is computed here."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from assessments import pages, waiting
from assessments.board.portfolio import portfolio
from assessments.catalogue_views import record_of
from assessments.forms import AssessAgainForm, AssessForm
from assessments.models import AssessmentRow, Followed
from assessments.planning.ledger import promised_by
from assessments.verbs import made_before
from riskboard import jobs
from riskboard.errors import Refused
from riskboard.jobs import queue
from riskboard.jobs.models import Job, State
from riskboard.pages import problem
from riskboard.phrasebook import sentence
from vendors.catalogue import index
from vendors.discovery import TRIED

STOP_POLLING = 286  # htmx stops asking when it is answered so
EXAMPLES = ("github", "slack", "microsoft-bpos-2011")
RECENT = 10


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """The portfolio; before the first assessment, the way to make it."""
    if request.GET.get("target") or not Followed.objects.filter(archived_at=None).exists():
        return add(request)
    return render(request, "board/portfolio.html", portfolio(now=timezone.now()) | {"form": AssessForm()})


@require_safe
@never_cache
def add(request: HttpRequest) -> HttpResponse:
    """Assess a vendor: one field, three examples, the bundled vendors, and the newest assessments."""
    return _home(request, AssessForm(initial={"target": request.GET.get("target", "")[:2000]}))


def _home(request: HttpRequest, form: AssessForm, *, status: int = 200) -> HttpResponse:
    rows = index.bundled()
    context = {
        "form": form,
        "bundled": rows,
        "examples": [row for row in rows if row.slug in EXAMPLES],
        "recent": pages.recent(RECENT),
    }
    return render(request, "home.html", context, status=status)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Enqueue an assessment and go to its progress; with a fault, the form again, filled in, as 400."""
    form = AssessAgainForm(request.POST, names=request.POST.getlist("parts"))
    if not form.is_valid():
        return _home(request, form, status=400)
    parts = sorted(set(form.cleaned_data.get("parts", ())))
    args = {"target": form.cleaned_data["target"], "rto_hours": form.cleaned_data["rto"], "components": parts}
    made = jobs.enqueue("assess", args, queue="score", key=question_key(**args))
    return redirect("job", uid=made.uid)


def question_key(target: str, rto_hours: float, components: list[str]) -> str:
    """One open job per question. A digest: an address may be ten times longer than a key, and a cut one names another."""
    return "web " + hashlib.sha256(f"{rto_hours!r} {target} {components!r}".encode()).hexdigest()


@require_safe
@never_cache
def job(request: HttpRequest, uid: str) -> HttpResponse:
    """The progress of one job: the whole page, or for htmx only the part that changes. Goes on to the result when done."""
    found = get_object_or_404(Job, uid=uid)
    target = _made(found) if found.state == State.DONE else ""
    if found.is_open:
        waiting.watch(request, found)
    else:
        waiting.seen(request, found)
    if target:
        if (done := waiting.told(found)) and request.htmx:
            messages.success(request, done)
        if not request.htmx:
            return HttpResponseRedirect(target)
        return HttpResponse(status=STOP_POLLING, headers={"HX-Redirect": target})
    fault, _, tried = found.error.partition(TRIED)
    context = {
        "job": found,
        "remaining": waiting.remaining(found, now=timezone.now()),
        "target": found.args.get("target", ""),
        "doing": _doing(found),
        "start_again": "reports" if found.kind in ("report", "verify") else "plan" if found.kind == "plan" else "home",
        "record": record_of(found.args.get("target", "")) if found.kind == "assess" else None,
        "rto": f"{found.args.get('rto_hours', 4.0):g}h",
        "fault": fault.rstrip("."),
        "tried": [part.rstrip(")").rpartition(" (")[::2] for part in tried.split("; ") if part],
    }
    if not request.htmx:
        return render(request, "job.html", context)
    if found.is_open:  # only the progress is swapped: whoever stands on Cancel keeps the focus
        return render(request, "_progress.html", context)
    response = render(request, "_job.html", context, status=STOP_POLLING)
    response["HX-Retarget"], response["HX-Reswap"] = "#job", "outerHTML"
    return response


_DOING = {
    "report": gettext_lazy("Making the report"),
    "verify": gettext_lazy("Checking the report"),
    "plan": gettext_lazy("Judging the plan"),
}


def _doing(job: Job) -> str:
    """What that job does, as a heading."""
    known = _DOING.get(job.kind)
    return str(known) if known else gettext("Assessing %(target)s") % {"target": job.args.get("target", "")}


def _made(done: Job) -> str:
    """Where what a job made is shown; empty where nothing is."""
    result = done.result or {}
    if "assessment" in result:
        return reverse("assessment", args=[result["assessment"]])
    if "judgement" in result:
        return reverse("plan")
    if "checked" in result:
        return f"{reverse('reports')}?checked={done.uid}"
    return f"{reverse('reports')}#r-{result['report']}" if "report" in result else ""


@require_POST
def cancel_job(request: HttpRequest, uid: str) -> HttpResponse:
    """Cancel, and show that it was."""
    queue.cancel(get_object_or_404(Job, uid=uid))
    return redirect("job", uid=uid)


@require_safe
def assessment(request: HttpRequest, uid: str) -> HttpResponse:
    """One assessment: the number, why, and what to do."""
    row = get_object_or_404(AssessmentRow.objects.select_related("vendor"), uid=uid)
    context = pages.assessment_page(row, incidents=request.GET.get("incidents")) | {"promises": promised_by(row)}
    asked = {"target": row.vendor.slug, "rto": context["rto_input"], "parts": list(context["a"].needs.components)}
    context["form"] = AssessAgainForm(initial=asked, names=context["part_names"])
    return render(request, "assessment.html", context)


@require_safe
def report(request: HttpRequest, uid: str) -> HttpResponse:
    """The readiness report as a file; where it was not made yet, its progress or the way to have it made. Makes nothing itself."""
    row = get_object_or_404(AssessmentRow.objects.select_related("vendor"), uid=uid)
    made = made_before([row])
    if made is None:
        return _no_report_yet(request, row)
    tag = f'"{made.sha256}"'
    unchanged = get_conditional_response(request, etag=tag)
    if unchanged is not None:
        return unchanged
    response = FileResponse(
        made.path.open("rb"), as_attachment=made.format == "pdf", filename=f"{made.name}.{made.format}"
    )
    response["ETag"] = tag
    return response


def _no_report_yet(request: HttpRequest, row: AssessmentRow) -> HttpResponse:
    """On to the job that makes it, if one is at it; else a page with the button that starts one."""
    at_it = Job.objects.open().filter(kind="report", args__kind="vendor", args__assessments=[str(row.uid)]).first()
    if at_it is not None:
        return redirect("job", uid=at_it.uid)
    return render(request, "reports/not_made.html", {"row": row})


@require_GET
def assessment_json(request: HttpRequest, uid: str) -> HttpResponse:
    """The stored document, byte for byte."""
    row = get_object_or_404(AssessmentRow, uid=uid)
    return HttpResponse(bytes(row.document), content_type="application/json")


@require_GET
def facts_json(request: HttpRequest, uid: str) -> HttpResponse:
    """The facts it was made from."""
    from vendors.facts_file import dumps

    row = get_object_or_404(AssessmentRow, uid=uid)
    return HttpResponse(dumps(row.parsed_facts()), content_type="application/json")


@require_safe
def assessment_xlsx(request: HttpRequest, uid: str) -> HttpResponse:
    """The assessment as a workbook to take away; 400 where a sheet cannot hold it."""
    from assessments.files.assessed import assessment_workbook
    from assessments.files.tables import XLSX

    row = get_object_or_404(AssessmentRow.objects.select_related("vendor"), uid=uid)
    try:
        data = assessment_workbook(row.parsed(), row.parsed_facts())
    except Refused as refusal:
        return problem(request, 400, gettext("The workbook could not be made"), sentence(refusal))
    name = f'attachment; filename="{row.vendor.slug}-assessment.xlsx"'
    return HttpResponse(data, content_type=XLSX, headers={"Content-Disposition": name})


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """Every check, its thresholds and their sources."""
    return render(request, "method.html", pages.method_page())


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """The components all pages are made of."""
    outcomes = {outcome: gettext(word) for outcome, word in pages.OUTCOMES.items()}
    return render(request, "style.html", {"outcomes": outcomes, "form": AssessForm({"target": "", "rto": "soon"})})
