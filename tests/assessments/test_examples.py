"""The example plans: one of 2011 with its gaps, one of today in which nothing is missing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assessments.continuity import examples
from assessments.continuity.judged import Judged
from assessments.continuity.lint import lint
from assessments.continuity.plan import KINDS, PHASES
from assessments.continuity.plan_file import dumps, loads
from assessments.continuity.register import register
from riskboard.commands.plan import judge

AS_OF = datetime(2026, 9, 1, 23, 59, 59, tzinfo=UTC)
EMPTY = (None, "", ())


@pytest.fixture(scope="module")
def judged() -> dict[str, Judged]:
    return judge(examples.load("complete"), [], as_of=AS_OF)


@pytest.mark.parametrize("name", examples.names())
def test_an_example_is_a_plan_and_comes_back_from_its_bytes(name):
    plan = examples.load(name)
    assert loads(dumps(plan)) == plan


def test_an_example_that_does_not_exist_is_refused():
    with pytest.raises(KeyError):
        examples.load("../complete")


@pytest.mark.parametrize("kind", KINDS)
def test_the_complete_plan_fills_every_field_of_every_kind(kind):
    items = getattr(examples.load("complete"), kind)
    stated = {name for one in items for name in one.__struct_fields__ if getattr(one, name) not in EMPTY}
    untold = {"broken_on"} if kind == "commitments" else set()  # no promise was broken
    assert set(KINDS[kind].__struct_fields__) - stated == untold


@pytest.mark.parametrize("part", ["contract", "own_copy", "exit", "registration"])
def test_every_service_of_the_complete_plan_has_all_of_its_parts(part):
    for service in examples.load("complete").services:
        whole = getattr(service, part)
        assert [name for name in whole.__struct_fields__ if getattr(whole, name) in EMPTY] == [], service.id


def test_the_runbooks_of_the_complete_plan_know_every_phase_and_everybody_who_is_told():
    for book in examples.load("complete").runbooks:
        assert {step.phase for step in book.steps} == set(PHASES)
        assert {message.audience for message in book.messages} == {
            "staff",
            "customers",
            "management",
            "regulator",
            "vendor",
        }


def test_the_complete_plan_is_in_order_with_every_vendor_judged(judged):
    plan = examples.load("complete")
    assert {one.vendor for one in plan.services} <= set(judged)
    assert lint(plan, judged, as_of=AS_OF) == ()


def test_its_decisions_meet_recommendations_that_stand(judged):
    plan = examples.load("complete")
    decided = {one.decision.id: one.state for one in register(plan, judged, as_of=AS_OF) if one.decision}
    assert decided == {"r30-slack": "accepted", "r13-github": "planned", "r42-aws": "done"}
    later = register(plan, judged, as_of=datetime(2027, 4, 1, tzinfo=UTC))
    assert {one.decision.id: one.state for one in later if one.decision}["r30-slack"] == "open"


def test_its_identifiers_are_well_formed():
    plan = examples.load("complete")
    for code in (plan.organisation.lei, *(one.registration.provider_id for one in plan.services)):
        digits = "".join(str(int(character, 36)) for character in code)
        assert len(code) == 20
        assert int(digits) % 97 == 1
