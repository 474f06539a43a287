"""Monitoring exports: which shape is which, what failures they hold, and what is refused."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskboard.errors import Refused
from vendors.evidence.monitors import MAX_BYTES, MAX_SPANS, read, write_plain
from vendors.evidence.spans import joined, minutes, most_apart
from vendors.records import ObservedSpan

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def beat(time: str, status: int, **fields: Any) -> dict[str, Any]:
    return {"status": status, "time": time, "msg": "", "ping": 20, **fields}


BEATS = [
    beat("2026-03-01 10:00:00.123", 1),
    beat("2026-03-01 10:01:00", 2),
    beat("2026-03-01 10:02:00", 0),
    beat("2026-03-01 10:03:00", 0),
    beat("2026-03-01 10:12:00", 1),
    beat("2026-03-01 12:00:00", 0),
    beat("2026-03-01 12:01:00", 3),
    beat("2026-03-01 13:00:00", 0),
]
SPANS = [("10:02", "10:12"), ("12:00", "12:01"), ("13:00", None)]


def spans_of(data: bytes, **options: Any) -> list[tuple[str, str | None]]:
    export = read(data, as_of=NOW, **options)
    assert export.faults == ()
    return [(f"{s.start:%H:%M}", f"{s.end:%H:%M}" if s.end else None) for s in export.spans]


@pytest.mark.parametrize(
    ("document", "observer"),
    [
        ({"version": "1.23", "heartbeatList": {"7": BEATS}, "monitorList": [{"id": 7, "name": "Log in"}]}, "Log in"),
        ({"heartbeatList": {"7": BEATS}, "monitorList": {"7": {"id": 7, "name": "Log in"}}}, "Log in"),
        ({"heartbeatList": {"7": BEATS}, "uptimeList": {"7_24": 0.9}}, "monitor 7"),
        (
            {"heartbeatList": [b | {"monitorID": 7} for b in BEATS], "monitorList": [{"id": 7, "name": "Log in"}]},
            "Log in",
        ),
        ([b | {"monitor_id": 7} for b in reversed(BEATS)], "monitor 7"),
        (BEATS, "monitor"),
    ],
)
def test_uptime_kuma_heartbeats_become_failures_in_utc(document, observer) -> None:
    data = json.dumps(document).encode()
    assert spans_of(data) == SPANS
    assert spans_of(data, zone="Asia/Tokyo") == SPANS  # the format says UTC, whatever the zone given
    assert {span.observer for span in read(data, as_of=NOW).spans} == {observer}


def test_two_monitors_are_told_apart() -> None:
    export = read(json.dumps({"heartbeatList": {"1": BEATS, "2": BEATS}}).encode(), as_of=NOW)
    assert len(export.spans) == 6
    assert {span.observer for span in read(json.dumps(BEATS).encode(), observer="ours", as_of=NOW).spans} == {"ours"}


def better_stack(*rows: dict[str, Any]) -> bytes:
    return json.dumps({"data": [{"id": "1", "type": "incident", "attributes": row} for row in rows]}).encode()


def test_better_stack_incidents_are_read_from_json_and_csv() -> None:
    one = {"name": "Log in", "started_at": "2026-03-01T10:02:00.000Z", "resolved_at": "2026-03-01T10:12:00.000Z"}
    still = {"name": "Log in", "started_at": "2026-03-01T13:00:00.000Z", "resolved_at": None, "cause": "timeout"}
    expected = [("10:02", "10:12"), ("13:00", None)]
    assert spans_of(better_stack(one, still)) == expected
    text = b"Name;Cause;Started at;Resolved at\r\nLog in;x;2026-03-01T10:02:00Z;2026-03-01T10:12:00Z\r\n"
    assert spans_of(text + b"Log in;x;2026-03-01T13:00:00Z;\r\n") == expected
    assert read(text, as_of=NOW).format == "Better Stack incidents"


UPTIME_ROBOT = (
    b'"Event","Monitor","Date-Time","Reason","Duration","Duration (in mins.)"\n'
    b'"Up","Log in","2026-03-01 10:12:00","OK","2 hrs, 0 mins","120"\n'
    b'"Down","Log in","2026-03-01 10:02:00","timeout","0 hrs, 10 mins","10"\n'
    b'"Down","Log in","2026-03-01 13:00:00","timeout","","65"\n'
    b'"Down","Log in","2026-03-01 16:00:00","timeout","",""\n'
)


def test_an_uptime_robot_log_needs_its_zone_and_counts_down_events_only() -> None:
    assert spans_of(UPTIME_ROBOT, zone="UTC") == [("10:02", "10:12"), ("13:00", "14:05"), ("16:00", None)]
    assert spans_of(UPTIME_ROBOT, zone="Europe/Berlin")[0] == ("09:02", "09:12")
    faults = read(UPTIME_ROBOT, as_of=NOW).faults
    assert [(fault.row, fault.column) for fault in faults] == [(3, "date_time"), (4, "date_time"), (5, "date_time")]


def test_the_plain_table_takes_a_zone_per_row_and_a_monitor() -> None:
    data = b"start,end,zone,monitor\n2026-03-01T10:00Z,2026-03-01T10:09Z,,API\n2026-03-01 10:00,,Europe/Berlin,Log in\n"
    spans = read(data, as_of=NOW, name="probe.csv").spans
    assert [(s.observer, s.start.hour, s.end is None) for s in spans] == [("Log in", 9, True), ("API", 10, False)]
    assert spans[0].note == "plain CSV: probe.csv"
    assert read(write_plain(spans), as_of=NOW, name="probe.csv").spans == spans


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("2026-03-01 10:00,", "start"),
        ("2026-03-01T10:00Z,2026-03-01T09:00Z", "end"),
        ("2026-03-01T10:00Z,2027-03-01T09:00Z", "end"),
        ("2020-03-01T10:00Z,2026-03-01T09:00Z", "end"),
        (",2026-03-01T09:00Z", "start"),
        ("2026-03-01 10:00,,Mars/Base", "zone"),
        ("2026-10-25 02:30,,Europe/Berlin", "start"),
    ],
)
def test_a_row_that_cannot_be_is_a_fault_that_names_row_and_column(row, column) -> None:
    export = read(f"start,end,zone\n{row}\n".encode(), as_of=NOW)
    assert [(fault.row, fault.column) for fault in export.faults] == [(2, column)]
    assert export.spans == ()


@pytest.mark.parametrize(
    "data",
    [
        b"{}", b'{"data": {}}', b"a,b\n1,2\n", b"title,started_at\nx,y\n", b"start,end,severity\n", b"[1, 2]",
        b"<html>log in</html>", b"start\n",
    ],
)  # fmt: skip
def test_an_unknown_shape_is_refused_with_all_that_is_understood(data) -> None:
    with pytest.raises(Refused) as refused:
        read(data, as_of=NOW)
    for name in ("Uptime Kuma", "Better Stack", "UptimeRobot", "start,end"):
        assert name in str(refused.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b'{"heartbeatList": [', "cut off"),
        (b"[" * 100_000, "understood are|no readable"),
        (b" " * (MAX_BYTES + 1), "larger"),
        (b"start,end\n\xff\xfe,\n", "UTF-8"),
        (b"start,end,monitor\n" + b"".join(b"2026-01-01T00:00Z,,m%d\n" % n for n in range(MAX_SPANS + 1)), "failures"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_one_sentence(data, words) -> None:
    with pytest.raises(Refused, match=words):
        read(data, as_of=NOW)


def span(start: int, end: int | None, observer: str = "a") -> ObservedSpan:
    day = datetime(2026, 3, 1, tzinfo=UTC)
    return ObservedSpan(
        start=day + timedelta(minutes=start),
        end=None if end is None else day + timedelta(minutes=end),
        observer=observer,
    )


def test_failures_of_one_observer_less_than_two_minutes_apart_are_one() -> None:
    assert joined([span(0, 5), span(6, 8), span(10, 11)]) == (span(0, 8), span(10, 11))
    assert joined([span(0, 5), span(3, 4), span(6, None), span(90, 99)]) == (span(0, None),)
    assert joined([span(0, 5, "a"), span(1, 3, "b"), span(6, 9, "a")]) == (span(0, 9, "a"), span(1, 3, "b"))
    assert minutes(span(0, 5)) == 5
    assert minutes(span(0, None)) is None


some = st.builds(
    lambda start, length, observer: span(start, None if length < 0 else start + length, observer),
    st.integers(0, 300), st.integers(-1, 40), st.sampled_from("ab"),
)  # fmt: skip


@settings(max_examples=150)
@given(st.lists(some, max_size=12), st.randoms(use_true_random=False))
def test_joining_is_idempotent_and_does_not_depend_on_the_order(spans, random) -> None:
    made = joined(spans)
    shuffled = list(spans)
    random.shuffle(shuffled)
    assert joined(made) == made == joined(shuffled)


pairs = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 40)).map(lambda p: (span(p[0], 0).start, span(sum(p), 0).start)),
    max_size=12,
)


@settings(max_examples=150)
@given(pairs, pairs)
def test_one_more_span_never_makes_the_events_seen_fewer(spans, more) -> None:
    assert most_apart(spans) <= most_apart(spans + more) <= len(spans) + len(more)


@settings(max_examples=100)
@given(st.binary(max_size=120) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["heartbeatList", "status", "time", "data", "attributes", "started_at"]), inner, max_size=4),
    max_leaves=12,
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_no_document_whatever_does_more_than_be_refused(data: bytes) -> None:
    with contextlib.suppress(Refused):
        assert all(span.observer for span in read(data, as_of=NOW).spans)
