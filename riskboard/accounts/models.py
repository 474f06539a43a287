"""Who may do what in which workspace. Secrets are stored as digests only; the audit trail is inserted only."""

from __future__ import annotations

import hashlib
import secrets
import uuid
import zoneinfo
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

TOKEN_BYTES = 32  # 256 bits
INVITATION_DAYS = 7
SEEN_EVERY = timedelta(minutes=10)  # how often a token's last use is written


class Role(models.TextChoices):
    """From the least to the most: each may do what those before it may."""

    VIEWER = "viewer", gettext_lazy("viewer: reads everything, downloads reports")
    ANALYST = "analyst", gettext_lazy("analyst: assesses vendors, writes plans and answers")
    APPROVER = "approver", gettext_lazy("approver: also accepts risks and signs plans")
    ADMIN = "admin", gettext_lazy("admin: also people, tokens and settings")


ROLES = [str(role) for role in Role]


def digest(secret: str) -> str:
    """What is stored of a token: a plain SHA-256, since the token itself is 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """256 random bits, safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class Workspace(models.Model):
    """One customer's private room. `require_mfa`: members without a second factor are asked to set one up first.

    `closed_at`: when it was deleted with all its rows; the row itself stays, because its audit trail names it (ADR 22).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    require_mfa = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def main(cls) -> Workspace:
        """The first one, which every installation has."""
        return cls.objects.get_or_create(slug="main", defaults={"name": "Main"})[0]


class Membership(models.Model):
    """One person's role in one workspace."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["user__email", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="member_once"),
            models.CheckConstraint(condition=models.Q(role__in=ROLES), name="member_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class InvitationQuerySet(models.QuerySet):
    """Reads."""

    def usable(self, now: datetime):
        """Neither accepted, revoked nor expired."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """A way in for one e-mail address: used once, for a week."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role.choices)
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.email} {self.role}"


class TokenScope(models.TextChoices):
    """What a token is kept to, beside its role."""

    EVERYTHING = "", gettext_lazy("everything its role allows")
    REPORTS = "reports", gettext_lazy("reports alone: list, make, check and download them")


class ApiToken(models.Model):
    """A key by which a program works in one workspace, as a person of that role would by the API; `scope` narrows it.

    It is shown once; `hint` is its last four characters.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="tokens")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=10, default=Role.VIEWER, choices=Role.choices)
    scope = models.CharField(max_length=10, blank=True, default="", choices=TokenScope.choices)
    token_sha256 = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint})"

    def is_usable(self, now: datetime) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)

    def seen(self, now: datetime) -> None:
        """Remember that it was used, at most every ten minutes: a read must not cost a write."""
        if self.last_used_at is None or now - self.last_used_at > SEEN_EVERY:
            type(self).objects.filter(pk=self.pk).update(last_used_at=now)


class Profile(models.Model):
    """How one person wants to see things. `time_zone` is an IANA name; `tables` holds columns and density by list,
    `language` a code, "" for what the browser asks.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    time_zone = models.CharField(max_length=64, default="UTC")
    tables = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=10, blank=True, default="", db_default="")

    def __str__(self) -> str:
        return f"{self.user_id} {self.time_zone}"

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone; UTC where the stored name is no longer known."""
        try:
            return zoneinfo.ZoneInfo(self.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return zoneinfo.ZoneInfo("UTC")


class AuditQuerySet(models.QuerySet):
    """Reads; the database itself refuses the rest."""


class AuditEntry(models.Model):
    """One write: who, when, what, and the fields before and after (None where it was made or removed).

    `actor` is in words, so that it outlives the account. Documents appear by their digest; secrets never.
    """

    workspace = models.ForeignKey(Workspace, null=True, on_delete=models.PROTECT, related_name="audit")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    actor = models.CharField(max_length=200)
    via = models.CharField(max_length=20)  # page, api, job, command
    did = models.CharField(max_length=10)  # added, changed, removed
    kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=64)
    label = models.CharField(max_length=200)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    request_id = models.CharField(max_length=40, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["workspace", "-id"], name="audit_newest")]

    def __str__(self) -> str:
        return f"{self.actor} {self.did} {self.kind} {self.object_id}"
