"""Reading and writing answers. Two people who answer one item at once: the second hears of the first."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from msgspec.structs import replace

from assessments.models import Answer, AssessmentRow
from assessments.scoring.model import Assessment
from assessments.scoring.pipeline import assess
from assessments.scoring.rubric import number
from vendors.models import Vendor
from vendors.records import BackupAnswer, VendorFacts


class Conflict(Exception):
    """Somebody else answered these items meanwhile: `theirs` by item."""

    def __init__(self, theirs: dict[str, BackupAnswer | None]) -> None:
        super().__init__(", ".join(theirs))
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Effect:
    """What answers do to the newest judgement: the backup pillar and the total, without them and with them; None: not shown."""

    backup_before: float | None
    backup_after: float | None
    total_before: float | None
    total_after: float | None


def answers_of(vendor: Vendor) -> tuple[BackupAnswer, ...]:
    """Every answer that stands as it was given, in the items' order; its files are not told. One query."""
    return tuple(sorted((row.record() for row in vendor.backup_answers.all()), key=lambda one: int(one.item[1:])))


def judged_answers(vendor: Vendor) -> tuple[BackupAnswer, ...]:
    """The same as the score reads them: where no link is given, the first file that is kept is the evidence. Two queries."""
    first: dict[str, str] = {}
    for row in vendor.evidence_files.kept():
        first.setdefault(row.item, row.words)
    return tuple(
        replace(one, evidence=first[one.item]) if one.evidence is None and one.item in first else one
        for one in answers_of(vendor)
    )


def with_replies(vendor: Vendor, facts: VendorFacts) -> VendorFacts:
    """The facts with the objections the vendor filed by the time they are of. One query."""
    filed = [row.record() for row in vendor.replies.filter(filed_at__lte=facts.as_of)]
    return replace(facts, replies=(*(facts.replies or ()), *filed)) if filed else facts


def expires_on(answer: BackupAnswer) -> date | None:
    """The last day on which the answer counts; None where nobody asked, or its day is not known."""
    if answer.answered_at is None or answer.answer == "unknown":
        return None
    return (answer.answered_at + timedelta(days=number("checks", "backup", "expires_days"))).date()


def digest(answer: BackupAnswer | None) -> str:
    """What an editor hands back to show which state was before them; empty for none."""
    if answer is None:
        return ""
    said = f"{answer.answer}\n{answer.evidence or ''}\n{answer.note or ''}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def save_answers(
    vendor: Vendor,
    given: Mapping[str, BackupAnswer],
    *,
    seen: Mapping[str, str],
    by: str,
    now: datetime,
    confirmed: Collection[str] = (),
) -> list[str]:
    """Save what differs from what stands; the items that were changed, in order.

    Each is dated now, or earlier where the answer itself says when it was given. `seen`: the digest of each item as the editor
    had it. `confirmed`: items said to be still so, which count from now on without any other change. Raises Conflict, and saves
    nothing, where one of them was answered otherwise meanwhile.
    """
    with transaction.atomic():
        Vendor.objects.select_for_update().get(pk=vendor.pk)
        stands = {row.item: row for row in Answer.objects.filter(vendor=vendor)}
        known = {item: row.record() for item, row in stands.items()}
        wanted = {item: one for item, one in given.items() if digest(one) != seen.get(item, "") or item in confirmed}
        theirs = {
            item: known.get(item)
            for item, one in wanted.items()
            if digest(known.get(item)) not in (seen.get(item, ""), digest(one))
        }
        if theirs:
            raise Conflict(theirs)
        for item, one in wanted.items():
            row = stands.get(item) or Answer(vendor=vendor, item=item)
            row.answer, row.evidence, row.note = one.answer, one.evidence or "", one.note or ""
            row.answered_at, row.by = min(one.answered_at or now, now), by[:200]
            row.save()
    return sorted(wanted, key=lambda item: int(item[1:]))


def effect_of(vendor: Vendor, answers: tuple[BackupAnswer, ...]) -> Effect | None:
    """What those answers do to the vendor's newest judgement; None before the first. Cost: one judgement, about 0.2 s."""
    row = AssessmentRow.objects.filter(vendor=vendor).newest().first()
    if row is None:
        return None
    before = row.parsed()
    after = assess(row.parsed_facts(), replace(before.needs, backup=answers), as_of=before.as_of)
    return Effect(_backup(before), _backup(after), before.score.value, after.score.value)


def _backup(made: Assessment) -> float | None:
    return next(pillar.value for pillar in made.pillars if pillar.id == "backup")
