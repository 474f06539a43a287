"""Error pages that say what happened and what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def problem(request: HttpRequest, status: int, title: str, advice: str) -> HttpResponse:
    """A page for a failure: what happened, and what to do; for the API the same as RFC 9457."""
    if request.path.startswith("/api/"):
        body = {"title": title, "status": status, "detail": advice}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    return render(request, "problem.html", {"status": status, "title": title, "advice": advice}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return problem(request, 400, "That request cannot be read", "Go back, reload the page and try again.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return problem(request, 403, "That is not allowed", "Reload the page you came from; its form may have grown old.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return problem(request, 404, "There is nothing here", "Check the address, or start from the list of vendors.")


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return problem(
        request, 500, "Something broke on our side", "Try again in a minute; the log on the server says more."
    )
