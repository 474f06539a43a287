"""Pages about people: the first account, joining, members, tokens, the audit trail, one's own settings."""

from __future__ import annotations

import functools
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from riskboard import languages
from riskboard.accounts import first_run
from riskboard.accounts.access import has_accounts, needs, public
from riskboard.accounts.forms import FirstAccountForm, JoinForm, ProfileForm, TokenForm
from riskboard.accounts.models import (
    ApiToken,
    AuditEntry,
    Invitation,
    Membership,
    Profile,
    Role,
    Workspace,
    digest,
    new_secret,
)
from riskboard.errors import Refused
from riskboard.pages import problem

BACKEND = "django.contrib.auth.backends.ModelBackend"
_BACK = {"/tokens/": "tokens", "/workspaces/": "workspaces"}  # where to go on after the password was given once more
GONE = gettext_lazy("This link was used, taken back, or is too old. Ask for a new one.")


def _let_in(request: HttpRequest, user: Any) -> None:
    """Sign somebody in whose link was good. Their session is listed like any other, so that it can be ended like any other."""
    login(request, user, backend=BACKEND)
    UserSession.objects.create_from_request(request)


def confirmed(view):
    """Asks for the password again after fifteen minutes; this machine without accounts has none to give.

    What was to be done is asked for again afterwards rather than kept and replayed past the checks of `access`.
    """
    guarded = reauthentication_required(view)

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return (view if request.who.local else guarded)(request, *args, **kwargs)
        except ReauthenticationRequired:
            messages.info(request, gettext("Give your password once more, then repeat what you wanted to do."))
            back = next((reverse(name) for part, name in _BACK.items() if part in request.path), reverse("people"))
            return redirect(f"{reverse('account_reauthenticate')}?next={back}")

    return checked


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Make the first account. Opens with the one-time token, or from this machine itself; closed once there is an account."""
    if has_accounts():
        return problem(
            request,
            403,
            gettext("This installation is set up"),
            gettext("Sign in, or ask its administrator for an invitation."),
        )
    given = request.POST.get("token") or request.GET.get("token", "")
    if not request.who.local and not first_run.is_right(given):
        return problem(
            request, 403, gettext("Setting up needs the one-time token"),
            gettext("The server printed a link with it when it started; it also lies in the file setup-token of its data folder."),
        )  # fmt: skip
    form = FirstAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = first_run.first_account(**form.cleaned_data)
        except Refused as refusal:
            return problem(request, 403, gettext("This installation is set up"), str(refusal))
        _let_in(request, user)
        messages.success(request, gettext("Your account is made. From now on everyone signs in."))
        return redirect("home")
    status = 400 if form.is_bound else 200
    return render(request, "accounts/setup.html", {"form": form, "token": given}, status=status)


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: with the account one has, or with a new one for the invited address."""
    found = Invitation.objects.usable(timezone.now()).filter(token_sha256=digest(token)).first()
    if found is None:
        return problem(request, 410, gettext("This invitation is no longer good"), GONE)
    known = get_user_model().objects.filter(email__iexact=found.email).first()
    if request.user.is_authenticated:
        if request.method == "POST":
            return _joined(request, found, request.user)
        return render(request, "accounts/join.html", {"invitation": found, "form": None})
    if known is not None:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    form = JoinForm(request.POST or None, email=found.email)
    if request.method == "POST" and form.is_valid():
        user = get_user_model()(username=found.email.lower()[:150], email=found.email.lower())
        user.set_password(form.cleaned_data["password"])
        return _joined(request, found, user)
    return render(
        request, "accounts/join.html", {"invitation": found, "form": form}, status=400 if form.is_bound else 200
    )


def _joined(request: HttpRequest, invitation: Invitation, user: Any) -> HttpResponse:
    with transaction.atomic():
        mine = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if mine.accepted_at is not None:
            return problem(request, 410, gettext("This invitation is no longer good"), GONE)
        if user.pk is None:
            user.save()
            first_run._own_address(user)
        mine.accepted_at = timezone.now()
        mine.save()
        Membership.objects.get_or_create(workspace=mine.workspace, user=user, defaults={"role": mine.role})
    if not request.user.is_authenticated:
        _let_in(request, user)
    request.session["workspace"] = str(mine.workspace.uid)
    messages.success(
        request,
        gettext("You are in %(workspace)s now, as %(role)s.")
        % {"workspace": mine.workspace.name, "role": gettext(mine.role)},
    )
    return redirect("home")


