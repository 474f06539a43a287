"""Making and ending links, and what they show to whoever holds one."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import F
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Followed, Report, SharedLink, ShareKind
from assessments.report.charts import badge
from assessments.sharing.calendar import feed
from riskboard.accounts.access import public
from riskboard.accounts.limits import limited
from riskboard.accounts.models import digest, new_secret
from riskboard.accounts.scope import inside
from riskboard.pages import problem

DAYS = (7, 30, 90)  # for which a report may be shared
LISTED = 200
KEPT_SECONDS = 3600  # badges and calendars may be kept by whoever fetches them
ROUTES = {ShareKind.REPORT: "shared-report", ShareKind.BADGE: "shared-badge", ShareKind.CALENDAR: "shared-calendar"}


class DaysForm(forms.Form):
    """For how long."""

    days = forms.TypedChoiceField(coerce=int, choices=[(days, str(days)) for days in DAYS])


@require_safe
@never_cache
def links(request: HttpRequest) -> HttpResponse:
    """Every link that was made, and what can be shared."""
    context = {
        "links": SharedLink.objects.select_related("report", "vendor")[:LISTED],
        "now": timezone.now(),
        "made": request.session.pop("shared_link", None),
        "followed": Followed.objects.shown()[:LISTED],
    }
    return render(request, "sharing/links.html", context)


@require_POST
def share_report(request: HttpRequest, uid: str) -> HttpResponse:
    """A link to one report, for some days."""
    report = get_object_or_404(Report, uid=uid)
    form = DaysForm(request.POST)
    if not form.is_valid():
        return problem(
            request, 400, gettext("For how long?"), gettext("Choose %(map)s days.") % {"map": ", ".join(map(str, DAYS))}
        )
    return _made(request, ShareKind.REPORT, report=report, days=form.cleaned_data["days"])


@require_POST
def share_badge(request: HttpRequest) -> HttpResponse:
    """A badge of one vendor that is followed, until it is ended."""
    row = get_object_or_404(Followed.objects.select_related("vendor"), vendor__slug=request.POST.get("vendor", ""))
    return _made(request, ShareKind.BADGE, vendor=row.vendor)


@require_POST
def share_calendar(request: HttpRequest) -> HttpResponse:
    """The calendar's address, until it is ended."""
    return _made(request, ShareKind.CALENDAR)


def _made(request: HttpRequest, kind: ShareKind, *, days: int | None = None, **of: object) -> HttpResponse:
    _, url = new_link(kind, by=request.who.name, days=days, **of)
    request.session["shared_link"] = {"kind": str(kind), "url": url}
    return redirect("links")


def new_link(kind: ShareKind, *, by: str, days: int | None = None, **of: object) -> tuple[SharedLink, str]:
    """A link of that kind, `of` a report or a vendor, and its address, which is known only now. `days` None: until it is ended."""
    secret = new_secret()
    ends = None if days is None else timezone.now() + timedelta(days=days)
    made = SharedLink.objects.create(kind=kind, token_sha256=digest(secret), expires_at=ends, made_by=by[:200], **of)
    return made, settings.SITE_URL + reverse(ROUTES[kind], args=[secret])


@require_POST
def end(request: HttpRequest, uid: str) -> HttpResponse:
    """End a link, at once."""
    found = get_object_or_404(SharedLink, uid=uid)
    found.revoked_at = found.revoked_at or timezone.now()
    found.save()
    messages.success(request, gettext("The link works no more."))
    return redirect("links")


def _opened(token: str, kind: ShareKind) -> SharedLink | None:
    """The link, if it is good; its use is counted."""
    now = timezone.now()
    everyones = SharedLink.objects.with_scopes_disabled()
    found = (
        everyones.filter(token_sha256=digest(token), kind=kind).select_related("report", "vendor", "workspace").first()
    )
    if found is None or not found.is_open(now):
        return None
    everyones.filter(pk=found.pk).update(last_used_at=now, uses=F("uses") + 1)
    return found


@public
@limited
@require_safe
@never_cache
def shared_report(request: HttpRequest, token: str) -> HttpResponse:
    """The file. A link that is ended, expired or was never made gives the same answer."""
    link = _opened(token, ShareKind.REPORT)
    if link is None or link.report is None or not link.report.path.is_file():
        return _private(
            problem(
                request,
                410,
                gettext("This link is no longer good"),
                gettext("It was ended or has expired. Ask whoever sent it for a new one."),
            )
        )
    name = f"{link.report.name}-{link.report.kind}.{link.report.format}"
    return _private(FileResponse(link.report.path.open("rb"), as_attachment=True, filename=name))


@public
@limited
@require_safe
def shared_badge(request: HttpRequest, token: str) -> HttpResponse:
    """The badge as a picture."""
    row = _badge_of(token)
    if row is None:
        return _private(HttpResponse(gettext("This badge is no longer good."), status=410, content_type="text/plain"))
    newest = row.newest
    drawn = badge.badge(row.vendor.name, newest.value, newest.grade, newest.coverage)
    return _kept(HttpResponse(drawn, content_type="image/svg+xml"))


@public
@limited
@require_safe
def shared_badge_json(request: HttpRequest, token: str) -> HttpResponse:
    """The same for shields.io and others that read its endpoint format."""
    row = _badge_of(token)
    if row is None:
        return _private(
            JsonResponse({"schemaVersion": 1, "label": badge.LABEL, "message": "gone", "isError": True}, status=410)
        )
    newest = row.newest
    told = badge.words(newest.value, newest.grade, newest.coverage)
    colour = badge.colour(newest.value, newest.grade)
    return _kept(JsonResponse({"schemaVersion": 1, "label": badge.LABEL, "message": told, "color": colour.lstrip("#")}))


def _badge_of(token: str) -> Followed | None:
    link = _opened(token, ShareKind.BADGE)
    if link is None:
        return None
    with inside(link.workspace):
        return Followed.objects.with_newest().filter(vendor=link.vendor).first()


@public
@limited
@require_safe
def shared_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar, for a program that subscribes to it."""
    link = _opened(token, ShareKind.CALENDAR)
    if link is None:
        return _private(
            HttpResponse(gettext("This calendar is no longer good."), status=410, content_type="text/plain")
        )
    with inside(link.workspace):
        body = feed(now=timezone.now())
    return _kept(HttpResponse(body, content_type="text/calendar; charset=utf-8"))


def _private(response: HttpResponse | FileResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response  # type: ignore[return-value]


def _kept(response: HttpResponse) -> HttpResponse:
    _private(response)
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # it is made to stand on another page
    return response
