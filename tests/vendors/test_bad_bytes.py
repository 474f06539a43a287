"""Bytes found by fuzzing that once broke a parser: each is now refused, or the row that holds it is kept out."""

from __future__ import annotations

import pytest

from tests.vendors.product_answers import AWS_OPEN, FIREHYDRANT_OPEN, firehydrant, google, js
from tests.vendors.test_products import read
from vendors.sources.base import SourceChanged


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("firehydrant", firehydrant(FIREHYDRANT_OPEN)),
        ("aws", js([AWS_OPEN])),
        ("google-cloud", google({})),
    ],
)
@pytest.mark.parametrize("byte", [b"\x9c", b"\xff", b"\xed\xa0\x80"])
def test_a_text_that_is_no_utf8_costs_its_row_and_no_more(name, body, byte):
    at = body.index(b"slow") if b"slow" in body else body.index(b"Error")
    broken = body[:at] + byte + body[at + 1 :]
    try:
        parsed = read(name, broken)
    except SourceChanged:
        return
    assert parsed.quarantined
    assert parsed.page.state != "ok"
