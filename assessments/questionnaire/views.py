"""The questionnaire's page: 17 items with their guidance, saved together, with what the answers do to the score."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.attached import store
from assessments.files import attachable
from assessments.files.attachable import Kept
from assessments.models import EvidenceFile, QuestionnaireLink
from assessments.questionnaire.answer_files import LONGEST_EVIDENCE, LONGEST_NOTE
from assessments.questionnaire.answers import (
    Conflict,
    Effect,
    answers_of,
    digest,
    effect_of,
    expires_on,
    judged_answers,
    save_answers,
)
from assessments.questionnaire.items import QuestionnaireItem, items
from assessments.report.links import safe_link
from riskboard.errors import Refused
from riskboard.phrasebook import said
from vendors.models import Vendor
from vendors.records import BackupAnswer

WORDS = {
    "unknown": gettext_lazy("we did not ask"),
    "yes": gettext_lazy("yes"),
    "partial": gettext_lazy("partly"),
    "no": gettext_lazy("no"),
    "withheld": gettext_lazy("the vendor would not say"),
}


WARNED = timedelta(days=30)  # before an answer expires


@dataclass(slots=True)
class Line:
    """One item as shown: what was typed or stands, its fault, and what somebody else answered meanwhile."""

    item: QuestionnaireItem
    answer: str = "unknown"
    evidence: str = ""
    note: str = ""
    seen: str = ""
    fault: str = ""
    theirs: str = ""
    answered: Any = None
    files: list[EvidenceFile] = field(default_factory=list)
    kept: Kept | None = None
    expires: date | None = None
    confirmed: bool = False

    @property
    def is_expired(self) -> bool:
        """Whether it counts no more until somebody says that it is still so."""
        return self.expires is not None and self.expires < timezone.now().date()

    @property
    def is_expiring(self) -> bool:
        """Whether it counts no more, or will not within WARNED."""
        return self.expires is not None and self.expires < timezone.now().date() + WARNED

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """(value, word, chosen)."""
        return [(value, word, value == self.answer) for value, word in WORDS.items()]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def questionnaire(request: HttpRequest, slug: str) -> HttpResponse:
    """The page; POST saves what was changed and says what it does to the score."""
    vendor = get_object_or_404(Vendor, slug=slug)
    known = {one.item: one for one in answers_of(vendor)}
    if request.method != "POST":
        return _page(request, vendor, [standing(item, known.get(item.item)) for item in items()])
    lines = [typed(item, request.POST) for item in items()]
    take_uploads(lines, request.FILES, store.counts_of(vendor))
    if any(line.fault for line in lines):
        return _page(request, vendor, lines, status=400)
    given = {line.item.item: record_of(line) for line in lines if line.answer != "unknown" or line.item.item in known}
    seen = {line.item.item: line.seen for line in lines}
    try:
        saved = save_answers(
            vendor, given, seen=seen, by=request.who.name, now=timezone.now(), confirmed=confirmed_in(lines)
        )
    except Conflict as conflict:
        mark(lines, conflict)
        return _page(request, vendor, lines, status=409)
    files = keep_uploads(vendor, lines, by=request.who.name)
    messages.success(
        request, _told(saved, files, effect_of(vendor, judged_answers(vendor)) if saved or files else None)
    )
    return redirect("questionnaire", slug=vendor.slug)


def mark(lines: list[Line], conflict: Conflict) -> None:
    """Write beside each line what somebody else answered meanwhile."""
    for line in lines:
        if line.item.item in conflict.theirs:
            theirs = conflict.theirs[line.item.item]
            line.theirs = (
                gettext("no answer") if theirs is None else f"{WORDS[theirs.answer]} {theirs.evidence or ''}".strip()
            )
            line.seen = digest(theirs)


def _page(request: HttpRequest, vendor: Vendor, lines: list[Line], *, status: int = 200) -> HttpResponse:
    asked = sum(line.answer != "unknown" for line in lines)
    stands = {one.item: one for one in answers_of(vendor)} if status != 200 else {}
    for line in lines:  # what was typed carries no day of its own
        if line.item.item in stands:
            line.answered, line.expires = stands[line.item.item].answered_at, expires_on(stands[line.item.item])
    held = store.of_items(vendor)
    for line in lines:
        line.files = held.get(line.item.item, [])
    context = {
        "expired": sum(line.is_expired for line in lines),
        "expiring": sum(line.is_expiring and not line.is_expired for line in lines),
        "files": vendor.evidence_files.all(),
        "of_items": True,
        "vendor": vendor,
        "lines": lines,
        "asked": asked,
        "conflict": status == 409,
        "fault": status == 400,
        "links": vendor.questionnaire_links.all(),
        "link": request.session.pop("questionnaire_link", ""),
        "now": timezone.now(),
    }
    return render(request, "questionnaire/page.html", context, status=status)


def standing(item: QuestionnaireItem, one: BackupAnswer | None) -> Line:
    """The line of an answer that stands; of none, an unasked one."""
    if one is None:
        return Line(item)
    return Line(
        item,
        one.answer,
        one.evidence or "",
        one.note or "",
        digest(one),
        answered=one.answered_at,
        expires=expires_on(one),
    )


def typed(item: QuestionnaireItem, post: Any) -> Line:
    """The line as it was typed, with its fault."""
    name = item.item
    line = Line(
        item,
        post.get(f"{name}-answer", "unknown"),
        post.get(f"{name}-evidence", "").strip(),
        post.get(f"{name}-note", "").strip(),
        post.get(f"{name}-seen", "")[:16],
        confirmed=f"{name}-confirm" in post,
    )
    if line.answer not in WORDS:
        line.answer, line.fault = "unknown", gettext("Choose one of the answers.")
    elif line.evidence and (len(line.evidence) > LONGEST_EVIDENCE or not safe_link(line.evidence)):
        line.fault = gettext("Evidence is a web address, like https://vendor.example/trust.")
    elif len(line.note) > LONGEST_NOTE:
        line.fault = gettext("A note has at most %(longest_note)s characters; this one has %(note)s.") % {
            "longest_note": LONGEST_NOTE,
            "note": len(line.note),
        }
    return line


def confirmed_in(lines: list[Line]) -> set[str]:
    """The items said to be still so."""
    return {line.item.item for line in lines if line.confirmed}


def take_uploads(lines: list[Line], files: MultiValueDict[str, Any], taken: dict[str, int]) -> None:
    """Look at the file each line brings; what cannot be kept is the line's fault. Nothing is kept yet."""
    for line in lines:
        upload = files.get(f"{line.item.item}-file")
        if upload is None:
            continue
        try:
            line.kept = attachable.kept(upload.read(attachable.MAX_BYTES + 1), upload.name or "")
            store.room(line.kept, taken, line.item.item)
        except Refused as refusal:
            line.kept, line.fault = None, f"{attachable.plain_name(upload.name or '')}: {said(str(refusal))}."


