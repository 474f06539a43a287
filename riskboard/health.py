"""Whether this process lives, and whether it can do its work; and the headers every answer bears."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from riskboard.accounts.access import public

UNUSED = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb",
)  # fmt: skip
HEADERS = {
    "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED),
    "Cross-Origin-Resource-Policy": "same-origin",
}
_current = False  # a schema that is current stays so while this process lives


def safe_headers(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: no page, file or error may use a device or be embedded elsewhere; what a view said itself stays."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return answer


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive; touches no database."""
    return JsonResponse({"status": "ok"})


@public
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Able to answer: the database does, and its schema is this code's; else 503 and what is missing, in a word.

    The broker is not asked: it only wakes workers, and jobs are rows (ADR 5).
    """
    missing = _missing()
    return JsonResponse({"status": missing or "ok"}, status=503 if missing else 200)


def _missing() -> str:
    """What it is not ready for: "database", "schema", or "" for nothing."""
    global _current
    try:
        if not _current:
            executor = MigrationExecutor(connection)
            _current = not executor.migration_plan(executor.loader.graph.leaf_nodes())
            return "" if _current else "schema"
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "database"
    return ""
