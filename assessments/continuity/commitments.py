"""What a vendor promised, followed up: kept, late or broken, with what shows it. Pure.

Somebody's record decides where there is one. Else the vendor's own record is asked where it can tell: a post-mortem that stands,
a page that is open, outages and updates since the promise. What nothing shows is never kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from statistics import mean, median
from typing import Literal

from msgspec import Struct

from assessments.continuity.judged import Judged
from assessments.continuity.plan import Commitment, Plan
from assessments.scoring.communication import elements_of, gaps_minutes, human_updates
from assessments.scoring.metrics import as_known, is_core, outages
from assessments.scoring.reading import read_words
from assessments.scoring.rubric import number
from riskboard.durations import hours_text
from vendors.records import Incident, VendorFacts

State = Literal["open", "due soon", "late", "kept", "kept late", "broken"]
BAD: tuple[State, ...] = ("late", "broken")


class Followed(Struct, frozen=True, kw_only=True):
    """How a promise stands. `why` is a sentence; `evidence` an address that shows it, empty where there is none."""

    state: State
    why: str
    evidence: str = ""


class Promise(Struct, frozen=True, kw_only=True):
    """A promise and how it stands, for a page or a report."""

    commitment: Commitment
    vendor: str
    followed: Followed


def follow(one: Commitment, facts: VendorFacts | None, *, as_of: datetime) -> Followed:
    """How the promise stands at that time. `facts` None: the vendor's record is not at hand, only what was recorded counts."""
    today = as_of.date()
    if one.broken_on is not None and one.broken_on <= today:
        return Followed(state="broken", why=f"Recorded as broken on {one.broken_on}.", evidence=one.evidence)
    if one.kept_on is not None and one.kept_on <= today:
        return _kept(one, one.kept_on, f"Recorded as kept on {one.kept_on}.", one.evidence)
    shown = _shown(one, facts, as_of) if facts is not None else None
    if shown is not None and shown.state != "open":
        return shown
    told = f" {shown.why}" if shown else ""
    if one.due_on is not None and one.due_on < today:
        days = (today - one.due_on).days
        return Followed(
            state="late", why=f"Due on {one.due_on}, {days} days ago; nothing shows that it was kept.{told}"
        )
    if one.due_on is not None and (one.due_on - today).days <= number("register", "soon_days"):
        return Followed(state="due soon", why=f"Due on {one.due_on}.{told}")
    due = f"Due on {one.due_on}." if one.due_on else "No day was named."
    return Followed(state="open", why=due + told)


def promises(
    plan: Plan, judged: Mapping[str, Judged], *, as_of: datetime, vendor: str | None = None
) -> tuple[Promise, ...]:
    """Every promise of the plan (of one vendor, where it is named), broken and late ones first, then by the day it was made."""
    order: tuple[State, ...] = ("broken", "late", "due soon", "open", "kept late", "kept")
    found = [
        Promise(
            commitment=one,
            vendor=known.facts.vendor.name if known else one.vendor,
            followed=follow(one, known.facts if known else None, as_of=as_of),
        )
        for one in plan.commitments
        if vendor is None or one.vendor == vendor
        for known in (judged.get(one.vendor),)
    ]
    return tuple(sorted(found, key=lambda p: (order.index(p.followed.state), p.commitment.made_on, p.commitment.id)))


def conditions(found: tuple[Promise, ...]) -> tuple[str, ...]:
    """What a signature may be made conditional on: one sentence for each promise that is late or broken."""
    return tuple(
        f"{one.vendor} makes good what it promised on {one.commitment.made_on} ({one.followed.state}): {one.commitment.said}"
        for one in found
        if one.followed.state in BAD
    )


def _kept(one: Commitment, day: date, why: str, evidence: str) -> Followed:
    late = one.due_on is not None and day > one.due_on
    return Followed(state="kept late" if late else "kept", why=why, evidence=evidence)


