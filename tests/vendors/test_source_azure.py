"""Azure: a feed that is empty most of the time, reused names, and a history dated by its own words."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest

from tests.captures import capture_of, needs_captures
from tests.vendors.cloud_answers import azure_feed, azure_history, azure_item, azure_review
from tests.vendors.own_page_answers import at, raw, read, read_capture, read_named
from vendors.sources.azure import AZURE, HISTORY
from vendors.sources.base import SourceChanged

FOLDER = "status-pages/azure/azure"
TOLD = "Between 01:13 UTC and 13:25 UTC on 13 April 2026, a queue was slow."
UNTOLD = "A queue was slow for some time."


@needs_captures
def test_an_empty_feed_is_unknown_though_it_is_the_steady_state():
    # The manifest calls it ok, as it was: the bytes cannot be told from those of a feed that is broken.
    capture = capture_of(f"{FOLDER}/feed_empty.xml")
    parsed = read_capture(AZURE, capture.file)
    assert capture.page_state == "ok"
    assert (parsed.page.state, parsed.incidents, parsed.quarantined) == ("unknown", (), ())
    assert (parsed.window.start, parsed.window.complete) == (None, False)
    assert parsed.stated_at == datetime(2026, 7, 31, 0, 12, tzinfo=UTC)
    assert parsed.lists_open
    assert AZURE.recognise(raw(capture.read())) == 0.95


@needs_captures
def test_an_item_of_the_feed_is_an_open_incident_with_its_services_in_their_region():
    capture = capture_of(f"{FOLDER}/feed_20260723.xml")
    parsed = read_capture(AZURE, capture.file)
    (row,) = parsed.incidents
    assert (parsed.page.state, len(parsed.incidents), len(row.updates)) == (
        capture.page_state,
        capture.incidents,
        capture.updates,
    )
    assert row.id == "issues-connecting-to-resources-in-west-us-20260723T162909"
    assert row.first_posted_at == row.started_at == datetime(2026, 7, 23, 16, 29, 9, tzinfo=UTC)
    assert (row.end_known, row.impact, row.title[-1], len(row.components)) == ("open", None, "S", 9)
    assert all(name.endswith(" (West US)") for name in row.components)
    assert "<" not in row.updates[0].text
    assert parsed.stated_at == datetime(2026, 7, 23, 16, 38, 47, tzinfo=UTC)


@needs_captures
def test_five_years_of_real_reviews_are_dated_by_their_words_or_kept_out():
    file = f"{FOLDER}/atlarge_azure_pir_2019_2024.csv"
    reviews = [row["description"] for row in csv.DictReader(io.StringIO(capture_of(file).read().decode()))]
    parsed = read(AZURE, azure_history(*reviews), as_of=datetime(2024, 12, 1, tzinfo=UTC))
    # 127 reviews of 126 incidents; thirteen tell no span with a zone that can be read, such as China's "CST".
    assert (len(reviews), len(parsed.incidents), len(parsed.quarantined)) == (127, 113, 14)
    row = next(row for row in parsed.incidents if row.id == "PSM0-BQ8")
    assert (row.started_at, row.resolved_at) == (
        datetime(2024, 11, 13, 1, 13, tzinfo=UTC),
        datetime(2024, 11, 13, 13, 25, tzinfo=UTC),
    )
    assert max(row.duration_hours() for row in parsed.incidents) < 24 * 30
    assert parsed.page.state == "unknown"


@pytest.mark.parametrize(
    ("items", "state"),
    [
        ((), "unknown"),
        ((azure_item(),), "issue"),
        ((azure_item(time="yesterday"),), "issue"),
        ((azure_item(time="Fri, 01 May 2026 10:00:00 CST"),), "issue"),
        ((azure_item(), azure_item("other")), "issue"),
    ],
)
def test_the_feed_tells_an_issue_or_nothing(items, state):
    assert read(AZURE, azure_feed(*items)).page.state == state


def test_a_name_that_comes_again_is_another_incident():
    parsed = read(AZURE, azure_feed(azure_item(), azure_item(time="Fri, 08 May 2026 10:00:00 Z")))
    assert [row.id for row in parsed.incidents] == ["slow-queue-20260501T100000", "slow-queue-20260508T100000"]
    assert parsed.incidents[0].title == "Slow queue"
    assert read(AZURE, azure_feed(azure_item(), azure_item())).quarantined != ()


def test_an_item_whose_time_cannot_be_read_is_kept_out_and_the_others_are_read():
    parsed = read(AZURE, azure_feed(azure_item(time="soon"), azure_item("other")))
    assert [row.id for row in parsed.incidents] == ["other-20260501T100000"]
    assert "slow-queue" in parsed.quarantined[0].where
    ahead = read(AZURE, azure_feed(azure_item(time="Fri, 01 May 2099 10:00:00 Z")))
    assert (ahead.incidents, ahead.page.state) == ((), "issue")


def test_the_order_of_the_items_means_nothing():
    items = (azure_item(), azure_item("b"), azure_item("c", time="soon"))
    assert read(AZURE, azure_feed(*items)) == read(AZURE, azure_feed(*items[::-1]))


def test_a_review_is_dated_by_its_words_and_when_it_was_posted_is_not_told():
    parsed = read(AZURE, azure_history(azure_review("AB_1-9X0", TOLD)))
    (row,) = parsed.incidents
    assert (row.id, row.title) == ("AB_1-9X0", "Post Incident Review (PIR) - Slow queue")
    assert (row.started_at, row.resolved_at) == (at("2026-04-13 01:13"), at("2026-04-13 13:25"))
    assert (row.first_posted_at, row.updates, row.backfilled) == (None, (), False)
    assert (row.postmortem_url, len(row.conflicts)) == (HISTORY, 1)
    assert (parsed.window.start, parsed.window.complete) == (at("2026-04-13 01:13"), False)
    assert not parsed.lists_open


def test_a_review_without_times_never_takes_those_of_the_next():
    parsed = read(AZURE, azure_history(azure_review("AAA1-000", UNTOLD), azure_review("BBB1-000", TOLD)))
    assert [row.id for row in parsed.incidents] == ["BBB1-000"]
    assert "AAA1-000" in parsed.quarantined[0].where


def test_a_button_in_the_heading_with_the_same_words_is_the_same_review():
    review = azure_review("AAA1-000", TOLD).replace("<h3>", "<h3><button>").replace("</h3>", "</button></h3>")
    parsed = read(AZURE, azure_history(review))
    assert (len(parsed.incidents), parsed.quarantined) == (1, ())


def test_the_feed_and_the_history_are_one_page():
    parsed = read_named(AZURE, feed=azure_feed(azure_item()), history=azure_history(azure_review("AAA1-000", TOLD)))
    assert {row.end_known for row in parsed.incidents} == {"open", "stated"}
    assert (parsed.page.state, parsed.lists_open) == ("issue", True)
    quiet = read_named(AZURE, feed=azure_feed(), history=azure_history(azure_review("AAA1-000", TOLD)))
    assert quiet.page.state == "unknown"


@pytest.mark.parametrize(
    "body",
    [
        azure_feed(azure_item(), title="Weather"),
        azure_feed(azure_item())[:-40],
        azure_history(),
        b"<rss><item/></rss>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><rss version="2.0"><channel><title>Azure Status</title></channel></rss>',
    ],
)
def test_another_feed_a_cut_off_one_and_a_page_without_reviews_are_refused(body):
    with pytest.raises(SourceChanged):
        read(AZURE, body)


def test_the_history_is_recognised_by_its_reviews_alone():
    assert AZURE.recognise(raw(azure_history(azure_review("AAA1-000", TOLD)))) == 0.9
    assert AZURE.recognise(raw(azure_history())) == 0
    assert AZURE.recognise(raw(azure_feed(title="Weather"))) == 0
