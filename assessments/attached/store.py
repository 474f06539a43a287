"""Keeping files, removing and bringing them back. Bytes lie once in each workspace, named by their digest."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Count, Sum

from assessments.files.attachable import Kept
from assessments.models import EvidenceFile, QuestionnaireLink
from riskboard.accounts.scope import current
from riskboard.errors import Refused
from vendors.models import Vendor

PLAN_KINDS = ("exercises", "commitments", "decisions")  # those whose items have a field of evidence
MOST_OF_ONE = 5  # docs/limits.md: files of one answer, or of one item of the plan
MOST_OF_VENDOR = 100
MOST_BYTES = 2**30  # of one workspace


def counts_of(vendor: Vendor) -> dict[str, int]:
    """How many files each item's answer has. One query."""
    rows = vendor.evidence_files.kept().values_list("item").annotate(Count("pk")).order_by()
    return dict(rows)


def of_items(vendor: Vendor, *, link: QuestionnaireLink | None = None) -> dict[str, list[EvidenceFile]]:
    """The files that count, by item, oldest first. `link`: only those that came by it. One query."""
    rows = vendor.evidence_files.kept().select_related("workspace")
    found: dict[str, list[EvidenceFile]] = {}
    for row in rows if link is None else rows.filter(link=link):
        found.setdefault(row.item, []).append(row)
    return found


def room(kept: Kept, taken: Mapping[str, int], item: str) -> None:
    """Raises Refused where no more may be kept of that answer, that vendor, or in the workspace."""
    if taken.get(item, 0) >= MOST_OF_ONE:
        raise Refused(f"{MOST_OF_ONE} files are kept of one answer; remove one first")
    if sum(taken.values()) >= MOST_OF_VENDOR:
        raise Refused(f"{MOST_OF_VENDOR} files are kept of one vendor; remove some first")
    _room_here(kept)


def _room_here(kept: Kept) -> None:
    held = EvidenceFile.objects.aggregate(all=Sum("size"))["all"] or 0
    if held + len(kept.data) > MOST_BYTES:
        raise Refused(f"the workspace keeps {MOST_BYTES // 2**20} MiB of files already; delete some for good first")


def attach(vendor: Vendor, item: str, kept: Kept, *, by: str, link: QuestionnaireLink | None = None) -> EvidenceFile:
    """The row of that file as evidence of an answer; the one that is there, where the same file was brought before."""
    about = {"vendor": vendor, "item": item, "link": link}
    known = EvidenceFile.objects.filter(**about, sha256=kept.sha256, name=kept.name).first()
    return (known and _again(known)) or _made(kept, about, by)


def attach_to_plan(kind: str, item: str, kept: Kept, *, by: str) -> EvidenceFile:
    """The same for an item of the plan. Raises Refused where no more may be kept of it."""
    about = {"plan_kind": kind, "plan_item": item}
    known = EvidenceFile.objects.of_item(kind, item).filter(sha256=kept.sha256, name=kept.name).first()
    if known is not None:
        return _again(known)
    if EvidenceFile.objects.kept().of_item(kind, item).count() >= MOST_OF_ONE:
        raise Refused(f"{MOST_OF_ONE} files are kept of one item; remove one first")
    _room_here(kept)
    return _made(kept, about, by)


def _again(row: EvidenceFile) -> EvidenceFile:
    if row.removed_at is not None:
        row.removed_at = None
        row.save(update_fields=["removed_at"])
    return row


def _made(kept: Kept, about: Mapping[str, object], by: str) -> EvidenceFile:
    row = EvidenceFile(
        name=kept.name, suffix=kept.suffix, size=len(kept.data), sha256=kept.sha256, sent_sha256=kept.sent_sha256, by=by[:200],
        workspace=current(), **about,
    )  # fmt: skip
    _write(row.path, kept.data)
    row.save()
    return row


def _write(path: Path, data: bytes) -> None:
    """The bytes, whole or not at all; the same bytes are written once."""
    if path.is_file() and path.stat().st_size == len(data):
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".evidence.", delete=False) as out:
        try:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
            Path(out.name).replace(path)
        except BaseException:
            Path(out.name).unlink(missing_ok=True)
            raise


def remove(row: EvidenceFile, *, now: datetime) -> None:
    """It counts no more; it can be brought back."""
    row.removed_at = row.removed_at or now
    row.save(update_fields=["removed_at"])


def restore(row: EvidenceFile) -> None:
    """It counts again. Raises Refused where its place was taken meanwhile."""
    same = EvidenceFile.objects.kept().filter(
        vendor=row.vendor, item=row.item, plan_kind=row.plan_kind, plan_item=row.plan_item
    )
    if row.removed_at is not None and same.count() >= MOST_OF_ONE:
        raise Refused(f"{MOST_OF_ONE} other files are kept there by now; remove one first")
    row.removed_at = None
    row.save(update_fields=["removed_at"])


def delete_for_good(row: EvidenceFile) -> None:
    """Row and bytes are gone; the bytes stay while another row of the workspace has the same. The audit trail keeps its name."""
    path = row.path
    with transaction.atomic():
        row.delete()
        others = EvidenceFile.objects.filter(sha256=row.sha256, suffix=row.suffix).exists()
        if not others:
            transaction.on_commit(lambda: path.unlink(missing_ok=True))
