"""The clock jumps an hour either way: nothing is read all at once, waits for the hour, or lasts less than nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.utils import timezone

from riskboard import health, jobs
from riskboard.accounts import access
from riskboard.celery_app import app
from riskboard.jobs import queue, registry
from riskboard.jobs.beating import SteadyScheduler
from riskboard.jobs.models import Beat, Job, State
from vendors import models, polling, turns

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
HOUR, LEASE = timedelta(hours=1), timedelta(seconds=30)
pytestmark = pytest.mark.django_db


def job(**fields) -> Job:
    made = Job.anyone.create(kind="work", queue="score", **({"due_at": NOW} | fields))
    Job.anyone.filter(pk=made.pk).update(created_at=fields.get("created_at", NOW))
    made.refresh_from_db()
    return made


@pytest.mark.parametrize(
    ("fields", "now", "due"),
    [
        ({}, NOW - HOUR, True),
        ({"woken_at": NOW}, NOW - HOUR, True),
        ({"due_at": NOW + 3 * HOUR}, NOW - HOUR, False),
        ({"due_at": NOW + 3 * HOUR}, NOW + HOUR, False),
        ({}, NOW + HOUR, True),
    ],
    ids=["asked for before the step back", "told of before it", "for later", "for later, forwards", "forwards"],
)
def test_a_job_asked_for_waits_for_no_hour_and_one_for_later_is_not_early(settings, fields, now, due):
    settings.JOB_LEASE_SECONDS = LEASE.total_seconds()
    made = job(**fields)
    queue.set_right(now=now)
    assert Job.anyone.to_wake(now=now, rewake=timedelta(seconds=60)).filter(pk=made.pk).exists() is due


@pytest.mark.parametrize(
    ("ahead", "left"),
    [(LEASE, LEASE), (1.5 * LEASE, 1.5 * LEASE), (HOUR, LEASE)],
    ids=["in time", "another machine's clock is a little ahead", "before the clock was set back"],
)
def test_a_lease_never_lasts_longer_than_two_so_that_a_dead_worker_is_found_out(settings, ahead, left):
    settings.JOB_LEASE_SECONDS = LEASE.total_seconds()
    made = job(state=State.RUNNING, attempts=1, lease_until=NOW + ahead)
    queue.set_right(now=NOW)
    made.refresh_from_db()
    assert made.lease_until == NOW + left
    assert not Job.anyone.due(now=NOW).exists()  # a worker that lives has its time to renew it
    assert Job.anyone.due(now=NOW + left + timedelta(seconds=1)).exists()


def test_setting_right_leaves_a_queue_in_order_as_it_is():
    job(woken_at=NOW), job(state=State.DONE, finished_at=NOW + HOUR), job(due_at=NOW + HOUR)
    before = list(Job.anyone.order_by("pk").values())
    assert queue.set_right(now=NOW) == 0
    assert list(Job.anyone.order_by("pk").values()) == before


@pytest.mark.parametrize("step", [-HOUR, HOUR])
def test_a_job_that_the_clock_jumped_under_has_no_negative_length(monkeypatch, no_wake, step):
    real = timezone.now

    def work(running):
        monkeypatch.setattr(timezone, "now", lambda: real() + step)
        return {}

    monkeypatch.setattr(registry, "_HANDLERS", {"work": work})
    made = jobs.enqueue("work", {}, queue="score")
    assert queue.run(made.pk)
    made.refresh_from_db()
    assert (made.state, made.finished_at >= made.started_at) == (State.DONE, True)


@pytest.mark.parametrize(
    ("heard", "missing"),
    [(-timedelta(seconds=60), ""), (timedelta(seconds=60), ""), (HOUR, "beat"), (-HOUR, "beat")],
    ids=["a minute ago", "slightly ahead", "an hour to come", "an hour ago"],
)
def test_a_beat_heard_in_a_time_to_come_is_not_taken_for_alive(heard, missing):
    Beat.objects.create(name=queue.TICK, at=timezone.now() + heard)
    assert health._standing_still() == missing


OURS = sorted(settings.CELERY_BEAT_SCHEDULE)
LONGEST = timedelta(seconds=60)  # between two of one kind


@pytest.mark.parametrize(
    ("last", "at_once", "soon"),
    [(HOUR, [], OURS), (-HOUR, OURS, OURS), (timedelta(0), [], OURS)],
    ids=["the clock went back", "forwards", "no jump"],
)
def test_beat_asks_for_everything_within_its_time_after_a_jump(tmp_path, monkeypatch, last, at_once, soon):
    now, asked = datetime.now(UTC), []
    scheduler = SteadyScheduler(app=app, schedule_filename=str(tmp_path / "beat"), lazy=True)
    scheduler.setup_schedule()
    monkeypatch.setattr(scheduler, "apply_entry", lambda entry, producer=None: asked.append(entry.name))
    monkeypatch.setattr(SteadyScheduler, "producer", None)
    for entry in scheduler.schedule.values():
        entry.last_run_at = now + last
    told = []
    for at in (now, now + LONGEST):
        monkeypatch.setattr(app, "now", lambda at=at: at)
        asked.clear()
        for _ in range(10):
            scheduler.tick()
        told.append(sorted(name for name in asked if name in OURS))
    scheduler.close()
    assert told == [at_once, soon]


def test_the_scheduler_that_knows_is_the_one_that_runs():
    module, name = settings.CELERY_BEAT_SCHEDULER.split(":")
    assert getattr(import_module(module), name) is SteadyScheduler


def pages(count: int, *, every: timedelta = HOUR) -> None:
    """Pages looked at evenly over the hour gone by, each due an hour after its last look."""
    for n in range(count):
        vendor = models.Vendor.objects.create(slug=f"v{n}", name=f"V{n}")
        page = models.StatusPage.objects.create(vendor=vendor, url=f"https://s{n}.example.com", platform="statuspage")
        looked = NOW - every * n / count
        models.Watch.objects.create(page=page, checked_at=looked, read_at=looked, due_at=looked + every)


def looks(now: datetime, minutes: int) -> list[int]:
    """How many pages each minute's tick asks for, when every look is unchanged and the next an hour later."""
    counts = []
    for minute in range(minutes):
        at = now + timedelta(minutes=minute)
        counts.append(polling.tick(now=at))
        for row in Job.anyone.filter(kind="poll", state=State.QUEUED):
            models.Watch.objects.filter(page=row.args["page"]).update(checked_at=at, due_at=at + HOUR)
        Job.anyone.filter(kind="poll").update(state=State.DONE, finished_at=at)
    return counts


