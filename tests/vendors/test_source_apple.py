"""Apple: a call around the data, events repeated under every service, and only the epoch fields."""

from __future__ import annotations

import pytest

from tests.vendors.cloud_answers import apple_data, apple_event, jsonp
from tests.vendors.own_page_answers import as_bytes, at, raw, read, read_named
from vendors.sources.apple import APPLE
from vendors.sources.base import SourceChanged

ONGOING = apple_event(eventStatus="ongoing", epochEndDate=None)
RELEASE = apple_event(7, statusType="Maintenance", eventStatus="ongoing", epochEndDate=None)


def only(**changes):
    (row,) = read(APPLE, apple_data(Mail=[apple_event(**changes)])).incidents
    return row


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], "ok"),
        ([apple_event()], "ok"),
        ([apple_event(eventStatus="completed")], "ok"),
        ([apple_event(statusType="Resolved")], "ok"),
        ([ONGOING], "issue"),
        ([apple_event(eventStatus="ongoing", statusType="Performance")], "issue"),
        ([apple_event(eventStatus="ongoing", statusType="odd")], "issue"),
        ([apple_event(eventStatus="odd")], "issue"),
        ([apple_event(eventStatus="")], "issue"),
        ([RELEASE], "maintenance"),
        ([RELEASE, ONGOING], "issue"),
        ([RELEASE, apple_event(eventStatus="odd")], "issue"),
        ([RELEASE | {"eventStatus": "upcoming"}], "ok"),
        ([RELEASE | {"eventStatus": "completed"}], "ok"),
        ([RELEASE | {"eventStatus": "odd"}], "unknown"),
        ([apple_event(), {"messageId": None}], "unknown"),
    ],
)
def test_all_is_well_only_where_every_event_is_known_to_be_over(events, state):
    assert read(APPLE, apple_data(Mail=events)).page.state == state


def test_no_service_is_no_statement():
    assert read(APPLE, apple_data()).page.state == "unknown"


def test_the_call_around_the_data_is_taken_off_and_never_run():
    plain = read(APPLE, apple_data(Mail=[apple_event()]))
    for body in (jsonp(apple_data(Mail=[apple_event()])), b"\xef\xbb\xbf" + jsonp(apple_data(Mail=[apple_event()]))):
        assert read(APPLE, body) == plain
        assert APPLE.recognise(raw(body)) == 0.95
    for body in (jsonp(apple_data(Mail=[apple_event()]))[:-30], b"alert(1)", b"jsonCallback();", b"jsonCallback([]);"):
        with pytest.raises(SourceChanged):
            read(APPLE, body)


def test_an_event_under_several_services_is_counted_once_with_all_of_them():
    for names in (("Mail", "Photos"), ("Photos", "Mail")):
        (row,) = read(APPLE, apple_data(**{name: [apple_event()] for name in names})).incidents
        assert (row.id, row.components) == ("2000000001", ("Mail", "Photos"))
        assert row.title == "Outage: Mail and 1 more"


def test_of_two_tellings_of_one_event_the_one_that_goes_on_is_used():
    for services in ({"Mail": [apple_event()], "Photos": [ONGOING]}, {"Mail": [ONGOING], "Photos": [apple_event()]}):
        parsed = read(APPLE, apple_data(**services))
        assert (parsed.incidents[0].end_known, parsed.page.state) == ("open", "issue")


def test_times_are_the_epoch_fields_and_when_a_message_was_posted_is_not_told():
    row = only(startDate="12/31/2030 10:00 PDT")
    assert (row.started_at, row.resolved_at, row.end_known) == (
        at("2026-05-01 10:00"),
        at("2026-05-01 11:00"),
        "stated",
    )
    assert (row.first_posted_at, row.updates, row.start_stated) == (None, (), False)


@pytest.mark.parametrize(
    ("kind", "impact"), [("Outage", "critical"), ("Performance", "minor"), ("Issue", "minor"), ("odd", None)]
)
def test_the_kind_of_an_event_is_its_impact(kind, impact):
    row = only(statusType=kind)
    assert (row.impact, row.raw_impact) == (impact, kind)


@pytest.mark.parametrize(
    ("changes", "end"),
    [
        ({}, "stated"),
        ({"epochEndDate": None}, "unknown"),
        ({"eventStatus": "ongoing"}, "open"),
        ({"eventStatus": "ongoing", "epochEndDate": None}, "open"),
        ({"epochEndDate": 1e30}, "unknown"),
        ({"epochEndDate": -5}, "unknown"),
        ({"epochEndDate": 1_600_000_000_000}, "unknown"),
    ],
)
def test_an_end_is_stated_open_or_not_known(changes, end):
    assert only(**changes).end_known == end


def test_maintenance_is_never_an_incident():
    done = apple_event(7, statusType="Maintenance", eventStatus="completed")
    parsed = read(APPLE, apple_data(Mail=[done], Photos=[done]))
    assert parsed.incidents == ()
    (window,) = parsed.maintenances
    assert (window.scheduled_for, window.scheduled_until) == (at("2026-05-01 10:00"), at("2026-05-01 11:00"))
    assert (window.completed_at, window.components) == (at("2026-05-01 11:00"), ("Mail", "Photos"))


def test_an_event_or_a_service_that_cannot_be_read_is_kept_out_and_the_others_are_read():
    document = apple_data(Mail=[apple_event(), {"messageId": 3.5}, apple_event(4, epochStartDate="soon")])
    document["services"].append({"serviceName": None})
    parsed = read(APPLE, document)
    assert [row.id for row in parsed.incidents] == ["2000000001"]
    assert (len(parsed.quarantined), parsed.page.state) == (3, "unknown")
    with pytest.raises(SourceChanged):
        read(APPLE, {"services": [{"serviceName": None}]})


def test_a_start_in_the_future_is_kept_out():
    parsed = read(APPLE, apple_data(Mail=[apple_event(epochStartDate=1_900_000_000_000, epochEndDate=None)]))
    assert (parsed.incidents, len(parsed.quarantined)) == ((), 2)


def test_the_developers_list_is_the_same_page():
    services = apple_data(Mail=[apple_event()])
    parsed = read_named(APPLE, services=jsonp(services), developer=jsonp(apple_data(Signing=[apple_event(5)])))
    assert [row.id for row in parsed.incidents] == ["2000000001", "5"]
    assert [part.name for part in parsed.page.components] == ["Mail", "Signing"]
    assert (parsed.window.start, parsed.window.complete) == (at("2026-05-01 10:00"), True)
    assert APPLE.recognise(raw(as_bytes(services))) == 0.95
