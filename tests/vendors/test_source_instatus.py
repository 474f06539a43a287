"""Instatus pages: what the captures hold, and what broken or strange documents give."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.captures import captures, needs_captures
from vendors.sources.base import Raw, SourceChanged
from vendors.sources.instatus import INSTATUS

NOW = datetime(2026, 3, 17, tzinfo=UTC)
EVENT: dict[str, Any] = {
    "id": "c1",
    "name": {"default": "Slow"},
    "status": "IDENTIFIED",
    "impact": "MAJOROUTAGE",
    "started": "Sat Jul 09 2022 04:20:00 GMT+0000 (Coordinated Universal Time)",
}


def raw(body: bytes) -> Raw:
    return Raw(url="", body=body, fetched_at=NOW)


def read(body: bytes) -> Any:
    return INSTATUS.parse("", {"document": raw(body)}, as_of=NOW)


def summary(status: Any = "UP", **more: Any) -> bytes:
    return json.dumps({"page": {"name": "Example", "url": "https://s.example.com", "status": status}, **more}).encode()


@needs_captures
def test_each_capture_gives_the_state_of_the_manifest() -> None:
    for capture in captures("instatus-html"):
        assert INSTATUS.recognise(raw(capture.read())) >= 0.9
        told = read(capture.read())
        assert (told.page.state, told.quarantined) == (capture.page_state, ())
        assert sum(incident.end_known == "open" for incident in told.incidents) == (capture.page_state == "issue")
    assert [len(read(c.read()).incidents) for c in captures("instatus-html")] == [
        6,
        2,
        1,
    ]  # the bars' notices with them


@needs_captures
def test_only_pages_of_the_product_are_recognised() -> None:
    known = {c.file for c in captures() if c.path.is_file() and INSTATUS.recognise(raw(c.read())) > 0}
    assert known == {c.file for c in captures("instatus-html")}


@pytest.mark.parametrize(
    ("status", "more", "state"),
    [
        ("UP", {}, "ok"),
        ("HASISSUES", {}, "issue"),
        ("UNDERMAINTENANCE", {}, "maintenance"),
        ("MELTED", {}, "unknown"),
        ("UP", {"activeIncidents": [EVENT]}, "issue"),
        ("UP", {"activeIncidents": [{"id": 1}]}, "unknown"),
        ("UP", {"activeMaintenances": [{"id": "m", "status": "NOTSTARTEDYET"}]}, "ok"),
        ("UP", {"activeMaintenances": [{"id": "m", "status": "INPROGRESS"}]}, "maintenance"),
    ],
)
def test_the_page_is_well_only_where_it_says_so(status: str, more: dict[str, Any], state: str) -> None:
    assert read(summary(status, **more)).page.state == state


def test_javascript_dates_are_read_and_times_without_a_zone_are_kept_out() -> None:
    told = read(summary(activeIncidents=[EVENT, {**EVENT, "id": "c2", "started": "2022-07-09T04:20:00"}, {"id": 3}]))
    (incident,) = told.incidents
    assert incident.started_at == datetime(2022, 7, 9, 4, 20, tzinfo=UTC)
    assert (incident.title, incident.impact, incident.end_known) == ("Slow", "critical", "open")
    assert any("without a zone" in row.reason for row in told.quarantined)


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>login</html>", b'{"page"', summary(7), b"[]"])
def test_what_is_no_such_page_is_refused(body: bytes) -> None:
    with pytest.raises(SourceChanged):
        read(body)


@settings(max_examples=60)
@given(
    value=st.recursive(
        st.none() | st.text(max_size=8), lambda inner: st.dictionaries(st.sampled_from(list(EVENT)), inner)
    ),
    noise=st.binary(max_size=40),
)
def test_any_document_is_read_or_refused(value: Any, noise: bytes) -> None:
    for body in (
        summary(activeIncidents=[value, {**EVENT, "updates": [value]}]),
        summary(value),
        noise,
        b"<html>" + noise,
    ):
        INSTATUS.recognise(raw(body))
        try:
            parsed = read(body)
        except SourceChanged:
            continue
        assert parsed.page.platform == "instatus"
