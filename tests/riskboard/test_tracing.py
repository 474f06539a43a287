"""Traces: off unless a collector is named; requests by route, without an address that may hold a token."""

from __future__ import annotations

import sys

import pytest
from django.test import Client

from riskboard import tracing

pytest.importorskip("opentelemetry.instrumentation.django")


@pytest.fixture
def spans(settings):
    """A function that tells the spans made so far; nothing is instrumented any more after the test."""
    from opentelemetry.instrumentation.celery import CeleryInstrumentor
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    settings.MIDDLEWARE = list(settings.MIDDLEWARE)
    kept = InMemorySpanExporter()
    tracing.instrument("web", SimpleSpanProcessor(kept))
    yield kept.get_finished_spans
    DjangoInstrumentor().uninstrument()
    CeleryInstrumentor().uninstrument()


@pytest.mark.django_db
def test_a_request_is_a_span_named_by_its_route_without_any_address(spans):
    Client(headers={"user-agent": "somebody"}).get("/shared/report/secret-token-of-a-link/?q=private")
    (span,) = spans()
    assert span.name == "GET shared/report/<str:token>/"
    assert span.resource.attributes["service.name"] == "riskboard-web"
    assert span.attributes["http.url"] == tracing.CUT
    assert not any(word in span.to_json() for word in ("secret-token", "private", "somebody"))


def test_probes_are_no_spans_and_answer_by_whatever_name(spans):
    assert Client(headers={"host": "10.0.0.7:8000"}).get("/healthz").status_code == 200
    assert spans() == ()


def test_a_task_is_a_span(spans):
    from riskboard.celery_app import app

    @app.task(name="traced")
    def traced() -> None:
        """Nothing: that it ran is what counts."""

    traced.apply()
    assert [span.name for span in spans()] == ["run/traced"]


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
    ],
)
def test_nothing_is_traced_unless_a_collector_is_named(monkeypatch, environment, wanted):
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_SDK_DISABLED"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert tracing.wanted() is wanted


def test_without_the_packages_a_line_says_so_and_work_goes_on(monkeypatch, caplog):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with caplog.at_level("WARNING"):
        assert tracing.start("web") is False
    assert "packages are not installed" in caplog.text
