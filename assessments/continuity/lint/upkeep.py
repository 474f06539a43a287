"""Rules on follow-up: reviews, approval, promises and decisions. P51 to P54."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from assessments.continuity.commitments import BAD, promises
from assessments.continuity.lint.rule import Fault, Rule, View
from assessments.continuity.plan import Runbook
from assessments.scoring.rubric import number


def _reviewed(v: View) -> Iterable[Fault]:
    most = number("lint", "review_days")
    books: list[tuple[Runbook, date | None]] = [(one, one.reviewed_on) for one in v.plan.runbooks]
    for one, day in books:
        if day is None or v.days_since(day) > most:
            name = v.service(one.service).name
            text = f"The runbook of {name} was never reviewed."
            if day is not None:
                text = f"The runbook of {name} was last reviewed {v.ago(day)}."
            yield Fault("runbooks", one.id, text, "reviewed_on")
    for process in v.plan.processes:
        if process.critical and (process.reviewed_on is None or v.days_since(process.reviewed_on) > most):
            day = process.reviewed_on
            text = f"The needs of {process.name} were never reviewed."
            if day is not None:
                text = f"The needs of {process.name} were last reviewed {v.ago(day)}."
            yield Fault("processes", process.id, text, "reviewed_on")


def _unsigned(v: View) -> Iterable[Fault]:
    if v.plan.processes and not v.plan.organisation.approved_by.strip():
        yield Fault("organisation", "organisation", "Nobody has approved this plan.", "approved_by")


def _promises(v: View) -> Iterable[Fault]:
    for one in promises(v.plan, v.judged, as_of=v.as_of):
        if one.followed.state in BAD:
            promise = one.commitment
            field = "broken_on" if promise.broken_on is not None else "kept_on"
            text = (
                f"{one.vendor} promised on {promise.made_on} ({one.followed.state}): {promise.said} {one.followed.why}"
            )
            yield Fault("commitments", promise.id, text, field)


def _decisions(v: View) -> Iterable[Fault]:
    for one in v.plan.decisions:
        vendor = v.vendor(one.vendor)
        if one.state == "accepted" and (one.accepted_until is None or one.accepted_until < v.today):
            text = f"The acceptance of {one.rule} for {vendor} has no end."
            if one.accepted_until is not None:
                text = f"The acceptance of {one.rule} for {vendor} ended on {one.accepted_until}."
            yield Fault("decisions", one.id, text, "accepted_until")
        elif one.state == "accepted" and not one.approver.strip():
            text = f"{one.rule} for {vendor} is accepted by nobody in particular."
            yield Fault("decisions", one.id, text, "approver")
        elif one.state == "planned" and (one.due_on is None or one.due_on < v.today):
            text = f"{one.rule} for {vendor} is planned and has no due day."
            if one.due_on is not None:
                text = f"{one.rule} for {vendor} is planned and was due on {one.due_on}."
            yield Fault("decisions", one.id, text, "due_on")
        elif one.state == "done" and not one.evidence.strip():
            yield Fault("decisions", one.id, f"{one.rule} for {vendor} is done, and nothing shows it.", "evidence")


RULES: tuple[Rule, ...] = (
    Rule(
        id="P51", level="advice", question="Was the plan reviewed in the last twelve months?", finds=_reviewed,
        why="People, numbers and services change.", clause="ISO 22301 9.3", mend="Review it, and note the day.",
    ),
    Rule(
        id="P52", level="advice", question="Is the plan approved?", finds=_unsigned,
        why="Whoever answers for the risk signs the plan.", clause="ISO 22301 5.1; DORA Art. 5(2)", mend="Have it approved.",
    ),
    Rule(
        id="P53", level="warning", question="Do vendors keep what they promised?", finds=_promises,
        why="Talking to customers matters more than the fix.", clause="DORA Art. 30(3)(b)",
        mend="Ask the vendor; record when it was kept or broken, with the evidence.",
    ),
    Rule(
        id="P54", level="warning", question="Are decisions on recommendations in force?", finds=_decisions,
        why="An acceptance without an end is forgetting.", clause="DORA Art. 28(2); ISO 22301 8.3.3",
        mend="Renew it with an approver and a day, or do what was planned.",
    ),
)  # fmt: skip
