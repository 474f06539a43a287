"""IBM Cloud: one feed of incidents, maintenance and other notices, with an end told only in words."""

from __future__ import annotations

import pytest

from tests.vendors.cloud_answers import ibm_feed, ibm_item
from tests.vendors.own_page_answers import at, raw, read
from vendors.sources.base import SourceChanged
from vendors.sources.ibm import IBM

UNDATED = ibm_item("INC9").replace("Fri, 01 May 2026 10:00:00 GMT", "soon")


@pytest.mark.parametrize(
    ("title", "text", "end"),
    [
        ("Slow queue", "We look.", "open"),
        ("RESOLVED: Slow queue", "We look.", "unknown"),
        ("[Resolved] Slow queue", "We look.", "unknown"),
        ("Slow queue", "Status: Closed", "unknown"),
        ("Slow queue", "Resolved - it is over.", "unknown"),
        ("Slow queue", "It is not yet resolved.", "open"),
        ("Unresolved: slow queue", "We look.", "open"),
        ("Slow queue", "The cause was disclosed; repairs are incomplete.", "open"),
        ("Slow queue", "Half of it is complete.", "open"),
    ],
)
def test_an_incident_is_over_only_by_a_word_of_state(title, text, end):
    parsed = read(IBM, ibm_feed(ibm_item(title=title, text=text)))
    (row,) = parsed.incidents
    assert (row.end_known, row.resolved_at) == (end, None)
    assert parsed.page.state == ("issue" if end == "open" else "unknown")


@pytest.mark.parametrize("items", [(), (ibm_item(kind="announcement"),), (ibm_item(kind="maintenance"),), (UNDATED,)])
def test_a_feed_without_an_open_incident_states_nothing(items):
    parsed = read(IBM, ibm_feed(*items))
    assert (parsed.page.state, parsed.incidents) == ("unknown", ())
    assert (parsed.window.start, parsed.window.complete, parsed.lists_open) == (None, False, False)


def test_an_entry_is_what_its_category_says():
    kinds = ("incident", "maintenance", "security", "announcement")
    parsed = read(IBM, ibm_feed(*(ibm_item(kind[:3].upper(), kind) for kind in kinds)))
    assert [row.id for row in parsed.incidents] == ["INC"]
    assert [row.id for row in parsed.maintenances] == ["MAI"]
    (row,) = parsed.incidents
    assert (row.started_at, row.first_posted_at, row.start_stated) == (at("2026-05-01 10:00"),) * 2 + (False,)
    assert (row.impact, row.url) == (None, "https://cloud.ibm.com/status/incident/INC")
    assert parsed.window.start == at("2026-05-01 10:00")


def test_an_entry_that_cannot_be_read_is_kept_out_and_the_others_are_read_in_any_order():
    items = (ibm_item(), UNDATED, ibm_item("INC2"))
    parsed = read(IBM, ibm_feed(*items))
    assert [row.id for row in parsed.incidents] == ["INC1", "INC2"]
    assert "INC9" in parsed.quarantined[0].where
    assert read(IBM, ibm_feed(*items[::-1])) == parsed


def test_a_time_in_the_future_is_kept_out():
    parsed = read(IBM, ibm_feed(ibm_item().replace("2026", "2099")))
    assert parsed.incidents == ()
    assert parsed.quarantined


@pytest.mark.parametrize("body", [ibm_feed(ibm_item(), title="Weather"), ibm_feed(ibm_item())[:-30], b"<html></html>"])
def test_another_feed_and_a_cut_off_one_are_refused(body):
    with pytest.raises(SourceChanged):
        read(IBM, body)


def test_it_is_recognised_by_what_the_feed_calls_itself():
    assert IBM.recognise(raw(ibm_feed())) == 0.95
    assert IBM.recognise(raw(ibm_feed(title="Weather"))) == 0
