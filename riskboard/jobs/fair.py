"""Whose job is next: the workspace that was served least lately. A thousand jobs of one do not make another wait for all of them.

A message of the broker says "there is work in this queue"; which work is settled here, from rows. As many messages as jobs are
sent, so each job still finds a worker.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import F, OuterRef, Subquery

from riskboard.jobs.models import Job, Served

MOST = 10_000  # due jobs of one queue looked at, the oldest: a choice stays quick however long the queue is


def fairest(queue: str, *, now: datetime) -> int | None:
    """The key of the due job of that queue whose workspace was served least lately, its oldest first; None where none is due.

    The installation's own jobs (polling, retention) wait in one line of their own. One query; on PostgreSQL jobs that another worker
    is about to take are passed over.
    """
    oldest = Job.anyone.due(now=now).filter(queue=queue).values("pk")[:MOST]
    served = Served.objects.filter(queue=queue, workspace=OuterRef("workspace")).values("at")[:1]
    waiting = Job.anyone.filter(pk__in=oldest).annotate(served=Subquery(served))
    waiting = waiting.order_by(F("served").asc(nulls_first=True), "due_at", "pk")
    if connection.vendor != "postgresql":
        return waiting.values_list("pk", flat=True).first()
    with transaction.atomic():
        return waiting.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True).first()


def note(job: Job, *, now: datetime) -> None:
    """Remember that the job's workspace was served in its queue. Its own jobs are nobody's."""
    if job.workspace_id is None:
        return
    Served.objects.bulk_create(
        [Served(queue=job.queue, workspace_id=job.workspace_id, at=now)],
        update_conflicts=True,
        unique_fields=["queue", "workspace"],
        update_fields=["at"],
    )
