"""Could we carry on? Per dependency and process, without and with the fallback."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from assessments.continuity import plan as p
from assessments.continuity.answer import answer
from assessments.continuity.examples import load
from assessments.continuity.fates import fate_of
from assessments.continuity.judged import Judged
from assessments.continuity.plan_file import checked
from assessments.continuity.rollup import service_needs
from assessments.forecast.engine import fit
from assessments.forecast.inferred import Inferred, Telling
from assessments.forecast.portfolio_records import Fallback as Spare
from assessments.forecast.takeover import not_carried
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from vendors.catalogue import index

AS_OF = datetime(2026, 9, 1, tzinfo=UTC)
_KNOWN: dict[str, Judged] = {}


def judged(*slugs: str) -> dict[str, Judged]:
    for slug in slugs:
        if slug not in _KNOWN:
            facts = index.load(slug)
            _KNOWN[slug] = Judged(assess(facts, Needs(), as_of=facts.as_of), facts)
    return {slug: _KNOWN[slug] for slug in slugs}


def plan(*, fallback: p.Fallback | None = None, rto: float | None = 4, cost: float | None = 1000, **service) -> p.Plan:
    return checked(
        p.Plan(
            processes=(p.Process(id="orders", name="Orders", critical=True, rto_hours=rto, cost_per_hour=cost, rpo_hours=1),),
            services=(p.Service(id="mail", name="Mail", vendor="microsoft-bpos-2011", **service),),
            dependencies=(p.Dependency(id="orders-mail", process="orders", service="mail"),),
            fallbacks=(fallback,) if fallback else (),
        )
    )  # fmt: skip


def spare(**fields) -> p.Fallback:
    return p.Fallback(id="fax", name="Fax", service="mail", **{"takeover_hours": 1, "capacity": 1, **fields})


def only(made):
    return made.dependencies[0]


def test_the_chance_is_that_of_the_vendors_own_forecast_at_the_processs_rto():
    known = judged("microsoft-bpos-2011")
    facts = known["microsoft-bpos-2011"].facts
    for rto in (1, 4, 24):
        one = only(answer(plan(rto=rto), known, as_of=AS_OF))
        assert one.plain.chance == pytest.approx(fit(facts, as_of=facts.as_of).chance(rto), abs=1e-4)


def test_bpos_in_2011_broke_the_promise_of_four_hours_and_the_answer_says_what_that_costs():
    one = only(answer(plan(), judged("microsoft-bpos-2011"), as_of=AS_OF))
    assert (one.seen.outages, one.seen.longest, one.seen.over) == (7, 9.0, 3)
    assert one.plain.verdict == "cannot be met"
    assert one.plain.rto_gap == 5.0
    assert one.plain.money == round(one.plain.hours * 1000, 2)
    assert "83%" in one.plain.reason


def test_a_fallback_in_time_keeps_the_promise():
    one = only(answer(plan(fallback=spare()), judged("microsoft-bpos-2011"), as_of=AS_OF))
    assert (one.kept.verdict, one.kept.chance, one.kept.rto_gap) == ("kept", 0.01, 0.0)
    assert 0 < one.kept.hours < one.plain.hours / 2
    assert one.kept.money < one.plain.money / 2


def test_a_fallback_that_comes_too_late_is_told_with_both_times():
    one = only(answer(plan(fallback=spare(takeover_hours=6)), judged("microsoft-bpos-2011"), as_of=AS_OF))
    assert (one.kept.verdict, one.kept.rto_gap) == ("cannot be met", 2.0)
    assert one.kept.reason == "Fax takes over after 6 h, later than the RTO of 4 h"


def test_a_fallback_whose_takeover_is_not_stated_is_not_counted_and_that_is_said():
    made = answer(plan(fallback=spare(takeover_hours=None)), judged("microsoft-bpos-2011"), as_of=AS_OF)
    one = only(made)
    assert (one.kept.chance, one.kept.hours, one.kept.verdict) == (one.plain.chance, one.plain.hours, "cannot be met")
    assert "not stated" in one.kept.reason
    assert "takeover-not-stated" in one.flags
    assert made.any_critical == made.any_critical_kept


@given(takeover=st.floats(0, 48), capacity=st.floats(0, 1), rto=st.sampled_from([0.5, 2.0, 8.0, 30.0]))
@settings(max_examples=8)
def test_a_fallback_never_makes_it_worse(takeover, capacity, rto):
    with_it = plan(fallback=spare(takeover_hours=takeover, capacity=capacity), rto=rto)
    one = only(answer(with_it, judged("microsoft-bpos-2011"), as_of=AS_OF))
    assert one.kept.chance <= one.plain.chance
    assert one.kept.hours <= one.plain.hours
    assert one.kept.money <= one.plain.money


def test_a_fallback_without_capacity_is_none():
    one = only(answer(plan(fallback=spare(capacity=0)), judged("microsoft-bpos-2011"), as_of=AS_OF))
    assert (one.kept.chance, one.kept.hours) == (one.plain.chance, one.plain.hours)


def test_a_longer_rto_never_raises_the_chance():
    known = judged("microsoft-bpos-2011")
    chances = [only(answer(plan(rto=rto), known, as_of=AS_OF)).plain.chance for rto in (0.5, 1, 4, 8, 24, 100)]
    assert chances == sorted(chances, reverse=True)
    assert len(set(chances)) == len(chances)


def test_a_fallback_at_the_same_upstream_is_worth_less():
    known = judged("microsoft-bpos-2011", "slack")
    apart, together = (
        only(answer(plan(fallback=spare(by_vendor="slack", stands_on=on), stands_on=("aws",)), known, as_of=AS_OF))
        for on in (("azure",), ("aws",))
    )
    assert apart.kept.chance < together.kept.chance
    assert (apart.fate.bad, together.fate.bad) == (False, True)


UNKNOWN = {
    "no RTO": (plan(rto=None), ("not known", "no RTO is stated", None)),
    "no cost": (plan(cost=None), ("cannot be met", "", None)),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_nobody_stated_stays_unknown(case):
    asked, (verdict, reason, money) = UNKNOWN[case]
    one = only(answer(asked, judged("microsoft-bpos-2011"), as_of=AS_OF))
    assert one.plain.verdict == verdict
    assert reason in one.plain.reason
    if case == "no cost":
        assert one.plain.money is money


def test_a_vendor_that_is_not_judged_is_named_and_nothing_is_claimed_of_it():
    made = answer(plan(fallback=spare()), {}, as_of=AS_OF)
    one = only(made)
    assert made.not_judged == ("microsoft-bpos-2011",)
    assert (one.plain.verdict, one.plain.chance, one.plain.hours, one.seen) == ("not known", None, None, None)
    assert (made.any_critical, made.money, made.money_known_for, made.money_asked_of) == (None, None, 0, 1)
    assert made.processes[0].verdict == "not known"


def test_the_same_input_gives_the_same_answer_and_another_seed_nearly():
    asked, known = plan(fallback=spare(by_vendor="slack")), judged("microsoft-bpos-2011", "slack")
    assert answer(asked, known, as_of=AS_OF) == answer(asked, known, as_of=AS_OF)
    other = only(answer(asked, known, as_of=AS_OF, seed=1))
    assert other.kept.chance == pytest.approx(only(answer(asked, known, as_of=AS_OF)).kept.chance, abs=0.02)


def test_a_process_of_two_services_is_stopped_by_either():
    two = plan()
    two = replace(
        two,
        services=(*two.services, p.Service(id="chat", name="Chat", vendor="pagerduty")),
        dependencies=(*two.dependencies, p.Dependency(id="orders-chat", process="orders", service="chat")),
    )
    made = answer(two, judged("microsoft-bpos-2011", "pagerduty"), as_of=AS_OF)
    alone = [link.plain.chance for link in made.dependencies]
    whole = made.processes[0].chance
    assert max(alone) < whole
    assert whole == pytest.approx(1 - (1 - alone[0]) * (1 - alone[1]), abs=0.02)
    assert made.processes[0].weakest == "mail"


def test_the_needs_of_a_service_are_the_strictest_of_those_who_stop_without_it():
    three = p.Plan(
        processes=(
            p.Process(id="a", name="A", rto_hours=8, mtd_hours=30, cost_per_hour=100),
            p.Process(id="b", name="B", rto_hours=4, rpo_hours=2, critical=True),
            p.Process(id="c", name="C", rto_hours=1, cost_per_hour=5),
        ),
        services=(p.Service(id="s", name="S", vendor="v"),),
        dependencies=(
            p.Dependency(id="a-s", process="a", service="s", share=0.5),
            p.Dependency(id="b-s", process="b", service="s", rto_hours=6),
            p.Dependency(id="c-s", process="c", service="s", essential=False),
        ),
    )
    needs = service_needs(checked(three), "s")
    assert (needs.rto_hours, needs.rpo_hours, needs.mtd_hours) == (6, 2, 30)
    assert (needs.cost_per_hour, needs.cost_known_for, needs.cost_asked_of) == (50, 1, 2)
    assert (needs.critical, needs.processes) == (True, ("a", "b", "c"))


def test_where_nothing_stops_all_who_use_it_count_and_an_unused_service_needs_nothing():
    one = p.Plan(
        processes=(p.Process(id="c", name="C", rto_hours=1),),
        services=(p.Service(id="s", name="S", vendor="v"), p.Service(id="t", name="T", vendor="v")),
        dependencies=(p.Dependency(id="c-s", process="c", service="s", essential=False),),
    )
    assert service_needs(one, "s").rto_hours == 1
    assert service_needs(one, "t").rto_hours is None


def seconds(*hours: float):
    return np.array([int(hour * 3600) for hour in hours], dtype=np.int64)


CARRIED = [
    ("nothing before it takes over, then all", 1.0, 1.0, (), (), 1.0),
    ("half of the work", 1.0, 0.5, (), (), 1.0 + 4.5),
    ("later than the outage", 12.0, 1.0, (), (), 10.0),
    ("down itself for two hours meanwhile", 1.0, 1.0, (4,), (6,), 1.0 + 2.0),
    ("down from before it takes over", 1.0, 1.0, (0,), (3,), 1.0 + 2.0),
    ("down outside the outage", 1.0, 1.0, (20,), (30,), 1.0),
]


@pytest.mark.parametrize(("case", "takeover", "capacity", "begun", "ended", "left"), CARRIED)
def test_what_a_fallback_leaves_of_ten_hours(case, takeover, capacity, begun, ended, left):
    fallback = Spare(service="x", takeover_hours=takeover, capacity=capacity)
    lost = not_carried(seconds(0), seconds(10), (seconds(*begun), seconds(*ended)), fallback)
    assert lost / 3600 == pytest.approx(left), case


FATES = [
    ({"by_vendor": "microsoft-bpos-2011"}, {}, True, True, "share the vendor microsoft-bpos-2011"),
    ({"stands_on": ("aws",)}, {"stands_on": ("aws", "okta")}, True, True, "share the upstream aws"),
    ({"by_vendor": "slack", "sign_in_by": "okta "}, {"sign_in_by": "Okta"}, True, True, "share the sign-in by okta"),
    ({}, {"stands_on": ("aws",)}, True, False, "works by your own means"),
    ({"by_vendor": "slack"}, {"stands_on": ("aws",)}, False, False, "is not known: what Fax stands on is not stated"),
    ({"by_vendor": "slack", "stands_on": ("azure",)}, {"stands_on": ("aws",)}, True, False, "share nothing that is stated"),
]  # fmt: skip


@pytest.mark.parametrize(("fallback", "service", "known", "bad", "text"), FATES)
def test_shared_fate_is_said_in_words_and_not_guessed(fallback, service, known, bad, text):
    found = fate_of(plan(**service).services[0], spare(**fallback))
    assert (found.known, found.bad) == (known, bad)
    assert text in found.text


def aws_is_blamed(times: int = 1) -> tuple[Inferred, ...]:
    telling = Telling(id="x", started_at=AS_OF, url=None, named=("aws",))
    return (Inferred(upstream="aws", rung="incident-text", share=0.5, incidents=(telling,) * times),)


SHOWN = [
    ({}, {}, True, "the upstream aws (as 3 incidents of Mail and 2 incidents of Fax tell)"),
    ({"stands_on": ("aws-us-east-1",)}, {}, True, "the upstream aws-us-east-1 (as 2 incidents of Fax tell)"),
    ({"stands_on": ("aws-us-east-1",)}, {"stands_on": ("aws-us-west-2",)}, False, "share nothing that is stated"),
    ({"stands_on": ("okta",)}, {"stands_on": ("aws",)}, True, "the upstream aws (as 3 incidents of Mail tell)"),
]


@pytest.mark.parametrize(("service", "fallback", "bad", "text"), SHOWN)
def test_what_incidents_blame_counts_where_the_plan_states_none_of_that_provider(service, fallback, bad, text):
    found = fate_of(
        plan(**service).services[0], spare(by_vendor="slack", **fallback), aws_is_blamed(3), aws_is_blamed(2)
    )
    assert (found.known, found.bad) == (True, bad)
    assert text in found.text


def test_a_blamed_upstream_is_no_proof_that_nothing_is_shared():
    found = fate_of(plan().services[0], spare(by_vendor="slack"), aws_is_blamed(), ())
    assert (found.known, found.bad) == (False, False)


def test_the_answer_attaches_what_the_record_shows_and_says_so():
    made = plan(fallback=spare(by_vendor="trello"))
    made = replace(made, services=(replace(made.services[0], vendor="jira"),))
    found = answer(made, judged("jira", "trello"), as_of=AS_OF)
    assert only(found).fate.shared == ("the upstream aws (as 5 incidents of Mail and 2 incidents of Fax tell)",)
    assert "no-dependencies-known" not in found.flags


def test_credits_are_held_against_the_loss():
    contract = p.Contract(
        monthly_fee=2000, availability=0.999,
        credits=(p.CreditTier(below=0.999, credit=0.25), p.CreditTier(below=0.99, credit=0.5)),
    )  # fmt: skip
    found = answer(plan(contract=contract), judged("microsoft-bpos-2011"), as_of=AS_OF).credits[0]
    assert found.broken_months >= 1
    assert found.worst < 0.99
    assert 0 < found.credit < found.loss
    capped = answer(
        plan(contract=replace(contract, credit_cap=0.1)), judged("microsoft-bpos-2011"), as_of=AS_OF
    ).credits[0]
    assert capped.credit < found.credit


def test_without_a_fee_or_a_cost_neither_credit_nor_loss_is_invented():
    found = answer(plan(cost=None), judged("microsoft-bpos-2011"), as_of=AS_OF).credits[0]
    assert (found.credit, found.loss, found.broken_months, found.promised) == (None, None, None, None)


def test_the_customer_of_2011_hears_that_no_promise_holds_and_what_a_year_costs():
    made = answer(load("microsoft-bpos-2011"), judged("microsoft-bpos-2011"), as_of=AS_OF)
    said = {one.id: one.verdict for one in made.processes}
    assert said == {
        "order-intake": "cannot be met", "customer-support": "cannot be met",
        "crisis-communication": "cannot be met", "invoicing": "not known",
    }  # fmt: skip
    assert made.any_critical > 0.9
    assert 50_000 < made.money < 120_000
    assert (made.money_known_for, made.money_asked_of) == (2, 3)


def test_two_hundred_services_are_answered_in_one_run():
    many = p.Plan(
        processes=(p.Process(id="all", name="All", critical=True, rto_hours=4),),
        services=tuple(p.Service(id=f"s{n}", name="S", vendor="pagerduty") for n in range(200)),
        dependencies=tuple(p.Dependency(id=f"d{n}", process="all", service=f"s{n}") for n in range(200)),
    )
    made = answer(checked(many), judged("pagerduty"), as_of=AS_OF)
    assert len(made.dependencies) == 200
    assert made.processes[0].chance == 0.99
