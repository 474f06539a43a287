"""PagerDuty pages: what the capture holds, and what broken or strange documents give."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.captures import capture_of, captures, needs_captures
from vendors.sources.base import Raw, SourceChanged
from vendors.sources.pagerduty import PAGERDUTY

FILE = "status-pages/pagerduty-html/pagerduty/pagerduty-minor.html"
NOW = datetime(2023, 12, 17, 12, tzinfo=UTC)
POST = {
    "reported_at": "2023-12-01T10:00:00Z",
    "status": "investigating",
    "severity": "minor",
    "message": "<p>Slow.</p>",
}


def raw(body: bytes) -> Raw:
    return Raw(url="", body=body, fetched_at=NOW)


def read(body: bytes) -> Any:
    return PAGERDUTY.parse("", {"home": raw(body)}, as_of=NOW)


def page(ongoing: Any = (), resolved: Any = ()) -> bytes:
    summary = {"open_incidents": ongoing, "resolved_incidents": resolved, "post_status_page_services": []}
    data = json.dumps({"summary": summary})
    return f'<html><title>T</title><script id="data" type="application/json">{data}</script></html>'.encode()


@needs_captures
def test_the_capture_gives_what_the_manifest_counts() -> None:
    capture = capture_of(FILE)
    told = read(capture.read())
    posts = [update for incident in told.incidents for update in incident.updates]
    assert len(told.incidents) == capture.incidents == 81
    assert len([update for update in posts if update.state != "postmortem"]) == capture.updates == 321
    assert told.page.state == capture.page_state
    assert [incident.id for incident in told.incidents if incident.end_known == "open"] == ["P1VQT26"]
    assert told.stated_at == datetime(2023, 12, 15, 20, 53, 44, tzinfo=UTC)
    assert told.quarantined == ()


@needs_captures
def test_only_pages_of_the_product_are_recognised() -> None:
    known = {c.file for c in captures() if c.path.is_file() and PAGERDUTY.recognise(raw(c.read())) > 0}
    assert known == {FILE}


@pytest.mark.parametrize(
    ("word", "impact"),
    [("all_good", "none"), ("minor", "minor"), ("major", "major"), ("outage", "critical"), ("melted", None)],
)
def test_the_worst_severity_is_the_impact(word: str, impact: str | None) -> None:
    (incident,) = read(page([{"id": "P1", "updates": [{**POST, "severity": word}]}])).incidents
    assert (incident.impact, incident.raw_impact) == (impact, word)


def test_a_page_is_in_trouble_while_an_incident_is_open_and_well_while_none_is() -> None:
    assert read(page([{"id": "P1", "updates": [POST]}])).page.state == "issue"
    assert read(page([{"id": 1}])).page.state == "unknown"  # something is open that cannot be read
    assert read(page()).page.state == "ok"  # then it prints its headline


def test_a_promise_counts_from_the_post_and_absurd_ones_are_none() -> None:
    def promised(wait: int) -> datetime | None:
        told = read(page([{"id": "P1", "updates": [{**POST, "next_update_in_ms": wait}]}]))
        at: datetime | None = told.incidents[0].updates[0].promised_at
        return at

    assert promised(1_800_000) == datetime(2023, 12, 1, 10, 30, tzinfo=UTC)
    assert [promised(0), promised(-5), promised(10**18)] == [None, None, None]


def test_a_bad_row_is_kept_out_and_the_order_does_not_matter() -> None:
    end = {**POST, "reported_at": "2023-12-01T11:00:00Z", "status": "resolved", "severity": "all_good"}
    future = {**POST, "reported_at": "2033-12-01T11:00:00Z"}
    rows = [{"id": "P1", "updates": [end, POST, {"status": "x"}, future]}, {"id": "P2"}]
    told = read(page((), rows))
    (incident,) = told.incidents
    assert incident.resolved_at == datetime(2023, 12, 1, 11, tzinfo=UTC)
    assert len(told.quarantined) == 3
    assert read(page((), [{"id": "P1", "updates": [POST, end]}])).incidents == told.incidents


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<html>login</html>",
        page()[:80],
        b'<script id="data">{"summary":[]}</script>',
        b'<script id="data">1</script>',
    ],
)
def test_what_is_no_such_page_is_refused(body: bytes) -> None:
    with pytest.raises(SourceChanged):
        read(body)


@settings(max_examples=60)
@given(
    value=st.recursive(
        st.none() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "updates", "postmortem"]), inner)
        ),
    ),
    noise=st.binary(max_size=40),
)
def test_any_document_is_read_or_refused(value: Any, noise: bytes) -> None:
    for body in (page(value), page((), [value, {"id": "P1", "updates": [value]}]), noise, b"<html>" + noise):
        PAGERDUTY.recognise(raw(body))
        try:
            parsed = read(body)
        except SourceChanged:
            continue
        assert parsed.page.platform == "pagerduty"
