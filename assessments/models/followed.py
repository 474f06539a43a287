"""The vendors a workspace keeps an eye on, each with its newest assessment."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from assessments.models.assessment import AssessmentRow
from riskboard.accounts.audit import audited
from riskboard.accounts.scope import Owned, owned

MOST_TAGS, LONGEST_TAG = 20, 40


class FollowedQuerySet(models.QuerySet):
    """Reads."""

    def shown(self):
        """Those that were not put away, ready for a list."""
        return self.filter(archived_at=None).with_newest()

    def with_newest(self):
        """With vendor and newest assessment, without its documents."""
        return self.select_related("vendor", "newest__vendor").defer("newest__document", "newest__facts")


@audited(without=("newest_id", "judged_at"))
class Followed(Owned):
    """One vendor the workspace follows. `newest`: its last assessment here; `archived_at`: when it was put away, None while shown.

    `tag_line` holds its tags between commas, with one before and one after, so that a whole tag can be looked for; "" for none.
    """

    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="followers")
    newest = models.ForeignKey(AssessmentRow, on_delete=models.PROTECT, related_name="+")
    tag_line = models.CharField(max_length=850, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    added_at = models.DateTimeField(auto_now_add=True)
    judged_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = owned(queries=FollowedQuerySet)

    class Meta:
        ordering = ["vendor__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["workspace", "vendor"], name="followed_once")]
        indexes = [models.Index(fields=["workspace"], condition=Q(archived_at=None), name="followed_shown")]

    def __str__(self) -> str:
        return f"{self.vendor_id}"

    @property
    def tags(self) -> list[str]:
        """The workspace's own words for the vendor: lower case, in order, once each."""
        return [tag for tag in self.tag_line.split(",") if tag]

    @tags.setter
    def tags(self, tags: list[str]) -> None:
        self.tag_line = f",{','.join(tags)}," if tags else ""
