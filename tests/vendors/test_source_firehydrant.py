"""FireHydrant's payload: what the capture holds, and what broken documents give."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.captures import capture_of, captures, needs_captures
from vendors.sources.base import Raw, SourceChanged
from vendors.sources.firehydrant import FIREHYDRANT

FILE = "status-pages/firehydrant/redis-cloud/payload.json"
NOW = datetime(2026, 7, 1, tzinfo=UTC)
ROW: dict[str, Any] = {
    "id": "a",
    "title": "Slow",
    "severitySlug": "SEV1",
    "timestamps": {"started": "2026-03-01T10:00:00Z"},
}


def raw(body: bytes) -> Raw:
    return Raw(url="", body=body, fetched_at=NOW)


def read(body: bytes) -> Any:
    return FIREHYDRANT.parse("", {"document": raw(body)}, as_of=NOW)


def payload(*rows: Any) -> bytes:
    return json.dumps({"config": {"operationalMessage": "Well."}, "conditions": {}, "incidents": rows}).encode()


@needs_captures
def test_the_capture_gives_what_the_manifest_counts() -> None:
    capture = capture_of(FILE)
    told = read(capture.read())
    assert len(told.incidents) + len(told.maintenances) == capture.incidents == 4
    assert (len(told.maintenances), told.page.state, told.quarantined) == (1, "ok", ())
    imported = next(incident for incident in told.incidents if incident.id.startswith("2f3423b7"))
    assert imported.resolved_at == datetime(2026, 3, 3, 21, 29, 30, tzinfo=UTC)
    assert [update.state for update in imported.updates] == ["investigating"] * 2 + ["identified"] * 3 + ["resolved"]
    assert (imported.impact, imported.backfilled) == ("major", True)


@needs_captures
def test_only_payloads_of_the_product_are_recognised() -> None:
    known = {c.file for c in captures() if c.path.is_file() and FIREHYDRANT.recognise(raw(c.read())) > 0}
    assert known == {FILE}


@pytest.mark.parametrize(
    ("severity", "impact"),
    [("SEV1", "critical"), ("SEV2", "major"), ("SEV3", "minor"), ("SEV4", "minor"), ("UNSET", None), ("OURS", None)],
)
def test_only_the_products_own_severities_are_an_impact(severity: str, impact: str | None) -> None:
    assert read(payload({**ROW, "severitySlug": severity})).incidents[0].impact == impact


def test_an_open_incident_is_trouble_and_a_whole_history_without_one_is_not() -> None:
    assert read(payload(ROW)).page.state == "issue"
    assert read(payload()).page.state == "ok"


def test_a_bad_row_is_kept_out_and_the_order_does_not_matter() -> None:
    rows = [ROW, {**ROW, "id": "b"}, {"id": 1}, {**ROW, "id": "c", "timestamps": {"started": "2036-01-01T00:00:00Z"}}]
    told = read(payload(*rows))
    assert [incident.id for incident in told.incidents] == ["a", "b"]
    assert any(row.where.endswith("incidents[2]") for row in told.quarantined)
    assert read(payload(*rows[::-1])).incidents == told.incidents


@pytest.mark.parametrize("body", [b"", b"{}", b"<html></html>", b"[]", payload(ROW)[:-9]])
def test_what_is_no_such_payload_is_refused(body: bytes) -> None:
    with pytest.raises(SourceChanged):
        read(body)


@settings(max_examples=60)
@given(
    value=st.recursive(
        st.none() | st.text(max_size=8), lambda inner: st.dictionaries(st.sampled_from(list(ROW)), inner)
    ),
    noise=st.binary(max_size=40),
)
def test_any_document_is_read_or_refused(value: Any, noise: bytes) -> None:
    for body in (payload(value), payload({**ROW, "timeline": [value]}), noise, b'{"severitySlug"' + noise):
        FIREHYDRANT.recognise(raw(body))
        try:
            parsed = read(body)
        except SourceChanged:
            continue
        assert parsed.page.platform == "firehydrant"


def test_a_time_at_the_end_of_the_calendar_is_kept_out_like_any_other_in_the_future() -> None:
    told = read(payload(ROW, {**ROW, "id": "b", "timestamps": {"started": "9999-12-31T23:59:59-14:00"}}))
    assert [incident.id for incident in told.incidents] == ["a"]