def _shown(one: Commitment, facts: VendorFacts, as_of: datetime) -> Followed | None:
    """What the vendor's record shows of the promise; None where it cannot tell."""
    known = read_words(as_known(facts, as_of))
    since = [i for i in known.incidents if i.started_at.date() > one.made_on and i.started_at <= as_of]
    if one.kind == "post-mortem":
        return _post_mortem(one, known)
    if one.kind == "open-dashboard":
        return _open_page(known)
    if one.kind == "rto" and one.limit_hours is not None:
        return _within(known, one, one.limit_hours, as_of)
    if one.kind == "faster-updates" and one.limit_hours is not None:
        return _faster(since, one.limit_hours, as_of)
    if one.kind == "specific-updates":
        before = [i for i in known.incidents if i.started_at.date() <= one.made_on]
        return _more_specific(before, since)
    return None


def _post_mortem(one: Commitment, known: VendorFacts) -> Followed | None:
    reach = number("register", "post_mortem_days")
    about = [i for i in known.incidents if 0 <= (one.made_on - i.started_at.date()).days <= reach and i.postmortem_url]
    if not about:
        return None
    found = about[-1]
    return Followed(
        state="kept",
        why=f"The record links a post-mortem of {found.started_at:%Y-%m-%d}.",
        evidence=found.postmortem_url or "",
    )


def _open_page(known: VendorFacts) -> Followed | None:
    access = {page.access for page in known.pages}
    if access == {"public"}:
        return Followed(state="kept", why="The status page is public.", evidence=known.pages[0].url)
    if "login" in access:
        return Followed(state="open", why="The status page is for signed-in customers still.")
    return None


def _within(known: VendorFacts, one: Commitment, limit: float, as_of: datetime) -> Followed | None:
    if known.window.end is None or known.window.end.date() <= one.made_on:
        return None  # the record ends before the promise
    later = [o for o in outages(known, as_of, core_only=True) if o.start.date() > one.made_on and o.hours is not None]
    longer = [o for o in later if (o.hours or 0) > limit]
    if longer:
        worst = max(longer, key=lambda o: o.hours or 0)
        why = (
            f"Since then {len(longer)} of {len(later)} outages lasted longer than {hours_text(limit)}; "
            f"that of {worst.start:%Y-%m-%d} {hours_text(worst.hours or 0)}."
        )
        return Followed(state="broken", why=why, evidence=worst.incidents[0].url or "")
    until = f"up to {min(known.window.end, as_of):%Y-%m-%d}"
    if not later:
        return Followed(state="open", why=f"The record shows no outage since then, {until}.")
    why = f"None of {len(later)} outages since then lasted longer than {hours_text(limit)}, {until}."
    return Followed(state="open", why=why)


def _faster(since: list[Incident], limit: float, as_of: datetime) -> Followed | None:
    gaps = [max(found) for one in since if is_core(one) and (found := gaps_minutes(one, as_of))]
    if len(gaps) < number("register", "least_incidents"):
        return None
    typical = median(gaps) / 60
    why = f"The longest silence of an incident since then is {hours_text(typical)} (median of {len(gaps)})."
    return Followed(state="kept" if typical <= limit else "broken", why=why)


def _more_specific(before: list[Incident], since: list[Incident]) -> Followed | None:
    earlier, later = _elements(before), _elements(since)
    if min(len(earlier), len(later)) < number("register", "least_incidents"):
        return None
    was, became = mean(earlier), mean(later)
    why = f"An incident's updates state {became:.1f} of ten elements on average since then ({len(later)} incidents), {was:.1f} before."
    return Followed(state="kept" if became > was else "broken", why=why)


def _elements(incidents: list[Incident]) -> list[int]:
    """How many different elements each incident's updates state, of those whose words were measured."""
    counts = []
    for one in incidents:
        told = [found for update in human_updates(one) if (found := elements_of(update)) is not None]
        if told:
            counts.append(len(frozenset().union(*told)))
    return counts
