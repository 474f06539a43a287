"""Google Cloud and Workspace: three generations of one file, what its states mean, and the real captures."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.captures import captures, needs_captures
from tests.vendors.cloud_answers import google_incident, google_of_2020, google_update
from tests.vendors.own_page_answers import as_bytes, at, raw, read, read_capture, read_named
from vendors.sources.base import SourceChanged
from vendors.sources.google_cloud import GOOGLE_CLOUD, WORKSPACE

FOLDER = "status-pages/google-cloud/gcp"


def only(*rows):
    (incident,) = read(GOOGLE_CLOUD, list(rows)).incidents
    return incident


@needs_captures
@pytest.mark.parametrize("capture", captures("google-cloud"), ids=lambda capture: capture.file.rsplit("/", 1)[-1])
def test_every_capture_is_read_in_full(capture):
    parsed = read_capture(GOOGLE_CLOUD, capture.file)
    assert GOOGLE_CLOUD.recognise(raw(capture.read())) == 0.95
    assert parsed.quarantined == ()
    counts = (len(parsed.incidents), sum(len(row.updates) for row in parsed.incidents))
    assert counts == (capture.incidents, capture.updates)
    assert parsed.maintenances == ()
    # The manifest states no page state for incidents merged from snapshots: they tell nothing of the present.
    assert parsed.page.state == (capture.page_state or "unknown")
    assert parsed.lists_open == bool(capture.page_state)


@needs_captures
def test_the_file_of_2020_keeps_its_exact_times_and_its_one_open_incident():
    parsed = read_capture(GOOGLE_CLOUD, f"{FOLDER}/incidents_raw_2020-11-19.json")
    (row,) = (row for row in parsed.incidents if row.end_known == "open")
    assert row.id == "google-stackdriver-20009"
    assert row.started_at == datetime(2020, 11, 19, 16, 49, 41, tzinfo=UTC)
    assert row.first_posted_at == datetime(2020, 11, 19, 18, 18, 4, tzinfo=UTC)
    assert (row.start_stated, row.components, row.impact, row.raw_impact) == (True, ("Operations",), "major", "medium")
    assert row.url == "https://status.cloud.google.com/incident/google-stackdriver/20009"
    assert parsed.stated_at == row.first_posted_at
    assert parsed.window.start == datetime(2019, 12, 4, 3, 2, 9, tzinfo=UTC)
    assert parsed.window.complete


@needs_captures
def test_the_file_of_2026_tells_starts_ends_reports_and_what_was_posted_afterwards():
    rows = {row.id: row for row in read_capture(GOOGLE_CLOUD, f"{FOLDER}/incidents_raw_2026-08-20.json").incidents}
    late = rows["41E5S3mkTGDfkZuJZH5k"]
    assert (late.started_at, late.resolved_at) == (
        datetime(2026, 2, 27, 12, 37, tzinfo=UTC),
        datetime(2026, 2, 27, 14, 35, tzinfo=UTC),
    )
    assert (late.first_posted_at, late.backfilled) == (datetime(2026, 2, 27, 16, 12, 30, tzinfo=UTC), True)
    assert late.postmortem_url == late.url
    last = rows["utF3FMFdQfwBzJcGG6vf"]
    assert (last.impact, last.raw_impact, len(last.components)) == ("critical", "SERVICE_OUTAGE", 27)
    assert [update.state for update in last.updates][-1] == "resolved"
    assert last.postmortem_url is None


@needs_captures
def test_two_incidents_left_the_snapshots_of_2023_without_an_end_and_nobody_says_when_they_ended():
    parsed = read_capture(GOOGLE_CLOUD, f"{FOLDER}/reconstructed_incidents_2023.jsonl")
    unknown = {row.id for row in parsed.incidents if row.end_known == "unknown"}
    assert unknown == {"RvZMCy8b8FPZq6nF2m5C", "Cjw6iVXNzcGCMekNFmNm"}
    assert {row.end_known for row in parsed.incidents} == {"unknown", "stated"}


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([google_incident()], "ok"),
        ([google_incident(), google_incident("Ab2", end=None)], "issue"),
        ([google_incident(end=None)], "issue"),
        ([google_incident(end=None) | {"end": ""}], "issue"),
        ([google_incident(end=None) | {"end": None}], "issue"),
        ([google_incident() | {"end": "soon"}], "issue"),
        ([], "unknown"),
        ([google_incident(), {"id": "Ab2"}], "unknown"),
        ([google_incident(), google_incident("Ab2") | {"id": None, "number": None}], "unknown"),
    ],
)
def test_all_is_well_only_where_every_incident_of_the_list_is_read_and_has_an_end(rows, state):
    parsed = read(GOOGLE_CLOUD, rows)
    assert parsed.page.state == state
    assert len(parsed.incidents) + len(parsed.quarantined) == len(rows)


def test_an_empty_list_covers_nothing():
    window = read(GOOGLE_CLOUD, []).window
    assert (window.start, window.end, window.complete) == (None, None, False)


def test_a_start_is_apart_from_the_post_and_posts_are_oldest_first_with_the_states_read_as_phases():
    row = only(google_incident())
    assert (row.started_at, row.first_posted_at) == (at("2026-05-01 09:00"), at("2026-05-01 10:00"))
    assert (row.resolved_at, row.end_known, row.start_stated) == (at("2026-05-01 11:00"), "stated", True)
    assert [update.state for update in row.updates] == ["investigating", "update", "resolved"]
    assert row.updates[0].text == "Summary: as of 10 00."
    assert row.components == ("Batches", "Queries")


def test_a_report_after_the_end_is_a_postmortem_and_an_update_that_names_one_before_it_is_not():
    words = "# Mini Incident Report\nWe are sorry."
    updates = [google_update("12:00", "AVAILABLE", text=words), google_update("10:10", text=words)]
    row = only(google_incident() | {"updates": [*updates, *google_incident()["updates"]]})
    assert [update.state for update in row.updates] == ["investigating", "update", "update", "resolved", "postmortem"]
    assert row.postmortem_url == row.url == "https://status.cloud.google.com/incidents/Ab1"


@pytest.mark.parametrize(
    ("severity", "impact"), [("low", "minor"), ("medium", "major"), ("high", "critical"), ("odd", None)]
)
def test_an_impact_is_the_files_own_and_an_unknown_word_is_none(severity, impact):
    row = only(google_incident(severity=severity))
    assert (row.impact, row.raw_impact) == (impact, "SERVICE_DISRUPTION")


def test_a_number_before_2021_is_one_services_own():
    parsed = read(GOOGLE_CLOUD, [google_of_2020(1), google_of_2020(1, service_key="batches")])
    assert [row.id for row in parsed.incidents] == ["batches-1", "queries-1"]
    assert [update.state for update in parsed.incidents[0].updates] == ["investigating", "update"]
    assert parsed.incidents[0].end_known == "stated"


def test_lines_merged_from_snapshots_are_read_one_by_one_and_end_what_left_without_an_end():
    gone = google_incident("Ab2", end=None, _removed_at="2026-05-20T00:00:00+00:00")
    lines = [google_incident(_last_seen="2026-05-02T00:00:00+00:00"), gone]
    body = b"\n".join([*(json.dumps(line).encode() for line in lines), b'{"id": "cut'])
    parsed = read(GOOGLE_CLOUD, body)
    assert {row.id: row.end_known for row in parsed.incidents} == {"Ab1": "stated", "Ab2": "unknown"}
    assert len(parsed.quarantined) == 1
    assert (parsed.page.state, parsed.window.complete, parsed.lists_open) == ("unknown", False, False)
    assert parsed.stated_at == at("2026-05-02 00:00")


def test_the_workspace_dashboard_is_the_same_file_at_its_own_address():
    (endpoint,) = GOOGLE_CLOUD.endpoints(WORKSPACE)
    assert endpoint.url == "https://www.google.com/appsstatus/dashboard/incidents.json"
    documents = {"incidents": raw(as_bytes([google_incident()]), endpoint.url)}
    parsed = GOOGLE_CLOUD.parse(WORKSPACE, documents, as_of=at("2026-06-01 12:00"))
    assert (parsed.page.name, parsed.page.url, parsed.page.state) == ("Google Workspace", WORKSPACE, "ok")
    assert parsed.incidents[0].url == f"{WORKSPACE}/incidents/Ab1"
    assert read_named(GOOGLE_CLOUD, incidents=[google_incident()]).page.name == "Google Cloud"


def test_times_that_cannot_be_true_are_kept_out():
    ahead = google_incident(begin="2031-01-01T00:00:00+00:00", created="2031-01-01T00:00:00+00:00", updates=[])
    parsed = read(GOOGLE_CLOUD, [ahead, google_incident("Ab2")])
    assert [row.id for row in parsed.incidents] == ["Ab2"]
    assert len(parsed.quarantined) >= 1
    early = only(google_incident() | {"end": "2026-05-01T08:00:00+00:00"})
    assert (early.resolved_at, early.end_known) == (None, "unknown")


def test_a_time_without_a_zone_makes_its_row_unreadable_and_no_other():
    parsed = read(GOOGLE_CLOUD, [google_incident(begin="2026-05-01T09:00:00"), google_incident("Ab2")])
    assert [row.id for row in parsed.incidents] == ["Ab2"]
    with pytest.raises(SourceChanged):
        read(GOOGLE_CLOUD, [google_incident(begin="2026-05-01T09:00:00")])
