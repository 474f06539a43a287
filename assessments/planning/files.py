"""The plan as files: out in any of the formats, in with a look at every change before it is accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import plans
from assessments.continuity import plan_file
from assessments.continuity.changes import changes
from assessments.continuity.plan import KINDS, Plan
from assessments.continuity.plan_file import PlanError
from assessments.files import carried
from assessments.files.registered import dora_workbook
from assessments.files.tables import CSV, JSON, XLSX
from assessments.planning import tables
from assessments.planning.allowed import newly_accepted
from assessments.planning.changed import told
from assessments.planning.fields import words_of
from assessments.planning.items import common
from riskboard.accounts.limits import limited_imports
from riskboard.accounts.models import Role
from riskboard.errors import Refused
from riskboard.locales import figure
from riskboard.pages import problem
from riskboard.phrasebook import sentence

MOST_BYTES = plan_file.MAX_BYTES
SHOWN_CHANGES = 300


@dataclass(frozen=True, slots=True)
class Format:
    """A file format of plans: its name, what it is for, and how it is written and read."""

    name: str
    purpose: str
    content_type: str
    dumps: Callable[[Plan], bytes]
    loads: Callable[[bytes, Plan, str, bool], Plan]


def _whole(loads: Callable[[bytes], Plan]) -> Callable[[bytes, Plan, str, bool], Plan]:
    """A format that holds the whole plan: what stands, the file's name and the wish do not matter."""
    return lambda data, stands, name, removes: loads(data)


def from_table(data: bytes, stands: Plan, name: str, removes: bool) -> Plan:
    """The plan with what a workbook, or a CSV that is named after a kind, says put in; otherwise as `tables.load`."""
    return tables.load(data, stands, name=name, removes=removes)


FORMATS: dict[str, Format] = {
    "json": Format(
        gettext_lazy("JSON"), gettext_lazy("for programs"), "application/json", plan_file.dumps, _whole(plan_file.loads)
    ),
    "toml": Format(
        gettext_lazy("TOML"), gettext_lazy("for reading, and for riskboard plan"), "application/toml; charset=utf-8",
        plan_file.dumps_toml, _whole(plan_file.loads_toml),
    ),
    "xlsx": Format(
        gettext_lazy("XLSX"), gettext_lazy("a sheet for each kind, with every choice to pick from"), XLSX, tables.to_workbook,
        from_table,
    ),
}  # fmt: skip
TAKEN = (*FORMATS, "csv")  # a CSV holds one kind
REFUSALS: tuple[type[Exception], ...] = (PlanError, Refused)


@require_safe
@never_cache
def files(request: HttpRequest) -> HttpResponse:
    """What the plan can be taken out as, and the way in."""
    return _page(request)


def _page(
    request: HttpRequest, *, fault: str = "", faults: Sequence[tuple[str, str]] = (), status: int = 200
) -> HttpResponse:
    row = plans.current()
    plan = row.parsed()
    context = common(request, "files", plan) | {
        "formats": FORMATS, "fault": fault, "faults": faults[:SHOWN_CHANGES], "accept": ",".join(f".{suffix}" for suffix in TAKEN),
        "revision": row.revision, "lists": [(kind, words_of(kind).many) for kind in KINDS],
        "holds": sum(len(getattr(plan, kind)) for kind in KINDS),
    }  # fmt: skip
    return render(request, "plan/files.html", context, status=status)


@require_safe
def export(request: HttpRequest, suffix: str) -> HttpResponse:
    """The plan of now as a file; with ?empty=1 one of the same form with nothing in it, to be filled."""
    if suffix not in FORMATS:
        raise Http404(suffix)
    row, chosen = plans.current(), FORMATS[suffix]
    is_empty = bool(request.GET.get("empty"))
    name = f'attachment; filename="plan-{"empty" if is_empty else row.revision}.{suffix}"'
    return HttpResponse(
        chosen.dumps(Plan() if is_empty else row.parsed()),
        content_type=chosen.content_type,
        headers={"Content-Disposition": name},
    )


