"""The pages people open every day. Each asks one module for what it shows, or triggers one verb."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import noted, pages, plans
from assessments.board import bulk, finder, listing, portfolio, saved, side_by_side, table
from assessments.board.forms import WhatIfForm
from assessments.board.incident import incident_page
from assessments.files.tables import XLSX, to_xlsx
from assessments.forms import AssessAgainForm
from assessments.models import AssessmentRow, Followed, ListPage
from assessments.models.followed import LONGEST_NOTE, Criticality
from assessments.planning.ledger import promised_by
from assessments.report import comparison, phrases
from assessments.report.charts import risk
from assessments.report.tokens import SCREEN
from riskboard.errors import Refused
from riskboard.locales import duration
from riskboard.pages import problem
from riskboard.phrasebook import sentence
from vendors.incident_record import incident_of
from vendors.models import IMPACTS, Component, Incident

PER_PAGE, INCIDENTS_PER_PAGE, HISTORY = 50, 50, 50
OFFERED = 30  # vendors to tick at once; the search finds the others


def _kept(query: QueryDict, *without: str) -> str:
    """The query string without those names, for links that change one thing."""
    return urlencode([(name, value) for name, values in query.lists() if name not in without for value in values])


@require_safe
@never_cache
def vendors(request: HttpRequest) -> HttpResponse:
    """Every vendor followed: searched, filtered and sorted by the address."""
    query, view = saved.opened(request.who, ListPage.VENDORS, request.GET, use_default=True)  # type: ignore[attr-defined]
    found, shape = listing.listed(query), table.shape(request, query)
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    plan = plans.current().parsed()
    context = {
        "filter": found, "form": found.form, "page": page, "lines": listing.lines(page.object_list, portfolio.used_for(plan)),
        "categories": listing.categories(), "tags": listing.tags(), "headings": _headings(query, shape), "columns": shape.columns,
        "query": _kept(query, "page"), "sort": query.get("sort", ""), "away": _is_away(query), "shape": shape,
        "undo": request.session.pop("put_away", None), "taken": bulk.offered(request),
        "levels": Criticality, "rated": listing.rated(), "picker": _picker(shape), "densities": table.DENSITIES,
        "narrowed": any(query.get(name) for name in found.filters if name not in ("sort", "away")),
    } | saved.context(request.who, ListPage.VENDORS, query, view)  # type: ignore[attr-defined]  # fmt: skip
    return render(request, "board/vendors.html", context, status=200 if found.form.is_valid() else 400)


def _picker(shape: table.Shape) -> list[tuple[table.Column, int | None]]:
    """Every column with its place, those shown first; None: not shown."""
    shown = [(column, n) for n, column in enumerate(shape.columns, 1)]
    return [*shown, *((column, None) for column in table.COLUMNS.values() if column not in shape.columns)]


def _is_away(query: QueryDict) -> bool:
    return query.get("away", "").casefold() in ("true", "1", "on")


def _headings(query: QueryDict, shape: table.Shape) -> list[dict[str, Any]]:
    """The headings: what each sorts by next, and how it is sorted now."""
    sort, made = query.get("sort", "") or "name", []
    for column in (table.NAME, *shape.columns):
        turned = f"-{column.sort}" if sort == column.sort else column.sort
        state = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(sort, "none")
        kept = _kept(query, "sort", "page")
        url = f"?{kept}{'&' if kept else ''}sort={turned}" if column.sort else ""
        made.append({"label": column.label, "look": column.look, "state": state, "url": url})
    return made


@require_safe
@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Anything by a few letters: a page, or its options alone where the palette asks."""
    text = request.GET.get("q", "")
    template = "_found.html" if request.htmx else "board/find.html"  # type: ignore[attr-defined]
    return render(request, template, {"found": finder.find(text, request.who), "q": text[: finder.LONGEST]})


def _followed(slug: str) -> Followed:
    return get_object_or_404(Followed.objects.select_related("vendor", "newest"), vendor__slug=slug)


