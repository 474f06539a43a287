"""How findings add up: exactly, within their interval, under caps that are told."""

from __future__ import annotations

import functools
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.scoring.checks.registry import CHECKS
from assessments.scoring.findings import scored, unknown
from assessments.scoring.model import Finding
from assessments.scoring.score import grade, judge, letter, share_out
from tests.assessments.making import make_context, make_facts, make_incident

RECORD = tuple(make_incident(n) for n in range(1, 12))
FINDINGS = st.one_of(st.none(), st.floats(0, 1))


@functools.cache
def context_of(access: str):
    return make_context(make_facts(RECORD, access=access))


def judged(scores: dict[str, float | None], *, access: str = "public", default: float | None = 0.5):
    context = context_of(access)
    pairs = []
    for check in CHECKS:
        value = scores.get(check.meta.id, default)
        pairs.append((check.meta, unknown("not looked at") if value is None else scored(value, "measured")))
    return judge(pairs, context)


def parts(score, pillars) -> Decimal:
    lines = [c.contribution for p in pillars for c in p.checks if c.contribution is not None]
    lines += [cap.contribution for p in pillars for cap in p.caps] + [cap.contribution for cap in score.caps]
    return sum((Decimal(str(line)) for line in lines), Decimal(0))


@settings(max_examples=120)
@given(
    st.fixed_dictionaries({check.meta.id: FINDINGS for check in CHECKS}), st.sampled_from(["public", "login", "none"])
)
def test_contributions_and_caps_add_up_to_the_printed_score_exactly(scores, access):
    score, pillars = judged(scores, access=access)
    if score.value is None:
        assert all(c.contribution is None for p in pillars for c in p.checks)
    else:
        assert parts(score, pillars) == Decimal(str(score.value))
        assert 0 <= score.low <= score.value <= score.high <= 100
    assert 0 <= score.coverage <= 1


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.floats(-50, 50), min_size=1, max_size=30))
def test_rounded_lines_add_up_to_the_rounded_sum(lines):
    rounded = share_out(lines)
    exact = sum((Decimal(value) for value in lines.values()), Decimal(0))
    assert abs(sum(rounded.values()) - exact) <= Decimal("0.005")
    assert all(abs(rounded[name] - Decimal(value)) <= Decimal("0.02") for name, value in lines.items())


def test_no_total_is_shown_when_too_little_is_known():
    known = {check.meta.id: 0.9 for check in CHECKS if check.meta.pillar == "outage-history"}
    score, _ = judged(known, default=None)
    assert score.value is None
    assert score.grade is None
    assert score.low < score.high


def test_no_total_is_shown_without_the_outage_history():
    nothing = {check.meta.id: None for check in CHECKS if check.meta.pillar == "outage-history"}
    score, _ = judged(nothing)
    assert score.value is None


def test_the_interval_takes_every_unknown_as_bad_and_as_good():
    asked = {check.meta.id: None for check in CHECKS if check.meta.pillar == "backup"}
    score, pillars = judged(asked, default=1.0)
    assert (score.value, score.low, score.high) == (100.0, 25.0, 100.0)  # no backup at all would cap the total at 25
    assert pillars[3].value is None
    assert score.grade == "A–E"


@settings(max_examples=120)
@given(
    st.fixed_dictionaries({check.meta.id: FINDINGS for check in CHECKS}),
    st.fixed_dictionaries({check.meta.id: st.floats(0, 1) for check in CHECKS}),
    st.sampled_from(["public", "login", "none"]),
)
def test_no_answer_to_an_open_question_leads_outside_the_interval(scores, answers, access):
    before, _ = judged(scores, access=access)
    known = {name: answers[name] if value is None else value for name, value in scores.items()}
    after, _ = judged(known, access=access)
    assert before.low - 0.01 <= after.value <= before.high + 0.01


@given(st.floats(0.01, 1), st.floats(0, 1))
def test_full_marks_for_backups_never_lower_the_total(outage, rest):
    scores = {c.meta.id: outage if c.meta.pillar == "outage-history" else rest for c in CHECKS}
    asked, _ = judged(scores | {c.meta.id: 1.0 for c in CHECKS if c.meta.pillar == "backup"})
    unasked, _ = judged(scores | {c.meta.id: None for c in CHECKS if c.meta.pillar == "backup"})
    assert round(asked.value - unasked.value, 2) >= -0.01  # a cent of rounding


def test_no_total_is_shown_while_the_chance_of_an_outage_is_not_known():
    score, pillars = judged({"outage-beyond-rto": None, "expected-hours": None}, default=1.0)
    assert pillars[0].value == 100.0
    assert score.value is None


CAPS = [
    ("weakest-link", {check.meta.id: (0.0 if check.meta.pillar == "backup" else 1.0) for check in CHECKS}, "public"),
    ("no-copy-no-export", {"export-self-service": 0.0, "backup-separation": 0.0}, "public"),
]


@pytest.mark.parametrize(("cap", "scores", "access"), CAPS, ids=[cap for cap, _, _ in CAPS])
def test_a_cap_is_told_with_the_score_without_it(cap, scores, access):
    score, _ = judged(scores, access=access, default=0.9)
    found = next(c for c in score.caps if c.id == cap)
    assert score.value <= found.ceiling < found.without
    assert found.contribution == pytest.approx(found.ceiling - found.without, abs=0.02)


@pytest.mark.parametrize(("access", "cap", "ceiling"), [("login", "login-only", 45.0), ("none", "no-page", 15.0)])
def test_a_closed_page_caps_openness(access, cap, ceiling):
    _, pillars = judged({}, access=access, default=1.0)
    assert pillars[1].caps[0].id == cap
    assert pillars[1].value == ceiling


def test_less_than_ninety_days_of_record_give_no_a():
    context = make_context(make_facts(RECORD, years=0.2))
    score, _ = judge([(check.meta, scored(1.0, "measured")) for check in CHECKS], context)
    assert score.value <= 84.99
    assert score.caps[-1].id == "short-history"


@pytest.mark.parametrize(
    ("low", "high", "confidence", "expected"),
    [
        (72, 80, "high", "B"),
        (52, 80, "high", "B–D"),
        (72, 80, "insufficient", None),
        (0, 100, "low", "A–F"),
        (85, 85, "low", "A"),
    ],
)
def test_a_letter_only_where_the_interval_spans_one(low, high, confidence, expected):
    assert grade((low + high) / 2, low, high, confidence=confidence) == expected


@pytest.mark.parametrize(
    ("value", "previous", "expected"),
    [
        (85, None, "A"),
        (84.99, None, "B"),
        (86.9, "B", "B"),
        (87, "B", "A"),
        (83.1, "A", "A"),
        (82.9, "A", "B"),
        (10, "A", "F"),
    ],
)
def test_a_letter_changes_only_two_points_beyond_the_edge(value, previous, expected):
    assert letter(value, previous=previous) == expected


@pytest.mark.parametrize(("outcome", "value"), [("pass", None), ("unknown", 0.5), ("fail", 1.2), ("error", 0.0)])
def test_a_finding_cannot_carry_a_score_that_its_outcome_forbids(outcome, value):
    with pytest.raises(ValueError, match="cannot carry"):
        Finding(outcome=outcome, score=value, reason="")
