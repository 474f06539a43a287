"""What is sealed under SECRET_KEY: opened by it and by the keys before it, by no other."""

from __future__ import annotations

import pytest

from riskboard.errors import Refused
from riskboard.sealed import seal, unseal

OLD, NEW, OTHER = "o" * 60, "n" * 60, "x" * 60


def test_two_seals_of_one_text_differ_and_hold_nothing_of_it():
    first, second = seal("https://hooks.example/secret"), seal("https://hooks.example/secret")
    assert first != second
    assert "hooks" not in first
    assert unseal(first) == unseal(second) == "https://hooks.example/secret"


def test_after_a_change_of_key_the_old_one_still_opens_and_seals_no_more(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    before = seal("s3cret")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    after = seal("s3cret")
    assert unseal(before) == unseal(after) == "s3cret"
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(after) == "s3cret"
    with pytest.raises(Refused, match="under another SECRET_KEY"):
        unseal(before)


@pytest.mark.parametrize("spoilt", ["", "no seal", "gAAAAA", None])
def test_what_is_no_seal_of_ours_is_refused(settings, spoilt):
    if spoilt is None:
        settings.SECRET_KEY = OTHER
        spoilt = seal("s3cret")
        settings.SECRET_KEY = NEW
    with pytest.raises(Refused):
        unseal(spoilt)
