"""The project's addresses, and one that answers nothing: the floor of benchmarks.pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from riskboard.urls import handler400, handler403, handler404, handler500
from riskboard.urls import urlpatterns as project

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing, through the whole middleware."""
    return HttpResponse()


urlpatterns = [path("empty/", empty), *project]
