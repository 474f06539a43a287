"""The vendor's own page: it answers by an unguessable link, without an account, and sees nothing of anybody's but its answers."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.attached import store
from assessments.attached.views import handed_out
from assessments.models import QuestionnaireLink, VendorReply
from assessments.questionnaire.answers import Conflict, answers_of, digest, save_answers
from assessments.questionnaire.items import items
from assessments.questionnaire.views import (
    Line,
    confirmed_in,
    keep_uploads,
    mark,
    record_of,
    standing,
    take_uploads,
    typed,
)
from assessments.report.links import safe_link
from assessments.scoring.checks.registry import CHECKS
from riskboard.accounts import audit
from riskboard.accounts.access import public
from riskboard.accounts.limits import limited
from riskboard.accounts.models import digest as token_digest
from riskboard.accounts.models import new_secret
from riskboard.accounts.scope import inside
from riskboard.errors import Refused
from riskboard.pages import problem
from riskboard.phrasebook import said, sentence
from vendors.models import Vendor

DAYS = 30  # how long a link lives
MOST_REPLIES = 50  # objections kept of one vendor by links
GONE = gettext_lazy("It was ended, has expired, or the answers were sent off. Ask whoever sent it for a new one.")
KINDS = {
    "wrong-fact": gettext_lazy("it did not happen so"),
    "not-ours": gettext_lazy("that is another's service"),
    "outdated": gettext_lazy("it has changed since"),
    "missing-context": gettext_lazy("it is true, and not the whole"),
    "method": gettext_lazy("it should be judged otherwise"),
}


class ReplyForm(forms.Form):
    """An objection from a closed list, with a sentence and where to look."""

    kind = forms.ChoiceField(label=gettext_lazy("What is it?"), choices=list(KINDS.items()))
    check_id = forms.ChoiceField(
        label=gettext_lazy("About"), required=False,
        choices=lambda: [("", gettext("the judgement as a whole")), *((one.meta.id, said(one.meta.question)) for one in CHECKS)],
    )  # fmt: skip
    statement = forms.CharField(label=gettext_lazy("In your words"), max_length=500)
    evidence = forms.CharField(
        label=gettext_lazy("Where it can be seen (web address)"), max_length=2000, required=False
    )

    def clean_evidence(self) -> str:
        """The address. Raises ValidationError for one nobody should be sent to."""
        link = self.cleaned_data["evidence"].strip()
        if link and not safe_link(link):
            raise forms.ValidationError(gettext("Write a web address, like https://vendor.example/report."))
        return link


@require_POST
def make_link(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a link and show it once, on the questionnaire's page."""
    vendor = get_object_or_404(Vendor, slug=slug)
    _, request.session["questionnaire_link"] = new_link(vendor, by=request.who.name)
    return redirect("questionnaire", slug=vendor.slug)


def new_link(vendor: Vendor, *, by: str) -> tuple[QuestionnaireLink, str]:
    """A link for that vendor, and its address, which is known only now."""
    secret = new_secret()
    made = QuestionnaireLink.objects.create(
        vendor=vendor,
        token_sha256=token_digest(secret),
        expires_at=timezone.now() + timedelta(days=DAYS),
        made_by=by[:200],
    )
    return made, settings.SITE_URL + reverse("ask", args=[secret])


@require_POST
def end_link(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """End a link, at once."""
    found = get_object_or_404(QuestionnaireLink, uid=uid, vendor__slug=slug)
    found.revoked_at = found.revoked_at or timezone.now()
    found.save()
    messages.success(request, gettext("The link works no more."))
    return redirect("questionnaire", slug=slug)


@public
@limited
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, token: str) -> HttpResponse:
    """The vendor's page. Each answer is saved as it is given; a button saves all, another sends them off."""
    link = _open_link(token)
    if link is None:
        return _private(problem(request, 410, gettext("This link is no longer good"), GONE))
    with inside(link.workspace), audit.acting(_actor(link)):
        return _private(_answered(request, link, token))


def _answered(request: HttpRequest, link: QuestionnaireLink, token: str) -> HttpResponse:
    known = {one.item: one for one in answers_of(link.vendor)}
    if request.method != "POST":
        _seen(link)
        return _page(request, link, token, [standing(item, known.get(item.item)) for item in items()])
    if request.POST.get("action") == "reply":
        return _replied(request, link, token)
    asked = [item for item in items() if f"{item.item}-answer" in request.POST]
    lines = [typed(item, request.POST) for item in asked]
    take_uploads(lines, request.FILES, store.counts_of(link.vendor))
    if request.htmx:
        _save_what_can_be(link, lines, known)
        _seen(link)
        _with_files(link, lines)
        context = {"lines": lines, "token": token, **_files(link), **_progress(link)}
        return render(request, "questionnaire/_saved.html", context)
    status = _saved(link, lines, known)
    _seen(link)
    if status == 200 and request.POST.get("action") == "send":
        link.submitted_at = timezone.now()
        link.save()
        return render(request, "questionnaire/sent.html", {"vendor": link.vendor, **_progress(link)})
    if status == 200:
        return redirect("ask", token=token)
    by_item = {line.item.item: line for line in lines}
    every = [by_item.get(item.item) or standing(item, known.get(item.item)) for item in items()]
    return _page(request, link, token, every, status=status)


