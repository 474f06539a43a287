"""The answers of a vendor's questionnaire, the links by which vendors answer, and their objections. History: the audit trail."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models

from riskboard.accounts.audit import audited
from riskboard.accounts.scope import Owned
from vendors.records import BackupAnswer, Reply


@audited()
class Answer(Owned):
    """One item's answer. `answered_at`: when it was last given or confirmed; it expires by the rubric."""

    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="backup_answers")
    item = models.CharField(max_length=3)
    answer = models.CharField(
        max_length=8, choices=[(word, word) for word in ("yes", "partial", "no", "withheld", "unknown")]
    )
    evidence = models.CharField(max_length=2000, blank=True)
    note = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        ordering = ["vendor", "item"]
        constraints = [models.UniqueConstraint(fields=["workspace", "vendor", "item"], name="answered_once")]

    def __str__(self) -> str:
        return f"{self.vendor_id} {self.item}"

    def record(self) -> BackupAnswer:
        """As the score reads it."""
        return BackupAnswer(
            item=self.item,
            answer=self.answer,
            evidence=self.evidence or None,
            answered_at=self.answered_at,
            note=self.note or None,
        )


@audited(without=("last_used_at",))
class QuestionnaireLink(Owned):
    """A way for a vendor to answer without an account: unguessable, for one vendor, until a day, and it can be ended."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="questionnaire_links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    made_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.vendor_id} until {self.expires_at:%Y-%m-%d}"

    def is_open(self, now: datetime) -> bool:
        """Whether it may be answered by: neither ended, expired nor sent off."""
        return self.revoked_at is None and self.submitted_at is None and self.expires_at > now


@audited()
class VendorReply(Owned):
    """The vendor's objection, in its own words: printed wherever the number is, and changing no figure."""

    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="replies")
    kind = models.CharField(max_length=20)
    statement = models.CharField(max_length=500)
    check_id = models.CharField(max_length=60, blank=True)
    evidence = models.CharField(max_length=2000, blank=True)
    filed_at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        ordering = ["filed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.vendor_id} {self.kind}"

    def record(self) -> Reply:
        """As facts hold it."""
        return Reply(
            kind=self.kind,
            statement=self.statement,
            filed_at=self.filed_at,
            check=self.check_id or None,
            evidence=self.evidence or None,
        )
