"""What vendors said in public, as rows. Nothing said is ever erased: edits are revisions, what vanished keeps its date."""

from __future__ import annotations

import zlib

from django.db import models
from django.db.models import F, Q

from riskboard.accounts.scope import Owned

IMPACTS = ("none", "minor", "major", "critical")


class Vendor(models.Model):
    """Who is judged."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=500)
    category = models.CharField(max_length=500, default="unknown")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class StatusPage(models.Model):
    """One page of a vendor, what it looked like when last read, and what its record covers.

    `fault` is the sentence of the last failed read, "" after a good one; the facts of earlier reads stay.
    """

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="pages")
    url = models.URLField(max_length=2000, unique=True)
    platform = models.CharField(max_length=500)
    name = models.CharField(max_length=500)
    access = models.CharField(max_length=10, default="unknown")
    state = models.CharField(max_length=12, default="unknown")
    window_start = models.DateTimeField(null=True, blank=True)
    window_end = models.DateTimeField(null=True, blank=True)
    window_complete = models.BooleanField(default=False)
    window_reason = models.CharField(max_length=500, blank=True, default="")
    facts_as_of = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=500, blank=True, default="")
    sources = models.JSONField(default=list, blank=True)
    backup = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(window_start__isnull=True)
                | Q(window_end__isnull=True)
                | Q(window_end__gte=F("window_start")),
                name="page_window_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class PageProduct(models.Model):
    """Which product served a page, from when to when: vendors move, and the record of each time keeps its maker.

    `until` is None while it still does; both ends are when we saw it, not when it changed.
    """

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="products")
    platform = models.CharField(max_length=500)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["page"], condition=Q(until__isnull=True), name="page_one_product_now")
        ]

    def __str__(self) -> str:
        return f"{self.platform} since {self.since:%Y-%m-%d}"


class PageReach(models.Model):
    """How much one full read of a page showed, once a day: a page that publishes less than it used to is seen by it.

    `reach_days` is how far back the read reached, None where it told the present only.
    """

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="reaches")
    day = models.DateField()
    platform = models.CharField(max_length=500)
    reach_days = models.FloatField(null=True, blank=True)
    incidents = models.PositiveIntegerField()

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["page", "day"], name="page_reach_once_a_day")]

    def __str__(self) -> str:
        return f"{self.page_id} on {self.day}"


class Watch(models.Model):
    """When a page is read next. A row of its own, so that looking without news touches no fact.

    `due_at` None: not watched. `failures` in a row; `changed_at` when the last news was seen; `read_at` the last full read.
    """

    page = models.OneToOneField(StatusPage, on_delete=models.CASCADE, related_name="watch")
    due_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="watch_due")]

    def __str__(self) -> str:
        return f"{self.page_id} due {self.due_at}"


class HostTurn(models.Model):
    """Whose turn it is at one host: one reader at a time, none before a time the host asked for, none while it is down.

    `holder` and `busy_until`: the reader that has the turn and when it counts as lost. `read_at`: the end of the last turn.
    `not_before`: what the host asked for, or what the breaker holds; `failures` in a row open it.
    """

    host = models.CharField(max_length=253, unique=True)
    holder = models.CharField(max_length=32, blank=True, default="")
    busy_until = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.host


class Body(models.Model):
    """The bytes of an answer, packed, once however often and wherever they came. `packed` None: dropped by retention.

    `cited`: an assessment rests on them, so retention never drops them.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    packed = models.BinaryField(null=True)
    size = models.PositiveIntegerField()
    cited = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def data(self) -> bytes | None:
        """The bytes as they came; None once dropped."""
        return None if self.packed is None else zlib.decompress(bytes(self.packed))


class Snapshot(models.Model):
    """One answer of one address. The same bytes from the same address are one row, with the times they were seen between.

    `etag` and `last_modified` are the server's validators, "" where it gave none.
    """

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="snapshots")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="snapshots")
    name = models.CharField(max_length=100)
    url = models.URLField(max_length=2000)
    sha256 = models.CharField(max_length=64)
    etag = models.CharField(max_length=200, blank=True, default="")
    last_modified = models.CharField(max_length=200, blank=True, default="")
    first_fetched_at = models.DateTimeField()
    last_fetched_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["page", "name", "-last_fetched_at"], name="snapshot_newest")]
        constraints = [
            models.UniqueConstraint(fields=["page", "name", "sha256"], name="snapshot_once"),
            models.CheckConstraint(
                condition=Q(last_fetched_at__gte=F("first_fetched_at")), name="snapshot_times_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.url} {self.sha256[:12]}"


class Component(models.Model):
    """A part of the service the page lists, in the page's order."""

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="components")
    external_id = models.CharField(max_length=500)
    name = models.CharField(max_length=500)
    group = models.CharField(max_length=500, null=True, blank=True)  # noqa: DJ001 - None: the page has no groups
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["page", "external_id"], name="component_once")]

    def __str__(self) -> str:
        return self.name


