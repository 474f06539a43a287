"""The plan as files: out in any of the formats, in with a look at every change before it is accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import plans
from assessments.continuity import plan_file
from assessments.continuity.changes import changes
from assessments.continuity.plan import KINDS, Plan
from assessments.continuity.plan_file import PlanError
from assessments.files import carried
from assessments.planning.items import common
from riskboard.accounts.limits import limited_imports
from riskboard.errors import Refused
from riskboard.pages import problem

MOST_BYTES = plan_file.MAX_BYTES
SHOWN_CHANGES = 300


@dataclass(frozen=True, slots=True)
class Format:
    """A file format of plans: its name, what it is for, and how it is written and read."""

    name: str
    purpose: str
    content_type: str
    dumps: Callable[[Plan], bytes]
    loads: Callable[[bytes], Plan]


FORMATS: dict[str, Format] = {
    "json": Format("JSON", "for programs", "application/json", plan_file.dumps, plan_file.loads),
}
REFUSALS: tuple[type[Exception], ...] = (PlanError,)


@require_safe
@never_cache
def files(request: HttpRequest) -> HttpResponse:
    """What the plan can be taken out as, and the way in."""
    return _page(request)


def _page(request: HttpRequest, *, fault: str = "", status: int = 200) -> HttpResponse:
    row = plans.current()
    plan = row.parsed()
    context = common(request, "files", plan) | {
        "formats": FORMATS, "fault": fault, "accept": ",".join(f".{suffix}" for suffix in FORMATS), "revision": row.revision,
        "holds": sum(len(getattr(plan, kind)) for kind in KINDS),
    }  # fmt: skip
    return render(request, "plan/files.html", context, status=status)


@require_safe
def export(request: HttpRequest, suffix: str) -> HttpResponse:
    """The plan of now as a file."""
    if suffix not in FORMATS:
        raise Http404(suffix)
    row, chosen = plans.current(), FORMATS[suffix]
    name = f'attachment; filename="plan-{row.revision}.{suffix}"'
    return HttpResponse(
        chosen.dumps(row.parsed()), content_type=chosen.content_type, headers={"Content-Disposition": name}
    )


@require_POST
@limited_imports
def look(request: HttpRequest) -> HttpResponse:
    """Read an uploaded file and show what it would change; nothing is written."""
    upload = request.FILES.get("file")
    if upload is None:
        return _page(request, fault="Choose a file first.", status=400)
    suffix = (upload.name or "").rpartition(".")[2].casefold()
    if suffix not in FORMATS:
        kinds = ", ".join(f".{one}" for one in FORMATS)
        return _page(request, fault=f"A plan is read from files that end in {kinds}.", status=400)
    if (upload.size or 0) > MOST_BYTES:
        fault = f"The file has {upload.size:,} bytes; at most {MOST_BYTES:,} are read here. Nothing was changed."
        return _page(request, fault=fault, status=400)
    try:
        plan = FORMATS[suffix].loads(upload.read())
    except REFUSALS as refusal:
        return _page(request, fault=_sentence(refusal), status=400)
    return _preview(request, plan)


def _preview(request: HttpRequest, plan: Plan) -> HttpResponse:
    row = plans.current()
    try:
        document = carried.packed(plan_file.dumps(plan), what="plan in that file")
    except Refused as refusal:
        return _page(request, fault=_sentence(refusal), status=400)
    found = changes(row.parsed(), plan)
    items = Counter(one.did for one in {(one.did, one.kind, one.item): one for one in found}.values())
    context = common(request, "files", row.parsed()) | {
        "changes": found[:SHOWN_CHANGES], "more": max(0, len(found) - SHOWN_CHANGES), "count": len(found),
        "items": [(did, items[did]) for did in ("added", "changed", "removed") if items[did]],
        "document": document, "seen": row.revision, "removes": items["removed"],
    }  # fmt: skip
    return render(request, "plan/preview.html", context)


@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """Make the plan what was looked at, unless somebody changed it meanwhile."""
    seen, author = request.POST.get("seen", ""), request.who.name  # type: ignore[attr-defined]
    try:
        if not seen.isdecimal() or len(seen) > 9:
            raise PlanError("the form is not complete; choose the file again")
        plan = _unpacked(request.POST.get("document", ""))
        made = plans.replace_plan(plan, seen_revision=int(seen), author=author, summary="imported a file")
    except PlanError as fault:
        return _page(request, fault=_sentence(fault), status=400)
    except plans.Conflict:
        return problem(
            request, 409, "The plan was changed meanwhile",
            "Nothing was imported. Choose the file again, and look at what it would change now.",
        )  # fmt: skip
    plans.judge_later(made)
    return redirect(f"{reverse('plan')}?did={made.number}")


@require_POST
def empty(request: HttpRequest) -> HttpResponse:
    """Begin anew with an empty plan; what was there can be taken back."""
    seen = request.POST.get("seen", "")
    author = request.who.name  # type: ignore[attr-defined]
    try:
        made = plans.replace_plan(
            Plan(), seen_revision=int(seen) if seen.isdecimal() and len(seen) < 10 else -1, author=author,
            summary="began anew with an empty plan",
        )  # fmt: skip
    except plans.Conflict:
        return problem(
            request, 409, "The plan was changed meanwhile", "Nothing was removed. Look at it, then try again."
        )
    return redirect(f"{reverse('plan')}?did={made.number}")


def _unpacked(text: str) -> Plan:
    """The plan of a hidden field, read as suspiciously as a file. Raises PlanError."""
    try:
        return plan_file.loads(carried.unpacked(text))
    except Refused as refusal:
        raise PlanError(str(refusal)) from refusal


def _sentence(fault: Exception) -> str:
    text = str(fault)[:600]
    return text[:1].upper() + text[1:].rstrip(".") + ". Nothing was changed."