@require_safe
@never_cache
def vendor(request: HttpRequest, slug: str) -> HttpResponse:
    """One vendor as last judged, with its history, its pages and what can be done."""
    followed = _followed(slug)
    row = followed.newest
    row.vendor = followed.vendor
    context = pages.assessment_page(row, incidents=request.GET.get("incidents")) | {"promises": promised_by(row)}
    asked = {"target": slug, "rto": context["rto_input"], "parts": list(context["a"].needs.components)}
    context["form"] = AssessAgainForm(initial=asked, names=context["part_names"])
    told = AssessmentRow.objects.filter(vendor=followed.vendor).order_by("-as_of", "-pk").defer("document", "facts")
    context |= {
        "followed": followed, "seen": noted.words_digest(followed), "levels": Criticality,
        "line": listing.lines([followed], portfolio.used_for(plans.current().parsed()))[0],
        "history": list(told[:HISTORY]), "status_pages": followed.vendor.pages.select_related("watch").order_by("pk"),
    }  # fmt: skip
    return render(request, "board/vendor.html", context)


@require_POST
def note(request: HttpRequest, slug: str) -> HttpResponse:
    """Save the vendor's note and tags. Where somebody saved others meanwhile, both stand side by side to choose from."""
    _followed(slug)
    typed = {name: request.POST.get(name, "")[:2000] for name in ("tags", "note", "owner", "criticality")}
    try:
        noted.annotate(slug, noted.Words.typed(**typed), seen=request.POST.get("seen", ""))
    except noted.Changed as changed:
        context = typed | {
            "followed": changed.theirs, "vendor": changed.theirs.vendor, "note": typed["note"][:LONGEST_NOTE],
            "seen": noted.words_digest(changed.theirs), "levels": Criticality,
        }  # fmt: skip
        return render(request, "board/note_conflict.html", context, status=409)
    except Refused as refusal:
        return problem(
            request,
            400,
            gettext("That cannot be saved"),
            gettext("Nothing was changed: %(refusal)s. Go back; what you typed is there.") % {"refusal": refusal},
        )
    messages.success(request, gettext("Saved."))
    return redirect("vendor", slug=slug)


