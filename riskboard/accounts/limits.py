"""How often one address may ask for pages that anyone can reach, and one person bring in files."""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Callable
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.throttling import SimpleRateThrottle

from riskboard.pages import problem


class ByAddress(SimpleRateThrottle):
    """So many requests a minute for each address, as our own proxies tell it."""

    scope = "links"

    def get_rate(self) -> str:
        """As the settings say now."""
        return str(settings.LINK_RATE)

    def get_cache_key(self, request: Any, view: Any) -> str:
        """The address that asks."""
        return self.cache_format % {"scope": self.scope, "ident": get_client_ip(request) or "unknown"}


def limited(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, answering 429 with the seconds to wait to an address that asks too often: nobody tries tokens here."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        throttle = ByAddress()
        if throttle.allow_request(request, None):  # type: ignore[arg-type]
            return view(request, *args, **kwargs)
        wait = round(throttle.wait() or 60)
        answer = problem(
            request, 429, "Too many requests from your address", f"Wait {wait} seconds, then reload the page."
        )
        answer["Retry-After"] = str(wait)
        return answer

    return checked


class Imports(SimpleRateThrottle):
    """So many files an hour for each person, or token, of a workspace."""

    scope = "imports"

    def get_rate(self) -> str:
        """As the settings say now."""
        return str(settings.IMPORT_RATE)

    def get_cache_key(self, request: Any, view: Any) -> str:
        """Who asks."""
        who = request.who
        ident = f"{who.workspace and who.workspace.pk}-{who.user.pk if who.user else who.name}"
        return self.cache_format % {"scope": self.scope, "ident": hashlib.sha256(ident.encode()).hexdigest()[:32]}


def limited_imports(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, answering 429 with the seconds to wait to who brings in too many files. Only what carries a file counts."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" or not request.FILES:
            return view(request, *args, **kwargs)
        throttle = Imports()
        if throttle.allow_request(request, None):  # type: ignore[arg-type]
            return view(request, *args, **kwargs)
        wait = math.ceil(throttle.wait() or 60)
        answer = problem(
            request, 429, _("That is enough files for now"),
            _("Nothing was taken and nothing was changed; the file is still with you. Bring it again in %(minutes)s minutes.")
            % {"minutes": math.ceil(wait / 60)},
        )  # fmt: skip
        answer["Retry-After"] = str(wait)
        return answer

    return checked
