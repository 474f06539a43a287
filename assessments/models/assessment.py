"""One judgement, for good: never changed, never rescored. It carries the facts it judged, so anyone can redo it."""

from __future__ import annotations

import uuid

from django.db import models

from assessments.scoring.model import Assessment
from riskboard.accounts.scope import Owned, owned
from vendors.records import VendorFacts


class Immutable(Exception):
    """An assessment was about to be changed."""


class AssessmentQuerySet(models.QuerySet):
    """Reads; writes other than inserting are refused."""

    def update(self, **fields):
        """Refused: an assessment is never changed."""
        raise Immutable("assessments are never changed; make a new one")

    def delete(self):
        """Refused: an assessment is never deleted one by one."""
        raise Immutable("assessments are never deleted")

    def newest(self):
        """Newest first."""
        return self.order_by("-created_at", "-pk")

    def for_list(self):
        """Newest first, with the vendor, without documents: two columns of a list need no megabytes."""
        return self.newest().select_related("vendor").defer("document", "facts")


class AssessmentRow(Owned):
    """`document` is the canonical `riskboard.assessment/1`, `facts` the packed canonical facts it was made from."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="assessments")
    as_of = models.DateTimeField()
    rto_hours = models.FloatField()
    document = models.BinaryField()
    facts = models.BinaryField()
    facts_sha256 = models.CharField(max_length=64)
    input_sha256 = models.CharField(max_length=64)
    method_version = models.CharField(max_length=20)
    method_sha256 = models.CharField(max_length=64)
    value = models.FloatField(null=True, blank=True)
    low = models.FloatField()
    high = models.FloatField()
    coverage = models.FloatField()
    grade = models.CharField(max_length=5, null=True, blank=True)  # noqa: DJ001 - None: no grade is given
    p_exceed = models.FloatField()
    chance = models.FloatField(null=True, blank=True)  # `p_exceed` where the record carries one; None: not known
    pillars = models.JSONField(default=dict, blank=True)  # value 0-100 by pillar; null: not known
    disputed = models.BooleanField(default=False)
    last_incident_at = models.DateTimeField(null=True, blank=True)  # None: none is on record
    moved = models.JSONField(
        null=True, blank=True
    )  # `scoring.moved.Moved` against the assessment before; None: there is none
    created_at = models.DateTimeField(auto_now_add=True)

    objects = owned(queries=AssessmentQuerySet)

    class Meta:
        indexes = [
            models.Index(fields=["vendor", "-created_at"], name="assessment_vendor_newest"),
            models.Index(fields=["workspace", "-created_at", "-id"], name="assessment_newest"),
            # Every column of a trend, so that drawing one reads no document on the way.
            models.Index(fields=["workspace", "vendor", "as_of", "value", "method_version"], name="assessment_trend"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "input_sha256"], name="assessment_once"),
            models.CheckConstraint(
                condition=models.Q(low__gte=0) & models.Q(high__lte=100) & models.Q(low__lte=models.F("high")),
                name="assessment_interval_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vendor_id} {self.uid}"

    def save(self, *args, **options):
        """Insert only."""
        if not self._state.adding:
            raise Immutable("assessments are never changed; make a new one")
        super().save(*args, **options)

    def delete(self, *args, **options):
        """Refused."""
        raise Immutable("assessments are never deleted")

    def parsed(self) -> Assessment:
        """The assessment document."""
        from assessments.scoring.pipeline import decode

        return decode(bytes(self.document))

    def parsed_facts(self) -> VendorFacts:
        """The facts it was made from."""
        from vendors.facts_file import loads

        return loads(bytes(self.facts), ours=True)
