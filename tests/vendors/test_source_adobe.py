"""Adobe's page: one event under many products, and that a list of events is no all-clear."""

from __future__ import annotations

import pytest

from tests.vendors.own_page_answers import adobe_event, adobe_events, as_bytes, at, raw, read
from vendors.sources.adobe import ADOBE
from vendors.sources.base import SourceChanged

OVER = {"status": "Closed", "endTime": "2026-05-01T12:00:00Z"}


def only(document):
    (row,) = read(ADOBE, document).incidents
    return row


def test_an_event_under_two_products_is_one_incident_with_both():
    row = only(adobe_events(adobe_event()))
    assert (row.id, row.components, row.impact, row.end_known) == ("E1", ("Fonts", "Stock"), "major", "open")
    assert (row.started_at, row.first_posted_at, row.start_stated) == (
        at("2026-05-01 09:00"),
        at("2026-05-01 10:00"),
        True,
    )
    assert [(u.state, u.text) for u in row.updates] == [("investigating", "We look.")]


@pytest.mark.parametrize(
    ("severity", "impact"),
    [
        ("Trivial", "none"),
        ("Minor", "minor"),
        ("Major", "major"),
        ("Critical", "critical"),
        ("Potential", None),
        (None, None),
    ],
)
def test_the_impact_is_the_severity(severity, impact):
    assert only(adobe_events(adobe_event(severity=severity))).impact == impact


@pytest.mark.parametrize(
    ("document", "state"),
    [
        (adobe_events(), "unknown"),
        (adobe_events(adobe_event()), "issue"),
        (adobe_events(adobe_event(status="Odd")), "issue"),
        (adobe_events(adobe_event(**OVER)), "unknown"),
        (adobe_events(history=(adobe_event(**OVER),)), "unknown"),
        (adobe_events(scheduled=(adobe_event(),)), "unknown"),
    ],
)
def test_the_list_never_says_that_all_is_well(document, state):
    assert read(ADOBE, document).page.state == state


def test_what_is_over_has_its_stated_end():
    row = only(adobe_events(history=(adobe_event(**OVER),)))
    assert (row.resolved_at, row.end_known) == (at("2026-05-01 12:00"), "stated")
    assert only(adobe_events(adobe_event(status="Resolved"))).end_known == "unknown"


def test_scheduled_events_and_maintenance_are_windows():
    later = {"startTime": "2026-07-01T10:00:00Z", "endTime": "2026-07-01T11:00:00Z"}
    for document in (
        adobe_events(scheduled=(adobe_event(**later),)),
        adobe_events(adobe_event(severity="Maintenance", **later)),
    ):
        parsed = read(ADOBE, document)
        assert parsed.incidents == ()
        assert parsed.maintenances[0].scheduled_until == at("2026-07-01 11:00")


def test_products_may_be_keyed_by_their_id():
    document = {"products": {"501": {"name": "Stock", "ongoing": [adobe_event()]}, "502": {"ongoing": []}}}
    parsed = read(ADOBE, document)
    assert parsed.incidents[0].components == ("Stock",)
    assert {part.id for part in parsed.page.components} == {"Stock", "502"}


def test_an_event_without_an_id_gets_one_from_its_title_and_start():
    row = only(adobe_events(adobe_event(identity=None)))
    assert len(row.id) == 16
    parsed = read(ADOBE, adobe_events({"severity": "Major"}))
    assert (parsed.incidents, len(parsed.quarantined)) == ((), 2)


def test_products_without_lists_are_refused_and_recognised_only_with_events():
    with pytest.raises(SourceChanged):
        read(ADOBE, {"products": [{"name": "Stock"}]})
    with pytest.raises(SourceChanged):
        read(ADOBE, {"products": []})
    body = as_bytes(adobe_events(adobe_event()))
    assert ADOBE.recognise(raw(body, "https://data.status.adobe.com/adobestatus/StatusEvents")) == 0.7
    assert ADOBE.recognise(raw(body)) == 0.4
    assert ADOBE.recognise(raw(as_bytes(adobe_events()))) == 0


def test_times_in_the_future_are_kept_out():
    parsed = read(ADOBE, adobe_events(adobe_event(startTime="2031-01-01T00:00:00Z")))
    assert parsed.incidents[0].started_at == at("2026-05-01 10:00")
    assert len(parsed.quarantined) == 1


def test_an_end_told_of_an_ongoing_event_is_an_estimate():
    event = adobe_event(status="Odd", endTime="2026-05-01T12:00:00Z")
    assert only(adobe_events(event)).end_known == "open"
    assert only(adobe_events(history=(event,))).resolved_at == at("2026-05-01 12:00")
