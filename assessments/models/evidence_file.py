"""One file kept as evidence: of an answer, or of an item of the plan."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models

from assessments.models.questionnaire import QuestionnaireLink
from riskboard.accounts.audit import audited
from riskboard.accounts.scope import Owned, owned


class Files(models.QuerySet):
    """Evidence files, asked for by what they are about."""

    def kept(self):
        """Those that were not removed."""
        return self.filter(removed_at=None)

    def of_item(self, kind: str, item: str):
        """Those of one item of the plan."""
        return self.filter(plan_kind=kind, plan_item=item)


@audited()
class EvidenceFile(Owned):
    """A file under MEDIA_ROOT, in its workspace's folder, named by its content. About a vendor's answer, or an item of the plan.

    `sha256` is of the bytes kept, `sent_sha256` of those that were sent: a picture is drawn anew. `link`: the vendor's link by
    which it came; None: a member brought it. `removed_at`: it counts no more and can be brought back.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(
        "vendors.Vendor", on_delete=models.PROTECT, related_name="evidence_files", null=True, blank=True
    )
    item = models.CharField(max_length=3, blank=True)
    plan_kind = models.CharField(max_length=20, blank=True)
    plan_item = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=140)
    suffix = models.CharField(max_length=5)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    sent_sha256 = models.CharField(max_length=64)
    link = models.ForeignKey(
        QuestionnaireLink, on_delete=models.PROTECT, related_name="evidence_files", null=True, blank=True
    )
    by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = owned(queries=Files)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def files_of(cls, workspace) -> list[Path]:
        """Every file of that workspace: they lie in a folder of its own."""
        every = cls.objects.with_scopes_disabled().filter(workspace=workspace)
        return [row.path for row in every.select_related("workspace")]

    @property
    def path(self) -> Path:
        """Where its bytes lie."""
        return Path(settings.MEDIA_ROOT) / "evidence" / str(self.workspace.uid) / f"{self.sha256}.{self.suffix}"

    @property
    def words(self) -> str:
        """How a judgement names it, and how it can be found again: "restore.pdf, sha256 3f9a0c11…"."""
        return f"{self.name}, sha256 {self.sha256}"