def keep_uploads(vendor: Vendor, lines: list[Line], *, by: str, link: QuestionnaireLink | None = None) -> list[str]:
    """Keep the files the lines brought; their names."""
    kept = [(line, line.kept) for line in lines if line.kept is not None]
    return [store.attach(vendor, line.item.item, one, by=by, link=link).name for line, one in kept]


def record_of(line: Line) -> BackupAnswer:
    """The line as an answer."""
    return BackupAnswer(
        item=line.item.item, answer=cast(Any, line.answer), evidence=line.evidence or None, note=line.note or None
    )


def _told(saved: list[str], files: list[str], effect: Effect | None) -> str:
    """What was saved and what it does, in a sentence."""
    if not saved and not files:
        return gettext("Nothing was changed.")
    if not saved:
        kept = ngettext("One file is kept (%(files)s).", "%(n)s files are kept (%(files)s).", len(files))
        said = kept % {"n": len(files), "files": ", ".join(files)}
        return f"{said} {_moves(effect)}" if effect else said
    told = {"n": len(saved), "items": ", ".join(saved)}
    said = ngettext("One answer is saved (%(items)s).", "%(n)s answers are saved (%(items)s).", len(saved)) % told
    return f"{said} " + (_moves(effect) if effect else gettext("They count in the next assessment."))


def _moves(effect: Effect) -> str:
    changes = gettext(
        "In the next assessment: backup %(backup_before)s to %(backup_after)s, total %(total_before)s to %(total_after)s."
    )
    names = ("backup_before", "backup_after", "total_before", "total_after")
    return changes % {name: _points(getattr(effect, name)) for name in names}


def _points(value: float | None) -> str:
    return gettext("not known") if value is None else f"{value:.0f}"
