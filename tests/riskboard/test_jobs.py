"""Job rows: claimed once, ended once, given up in the end, and never lost with the broker."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import redis
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError
from django.utils import timezone

from riskboard import embedded, jobs
from riskboard.celery_app import QUEUES
from riskboard.errors import Refused
from riskboard.jobs import queue, registry
from riskboard.jobs.heartbeat import heartbeat
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


@pytest.mark.parametrize(
    ("attempts", "leases_ago", "to_be_had"), [(1, 0.1, True), (2, 0.1, False), (2, 4.9, False), (2, 5.1, True)]
)
def test_the_last_attempt_waits_until_a_machine_that_keeps_falling_over_may_stand_again(
    attempts, leases_ago, to_be_had
):
    ended = timezone.now() - queue.lease() * leases_ago
    job = make(state=State.RUNNING, attempts=attempts, lease_until=ended)
    assert (queue.claim(job.pk) is not None) is to_be_had


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


def test_a_row_is_woken_again_only_once_its_message_counts_as_lost(monkeypatch, settings):
    from riskboard.jobs.tasks import run_job

    told = []
    monkeypatch.setattr(run_job, "apply_async", lambda args, **options: told.append(args[0]))
    settings.JOB_REWAKE_SECONDS = 60
    job, now = make(), timezone.now()
    assert [queue.wake_due(now=now), queue.wake_due(now=now + timedelta(seconds=59))] == [1, 0]
    assert queue.wake_due(now=now + timedelta(seconds=62)) == 1
    assert told == [job.pk, job.pk]


def test_a_job_of_a_dead_worker_is_woken_as_soon_as_its_lease_ends(monkeypatch):
    from riskboard.jobs.tasks import run_job

    monkeypatch.setattr(run_job, "apply_async", lambda args, **options: None)
    job = make()
    queue.wake(job.pk, "score")
    claimed = queue.claim(job.pk)
    assert queue.wake_due(now=claimed.lease_until - timedelta(seconds=1)) == 0
    assert queue.wake_due(now=claimed.lease_until + timedelta(seconds=1)) == 1


def test_a_handler_can_ask_whether_it_was_cancelled(handlers):
    heard = []

    def work(job):
        heard.append(job.cancelled())
        queue.cancel(Job.objects.get(pk=job.id))
        heard.append(job.cancelled())
        return {}

    handlers("work")(work)
    queue.run(make().pk)
    assert heard == [False, True]


def test_small_news_in_quick_succession_is_not_written(handlers, django_assert_num_queries):
    def work(job):
        job.progress(20, "twenty")
        with django_assert_num_queries(0):
            job.progress(21, "twenty-one")
        with django_assert_num_queries(1):
            job.progress(60, "sixty")
        seen.append(Job.objects.get(pk=job.id).message)
        return {}

    seen: list[str] = []
    handlers("work")(work)
    queue.run(make().pk)
    assert seen == ["sixty"]


def test_a_job_that_takes_too_long_fails_and_says_so(handlers, settings):
    def work(job):
        raise SoftTimeLimitExceeded

    handlers("work")(work)
    job = make()
    queue.run(job.pk)
    job.refresh_from_db()
    assert (job.state, str(settings.CELERY_TASK_SOFT_TIME_LIMIT) in job.error) == (State.FAILED, True)


def test_a_database_fault_keeps_the_job_for_another_attempt(handlers):
    def work(job):
        raise DatabaseError("the disk is full")

    handlers("work")(work)
    job = make()
    with pytest.raises(DatabaseError):
        queue.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.RUNNING, 1)
    assert [row.pk for row in Job.objects.due(now=job.lease_until + timedelta(seconds=1))] == [job.pk]


def test_an_attempt_that_was_taken_over_has_no_effect(handlers):
    def work(job):
        Job.objects.filter(pk=job.id).update(attempts=2)  # another worker has claimed it since
        return lambda: {"vendor": Vendor.objects.create(slug="late", name="Late").slug}

    handlers("work")(work)
    job = make()
    queue.run(job.pk)
    job.refresh_from_db()
    assert job.state == State.RUNNING
    assert not Vendor.objects.filter(slug="late").exists()


def test_the_lease_is_renewed_while_a_handler_works_and_no_longer():
    beats = threading.Semaphore(0)

    def renew() -> bool:
        beats.release()
        return True

    with heartbeat(renew, every=0.01):
        for _ in range(3):
            assert beats.acquire(timeout=10)
    while beats.acquire(blocking=False):
        pass
    assert not beats.acquire(timeout=0.05)


def test_a_heartbeat_outlives_a_database_fault_and_ends_when_the_job_is_lost():
    answers = iter([DatabaseError("locked"), True, False])
    ended = threading.Event()

    def renew() -> bool:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        if not answer:
            ended.set()
        return answer

    with heartbeat(renew, every=0.01):
        assert ended.wait(10)
    with pytest.raises(StopIteration):
        next(answers)


@pytest.mark.runtime
def test_enqueueing_tells_a_worker_of_the_queue_over_a_real_broker(valkey, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue("work", {}, queue="report")
    with redis.Redis(unix_socket_path=str(embedded.socket_path(valkey))) as line:
        assert [line.llen(name) for name in QUEUES] == [int(name == "report") for name in QUEUES]
    job.refresh_from_db()
    assert job.woken_at is not None


def test_with_no_broker_at_all_enqueueing_waits_for_nothing_and_keeps_the_row(
    monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("kombu.utils.functional.sleep", lambda seconds: pytest.fail(f"would have slept {seconds} s"))
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue("work", {}, queue="score")
    job.refresh_from_db()
    assert (job.state, job.woken_at) == (State.QUEUED, None)