class Incident(models.Model):
    """One unplanned event. `document` is the record as last told, without its updates; columns are for queries.

    `gone_at`: when a read first found that the page no longer lists it though it should; None while it does.
    """

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="incidents")
    external_id = models.CharField(max_length=500)
    impact = models.CharField(max_length=10, null=True, blank=True)  # noqa: DJ001 - None: the source gives none
    started_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["started_at", "pk"]
        indexes = [
            models.Index(fields=["page", "started_at"], name="incident_page_start"),
            # Few of many: what is open now is looked for by every list.
            models.Index(
                fields=["page", "-started_at"], condition=Q(resolved_at=None, gone_at=None), name="incident_open"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["page", "external_id"], name="incident_once"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True) | Q(resolved_at__gte=F("started_at")),
                name="incident_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(impact__isnull=True) | Q(impact__in=IMPACTS), name="incident_impact_known_word"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.external_id} at {self.started_at:%Y-%m-%d %H:%M}"


class IncidentUpdate(models.Model):
    """One post, or one wording of it: an edited post gets a new row, and the old one is marked superseded.

    `superseded_at`: when the other wording was first seen. `withdrawn_at`: when the post was first missing altogether.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="updates")
    key = models.CharField(max_length=64)
    posted_at = models.DateTimeField()
    document = models.JSONField()
    superseded = models.BooleanField(default=False)
    superseded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["posted_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["incident", "key"], name="update_once")]

    def __str__(self) -> str:
        return f"{self.incident_id} at {self.posted_at:%Y-%m-%d %H:%M}"


class Maintenance(models.Model):
    """One announced window."""

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="maintenances")
    external_id = models.CharField(max_length=500)
    scheduled_for = models.DateTimeField(null=True, blank=True)
    scheduled_until = models.DateTimeField(null=True, blank=True)
    document = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["scheduled_for", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "external_id"], name="maintenance_once"),
            models.CheckConstraint(
                condition=Q(scheduled_for__isnull=True)
                | Q(scheduled_until__isnull=True)
                | Q(scheduled_until__gte=F("scheduled_for")),
                name="maintenance_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.external_id


class Observation(models.Model):
    """One thing seen about a page: the latest outcome per check and address, replaced by a later look."""

    page = models.ForeignKey(StatusPage, on_delete=models.CASCADE, related_name="observations")
    check_id = models.CharField(max_length=100)
    key = models.CharField(max_length=64)
    observed_at = models.DateTimeField()
    document = models.JSONField()

    class Meta:
        ordering = ["check_id", "pk"]
        constraints = [models.UniqueConstraint(fields=["page", "check_id", "key"], name="observation_once")]

    def __str__(self) -> str:
        return f"{self.check_id} at {self.observed_at:%Y-%m-%d %H:%M}"


class ReportedIncident(Owned):
    """One incident somebody entered: the press, a letter, a ticket told it. Withdrawn ones keep their row and its date."""

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="reported")
    external_id = models.CharField(max_length=500)
    started_at = models.DateTimeField()
    document = models.JSONField()
    note = models.CharField(max_length=500, blank=True, default="")
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["workspace", "vendor", "external_id"], name="reported_once")]

    def __str__(self) -> str:
        return f"{self.external_id} at {self.started_at:%Y-%m-%d %H:%M}"


class ObservedSpan(Owned):
    """One failure an independent observer saw. `batch` names the export it came with: they are withdrawn together."""

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, related_name="observed")
    observer = models.CharField(max_length=500)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, default="")
    batch = models.CharField(max_length=12)
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "vendor", "observer", "started_at"], name="observed_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="observed_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.observer} at {self.started_at:%Y-%m-%d %H:%M}"
