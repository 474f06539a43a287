"""lint(): what is wrong with a continuity plan, and where to mend it. docs/plan-lint.md lists the rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from assessments.continuity.answer import answer as answer_of
from assessments.continuity.answer_records import Answer
from assessments.continuity.judged import Judged
from assessments.continuity.lint import needs, people, recovery, unknown, upkeep
from assessments.continuity.lint.rule import LEVELS, Fault, Message, Rule, View
from assessments.continuity.plan import Plan

RULES: tuple[Rule, ...] = (*needs.RULES, *recovery.RULES, *people.RULES, *upkeep.RULES, *unknown.RULES)
BY_ID: dict[str, Rule] = {rule.id: rule for rule in RULES}

__all__ = ["BY_ID", "LEVELS", "RULES", "Message", "Rule", "lint"]


def lint(
    plan: Plan, judged: Mapping[str, Judged], *, as_of: datetime, answer: Answer | None = None
) -> tuple[Message, ...]:
    """Every message, errors first, then by rule and place. `answer`: what `answer()` gave for the same input, if at hand.

    Unknown never counts as in order. Cost: that of the answer where it is not given, else milliseconds.
    """
    view = View(plan=plan, answer=answer or answer_of(plan, judged, as_of=as_of), judged=judged, as_of=as_of)
    found = [_message(rule, fault) for rule in RULES for fault in rule.finds(view)]
    return tuple(sorted(found, key=lambda one: (LEVELS.index(one.level), one.rule, one.kind, one.item, one.text)))


def _message(rule: Rule, fault: Fault) -> Message:
    return Message(
        rule=rule.id,
        level=rule.level,
        text=fault.text,
        mend=rule.mend,
        kind=fault.kind,
        item=fault.item,
        field=fault.field,
    )
