"""Job rows: claimed once, ended once, given up in the end, and never lost with the broker."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from riskboard import jobs
from riskboard.errors import Refused
from riskboard.jobs import queue, registry
from riskboard.jobs.models import Job, State
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


@pytest.fixture
def handlers(monkeypatch):
    monkeypatch.setattr(registry, "_HANDLERS", {})
    return registry.handler


def make(kind="work", **fields) -> Job:
    return Job.objects.create(**({"kind": kind, "queue": "score", "due_at": timezone.now()} | fields))


def test_the_same_work_asked_for_twice_is_one_open_job(no_wake, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = jobs.enqueue("work", {"n": 1}, queue="score", key="one")
        again = jobs.enqueue("work", {"n": 1}, queue="score", key="one")
    assert first.pk == again.pk
    assert no_wake == [(first.pk, "score")]
    Job.objects.update(state=State.DONE)
    assert jobs.enqueue("work", {"n": 1}, queue="score", key="one").pk != first.pk


def test_a_broker_that_is_down_delays_a_job_but_loses_nothing(
    monkeypatch, handlers, django_capture_on_commit_callbacks
):
    from riskboard.jobs.tasks import run_job

    def unreachable(*args, **options):
        raise ConnectionError("no broker")

    handlers("work")(lambda job: {})
    monkeypatch.setattr(run_job, "apply_async", unreachable)
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue("work", {}, queue="score")
    assert Job.objects.get(pk=job.pk).state == State.QUEUED
    told = []
    monkeypatch.setattr(run_job, "apply_async", lambda args, **options: told.append(args))
    assert queue.wake_due() == 1
    assert told == [(job.pk,)]


def test_a_job_is_claimed_by_one_worker_only():
    job = make()
    assert queue.claim(job.pk) is not None
    assert queue.claim(job.pk) is None


def test_a_job_that_is_not_due_yet_is_not_to_be_had():
    assert queue.claim(make(due_at=timezone.now() + timedelta(minutes=1)).pk) is None


def test_a_job_whose_worker_went_silent_is_run_again(handlers):
    handlers("work")(lambda job: {"attempt": job.attempt})
    job = make(state=State.RUNNING, attempts=1, lease_until=timezone.now() - timedelta(seconds=1))
    assert queue.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result, job.progress) == (State.DONE, {"attempt": 2}, 100)


def test_a_job_is_given_up_after_three_attempts():
    job = make(state=State.RUNNING, attempts=queue.MAX_ATTEMPTS, lease_until=timezone.now() - timedelta(seconds=1))
    assert queue.claim(job.pk) is None
    queue.give_up(now=timezone.now())
    job.refresh_from_db()
    assert job.state == State.DEAD
    assert "3 attempts" in job.error


def test_the_effect_of_a_job_cancelled_meanwhile_is_rolled_back(handlers):
    def work(job):
        def effect():
            Vendor.objects.create(slug="effect", name="Effect")
            queue.cancel(Job.objects.get(pk=job.id))
            return {}

        return effect

    handlers("work")(work)
    job = make()
    queue.run(job.pk)
    assert not Vendor.objects.filter(slug="effect").exists()


def test_progress_of_a_cancelled_job_stops_it(handlers):
    reached = []

    def work(job):
        queue.cancel(Job.objects.get(pk=job.id))
        job.progress(50, "half")
        reached.append("after")
        return {}

    handlers("work")(work)
    job = make()
    queue.run(job.pk)
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert reached == []


def test_a_refusal_fails_the_job_with_its_sentence(handlers):
    def work(job):
        raise Refused("the page does not answer; try again later")

    handlers("work")(work)
    job = make()
    queue.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (State.FAILED, "the page does not answer; try again later")


def test_an_unexpected_fault_fails_the_job_and_is_logged(handlers, caplog):
    def work(job):
        raise ZeroDivisionError

    handlers("work")(work)
    job = make()
    with caplog.at_level("ERROR"):
        queue.run(job.pk)
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert "ZeroDivisionError" in job.error
    assert any("failed" in line.message for line in caplog.records)


def test_an_ended_job_cannot_be_cancelled():
    assert queue.cancel(make(state=State.DONE)) is False
