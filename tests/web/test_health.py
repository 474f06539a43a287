"""Alive, ready, and the headers every answer bears."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client, override_settings

from riskboard import health

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


def test_alive_asks_nothing_of_the_database():  # no database fixture: a query would fail here
    assert Client().get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_once_the_schema_is_current_and_then_with_one_query(django_assert_num_queries):
    client = Client()
    assert client.get("/readyz").json() == {"status": "ok"}
    with django_assert_num_queries(1):
        again = client.get("/readyz")
    assert again.status_code == 200
    assert "no-store" in again.headers["Cache-Control"]


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(monkeypatch):
    monkeypatch.setattr(
        "riskboard.health.MigrationExecutor.migration_plan", lambda self, targets: [("vendors", "0099")]
    )
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "schema"})


@pytest.mark.django_db
@pytest.mark.parametrize("current", [True, False])
def test_not_ready_while_the_database_does_not_answer_and_nothing_of_it_is_told(monkeypatch, current):
    def down(*args, **kwargs):
        raise OperationalError("could not connect to db.internal as riskboard")

    monkeypatch.setattr(health, "_current", current)
    monkeypatch.setattr("riskboard.health.connection.cursor", down)
    monkeypatch.setattr("riskboard.health.MigrationExecutor", down)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "database"})


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