def _saved(link: QuestionnaireLink, lines: list[Line], known: dict) -> int:
    """Save the lines; 400 with a fault, 409 where somebody else answered meanwhile, and then nothing is saved."""
    if any(line.fault for line in lines):
        return 400
    given = {line.item.item: record_of(line) for line in lines if line.answer != "unknown" or line.item.item in known}
    try:
        save_answers(
            link.vendor, given, seen={line.item.item: line.seen for line in lines},
            by=f"{link.vendor.name} by its link", now=timezone.now(), confirmed=confirmed_in(lines),
        )  # fmt: skip
    except Conflict as conflict:
        mark(lines, conflict)
        return 409
    keep_uploads(link.vendor, lines, by=f"{link.vendor.name} by its link", link=link)
    for line in lines:
        line.seen = digest(given.get(line.item.item))
    return 200


def _save_what_can_be(link: QuestionnaireLink, lines: list[Line], known: dict) -> None:
    """Save each line that has no fault and that nobody else answered meanwhile; the others say what is the matter.

    The whole page comes with each answer, so what was given while the connection was lost is saved with the next one.
    """
    sound = [line for line in lines if not line.fault]
    if _saved(link, sound, known) == 409:
        _saved(link, [line for line in sound if not line.theirs], known)


def _replied(request: HttpRequest, link: QuestionnaireLink, token: str) -> HttpResponse:
    form = ReplyForm(request.POST)
    known = {one.item: one for one in answers_of(link.vendor)}
    lines = [standing(item, known.get(item.item)) for item in items()]
    if not form.is_valid():
        return _page(request, link, token, lines, form=form, status=400)
    if link.vendor.replies.count() >= MOST_REPLIES:
        return problem(
            request,
            429,
            gettext("Too many objections"),
            gettext("At most %(most_replies)s are kept. Talk to whoever sent you the link.")
            % {"most_replies": MOST_REPLIES},
        )
    VendorReply.objects.create(
        vendor=link.vendor, filed_at=timezone.now().replace(microsecond=0), by=f"{link.vendor.name} by its link"[:200],
        **form.cleaned_data,
    )  # fmt: skip
    return redirect("ask", token=token)


def _page(
    request: HttpRequest,
    link: QuestionnaireLink,
    token: str,
    lines: list[Line],
    *,
    form: ReplyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    _with_files(link, lines)
    context = {
        "vendor": link.vendor, "link": link, **_files(link), "token": token, "lines": lines, "form": form or ReplyForm(),
        "replies": link.vendor.replies.all(), "conflict": status == 409, "fault": status == 400 and form is None, **_progress(link),
    }  # fmt: skip
    return render(request, "questionnaire/ask.html", context, status=status)


def _files(link: QuestionnaireLink) -> dict[str, object]:
    """What the vendor brought by this link, and nobody else's."""
    return {"files": link.evidence_files.all(), "of_items": True}


def _with_files(link: QuestionnaireLink, lines: list[Line]) -> None:
    held = store.of_items(link.vendor, link=link)
    for line in lines:
        line.files = held.get(line.item.item, [])


@public
@limited
@require_safe
def own_file(request: HttpRequest, token: str, uid: str) -> HttpResponse | FileResponse:
    """A file the vendor brought by this link, to be saved."""
    link = _open_link(token)
    if link is None:
        return _private(problem(request, 410, "This link is no longer good", GONE))
    with inside(link.workspace):
        row = get_object_or_404(link.evidence_files.kept().select_related("workspace"), uid=uid)
        return _private(handed_out(row) or problem(request, 410, "The file is gone", "Send it again."))


@public
@limited
@require_POST
def settle_file(request: HttpRequest, token: str, uid: str, act: str) -> HttpResponse:
    """The vendor takes back a file it brought by this link, or brings it back."""
    link = _open_link(token)
    if link is None:
        return _private(problem(request, 410, "This link is no longer good", GONE))
    with inside(link.workspace), audit.acting(_actor(link)):
        row = get_object_or_404(link.evidence_files, uid=uid)
        try:
            store.remove(row, now=timezone.now()) if act == "remove" else store.restore(row)
        except Refused as refusal:
            return _private(problem(request, 409, gettext("It cannot be brought back"), sentence(refusal)))
    return _private(redirect(reverse("ask", args=[token]) + "#files"))


def _open_link(token: str) -> QuestionnaireLink | None:
    """The link of that token, whosever it is; None where there is none or it is no longer good."""
    everyones = QuestionnaireLink.objects.with_scopes_disabled().select_related("vendor", "workspace")
    link = everyones.filter(token_sha256=token_digest(token)).first()
    return link if link is not None and link.is_open(timezone.now()) else None


def _actor(link: QuestionnaireLink) -> audit.Actor:
    return audit.Actor(name=f"{link.vendor.name} by its link"[:200], via="link", workspace=link.workspace)


def _progress(link: QuestionnaireLink) -> dict[str, int]:
    return {"done": sum(one.answer != "unknown" for one in answers_of(link.vendor)), "all": len(items())}


def _seen(link: QuestionnaireLink) -> None:
    QuestionnaireLink.objects.filter(pk=link.pk).update(last_used_at=timezone.now())


def _private(response: HttpResponse) -> HttpResponse:
    """The token stands in the address: it is told to nobody, kept nowhere, and listed by no search."""
    response["Referrer-Policy"] = (
        "same-origin"  # with no-referrer a browser sends its forms without an origin, and CSRF refuses them
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response
