"""Whatever product a page is of, a failed or strange answer changes no fact and no score; it only makes the page unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from tests.vendors.own_page_answers import EXAMPLES, as_bytes
from tests.vendors.product_answers import STATES
from tests.vendors.statuspage_answers import incident, listing
from vendors import models
from vendors.facts import facts_of
from vendors.fetching import NotAPage, TooLarge, TooSlow, TryLater, Unreachable
from vendors.ingest import store_read
from vendors.polling import look, watch
from vendors.sources.base import Raw
from vendors.sources.registry import SOURCES
from vendors.sources.shapes import kind_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_database(
        "what an answer means is read without it; how it is stored is tested on both by test_polling"
    ),
]
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
PAGE = "https://status.example.com"
FAILURES = {
    "no answer in time": TooSlow("status.example.com took longer than 15 seconds"),
    "refused": Unreachable("status.example.com refuses connections"),
    "gone": Unreachable("status.example.com answers with HTTP 404", status=404),
    "too many requests": TryLater("later", status=429, wait=timedelta(minutes=5)),
    "too large": TooLarge("larger than 5 MiB"),
    "an archive": NotAPage("a file of another kind"),
    "a web page": b"<!doctype html><html><title>Welcome</title><body>Welcome home</body></html>",
    "an empty list": b"[]",
    "an empty object": b"{}",
    "cut off": b'{"page": {"id": "abcdef123456", "na',
    "a feed about food": b"<rss version='2.0'><channel><title>Recipes</title></channel></rss>",
    "nothing": b"",
}


def document_of(name: str) -> bytes:
    """A document of that source with as much in it as its examples have."""
    if name == "statuspage":
        return listing(incident())
    if name in ("statuscake", "sorry"):
        pytest.skip("its answers count only from its own host")
    if name in STATES:
        return max((body for body, _ in STATES[name]), key=len)
    return as_bytes(EXAMPLES[name][0])


def score_of(vendor: models.Vendor) -> object:
    """What the stored facts are worth at one moment."""
    made = assess(facts_of(vendor, as_of=NOW), Needs(rto_hours=4.0), as_of=NOW)
    return made.score, made.forecast


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_no_failure_of_a_page_changes_what_is_known_or_what_it_is_worth(source):
    body = document_of(source.id)
    raw = Raw(url=f"{PAGE}/x", body=body, fetched_at=NOW)
    parsed = source.parse(PAGE, {kind_of(body): raw}, as_of=NOW)
    page = store_read(parsed, {kind_of(body): raw}, as_of=NOW).page
    watch(page, now=NOW)
    before, worth = facts_of(page.vendor, as_of=NOW), score_of(page.vendor)
    for failure in FAILURES.values():

        def fetch(url: str, failure: bytes | Exception = failure, **_: object) -> Raw:
            if isinstance(failure, Exception):
                raise failure
            return Raw(url=url, body=failure, fetched_at=LATER)

        models.HostTurn.objects.all().delete()
        outcome = look(page.pk, now=LATER, fetch=fetch)
        if outcome == "read":  # AWS's empty list of open events is its word for "nothing is open"
            assert (source.id, failure) == ("aws", b"[]")
            return
        assert outcome in ("failed", "not now")
        after = facts_of(page.vendor, as_of=NOW)
        assert msgspec.structs.replace(after, pages=before.pages) == before
        assert after.pages[0].state == ("unknown" if outcome == "failed" else before.pages[0].state)
    assert score_of(page.vendor) == worth