def test_a_clock_set_back_keeps_pages_as_far_apart_as_they_were(no_wake):
    pages(60)
    counts = looks(NOW - HOUR + timedelta(minutes=1), 62)
    assert sum(counts) == 60  # each once within about the hour: neither all at once nor none
    assert max(counts) <= 2


def test_a_clock_set_forward_reads_each_page_once_and_not_again_before_its_time(no_wake):
    pages(60)
    counts = looks(NOW + HOUR, 30)
    assert counts == [60] + [0] * 29


@pytest.mark.parametrize(
    ("fields", "free"),
    [
        ({"busy_until": NOW + turns.LOST_AFTER}, False),
        ({"busy_until": NOW + HOUR}, True),
        ({"read_at": NOW - timedelta(seconds=30)}, False),
        ({"read_at": NOW + timedelta(seconds=30)}, False),
        ({"read_at": NOW + HOUR}, True),
        ({"not_before": NOW + HOUR}, False),
    ],
    ids=[
        "being read",
        "read before the step back",
        "a moment ago",
        "slightly ahead",
        "an hour to come",
        "its own wish",
    ],
)
def test_a_turn_of_a_time_to_come_holds_nobody_up_but_a_hosts_wish_does(fields, free):
    models.HostTurn.objects.create(host="s.example.com", **fields)
    if free:
        turns.take("s.example.com", "me", now=NOW)
        assert models.HostTurn.objects.get().holder == "me"
    else:
        with pytest.raises(Exception, match=r"s\.example\.com"):
            turns.take("s.example.com", "me", now=NOW)


@pytest.mark.parametrize(("step", "kept"), [(HOUR, True), (-HOUR, True), (13 * HOUR, False), (-13 * HOUR, True)])
def test_a_session_outlives_a_jump_of_an_hour(client, django_user_model, monkeypatch, step, kept):
    user = django_user_model.objects.create_user(username="p", email="p@example.org", password="a long phrase 42")
    client.force_login(user)
    client.get("/vendors/")
    real = timezone.now
    monkeypatch.setattr(access.timezone, "now", lambda: real() + step)
    client.get("/vendors/")
    assert ("_auth_user_id" in client.session) is kept
