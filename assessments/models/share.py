"""What a workspace shows to people without an account: one thing by one link, until a day, and it can be ended."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy

from assessments.models.report import Report
from riskboard.accounts.audit import audited
from riskboard.accounts.scope import Owned


class ShareKind(models.TextChoices):
    """What a link shows."""

    REPORT = "report", gettext_lazy("A report")
    BADGE = "badge", gettext_lazy("A vendor's badge")
    CALENDAR = "calendar", gettext_lazy("The calendar")


@audited(without=("last_used_at", "uses"))
class SharedLink(Owned):
    """`expires_at` None: until it is ended (badges and calendars, which programs fetch again and again); a report always ends."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=ShareKind.choices)
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="shares")
    vendor = models.ForeignKey("vendors.Vendor", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    token_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    made_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="report") | models.Q(report__isnull=False, expires_at__isnull=False),
                name="shared_report_ends",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.vendor or self.report or ''}".strip()

    def is_open(self, now: datetime) -> bool:
        """Whether it still shows something."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)
