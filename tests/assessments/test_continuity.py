"""Recommendations fire on what is known to be bad, tell why, and stay silent on what is not known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from tests.assessments.making import NOW, PAGE, make_facts, make_incident
from vendors.records import BackupAnswer, Maintenance, Vendor

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
CASES = [
    ("R1", of("other", BAD), of("other")),
    ("R2", of("other", BAD), of("other")),
    ("R3", of("other", BAD), of("other")),
    ("R4", of("other", BAD), make_facts(CALM, years=8.0)),
    ("R5", make_facts(BAD, access="login"), make_facts(CALM)),
    ("R9", of("other", BAD), of("other")),
    ("R12", of("other", BAD), of("other")),
    ("R13", make_facts(CALM, maintenances=SHORT), make_facts(CALM)),
    ("R14", answered("B1", "no"), answered("B1", "yes")),
    ("R16", make_facts(CALM), answered("B5", "yes")),
    ("R17", answered("B7", "no"), answered("B7", "yes")),
    ("R19", make_facts(CALM), answered("B11", "yes")),
    ("R20", answered("B12", "no"), answered("B12", "yes")),
    ("R25", make_facts(CALM[:1], years=0.3), make_facts(BAD)),
    ("R26", of("email"), of("other")),
    ("R27", of("email"), of("AI")),
    ("R30", of("collaboration"), of("other")),
    ("R40", of("dev tools"), of("other")),
    ("R46", of("AI"), of("email")),
]


@pytest.mark.parametrize(("rule", "bad", "good"), CASES, ids=[rule for rule, _, _ in CASES])
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
