"""The tick of notifications: beat sends it, any worker may run it, and twice is as good as once."""

from __future__ import annotations

from celery import shared_task


@shared_task(name="assessments.tell")
def tell() -> int:
    """Note what is new in every workspace that wants to be told, and wake its channels; how many."""
    from django.utils import timezone

    from assessments.notify.outbox import tick

    return tick(now=timezone.now())
