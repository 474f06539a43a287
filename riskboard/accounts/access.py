"""Who asks, and may they: settled once for every request, before its view runs. What no view says is refused.

A view is for viewers when it reads and for analysts when it writes, unless it says otherwise with `needs` or `public`.
Until the first account exists, an installation that serves its own machine is open to that machine (ADR 12).
"""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import get_user_model, logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from riskboard import languages
from riskboard.accounts import audit, events
from riskboard.accounts.models import ROLES, ApiToken, Membership, Profile, Role, TokenScope, Workspace, digest
from riskboard.accounts.scope import inside
from riskboard.logs import about

SAFE = ("GET", "HEAD", "OPTIONS")
API = "/api/"
UNASKED = (
    "/healthz",
    "/readyz",
    "/readyz/web",
    "/metrics",
)  # who asks does not matter, or is settled there by a token of its own
IDLE, LONGEST, NOTED = timedelta(hours=12), timedelta(days=7), timedelta(minutes=5)
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,40}")
_has_accounts = False  # once there is one, there is always one: asked no more


def request_id(request: HttpRequest) -> str:
    """The id the asker gave the request, if it is a plain one, else a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Who:
    """Who asks. `role` None: nobody known. `local`: this machine itself, before any account exists. `token`: a program's, by name.

    `scope`: what a token is kept to, "" for everything. `key` names the asker among all others, whatever they are called.
    """

    user: Any = None
    workspace: Workspace | None = None
    role: str | None = None
    local: bool = False
    token: str = ""
    scope: str = ""
    key: str = ""

    def may(self, role: str) -> bool:
        """Whether their role is that one or more."""
        return self.role is not None and ROLES.index(self.role) >= ROLES.index(role)

    @property
    def is_operator(self) -> bool:
        """Whether they look after the installation: administrators of its first workspace, signed in as people."""
        return (
            self.may(str(Role.ADMIN))
            and not self.token
            and self.workspace is not None
            and self.workspace.slug == "main"
        )

    @property
    def name(self) -> str:
        """In words, for the history."""
        if self.local or self.token:
            return "this machine" if self.local else f"token {self.token}"
        return (self.user.email or self.user.get_username()) if self.user else "nobody"


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Anyone may see this page."""
    view.public = True  # type: ignore[attr-defined]
    return view


def needs(role: Role) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Only that role and those above it may."""

    def mark(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        view.needs = str(role)  # type: ignore[attr-defined]
        return view

    return mark


def scoped(*scopes: TokenScope) -> Callable[[type], type]:
    """Class decorator of an API view: tokens that are kept to one of those may use it, too."""

    def mark(view: type) -> type:
        view.scopes = frozenset(map(str, scopes))  # type: ignore[attr-defined]
        return view

    return mark


def required(view: Callable[..., HttpResponse], method: str) -> str | None:
    """The least role for that view and method; None where anyone may. Every route has an answer: a test lists them."""
    inner = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if getattr(view, "public", False) or getattr(inner, "public", False) or _module(view).startswith("allauth."):
        return None
    act = getattr(inner, (getattr(view, "actions", None) or {}).get(method.lower(), ""), None)  # of an API's view set
    said = next((found for one in (act, view, inner) if (found := getattr(one, "needs", None))), None)
    return said or str(Role.VIEWER if method in SAFE else Role.ANALYST)


def _outside_its_scope(view: Callable[..., HttpResponse], asking: Who) -> bool:
    """Whether the asker's token is kept to something else."""
    return asking.scope not in ("", *getattr(getattr(view, "cls", None), "scopes", ()))


def _module(view: Callable[..., HttpResponse]) -> str:
    inner = getattr(view, "view_class", None) or view
    return str(getattr(inner, "__module__", ""))


def has_accounts() -> bool:
    """Whether anybody has an account here."""
    global _has_accounts
    _has_accounts = _has_accounts or get_user_model().objects.exists()
    return _has_accounts


def forget_accounts() -> None:
    """Ask the database again (tests)."""
    global _has_accounts
    _has_accounts = False


def is_this_machine(request: HttpRequest) -> bool:
    """Whether the request comes from this machine itself, and not through a proxy on it."""
    if "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def who(request: HttpRequest) -> Who:
    """Who asks, and in which of their workspaces (the one last chosen, else the first)."""
    if request.user.is_authenticated:
        mine = list(Membership.objects.filter(user=request.user).select_related("workspace"))
        chosen = request.session.get("workspace")
        member = next((one for one in mine if str(one.workspace.uid) == chosen), mine[0] if mine else None)
        return Who(
            user=request.user, workspace=member and member.workspace, role=member and member.role,
            key=f"person {request.user.pk}",
        )  # fmt: skip
    if settings.OPEN_ON_THIS_MACHINE and is_this_machine(request) and not has_accounts():
        return Who(workspace=Workspace.main(), role=str(Role.ADMIN), local=True, key="this machine")
    return Who()


def by_token(request: HttpRequest) -> Who | None:
    """The program that shows a token (`Authorization: Bearer rb_...`): it may what the token's role may in its workspace.

    None where the token is not good. Whatever session comes along is ignored.
    """
    scheme, _, secret = request.headers["Authorization"].partition(" ")
    found = ApiToken.objects.select_related("workspace").filter(token_sha256=digest(secret.strip())).first()
    now = timezone.now()
    if scheme.lower() != "bearer" or found is None or not found.is_usable(now):
        return None
    found.seen(now)
    request.user = AnonymousUser()
    return Who(
        workspace=found.workspace, role=found.role, token=found.name, scope=found.scope, key=f"token {found.uid}"
    )


