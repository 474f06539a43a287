"""The continuity plan as stored: the document of today, every document it ever was, and those that were named.

A plan is one document (ADR 11): an edit of any part writes a revision, so history, undo, a milestone and the audit of who
changed what are the same rows. Revisions and milestones are inserted only.
"""

from __future__ import annotations

import gzip
import uuid
from datetime import UTC, datetime, time

import msgspec
from django.db import models

from assessments.continuity import plan_file
from assessments.continuity.answer_records import Answer
from assessments.continuity.plan import Plan
from assessments.models.assessment import AssessmentRow, Immutable
from riskboard.accounts.scope import Owned, owned


class InsertOnly(models.QuerySet):
    """Reads; writes other than inserting are refused."""

    def update(self, **fields):
        """Refused."""
        raise Immutable("history is never changed")

    def delete(self):
        """Refused."""
        raise Immutable("history is never deleted")


class _Inserted(models.Model):
    class Meta:
        abstract = True

    def save(self, *args, **options):
        """Insert only."""
        if not self._state.adding:
            raise Immutable("history is never changed")
        super().save(*args, **options)

    def delete(self, *args, **options):
        """Refused."""
        raise Immutable("history is never deleted")


class PlanRow(Owned):
    """The plan as it stands: `document` is canonical JSON, `revision` the number of the newest revision (0: none yet)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(default="main")
    document = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "slug"], name="plan_once")]

    def __str__(self) -> str:
        return f"{self.slug} {self.revision}"

    def parsed(self) -> Plan:
        """The plan."""
        return plan_file.loads(bytes(self.document))


class PlanRevision(_Inserted):
    """The plan as it stood after one change. `author` and `summary` are in words; `document` is gzip-packed."""

    plan = models.ForeignKey(PlanRow, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    document = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    author = models.CharField(max_length=200)
    summary = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = owned("plan__workspace", InsertOnly)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_revision_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"

    def parsed(self) -> Plan:
        """The plan as it stood."""
        return plan_file.loads(gzip.decompress(bytes(self.document)))

    @property
    def version(self) -> str:
        """How documents name it: "12 (3f9a0c11)"."""
        return f"{self.number} ({self.sha256[:8]})"


class PlanJudgement(_Inserted):
    """What a plan's services risk, worked out for one revision and the assessments named; `answer` is `riskboard.answer/1`."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    revision = models.ForeignKey(PlanRevision, on_delete=models.PROTECT, related_name="judgements")
    assessments = models.ManyToManyField(AssessmentRow, related_name="plan_judgements")
    as_of = models.DateTimeField()
    answer = models.BinaryField()
    key = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = owned("revision__plan__workspace", InsertOnly)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.uid}"

    def parsed(self) -> Answer:
        """The answer."""
        return msgspec.json.decode(bytes(self.answer), type=Answer)


class Milestone(_Inserted):
    """A plan and its assessments, frozen under a name, to compare with and to cite."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    revision = models.ForeignKey(PlanRevision, on_delete=models.PROTECT, related_name="milestones")
    judgement = models.ForeignKey(PlanJudgement, on_delete=models.PROTECT, null=True, related_name="milestones")
    assessments = models.ManyToManyField(AssessmentRow, related_name="milestones")
    label = models.CharField(max_length=200)
    note = models.TextField(blank=True, max_length=5000)
    author = models.CharField(max_length=200)
    as_of = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = owned("revision__plan__workspace", InsertOnly)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def cited(self) -> str:
        """How a report cites it: label, day and the first digits of the plan's digest."""
        return f"{self.label} ({self.as_of:%Y-%m-%d}, {self.revision.sha256[:8]})"


def read_at(plan: Plan, now: datetime) -> datetime:
    """The moment a plan is read as of: the end of its own day, where it names one, else now."""
    return now if plan.as_of is None else datetime.combine(plan.as_of, time(23, 59, 59), UTC)
