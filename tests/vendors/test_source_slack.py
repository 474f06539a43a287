"""Slack's page: what its notes mean without a phase, which kinds it tells, and its real captures."""

from __future__ import annotations

import json
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
    slack_current,
    slack_event,
)  # fmt: skip
from vendors.sources.base import SourceChanged
from vendors.sources.slack import SLACK

FOLDER = "status-pages/slack/slack"
RESOLVED = slack_event(status="resolved")
OK = {"status": "ok", "date_created": "2026-05-01T11:00:00-07:00", "date_updated": "2026-05-01T11:00:00-07:00"}


def only(*documents, **named):
    parsed = read(SLACK, *documents) if documents else read_named(SLACK, **named)
    (row,) = parsed.incidents
    return row


@needs_captures
@pytest.mark.parametrize(
    ("file", "state", "incidents", "posts", "open_ones", "parts"),
    [
        ("current_raw_2022-11-25_1095.json", "issue", 1, 31, 1, 1),
        ("current_raw_2024-02-27_1741.json", "issue", 1, 2, 1, 1),
        ("slack_incident.json", "issue", 2, 2, 2, 2),
        ("history_2019.json", "unknown", 116, 511, 0, 10),
        ("reconstructed_current_2020_2024.jsonl", "unknown", 352, 957, 0, 15),
    ],
)
def test_every_capture_is_read_in_full(file, state, incidents, posts, open_ones, parts):
    capture = capture_of(f"{FOLDER}/{file}")
    parsed = read_capture(SLACK, f"{FOLDER}/{file}")
    assert parsed.page.state == state
    assert parsed.quarantined == ()
    assert (len(parsed.incidents), sum(len(row.updates) for row in parsed.incidents)) == (incidents, posts)
    assert sum(row.end_known == "open" for row in parsed.incidents) == open_ones
    assert len(parsed.page.components) == parts
    assert parsed.maintenances == ()
    assert (capture.incidents, capture.updates) == (incidents, posts)


@needs_captures
def test_the_history_keeps_its_exact_times_kinds_and_ends():
    parsed = read_capture(SLACK, f"{FOLDER}/history_2019.json")
    rows = {row.id: row for row in parsed.incidents}
    row = rows["756"]
    assert row.started_at == row.first_posted_at == datetime(2019, 8, 23, 17, 53, 23, tzinfo=UTC)
    # The page's own summary, appended three days later, tells the same end: 4:05 p.m. PDT.
    assert row.resolved_at == datetime(2019, 8, 23, 23, 5, 24, tzinfo=UTC)
    assert row.updates[-1].state == "postmortem"
    assert row.postmortem_url == row.url
    assert row.components == ("Messaging",)
    assert [row.impact for row in rows.values()].count("critical") == 6
    assert [row.impact for row in rows.values()].count("minor") == 5
    # Two were only summed up afterwards, one has a lone note: that they ended is told, when is not.
    assert {row.id for row in rows.values() if row.end_known == "unknown"} == {"666", "680", "722"}
    assert parsed.window.start == datetime(2019, 2, 20, 0, 29, 24, tzinfo=UTC)
    assert parsed.window.complete
    assert parsed.stated_at == datetime(2019, 8, 26, 22, 32, 23, tzinfo=UTC)


@needs_captures
def test_merged_snapshots_tell_only_by_when_an_incident_had_ended():
    parsed = read_capture(SLACK, f"{FOLDER}/reconstructed_current_2020_2024.jsonl")
    assert {row.end_known for row in parsed.incidents} == {"upper_bound"}
    row = next(row for row in parsed.incidents if row.id == "912")
    assert row.resolved_at == datetime(2020, 10, 14, 22, 7, 42, tzinfo=UTC)
    assert not parsed.window.complete


@pytest.mark.parametrize(
    ("status", "events", "state"),
    [
        ("ok", [], "ok"),
        ("active", [slack_event()], "issue"),
        ("active", [], "issue"),
        ("ok", [slack_event()], "issue"),
        ("active", [slack_event(type="maintenance")], "maintenance"),
        ("active", [slack_event(type="maintenance"), slack_event(2)], "issue"),
        ("ok", [slack_event(type="maintenance")], "maintenance"),
        ("broken", [], "unknown"),
        ("broken", [slack_event()], "issue"),
        ("broken", [slack_event(type="maintenance")], "unknown"),
        ("OK", [], "unknown"),
    ],
)
def test_the_state_is_the_pages_word_and_never_better_than_what_is_active(status, events, state):
    assert read(SLACK, slack_current(*events, status=status)).page.state == state


def test_a_list_of_the_newest_states_no_page_state_and_an_empty_one_covers_nothing():
    assert read(SLACK, [RESOLVED]).page.state == "unknown"
    empty = read(SLACK, [])
    assert (empty.page.state, empty.window.complete, empty.window.start) == ("unknown", False, None)


def test_an_active_row_that_cannot_be_read_forbids_an_all_clear_and_the_others_are_read():
    parsed = read(SLACK, slack_current(slack_event(), {"id": 2, "notes": [{"date_created": "soon"}]}))
    assert [row.id for row in parsed.incidents] == ["1"]
    (fault,) = parsed.quarantined
    assert "active_incidents[1]" in fault.where
    with pytest.raises(SourceChanged):
        read(SLACK, slack_current({"id": None}, status="ok"))


def test_an_active_incident_is_open_and_its_notes_are_plain_text_oldest_first():
    row = only(slack_current(slack_event()))
    assert (row.end_known, row.resolved_at, row.impact, row.raw_impact) == ("open", None, None, "incident")
    assert [(u.posted_at, u.state, u.text) for u in row.updates] == [
        (at("2026-05-01 17:00"), "investigating", "We look.\nMore soon."),
        (at("2026-05-01 18:00"), "update", "We look further."),
    ]


