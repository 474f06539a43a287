"""The two Celery tasks: run one job, and wake those that are due."""

from __future__ import annotations

from celery import shared_task

from riskboard.jobs import queue
from riskboard.jobs.queue import TICK


@shared_task(name="riskboard.jobs.run_job")
def run_job(job_id: int) -> None:
    """Run the job whose turn it is in that one's queue. Delivered twice, a job still runs once."""
    queue.run_next(job_id)


@shared_task(name="riskboard.jobs.tick")
def tick() -> None:
    """Wake whatever is due, rows whose wake-up was lost and rows whose worker died, and note that beat was heard."""
    queue.wake_due()
    queue.heard(TICK)
