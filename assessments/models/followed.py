"""The vendors a workspace keeps an eye on, each with its newest assessment."""

from __future__ import annotations

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import pgettext_lazy

from assessments.models.assessment import AssessmentRow
from riskboard.accounts.audit import audited
from riskboard.accounts.scope import Owned, owned

MOST_TAGS, LONGEST_TAG = 20, 40
LONGEST_OWNER, LONGEST_NOTE = 100, 500


class Criticality(models.TextChoices):
    """How much depends on a vendor, as people say it, the least first. What the plan says of its processes is another thing."""

    LOW = "low", pgettext_lazy("criticality", "low")
    MEDIUM = "medium", pgettext_lazy("criticality", "medium")
    HIGH = "high", pgettext_lazy("criticality", "high")
    CRITICAL = "critical", pgettext_lazy("criticality", "critical")


class FollowedQuerySet(models.QuerySet):
    """Reads."""

    def shown(self):
        """Those that were not put away, ready for a list."""
        return self.filter(archived_at=None).with_newest()

    def with_newest(self):
        """With vendor and newest assessment, without its documents: read for the rows of the page alone, after they are sorted."""
        newest = AssessmentRow._base_manager.select_related("vendor").defer("document", "facts")
        return self.select_related("vendor").prefetch_related(Prefetch("newest", newest))


# What the newest assessment says of each vendor, beside it: lists sort, filter and count by these, and never walk over the
# documents of every assessment to reach a number behind them. `following.summary_of` fills them.
SUMMARY = ("rto_hours", "value", "coverage", "grade", "chance", "disputed", "last_incident_at", "fell", "sought")


@audited(without=("newest_id", "judged_at", *SUMMARY))
class Followed(Owned):
    """One vendor the workspace follows. `newest`: its last assessment here; `archived_at`: when it was put away, None while shown.

    `owner`: who looks after it here, in the workspace's own words; `criticality`: "" where nobody said.
    `tag_line` holds its tags between commas, with one before and one after, so that a whole tag can be looked for; "" for none.
    `rto_hours` to `last_incident_at` repeat the columns of `newest`; `fell`: points its total moved by with it, None where it did not
    move; `sought`: name and slug without case and accents.
    """

    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="followers")
    newest = models.ForeignKey(AssessmentRow, on_delete=models.PROTECT, related_name="+")
    tag_line = models.CharField(max_length=850, blank=True, default="")
    note = models.CharField(max_length=LONGEST_NOTE, blank=True, default="")
    owner = models.CharField(max_length=LONGEST_OWNER, blank=True, default="", db_default="")
    criticality = models.CharField(max_length=8, choices=Criticality.choices, blank=True, default="", db_default="")
    added_at = models.DateTimeField(auto_now_add=True)
    judged_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)
    rto_hours = models.FloatField(default=4.0)
    value = models.FloatField(null=True, blank=True)
    coverage = models.FloatField(default=0.0)
    grade = models.CharField(max_length=5, null=True, blank=True)  # noqa: DJ001 - None: no grade is given
    chance = models.FloatField(null=True, blank=True)
    disputed = models.BooleanField(default=False)
    last_incident_at = models.DateTimeField(null=True, blank=True)
    fell = models.FloatField(null=True, blank=True)
    sought = models.CharField(max_length=600, blank=True, default="")

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
