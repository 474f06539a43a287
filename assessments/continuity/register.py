"""The register: every recommendation with what was decided about it, and what is due. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import Struct

from assessments.continuity.commitments import promises
from assessments.continuity.judged import Judged
from assessments.continuity.plan import Decision, Plan
from assessments.continuity.rules import BY_ID
from assessments.scoring.model import Recommendation
from assessments.scoring.rubric import number

Standing = Literal["open", "planned", "accepted", "done", "no longer needed"]


class Entry(Struct, frozen=True, kw_only=True):
    """One line. `state` is what holds today: an acceptance that ended is open again, and `note` says so.

    `recommendation` None: it was decided once, and the rule fires no more. `overdue`: what was planned is past its day.
    """

    vendor: str
    vendor_name: str
    rule: str
    state: Standing
    recommendation: Recommendation | None
    decision: Decision | None
    note: str = ""
    overdue: bool = False


class Reminder(Struct, frozen=True, kw_only=True):
    """Something with a day. `days`: until then, negative for past; `kind` and `item` name its place in the plan."""

    on: date
    days: int
    text: str
    kind: str
    item: str


def register(plan: Plan, judged: Mapping[str, Judged], *, as_of: datetime) -> tuple[Entry, ...]:
    """Every recommendation for the plan's services, vendor by vendor in their ranked order, then decisions that outlived theirs."""
    today = as_of.date()
    decided = {(one.rule, one.vendor): one for one in plan.decisions}
    made = []
    for vendor in sorted({one.vendor for one in plan.services}):
        known = judged.get(vendor)
        for item in known.assessment.recommendations if known else ():
            decision = decided.pop((item.rule, vendor), None)
            state, note, overdue = _state(item, decision, today)
            made.append(
                Entry(
                    vendor=vendor,
                    vendor_name=known.facts.vendor.name if known else vendor,
                    rule=item.rule,
                    state=state,
                    recommendation=item,
                    decision=decision,
                    note=note,
                    overdue=overdue,
                )
            )
    for (rule, vendor), decision in sorted(decided.items(), key=lambda pair: (pair[0][1], int(pair[0][0][1:]))):
        known = judged.get(vendor)
        made.append(
            Entry(
                vendor=vendor,
                vendor_name=known.facts.vendor.name if known else vendor,
                rule=rule,
                state="no longer needed" if known else decision.state,
                recommendation=None,
                decision=decision,
                note="the rule fires no more" if known else "the vendor is not judged",
            )
        )
    return tuple(made)


def _state(item: Recommendation, decision: Decision | None, today: date) -> tuple[Standing, str, bool]:
    if decision is None or decision.state == "open":
        return ("done", "in place, as the plan shows", False) if item.in_place else ("open", "", False)
    if decision.state == "accepted":
        if not decision.approver.strip():
            return "open", "accepted by nobody in particular", False
        if decision.accepted_until is None or decision.accepted_until < today:
            return "open", f"the acceptance ended on {decision.accepted_until or 'no day that is stated'}", False
        return "accepted", f"until {decision.accepted_until}, by {decision.approver}", False
    if decision.state == "planned":
        late = decision.due_on is not None and decision.due_on < today
        return "planned", f"due on {decision.due_on}" if decision.due_on else "no day is stated", late
    return "done", "the rule fires still: what was done does not show in the record or the answers", False


def counts(entries: tuple[Entry, ...]) -> dict[Standing, int]:
    """How many are in each state, in the order of what needs a person first."""
    states: tuple[Standing, ...] = ("open", "planned", "accepted", "done", "no longer needed")
    return {state: sum(one.state == state for one in entries) for state in states}


def decision_id(rule: str, vendor: str) -> str:
    """The id of the decision about that recommendation: "r14-github"."""
    return f"{rule.lower()}-{vendor}"[:80].rstrip("-")


def reminders(plan: Plan, judged: Mapping[str, Judged], *, as_of: datetime) -> tuple[Reminder, ...]:
    """What is overdue or due within the rubric's days, soonest first."""
    today = as_of.date()
    ahead = timedelta(days=number("register", "ahead_days"))
    found = [
        Reminder(on=day, days=(day - today).days, text=text, kind=kind, item=item)
        for day, text, kind, item in (
            *_decided(plan, judged),
            *_promised(plan, judged, as_of),
            *_to_exercise(plan),
            *_ending(plan),
        )
        if day <= today + ahead
    ]
    return tuple(sorted(found, key=lambda one: (one.on, one.kind, one.item)))


_Due = tuple[date, str, str, str]


def _vendor(decision: Decision, judged: Mapping[str, Judged]) -> str:
    found = judged.get(decision.vendor)
    return found.facts.vendor.name if found else decision.vendor


def _action(decision: Decision) -> str:
    """What was decided on, in words; by its id where there is no such rule any more."""
    rule = BY_ID.get(decision.rule)
    return rule.action if rule else decision.rule


def _decided(plan: Plan, judged: Mapping[str, Judged]) -> Iterator[_Due]:
    for one in plan.decisions:
        vendor_name, action = _vendor(one, judged), _action(one)
        if one.state == "planned" and one.due_on:
            yield one.due_on, f"to be done about {vendor_name}: {action}", "decisions", one.id
        if one.state == "accepted" and one.accepted_until:
            text = f"a risk of {vendor_name} is accepted no longer; what was advised instead: {action}"
            yield one.accepted_until, text, "decisions", one.id


def _promised(plan: Plan, judged: Mapping[str, Judged], as_of: datetime) -> Iterator[_Due]:
    for one in promises(plan, judged, as_of=as_of):
        promise = one.commitment
        if one.followed.state in ("late", "due soon") and promise.due_on:
            yield promise.due_on, f"{one.vendor} is to keep its promise: {promise.said}", "commitments", promise.id
        elif one.followed.state == "open":
            looked = promise.checked_on or promise.made_on
            again = _shifted(looked, number("register", "look_again_days"))
            yield again, f"look whether {one.vendor} keeps its promise: {promise.said}", "commitments", promise.id


def _to_exercise(plan: Plan) -> Iterator[_Due]:
    year = number("lint", "exercise_days")
    for spare in plan.fallbacks:
        held = [one.held_on for one in plan.exercises if one.fallback == spare.id and one.kind == "switchover"]
        if held:
            yield _shifted(max(held), year), f"drill {spare.name} again", "fallbacks", spare.id
    for service in plan.services:
        held = [one.held_on for one in plan.exercises if one.service == service.id and one.kind == "restore"]
        if held:
            yield _shifted(max(held), year), f"test restoring {service.name} again", "services", service.id


def _ending(plan: Plan) -> Iterator[_Due]:
    for one in plan.services:
        if one.contract.ends_on:
            last = _shifted(one.contract.ends_on, -(one.contract.notice_days or 0))
            yield last, f"last day to give notice for {one.name}", "services", one.id
    if plan.organisation.next_review_on:
        yield plan.organisation.next_review_on, "review the plan", "organisation", "organisation"


def _shifted(day: date, days: float) -> date:
    """The day so many days later; the calendar's first or last day where it ends before that."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
