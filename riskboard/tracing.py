"""Traces by OpenTelemetry, for who collects them: off unless OTEL_EXPORTER_OTLP_ENDPOINT names a collector (docs/operations.md).

The library's own instrumentation makes the spans; what may hold a secret is cut out of them before anything leaves the process.
"""

from __future__ import annotations

import logging
import os
from typing import Any

logger = logging.getLogger(__name__)
ADDRESSES = frozenset(  # a path or query may hold a token, and who asks is nobody's business
    {
        "http.url", "http.target", "http.user_agent", "http.client_ip", "net.peer.ip", "net.peer.name",
        "url.full", "url.path", "url.query", "user_agent.original", "client.address", "network.peer.address",
    }
)  # fmt: skip
CUT = "[cut]"
_started = False


def wanted() -> bool:
    """Whether the operator named a collector."""
    named = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    return any(os.environ.get(name) for name in named) and os.environ.get("OTEL_SDK_DISABLED", "").lower() != "true"


def start(service: str) -> bool:
    """Trace this process from now on, under that name, if a collector is named; whether it is traced.

    Before Django loads its middleware, and in a child after it was forked: the sender is a thread. Where the packages are missing, one
    line in the log says so, and everything goes on without.
    """
    global _started
    if _started or not wanted():
        return _started
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        logger.warning("OTEL_EXPORTER_OTLP_ENDPOINT is set, but its packages are not installed: scripts/setup.sh full")
        return False
    instrument(service, BatchSpanProcessor(OTLPSpanExporter()))
    _started = True
    return True


def instrument(service: str, sender: Any) -> Any:
    """Make spans of requests and tasks and give them to `sender`, a span processor; returns the tracer provider."""
    from django.conf import settings
    from opentelemetry.instrumentation.celery import CeleryInstrumentor
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    # Read here: the library would put empty settings in the place of ones that refuse to load. And behind the probes, which answer by
    # whatever name they are called.
    place = settings.MIDDLEWARE.index("riskboard.health.probes") + 1

    provider = TracerProvider(resource=Resource.create({"service.name": f"riskboard-{service}"}))
    provider.add_span_processor(sender)
    DjangoInstrumentor().instrument(
        tracer_provider=provider,
        middleware_position=place,
        request_hook=without_addresses,
        response_hook=without_addresses,
    )
    CeleryInstrumentor().instrument(tracer_provider=provider)
    return provider


def without_addresses(span: Any, *_: object) -> None:
    """Cut what may hold a secret out of a request's span: when it has begun, and before it ends."""
    if span.is_recording():
        for name in ADDRESSES & set(span.attributes or {}):
            span.set_attribute(name, CUT)
