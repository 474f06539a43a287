"""The words engine against people: what the gold set holds, and that the page and the rubric follow from it."""

from __future__ import annotations

import re

import pytest

from assessments.scoring.rubric import rubric
from tests.captures import needs_captures
from tests.gold.agreement import LETTERS, OTHER_LANGUAGE, agreement, in_page, kappa, labelled, labels, table
from tests.gold.sample import READ_FOR_RULES

HALF_BELOW = 0.7  # docs/words.md: an element the engine reads worse than that earns half its points
FULL_POINTS = {
    "component": 15,
    "symptom": 15,
    "scope_number": 10,
    "scope_vague": 4,
}  # all others 10; method, section 4.2


def test_the_gold_set_holds_labels_and_no_words():
    known = labels()
    kinds = [kind for kind, _, _ in known]
    assert kinds.count("update") >= 400
    assert kinds.count("incident") >= 80
    for sha, letters in known.values():
        assert re.fullmatch(r"[0-9a-f]{64}", sha)
        assert letters == OTHER_LANGUAGE or set(letters.split()) <= set(LETTERS)
        assert not {"Q", "V"} <= set(letters.split())


@needs_captures
def test_every_label_is_of_the_text_it_was_given_for():
    found = labelled()
    assert len(found) == len(labels())
    assert len({one.item.vendor for one in found}) >= 15
    assert len({one.item.vendor for one in found} - READ_FOR_RULES) >= 15


@needs_captures
def test_the_page_prints_the_agreement_as_it_is():
    assert in_page()[1] == table()


@needs_captures
def test_an_element_read_badly_earns_half_its_points():
    held_back = [one for one in labelled() if one.held_back and one.item.kind == "update"]
    for line in agreement(held_back):
        full = FULL_POINTS.get(line.element, 10)
        expected = full / 2 if line.kappa is not None and line.kappa < HALF_BELOW else full
        assert rubric()["words"]["points"][line.element] == expected, line


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(True, True)] * 5 + [(False, False)] * 5, 1.0),
        ([(True, False)] * 5 + [(False, True)] * 5, -1.0),
        ([(True, True), (True, False), (False, True), (False, False)], 0.0),
        ([(False, False)] * 4, None),
        ([(True, True)] * 20 + [(False, False)] * 15 + [(True, False)] * 5 + [(False, True)] * 10, 0.4),
    ],
)
def test_kappa_is_cohen_s(pairs, expected):
    assert kappa(pairs) == (expected if expected is None else pytest.approx(expected))
