"""The tick of polling: beat sends it, any worker may run it, and twice is as good as once."""

from __future__ import annotations

from celery import shared_task


@shared_task(name="vendors.poll_due")
def poll_due() -> int:
    """Enqueue a look at every page that is due; how many. On the first tick of a day also the clearing of old bytes."""
    from django.utils import timezone

    from riskboard import jobs
    from riskboard.jobs.models import Job
    from vendors.polling import tick

    now = timezone.now()
    key = f"{now:%Y-%m-%d}"
    if not Job.anyone.filter(kind="retention", key=key).exists():
        jobs.enqueue("retention", {}, queue="poll", key=key)
    return tick(now=now)
