"""Two milestones side by side: the plan's changes, how its vendors moved, what the lint counts, how decisions stand. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct

from assessments.continuity.answer_records import Answer
from assessments.continuity.changes import Change, Moved, changes, moved
from assessments.continuity.judged import Judged
from assessments.continuity.lint import LEVELS, lint
from assessments.continuity.plan import Plan
from assessments.continuity.register import counts, register


@dataclass(frozen=True, slots=True)
class Frozen:
    """A milestone: the plan, what its vendors were judged, and the answer of that judgement. None: it was not judged."""

    plan: Plan
    judged: Mapping[str, Judged]
    as_of: datetime
    answer: Answer | None


class Count(Struct, frozen=True, kw_only=True):
    """How many there are of something in each milestone. None: not known, the milestone was not judged."""

    name: str
    before: int | None
    after: int | None


class Comparison(Struct, frozen=True, kw_only=True):
    """What lies between two milestones. `lint` counts by level, `register` by state."""

    changes: tuple[Change, ...]
    moved: tuple[Moved, ...]
    lint: tuple[Count, ...]
    register: tuple[Count, ...]


def compare_milestones(before: Frozen, after: Frozen) -> Comparison:
    """The comparison, each milestone as of its own day. Cost: milliseconds; nothing is judged anew."""
    return Comparison(
        changes=changes(before.plan, after.plan),
        moved=moved(before.judged, after.judged),
        lint=_beside(_linted(before), _linted(after)),
        register=_beside(_decided(before), _decided(after)),
    )


def _linted(one: Frozen) -> dict[str, int] | None:
    if one.answer is None:
        return None
    found = lint(one.plan, one.judged, as_of=one.as_of, answer=one.answer)
    return {level: sum(message.level == level for message in found) for level in LEVELS}


def _decided(one: Frozen) -> dict[str, int] | None:
    if one.answer is None:
        return None
    return {str(state): count for state, count in counts(register(one.plan, one.judged, as_of=one.as_of)).items()}


def _beside(before: dict[str, int] | None, after: dict[str, int] | None) -> tuple[Count, ...]:
    """Both counts under each name; none where neither is known."""
    return tuple(
        Count(name=name, before=None if before is None else before[name], after=None if after is None else after[name])
        for name in (before or after or {})
    )
