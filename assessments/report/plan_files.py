"""The data a plan's report carries, and the check of it: the answer and the lint worked out again from the plan and the facts."""

from __future__ import annotations

import csv
import io

import msgspec

from assessments.continuity.plan_file import dumps
from assessments.continuity.register import Entry, register
from assessments.report.attachments import Kind, PlanPart, Printed, attachments
from assessments.report.continuity import PlanReport
from assessments.report.plan_printed import printed_on_plan
from assessments.report.progress import FILE as MILESTONES
from riskboard.output import safe_cell

COLUMNS = (
    "vendor", "rule", "state", "note", "overdue", "action", "effort", "clause", "owner", "approver", "due", "accepted_until",
    "evidence",
)  # fmt: skip


def plan_attachments(given: PlanReport, *, kind: Kind) -> dict[str, bytes]:
    """Name to bytes: the plan, its answer, lint and register, each vendor's facts and judgement, and the manifest."""
    more = {
        "plan.json": dumps(given.plan),
        "answer.json": msgspec.json.encode(given.answer) + b"\n",
        "lint.json": msgspec.json.encode(list(given.messages)) + b"\n",
        "register.csv": register_csv(register(given.plan, given.judged, as_of=given.as_of)),
    }
    if given.before:
        more[MILESTONES] = msgspec.json.encode(list(given.before)) + b"\n"
    figures = printed_on_plan(
        given.plan, given.judged, given.answer, kind=kind, before=given.before, has_history=bool(given.history)
    )
    part = PlanPart(
        plan="plan.json",
        answer="answer.json",
        lint="lint.json",
        printed=tuple(Printed(path, text) for path, text in figures),
        has_history=bool(given.history),
        milestones=MILESTONES if given.before else "",
    )
    pairs = [(one.assessment, one.facts) for _, one in sorted(given.judged.items())]
    return attachments(pairs, kind=kind, more=more, plan=part)


def register_csv(entries: tuple[Entry, ...]) -> bytes:
    """One row a recommendation, with what was decided. Text that a spreadsheet would run is quoted with an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        [
            "vendor",
            "rule",
            "state",
            "note",
            "overdue",
            "action",
            "effort",
            "clause",
            "owner",
            "approver",
            "due",
            "accepted_until",
            "evidence",
        ]
    )
    for one in entries:
        item, decision = one.recommendation, one.decision
        row = [
            one.vendor, one.rule, one.state, one.note, "yes" if one.overdue else "no",
            item.action if item else "", item.effort if item else "", item.reference if item else "",
            (decision.owner or "") if decision else "", decision.approver if decision else "",
            str(decision.due_on or "") if decision else "", str(decision.accepted_until or "") if decision else "",
            decision.evidence if decision else "",
        ]  # fmt: skip
        writer.writerow([safe_cell(cell) for cell in row])
    return out.getvalue().encode()
