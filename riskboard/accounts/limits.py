"""How often one address may open links without an account, and one person bring in files or ask for reports."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from rest_framework.throttling import SimpleRateThrottle

from riskboard.errors import Refused
from riskboard.pages import problem
from riskboard.phrasebook import said

SECONDS = {"s": 1, "m": 60, "h": 3600}


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
            request,
            429,
            gettext("Too many requests from your address"),
            gettext("Wait %(wait)s seconds, then reload the page.") % {"wait": wait},
        )
        answer["Retry-After"] = str(wait)
        return answer

    return checked


class TooOften(Refused):
    """Asked for too often. `wait`: after how many seconds it may be asked for again."""

    def __init__(self, message: str, *, wait: int) -> None:
        super().__init__(message)
        self.wait = wait


class ByPerson(SimpleRateThrottle):
    """So many of one thing in so many seconds for each asker (a person, a token) of each workspace."""

    def __init__(self, what: str, count: int, seconds: int) -> None:
        self.what, self.num_requests, self.duration = what, count, seconds  # no super(): its rates are a request's

    def get_cache_key(self, request: Any, view: Any) -> str:
        """The asker, for that thing and that length of time."""
        asking = request.who
        workspace = asking.workspace.pk if asking.workspace else 0
        who = f"{workspace}:{asking.key}".replace(" ", "_")
        return f"spent_{self.what}_{self.duration}_{who}"


def spend(request: HttpRequest, what: str) -> None:
    """Count one of those ("imports", "reports") against the asker's rates. Raises TooOften; nothing is counted then."""
    rates = {"imports": settings.IMPORT_RATE, "reports": settings.REPORT_RATE}[what]
    throttles = [ByPerson(what, *_rate(text.strip())) for text in rates.split(",")]
    for one in throttles:
        key = one.get_cache_key(request, None)
        one.history = [at for at in one.cache.get(key, []) if at > one.timer() - one.duration]
        if len(one.history) >= one.num_requests:
            wait = max(1, math.ceil(one.history[one.num_requests - 1] + one.duration - one.timer()))
            raise TooOften(_at_most(what, one.num_requests, one.duration), wait=wait)
    for one in throttles:
        one.cache.set(one.get_cache_key(request, None), [one.timer(), *one.history], one.duration)


def _rate(text: str) -> tuple[int, int]:
    """(how many, in how many seconds) of "3/10s" or "20/hour". Raises ValueError."""
    found = re.fullmatch(r"(\d+)/(\d*)([smh])[a-z]*", text)
    if found is None:
        raise ValueError(f"{text!r} is no rate; write it like 3/10s")
    count, times, unit = found.groups()
    return int(count), int(times or 1) * SECONDS[unit]


def _at_most(what: str, count: int, seconds: int) -> str:
    """The rate in words. Each is a sentence of its own, so that it can be said in any language."""
    if what == "reports":
        return (
            f"at most {count} reports in an hour"
            if seconds == SECONDS["h"]
            else f"at most {count} reports in {seconds} seconds"
        )
    return (
        f"at most {count} files in an hour"
        if seconds == SECONDS["h"]
        else f"at most {count} files in {seconds} seconds"
    )


def too_often(request: HttpRequest, refusal: TooOften) -> HttpResponse:
    """429 with the seconds to wait, in the reader's language."""
    answer = problem(
        request,
        429,
        gettext("That was asked for too often"),
        gettext("Nothing was done: %(refusal)s. Wait %(wait)s seconds.")
        % {"refusal": said(str(refusal)), "wait": refusal.wait},
    )
    answer["Retry-After"] = str(refusal.wait)
    return answer


def limited_imports(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, answering 429 with the seconds to wait to who brings in too many files. Only what carries a file counts."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST" or not request.FILES:
            return view(request, *args, **kwargs)
        try:
            spend(request, "imports")
        except TooOften as refusal:
            wait = refusal.wait
        else:
            return view(request, *args, **kwargs)
        answer = problem(
            request, 429, gettext("That is enough files for now"),
            gettext("Nothing was taken and nothing was changed; the file is still with you. Bring it again in %(minutes)s minutes.")
            % {"minutes": math.ceil(wait / 60)},
        )  # fmt: skip
        answer["Retry-After"] = str(wait)
        return answer

    return checked
