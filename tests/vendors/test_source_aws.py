"""AWS: open events in UTF-16, closed ones by service, the retired data.json with its clocks, and the real captures."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.captures import capture_of, needs_captures
from tests.vendors.cloud_answers import aws_entry, aws_event, aws_old, seconds
from tests.vendors.own_page_answers import as_bytes, at, raw, read, read_capture, read_named
from vendors.sources.aws import AWS
from vendors.sources.base import SourceChanged

FOLDER = "status-pages/aws/aws"
CLOSED = {"queue-us-east-2": [aws_event("QUEUE_0", end_time=str(seconds("11:00")))]}


def data_json(*current: dict, archive: tuple[dict, ...] = ()) -> dict:
    return {"archive": list(archive), "current": list(current)}


def only(document):
    (incident,) = read(AWS, document).incidents
    return incident


@needs_captures
@pytest.mark.parametrize(
    ("file", "posts", "ends", "parts"),
    [
        # The manifest counts no posts of data.json: these are the clocks in its HTML.
        ("data_json_raw_2020-11-12.json", 989, {"stated": 318, "unknown": 9, "open": 1}, 180),
        ("data_json_raw_2022-07.json", 352, {"stated": 86}, 63),
        ("currentevents.utf16be.json", 36, {"open": 2}, 289),
        ("reconstructed_data_json_events.jsonl", 1954, {"stated": 542, "unknown": 34}, 262),
    ],
)
def test_every_capture_is_read_in_full(file, posts, ends, parts):
    capture = capture_of(f"{FOLDER}/{file}")
    parsed = read_capture(AWS, capture.file)
    assert AWS.recognise(raw(capture.read())) == 0.95
    assert parsed.quarantined == ()
    assert len(parsed.incidents) == capture.incidents
    assert sum(len(row.updates) for row in parsed.incidents) == posts == (capture.updates or posts)
    told = [row.end_known for row in parsed.incidents]
    assert {end: told.count(end) for end in set(told)} == ends
    assert len(parsed.page.components) == parts
    assert parsed.page.state == (capture.page_state or "unknown")
    assert parsed.lists_open == bool(capture.page_state)


@needs_captures
def test_the_retired_file_tells_starts_ends_and_what_goes_on():
    rows = {row.id: row for row in read_capture(AWS, f"{FOLDER}/data_json_raw_2020-11-12.json").incidents}
    first = rows["autoscaling-us-east-1-1525914401"]
    assert first.started_at == datetime(2018, 5, 10, 0, 42, tzinfo=UTC)
    assert first.first_posted_at == datetime(2018, 5, 10, 1, 6, tzinfo=UTC)
    assert (first.resolved_at, first.end_known) == (datetime(2018, 5, 10, 2, 4, tzinfo=UTC), "stated")
    assert first.start_stated
    now = rows["athena-ap-south-1-1605156361"]
    assert (now.started_at, now.end_known) == (datetime(2020, 11, 12, 4, 46, tzinfo=UTC), "open")
    # Over, and listed among the current ones with a 0: how bad it was is not told.
    seoul = rows["ec2-ap-northeast-2-1605071272"]
    assert (seoul.impact, seoul.raw_impact) == (None, "0")
    assert seoul.resolved_at == datetime(2020, 11, 11, 2, 25, tzinfo=UTC)
    assert seoul.backfilled


@needs_captures
def test_the_open_events_of_2026_carry_every_service_they_hit():
    parsed = read_capture(AWS, f"{FOLDER}/currentevents.utf16be.json")
    uae, bahrain = parsed.incidents
    assert uae.id == "AWS_MULTIPLE_SERVICES_OPERATIONAL_ISSUE_5E6B8_EF2498889B5"
    assert uae.started_at == datetime(2026, 3, 1, 12, 51, 25, tzinfo=UTC)
    assert (len(uae.components), len(bahrain.components)) == (140, 149)
    assert (len(uae.updates), len(bahrain.updates)) == (23, 13)
    assert {row.impact for row in parsed.incidents} == {"critical"}
    assert parsed.stated_at == datetime(2026, 4, 30, 7, 25, 54, tzinfo=UTC)
    assert (parsed.window.start, parsed.window.complete) == (None, False)


@pytest.mark.parametrize(
    ("document", "state"),
    [
        ([], "ok"),  # the page's own list of what goes on, and nothing is in it
        ([aws_event()], "issue"),
        ([aws_event("Q", aws_entry("10:00"), aws_entry("11:00", summary="[RESOLVED] Errors"))], "ok"),
        ([aws_event("Q", aws_entry("10:00", summary="[RESOLVED] Errors"), aws_entry("11:00"))], "issue"),
        ([aws_event(status="0")], "issue"),
        ([aws_event(status="9")], "issue"),
        ([aws_event(date="never", event_log=[])], "issue"),
        ([aws_event(), {"date": "1"}], "issue"),
        (data_json(), "ok"),
        (data_json(archive=(aws_old(),)), "ok"),
        (data_json(aws_old()), "ok"),
        (data_json(aws_old(summary="Errors")), "issue"),
        (data_json(aws_old(), {"service": "x"}), "unknown"),
        (data_json(aws_old(), archive=(aws_old("11:00"), {"service": "x"})), "ok"),
        (CLOSED, "unknown"),
        ({}, "unknown"),
    ],
)
def test_all_is_well_only_where_the_list_of_present_events_holds_none_that_goes_on(document, state):
    assert read(AWS, document).page.state == state


def test_an_event_tells_its_start_its_worst_and_the_region():
    parsed = read(AWS, [aws_event()])
    (row,) = parsed.incidents
    assert (row.id, row.title, row.components) == ("QUEUE_1", "Errors (Ohio)", ("Queue (Ohio)",))
    assert (row.impact, row.raw_impact, row.end_known) == ("major", "2", "open")
    assert [(u.posted_at, u.state) for u in row.updates] == [
        (at("2026-05-01 10:00"), "investigating"),
        (at("2026-05-01 10:30"), "update"),
    ]
    assert parsed.lists_open


def test_numbers_are_read_as_numbers_and_as_text_in_seconds_and_milliseconds():
    entries = [aws_entry("10:00"), aws_entry("10:30")]
    for entry in entries:
        entry["timestamp"] = str(entry["timestamp"] * 1000)
    row = only([aws_event("Q", *entries, date=seconds("10:00") * 1000, status=3)])
    assert (row.started_at, row.impact) == (at("2026-05-01 10:00"), "critical")
    assert [u.posted_at for u in row.updates] == [at("2026-05-01 10:00"), at("2026-05-01 10:30")]


def test_a_closed_event_ends_as_it_states_or_with_its_last_post():
    stated = only(CLOSED)
    assert (stated.resolved_at, stated.end_known) == (at("2026-05-01 11:00"), "stated")
    told = only({"queue-us-east-2": [aws_event()]})
    assert (told.resolved_at, told.end_known) == (at("2026-05-01 10:30"), "stated")
    silent = only({"queue-us-east-2": [aws_event(event_log=[])]})
    assert (silent.resolved_at, silent.end_known) == (None, "unknown")


def test_an_event_under_several_services_is_counted_once_and_open_where_both_answers_list_it():
    twice = {"queue-us-east-2": [aws_event("SAME")], "other-us-east-2": [aws_event("SAME")]}
    parsed = read(AWS, twice)
    assert len(parsed.incidents) == 1
    assert not parsed.lists_open
    parsed = read_named(AWS, currentevents=[aws_event("SAME")], events=twice | CLOSED)
    assert {row.id: row.end_known for row in parsed.incidents} == {"SAME": "open", "QUEUE_0": "stated"}
    assert (parsed.page.state, parsed.window.complete) == ("issue", True)


def test_the_clocks_of_the_retired_file_are_pacific_and_the_last_post_states_the_window():
    row = only(data_json(archive=(aws_old(),)))
    assert (row.id, row.title) == (f"queue-us-east-2-{seconds('10:00')}", "Errors")
    assert [u.posted_at for u in row.updates] == [at("2026-05-01 10:00"), at("2026-05-01 10:40")]
    assert [u.state for u in row.updates] == ["investigating", "resolved"]
    assert (row.started_at, row.resolved_at) == (at("2026-05-01 09:10"), at("2026-05-01 10:30"))
    assert (row.start_stated, row.impact, row.components) == (True, "major", ("Queue (Ohio)",))


def test_a_clock_after_midnight_is_the_next_day():
    date = int(at("2026-05-02 06:50").timestamp())  # 11:50 PM PDT on 1 May
    posts = (
        '<div><span class="yellowfg">11:50 PM PDT</span>a</div><div><span class="yellowfg">12:20 AM PDT</span>b</div>'
    )
    row = only(data_json(archive=(aws_old(date=str(date), description=posts),)))
    assert [u.posted_at for u in row.updates] == [at("2026-05-02 06:50"), at("2026-05-02 07:20")]
    assert row.resolved_at == at("2026-05-02 07:20")


def test_an_event_that_stands_in_both_lists_still_goes_on():
    row = only(data_json(aws_old(summary="Errors"), archive=(aws_old(),)))
    assert row.end_known == "open"


def test_lines_merged_from_snapshots_are_read_and_one_that_is_cut_off_is_kept_out():
    body = b"\n".join([json.dumps(aws_old(time)).encode() for time in ("09:00", "10:00")] + [b'{"service": "x'])
    parsed = read(AWS, body)
    assert (len(parsed.incidents), len(parsed.quarantined)) == (2, 1)
    assert (parsed.page.state, parsed.window.complete, parsed.lists_open) == ("unknown", False, False)


def test_the_answer_is_read_in_utf_16_of_either_order_and_cut_off_bytes_are_refused():
    text = as_bytes([aws_event(region_name="Zürich 𝄞")]).decode()
    text = json.dumps(json.loads(text), ensure_ascii=False)
    for order, mark in (("utf-16-be", b"\xfe\xff"), ("utf-16-le", b"\xff\xfe")):
        body = mark + text.encode(order)
        assert AWS.recognise(raw(body)) == 0.95
        assert only(body).components == ("Queue (Zürich 𝄞)",)
        for end in (-1, -2, len(body) // 2, 3):
            with pytest.raises(SourceChanged):
                read(AWS, body[:end])


def test_an_empty_list_is_only_known_as_the_pages_at_its_own_address():
    assert AWS.recognise(raw(b"[]")) == 0
    assert AWS.recognise(raw(b"\xfe\xff\x00[\x00]", "https://health.aws.amazon.com/public/currentevents")) == 0.6


def test_a_time_in_the_future_is_kept_out_and_forbids_an_all_clear():
    ahead = str(int(at("2031-01-01 00:00").timestamp()))
    parsed = read(AWS, [aws_event(date=ahead, event_log=[])])
    assert (parsed.incidents, parsed.page.state) == ((), "issue")
    assert parsed.quarantined
