"""Which vendors the workspace follows: begun by the first assessment, put away and brought back by people."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from assessments.models import AssessmentRow, Followed
from assessments.models.followed import LONGEST_TAG, MOST_TAGS
from riskboard import jobs
from riskboard.accounts.scope import inside
from riskboard.errors import Refused
from riskboard.jobs.models import Job
from vendors.models import StatusPage

SETTLED_SECONDS = 120  # after news, so that several pages of one vendor are judged together


def follow(row: AssessmentRow, *, now: datetime | None = None) -> Followed:
    """The workspace's row for the assessment's vendor, which now names this assessment as the newest.

    A vendor that was put away stays away: only people bring it back.
    """
    followed, _ = Followed.objects.update_or_create(
        vendor=row.vendor, defaults={"newest": row, "judged_at": now or timezone.now()}
    )
    return followed


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


def tags_of(text: str) -> list[str]:
    """The tags in a line of words between commas: in lower case, in order, once each. Raises Refused for too many or too long ones."""
    tags = sorted({" ".join(word.split()).casefold() for word in text.split(",")} - {""})
    if len(tags) > MOST_TAGS:
        raise Refused(f"at most {MOST_TAGS} tags a vendor; these are {len(tags)}")
    long = next((tag for tag in tags if len(tag) > LONGEST_TAG), None)
    if long is not None:
        raise Refused(f"the tag {long[:LONGEST_TAG]!r} is longer than {LONGEST_TAG} characters")
    return tags


def tag(slugs: Collection[str], *, add: Iterable[str] = (), drop: Iterable[str] = ()) -> int:
    """Add and drop tags on each of those vendors; how many changed. Raises Refused beyond the cap; nothing is changed then."""
    added, dropped, changed = set(add), set(drop), 0
    with transaction.atomic():
        for row in Followed.objects.select_for_update().filter(vendor__slug__in=slugs):
            after = tags_of(",".join((set(row.tags) | added) - dropped))
            if after != row.tags:
                row.tags = after
                row.save(update_fields=["tag_line"])
                changed += 1
    return changed


def note(followed: Followed, text: str) -> None:
    """What the workspace wants to remember of the vendor, cut to what the row holds."""
    followed.note = " ".join(text.split())[:500]
    followed.save(update_fields=["note"])


def mark(slug: str, *, tags: Iterable[str], text: str) -> None:
    """Write tags and note of a vendor that has just been followed; what people wrote meanwhile stays."""
    row = Followed.objects.filter(vendor__slug=slug, tag_line="", note="").first()
    if row is not None and (tags or text):
        row.tags, row.note = tags_of(",".join(tags)), " ".join(text.split())[:500]
        row.save(update_fields=["tag_line", "note"])


def begin(target: str, *, rto_hours: float, tags: Iterable[str] = (), text: str = "") -> Job:
    """Have a vendor assessed, and followed from then on with those tags and that note; no report is written."""
    args = {
        "target": target, "rto_hours": rto_hours, "components": [], "report": False,
        "tags": list(tags), "note": " ".join(text.split())[:500],
    }  # fmt: skip
    digest = hashlib.sha256(repr(args).encode()).hexdigest()
    return jobs.enqueue("assess", args, queue="score", key=f"follow {digest}")


def again(followed: Followed, *, due_at: datetime | None = None) -> Job:
    """Have the vendor judged anew for the needs of its newest assessment; no report is written."""
    needs = followed.newest.parsed().needs
    args = {
        "target": followed.vendor.slug, "rto_hours": needs.rto_hours, "rpo_hours": needs.rpo_hours,
        "components": list(needs.components), "report": False,
    }  # fmt: skip
    return jobs.enqueue("assess", args, queue="score", key=f"again {followed.vendor_id}", due_at=due_at)


def judge_anew(sender: Any, *, page: StatusPage, now: datetime, **_: Any) -> int:
    """News of a page: every workspace that follows its vendor judges it again, once things settle. How many will."""
    rows = Followed.objects.with_scopes_disabled().filter(vendor=page.vendor_id, archived_at=None)
    rows = rows.select_related("workspace", "vendor", "newest")
    for row in rows:
        with inside(row.workspace):
            again(row, due_at=now + timedelta(seconds=SETTLED_SECONDS))
    return len(rows)
