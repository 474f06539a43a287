"""The page of imports: take the table, change it, bring it back, see what it would do, say yes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.files import carried
from assessments.files.reading import MAX_BYTES, read_any
from assessments.files.tables import XLSX, to_csv, to_xlsx
from assessments.imports import vendors
from assessments.models import Followed
from assessments.noted import Words
from riskboard.accounts.limits import limited_imports
from riskboard.errors import Refused
from riskboard.phrasebook import sentence
from vendors.evidence.tables import read_table

SHOWN = 200  # lines and faults of a preview


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("A table of vendors"), help_text=gettext_lazy("CSV or XLSX, at most 2,000 rows."),
        error_messages={"required": gettext_lazy("Choose a file."), "empty": gettext_lazy("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.tsv,.txt"}),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited_imports
def imports(request: HttpRequest) -> HttpResponse:
    """The page; an upload is shown before it is taken, and taken as it was shown."""
    if request.method != "POST":
        return _page(request)
    try:
        if request.POST.get("action") == "accept":
            return _accepted(request)
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return _page(request, form=form, status=400)
        upload = form.cleaned_data["file"]
        data = upload.read(MAX_BYTES + 1)  # a larger one is refused without being read
        found = vendors.read(read_any(data, what="file", max_rows=vendors.MOST_ROWS))
    except Refused as refusal:
        return _page(request, fault=sentence(refusal), status=400)
    return _page(request, found=found, status=400 if found.faults else 200)


def _accepted(request: HttpRequest) -> HttpResponse:
    """Read what the preview carried along once more, against what is there now, and take it."""
    data = carried.unpacked(request.POST.get("data", ""))
    found = vendors.read(read_table(data, what="table", max_bytes=carried.MOST_UNPACKED, max_rows=vendors.MOST_ROWS))
    done = vendors.take(found)
    messages.success(
        request,
        ngettext(
            "%(done)s of %(n)s row did something. New vendors appear as their assessments are made.",
            "%(done)s of %(n)s rows did something. New vendors appear as their assessments are made.",
            len(found.lines),
        )
        % {"done": done, "n": len(found.lines)},
    )
    return redirect("vendors")


@require_safe
@never_cache
def vendors_table(request: HttpRequest, form: str) -> HttpResponse:
    """The vendors that are followed, as the table that can be brought back: what stands in it is what it would do."""
    rows = [(row.vendor.slug, f"{row.newest.rto_hours:g}h", *_said(Words.of(row))) for row in Followed.objects.shown()]
    if form == "xlsx":
        body, kind = to_xlsx("Vendors", vendors.COLUMNS, rows), XLSX
    else:
        body, kind = to_csv(vendors.COLUMNS, rows), "text/csv; charset=utf-8"
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="vendors.{form}"'}
    )


def _said(words: Words) -> tuple[str, ...]:
    return ", ".join(words.tags), words.note, words.owner, words.criticality


def _page(
    request: HttpRequest,
    *,
    form: UploadForm | None = None,
    found: vendors.Read | None = None,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form or UploadForm(), "fault": fault, "found": found, "columns": vendors.COLUMNS}
    if found is not None:
        context |= {
            "faults": found.faults[:SHOWN], "more_faults": max(0, len(found.faults) - SHOWN),
            "lines": found.lines[:SHOWN], "more_lines": max(0, len(found.lines) - SHOWN),
            "data": "" if found.faults else _carried(found),
        }  # fmt: skip
    return render(request, "imports/page.html", context, status=status)


def _carried(found: vendors.Read) -> str:
    """The rows as a table, to be sent back with the yes."""
    rows = [
        (line.target, "" if line.rto_hours is None else f"{line.rto_hours:g}h", *_said(line.words))
        for line in found.lines
    ]
    return carried.packed(to_csv(vendors.COLUMNS, rows), what="table")
