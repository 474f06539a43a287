"""What the API answered to a request that bore an idempotency key, so that the same request again is done once (ADR 21)."""

from __future__ import annotations

from django.db import models

from riskboard.accounts.scope import Owned


class KeptAnswer(Owned):
    """One key of one asker. `status` None: it is being done, or whoever did it died after `claimed_at`.

    `asker` is a token's or a person's id, so that nobody is given another's answer. `body_secret` is sealed: an answer may show a
    link or a key once.
    """

    asker = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    request_sha256 = models.CharField(max_length=64)
    claimed_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    headers = models.JSONField(default=dict)
    body_secret = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["claimed_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["workspace", "asker", "key"], name="key_answered_once")]

    def __str__(self) -> str:
        return f"{self.asker} {self.key}"
