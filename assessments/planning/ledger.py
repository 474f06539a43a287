"""What was promised, recommended and decided, for the pages: the plan of now beside the vendors as last judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from assessments import plans
from assessments.continuity.commitments import Promise, promises
from assessments.continuity.judged import Judged
from assessments.continuity.plan import Plan
from assessments.continuity.register import Entry, Reminder, counts, reminders
from assessments.continuity.register import register as entries_of
from assessments.models import AssessmentRow, PlanRow
from assessments.models.plan import read_at
from assessments.planning import judging, shown
from assessments.report.links import safe_link
from assessments.report.phrases import EFFORT
from riskboard.locales import _

STATE_LOOKS = {
    "open": "fail", "planned": "partial", "accepted": "unknown", "done": "pass", "no longer needed": "unknown",
    "broken": "fail", "late": "fail", "due soon": "partial", "kept late": "partial", "kept": "pass",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the register, with its owner's name, the way to decide, links that are safe to follow, and its effort in words."""

    entry: Entry
    owner: str
    look: str
    url: str
    evidence: str
    history: str
    effort: str


@dataclass(frozen=True, slots=True)
class Kept:
    """One promise, with how it looks and links that are safe to follow."""

    promise: Promise
    look: str
    evidence: str
    source: str


@dataclass(frozen=True, slots=True)
class Due:
    """One reminder with the way to its place."""

    reminder: Reminder
    url: str
    when: str


def register(
    row: PlanRow, plan: Plan, *, now: datetime, state: str = "", vendor: str = "", q: str = ""
) -> dict[str, Any]:
    """The register's lines, narrowed, with its counts. The number of queries is the same for any plan."""
    judged = judging.vendors()
    found = entries_of(plan, judged, as_of=read_at(plan, now))
    owners = shown.names(plan)["contacts"]
    wanted = q.casefold().split()
    kept = [
        one for one in found
        if (not state or one.state == state) and (not vendor or one.vendor == vendor)
        and all(word in _words(one).casefold() for word in wanted)
    ]  # fmt: skip
    return {
        "judgement": judging.newest(row.revision), "is_empty": not plan.services,
        "entries": [_line(one, owners) for one in kept], "total": len(found),
        "counts": [(name, count) for name, count in counts(found).items() if count],
        "vendors": sorted({(one.vendor, one.vendor_name) for one in found}, key=lambda pair: pair[1].casefold()),
        "due": due(plan, judged, now=now),
    }  # fmt: skip


def _words(one: Entry) -> str:
    asked = one.recommendation
    return f"{one.rule} {one.vendor_name} {one.note} {asked.action if asked else ''} {asked.why if asked else ''}"


def _line(one: Entry, owners: dict[str, str]) -> Line:
    decided = one.decision
    if decided is not None:
        url = reverse("plan-edit", args=["decisions", decided.id])
    else:
        url = f"{reverse('plan-new', args=['decisions'])}?{urlencode({'rule': one.rule, 'vendor': one.vendor})}"
    owner = owners.get(decided.owner or "", "") if decided else ""
    history = f"{reverse('plan-history')}?{urlencode({'q': f'decision {decided.id}'})}" if decided else ""
    effort = _(EFFORT[one.recommendation.effort]) if one.recommendation else ""
    evidence = safe_link(decided.evidence) if decided else ""
    return Line(one, owner, STATE_LOOKS[one.state], url, evidence, history, effort)


def commitments(row: PlanRow, plan: Plan, *, now: datetime) -> dict[str, Any]:
    """Every promise, broken and late ones first."""
    found = promises(plan, judging.vendors(), as_of=read_at(plan, now))
    bad = sum(one.followed.state in ("broken", "late") for one in found)
    kept = sum(one.followed.state in ("kept", "kept late") for one in found)
    return {
        "judgement": judging.newest(row.revision),
        "promises": [kept_of(o) for o in found],
        "bad": bad,
        "kept": kept,
    }


def kept_of(one: Promise) -> Kept:
    """A promise as a page shows it."""
    found = one.followed
    look = "unknown" if found.state == "open" else STATE_LOOKS[found.state]  # nothing is due yet, and nothing is shown
    return Kept(one, look, safe_link(found.evidence), safe_link(one.commitment.link))


def promised_by(row: AssessmentRow) -> list[Kept]:
    """What the vendor of that assessment promised, as of that assessment. One query; none where the plan names no promise."""
    plan = plans.current().parsed()
    slug = row.vendor.slug
    if not any(one.vendor == slug for one in plan.commitments):
        return []
    judged = {slug: Judged(assessment=row.parsed(), facts=row.parsed_facts())}
    return [kept_of(one) for one in promises(plan, judged, as_of=row.as_of, vendor=slug)]


def due(plan: Plan, judged: dict[str, Judged], *, now: datetime) -> list[Due]:
    """What is overdue or due soon, soonest first, each with the way to its place."""
    return [_due(one) for one in reminders(plan, judged, as_of=read_at(plan, now))]


def _due(one: Reminder) -> Due:
    url = (
        reverse("plan-organisation") if one.kind == "organisation" else reverse("plan-edit", args=[one.kind, one.item])
    )
    days = abs(one.days)
    if not days:
        return Due(one, url, gettext("today"))
    if one.days < 0:
        return Due(one, url, ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days})
    return Due(one, url, ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days})