@pytest.mark.parametrize(
    ("kind", "impact"), [("outage", "critical"), ("notice", "minor"), ("incident", None), ("odd", None)]
)
def test_the_page_tells_kinds_and_no_levels(kind, impact):
    assert only([slack_event(type=kind, status="resolved")]).impact == impact


def test_the_last_ordinary_note_of_a_resolved_incident_is_its_end_and_a_summary_is_not():
    notes = [
        {"date_created": "2026-05-04T10:00:00-07:00", "body": "<b>Issue Summary:</b><br>On May 1 it was slow."},
        *slack_event()["notes"],
    ]
    row = only([slack_event(status="resolved", notes=notes, date_updated=notes[0]["date_created"])])
    assert (row.resolved_at, row.end_known) == (at("2026-05-01 18:00"), "stated")
    assert [u.state for u in row.updates] == ["investigating", "resolved", "postmortem"]


def test_a_lone_note_of_a_resolved_incident_opened_it_and_nobody_says_when_it_ended():
    row = only([slack_event(status="resolved", notes=slack_event()["notes"][1:])])
    assert (row.resolved_at, row.end_known, row.updates[0].state) == (None, "unknown", "investigating")


def test_a_start_set_before_the_first_note_is_a_stated_start():
    row = only([slack_event(status="resolved", date_created="2026-05-01T09:30:00-07:00")])
    assert (row.started_at, row.start_stated) == (at("2026-05-01 16:30"), True)
    assert row.first_posted_at == at("2026-05-01 17:00")


@pytest.mark.parametrize("status", ["active", "scheduled", "completed", "cancelled"])
def test_maintenance_is_never_an_incident(status):
    parsed = read(SLACK, [slack_event(type="maintenance", status=status)])
    assert parsed.incidents == ()
    (window,) = parsed.maintenances
    assert window.announced_at == at("2026-05-01 17:00")
    assert window.completed_at == (at("2026-05-01 18:00") if status == "completed" else None)


def test_times_as_numbers_are_seconds_or_milliseconds_and_absurd_ones_are_kept_out():
    seconds = int(at("2026-05-01 10:00").timestamp())
    notes = [{"date_created": seconds * 1000, "body": "We look."}, {"date_created": 1e30, "body": "?"}]
    parsed = read(SLACK, slack_current(slack_event(date_created=seconds, notes=notes)))
    (row,) = parsed.incidents
    assert row.started_at == row.first_posted_at == at("2026-05-01 10:00")
    assert [fault.reason for fault in parsed.quarantined] == ["it has no time"]


def test_times_in_the_future_and_before_any_page_are_kept_out():
    notes = [
        {"date_created": "2030-01-01T00:00:00Z", "body": "Later."},
        {"date_created": "1970-01-01T00:00:00Z", "body": "."},
    ]
    parsed = read(SLACK, slack_current(slack_event(notes=notes)))
    assert parsed.incidents[0].updates == ()
    assert len(parsed.quarantined) == 2
    assert parsed.page.state == "issue"


def test_version_one_tells_one_incident_or_that_all_is_well():
    row = only(slack_event())
    assert (row.id, row.end_known) == ("1", "open")
    assert read(SLACK, slack_event()).page.state == "issue"
    fine = read(SLACK, OK)
    assert (fine.page.state, fine.incidents) == ("ok", ())
    assert SLACK.recognise(raw(as_bytes(OK), "https://slack-status.com/api/v1.0.0/current")) == 0.9
    assert SLACK.recognise(raw(as_bytes(OK))) == 0.4


def test_an_incident_in_both_answers_is_counted_once_in_its_later_telling():
    later = slack_event(status="resolved", date_updated="2026-05-01T12:00:00-07:00")
    parsed = read_named(SLACK, current=slack_current(slack_event()), history=[later, slack_event(2, status="resolved")])
    assert [(row.id, row.end_known) for row in parsed.incidents] == [("1", "stated"), ("2", "stated")]
    assert parsed.page.state == "issue"  # by the page's own word, which may be a little older
    assert parsed.quarantined == ()


def test_of_merged_snapshots_a_line_that_cannot_be_read_is_kept_out():
    lines = [slack_event(n, _gone_at="2026-05-02T10:00:00Z", _last_seen="2026-05-02T09:50:00Z") for n in (1, 2)]
    body = b"\n".join([json.dumps(lines[0]).encode(), b'{"id": 5', json.dumps(lines[1]).encode()])
    parsed = read(SLACK, body)
    assert [row.id for row in parsed.incidents] == ["1", "2"]
    assert len(parsed.quarantined) == 1
    assert parsed.stated_at == at("2026-05-02 10:00")


def test_an_active_incident_without_a_time_that_can_be_true_is_no_record_and_still_no_all_clear():
    event = slack_event(date_created="2031-01-01T00:00:00Z", notes=[])
    parsed = read(SLACK, slack_current(event, status="ok"))
    assert (parsed.incidents, parsed.page.state) == ((), "issue")


def test_the_later_telling_is_used_whichever_answer_it_stands_in():
    earlier = slack_event(status="resolved", date_updated="2026-05-01T10:30:00-07:00")
    parsed = read_named(SLACK, current=slack_current(slack_event()), history=[earlier])
    assert parsed.incidents[0].end_known == "open"


def test_an_incident_gone_before_its_own_start_lasted_no_time():
    lines = [slack_event(n, _gone_at="2026-05-01T16:59:00Z") for n in (1, 2)]
    for row in read(SLACK, b"\n".join(json.dumps(line).encode() for line in lines)).incidents:
        assert (row.resolved_at, row.end_known) == (row.started_at, "upper_bound")
