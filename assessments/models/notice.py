"""What a workspace is told of, by which channels, and what became of each message: an outbox."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy

from riskboard.accounts.audit import audited
from riskboard.accounts.scope import Owned, owned
from riskboard.locales import ENGLISH, LANGUAGES, PSEUDO


class ChannelKind(models.TextChoices):
    """By what a channel reaches people or programs."""

    MAIL = "mail", gettext_lazy("E-mail")
    APPRISE = "apprise", gettext_lazy("Chat or pager")
    WEBHOOK = "webhook", gettext_lazy("Webhook")


class Digest(models.TextChoices):
    """How often a channel speaks."""

    NOW = "now", gettext_lazy("as it happens")
    DAILY = "daily", gettext_lazy("once a day, at 8:00")
    WEEKLY = "weekly", gettext_lazy("once a week, Monday at 8:00")


@audited(without=("fault", "paused_at"))
class Channel(Owned):
    """Where messages go. `address_secret` and the signing secrets are sealed; `hint` is what may be shown of the address.

    `events`: kinds of notices it wants. Quiet hours are in `time_zone`; from None: none. `paused_at` set: nothing is sent. `language`:
    what it is written in (ADR 27).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=ChannelKind.choices)
    address_secret = models.TextField()
    hint = models.CharField(max_length=200)
    signing_secret = models.TextField(blank=True, default="")
    old_signing_secret = models.TextField(blank=True, default="")
    old_until = models.DateTimeField(null=True, blank=True)
    events = models.JSONField(default=list)
    digest = models.CharField(max_length=10, choices=Digest.choices, default=Digest.NOW)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=10, default=ENGLISH, db_default=ENGLISH)
    paused_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def speaks(self) -> str:
        """The language; English where the stored one is no longer spoken."""
        return self.language if self.language in (*LANGUAGES, PSEUDO) else ENGLISH


class Notice(Owned):
    """One thing worth telling, once: `key` says what it is of. `path` leads to its page; `data` is what programs are told."""

    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    vendor = models.ForeignKey("vendors.Vendor", null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    text = models.CharField(max_length=1000, blank=True, default="")
    path = models.CharField(max_length=500)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="notice_once")]

    def __str__(self) -> str:
        return self.title[:80]


class DeliveryState(models.TextChoices):
    """Where a message stands. `dead`: given up after the last try."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


class DeliveryQuerySet(models.QuerySet):
    """Reads."""

    def due(self, now):
        """Messages whose time has come, of channels that are not paused."""
        return self.filter(state=DeliveryState.WAITING, due_at__lte=now, channel__paused_at=None)


class Delivery(Owned):
    """One notice by one channel. `uid` goes along, so that whoever gets a message twice can tell; `claimed_at`: the try under way."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="deliveries")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True, default="")

    objects = owned(queries=DeliveryQuerySet)

    class Meta:
        ordering = ["-due_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["channel", "notice"], name="delivery_once")]
        indexes = [models.Index(fields=["state", "due_at"], name="delivery_state_due")]

    def __str__(self) -> str:
        return str(self.uid)
