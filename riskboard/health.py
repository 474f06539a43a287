"""Whether this process lives, and whether it can do its work; and the headers every answer bears."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from riskboard.accounts.access import public, request_id

UNUSED = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb",
)  # fmt: skip
HEADERS = {
    "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED),
    "Cross-Origin-Resource-Policy": "same-origin",
}
PLAIN = "Ask again at https://. A token that was sent without TLS may have been read: end it, and make another."
PROBES = ("healthz", "readyz", "readyz/web", "metrics")
DEADLINE = 5.0  # seconds; then the database counts as gone
BEAT_SILENCE = timedelta(seconds=90)  # quality bar R24; beat speaks every five seconds
QUEUE_LATE = timedelta(minutes=30)  # twice the shortest interval between two looks at a page
_asker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="readiness")
_born = time.monotonic()
_current = False  # a schema that is current stays so while this process lives


def safe_headers(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: no page, file or error may use a device or be embedded elsewhere; what a view said itself stays."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return answer


def api_by_tls(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: where TLS is asked for, a program that calls the API without is refused, not led on.

    A redirect would work, so that nobody noticed a token that travels in the open each time (OWASP ASVS 5.0, 4.1.2).
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if not settings.SECURE_SSL_REDIRECT or not request.path_info.startswith("/api/") or request.is_secure():
            return get_response(request)
        told = {"title": "The API is asked over TLS", "status": 403, "detail": PLAIN}
        return JsonResponse(told, status=403, content_type="application/problem+json")

    return answer


def probes(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: what balancers and monitors ask is answered here, whatever name or scheme they call us by.

    They ask a process by its address, over plain HTTP: a check of the host or a redirect would make a healthy one look dead.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.strip("/") not in PROBES:
            return get_response(request)
        try:
            request.resolver_match = resolve(request.path_info)
        except Resolver404:
            return get_response(request)
        response = request.resolver_match.func(request)
        response["X-Request-ID"] = request_id(request)
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
    """Whether the whole installation does its work, for a monitor: as `readyz_web`, and beat is heard, and no queue stands still.

    503 and what is missing in a word: "database", "schema", "beat" or "queue"; within DEADLINE seconds whatever the database does.
    """
    return _told(_within(lambda: _missing() or _standing_still()))


@public
@never_cache
@require_safe
def readyz_web(request: HttpRequest) -> HttpResponse:
    """Whether this process can answer, for a balancer: the database does, and its schema is this code's.

    Workers that stand still are no reason to send people away. The broker is not asked: it only wakes workers, jobs are rows (ADR 5).
    """
    return _told(_within(_missing))


def _told(missing: str) -> HttpResponse:
    return JsonResponse({"status": missing or "ok"}, status=503 if missing else 200)


def _within(ask: Callable[[], str]) -> str:
    """What `ask` says, or "database" where it takes longer than DEADLINE: a connection that is half open answers never.

    On a server's database it is asked by a thread with a connection of its own, one question at a time.
    """
    if connection.vendor == "sqlite":
        return ask()
    asked = _asker.submit(_with_own_connection, ask)
    try:
        return asked.result(timeout=DEADLINE)
    except FutureTimeout:
        asked.cancel()  # it may not have begun, behind another that hangs
        return "database"


def _with_own_connection(ask: Callable[[], str]) -> str:
    try:
        return ask()
    finally:
        connection.close()


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


def _standing_still() -> str:
    """Whether background work goes on: "beat", "queue", or "" where it does."""
    from riskboard.jobs import queue
    from riskboard.jobs.models import Job

    now = timezone.now()
    try:
        silence = queue.silence(now=now)
        oldest = Job.anyone.due(now=now).order_by().aggregate(at=Min("due_at"))["at"]
    except DatabaseError:
        return "database"
    if silence is None:  # never heard: it may not have been started yet
        return "beat" if time.monotonic() - _born > BEAT_SILENCE.total_seconds() else ""
    if silence > BEAT_SILENCE:
        return "beat"
    return "queue" if oldest is not None and now - oldest > QUEUE_LATE else ""
