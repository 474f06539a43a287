"""The two Celery tasks: run one job, and wake those that are due."""

from __future__ import annotations

from celery import shared_task

from riskboard.jobs import queue
from riskboard.jobs.queue import TICK


@shared_task(name="riskboard.jobs.run_job")
def run_job(job_id: int) -> None:
    """Run the job of that row, if it is to be had. Delivered twice, it still runs once."""
    queue.run(job_id)


@shared_task(name="riskboard.jobs.tick")
def tick() -> None:
    """Wake whatever is due, rows whose wake-up was lost and rows whose worker died, and note that beat was heard."""
    queue.wake_due()
    queue.heard(TICK)
