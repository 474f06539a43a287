"""A list as somebody wants to see it again: its filters, order and columns under a name."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from riskboard.accounts.audit import audited
from riskboard.accounts.scope import Owned, owned


class ListPage(models.TextChoices):
    """The lists that can be saved."""

    VENDORS = "vendors", "Vendors"
    RECOMMENDATIONS = "recommendations", "Recommendations"


class SavedViewQuerySet(models.QuerySet):
    """Reads."""

    def of(self, user):
        """Those that person may see: their own, and everybody's. None (a token, this machine): everybody's."""
        return self.filter(Q(is_shared=True) | Q(owner=user, owner__isnull=False))


@audited()
class SavedView(Owned):
    """`query`: the list's query string. Not shared: only its `owner` finds it. `is_default`: the list opens so where nothing is
    asked for, for its owner, or where it is shared for everybody without a default of their own.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    page = models.CharField(max_length=20, choices=ListPage.choices)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000, blank=True, default="")
    is_shared = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = owned(queries=SavedViewQuerySet)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(is_shared=True) | Q(owner__isnull=False), name="view_has_readers"),
            models.UniqueConstraint(
                fields=["workspace", "page"], condition=Q(is_shared=True, is_default=True), name="view_one_default"
            ),
            models.UniqueConstraint(
                fields=["workspace", "page", "owner"], condition=Q(is_shared=False, is_default=True),
                name="view_one_own_default",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
