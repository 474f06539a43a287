"""Salesforce Trust: one incident under many instances, starts of impacts, and what its states come to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.captures import capture_of, needs_captures
from tests.vendors.own_page_answers import (
    as_bytes,
    at,
    raw,
    read,
    read_capture,
    read_named,
    trust_incident,
    trust_instance,
    trust_maintenance,
)  # fmt: skip
from vendors.sources.base import SourceChanged
from vendors.sources.salesforce import SALESFORCE

CAPTURE = "status-pages/salesforce/salesforce/salesforce_incident.json"


def only(document):
    (row,) = read(SALESFORCE, document).incidents
    return row


@needs_captures
def test_the_capture_is_read_in_full():
    parsed = read_capture(SALESFORCE, CAPTURE)
    capture = capture_of(CAPTURE)
    (row,) = parsed.incidents
    assert (capture.incidents, capture.page_state) == (1, parsed.page.state) == (1, "issue")
    assert (row.id, row.impact, row.end_known, row.components) == ("5968", "minor", "open", ("NA137",))
    assert row.started_at == datetime(2020, 7, 29, 16, 8, tzinfo=UTC)
    assert row.first_posted_at == datetime(2020, 7, 29, 19, 4, 35, tzinfo=UTC)
    assert row.start_stated
    assert row.updates == ()  # it has no events: the manifest counts no updates
    # 1,528 instances, 65 of them no longer active.
    assert len(parsed.page.components) == 1463
    assert parsed.maintenances == parsed.quarantined == ()
    assert parsed.stated_at == datetime(2020, 7, 29, 19, 4, 35, tzinfo=UTC)
    assert parsed.window.start is None


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (["OK", "OK"], "ok"),
        (["OK", "MAJOR_INCIDENT_CORE"], "issue"),
        (["OK", "MINOR_INCIDENT_CORE"], "issue"),
        (["OK", "MAJOR_INCIDENT_NONCORE"], "issue"),
        (["MINOR_INCIDENT_NONCORE", "MAINTENANCE_CORE"], "issue"),
        (["OK", "MAINTENANCE_CORE"], "maintenance"),
        (["OK", "MAINTENANCE_NONCORE"], "maintenance"),
        (["OK", "INFORMATIONAL_CORE"], "unknown"),
        (["OK", "INFORMATIONAL"], "unknown"),
        (["OK", "SOMETHING_ELSE"], "unknown"),
        (["OK", None], "unknown"),
        (["OK", "ok"], "unknown"),
        ([], "unknown"),
    ],
)
def test_all_is_well_only_if_every_active_instance_says_so(statuses, state):
    rows = [trust_instance(f"NA{n}", status) for n, status in enumerate(statuses)]
    assert read(SALESFORCE, rows).page.state == state


def test_an_instance_that_is_no_longer_active_says_nothing():
    rows = [trust_instance("NA1"), trust_instance("NA2", "MAJOR_INCIDENT_CORE", isActive=False)]
    parsed = read(SALESFORCE, rows)
    assert (parsed.page.state, [part.id for part in parsed.page.components]) == ("ok", ["NA1"])
    assert read(SALESFORCE, rows[1:]).page.state == "unknown"


def test_an_open_incident_under_instances_that_say_ok_is_an_issue():
    assert read(SALESFORCE, [trust_instance(Incidents=[trust_incident()])]).page.state == "issue"


def test_an_incident_under_many_instances_is_counted_once_with_all_of_them():
    rows = [trust_instance(key, "MINOR_INCIDENT_CORE", Incidents=[trust_incident()]) for key in ("NA3", "NA2", "NA1")]
    parsed = read(SALESFORCE, rows)
    (row,) = parsed.incidents
    assert row.components == ("NA1", "NA2", "NA3")
    assert parsed.quarantined == ()


def test_the_later_telling_of_an_incident_is_used_in_whatever_order():
    later = trust_incident(ended="2026-05-01T11:00:00Z", updatedAt="2026-05-01T12:00:00Z")
    for rows in ([trust_incident(), later], [later, trust_incident()]):
        assert only(rows).end_known == "stated"


def test_start_and_end_are_those_of_the_impacts_and_the_worst_of_them_counts():
    first = trust_incident(ended="2026-05-01T11:00:00Z")["IncidentImpacts"][0]
    second = first | {"startTime": "2026-05-01T09:30:00Z", "endTime": "2026-05-01T12:00:00Z", "severity": "major"}
    row = only([trust_incident(IncidentImpacts=[second, first])])
    assert (row.started_at, row.resolved_at, row.end_known) == (
        at("2026-05-01 09:00"),
        at("2026-05-01 12:00"),
        "stated",
    )
    assert (row.impact, row.first_posted_at, row.start_stated) == ("major", at("2026-05-01 10:00"), True)
    assert only([trust_incident(IncidentImpacts=[second, first | {"endTime": None}])]).end_known == "open"


@pytest.mark.parametrize(("severity", "impact"), [("minor", "minor"), ("major", "major"), ("odd", None), (None, None)])
def test_a_severity_that_is_not_known_gives_no_impact(severity, impact):
    rows = trust_incident()["IncidentImpacts"]
    row = only([trust_incident(IncidentImpacts=[rows[0] | {"severity": severity}])])
    assert (row.impact, row.raw_impact) == (impact, severity)


def test_events_are_posts_without_markup_and_a_root_cause_is_a_postmortem():
    events = [
        {"type": "resolved", "message": "<p>Over.</p>", "createdAt": "2026-05-01T11:00:00Z"},
        {"type": "odd", "message": "We <b>look</b>.", "createdAt": "2026-05-01T10:00:00Z"},
        {"type": "investigating", "message": None, "createdAt": "2026-05-01T09:59:00Z"},
    ]
    message = {"rootCause": "A cable.", "actionPlan": "Two cables.", "pathToResolution": None}
    row = only([trust_incident(IncidentEvents=events, message=message, updatedAt="2026-05-03T10:00:00Z")])
    assert [(u.state, u.text) for u in row.updates] == [
        ("unknown", "We look."),
        ("resolved", "Over."),
        ("postmortem", "A cable.\nTwo cables."),
    ]
    assert row.postmortem_url == "https://status.salesforce.com/incidents/7"


def test_a_message_without_events_does_not_move_the_first_post():
    row = only([trust_incident(message={"rootCause": "A cable."}, updatedAt="2026-05-20T10:00:00Z")])
    assert (row.first_posted_at, row.updates) == (at("2026-05-01 10:00"), ())


def test_maintenance_is_a_window_and_no_incident():
    rows = [trust_instance(key, Maintenances=[trust_maintenance()]) for key in ("NA1", "NA2")]
    for document in (rows, [trust_maintenance()]):
        parsed = read(SALESFORCE, document)
        assert parsed.incidents == ()
        (window,) = parsed.maintenances
        assert (window.scheduled_for, window.scheduled_until) == (at("2026-07-01 10:00"), at("2026-07-01 11:00"))
    assert read(SALESFORCE, rows).maintenances[0].components == ("NA1", "NA2")


def test_a_bad_incident_is_kept_out_its_instance_is_read_and_all_is_not_well():
    rows = [trust_instance("NA1", Incidents=[{"id": 1, "IncidentImpacts": "?"}]), trust_instance("NA2", Incidents=[])]
    parsed = read(SALESFORCE, rows)
    assert (parsed.page.state, len(parsed.page.components)) == ("unknown", 2)
    (fault,) = parsed.quarantined
    assert "NA1 Incidents[0]" in fault.where


def test_a_bad_row_of_a_list_is_kept_out_and_a_list_of_nothing_else_refused():
    parsed = read(SALESFORCE, [trust_incident(), {"id": None, "IncidentImpacts": []}])
    assert (len(parsed.incidents), len(parsed.quarantined)) == (1, 1)
    with pytest.raises(SourceChanged):
        read(SALESFORCE, [{"id": None, "IncidentImpacts": []}])


def test_a_start_in_the_future_or_before_any_page_is_not_used():
    for start in ("2031-01-01T00:00:00Z", "1970-01-01T00:00:00Z"):
        impact = trust_incident()["IncidentImpacts"][0] | {"startTime": start}
        parsed = read(SALESFORCE, [trust_incident(IncidentImpacts=[impact])])
        assert parsed.incidents[0].started_at == at("2026-05-01 10:00")
        assert len(parsed.quarantined) == 1


def test_an_end_before_the_start_gives_no_length():
    row = only([trust_incident(ended="2026-05-01T08:00:00Z")])
    assert (row.resolved_at, row.end_known) == (None, "unknown")


def test_the_list_of_incidents_reaches_back_to_its_oldest_and_is_not_called_complete():
    parsed = read_named(
        SALESFORCE, instances=[trust_instance()], incidents=[trust_incident(ended="2026-05-01T11:00:00Z")]
    )
    assert (parsed.page.state, parsed.window.start, parsed.window.complete) == ("ok", at("2026-05-01 10:00"), False)


def test_single_objects_are_read_too_and_recognised():
    for document in (trust_incident(), trust_instance()):
        assert SALESFORCE.recognise(raw(as_bytes(document))) == 0.95
        read(SALESFORCE, document)


def test_the_list_of_incidents_is_asked_page_by_page():
    documents = {"incidents": raw(as_bytes([trust_incident(n) for n in range(100)]))}
    (wanted,) = SALESFORCE.more(SALESFORCE.home, documents)
    assert wanted.url == "https://api.status.salesforce.com/v1/incidents?limit=100&offset=100"
    assert SALESFORCE.more(SALESFORCE.home, documents | {wanted.name: raw(b"[]")}) == ()
