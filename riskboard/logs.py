"""Logs: one JSON object a line in production, a plain line elsewhere; each with the request or job it belongs to.

Nothing secret is written: addresses lose their passwords, tokens of ours are cut, and a request is named by its route, since a
path may hold somebody's link.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponseBase

Event = structlog.typing.EventDict
about = structlog.contextvars.bound_contextvars  # `with about(request_id=...)`: what every line written meanwhile bears
REQUESTS, SECURITY = "riskboard.requests", "riskboard.security"
PROBES = ("healthz", "readyz", "readyz-web", "metrics")  # asked every few seconds; not worth a line
_requests = logging.getLogger(REQUESTS)
_PASSWORD = re.compile(r"(?<=://)[^/@\s:]{0,200}:[^/@\s]{1,200}@")
_TOKEN = re.compile(r"\b(rb_|whsec_)[A-Za-z0-9_-]{4,}|(?i:(?<=bearer )\S+)|(?<=token=)[^&\s\"']+")


def by_route(logger: Any, method: str, event: Event) -> Event:
    """The event with its request, if Django gave one along, named by route instead of by path."""
    request = event.pop("request", None)
    if isinstance(request, HttpRequest) and isinstance(event.get("event"), str):
        event["event"] = event["event"].replace(request.path, _route(request))
    return event


def _route(request: HttpRequest) -> str:
    return request.resolver_match.route if request.resolver_match else "no such route"


def without_secrets(logger: Any, method: str, event: Event) -> Event:
    """The event with passwords in addresses and tokens cut from every text of it."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _TOKEN.sub(lambda found: f"{found.group(1) or ''}[cut]", _PASSWORD.sub("[cut]@", value))
    return event


_BEFORE = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    by_route,
    without_secrets,
)


def configuration(*, as_json: bool, level: str) -> dict[str, Any]:
    """The LOGGING of Django, of gunicorn and, through Django, of Celery. Requests and sign-ins are told whatever the level."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "structlog.stdlib.ProcessorFormatter",
                "foreign_pre_chain": list(_BEFORE),
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _rendered(as_json)],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            REQUESTS: {"level": "INFO" if as_json else "WARNING"},
            SECURITY: {"level": "INFO"},
            "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        },
    }


def _rendered(as_json: bool) -> Any:
    return structlog.processors.JSONRenderer() if as_json else _plain


def _plain(logger: Any, method: str, event: Event) -> str:
    """2026-01-02T03:04:05Z WARNING riskboard.jobs what happened key=value"""
    head = [str(event.pop(name, "")) for name in ("timestamp", "level", "logger", "event")]
    head[1] = head[1].upper()
    trace = event.pop("exception", None)
    told = " ".join([*filter(None, head), *(f"{name}={event[name]}" for name in sorted(event))])
    return f"{told}\n{trace}" if trace else told


def requests(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a line for each request when its answer is made, with route, status, milliseconds, workspace and id."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        if match is None or match.view_name not in PROBES:
            took = round((time.perf_counter() - begun) * 1000, 1)
            asking = getattr(request, "who", None)
            told = {
                "request_id": response.headers.get("X-Request-ID", ""),
                "method": (request.method or "")[:10],
                "route": _route(request),
                "status": response.status_code,
                "ms": took,
                "workspace": str(asking.workspace.uid) if asking and asking.workspace else None,
            }
            _requests.info("request", extra=told)
        return response

    return answer
