"""One table: every piece of background work, and what became of it."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models

from riskboard.accounts.scope import current_or_none, owned

LAST_PAUSE = 5  # leases before the last attempt


class State(models.TextChoices):
    """Where a job stands. `dead`: given up after too many attempts."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DEAD = "dead"


OPEN_STATES = (State.QUEUED, State.RUNNING)


class JobQuerySet(models.QuerySet):
    """Reads."""

    def due(self, *, now):
        """Queued jobs whose time has come, and running ones whose lease ran out (their worker died), oldest first.

        A job of which two workers died waits five leases longer for its last attempt: a machine that keeps falling over must
        not use up all three.
        """
        waiting = models.Q(state=State.QUEUED, due_at__lte=now)
        pause = timedelta(seconds=settings.JOB_LEASE_SECONDS * LAST_PAUSE)
        orphaned = models.Q(state=State.RUNNING, lease_until__lt=now, attempts__lt=2)
        orphaned |= models.Q(state=State.RUNNING, lease_until__lt=now - pause)
        return self.filter(waiting | orphaned).order_by("due_at", "pk")

    def to_wake(self, *, now, rewake):
        """Due jobs nobody was told about yet, or told longer than `rewake` ago (that message is taken for lost)."""
        return self.due(now=now).filter(models.Q(woken_at=None) | models.Q(woken_at__lt=now - rewake))

    def open(self):
        """Jobs that are neither done nor given up."""
        return self.filter(state__in=OPEN_STATES)


class Beat(models.Model):
    """When a worker last did what beat asks for, by name: it says that beat, the broker and a worker are alive together."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S} UTC"


def _workspace() -> int | None:
    """The key of the workspace worked in; None outside of any."""
    workspace = current_or_none()
    return None if workspace is None else workspace.pk


class Job(models.Model):
    """`key` makes a job unique while it is open: the same work asked for twice is one job. Times are UTC.

    `workspace`: whose work it is, None for the installation's own (polling, retention). `objects` are those of the workspace
    worked in; the queue itself and its operator see `anyone`'s.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    queue = models.CharField(max_length=20)
    workspace = models.ForeignKey(
        "accounts.Workspace", null=True, default=_workspace, editable=False, on_delete=models.CASCADE, related_name="+"
    )
    key = models.CharField(max_length=200, blank=True, default="")
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    woken_at = models.DateTimeField(null=True, blank=True)  # when a worker was last told; None once it is claimed
    error = models.TextField(blank=True, default="")
    result = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = owned(queries=JobQuerySet)
    anyone = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"], name="job_state_due"),
            models.Index(fields=["finished_at"], name="job_finished"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "key"],
                condition=models.Q(state__in=["queued", "running"]) & ~models.Q(key=""),
                name="job_one_open_per_key",
            ),
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=models.Q(state__in=["queued", "running"], workspace=None) & ~models.Q(key=""),
                name="job_one_open_per_own_key",
            ),
            models.CheckConstraint(condition=models.Q(progress__lte=100), name="job_progress_at_most_100"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid} ({self.state})"

    @property
    def is_open(self) -> bool:
        """Whether anything is still to come."""
        return self.state in OPEN_STATES


class Served(models.Model):
    """When a workspace last had a job begun in a queue: what is fair is told by it (jobs/fair.py)."""

    queue = models.CharField(max_length=20)
    workspace = models.ForeignKey("accounts.Workspace", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "workspace"], name="served_once")]

    def __str__(self) -> str:
        return f"{self.queue} for {self.workspace_id} at {self.at:%Y-%m-%d %H:%M:%S} UTC"
