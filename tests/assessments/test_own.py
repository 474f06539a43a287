"""What a plan says of one vendor: what is in place is ticked off, what is not known stays so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from assessments.continuity import plan as p
from assessments.continuity.examples import load
from assessments.continuity.own import own_view
from tests.assessments.test_lint import DAY, add, change, complete, part, standing_on_one, without


def own(plan: p.Plan):
    return own_view(plan, "pagerduty", today=DAY)


def test_of_a_vendor_that_is_not_relied_on_nothing_is_said():
    assert own_view(complete(), "slack", today=DAY) is None


def test_a_plan_in_order_ticks_off_what_it_has():
    found = own(complete())
    assert {"R1", "R2", "R4", "R16", "R17", "R48", "R3"} <= set(found.in_place)
    assert not {"R14", "R50", "R12"} & set(found.in_place)
    assert (found.cost_per_hour, found.restore_tested, found.restore_test_days) == (100, True, 30)
    assert (found.copy_shares, found.in_eu, found.critical_together) == (None, None, ("Alerting",))


NOT_DONE = [
    ("R2", without("exercises")),
    ("R2", change("exercises", result="partly")),
    ("R2", change("exercises", held_on=DAY - timedelta(days=366))),
    ("R2", change("exercises", held_on=DAY + timedelta(days=1))),
    ("R2", change("fallbacks", takeover_hours=None)),
    ("R3", change("processes", workaround=" ")),
    ("R16", part("services", "own_copy", every_hours=25)),
    ("R4", part("services", "own_copy", every_hours=169)),
    ("R16", part("services", "own_copy", usable_without_vendor=None)),
    ("R17", part("services", "own_copy", immutable_days=29)),
    ("R17", part("services", "own_copy", own_account=None)),
    ("R1", change("runbooks", decides=None)),
    ("R1", change("runbooks", switch_after_hours=None)),
    ("R1", change("runbooks", steps=())),
]


@pytest.mark.parametrize(("rule", "plan"), NOT_DONE)
def test_what_is_half_done_is_not_ticked_off(rule, plan):
    assert rule in own(complete()).in_place
    assert rule not in own(plan).in_place


def test_a_second_service_of_the_vendor_must_have_it_too():
    assert own(add("services", p.Service(id="bare", name="Bare", vendor="pagerduty"))).in_place == ()


def test_a_restore_never_tested_is_told_and_without_a_copy_nothing_is():
    assert own(replace(complete(), exercises=complete().exercises[:1])).restore_tested is False
    assert own(change("services", own_copy=None)).restore_tested is None


@pytest.mark.parametrize(("country", "inside"), [("DE", True), ("US", False), ("", None)])
def test_the_union_is_told_from_the_country(country, inside):
    plan = replace(complete(), organisation=p.Organisation(country=country))
    assert own(plan).in_eu is inside


def test_what_stands_together_and_what_a_copy_shares_is_named():
    assert len(own(standing_on_one(3)).critical_together) == 3
    assert own(part("services", "own_copy", provider="AWS")).copy_shares == "the provider AWS"
    assert own(part("services", "own_copy", own_account=False)).copy_shares == "the account"


def test_the_customer_of_2011_has_nothing_in_place():
    found = own_view(load("microsoft-bpos-2011"), "microsoft-bpos-2011", today=load("microsoft-bpos-2011").as_of)
    assert (found.in_place, found.cost_per_hour, found.in_eu) == ((), 1280.0, False)
