"""The background jobs of this app: looking at a page, and the tick that finds those that are due."""

from __future__ import annotations

from typing import Any

from riskboard import jobs


@jobs.handler("poll")
def poll_job(job: jobs.RunningJob) -> dict[str, Any]:
    """Look at one page. Argument: `page`, its row's key. Idempotent: a second run finds nothing new."""
    from django.utils import timezone

    from vendors.fetching import fetch, look_at_host
    from vendors.polling import look

    now = timezone.now().replace(microsecond=0)
    return {"outcome": look(job.args["page"], now=now, fetch=fetch, clock=timezone.now, look_at=look_at_host)}


@jobs.handler("retention")
def retention_job(job: jobs.RunningJob) -> dict[str, Any]:
    """Drop bytes that are old and cited by nothing (RISKBOARD_KEEP_DAYS), and rows of jobs long ended (RISKBOARD_KEEP_JOBS_DAYS).

    Looks at pages are by far the most, and their outcome stands on the page: their rows go sooner (RISKBOARD_KEEP_LOOKS_DAYS).
    """
    from datetime import timedelta

    from django.conf import settings
    from django.utils import timezone

    from riskboard.jobs import queue
    from vendors.snapshots import drop_old

    now = timezone.now()
    forgotten = queue.forget(now=now, keep_for=timedelta(days=settings.KEEP_JOBS_DAYS))
    forgotten += queue.forget(now=now, keep_for=timedelta(days=settings.KEEP_LOOKS_DAYS), kind="poll")
    return {"dropped": drop_old(now=now, keep_for=timedelta(days=settings.KEEP_SNAPSHOTS_DAYS)), "jobs": forgotten}
