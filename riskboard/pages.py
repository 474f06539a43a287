"""Error pages that say what happened and what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from riskboard.accounts import events
from riskboard.database_faults import is_away

AGAIN = 5  # seconds after which a database that was away is worth another try


def problem(request: HttpRequest, status: int, title: str, advice: str) -> HttpResponse:
    """A page for a failure: what happened, and what to do; for the API the same as RFC 9457."""
    if request.path.startswith("/api/"):
        body = {"title": title, "status": status, "detail": advice}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    return render(request, "problem.html", {"status": status, "title": title, "advice": advice}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return problem(request, 400, _("That request cannot be read"), _("Go back, reload the page and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return problem(
        request, 403, _("That is not allowed"), _("Reload the page you came from; its form may have grown old.")
    )


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without the token of this browser's session: grown old, cookies off, or sent from another site."""
    advice = _(
        "Nothing was changed. Go back, reload the page, and send the form again; cookies must be allowed for this site."
    )
    events.refused(request, "a form without its token")
    return problem(request, 403, _("The form has grown old"), advice)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return problem(request, 404, _("There is nothing here"), _("Check the address, or start from the list of vendors."))


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 with a time to try again where the fault being handled says that the database is away."""
    away = is_away(sys.exc_info()[1])
    status = 503 if away else 500
    title, advice = _("Something broke on our side"), _("Try again in a minute; the log on the server says more.")
    if away:
        title = _("The database does not answer")
        advice = _(
            "Try again in a few seconds. What was sent just now may not have been saved: look before it is sent again."
        )
    if request.path.startswith("/api/"):
        answer = problem(request, status, title, advice)
    else:
        # Without the request nobody is looked up: the page comes even where the database is what broke.
        page = render_to_string("problem.html", {"status": status, "title": title, "advice": advice})
        answer = HttpResponse(page, status=status)
    if away:
        answer["Retry-After"] = str(AGAIN)
    return answer


def worded(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a refusal that came without a word gets the page that says what to do; its headers stay."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code < 400 or response.streaming or response.content:  # type: ignore[attr-defined]
            return response
        title, advice = _wordless(response.status_code)
        said = problem(request, response.status_code, title, advice)
        for name, value in response.items():
            if name not in ("Content-Type", "Content-Length"):
                said[name] = value
        said.cookies.update(response.cookies)
        return said

    return answer


def _wordless(status: int) -> tuple[str, str]:
    """What happened and what to do, for refusals the framework gives without words."""
    if status == 405:
        return _("This address takes a form, not a visit"), _(
            "Go back to the page with the form, and press its button."
        )
    if status == 413:
        return _("That is too large"), _("Nothing was changed. Send less at once; docs/limits.md has every limit.")
    if status >= 500:
        return _("Something broke on our side"), _("Try again in a minute; the log on the server says more.")
    return _("That request cannot be answered"), _("Nothing was changed. Go back, reload the page and try again.")
