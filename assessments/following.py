"""Which vendors the workspace follows: begun by the first assessment, put away and brought back by people."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessments.models import AssessmentRow, Followed
from assessments.noted import Words
from riskboard import jobs
from riskboard.accounts.scope import inside
from riskboard.jobs.models import Job
from vendors.models import StatusPage

SETTLED_SECONDS = 120  # after news, so that several pages of one vendor are judged together


def follow(row: AssessmentRow, *, now: datetime | None = None) -> Followed:
    """The workspace's row for the assessment's vendor, which now names this assessment as the newest.

    A vendor that was put away stays away: only people bring it back.
    """
    followed, _ = Followed.objects.update_or_create(
        vendor=row.vendor, defaults={"newest": row, "judged_at": now or timezone.now(), **summary_of(row)}
    )
    return followed


def summary_of(row: AssessmentRow) -> dict[str, Any]:
    """What a followed vendor repeats of its newest assessment, by column."""
    same = ("rto_hours", "value", "coverage", "grade", "chance", "disputed", "last_incident_at")
    return {name: getattr(row, name) for name in same} | {
        "fell": row.moved["now"] - row.moved["then"] if row.moved else None,
        "sought": folded(f"{row.vendor.name} {row.vendor.slug}")[:600],
    }


def folded(text: str) -> str:
    """Without case and accents: "Zürich" is found by "zurich"."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def put_away(slugs: Collection[str], *, now: datetime) -> int:
    """Take vendors off the list; nothing known of them is lost. How many went; those already away or unknown do not count."""
    return _each(Followed.objects.filter(vendor__slug__in=slugs, archived_at=None), archived_at=now)


def bring_back(slugs: Collection[str]) -> int:
    """Show vendors again that were put away; how many came."""
    return _each(Followed.objects.filter(vendor__slug__in=slugs).exclude(archived_at=None), archived_at=None)


def _each(rows: Iterable[Followed], **fields: object) -> int:
    """Save one by one, so that each leaves its line in the audit trail."""
    changed = 0
    with transaction.atomic():
        for row in rows:
            for name, value in fields.items():
                setattr(row, name, value)
            row.save(update_fields=list(fields))
            changed += 1
    return changed


def begin(target: str, *, rto_hours: float, words: Words | None = None, quietly: bool = False) -> Job:
    """Have a vendor assessed, and followed from then on with those words beside it; no report is written.

    `quietly`: wakes no worker.
    """
    args = {"target": target, "rto_hours": rto_hours, "components": [], "report": False} | (words or Words()).as_args()
    digest = hashlib.sha256(repr(args).encode()).hexdigest()
    return jobs.enqueue("assess", args, queue="score", key=f"follow {digest}", quietly=quietly)


def again(followed: Followed, *, due_at: datetime | None = None, quietly: bool = False) -> Job:
    """Have the vendor judged anew for the needs of its newest assessment; no report is written."""
    needs = followed.newest.parsed().needs
    args = {
        "target": followed.vendor.slug, "rto_hours": needs.rto_hours, "rpo_hours": needs.rpo_hours,
        "components": list(needs.components), "report": False,
    }  # fmt: skip
    return jobs.enqueue(
        "assess", args, queue="score", key=f"again {followed.vendor_id}", due_at=due_at, quietly=quietly
    )


def judge_anew(sender: Any, *, page: StatusPage, now: datetime, **_: Any) -> int:
    """News of a page: every workspace that follows its vendor judges it again, once things settle. How many will."""
    rows = Followed.objects.with_scopes_disabled().filter(vendor=page.vendor_id, archived_at=None)
    rows = rows.select_related("workspace", "vendor", "newest")
    for row in rows:
        with inside(row.workspace):
            again(row, due_at=now + timedelta(seconds=SETTLED_SECONDS))
    return len(rows)
