"""One finished report file."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models

from assessments.models.assessment import AssessmentRow
from riskboard.accounts.scope import Owned

KINDS = [(kind, kind) for kind in ("vendor", "portfolio", "comparison", "continuity", "improvement")]


class Report(Owned):
    """A file under MEDIA_ROOT, named by its content. `format` is pdf, or html where the PDF engine cannot run."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=KINDS)
    format = models.CharField(max_length=4, choices=[("pdf", "pdf"), ("html", "html")])
    assessments = models.ManyToManyField(AssessmentRow, related_name="reports")
    key = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(null=True, blank=True)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="report_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @classmethod
    def files_of(cls, workspace) -> list[Path]:
        """The files that rows of that workspace alone name: a file is named by its content, and others may have the same."""
        every = cls.objects.with_scopes_disabled()
        others = every.exclude(workspace=workspace).values("sha256")
        return [row.path for row in every.filter(workspace=workspace).exclude(sha256__in=others)]

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return Path(settings.MEDIA_ROOT) / "reports" / f"{self.sha256}.{self.format}"
