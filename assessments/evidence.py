"""The page of evidence from elsewhere: enter an incident, upload a table or a monitor's export, withdraw, bring back.

An upload is shown before it is taken: the preview carries the checked rows back as a table, which is read again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from assessments.files import reading as reading_files
from assessments.files.tables import to_file
from riskboard.accounts.limits import limited_imports
from riskboard.errors import Refused
from riskboard.locales import MINUTE, when
from riskboard.pages import problem
from riskboard.phrasebook import sentence
from vendors import evidence_rows
from vendors.evidence import monitors, reported, tables
from vendors.evidence.spans import minutes
from vendors.models import Vendor

MAX_BODY = monitors.MAX_BYTES + 64 * 1024  # docs/limits.md: the largest file and the fields around it
SHOWN = 200  # rows and faults of a preview
PER_PAGE = 50


def _words(label: str, hint: str = "", **options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, help_text=hint, max_length=2000, widget=widget, **options)


class AddForm(forms.Form):
    """One incident learnt elsewhere; the fields are the columns of the table and are judged by the same rules."""

    title = _words(
        gettext_lazy("What happened?"), error_messages={"required": gettext_lazy("Say in a few words what happened.")}
    )
    started_at = _words(
        gettext_lazy("When did it begin?"),
        gettext_lazy("Like 2026-03-01 10:00 with the zone below, or 2026-03-01T10:00:00Z."),
        error_messages={"required": gettext_lazy("Say when it began.")},
    )
    ended_at = _words(
        gettext_lazy("When did it end?"),
        gettext_lazy("Leave it empty if nobody says; write open if it goes on."),
        required=False,
    )
    zone = _words(
        gettext_lazy("Time zone"),
        gettext_lazy("An IANA name like Europe/Berlin."),
        required=False,
        initial="UTC",
    )
    source_kind = forms.ChoiceField(
        label=gettext_lazy("How do you know?"),
        choices=[
            ("ticket", gettext_lazy("a support ticket")),
            ("letter", gettext_lazy("a letter or mail of the vendor")),
            ("login-dashboard", gettext_lazy("a dashboard behind a login")),
            ("press", gettext_lazy("a press report")),
            ("other", gettext_lazy("something else")),
        ],
    )
    source_url = _words(
        gettext_lazy("Where can it be read?"), gettext_lazy("The address; a press report needs one."), required=False
    )
    impact = forms.ChoiceField(
        label=gettext_lazy("How bad did the source call it?"),
        required=False,
        choices=[
            ("", gettext_lazy("it does not say")),
            ("none", pgettext_lazy("impact", "none")),
            ("minor", pgettext_lazy("impact", "minor")),
            ("major", pgettext_lazy("impact", "major")),
            ("critical", pgettext_lazy("impact", "critical")),
        ],
    )
    components = _words(gettext_lazy("Which parts?"), gettext_lazy("Separated by |."), required=False)
    note = _words(gettext_lazy("Note"), required=False)

    def report(self, now: datetime) -> reported.Report | None:
        """The report, or None with the faults on their fields."""
        if not self.is_valid():
            return None
        try:
            found, wrong = reported.read_row(self.cleaned_data, as_of=now)
        except Refused as refusal:
            found, wrong = None, {"zone": str(refusal)}
        for column, what in wrong.items():
            self.add_error(column, sentence(what))
        return found


class UploadForm(forms.Form):
    """A file, and the zone of times in it that carry none. `observer` only matters for a monitor's export."""

    file = forms.FileField(label=gettext_lazy("File"), error_messages={"required": gettext_lazy("Choose a file.")})
    zone = _words(
        gettext_lazy("Zone of times that name none"), gettext_lazy("An IANA name like Europe/Berlin."), required=False
    )


