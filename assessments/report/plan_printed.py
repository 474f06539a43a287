"""What a report on a plan prints, as `verify` looks for it: figures of the answer, the clause index, the change since a milestone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assessments.continuity.answer_records import Answer
from assessments.continuity.judged import Judged
from assessments.continuity.plan import Plan
from assessments.continuity.register import register
from assessments.report.clauses import printed_clauses
from assessments.report.plan_figures import Printed, printed_in_plan
from assessments.report.progress import Stand, now_of, printed_progress
from assessments.report.sections import plan_sections
from assessments.report.steps import printed_steps


def printed_on_plan(
    plan: Plan, judged: Mapping[str, Judged], answer: Answer, *, kind: str, before: Sequence[Stand], has_history: bool
) -> Printed:
    """(path, text on the page) of what that kind of report prints."""
    entries = register(plan, judged, as_of=answer.as_of)
    sections = plan_sections(plan, judged, answer, entries, has_history=has_history)
    more = [*printed_progress(before, now_of(plan, judged, answer)), *printed_clauses(kind, sections)]
    return [*printed_in_plan(answer), *printed_steps(plan), *more] if kind == "continuity" else more
