"""Stripe's page: one word for the whole service."""

from __future__ import annotations

import pytest

from tests.vendors.own_page_answers import as_bytes, raw, read, stripe_full
from vendors.sources.base import SourceChanged
from vendors.sources.stripe import STRIPE


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("up", "ok"), ("degraded", "issue"), ("down", "issue"), ("pending", "unknown"), ("paused", "unknown"),
        ("UP", "unknown"), ("", "unknown"), ("odd", "unknown"),
    ],
)  # fmt: skip
def test_only_a_known_word_about_the_service_gives_a_state(word, state):
    parsed = read(STRIPE, stripe_full(word))
    assert (parsed.page.state, parsed.incidents, parsed.stated_at) == (state, (), None)
    assert (parsed.window.start, parsed.window.complete) == (None, False)


@pytest.mark.parametrize(
    "document", [{"UptimeStatus": "up"}, {"message": "Fine"}, {"UptimeStatus": None, "message": "x"}]
)
def test_an_answer_without_both_fields_is_refused_and_not_recognised(document):
    assert STRIPE.recognise(raw(as_bytes(document))) == 0
    with pytest.raises(SourceChanged):
        read(STRIPE, document)
