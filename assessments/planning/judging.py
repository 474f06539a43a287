"""The plan as last judged, for the pages: the answer and the lint of one stored judgement. Nothing is worked out twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assessments import plans
from assessments.continuity import plan_file
from assessments.continuity.answer_records import Answer
from assessments.continuity.judged import Judged
from assessments.continuity.lint import Message, lint
from assessments.continuity.plan import Kind, Plan
from assessments.models import PlanJudgement
from assessments.planning.fields import ORGANISATION


@dataclass(frozen=True, slots=True)
class Judgement:
    """The newest judgement: the plan it judged, its answer, what is wrong with that plan. `behind`: the plan changed since."""

    row: PlanJudgement
    plan: Plan
    answer: Answer
    messages: tuple[Message, ...]
    behind: bool


def newest(revision: int) -> Judgement | None:
    """The newest judgement beside that revision of the plan; None before the first. Two queries once it was looked at."""
    row = plans.newest_judgement()
    if row is None:
        return None
    plan, answer, messages = _looked_at(row.key)
    return Judgement(row, plan, answer, messages, behind=row.revision.number != revision)


@lru_cache(maxsize=4)
def _looked_at(key: str) -> tuple[Plan, Answer, tuple[Message, ...]]:
    """Plan, answer and lint of a judgement. Rows are never changed, so neither is what is remembered of them."""
    row = PlanJudgement.objects.select_related("revision").get(key=key)
    plan, answer = row.revision.parsed(), row.parsed()
    return plan, answer, lint(plan, _vendors(key), as_of=row.as_of, answer=answer)


def vendors() -> dict[str, Judged]:
    """The vendors as the newest judgement saw them, by slug; none before the first."""
    row = plans.newest_judgement()
    return _vendors(row.key) if row else {}


@lru_cache(maxsize=1)
def _vendors(key: str) -> dict[str, Judged]:
    """Read once a judgement, not once a page: 30 ms a vendor. Rows are never changed."""
    return plans.judged(PlanJudgement.objects.get(key=key))


def notes(plan: Plan, kind: str, item_id: str | None) -> dict[str, Sequence[Message]]:
    """What the last judgement found wrong with an item, by field ("": the whole); nothing once the item was changed."""
    row = plans.newest_judgement() if item_id else None
    if row is None:
        return {}
    judged_plan, _, messages = _looked_at(row.key)
    if _item(judged_plan, kind, item_id) != _item(plan, kind, item_id):
        return {}
    found: dict[str, list[Message]] = {}
    for one in messages:
        if one.kind == kind and (one.item == item_id or kind == ORGANISATION):
            found.setdefault(one.field, []).append(one)
    return dict(found)


def _item(plan: Plan, kind: Kind | str, item_id: str | None) -> Any:
    return plan.organisation if kind == ORGANISATION else plan_file.get(plan, kind, item_id or "")  # type: ignore[arg-type]