class ExportForm(UploadForm):
    """The same for a monitor's export."""

    observer = _words(
        gettext_lazy("Who watched?"), gettext_lazy("Left empty, the monitors' own names are used."), required=False
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """What an upload holds, as shown before it is taken. `data` is the checked rows as a table; "" where there are faults."""

    kind: str
    name: str
    rows: tuple[tuple[str, ...], ...]
    count: int
    faults: tuple[tables.Fault, ...]
    data: str
    note: str
    acts: Mapping[str, int] = field(default_factory=dict)  # rows of a table by what they do

    @property
    def changes(self) -> int:
        """How many rows do something; of an export that is seen when it is taken."""
        return self.acts.get("new", 0) + self.acts.get("change", 0) if self.kind == "table" else self.count

    @property
    def counted(self) -> str:
        """How many of what were read, in words."""
        if self.kind == "export":
            said = ngettext("%(n)s failure", "%(n)s failures", self.count)
        else:
            said = ngettext("%(n)s incident", "%(n)s incidents", self.count)
        return said % {"n": self.count}

    @property
    def more_rows(self) -> int:
        """How many rows are not shown."""
        return self.count - len(self.rows)

    @property
    def shown_faults(self) -> tuple[tables.Fault, ...]:
        """The faults shown; `more_faults` are not."""
        return self.faults[:SHOWN]

    @property
    def more_faults(self) -> int:
        """How many faults are not shown."""
        return max(0, len(self.faults) - SHOWN)


@csrf_exempt  # only so that the size is looked at before the body: what follows is protected
def evidence(request: HttpRequest, slug: str) -> HttpResponse:
    """A vendor's evidence from elsewhere. An upload larger than any export is refused before a byte of it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MAX_BODY:
        size = monitors.MAX_BYTES // 2**20
        return problem(
            request,
            413,
            gettext("That file is too large"),
            gettext("At most %(size)s MiB are read; export a shorter time.") % {"size": size},
        )
    answer: HttpResponse = _evidence(request, slug)
    return answer


@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited_imports
def _evidence(request: HttpRequest, slug: str) -> HttpResponse:
    vendor = get_object_or_404(Vendor, slug=slug)
    if request.method != "POST":
        return _page(request, vendor)
    act = {"add": _add, "preview": _preview, "accept": _accept, "remove": _remove, "undo": _undo}.get(
        request.POST.get("action", "")
    )
    if act is None:
        return problem(
            request, 400, gettext("That request cannot be read"), gettext("Go back, reload the page and try again.")
        )
    try:
        return act(request, vendor)
    except Refused as refusal:
        return problem(request, 400, gettext("That cannot be done"), sentence(refusal))


@require_safe
def evidence_table(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The incidents entered for a vendor, as the table that can be uploaded again; withdrawn ones are left out."""
    vendor = get_object_or_404(Vendor, slug=slug)
    rows = evidence_rows.entered(vendor)
    told = [row.report for row in rows if row.withdrawn_at is None]
    data, kind = to_file(form, "Incidents", reported.COLUMNS[:-1], reported.write_rows(told))
    name = f'attachment; filename="{vendor.slug}-evidence.{form}"'
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": name})


def _page(
    request: HttpRequest,
    vendor: Vendor,
    *,
    add: AddForm | None = None,
    table: UploadForm | None = None,
    export: ExportForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = evidence_rows.entered(vendor)
    context = {
        "vendor": vendor,
        "add": add or AddForm(auto_id="add_%s"),
        "table": table or UploadForm(auto_id="table_%s"),
        "export": export or ExportForm(auto_id="export_%s"),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "batches": evidence_rows.batches(vendor),
        "columns": reported.COLUMNS,
    }
    return render(request, "evidence.html", context, status=status)


def _add(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    now = timezone.now().replace(microsecond=0)
    form = AddForm(request.POST, auto_id="add_%s")
    found = form.report(now)
    if found is None:
        return _page(request, vendor, add=form, status=400)
    return _back(
        request, vendor, gettext("Incident: %(did)s.") % {"did": evidence_rows.enter(vendor, [found], now=now)}
    )


def _preview(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    """What the file holds, and what is wrong with it; a file of another kind comes back as a fault of its form."""
    now = timezone.now().replace(microsecond=0)
    is_export = request.POST.get("kind") == "export"
    form: UploadForm = (ExportForm if is_export else UploadForm)(
        request.POST, request.FILES, auto_id="export_%s" if is_export else "table_%s"
    )
    if form.is_valid():
        try:
            made = _export(form.cleaned_data, now) if is_export else _table(form.cleaned_data, now, vendor)
        except Refused as refusal:
            form.add_error("file", sentence(refusal))
        else:
            context = {"vendor": vendor, "p": made}
            return render(request, "evidence_preview.html", context, status=400 if made.faults else 200)
    if isinstance(form, ExportForm):
        return _page(request, vendor, export=form, status=400)
    return _page(request, vendor, table=form, status=400)


def _accept(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    """Take the rows of a preview. They are read anew: what came back may have been changed on the way."""
    now = timezone.now().replace(microsecond=0)
    data = request.POST.get("data", "").encode()
    faults: tuple[tables.Fault, ...]
    if request.POST.get("kind") == "export":
        export = monitors.read(data, as_of=now)
        note = monitors.plain(request.POST.get("note", "")) or export.format
        spans = [msgspec.structs.replace(span, note=note) for span in export.spans]
        faults, done = export.faults, gettext("Failures seen: %(did)s.")
        added = None if faults else evidence_rows.observe(vendor, spans, now=now)
    else:
        reading = reported.read_csv(data, as_of=now, max_bytes=2 * tables.MAX_BYTES)  # written out, it may have grown
        faults, done = reading.faults, gettext("Incidents: %(did)s.")
        added = None if faults else evidence_rows.enter(vendor, reading.reports, now=now)
    if added is None:
        raise Refused(gettext("nothing was taken: %(faults)s; upload the file again") % {"faults": faults[0]})
    return _back(request, vendor, done % {"did": added})


def _remove(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    evidence_rows.withdraw(request.POST.get("name", ""), now=timezone.now(), vendor=vendor)
    return _back(request, vendor, gettext("Withdrawn; it can be brought back below."))


def _undo(request: HttpRequest, vendor: Vendor) -> HttpResponse:
    evidence_rows.restore(request.POST.get("name", ""), vendor=vendor)
    return _back(request, vendor, gettext("Brought back."))


def _back(request: HttpRequest, vendor: Vendor, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect("evidence", slug=vendor.slug)


def _bytes(upload: UploadedFile[Any], most: int) -> bytes:
    """The file, read no further than one byte beyond what is allowed."""
    data: bytes = upload.read(most + 1)
    return data


def read_incidents(data: bytes, *, zone: str | None, now: datetime) -> reported.Reading:
    """The incidents of a CSV or of a workbook's first sheet. Raises Refused."""
    if reading_files.is_workbook(data):
        table = reading_files.read_any(data, what="table of incidents")
        return reported.read_rows(table, zone=zone, as_of=now)
    return reported.read_csv(data, zone=zone, as_of=now)


def _table(cleaned: dict[str, Any], now: datetime, vendor: Vendor) -> Preview:
    upload = cleaned["file"]
    data = _bytes(upload, reading_files.MAX_BYTES)
    reading = read_incidents(data, zone=cleaned["zone"] or None, now=now)
    held = evidence_rows.held_against(vendor, reading.reports)
    rows = tuple(_shown(one) for one in held[:SHOWN])
    carried = "" if reading.faults else reported.write_csv(reading.reports).decode("utf-8-sig")
    acts = Counter(one.act for one in held)
    return Preview("table", _name(upload), rows, len(held), reading.faults, carried, "", acts)


def _shown(held: evidence_rows.Held) -> tuple[str, ...]:
    one = held.report.incident
    open_or_not = gettext("open") if one.end_known == "open" else gettext("not known")
    return (
        when(one.started_at, MINUTE), when(one.resolved_at, MINUTE) if one.resolved_at else open_or_not, one.title,
        one.impact or gettext("not stated"), str(one.reported), does(held),
    )  # fmt: skip


ACTS = {
    "new": gettext_lazy("is added"), "same": gettext_lazy("is there already"),
    "withdrawn": gettext_lazy("was withdrawn, and stays so"),
}  # fmt: skip
FIELDS = {
    "resolved_at": gettext_lazy("its end"), "end_known": gettext_lazy("its end"), "impact": gettext_lazy("its impact"),
    "components": gettext_lazy("its parts"), "reported": gettext_lazy("how it is known"), "note": gettext_lazy("its note"),
}  # fmt: skip


def does(held: evidence_rows.Held) -> str:
    """What entering that report does, in words."""
    if held.act != "change":
        return str(ACTS[held.act])
    names = ", ".join(dict.fromkeys(str(FIELDS[name]) for name in held.fields))
    return gettext("changes: %(names)s") % {"names": names}


def _export(cleaned: dict[str, Any], now: datetime) -> Preview:
    upload, name = cleaned["file"], _name(cleaned["file"])
    export = monitors.read(
        _bytes(upload, monitors.MAX_BYTES),
        zone=cleaned["zone"] or None,
        observer=cleaned["observer"] or None,
        as_of=now,
        name=name,
    )
    rows = tuple(
        (
            when(span.start, MINUTE),
            when(span.end, MINUTE) if span.end else gettext("still failing"),
            span.observer,
            gettext("not known") if (length := minutes(span)) is None else f"{length:.0f} min",
            export.format,
        )
        for span in export.spans[:SHOWN]
    )
    data = "" if export.faults else monitors.write_plain(export.spans).decode("utf-8-sig")
    note = export.spans[0].note or "" if export.spans else ""
    return Preview("export", name, rows, len(export.spans), export.faults, data, note)


def _name(upload: UploadedFile[Any]) -> str:
    return monitors.plain(upload.name or "") or "file"
