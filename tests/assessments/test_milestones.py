"""Two milestones side by side: counts of each, and unknown where one was not judged."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from assessments.continuity.answer import answer
from assessments.continuity.examples import load
from assessments.continuity.milestones import Frozen, compare_milestones
from assessments.continuity.plan import Decision, Plan
from tests.assessments.test_answer import judged

AS_OF = datetime(2011, 5, 20, tzinfo=UTC)


def frozen(plan: Plan, *, as_of: datetime = AS_OF, known: bool = True) -> Frozen:
    vendors = judged("microsoft-bpos-2011") if known else {}
    return Frozen(plan, vendors, as_of, answer(plan, vendors, as_of=as_of) if known else None)


def counted(counts) -> dict[str, tuple[int | None, int | None]]:
    return {one.name: (one.before, one.after) for one in counts}


def test_a_milestone_beside_itself_shows_no_change():
    one = frozen(load("microsoft-bpos-2011"))
    made = compare_milestones(one, one)
    assert made.changes == ()
    assert all(count.before == count.after for count in (*made.lint, *made.register))
    assert counted(made.lint)["error"][0] > 0


def test_what_was_mended_and_decided_is_counted():
    plan = load("microsoft-bpos-2011")
    vendor = "microsoft-bpos-2011"
    rule = judged(vendor)[vendor].assessment.recommendations[0].rule
    chosen = Decision(
        id="chosen", rule=rule, vendor=vendor, state="accepted", approver="MD", accepted_until=AS_OF.date()
    )
    rest = tuple(one for one in plan.decisions if one.rule != rule)
    approved = replace(plan.organisation, approved_by="Managing director")
    made = compare_milestones(frozen(plan), frozen(replace(plan, organisation=approved, decisions=(*rest, chosen))))
    was, became = counted(made.lint)["advice"]
    assert became == was - 1
    assert counted(made.register)["accepted"] == (0, 1)


def test_the_same_plan_later_counts_what_time_did_to_it():
    plan = load("microsoft-bpos-2011")
    made = compare_milestones(frozen(plan), frozen(plan, as_of=datetime(2011, 6, 1, tzinfo=UTC)))
    was, became = counted(made.lint)["warning"]
    assert became > was  # the promised post-mortem is late


def test_a_milestone_that_was_not_judged_is_not_known_and_never_nought():
    plan = load("microsoft-bpos-2011")
    made = compare_milestones(frozen(plan, known=False), frozen(plan))
    assert all(count.before is None and count.after is not None for count in (*made.lint, *made.register))
    neither = compare_milestones(frozen(plan, known=False), frozen(plan, known=False))
    assert (neither.lint, neither.register) == ((), ())
