"""The life of a job: enqueue, claim, run, finish, cancel. Each step is one conditional UPDATE, so it happens once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Least
from django.utils import timezone

from riskboard.accounts import audit
from riskboard.accounts.scope import current_or_none, inside
from riskboard.errors import Refused
from riskboard.jobs import fair
from riskboard.jobs.heartbeat import heartbeat
from riskboard.jobs.models import OPEN_STATES, Beat, Job, State
from riskboard.jobs.registry import Cancelled, RunningJob, handler_of
from riskboard.logs import about

logger = logging.getLogger(__name__)
BEATS_PER_LEASE = 4  # how often a running job renews its lease; three may fail before it is taken for dead
TICK = "tick"  # the beat that is listened for
MAX_ATTEMPTS = 3  # then the job is dead: a poison job must not block its queue
WAKE_BATCH = 200
CLAIM_TRIES = 5  # workers that choose at the same moment
FORGET_BATCH = 1000
ENQUEUE_TRIES = 3  # a job of the same key may end between the refused insert and the look-up
PROGRESS_SECONDS, PROGRESS_STEP = 0.3, 10  # smaller news within that time is not written


def lease() -> timedelta:
    """A worker that says nothing for so long is taken for dead."""
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def enqueue(
    kind: str,
    args: dict[str, Any],
    *,
    queue: str,
    key: str | None = None,
    due_at: datetime | None = None,
    quietly: bool = False,
) -> Job:
    """The job for that work, in the workspace worked in: a new row, or the open one with the same key.

    Its worker is woken after commit; `quietly` by the next tick instead, for who enqueues many at once. A broker that is down
    delays the job until the next tick: it loses nothing, and never fails the caller.
    """
    fields = {"kind": kind, "args": args, "queue": queue, "key": key or "", "due_at": due_at or timezone.now()}
    for attempt in range(1, ENQUEUE_TRIES + 1):
        try:
            with transaction.atomic():
                job = Job.anyone.create(**fields)
        except IntegrityError:
            known = (
                Job.anyone.open().filter(workspace=current_or_none(), kind=kind, key=key or "").first() if key else None
            )
            if known is not None:
                return known
            if not key or attempt == ENQUEUE_TRIES:
                raise
        else:
            break
    if not quietly:
        transaction.on_commit(lambda: wake(job.pk, queue))
    return job


def wake(job_id: int, queue: str) -> bool:
    """Tell a worker of that queue. False if the broker does not answer: the tick will tell it later."""
    from kombu.exceptions import OperationalError
    from redis.exceptions import RedisError

    from riskboard.jobs.tasks import run_job

    row = Job.anyone.filter(pk=job_id)
    row.update(woken_at=timezone.now())  # before telling: a worker may claim, and so clear it, at once
    try:
        run_job.apply_async((job_id,), queue=queue, retry=False)
    except (OperationalError, RedisError, OSError) as fault:
        row.update(woken_at=None)
        logger.warning("job %s waits for the next tick: the broker does not answer (%s)", job_id, fault)
        return False
    return True


def wake_due(*, now: datetime | None = None) -> int:
    """Wake due jobs that wait for it; returns how many were told. Harmless when run twice: claiming happens once."""
    now = now or timezone.now()
    set_right(now=now)
    give_up(now=now)
    told = 0
    waiting = Job.anyone.to_wake(now=now, rewake=timedelta(seconds=settings.JOB_REWAKE_SECONDS))
    for job_id, queue in waiting.values_list("pk", "queue")[:WAKE_BATCH]:
        if not wake(job_id, queue):
            break
        told += 1
    return told


def heard(name: str, *, now: datetime | None = None) -> None:
    """Note that what beat asks for under that name was done."""
    now = now or timezone.now()
    if not Beat.objects.filter(name=name).update(at=now):
        Beat.objects.update_or_create(name=name, defaults={"at": now})


def silence(*, now: datetime) -> timedelta | None:
    """How long ago beat was last heard through a worker; None where it never was.

    A time to come is as far away as one gone by: the clock was set back, and beat was not heard since.
    """
    last = Beat.objects.filter(name=TICK).values_list("at", flat=True).first()
    return None if last is None else abs(now - last)


def set_right(*, now: datetime) -> int:
    """Bring times back that a clock which was set back has left in the future; how many rows.

    A job that was due when it was asked for is due, whatever the clock says now. A wake-up of a time to come is forgotten. A lease
    lasts no longer than a lease: its worker renews it, or is found dead when it runs out.
    """
    queued = Job.anyone.filter(state=State.QUEUED)
    stranded = Q(due_at__gt=now, due_at__lte=F("created_at")) | Q(woken_at__gt=now + lease())
    moved = queued.filter(stranded).update(due_at=Least(F("due_at"), Value(now)), woken_at=None)
    held = Job.anyone.filter(state=State.RUNNING, lease_until__gt=now + 2 * lease())
    return moved + held.update(lease_until=now + lease())


def give_up(*, now: datetime) -> int:
    """Bury running jobs whose lease ran out after the last attempt; returns how many."""
    return Job.anyone.filter(state=State.RUNNING, lease_until__lt=now, attempts__gte=MAX_ATTEMPTS).update(
        state=State.DEAD,
        finished_at=now,
        error=f"given up after {MAX_ATTEMPTS} attempts: its worker died each time",
    )


def claim(job_id: int, *, now: datetime | None = None) -> Job | None:
    """Take the job for one lease, or None if it is not to be had (done, cancelled, or in other hands)."""
    now = now or timezone.now()
    taken = (
        Job.anyone.due(now=now)
        .filter(pk=job_id, attempts__lt=MAX_ATTEMPTS)
        .order_by()
        .update(
            state=State.RUNNING,
            attempts=F("attempts") + 1,
            lease_until=now + lease(),
            woken_at=None,
            started_at=now,
            progress=0,
            message="started",
        )
    )
    return Job.anyone.select_related("workspace").get(pk=job_id) if taken else None


def run_next(job_id: int) -> bool:
    """Run the job whose turn it is in the queue of that one; True if a job was run.

    The message told of one job, the rows say which is next (`fair`). Where another worker takes that one first, the next is asked for.
    """
    name = Job.anyone.filter(pk=job_id).values_list("queue", flat=True).first()
    for _ in range(CLAIM_TRIES):
        chosen = None if name is None else fair.fairest(name, now=timezone.now())
        if chosen is None:
            return False
        if run(chosen):
            return True
    return run(job_id)


def forget(*, now: datetime, keep_for: timedelta, kind: str | None = None) -> int:
    """Delete jobs (of that kind) that ended before that and were not given up; returns how many. In steps: nobody waits for a lock."""
    ended = Job.anyone.filter(finished_at__lt=now - keep_for, state__in=(State.DONE, State.FAILED, State.CANCELLED))
    if kind is not None:
        ended = ended.filter(kind=kind)
    gone = 0
    while keys := list(ended.values_list("pk", flat=True)[:FORGET_BATCH]):
        Job.anyone.filter(pk__in=keys).delete()
        gone += len(keys)
    return gone


def run(job_id: int) -> bool:
    """Claim and run one job to its end; True if this call ran it. Every end is recorded, none is swallowed.

    The handler works outside any transaction, so that its progress shows; what it returns, or does in the function it
    returns, takes effect in the transaction that ends the job: both happen, or neither does.
    """
    job = claim(job_id)
    if job is None:
        return False
    fair.note(job, now=timezone.now())
    running = RunningJob(
        id=job.pk,
        uid=str(job.uid),
        args=job.args,
        attempt=job.attempts,
        report=_reporter(job),
        still_mine=_mine(job).exists,
    )
    by = audit.Actor(name=f"job {job.kind}", via="job", workspace=job.workspace, request_id=str(job.uid))
    with about(job=str(job.uid), kind=job.kind, attempt=job.attempts), inside(job.workspace), audit.acting(by):
        _attempt(job, running)
    return True


def _attempt(job: Job, running: RunningJob) -> None:
    """Run the handler, and record how the attempt ended."""
    try:
        with heartbeat(lambda: _renew(job), every=settings.JOB_LEASE_SECONDS / BEATS_PER_LEASE):
            outcome = handler_of(job.kind)(running)
        with transaction.atomic():
            result = outcome() if callable(outcome) else outcome
            if not _finish(job, State.DONE, result=result):
                raise Cancelled  # cancelled or taken over meanwhile: the effect is rolled back with this transaction
    except Cancelled:
        logger.info("job %s was cancelled", job.pk)
    except Refused as refusal:
        _finish(job, State.FAILED, error=str(refusal))
    except SoftTimeLimitExceeded:
        _finish(
            job, State.FAILED, error=f"it took longer than {settings.CELERY_TASK_SOFT_TIME_LIMIT} s and was stopped"
        )
    except DatabaseError:
        raise  # the row keeps its lease; when that runs out the job is tried again
    except Exception as fault:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        _finish(job, State.FAILED, error=f"something broke ({type(fault).__name__}); the log has the details")


def cancel(job: Job) -> bool:
    """Cancel an open job; False if it had already ended. A running handler notices at its next step."""
    now = max(timezone.now(), job.started_at or job.created_at)
    return bool(
        Job.anyone.filter(pk=job.pk, state__in=OPEN_STATES).update(
            state=State.CANCELLED, finished_at=now, message="cancelled"
        )
    )


def retry(job: Job) -> bool:
    """Queue a job that was given up once more, with all its attempts; False if it is not given up."""
    now = timezone.now()
    again = Job.anyone.filter(pk=job.pk, state=State.DEAD).update(
        state=State.QUEUED, attempts=0, due_at=now, woken_at=None, finished_at=None, error="", progress=0, message=""
    )
    if again:
        transaction.on_commit(lambda: wake(job.pk, job.queue))
    return bool(again)


def discard(job: Job) -> bool:
    """Put a job away that was given up; False if it is not."""
    return bool(Job.anyone.filter(pk=job.pk, state=State.DEAD).update(state=State.CANCELLED, message="put away"))


def _finish(job: Job, state: State, *, result: dict[str, Any] | None = None, error: str = "") -> bool:
    """End the attempt that `job` stands for; False if the row has moved on without it."""
    now = max(timezone.now(), job.started_at or job.created_at)  # a clock set back makes no length less than nothing
    fields: dict[str, Any] = {"state": state, "finished_at": now, "lease_until": None, "error": error[:2000]}
    if state == State.DONE:
        fields |= {"progress": 100, "message": "done", "result": result}
    return bool(_mine(job).update(**fields))


def _mine(job: Job) -> QuerySet[Job]:
    """The row, as long as it is in the hands of the attempt that `job` stands for."""
    return Job.anyone.filter(pk=job.pk, state=State.RUNNING, attempts=job.attempts)


def _renew(job: Job) -> bool:
    return bool(_mine(job).update(lease_until=timezone.now() + lease()))


def _reporter(job: Job) -> Callable[[int, str], None]:
    """Progress of one attempt: each report renews the lease, and fails once the job is no longer this attempt's."""

    told_at, told_percent = float("-inf"), 0

    def report(percent: int, message: str) -> None:
        nonlocal told_at, told_percent
        if time.monotonic() - told_at < PROGRESS_SECONDS and abs(percent - told_percent) < PROGRESS_STEP:
            return
        told = _mine(job).update(
            progress=min(100, max(0, percent)), message=message[:300], lease_until=timezone.now() + lease()
        )
        if not told:
            raise Cancelled
        told_at, told_percent = time.monotonic(), percent

    return report