@require_safe
def dora_rows(request: HttpRequest) -> HttpResponse:
    """The rows of DORA's register of information that the plan of now fills, and what is missing, as a workbook."""
    name = 'attachment; filename="dora.xlsx"'
    return HttpResponse(
        dora_workbook(plans.current().parsed()), content_type=XLSX, headers={"Content-Disposition": name}
    )


@require_safe
def export_kind(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """One kind of the plan of now as a table, CSV or JSON."""
    if kind not in KINDS:
        raise Http404(kind)
    body = tables.to_table(kind, plans.current().parsed(), form)  # type: ignore[arg-type]
    name = f'attachment; filename="{kind}.{form}"'
    return HttpResponse(body, content_type=JSON if form == "json" else CSV, headers={"Content-Disposition": name})


@require_POST
@limited_imports
def look(request: HttpRequest) -> HttpResponse:
    """Read an uploaded file and show what it would change; nothing is written."""
    upload = request.FILES.get("file")
    if upload is None:
        return _page(request, fault=gettext("Choose a file first."), status=400)
    suffix = (upload.name or "").rpartition(".")[2].casefold()
    if suffix not in TAKEN:
        kinds = ", ".join(f".{one}" for one in TAKEN)
        return _page(
            request, fault=gettext("A plan is read from files that end in %(kinds)s.") % {"kinds": kinds}, status=400
        )
    if (upload.size or 0) > MOST_BYTES:
        fault = gettext("The file has %(size)s bytes; at most %(most_bytes)s are read here. Nothing was changed.") % {
            "size": figure(upload.size, ","),
            "most_bytes": figure(MOST_BYTES, ","),
        }
        return _page(request, fault=fault, status=400)
    try:
        loads = FORMATS[suffix].loads if suffix in FORMATS else from_table
        plan = loads(upload.read(), plans.current().parsed(), upload.name or "", "removes" in request.POST)
    except REFUSALS as refusal:
        return _page(request, fault=_unchanged(refusal), faults=getattr(refusal, "faults", ()), status=400)
    return _preview(request, plan)


def _preview(request: HttpRequest, plan: Plan) -> HttpResponse:
    row = plans.current()
    try:
        document = carried.packed(plan_file.dumps(plan), what="plan in that file")
    except Refused as refusal:
        return _page(request, fault=_unchanged(refusal), status=400)
    found = changes(row.parsed(), plan)
    items = Counter(one.did for one in {(one.did, one.kind, one.item): one for one in found}.values())
    context = common(request, "files", row.parsed()) | {
        "changes": list(map(told, found[:SHOWN_CHANGES])), "more": max(0, len(found) - SHOWN_CHANGES), "count": len(found),
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
            raise PlanError(gettext("the form is not complete; choose the file again"))
        plan = _unpacked(request.POST.get("document", ""))
        accepts = newly_accepted(plans.current().parsed(), plan)
        if accepts and not request.who.may(str(Role.APPROVER)):  # type: ignore[attr-defined]
            raise PlanError(f"accepting a risk takes the role approver, and the file accepts {', '.join(accepts[:5])}")
        made = plans.replace_plan(plan, seen_revision=int(seen), author=author, summary="imported a file")
    except PlanError as fault:
        return _page(request, fault=_unchanged(fault), status=400)
    except plans.Conflict:
        return problem(
            request, 409, gettext("The plan was changed meanwhile"),
            gettext("Nothing was imported. Choose the file again, and look at what it would change now."),
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
            request,
            409,
            gettext("The plan was changed meanwhile"),
            gettext("Nothing was removed. Look at it, then try again."),
        )
    return redirect(f"{reverse('plan')}?did={made.number}")


def _unpacked(text: str) -> Plan:
    """The plan of a hidden field, read as suspiciously as a file. Raises PlanError."""
    try:
        return plan_file.loads(carried.unpacked(text))
    except Refused as refusal:
        raise PlanError(str(refusal)) from refusal


def _unchanged(fault: Exception) -> str:
    return gettext("%(fault)s Nothing was changed.") % {"fault": sentence(str(fault)[:600])}