def _no_token(request: HttpRequest, status: int, title: str, detail: str) -> HttpResponse:
    """A refusal that a program can read (RFC 9457), with the request's id."""
    response = JsonResponse({"title": title, "status": status, "detail": detail}, status=status)
    response["Content-Type"] = "application/problem+json"
    response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="riskboard"'
    return response


class AccessMiddleware:
    """Puts `request.who` and `request.request_id` there, ends old sessions, and lets nobody past what they may not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = request_id(request)  # type: ignore[attr-defined]
        if request.path in UNASKED:
            asking: Who | None = Who()
        elif "Authorization" in request.headers:
            asking = by_token(request)
            if asking is None:
                events.refused(request, "the token is not good")
                return _no_token(
                    request,
                    401,
                    gettext("The token is not good"),
                    gettext("It is unknown, expired or ended; make another one."),
                )
            if request.method not in SAFE and not request.path.startswith(API):
                return _no_token(
                    request,
                    403,
                    gettext("Tokens write by the API"),
                    gettext("A token writes under /api/ only, where its role allows it."),
                )
        else:
            _end_old_session(request)
            asking = who(request)
        request.who = asking  # type: ignore[attr-defined]
        request.profile = _profile(asking)  # type: ignore[attr-defined]
        languages.speak(request, request.profile.language)  # type: ignore[attr-defined]
        by = audit.Actor(
            name=asking.name, via="api" if asking.token else "page", user=asking.user, workspace=asking.workspace,
            request_id=request.request_id,  # type: ignore[attr-defined]
        )  # fmt: skip
        with (
            about(request_id=request.request_id),  # type: ignore[attr-defined]
            inside(asking.workspace),
            audit.acting(by),
            timezone.override(request.profile.zone),  # type: ignore[attr-defined]
        ):
            response = self.get_response(request)
        events.kept_out(request, response)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        if asking.role is not None:
            response.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """None to go on, else the way to sign in, to set up, or a refusal."""
        least = required(view, request.method or "GET")
        if least is None:
            return None
        asking: Who = request.who  # type: ignore[attr-defined]
        from riskboard.pages import problem  # the project's own error page

        if asking.may(least) and _outside_its_scope(view, asking):
            events.refused(request, f"the token is kept to {asking.scope}")
            return _no_token(
                request,
                403,
                gettext("The token is kept to something else"),
                gettext("Its scope is %(scope)s; use another one.") % {"scope": asking.scope},
            )
        if asking.may(least):
            return self._second_factor(request, asking)

        if asking.role is not None:
            events.refused(request, f"needs {least}", role=asking.role)
            return problem(
                request,
                403,
                gettext("Your role does not allow that"),
                gettext("It takes the role %(least)s; yours is %(role)s. Ask an administrator of the workspace.")
                % {"least": gettext(least), "role": gettext(asking.role)},
            )
        if request.user.is_authenticated:
            return problem(
                request, 403, gettext("You are in no workspace"), gettext("Ask for an invitation, and open its link.")
            )
        if request.path.startswith(API):
            events.refused(request, "no token")
            return _no_token(
                request,
                401,
                gettext("Who asks?"),
                gettext("Send a token: Authorization: Bearer rb_…; people make them under Settings."),
            )
        if not has_accounts():
            return redirect("setup")
        return redirect_to_login(request.get_full_path() if request.method in SAFE else "/", reverse("account_login"))

    def _second_factor(self, request: HttpRequest, asking: Who) -> HttpResponse | None:
        if asking.local or asking.token or not (asking.workspace and asking.workspace.require_mfa):
            return None
        from allauth.mfa.utils import is_mfa_enabled

        return None if is_mfa_enabled(request.user) else redirect("mfa_index")


def _end_old_session(request: HttpRequest) -> None:
    """Sign out whoever was away for twelve hours, or signed in a week ago, or by single sign-on RISKBOARD_SSO_HOURS ago."""
    if not request.user.is_authenticated:
        return
    now = timezone.now()
    born, seen = (request.session.get(name) for name in ("born", "seen"))
    if born is None or seen is None:
        request.session["born"] = request.session["seen"] = now.timestamp()
    elif now.timestamp() - seen > IDLE.total_seconds() or now.timestamp() - born > _longest(request).total_seconds():
        logout(request)
    elif now.timestamp() - seen > NOTED.total_seconds():
        request.session["seen"] = now.timestamp()


def _longest(request: HttpRequest) -> timedelta:
    """How long a session may last: shorter where the identity provider that began it should be asked again."""
    elsewhere = any(one.get("method") == "socialaccount" for one in get_authentication_records(request, request.user))
    return min(LONGEST, timedelta(hours=settings.SSO_HOURS)) if elsewhere and settings.SSO_HOURS else LONGEST


def _profile(asking: Who) -> Profile:
    """How the person wants to see things; an unsaved default for who has said nothing."""
    return (Profile.objects.filter(user=asking.user).first() if asking.user else None) or Profile()
