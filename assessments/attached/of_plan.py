"""A file as the evidence of an item of the plan: kept, and named by the item where that names no evidence yet."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from msgspec.structs import replace

from assessments import plans
from assessments.attached import store
from assessments.continuity import plan_file
from assessments.continuity.plan_file import PlanError
from assessments.files import attachable
from assessments.models import EvidenceFile, PlanRevision


@dataclass(frozen=True, slots=True)
class Attached:
    """The file's row, and the revision by which its item names it: None where the item named evidence already.

    `moved_on`: it named none, and was changed by somebody else before the file could be named.
    """

    file: EvidenceFile
    revision: PlanRevision | None = None
    moved_on: bool = False


def attach(kind: str, item_id: str, data: bytes, name: str, *, by: str) -> Attached:
    """Keep the file. Raises Http404 where the plan has no such item that takes files, Refused for a file that is not kept."""
    item = plan_file.get(plans.current().parsed(), kind, item_id) if kind in store.PLAN_KINDS else None  # type: ignore[arg-type]
    if item is None:
        raise Http404(item_id)
    row = store.attach_to_plan(kind, item_id, attachable.kept(data, name), by=by)
    if item.evidence:
        return Attached(row)
    linked = replace(item, evidence=settings.SITE_URL + reverse("evidence-file", args=[row.uid]))
    try:
        made = plans.save_item(
            kind, linked, seen=plan_file.item_sha256(item), author=by, summary=_attached(row.name, item_id)
        )  # type: ignore[arg-type]
    except (plans.Conflict, PlanError):
        return Attached(row, moved_on=True)
    return Attached(row, made)


def _attached(file_name: str, item_name: str) -> str:
    """What the plan's history says of it, in English."""
    return f"attached {file_name} to {item_name}"
