"""Waiting for work: how long still, word of its end wherever one is by then; and refusals that say what to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments import waiting
from riskboard import pages
from riskboard.jobs.models import Job, State

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def job(state: str = State.RUNNING, **fields) -> Job:
    given = {"kind": "assess", "queue": "score", "args": {"target": "github"}, "due_at": timezone.now()}
    return Job(**given | {"state": state} | fields)


@pytest.mark.parametrize(
    ("progress", "seconds", "expected"),
    [
        (50, 10, "10 seconds"), (5, 10, "3 minutes"), (4, 10, ""), (99, 1000, "10 seconds"), (50, 1, ""), (100, 10, ""),
        (10, 200, "30 minutes"),
    ],
    ids=["half", "the least that is told of", "too little done", "nearly", "too soon", "done", "long"],
)  # fmt: skip
def test_the_remaining_time_is_told_once_it_can_be(progress, seconds, expected):
    running = job(progress=progress, started_at=NOW - timedelta(seconds=seconds))
    assert waiting.remaining(running, now=NOW) == expected


def test_work_that_waits_for_a_worker_has_no_remaining_time():
    assert waiting.remaining(job(State.QUEUED), now=NOW) == ""


@pytest.mark.parametrize(
    ("state", "seconds", "words"),
    [
        (State.DONE, 43, "The assessment of github is done, after 43 seconds."), (State.DONE, 9, ""), (State.CANCELLED, 60, ""),
        (State.FAILED, 2, "The assessment of github did not finish."), (State.DEAD, 2, "The assessment of github did not finish."),
    ],
)  # fmt: skip
def test_an_end_is_told_in_a_sentence(state, seconds, words):
    ended = job(state, created_at=NOW, finished_at=NOW + timedelta(seconds=seconds))
    assert waiting.told(ended) == words


def test_whoever_left_the_page_of_a_job_is_told_of_its_end_once_on_the_next_page(client):
    made = job(started_at=timezone.now())
    made.save()
    assert client.get(f"/jobs/{made.uid}/").status_code == 200
    assert "is done" not in client.get("/method/").content.decode()
    Job.objects.update(state=State.DONE, result={"report": "x"}, finished_at=made.created_at + timedelta(seconds=43))
    page = client.get("/method/").content.decode()
    assert "The assessment of github is done, after 43 seconds." in page
    assert f'href="/jobs/{made.uid}/"' in page
    assert "is done" not in client.get("/method/").content.decode()


def test_whoever_watched_the_end_is_not_told_again(client):
    made = job(started_at=timezone.now())
    made.save()
    client.get(f"/jobs/{made.uid}/")
    Job.objects.update(state=State.FAILED, error="the page answered 500")
    assert "the page answered 500" in client.get(f"/jobs/{made.uid}/").content.decode().lower()
    assert "did not finish." not in client.get("/method/").content.decode()


def test_whoever_waits_for_nothing_costs_no_look_at_the_jobs(client):
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/method/").status_code == 200
    assert not [one["sql"] for one in asked.captured_queries if Job._meta.db_table in one["sql"]]


def test_an_address_that_takes_a_form_says_so_to_a_visitor(client):
    answer = client.get("/assess/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "takes a form, not a visit" in answer.content.decode()


def test_a_form_without_its_token_says_that_nothing_was_changed():
    answer = Client(enforce_csrf_checks=True).post("/assess/", {"target": "github", "rto": "4h"})
    assert answer.status_code == 403
    assert "Nothing was changed. Go back, reload the page" in answer.content.decode()
    assert not Job.objects.exists()


def test_the_page_of_a_fault_of_ours_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = pages.server_error(RequestFactory().get("/vendors/"))
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
    assert pages.server_error(RequestFactory().get("/api/v1/vendors/"))["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "kind"), [("/vendors/", "text/html"), ("/api/v1/vendors/", "application/problem+json")]
)
def test_a_database_that_is_away_is_told_as_such_with_a_time_to_try_again(monkeypatch, path, kind):
    def away(*_, **__):
        raise OperationalError("connection to server failed")

    monkeypatch.setattr("riskboard.accounts.access.who", away)
    answer = Client(raise_request_exception=False).get(path)
    assert (answer.status_code, answer["Retry-After"]) == (503, str(pages.AGAIN))
    assert answer["Content-Type"].startswith(kind)
    assert "does not answer" in answer.content.decode()