@require_POST
@needs(Role.VIEWER)
def choose_workspace(request: HttpRequest) -> HttpResponse:
    """Work in another of one's workspaces."""
    room = get_object_or_404(Workspace, uid=request.POST.get("workspace"), memberships__user=request.user)
    request.session["workspace"] = str(room.uid)
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Role.VIEWER)
def profile(request: HttpRequest) -> HttpResponse:
    """The time zone one person works in, and their language."""
    if request.who.local:
        return problem(
            request,
            404,
            gettext("There are no accounts yet"),
            gettext("Make the first one, and settings are kept for you."),
        )
    if request.who.user is None:
        return problem(
            request,
            404,
            gettext("These are a person's settings"),
            gettext("A token has none; it knows itself at /api/v1/me/."),
        )
    if request.method == "POST":
        mine, _is_new = Profile.objects.get_or_create(user=request.user)
    else:  # looking writes nothing
        mine = Profile.objects.filter(user=request.user).first() or Profile(user=request.user)
    form = ProfileForm(request.POST or None, instance=mine)
    if request.method == "POST" and form.is_valid():
        chosen = form.save().language
        response = redirect("profile")
        if chosen:
            languages.remember(request, response, chosen)
        else:
            languages.forget(response)
        messages.success(request, gettext("Saved."))
        return response
    return render(request, "accounts/profile.html", {"form": form}, status=400 if form.errors else 200)


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Another language from now on: kept in a cookie, and with the account of whoever is signed in. Back to the page one was on."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("home")
    response = redirect(back)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            mine, _ = Profile.objects.get_or_create(user=request.user)
            mine.language = code
            mine.save()
        languages.remember(request, response, code)
    return response


@require_safe
@needs(Role.ADMIN)
def tokens(request: HttpRequest) -> HttpResponse:
    """Keys for programs."""
    return _tokens(request, TokenForm())


def _tokens(request: HttpRequest, form: TokenForm, *, secret: str = "", status: int = 200) -> HttpResponse:
    listed = request.who.workspace.tokens.select_related("created_by")
    context = {"form": form, "secret": secret, "tokens": listed, "now": timezone.now(), "site": settings.SITE_URL}
    return render(request, "accounts/tokens.html", context, status=status)


@require_POST
@needs(Role.ADMIN)
@confirmed
@never_cache
def make_token(request: HttpRequest) -> HttpResponse:
    """Make a key and show it, once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _tokens(request, form, status=400)
    secret = f"rb_{new_secret()}"
    form.instance.workspace, form.instance.created_by = request.who.workspace, request.who.user
    form.instance.token_sha256, form.instance.hint = digest(secret), secret[-4:]
    form.instance.expires_at = form.expires_at()
    form.save()
    return _tokens(request, TokenForm(), secret=secret)


@require_POST
@needs(Role.ADMIN)
@confirmed
def revoke_token(request: HttpRequest, uid: str) -> HttpResponse:
    """End a key, at once."""
    found = get_object_or_404(ApiToken, uid=uid, workspace=request.who.workspace)
    revoke(found)
    messages.success(request, gettext("The token %(name)s works no more.") % {"name": found.name})
    return redirect("tokens")


def revoke(token: ApiToken) -> None:
    """End a key; one that was ended stays as it is."""
    token.revoked_at = token.revoked_at or timezone.now()
    token.save()


@require_safe
@needs(Role.ADMIN)
def audit_trail(request: HttpRequest) -> HttpResponse:
    """Every write in the workspace, newest first; what is asked for stands in the address."""
    page = Paginator(asked_entries(request), 50).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(request, "accounts/audit.html", {"page": page, "query": query.urlencode(), "asked": request.GET})


def asked_entries(request: HttpRequest):
    """The entries that the address asks for, newest first."""
    return entries_of(request.who.workspace, actor=request.GET.get("actor", ""), kind=request.GET.get("kind", ""))


def entries_of(workspace: Workspace, *, actor: str = "", kind: str = ""):
    """The workspace's trail: of those whose name holds that, of things of that kind. "" asks nothing."""
    entries = AuditEntry.objects.filter(workspace=workspace)
    if actor := actor[:200].replace("\0", ""):
        entries = entries.filter(actor__icontains=actor)
    if kind := kind[:60].replace("\0", ""):
        entries = entries.filter(kind=kind)
    return entries
