"""Workspaces take turns: a thousand jobs of one do not make another wait, none is forgotten, and each still runs once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from riskboard.accounts.models import Workspace
from riskboard.jobs import fair, queue, registry
from riskboard.jobs.models import Job, Served, State

NOW = timezone.now()


@pytest.fixture
def begun(monkeypatch) -> list[str]:
    """Names of the jobs in the order they began."""
    order: list[str] = []
    monkeypatch.setattr(registry, "_HANDLERS", {})
    registry.handler("work")(lambda job: order.append(job.args["name"]) or {})
    return order


def jobs_of(workspace: Workspace | None, names: list[str], *, late: int = 0, name: str = "score") -> list[Job]:
    """Due jobs of that workspace, one second apart, `late` seconds after the others'."""
    return [
        Job.anyone.create(
            kind="work", queue=name, workspace=workspace, args={"name": one},
            due_at=NOW - timedelta(minutes=10) + timedelta(seconds=late + number),
        )
        for number, one in enumerate(names)
    ]  # fmt: skip


@pytest.mark.django_db
def test_one_job_of_a_small_workspace_does_not_wait_for_all_of_a_large_one(begun):
    large, small = (Workspace.objects.create(slug=slug, name=slug) for slug in ("large", "small"))
    many = jobs_of(large, [f"large {n}" for n in range(30)])
    jobs_of(small, ["small 0", "small 1"], late=300)
    for job in many:  # the messages of the large one come first, as a broker keeps them
        assert queue.run_next(job.pk)
    assert begun[:5] == ["large 0", "small 0", "large 1", "small 1", "large 2"]


@pytest.mark.django_db
def test_every_message_finds_a_job_until_none_is_left(begun):
    spaces = [Workspace.objects.create(slug=f"w{n}", name=f"w{n}") for n in range(3)]
    made = [
        job for n, space in enumerate([*spaces, None]) for job in jobs_of(space, [f"{n} {m}" for m in range(n + 1)])
    ]
    assert [queue.run_next(job.pk) for job in made] == [True] * 10
    assert sorted(begun) == sorted(job.args["name"] for job in made)
    assert not queue.run_next(made[0].pk)
    assert set(Job.anyone.values_list("state", flat=True)) == {State.DONE}


@pytest.mark.django_db
def test_the_line_of_another_queue_is_another(begun):
    one = Workspace.objects.create(slug="one", name="one")
    report, score = jobs_of(one, ["report"], name="report")[0], jobs_of(one, ["score"])[0]
    assert queue.run_next(score.pk)
    assert begun == ["score"]
    assert queue.run_next(report.pk)
    assert set(Served.objects.values_list("queue", flat=True)) == {"report", "score"}


@pytest.mark.django_db
def test_what_is_not_due_has_no_turn_and_a_message_of_a_job_that_is_gone_does_nothing(begun):
    one = Workspace.objects.create(slug="one", name="one")
    later = Job.anyone.create(
        kind="work", queue="score", workspace=one, args={"name": "x"}, due_at=timezone.now() + timedelta(hours=1)
    )
    assert not queue.run_next(later.pk)
    assert not queue.run_next(later.pk + 1000)
    assert begun == []


@pytest.mark.django_db
def test_choosing_takes_one_query_however_many_wait(django_assert_num_queries):
    spaces = [Workspace.objects.create(slug=f"w{n}", name=f"w{n}") for n in range(5)]
    for space in spaces:
        jobs_of(space, [str(n) for n in range(20)])
    expected = 3 if connection.vendor == "postgresql" else 1  # a savepoint around it, for the lock
    with django_assert_num_queries(expected):
        assert fair.fairest("score", now=timezone.now()) is not None


@pytest.mark.django_db(transaction=True)
def test_workers_that_choose_at_once_run_each_job_once(begun):
    if connection.vendor == "sqlite":
        pytest.skip(
            "threads share one database in memory, which locks whole tables; processes on a file are tried in test_kill.py"
        )
    one, two = (Workspace.objects.create(slug=slug, name=slug) for slug in ("one", "two"))
    made = [*jobs_of(one, [f"one {n}" for n in range(8)]), *jobs_of(two, [f"two {n}" for n in range(8)])]
    todo = [job.pk for job in made]

    def work() -> None:
        try:
            while todo:
                queue.run_next(todo.pop())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    while queue.run_next(made[0].pk):  # what a lost race left is woken by the tick
        pass
    assert sorted(begun) == sorted(job.args["name"] for job in made)


@pytest.mark.django_db
def test_jobs_long_ended_are_forgotten_and_those_given_up_are_not():
    old, new = timezone.now() - timedelta(days=61), timezone.now() - timedelta(days=59)
    for state in State:
        for at in (old, new):
            Job.anyone.create(kind="work", queue="score", state=state, due_at=at, finished_at=at)
    assert queue.forget(now=timezone.now(), keep_for=timedelta(days=60)) == 3
    left = Job.anyone.filter(finished_at=old).values_list("state", flat=True)
    assert set(left) == {State.QUEUED, State.RUNNING, State.DEAD}


@pytest.mark.django_db
def test_looks_at_pages_are_forgotten_sooner_than_what_people_asked_for(settings):
    from vendors.handlers import retention_job

    settings.KEEP_JOBS_DAYS, settings.KEEP_LOOKS_DAYS = 60, 3
    now = timezone.now()
    for kind in ("poll", "assess"):
        for days in (2, 4):
            at = now - timedelta(days=days)
            Job.anyone.create(kind=kind, queue="score", state=State.DONE, due_at=at, finished_at=at)
    assert retention_job(None)["jobs"] == 1
    left = Job.anyone.values_list("kind", "finished_at")
    assert sorted((kind, (now - at).days) for kind, at in left) == [("assess", 2), ("assess", 4), ("poll", 2)]
