"""Alive, ready, and the headers every answer bears."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from django.utils import timezone

from riskboard import health
from riskboard.jobs import queue
from riskboard.jobs.models import Job

KINDS = [
    ("/healthz", 200),
    ("/method/", 200),
    ("/nothing-here/", 404),
    ("/api/v1/nothing", 404),
    ("/static/css/base.css", 200),
]


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch):
    monkeypatch.setattr(health, "_current", False)
    monkeypatch.setattr(
        health, "_within", lambda ask: ask()
    )  # in this test's transaction; the deadline has a test of its own
    monkeypatch.setattr(health, "_born", time.monotonic())


def test_alive_asks_nothing_of_the_database():  # no database fixture: a query would fail here
    assert Client().get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_once_the_schema_is_current_and_then_with_one_query(django_assert_num_queries):
    client = Client()
    assert client.get("/readyz/web").json() == {"status": "ok"}
    with django_assert_num_queries(1):
        again = client.get("/readyz/web")
    assert again.status_code == 200
    assert "no-store" in again.headers["Cache-Control"]


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(monkeypatch):
    monkeypatch.setattr(
        "riskboard.health.MigrationExecutor.migration_plan", lambda self, targets: [("vendors", "0099")]
    )
    for path in ("/readyz", "/readyz/web"):
        answer = Client().get(path)
        assert (answer.status_code, answer.json()) == (503, {"status": "schema"})


@pytest.mark.django_db
@pytest.mark.parametrize("current", [True, False])
def test_not_ready_while_the_database_does_not_answer_and_nothing_of_it_is_told(monkeypatch, current):
    def down(*args, **kwargs):
        raise OperationalError("could not connect to db.internal as riskboard")

    monkeypatch.setattr(health, "_current", current)
    monkeypatch.setattr("riskboard.health.connection.cursor", down)
    monkeypatch.setattr("riskboard.health.MigrationExecutor", down)
    for path in ("/readyz", "/readyz/web"):
        answer = Client().get(path)
        assert (answer.status_code, answer.json()) == (503, {"status": "database"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("silence", "waits", "age", "says"),
    [
        (5, 0, 0, "ok"),
        (89, 0, 0, "ok"),
        (92, 0, 0, "beat"),
        (None, 0, 5, "ok"),
        (None, 0, 91, "beat"),
        (5, 29, 0, "ok"),
        (5, 31, 0, "queue"),
        (92, 31, 0, "beat"),
    ],
)
def test_a_monitor_hears_when_background_work_stands_still_and_a_balancer_does_not(
    monkeypatch, silence, waits, age, says
):
    now = timezone.now()
    if silence is not None:
        queue.heard(queue.TICK, now=now - timedelta(seconds=silence))
    if waits:
        Job.anyone.create(kind="test", queue="score", due_at=now - timedelta(minutes=waits))
    monkeypatch.setattr(health, "_born", time.monotonic() - age)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200 if says == "ok" else 503, says)
    assert Client().get("/readyz/web").status_code == 200


@pytest.mark.parametrize("path", ["/readyz", "/readyz/web"])
def test_a_database_that_never_answers_is_told_within_the_deadline(monkeypatch, path):
    answers = threading.Event()
    monkeypatch.undo()
    monkeypatch.setattr(health, "DEADLINE", 0.2)
    monkeypatch.setattr(health.connection, "vendor", "postgresql")
    monkeypatch.setattr(health.connection, "close", lambda: None)
    monkeypatch.setattr(health, "_missing", lambda: answers.wait(20) and "")
    try:
        for _ in range(3):  # the questions behind the one that hangs wait no longer than it
            begun = time.monotonic()
            answer = Client().get(path)
            assert (answer.status_code, answer.json()) == (503, {"status": "database"})
            assert time.monotonic() - begun < 5
    finally:
        answers.set()


@pytest.mark.parametrize("path", ["/healthz", "/readyz/web", "/readyz"])
@pytest.mark.django_db
@override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["riskboard.example"])
def test_probes_answer_by_address_and_over_plain_http(path):
    answer = Client(headers={"host": "10.0.0.7:8000"}).get(path)
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
@override_settings(SECURE_SSL_REDIRECT=True, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"))
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/api/v1/vendors/", {}, 403),
        ("/api/v1/vendors/", {"X-Forwarded-Proto": "http"}, 403),
        ("/api/v1/vendors/", {"X-Forwarded-Proto": "https"}, 200),
        ("/vendors/", {}, 301),
        ("/api-docs/", {}, 301),
    ],
)
def test_without_tls_people_are_led_on_and_programs_are_refused(path, headers, status):
    answer = Client().get(path, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "end it, and make another" in answer.json()["detail"]
        assert "camera=()" in answer.headers["Permissions-Policy"]


@pytest.mark.django_db
@override_settings(ALLOWED_HOSTS=["riskboard.example"])
@pytest.mark.parametrize("path", ["/healthz/x", "/readyz/web/x", "/"])
def test_nothing_else_does(path):
    assert Client(headers={"host": "10.0.0.7:8000"}).get(path).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), KINDS)
def test_every_kind_of_answer_bears_the_headers(path, status):
    answer = Client().get(path)
    answer.close()  # a file's handle is the server's to close
    assert answer.status_code == status
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.django_db
@override_settings(DEBUG=False)
def test_an_error_of_ours_bears_them_too(monkeypatch):
    monkeypatch.setattr("assessments.views.pages.method_page", lambda: 1 / 0)
    answer = Client(raise_request_exception=False).get("/method/")
    assert answer.status_code == 500
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_a_web_process_has_loaded_every_view_before_it_is_asked_for_any():
    code = "import sys, riskboard.wsgi; print(*(name in sys.modules for name in ('riskboard.urls', 'assessments.api.urls')))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True", "True"]
