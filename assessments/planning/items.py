"""The pages on which a plan is edited: lists, forms, what to do when two people saved, and taking back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import plans
from assessments.attached.store import PLAN_KINDS
from assessments.continuity import plan_file
from assessments.continuity.plan import KINDS, Plan
from assessments.continuity.plan_file import PlanError
from assessments.files.tables import to_file
from assessments.models import EvidenceFile, PlanRevision
from assessments.models.plan import read_at
from assessments.planning import editor, judging, shown, typed
from assessments.planning.allowed import faults_of
from assessments.planning.fields import ORGANISATION, Field, field_at, words_of
from riskboard.accounts.models import Role
from riskboard.jobs.models import Job
from riskboard.pages import problem
from riskboard.phrasebook import sentence
from vendors.catalogue import index

PER_PAGE, MOST_DRAFTS, LONGEST_QUERY = 50, 5, 200
LONGEST_DRAFT = 200_000  # characters that are set aside while another item is added
NO_SUCH = 1_000_000_000  # a number the database can hold, and no revision has
AS_OF = Field(
    path="as_of", widget="date", asked=gettext_noop("Read the plan as of"), told=gettext_noop("For a case of the past. Empty: today."),
    required=False, default=None, optional=True,
)  # fmt: skip
_OURS = ("csrfmiddlewaretoken", "seen", "add", "drop", "up", "new")


def common(request: HttpRequest, here: str, plan: Plan) -> dict[str, Any]:
    """What every page of the plan knows: its navigation, and what was just done, to be taken back."""
    number = request.GET.get("did", "")
    did = (
        PlanRevision.objects.filter(number=int(number)).only("number", "summary").first()
        if _is_number(number)
        else None
    )
    return {
        "here": here, "kinds": shown.kinds_nav(), "plan": plan, "did": did,
        "judging": Job.objects.open().filter(kind="plan").order_by("-created_at").first(),
    }  # fmt: skip


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 9


def _known(kind: str) -> Any:
    if kind not in KINDS:
        raise Http404(kind)
    return kind


@require_safe
@never_cache
def items(request: HttpRequest, kind: str) -> HttpResponse:
    """Every item of a kind: searched by ?q=, sorted by ?sort= (a column, "-" before it for the other way round)."""
    plan = plans.current().parsed()
    words = words_of(_known(kind))
    query, sort = _asked(request)
    found = listed(kind, plan, query, sort)
    columns = [(path, field_at(kind, path), _turned(path, sort)) for path in words.list]
    wanted = request.GET.copy()
    wanted.pop("page", None)
    context = common(request, kind, plan) | {
        "kind": kind, "words": words, "columns": columns, "query": query, "sort": sort, "wanted": wanted.urlencode(),
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")), "count": len(getattr(plan, kind)),
    }  # fmt: skip
    return render(request, "plan/items.html", context)


@require_safe
def items_table(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """The list as the page shows it, searched and sorted alike, every page of it. To be brought back: the tables under Files."""
    plan, words = plans.current().parsed(), words_of(_known(kind))
    found = listed(kind, plan, *_asked(request))
    labels = [field.label if (field := field_at(kind, path)) else path for path in words.list]
    rows = [(item.id, *(cell.text for cell in cells)) for item, cells in found]
    body, content_type = to_file(form, words.many, ("id", *labels), rows)
    return HttpResponse(
        body, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{kind}.{form}"'}
    )


def _asked(request: HttpRequest) -> tuple[str, str]:
    return request.GET.get("q", "")[:LONGEST_QUERY], request.GET.get("sort", "")


def listed(kind: str, plan: Plan, query: str, sort: str) -> list[Any]:
    """(item, cells) of the rows the page lists, in its order."""
    words = words_of(kind)
    found = shown.rows(kind, plan)  # type: ignore[arg-type]
    if query.strip():
        wanted = query.casefold().split()
        found = [row for row in found if all(word in " ".join(c.text for c in row[1]).casefold() for word in wanted)]
    column = sort.removeprefix("-")
    if column in words.list:
        at = words.list.index(column)
        known = [row for row in found if row[1][at].order is not None]
        known.sort(key=lambda row: row[1][at].order, reverse=sort.startswith("-"))
        found = known + [row for row in found if row[1][at].order is None]
    return found


def _turned(column: str, sort: str) -> tuple[str, str]:
    """(what a column's heading sorts by next, how it is sorted now)."""
    if sort == column:
        return f"-{column}", "ascending"
    return column, "descending" if sort == f"-{column}" else "none"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit(request: HttpRequest, kind: str, item_id: str | None = None) -> HttpResponse:
    """The form of one item, new or known; saving leads to the list, and says what can be taken back."""
    if kind != ORGANISATION:
        _known(kind)
    plan = plans.current().parsed()
    item = plan.organisation if kind == ORGANISATION else item_id and plan_file.get(plan, kind, item_id)  # type: ignore[arg-type]
    if item_id and item is None and request.method != "POST":
        raise Http404(item_id)
    if request.method == "POST":
        return _posted(request, kind, item_id, plan)
    seen = plan_file.item_sha256(item) if item else ""
    draft = request.session.get("drafts", {}).get(request.GET.get("draft", ""))
    if draft and (draft["kind"], draft["id"]) == (kind, item_id):
        return _form(request, kind, item_id, plan, draft["values"], seen=draft["seen"])
    if item:
        day = {AS_OF.path: typed.shown(AS_OF, plan.as_of)} if kind == ORGANISATION else {}
        return _form(request, kind, item_id, plan, editor.values_of(kind, item) | day, seen=seen)
    return _form(request, kind, None, plan, _first_values(request, kind, plan), seen="")


def _first_values(request: HttpRequest, kind: str, plan: Plan) -> dict[str, str]:
    """What a new item starts as: the types' defaults, a copy of ?from=, and what the address names (?vendor=, ?rule=)."""
    source = plan_file.get(plan, kind, request.GET.get("from", ""))  # type: ignore[arg-type]
    values = editor.values_of(kind, source) if source else editor.defaults_of(kind)
    if source and "name" in values:
        values["name"] = f"{values['name']} (copy)"
    if kind == "decisions" and not source:
        values["decided_on"] = read_at(plan, timezone.now()).date().isoformat()
    given = {key: value for key in request.GET if field_at(kind, key) and (value := request.GET[key])}
    return values | given


def typed_in(data: QueryDict) -> dict[str, str]:
    """What a form sent, by path."""
    return {key: value for key in data if key not in _OURS and isinstance(value := data[key], str)}


def _posted(request: HttpRequest, kind: str, item_id: str | None, plan: Plan) -> HttpResponse:
    values, seen = typed_in(request.POST), request.POST.get("seen", "")
    if row := request.POST.get("drop"):
        after, focus = editor.without_row(values, row), f"{row.rpartition('.')[0]}.add"
        return _form(request, kind, item_id, plan, after, seen=seen, focus=focus)
    if row := request.POST.get("up"):
        return _form(request, kind, item_id, plan, editor.moved_up(values, row), seen=seen)
    if extra := request.POST.get("add"):
        return _form(
            request, kind, item_id, plan, values, seen=seen, extra=extra, focus=_first_of_new_row(kind, values, extra)
        )
    if wanted := request.POST.get("new"):
        return _set_aside(request, kind, item_id, values, seen, wanted)
    made = editor.read(kind, values, item_id=item_id, plan=plan)
    may_approve = request.who.may(str(Role.APPROVER))  # type: ignore[attr-defined]
    faults = made.faults or faults_of(kind, made.item, may_approve=may_approve) or _day_fault(kind, values)
    if faults:
        return _form(request, kind, item_id, plan, values, seen=seen, faults=faults, status=400)
    try:
        as_of = values.get(AS_OF.path, "")
        revision = _save(kind, made.item, seen, as_of, author=request.who.name)  # type: ignore[attr-defined]
        plans.judge_later(revision)
    except plans.Conflict as conflict:
        return _conflict(request, kind, made.item, conflict.theirs, values)
    except PlanError as fault:
        return _form(request, kind, item_id, plan, values, seen=seen, faults={"": sentence(fault)}, status=400)
    return _done(request, kind, made.item, revision)


def _first_of_new_row(kind: str, values: Mapping[str, str], rows: str) -> str:
    """The path of the field a new row begins with: where the reader goes on typing."""
    field = field_at(kind, rows)
    number = max(editor.rows_in(values, rows), default=-1) + 1
    return f"{rows}.{number}.{field.fields[0].name}" if field and field.fields else ""


def _save(kind: str, item: Any, seen: str, as_of: str, *, author: str) -> PlanRevision:
    if kind == ORGANISATION:
        day = typed.read(AS_OF, as_of)
        return plans.save_head(item, day and date.fromisoformat(day), seen=seen, author=author)
    return plans.save_item(kind, item, seen=seen or None, author=author)  # type: ignore[arg-type]


def _day_fault(kind: str, values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the day the plan is read as of, which the organisation's form asks beside its own fields."""
    try:
        if kind == ORGANISATION:
            typed.read(AS_OF, values.get(AS_OF.path, ""))
    except typed.Fault as fault:
        return {AS_OF.path: str(fault)}
    return {}


def _done(request: HttpRequest, kind: str, item: Any, revision: PlanRevision) -> HttpResponse:
    """On to the list, or back to the form that was set aside to add this item."""
    drafts = request.session.get("drafts", {})
    draft = drafts.get(request.GET.get("back", ""))
    if draft:
        draft["values"][draft["field"]] = item.id
        request.session.modified = True
        return redirect(f"{_form_url(draft['kind'], draft['id'])}?draft={request.GET['back']}")
    if kind == ORGANISATION:
        return redirect(f"{reverse('plan')}?did={revision.number}")
    return redirect(f"{reverse('plan-items', args=[kind])}?did={revision.number}")


def _set_aside(
    request: HttpRequest, kind: str, item_id: str | None, values: dict[str, str], seen: str, wanted: str
) -> HttpResponse:
    """Keep what was typed, and go to the form of the item that is to be named in it ("owner" names a contact)."""
    field = field_at(kind, ".".join(part for part in wanted.split(".") if not part.isdecimal()))
    if field is None or field.target is None:
        raise Http404(wanted)
    if sum(map(len, values.values())) > LONGEST_DRAFT:
        return problem(
            request,
            400,
            gettext("This is too long to set aside"),
            gettext("Go back, save it without that choice, then add the other."),
        )
    key = secrets.token_urlsafe(6)
    draft = {"kind": kind, "id": item_id, "values": values, "seen": seen, "field": wanted}
    kept = list(request.session.get("drafts", {}).items())[-(MOST_DRAFTS - 1) :]
    request.session["drafts"] = {**dict(kept), key: draft}
    return redirect(f"{reverse('plan-new', args=[field.target])}?back={key}")


def _form(
    request: HttpRequest, kind: str, item_id: str | None, plan: Plan, values: Mapping[str, str], *,
    seen: str, faults: Mapping[str, str] | None = None, extra: str = "", focus: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    item = plan_file.get(plan, kind, item_id) if item_id else None  # type: ignore[arg-type]
    notes = judging.notes(plan, kind, item_id or (ORGANISATION if kind == ORGANISATION else None))
    fields, folded = shown.inputs(kind, plan, values, faults=faults, notes=notes, extra=extra)
    if kind == ORGANISATION:
        fields.append(shown.alone(AS_OF, plan, values, faults or {}))
    known = {one.path for one in _flat([*fields, *folded])}
    context = common(request, kind, plan) | {
        "kind": kind, "words": words_of(kind), "fields": fields, "folded": folded, "item": item, "seen": seen,
        "title": shown.heading(kind, item, plan) if item else "",  # type: ignore[arg-type]
        "users": _called(plan_file.references_to(plan, kind, item_id)) if item else (),  # type: ignore[arg-type, type-var]
        "faults": [text for path, text in (faults or {}).items() if path not in known],
        "fault_count": len(faults or {}), "action": _action(request, kind, item_id), "about": notes.get("", ()),
        "focus": focus or next((path for path in faults or {} if path in known), ""),
        "vendor_names": [row.name for row in index.bundled()],
        "folded_open": any(one.is_used for one in folded), "takes_files": item is not None and kind in PLAN_KINDS,
        "files": EvidenceFile.objects.of_item(kind, item_id) if item and kind in PLAN_KINDS else (),
    }  # fmt: skip
    return render(request, "plan/edit.html", context, status=status)


def _called(users: list[str]) -> list[str]:
    """What refers to an item ("runbooks email-is-down"), its kind as the reader calls it, each once."""
    told = [f"{words_of(kind).one} {item_id}" for kind, item_id in (one.split(" ", 1) for one in users)]
    return list(dict.fromkeys(told))


def _action(request: HttpRequest, kind: str, item_id: str | None) -> str:
    """Where the form is sent: its own address, also when it was fetched into another page."""
    back = request.GET.get("back", "")
    return _form_url(kind, item_id) + (f"?{urlencode({'back': back})}" if back else "")


def _flat(fields: list[shown.Input]) -> list[shown.Input]:
    return [
        one for field in fields for one in (field, *_flat(field.parts), *(_flat([c for _, r in field.rows for c in r])))
    ]


def _form_url(kind: str, item_id: str | None) -> str:
    if kind == ORGANISATION:
        return reverse("plan-organisation")
    return reverse("plan-edit", args=[kind, item_id]) if item_id else reverse("plan-new", args=[kind])


def _conflict(request: HttpRequest, kind: str, mine: Any, theirs: Any, values: Mapping[str, str]) -> HttpResponse:
    """Yours and theirs side by side; nothing is lost until one is chosen."""
    context = common(request, kind, plans.current().parsed()) | {
        "kind": kind, "words": words_of(kind), "theirs": theirs, "values": values,
        "differences": shown.differences(kind, mine, theirs),
        "seen": plan_file.item_sha256(theirs) if theirs else "",
        "form_url": _form_url(kind, mine.id if kind != ORGANISATION and theirs else None),
    }  # fmt: skip
    return render(request, "plan/conflict.html", context, status=409)


@require_POST
def remove(request: HttpRequest, kind: str, item_id: str) -> HttpResponse:
    """Remove one item that nothing refers to; it can be taken back."""
    author = request.who.name  # type: ignore[attr-defined]
    try:
        revision = plans.remove_item(_known(kind), item_id, seen=request.POST.get("seen", ""), author=author)
    except plans.Conflict as conflict:
        gone = conflict.theirs is None
        what = (
            gettext("It was removed by somebody else") if gone else gettext("It was changed by somebody else meanwhile")
        )
        return problem(
            request, 409, what, gettext("Nothing was removed now. Open it again and look before you remove it.")
        )
    except PlanError as fault:
        return problem(request, 409, gettext("It is still in use"), sentence(fault))
    return redirect(f"{reverse('plan-items', args=[kind])}?did={revision.number}")


@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take back what one revision changed, and leave later work alone."""
    try:
        made = plans.undo(min(number, NO_SUCH), author=request.who.name)  # type: ignore[attr-defined]
    except PlanRevision.DoesNotExist as fault:
        raise Http404(str(number)) from fault
    except plans.Conflict:
        return problem(
            request,
            409,
            gettext("It was changed again since"),
            gettext("Nothing was taken back. The plan's history shows who changed what."),
        )
    except PlanError as fault:
        return problem(request, 409, gettext("That cannot be taken back"), sentence(fault))
    return redirect(f"{reverse('plan')}?did={made.number}")
