"""The 52 recommendation rules of method, section 7: when each fires, and what to do then. Data and small predicates only."""

from __future__ import annotations

from assessments.continuity.rules import backup, communication, kinds, risk
from assessments.continuity.rules.rule import Rule

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (*risk.RULES, *communication.RULES, *backup.RULES, *kinds.RULES),
        key=lambda rule: int(rule.id.removeprefix("R")),
    )
)
BY_ID: dict[str, Rule] = {rule.id: rule for rule in RULES}

__all__ = ["BY_ID", "RULES", "Rule"]
