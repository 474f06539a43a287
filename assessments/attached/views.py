"""The pages of evidence files. They are only ever handed out to be saved: nothing that was uploaded is shown by a browser here."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.attached import of_plan, store
from assessments.files import attachable
from assessments.models import EvidenceFile
from riskboard.accounts.limits import limited_imports
from riskboard.errors import Refused
from riskboard.pages import problem
from riskboard.phrasebook import sentence


def handed_out(row: EvidenceFile) -> FileResponse | None:
    """The file to be saved, in a box of its own wherever a browser opens it all the same; None where its bytes are gone."""
    try:
        opened = row.path.open("rb")
    except OSError:
        return None
    response = FileResponse(
        opened,
        as_attachment=True,
        filename=row.name,
        content_type=attachable.MEDIA.get(row.suffix, "application/octet-stream"),
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    response["ETag"] = f'"{row.sha256}"'
    return response


@require_safe
@never_cache
def evidence_file(request: HttpRequest, uid: str) -> HttpResponse | FileResponse:
    """One file, to be saved."""
    row = get_object_or_404(EvidenceFile.objects.select_related("workspace"), uid=uid)
    return handed_out(row) or problem(
        request, 410, _("The file is gone"), _("Its row is here and its bytes are not: restore them from a backup.")
    )


@require_POST
def remove(request: HttpRequest, uid: str) -> HttpResponse:
    """Take a file out of what counts; it can be brought back."""
    row = get_object_or_404(EvidenceFile, uid=uid)
    store.remove(row, now=timezone.now())
    messages.success(
        request, _("%(name)s was removed and counts no more. It can be brought back below.") % {"name": row.name}
    )
    return redirect(_home(row))


@require_POST
def restore(request: HttpRequest, uid: str) -> HttpResponse:
    """Let a removed file count again."""
    row = get_object_or_404(EvidenceFile, uid=uid)
    try:
        store.restore(row)
    except Refused as refusal:
        return problem(request, 409, _("It cannot be brought back"), sentence(refusal))
    messages.success(request, _("%(name)s counts again.") % {"name": row.name})
    return redirect(_home(row))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def delete(request: HttpRequest, uid: str) -> HttpResponse:
    """Delete a removed file for good, after asking."""
    row = get_object_or_404(EvidenceFile.objects.select_related("workspace", "vendor"), uid=uid)
    if row.removed_at is None:
        return problem(request, 409, _("It is still in use"), _("Remove it first; then it can be deleted for good."))
    home = _home(row)
    if request.method != "POST":
        return render(request, "attached/sure.html", {"file": row, "home": home})
    store.delete_for_good(row)
    messages.success(request, _("%(name)s is deleted for good.") % {"name": row.name})
    return redirect(home)


@require_POST
@limited_imports
def attach_to_plan(request: HttpRequest, kind: str, item_id: str) -> HttpResponse:
    """Keep a file as evidence of an item of the plan; where the item names no evidence yet, it names the file from now on."""
    upload = request.FILES.get("file")
    data = upload.read(attachable.MAX_BYTES + 1) if upload else b""
    try:
        made = of_plan.attach(kind, item_id, data, (upload and upload.name) or "", by=request.who.name)  # type: ignore[attr-defined]
    except Refused as refusal:
        said = str(refusal) if upload else _("choose a file first")
        return problem(request, 400, _("That file was not kept"), sentence(said))
    edit = reverse("plan-edit", args=[kind, item_id])
    if made.revision is not None:
        return redirect(f"{edit}?did={made.revision.number}#files")
    told = (
        _("%(name)s is kept; the item was changed meanwhile: name the file there.")
        if made.moved_on
        else _("%(name)s is kept.")
    )
    messages.success(request, told % {"name": made.file.name})
    return redirect(f"{edit}#files")


def _home(row: EvidenceFile) -> str:
    if row.plan_kind:
        return reverse("plan-edit", args=[row.plan_kind, row.plan_item]) + "#files"
    assert row.vendor is not None
    return reverse("questionnaire", args=[row.vendor.slug]) + "#files"
