"""What a log must tell of sign-ins and refusals (OWASP ASVS 5.0, 16.3): one line each, by the logger `riskboard.security`.

A line names the event, the account by its number or by the start of a digest, and the address it came from; never what was typed.
docs/operations.md lists the events.
"""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.mfa import signals as mfa
from django.contrib.auth import signals
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

LOGGER = "riskboard.security"
KEPT_OUT = {413: "too large", 429: "asked too often"}
_log = logging.getLogger(LOGGER)


def told(
    event: str, request: HttpRequest | None, *, user: Any = None, level: int = logging.INFO, **more: object
) -> None:
    """Write that line. The request's id is in it, if there is one."""
    fields = {"address": _address(request), "request_id": getattr(request, "request_id", ""), **more}
    if user is not None:
        fields["person"] = user.pk
    _log.log(level, event, extra=fields)


def _address(request: HttpRequest | None) -> str:
    """Where it came from, seen through our own proxies; "" where that is not known."""
    try:
        return "" if request is None else get_adapter(request).get_client_ip(request)
    except PermissionDenied:
        return ""


def refused(request: HttpRequest, why: str, **more: object) -> None:
    """Somebody was not let to what they asked for."""
    user = request.user if request.user.is_authenticated else None
    told("access refused", request, user=user, level=logging.WARNING, why=why, **more)


def kept_out(request: HttpRequest, response: HttpResponseBase) -> None:
    """A line for an answer that kept something out besides a right: asked too often, too large, a file that is not what it must be."""
    why = KEPT_OUT.get(response.status_code, "")
    if response.status_code == 400 and request.content_type == "multipart/form-data":
        why = "a form with a file was not taken"
    if why:
        refused(request, why)


def watch() -> None:
    """Write a line for each sign-in, refused sign-in and change of what one signs in with."""
    signals.user_logged_in.connect(_signed_in, dispatch_uid="log sign-in")
    signals.user_logged_out.connect(_signed_out, dispatch_uid="log sign-out")
    signals.user_login_failed.connect(_not_signed_in, dispatch_uid="log refused sign-in")
    mfa.authentication_failed.connect(_wrong_factor, dispatch_uid="log refused factor")
    for signal, event in (
        (account.password_changed, "password changed"), (account.password_reset, "password reset"),
        (account.email_changed, "address changed"), (mfa.authenticator_added, "second factor added"),
        (mfa.authenticator_removed, "second factor removed"), (mfa.authenticator_reset, "recovery codes made anew"),
    ):  # fmt: skip
        signal.connect(_changed(event), dispatch_uid=f"log {event}", weak=False)


def _signed_in(request: HttpRequest | None, user: Any, **_: Any) -> None:
    told("signed in", request, user=user)


def _signed_out(request: HttpRequest | None, user: Any, **_: Any) -> None:
    if user is not None:  # a session that had ended already
        told("signed out", request, user=user)


def _not_signed_in(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    name = str(credentials.get("email") or credentials.get("username") or "").casefold()
    account_digest = hashlib.sha256(name.encode()).hexdigest()[
        :12
    ]  # tries at one account can be counted, and no address is kept
    told("sign-in refused", request, level=logging.WARNING, account=account_digest)


def _wrong_factor(request: HttpRequest, user: Any, **_: Any) -> None:
    told("second factor refused", request, user=user, level=logging.WARNING)


def _changed(event: str) -> Any:
    def tell(request: HttpRequest | None, user: Any, **_: Any) -> None:
        told(event, request, user=user)

    return tell
