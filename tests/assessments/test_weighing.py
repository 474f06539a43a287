"""A judgement under other weights comes out as it would have been judged under them, to the cent it printed itself."""

from __future__ import annotations

import msgspec
import pytest

from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from assessments.scoring.profiles import presets
from assessments.scoring.weighing import under
from vendors.catalogue import index

VENDORS = ["aws", "cloudflare", "github", "jira", "microsoft-bpos-2011", "modal", "slack", "trello"]


@pytest.fixture(scope="module", params=VENDORS)
def judged(request):
    facts = index.load(request.param)
    return assess(facts, Needs(previous_grade="A"), as_of=facts.as_of), facts


def test_under_the_default_it_is_the_same_but_that_no_letter_is_held_back(judged):
    made, facts = judged
    found = under(made, facts, None)
    assert (found.value, found.low, found.high) == pytest.approx(
        (made.score.value, made.score.low, made.score.high), abs=0.0101
    )
    fresh = assess(facts, Needs(), as_of=facts.as_of)
    assert found.grade == fresh.score.grade


def test_under_a_profile_of_the_rubric_it_is_what_the_assessment_printed(judged):
    made, facts = judged
    assert len(made.profiles) == len(presets()) > 0
    for profile, printed in zip(presets(), made.profiles, strict=True):
        found = under(made, facts, profile)
        assert (found.value, found.low, found.high, found.grade) == (
            printed.value,
            printed.low,
            printed.high,
            printed.grade,
        )


def test_under_weights_of_ones_own_it_is_added_up_again(judged):
    made, facts = judged
    for preset, printed in zip(presets(), made.profiles, strict=True):
        own = msgspec.structs.replace(preset, version="mine")
        found = under(made, facts, own)
        if printed.value is None:
            assert found.value is None
        else:
            assert found.value == pytest.approx(printed.value, abs=0.0101)


def test_without_the_assessments_own_word_the_rubrics_profile_is_added_up_again(judged):
    made, facts = judged
    silent = msgspec.structs.replace(made, profiles=())
    found, said = under(silent, facts, presets()[0]), under(made, facts, presets()[0])
    assert found.value == pytest.approx(said.value, abs=0.0101)


def test_a_check_that_is_no_more_cannot_be_weighed(judged):
    made, facts = judged
    first = made.pillars[0]
    gone = msgspec.structs.replace(first.checks[0], id="of-a-method-before")
    older = msgspec.structs.replace(first, checks=(gone, *first.checks[1:]))
    assert under(msgspec.structs.replace(made, pillars=(older, *made.pillars[1:])), facts, None) is None
