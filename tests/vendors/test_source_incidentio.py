"""incident.io pages: what the captures hold, and what broken or strange documents give."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.captures import capture_of, captures, needs_captures
from vendors.sources.base import NOWHERE, Raw, SourceChanged
from vendors.sources.incidentio.source import INCIDENTIO

NOW = datetime(2026, 3, 18, tzinfo=UTC)
FOLDER = "status-pages/incidentio-html"
# bespoke/miro is a page of this product that the manifest files under another name
OURS = ("incidentio-html",)
EVENT: dict[str, Any] = {
    "id": "01AAA",
    "name": "Slow search",
    "status": "monitoring",
    "published_at": "2026-03-17T03:00:00Z",
    "component_impacts": [{"component_id": "c1", "status": "full_outage", "start_at": "2026-03-17T02:30:00Z"}],
    "updates": [
        {
            "published_at": "2026-03-17T02:40:00Z",
            "to_status": "identified",
            "automated_update": True,
            "message": {
                "type": "doc",
                "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Cause."}]}],
            },
        }
    ],
}


def raw(body: bytes, url: str = "") -> Raw:
    return Raw(url=url, body=body, fetched_at=NOW)


def summary(**changes: Any) -> dict[str, Any]:
    whole = {
        "name": "Example",
        "public_url": "https://status.example.com/",
        "components": [{"id": "c1", "name": "Search"}],
        "affected_components": [],
        "ongoing_incidents": [],
        "scheduled_maintenances": [],
        "page_type": "standalone",
        "expose_status_summary_api": True,
    }
    return {**whole, **changes}


def page(links: tuple[dict[str, Any], ...] = (), impacts: tuple[dict[str, Any], ...] = (), **changes: Any) -> bytes:
    wire = {"summary": summary(**changes), "data": {"incident_links": links, "component_impacts": impacts}}
    piece = json.dumps("5:" + json.dumps(wire).replace(": ", ":"))
    mark = "https://statuspage.incident.io/example"
    return f'<html><a href="{mark}"></a><script>self.__next_f.push([1,{piece}])</script></html>'.encode()


def read(body: bytes) -> Any:
    return INCIDENTIO.parse("", {"home": raw(body)}, as_of=NOW)


@needs_captures
@pytest.mark.parametrize(
    ("vendor", "file", "incidents", "posts", "maintenances", "components"),
    [
        ("openai", "openai-major", 69, 5, 0, 31),
        ("aiven", "aiven-minor", 1, 4, 2, 2),  # two of the manifest's three are announced work
        ("linear", "linear-good", 8, 26, 0, 6),
    ],
)
def test_each_capture_gives_every_event_of_the_manifest(
    vendor: str, file: str, incidents: int, posts: int, maintenances: int, components: int
) -> None:
    capture = capture_of(f"{FOLDER}/{vendor}/{file}.html")
    told = read(capture.read())
    assert (len(told.incidents), len(told.maintenances), len(told.page.components)) == (
        incidents,
        maintenances,
        components,
    )
    assert incidents + maintenances == capture.incidents
    assert sum(len(incident.updates) for incident in told.incidents) == posts
    assert told.page.state == capture.page_state
    assert told.quarantined == ()


@needs_captures
def test_a_post_dated_back_was_public_only_with_its_incident() -> None:
    told = read(capture_of(f"{FOLDER}/openai/openai-major.html").read())
    incident = next(incident for incident in told.incidents if incident.id == "01KKWW47249GJZZP9ZGR1PTHV5")
    assert incident.started_at == datetime(2026, 3, 17, 2, 42, tzinfo=UTC)
    assert incident.first_posted_at == datetime(2026, 3, 17, 3, 6, 13, tzinfo=UTC)
    assert (incident.start_stated, incident.end_known, incident.components) == (True, "open", ("Login",))


@needs_captures
def test_a_page_of_pages_is_not_well_because_its_own_lists_are_empty() -> None:
    body = capture_of("status-pages/bespoke/miro/miro-issue.html").read()
    told = read(body)  # the manifest: "issue", of a page below; only the pictures of the list tell it
    assert (told.page.state, told.incidents) == ("issue", ())
    without = body.replace(b"text-icon-full-outage", b"text-icon-new")
    assert read(without).page.state == "unknown"


@needs_captures
def test_only_pages_of_the_product_are_recognised() -> None:
    sure = {c.file: INCIDENTIO.recognise(raw(c.read())) for c in captures() if c.path.is_file()}
    known = {file for file, value in sure.items() if value > 0}
    assert known == {c.file for c in captures(*OURS)} | {c.file for c in captures("bespoke") if c.vendor == "miro"}
    assert all(sure[file] >= 0.9 for file in known)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "ok"),
        ({"ongoing_incidents": [EVENT]}, "issue"),
        ({"page_type": "parent"}, "unknown"),
        ({"page_type": None}, "unknown"),
        ({"ongoing_incidents": None}, "unknown"),
        ({"affected_components": None}, "unknown"),
        ({"ongoing_incidents": [{"id": 7}]}, "unknown"),
        ({"affected_components": [{"component_id": "c1", "status": "operational"}]}, "ok"),
        ({"affected_components": [{"component_id": "c1", "status": "degraded_performance"}]}, "issue"),
        ({"affected_components": [{"component_id": "c1", "status": "partial_outage"}]}, "issue"),
        ({"affected_components": [{"component_id": "c1", "status": "full_outage"}]}, "issue"),
        ({"affected_components": [{"component_id": "c1", "status": "under_maintenance"}]}, "maintenance"),
        ({"affected_components": [{"component_id": "c1", "status": "melted"}]}, "unknown"),
        ({"links": ({**EVENT, "status": "melted"},)}, "unknown"),
        ({"links": ({**EVENT, "status": "monitoring"},)}, "issue"),
        ({"links": ({**EVENT, "status": "resolved"},)}, "ok"),
        ({"links": ({**EVENT, "status": "maintenance_in_progress"},)}, "maintenance"),
        ({"links": ({**EVENT, "status": "maintenance_scheduled"},)}, "ok"),
    ],
)
def test_the_page_is_well_only_where_it_says_so(changes: dict[str, Any], state: str) -> None:
    assert read(page(**changes)).page.state == state


def test_an_open_incident_is_read_whole() -> None:
    (incident,) = read(page(ongoing_incidents=[EVENT])).incidents
    assert (incident.impact, incident.raw_impact, incident.end_known) == ("critical", "full_outage", "open")
    assert incident.started_at == datetime(2026, 3, 17, 2, 30, tzinfo=UTC)
    assert incident.start_stated
    (update,) = incident.updates
    assert (update.text, update.state, update.automated) == ("Cause.", "identified", True)
    assert update.posted_at == datetime(2026, 3, 17, 3, tzinfo=UTC)


def test_a_line_of_the_history_ends_with_its_last_span_and_not_while_one_goes_on() -> None:
    line = {"id": "01B", "name": "Gone", "status": "resolved", "published_at": "2026-03-01T10:00:00Z"}
    span = {"component_id": "c1", "status": "partial_outage", "status_page_incident_id": "01B"}
    begun = {**span, "start_at": "2026-03-01T09:00:00Z"}
    ended = {**begun, "end_at": "2026-03-01T11:00:00Z"}
    (incident,) = read(page((line,), (ended,))).incidents
    assert (incident.resolved_at, incident.end_known) == (datetime(2026, 3, 1, 11, tzinfo=UTC), "stated")
    (incident,) = read(page((line,), (ended, begun))).incidents
    assert (incident.resolved_at, incident.end_known) == (None, "unknown")


def test_a_bad_row_is_kept_out_and_the_rest_is_read() -> None:
    late = {
        **EVENT,
        "id": "01Z",
        "status": "resolved",
        "published_at": "2031-01-01T00:00:00Z",
        "updates": [],
        "component_impacts": [],
    }
    told = read(page(({"id": "01C"}, {**EVENT, "status": "resolved"}, late)))
    assert [incident.id for incident in told.incidents] == ["01AAA"]
    assert any("01C" in row.where for row in told.quarantined)
    assert any("01Z" in row.where for row in told.quarantined)


def test_the_order_of_the_document_does_not_matter() -> None:
    lines = tuple({**EVENT, "id": f"01{n}", "status": "resolved"} for n in range(4))
    assert read(page(lines)).incidents == read(page(lines[::-1])).incidents


def test_the_widget_and_the_proxied_page_are_read() -> None:
    widget: dict[str, Any] = {"ongoing_incidents": [], "in_progress_maintenances": [], "scheduled_maintenances": []}
    assert INCIDENTIO.recognise(raw(json.dumps(widget).encode())) > 0.5
    assert read(json.dumps(widget).encode()).page.state == "unknown"
    widget["ongoing_incidents"] = [
        {"id": "01D", "name": "Slow", "status": "identified", "last_update_at": "2026-03-17T01:00:00Z",
         "current_worst_impact": "partial_outage"}
    ]  # fmt: skip
    told = read(json.dumps(widget).encode())
    assert (told.page.state, told.incidents[0].impact, told.page.url) == ("issue", "major", NOWHERE)
    proxied = json.dumps({"summary": summary(ongoing_incidents=[EVENT])}).encode()
    assert INCIDENTIO.recognise(raw(proxied)) >= 0.9
    assert [incident.id for incident in read(proxied).incidents] == ["01AAA"]


@pytest.mark.parametrize(
    "body", [b"", b"<html>login</html>", b'{"summary"', b"[]", b"null", b'{"page":{}}', page()[:-200]]
)
def test_what_is_no_such_page_is_refused(body: bytes) -> None:
    with pytest.raises(SourceChanged):
        read(body)


def test_the_page_of_a_permalink_is_its_organisation() -> None:
    assert (
        INCIDENTIO.base_of("https://statuspage.incident.io/acme/incidents/x") == "https://statuspage.incident.io/acme"
    )
    assert INCIDENTIO.base_of("https://status.example.com/") is None


@settings(max_examples=60)
@given(
    key=st.sampled_from(
        ["name", "components", "affected_components", "ongoing_incidents", "structure", "scheduled_maintenances"]
    ),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["items", "group", "id", "name"]), inner)
        ),
    ),
    noise=st.binary(max_size=40),
)
def test_any_document_is_read_or_refused(key: str, value: Any, noise: bytes) -> None:
    for body in (page(**{key: value}), page((value,), (value,)), noise, b'{"ongoing_incidents"' + noise):
        INCIDENTIO.recognise(raw(body))
        try:
            parsed = read(body)
        except SourceChanged:
            continue
        assert parsed.page.platform == "incidentio"
