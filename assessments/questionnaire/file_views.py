"""The pages of answers as files: take them, bring them back, see what would change, say yes. One vendor's, or everybody's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.files import carried
from assessments.files.tables import CSV, JSON, XLSX, to_json
from assessments.models import Answer, Followed
from assessments.questionnaire import answer_files, bringing, caiq
from assessments.questionnaire.answers import Conflict, Effect, answers_of, digest, effect_of, judged_answers
from assessments.questionnaire.items import items
from riskboard.accounts.limits import limited_imports
from riskboard.errors import Refused
from riskboard.phrasebook import sentence
from vendors.models import Vendor
from vendors.records import BackupAnswer

SHOWN = 300  # lines and faults of a preview
TOML = "application/toml; charset=utf-8"


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy("A filled template (XLSX, CSV or TOML), or a CAIQ v4 workbook of the vendor (XLSX)."),
        error_messages={"required": gettext_lazy("Choose a file."), "empty": gettext_lazy("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.toml"}),
    )


@require_safe
@never_cache
def answers_table(request: HttpRequest, form: str, slug: str | None = None) -> HttpResponse:
    """The answers as a file that can be brought back: those of one vendor, or of every vendor that is followed."""
    vendors = [get_object_or_404(Vendor, slug=slug)] if slug else [row.vendor for row in Followed.objects.shown()]
    stands: dict[int, dict[str, BackupAnswer]] = {}
    for row in Answer.objects.filter(vendor__in=vendors):
        stands.setdefault(row.vendor_id, {})[row.item] = row.record()
    rows = [
        cells
        for vendor in vendors
        for known in [stands.get(vendor.pk, {})]
        for cells in answer_files.rows_of(vendor.slug, known, {item: digest(one) for item, one in known.items()})
        if slug or cells[3] is not None
    ]
    name = f"{slug or 'all'}-answers.{form}"
    if form == "toml":
        body, kind = answer_files.to_toml(answers_of(vendors[0])), TOML
    elif form == "xlsx":
        body, kind = answer_files.to_workbook(rows), XLSX
    elif form == "json":
        body, kind = to_json(answer_files.COLUMNS, rows), JSON
    else:
        body, kind = answer_files.to_table(rows), CSV
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited_imports
def answers_file(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """The page; an upload is shown before it is taken, and taken as it was shown."""
    vendor = get_object_or_404(Vendor, slug=slug) if slug else None
    if request.method != "POST":
        return _page(request, vendor)
    try:
        if request.POST.get("action") == "accept":
            return _accepted(request, vendor)
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return _page(request, vendor, form=form, status=400)
        found, book = bringing.look(form.cleaned_data["file"].read(caiq.MAX_BYTES + 1), vendor)
    except Refused as refusal:
        return _page(request, vendor, fault=sentence(refusal), status=400)
    return _page(request, vendor, found=found, book=book, status=400 if found.faults else 200)


def _accepted(request: HttpRequest, vendor: Vendor | None) -> HttpResponse:
    """Read what the preview carried along once more, against what stands now, and take it."""
    reading = answer_files.read(carried.unpacked(request.POST.get("data", "")))
    if reading.faults:
        raise Refused(f"nothing was taken: {reading.faults[0]}")
    rows = [_as_chosen(row, request) for row in reading.rows]
    taken = set(request.POST.getlist("take"))
    by = request.who.name  # type: ignore[attr-defined]
    try:
        done = bringing.take(rows, by=by, now=timezone.now(), only=vendor, taken=taken)
    except Conflict:
        return _page(request, vendor, found=bringing.judge(rows, only=vendor), status=409)
    messages.success(request, _told(done, effect_of(vendor, judged_answers(vendor)) if vendor and done else None))
    return redirect("questionnaire", slug=vendor.slug) if vendor else redirect("answers-file")


def _as_chosen(row: answer_files.Row, request: HttpRequest) -> answer_files.Row:
    """The row with the answer that was chosen beside it, where one was."""
    said = request.POST.get(f"answer {row.vendor} {row.item}", "")
    word = next((one for one in answer_files.WORDS if one == said), None)
    return row if word is None else replace(row, answer=word)


def _page(
    request: HttpRequest,
    vendor: Vendor | None,
    *,
    form: UploadForm | None = None,
    found: bringing.Brought | None = None,
    book: caiq.Workbook | None = None,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "vendor": vendor, "form": form or UploadForm(), "fault": fault, "found": found, "book": book, "conflict": status == 409,
        "mapping": caiq.mapping() if book else None, "words": answer_files.WORDS, "all": len(items()),
        "back": reverse("questionnaire", args=[vendor.slug]) if vendor else reverse("imports"),
    }  # fmt: skip
    if found is not None:
        shown = [line for line in found.lines if book or line.act != "blank"]
        context |= {
            "faults": found.faults[:SHOWN], "more_faults": max(0, len(found.faults) - SHOWN),
            "lines": shown[:SHOWN], "more_lines": max(0, len(shown) - SHOWN),
            "counts": {act: found.count(act) for act in ("new", "change", "same", "conflict")},
            "data": "" if found.faults or not found.changes else carried.packed(bringing.carried(found), what="file"),
            "effect": effect_of_lines(found, vendor) if vendor and not found.faults else None,
        }  # fmt: skip
    return render(request, "questionnaire/file.html", context, status=status)


def effect_of_lines(found: bringing.Brought, vendor: Vendor) -> Effect | None:
    """What the lines that are chosen do to the newest judgement; None where they do nothing or there is none."""
    chosen = {line.row.item: line.row.record() for line in found.lines if line.is_chosen and line.row.answer}
    if not chosen:
        return None
    stands = {one.item: one for one in judged_answers(vendor)}
    return effect_of(vendor, tuple((stands | chosen).values()))


def _told(done: list[str], effect: Effect | None) -> str:
    if not done:
        return _("Nothing was changed.")
    count = _("%(count)s answers were taken.") % {"count": len(done)}
    if effect is None:
        return f"{count} " + _("They count in the next assessment.")
    return f"{count} " + _("In the next assessment: backup %(before)s to %(after)s, total %(was)s to %(now)s.") % {
        "before": _points(effect.backup_before), "after": _points(effect.backup_after),
        "was": _points(effect.total_before), "now": _points(effect.total_after),
    }  # fmt: skip


def _points(value: float | None) -> str:
    return _("not known") if value is None else f"{value:.0f}"
