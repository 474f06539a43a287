"""Recommendations fire on what is known to be bad, tell why, and stay silent on what is not known."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import numpy as np
import pytest

from assessments.continuity.effects import effect_of, share_beyond
from assessments.continuity.rules import RULES
from assessments.continuity.situation import situation
from assessments.forecast.engine import fit
from assessments.scoring.checks.registry import BY_ID
from assessments.scoring.model import Needs, Own
from assessments.scoring.pipeline import assess
from assessments.scoring.rubric import rubric
from tests.assessments.making import NOW, PAGE, make_facts, make_incident
from vendors.catalogue import index
from vendors.catalogue.landmarks import landmarks
from vendors.records import BackupAnswer, Maintenance, Observation, Update, Vendor

BAD = tuple(make_incident(n, hours=30.0, gap=None) for n in range(1, 40))
CALM = tuple(make_incident(n, hours=0.5, gap=10.0, impact="minor") for n in range(1, 30))


def fired(facts, **needs) -> dict:
    return {item.rule: item for item in assess(facts, Needs(**needs), as_of=NOW).recommendations}


def of(category: str, incidents=CALM):
    return make_facts(incidents, vendor=Vendor(name="V", slug="v", category=category))


def answered(item: str, answer: str):
    return make_facts(CALM, backup=(BackupAnswer(item=item, answer=answer, evidence=PAGE, answered_at=NOW),))


SHORT = tuple(
    Maintenance(
        id=f"m{n}", title="Work", announced_at=NOW - timedelta(days=n, hours=5), scheduled_for=NOW - timedelta(days=n)
    )
    for n in range(1, 4)
)
QUIET = make_facts(CALM)


def observed(check: str, outcome: str, value=None):
    return make_facts(
        CALM, openness=(Observation(check=check, outcome=outcome, observed_at=NOW, value=value, url=PAGE),)
    )


CASES = [
    ("R1", of("other", BAD), of("other")),
    ("R2", of("other", BAD), of("other")),
    ("R3", of("other", BAD), of("other")),
    ("R4", of("other", BAD), make_facts(CALM, years=8.0)),
    ("R5", make_facts(BAD, access="login"), QUIET),
    ("R7", observed("independent-hosting", "fail"), observed("independent-hosting", "pass")),
    ("R8", observed("subscriptions", "pass", "email, webhook"), observed("subscriptions", "partial", "email, RSS")),
    ("R9", of("other", BAD), of("other")),
    ("R12", of("other", BAD), of("other")),
    ("R13", make_facts(CALM, maintenances=SHORT), QUIET),
    ("R14", answered("B1", "no"), answered("B1", "yes")),
    ("R15", answered("B3", "no"), answered("B3", "yes")),
    ("R16", QUIET, answered("B5", "yes")),
    ("R17", answered("B7", "no"), answered("B7", "yes")),
    ("R18", answered("B8", "no"), answered("B8", "yes")),
    ("R19", QUIET, answered("B11", "yes")),
    ("R20", answered("B12", "no"), answered("B12", "yes")),
    ("R21", answered("B13", "no"), answered("B13", "yes")),
    ("R22", answered("B14", "no"), answered("B14", "yes")),
    ("R23", answered("B15", "no"), answered("B15", "yes")),
    ("R24", answered("B16", "no"), answered("B16", "yes")),
    ("R25", make_facts(CALM[:1], years=0.3), make_facts(BAD)),
    *[
        (rule, of(kind), of("other"))
        for kind, rules in {
            "email": "R26 R27 R28 R29",
            "collaboration": "R30 R31 R32",
            "identity/auth": "R33 R34 R35",
            "CRM/marketing": "R36 R37",
            "customer support": "R36",
            "payments": "R38 R39",
            "e-commerce": "R39",
            "dev tools": "R40 R41",
            "cloud platform": "R42 R43",
            "network and CDN": "R44 R29",
            "HR/payroll": "R45",
            "AI": "R46",
            "communications": "R47 R30",
            "monitoring/observability": "R48",
        }.items()
        for rule in rules.split()
    ],
]
OWN_CASES = [
    ("R21", {"cost_per_hour": 1000.0, "credit_a_year": 50.0}, {"cost_per_hour": 0.01, "credit_a_year": 1e9}),
    ("R49", {"critical_together": ("mail", "chat", "files")}, {"critical_together": ("mail", "chat")}),
    ("R50", {"copy_shares": "the provider aws"}, {"copy_shares": None}),
    ("R51", {"restore_tested": False}, {"restore_tested": True, "restore_test_days": 100.0}),
    ("R51", {"restore_tested": True, "restore_test_days": 366.0}, {"restore_tested": True, "restore_test_days": 365.0}),
    ("R51", {"restore_tested": False}, {"restore_tested": None}),
    ("R52", {"previous_chance": 0.5}, {"previous_chance": 0.9}),
]


def test_every_rule_of_the_method_is_there_once_and_each_is_tried():
    assert [rule.id for rule in RULES] == [f"R{n}" for n in range(1, 53)]
    tried = {rule for rule, _, _ in (*CASES, *OWN_CASES)}
    elsewhere = {"R6", "R10", "R11"}  # a break, late notice and vague words take records of their own: below
    assert tried | elsewhere == {rule.id for rule in RULES}


@pytest.mark.parametrize(("rule", "bad", "good"), OWN_CASES)
def test_a_rule_on_the_customers_own_side_fires_on_what_the_plan_says(rule, bad, good):
    assert rule in fired(of("other", BAD), own=Own(**bad))
    assert rule not in fired(of("other", BAD), own=Own(**good))
    assert rule not in fired(of("other", BAD))


def test_switching_rights_are_for_customers_in_the_eu():
    facts = answered("B15", "no")
    assert "R23" in fired(facts, own=Own(in_eu=True))
    assert "R23" in fired(facts, own=Own())
    assert "R23" not in fired(facts, own=Own(in_eu=False))


def test_a_feed_that_broke_off_late_notices_and_vague_words_have_their_rules():
    google = index.load("google-cloud")
    assert "R6" in {one.rule for one in assess(google, Needs(), as_of=google.as_of).recommendations}
    late = tuple(
        msgspec.structs.replace(
            one,
            start_stated=True,
            first_posted_at=one.started_at + timedelta(minutes=90),
            updates=tuple(
                Update(posted_at=one.started_at + timedelta(minutes=90 + 30 * n), elements=(), canned=False)
                for n in range(9)
            ),
        )
        for one in (make_incident(n, hours=6.0) for n in range(1, 30))
    )
    assert {"R10", "R11"} <= set(fired(make_facts(late)))


def test_what_is_in_place_comes_last_and_says_so():
    items = list(fired(of("email", BAD), own=Own(in_place=("R26", "R2"))).values())
    assert [item.rule for item in items if item.in_place] == [item.rule for item in items[-2:]]
    assert {item.rule for item in items[-2:]} == {"R26", "R2"}


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.effect], ids=lambda rule: rule.id)
def test_no_effect_makes_the_risk_worse_and_each_says_what_it_changes(rule):
    facts = of("email", BAD)
    model = fit(facts, as_of=NOW)
    made = effect_of(rule.effect, _view(facts), model)
    assert made.after
    assert set(made.after) == set(made.before)
    assert 0 < made.relief <= 1
    for figure, value in made.after.items():
        assert made.before[figure] is None or value <= made.before[figure]


def _view(facts, **needs):
    made = assess(facts, Needs(**needs), as_of=NOW)
    return situation(facts, made.needs, forecast=made.forecast, pillars=made.pillars, record=made.record, as_of=NOW)


def test_a_standby_leaves_the_chance_of_a_record_with_one_outage_in_twenty():
    facts = of("other", BAD)
    model = fit(facts, as_of=NOW)
    made = effect_of("standby", _view(facts), model)
    assert made.after["chance beyond the RTO"] == pytest.approx(model.chance(4.0, 0.05), abs=1e-4)


def test_a_second_mail_exchanger_that_comes_after_the_rto_keeps_no_promise():
    facts = of("email", BAD)
    model = fit(facts, as_of=NOW)
    short = effect_of("second_mail", _view(facts, rto_hours=0.25), model)
    assert short.after["chance beyond the RTO"] == short.before["chance beyond the RTO"]
    assert short.after["hours a year"] < short.before["hours a year"]


def test_on_too_thin_a_record_no_effect_is_computed():
    facts = of("email", CALM[:1])
    thin = make_facts(CALM[:1], years=0.3)
    assert effect_of("standby", _view(thin), fit(facts, as_of=NOW)) is None


def test_the_hours_beyond_a_moment_are_what_a_long_simulation_finds():
    facts = of("other", BAD)
    model = fit(facts, as_of=NOW)
    rng = np.random.default_rng(1)
    shift = model.drift * rng.standard_normal(400_000)
    scale = np.sqrt(0.6 * model.duration.variance)
    lasted = np.minimum(np.exp(model.duration.mean + shift + scale * rng.standard_t(4, 400_000)), 720)
    for hours in (0.0, 0.5, 4.0, 24.0):
        found = np.maximum(lasted - hours, 0).sum() / lasted.sum()
        assert share_beyond(model, hours) == pytest.approx(found, abs=0.02)
    assert share_beyond(model, 720.0) == 0.0


def test_every_precedent_is_a_landmark_on_record_and_every_effect_is_in_the_rubric():
    known = {landmark.id for landmark in landmarks()}
    for rule in RULES:
        assert rule.precedent is None or rule.precedent in known, rule.id
        assert rule.effect is None or rule.effect in rubric()["effects"], rule.id
        assert rule.check is None or rule.check in BY_ID, rule.id


def test_a_recommendation_shows_the_evidence_of_the_check_it_rests_on():
    item = fired(answered("B7", "no"))["R17"]
    assert item.evidence[0].url == PAGE


@pytest.mark.parametrize(("rule", "bad", "good"), CASES)
def test_a_rule_fires_on_its_trigger_and_not_without(rule, bad, good):
    item = fired(bad).get(rule)
    assert item is not None
    assert item.trigger
    assert rule not in fired(good)


@pytest.mark.parametrize("rule", ["R14", "R17", "R20"])
def test_a_rule_about_a_bad_answer_stays_silent_while_nobody_asked(rule):
    assert rule not in fired(make_facts(CALM))


def test_what_is_not_critical_needs_no_standby():
    assert {"R1", "R2"} & set(fired(of("other", BAD), critical=False)) == set()


def test_the_order_is_by_relief_for_the_effort_and_the_same_each_time():
    first, again = (list(fired(of("email", BAD))) for _ in range(2))
    assert first == again
    assert first[0] == "R1"
