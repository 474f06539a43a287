"""Which vendors the workspace follows: begun by the first assessment, put away and brought back by people."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

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


def tags_of(text: str) -> list[str]:
    """The tags in a line of words between commas: in lower case, in order, once each. Raises Refused for too many or too long ones."""
    tags = sorted({" ".join(word.split()).casefold() for word in text.split(",")} - {""})
    if len(tags) > MOST_TAGS:
        raise Refused(
            gettext("at most %(most_tags)s tags a vendor; these are %(tags)s")
            % {"most_tags": MOST_TAGS, "tags": len(tags)}
        )
    long = next((tag for tag in tags if len(tag) > LONGEST_TAG), None)
    if long is not None:
        raise Refused(
            gettext("the tag %(long)s is longer than %(longest_tag)s characters")
            % {"long": f"{long[:LONGEST_TAG]!r}", "longest_tag": LONGEST_TAG}
        )
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


class Changed(Exception):
    """Somebody else wrote other words beside the vendor meanwhile. `theirs`: the row as it stands."""

    def __init__(self, theirs: Followed) -> None:
        super().__init__(f"{theirs.vendor.slug} was annotated by somebody else meanwhile")
        self.theirs = theirs


def words_digest(followed: Followed) -> str:
    """What tells whether tags and note are still those a form was filled with."""
    return hashlib.sha256(f"{followed.tag_line}\n{followed.note}".encode()).hexdigest()[:16]


def annotate(slug: str, *, tags: Iterable[str], text: str, seen: str) -> None:
    """Write the vendor's tags and note over those of the digest `seen`. What is there already is no change.

    Raises Changed, and writes nothing, where they are others by now; Refused for too many or too long tags.
    """
    wanted, note = tags_of(",".join(tags)), " ".join(text.split())[:500]
    with transaction.atomic():
        row = Followed.objects.select_for_update(of=("self",)).select_related("vendor").get(vendor__slug=slug)
        if (row.tags, row.note) == (wanted, note):
            return
        if words_digest(row) != seen:
            raise Changed(row)
        row.tags, row.note = wanted, note
        row.save(update_fields=["tag_line", "note"])


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