@require_safe
@never_cache
def incidents(request: HttpRequest, slug: str) -> HttpResponse:
    """Every incident on the vendor's pages, newest first; ?q=, ?impact= and ?open= narrow it."""
    followed = _followed(slug)
    query, impact = request.GET.get("q", "")[: listing.LONGEST_QUERY].strip(), request.GET.get("impact", "")
    rows = listing.incidents_of(followed.vendor, q=query, impact=impact, is_open=bool(request.GET.get("open")))
    rows = rows.order_by("-started_at", "-pk")
    page = Paginator(rows, INCIDENTS_PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    hours = followed.newest.rto_hours
    context = {
        "followed": followed, "vendor": followed.vendor, "page": page, "query": query, "impact": impact, "impacts": IMPACTS,
        "open": request.GET.get("open", ""), "kept": _kept(request.GET, "page"), "rto": duration(hours),
        "rows": [_incident_line(one, hours) for one in shown],
    }  # fmt: skip
    return render(request, "board/incidents.html", context)


def _incident_line(row: Incident, rto_hours: float) -> dict[str, Any]:
    hours = None if row.resolved_at is None else (row.resolved_at - row.started_at).total_seconds() / 3600
    is_open = row.document.get("end_known") == "open"
    return {
        "pk": row.pk,
        "started_at": row.started_at,
        "title": phrases.clean(str(row.document.get("title") or ""), 140) or gettext("(no title)"),
        "length": gettext("open") if is_open else gettext("not known") if hours is None else duration(hours),
        "impact": row.impact or gettext("not stated"),
        "over": hours is not None and hours > rto_hours,
        "is_open": is_open,
        "gone": row.gone_at is not None,
    }


@require_safe
@never_cache
def incident(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One incident as it was told, to scale."""
    followed = _followed(slug)
    row = get_object_or_404(Incident.objects.select_related("page"), pk=min(pk, 2**62), page__vendor=followed.vendor)
    listed = list(Component.objects.filter(page=row.page).values_list("name", flat=True))
    as_of = row.page.facts_as_of or followed.newest.as_of
    told = incident_page(
        incident_of(row), listed=listed, vendor=followed.vendor.name, rto_hours=followed.newest.rto_hours, as_of=as_of
    )
    before = (
        Incident.objects.filter(page__vendor=followed.vendor, started_at__lt=row.started_at)
        .order_by("-started_at")
        .first()
    )
    after = (
        Incident.objects.filter(page__vendor=followed.vendor, started_at__gt=row.started_at)
        .order_by("started_at")
        .first()
    )
    return render(
        request,
        "board/incident.html",
        told | {"followed": followed, "vendor": followed.vendor, "before": before, "after": after},
    )


@require_safe
@never_cache
def whatif(request: HttpRequest, slug: str) -> HttpResponse:
    """Another need, horizon, parts or a standby: the chance and the hours follow. htmx asks for the answer alone."""
    followed = _followed(slug)
    row = followed.newest
    facts = row.parsed_facts()
    form = WhatIfForm.asked(request.GET, row, facts)
    context: dict[str, Any] = {"followed": followed, "vendor": followed.vendor, "form": form, "row": row}
    if form.is_valid():
        context |= _answer(form, facts, row)
    status = 200 if "answer" in context else 400
    return render(request, "board/_what_if.html" if request.htmx else "board/what_if.html", context, status=status)


def _answer(form: WhatIfForm, facts: Any, row: AssessmentRow) -> dict[str, Any]:
    try:
        made = form.answer(facts, as_of=row.as_of)
    except Refused as fault:
        form.add_error(None, sentence(fault))
        return {}
    return {
        "answer": made, "f": made.forecast, "sentence": phrases.what_if(made, form.standby), "chance": risk.chance_text(made.forecast),
        "curve": risk.exceedance(made.forecast, SCREEN, width=340, height=190), "known": made.forecast.confidence != "insufficient",
        "was": row.chance, "flags": [gettext(phrases.FLAGS.get(flag, flag)) for flag in made.forecast.flags],
    }  # fmt: skip


@require_safe
@never_cache
def compare(request: HttpRequest) -> HttpResponse:
    """Two to five vendors side by side; without any, the choice of them."""
    slugs = list(dict.fromkeys(request.GET.getlist("v")))
    chosen, rows = side_by_side.chosen(request.GET)
    _, typed = comparison.weights_of(request.GET)
    context: dict[str, Any] = {
        "chosen": chosen, "kept": _kept(request.GET, "only"), "only": request.GET.get("only") == "1", "typed": typed,
        "weights": request.GET.get("weights", ""), "profiles": [one.name for one in comparison.presets()],
        "pillars": [(p, gettext(comparison.PILLAR_NAMES[p]), typed[p], w) for p, w in comparison.default_weights().items()],
        "choices": _choices(request.GET.get("find", ""), chosen), "find": request.GET.get("find", "")[: finder.LONGEST],
        "offered": OFFERED, "most": comparison.MOST,
    }  # fmt: skip
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "board/_choices.html", context)
    if len(chosen) > comparison.MOST:
        context["fault"] = gettext("At most %(most)s fit beside each other; %(chosen)s were chosen. Untick some.") % {
            "most": comparison.MOST,
            "chosen": len(chosen),
        }
    elif len(chosen) < comparison.LEAST:
        context["fault"] = gettext("Choose at least two vendors.") if slugs else ""
    else:
        context |= side_by_side.read(chosen, rows, request.GET, only=context["only"])
        if request.GET.get("as") == "xlsx":
            return _workbook(to_xlsx(gettext("Comparison"), *comparison.sheet(context)), "comparison.xlsx")
    return render(request, "board/compare.html", context, status=400 if context.get("fault") else 200)


def _choices(find: str, chosen: list[str]) -> list[Followed]:
    """Vendors to tick: those chosen first, then what the words find (the first by name where nothing is typed)."""
    rows = Followed.objects.filter(archived_at=None).select_related("vendor").order_by("vendor__name", "pk")
    ticked = sorted(rows.filter(vendor__slug__in=chosen), key=lambda row: chosen.index(row.vendor.slug))
    return [*ticked, *finder.named(rows.exclude(vendor__slug__in=chosen), find)[:OFFERED]]


def _workbook(body: bytes, name: str) -> HttpResponse:
    return HttpResponse(body, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_POST
def judge_all(request: HttpRequest) -> HttpResponse:
    """Judge the compared vendors for one RTO, so that they compare like for like."""
    slugs = list(dict.fromkeys(request.POST.getlist("v")))[: comparison.MOST]
    try:
        made = side_by_side.judge_alike(slugs, request.POST.get("rto", ""))
    except Refused as refusal:
        return problem(request, 400, gettext("That RTO cannot be read"), sentence(refusal))
    if not made:
        raise Http404(gettext("none of them is followed"))
    hours = duration(made[0].args["rto_hours"])
    messages.success(
        request,
        ngettext(
            "%(n)s vendor will be judged for an RTO of %(rto)s. Reload in a moment.",
            "%(n)s vendors will be judged for an RTO of %(rto)s. Reload in a moment.",
            len(made),
        )
        % {"n": len(made), "rto": hours},
    )
    return redirect(f"{reverse('compare')}?{urlencode([('v', slug) for slug in slugs])}")
