"""What is special about single products: where a page's key hides, what its times mean, what a machine wrote."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.vendors.product_answers import (
    CSTATE_OPEN,
    STATES,
    STATUSIO_OPEN,
    STATUSPAL,
    STATUSPAL_OPEN,
    betterstack,
    cachet,
    cstate,
    gatus,
    item,
    js,
    kuma_beats,
    report,
    rss,
    statusio,
)
from tests.vendors.test_products import NOW, PAGE, raw, read
from vendors.sources.registry import by_id


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


STATUSIQ_DATA = f"{PAGE}/sp/api/public/summary_details/statuspages"
KEY = "5b36dc6502d06804c0834a07"


@pytest.mark.parametrize(
    ("name", "html", "address"),
    [
        ("statusio", f'<html><i x="https://api.status.io/1.0/status/{KEY}"></i></html>', f"https://api.status.io/1.0/status/{KEY}"),
        ("statusio", f'<html><a href="/pages/history/{KEY}">History</a> status.io</html>', f"https://api.status.io/1.0/status/{KEY}"),
        ("uptimerobot", "<html><i x='/api/getMonitorList/ab12-cd34'></i></html>", f"{PAGE}/api/getMonitorList/ab12-cd34"),
        ("statusiq", '<html>statusiq<i x="statuspages/AbCdEf123456"></i></html>', f"{STATUSIQ_DATA}/AbCdEf123456"),
    ],
)  # fmt: skip
def test_a_page_in_html_leads_to_its_data_by_the_key_it_tells(name, html, address):
    source = by_id(name)
    home = raw(html.encode(), f"{PAGE}/")
    assert source.recognise(home) >= 0.7
    (data,) = source.more(PAGE, {"home": home})
    assert (data.url, data.required) == (address, True)
    assert source.more(PAGE, {"home": home, data.name: raw(b"{}")}) == ()
    assert source.more(PAGE, {"home": raw(b"<html>nothing</html>")}) == ()


@pytest.mark.parametrize(
    ("address", "base"),
    [
        (f"https://status.io/pages/incident/{KEY}/61ae3daa9c768905d9f0f6fd", ("statusio", f"https://api.status.io/1.0/status/{KEY}")),
        ("https://kuma.example.com/status/shop", ("uptime-kuma", "https://kuma.example.com/status/shop")),
        ("https://kuma.example.com/api/status-page/heartbeat/shop", ("uptime-kuma", "https://kuma.example.com/status/shop")),
        ("https://statuspage.incident.io/acme/incidents/x", ("incidentio", "https://statuspage.incident.io/acme")),
        ("https://github.com/acme/upptime/issues/3", ("upptime", "https://github.com/acme/upptime")),
        ("https://acme.statuspal.io/incidents/5", ("statuspal", "https://acme.statuspal.io")),
        ("https://www.google.com/appsstatus/dashboard/summary", ("google-cloud", "https://www.google.com/appsstatus/dashboard")),
        ("https://www.google.com/search?q=status", (None, None)),
        ("https://www.apple.com/support/systemstatus/", ("apple", "https://www.apple.com/support/systemstatus")),
        ("https://cloud.ibm.com/status/incident-reports", ("ibm", "https://cloud.ibm.com/status")),
        ("https://cloud.ibm.com/docs", (None, None)),
    ],
)  # fmt: skip
def test_an_address_of_a_product_leads_to_the_page(address, base):
    from vendors.sources.registry import SOURCES

    found = [(source.id, page) for source in SOURCES if (page := source.base_of(address)) is not None]
    found = [pair for pair in found if pair[0] != "uptime-kuma" or base[0] == "uptime-kuma"]  # it may be on any host
    assert found == ([] if base == (None, None) else [base])


def test_statusio_names_the_places_of_a_part_and_takes_the_worst_message():
    (incident,) = read("statusio", statusio(600, STATUSIO_OPEN)).incidents
    assert incident.components == ("API (Frankfurt)",)
    assert (incident.impact, incident.raw_impact, incident.end_known) == ("critical", "500", "open")
    (window,) = read("statusio", statusio(100)).maintenances
    assert window.scheduled_for == at("2026-06-09 02:00")


def test_cstate_reads_gos_times_missing_values_and_raw_control_characters():
    body = cstate("down", {**CSTATE_OPEN, "resolved": True, "resolvedAt": "2026-05-01 11:30:00 +0000 UTC"})
    body = body.replace(b"API is slow", b"API is\x01\tslow")
    (incident,) = read("cstate", body).incidents
    assert (incident.first_posted_at, incident.resolved_at) == (at("2026-05-01 10:00"), at("2026-05-01 11:30"))
    assert incident.impact == "critical"
    (still,) = read("cstate", cstate("down", CSTATE_OPEN)).incidents
    assert (still.resolved_at, still.end_known) == (None, "open")


def test_cstate_counts_an_issue_under_two_systems_once():
    index: dict[str, Any] = json.loads(cstate("down", CSTATE_OPEN))
    index["systems"].append({"name": "Web", "category": "Core", "status": "down", "unresolvedIssues": [CSTATE_OPEN]})
    (incident,) = read("cstate", js(index)).incidents
    assert incident.components == ("API", "Web")


@pytest.mark.parametrize("stamp", ["2026-05-01 10:00:00", "2026-05-01T10:00:00"])
def test_cachet_dates_nothing_by_a_guess(stamp):
    row = {"id": 3, "name": "Slow", "message": "We look.", "status": 1, "human_status": "x", "created_at": stamp}
    parsed = read("cachet", cachet([row]))
    assert parsed.incidents == ()
    assert "zone" in parsed.quarantined[0].reason
    assert parsed.page.state != "ok"


def test_cachet_three_gives_times_with_their_offset_and_every_update():
    row = {
        "name": "Slow", "message": "We look.", "status": {"human": "Fixed", "value": 4},
        "created": {"iso": "2026-05-01T10:00:00Z"}, "occurred": {"iso": "2026-05-01T09:50:00Z"},
        "updates": [{"attributes": {"message": "Over.", "status": {"value": 4}, "created": {"iso": "2026-05-01T11:00:00Z"}}}],
    }  # fmt: skip
    (incident,) = read("cachet", cachet([row], new=True)).incidents
    assert (incident.started_at, incident.resolved_at) == (at("2026-05-01 09:50"), at("2026-05-01 11:00"))
    assert [update.state for update in incident.updates] == ["investigating", "resolved"]


def test_upptime_makes_no_outage_of_minutes_and_marks_issues_as_machine_written():
    assert read("upptime", STATES["upptime"][0][0]).incidents == ()
    issues = [
        {"number": 7, "title": "🛑 API is down", "created_at": "2026-05-01T10:00:00Z", "closed_at": "2026-05-01T10:20:00Z",
         "labels": [{"name": "status"}, {"name": "api"}], "body": "In `abc1234`, API was **down**", "html_url": "https://github.com/a/b/issues/7"},
        {"number": 8, "title": "Work", "created_at": "2026-05-01T10:00:00Z", "labels": [{"name": "maintenance"}],
         "body": "<!--\nstart: 2026-05-02T10:00:00.000Z\nend: 2026-05-02T12:00:00.000Z\n-->"},
        {"number": 9, "title": "A question", "created_at": "2026-05-01T10:00:00Z", "labels": []},
    ]  # fmt: skip
    parsed = read("upptime", js(issues))
    (incident,) = parsed.incidents
    assert (incident.started_at, incident.resolved_at) == (at("2026-05-01 10:00"), at("2026-05-01 10:20"))
    assert all(update.automated for update in incident.updates)
    (window,) = parsed.maintenances
    assert window.scheduled_until == at("2026-05-02 12:00")


def test_kumas_beats_are_utc_and_a_run_of_failures_is_one_outage():
    (incident,) = read("uptime-kuma", kuma_beats(1, 0, 0, 1)).incidents
    assert (incident.started_at, incident.resolved_at) == (at("2026-05-01 10:01"), at("2026-05-01 10:03"))
    assert all(update.automated for update in incident.updates)


def test_gatus_reads_falls_and_rises_and_no_zero_times():
    events = [
        {"type": "START", "timestamp": "0001-01-01T00:00:00Z"},
        {"type": "UNHEALTHY", "timestamp": "2026-05-01T10:00:00Z"},
        {"type": "HEALTHY", "timestamp": "2026-05-01T10:07:00Z"},
    ]
    parsed = read("gatus", gatus(True, events=events))
    (incident,) = parsed.incidents
    assert (incident.started_at, incident.resolved_at) == (at("2026-05-01 10:00"), at("2026-05-01 10:07"))
    assert parsed.window.start == at("2026-05-01 10:00")
    assert parsed.page.state == "ok"


def test_statuspal_reads_times_without_a_zone_in_the_pages_own_and_not_at_all_without_one():
    (incident,) = read("statuspal", js({**STATUSPAL, "incidents": [STATUSPAL_OPEN]})).incidents
    assert incident.started_at == at("2026-05-01 10:00")  # noon in Berlin, in summer
    page = {**STATUSPAL["status_page"], "time_zone": None}
    parsed = read("statuspal", js({**STATUSPAL, "status_page": page, "incidents": [STATUSPAL_OPEN]}))
    assert parsed.incidents == ()
    assert any("zone" in row.reason for row in parsed.quarantined)


def test_better_stacks_feed_makes_one_event_of_the_entries_of_one_link():
    link = "https://status.example.com/incident/186218"
    body = rss(
        "Example status",
        item("API is down", "API went down.", guid=link, when="Fri, 01 May 2026 10:00:00 +0000"),
        item("API recovered", "API recovered.", guid=link, when="Fri, 01 May 2026 10:05:00 +0000"),
        generator="Better Stack https://betterstack.com",
    )
    parsed = read("betterstack", body)
    (incident,) = parsed.incidents
    assert (incident.started_at, incident.resolved_at) == (at("2026-05-01 10:00"), at("2026-05-01 10:05"))
    assert all(update.automated for update in incident.updates)
    assert by_id("betterstack").recognise(raw(body)) > 0.8


def test_better_stacks_automatic_reports_are_marked_and_its_maintenance_is_no_outage():
    parsed = read(
        "betterstack",
        betterstack("downtime", report("30", report_type="automatic"), report("31", report_type="maintenance")),
    )
    assert [incident.id for incident in parsed.incidents] == ["30"]
    assert [window.id for window in parsed.maintenances] == ["31"]
    assert parsed.incidents[0].impact == "critical"


def test_a_feed_dates_by_its_posts_and_never_by_its_own_date():
    body = rss(
        "Example Status",
        item(
            "Search is slow",
            "<p><small>May 1, 11:00 UTC</small><br><strong>Resolved</strong> - Over.</p>"
            "<p><small>May 1, 10:00 UTC</small><br><strong>Investigating</strong> - We look.</p>",
            when="Mon, 04 May 2026 09:00:00 GMT",
        ),
        item("Scheduled maintenance", "Work.", guid="https://status.example.com/m/200001"),
    )
    parsed = read("feed", body)
    (incident,) = parsed.incidents
    assert (incident.started_at, incident.resolved_at) == (at("2026-05-01 10:00"), at("2026-05-01 11:00"))
    assert len(parsed.maintenances) == 1


def test_an_entry_published_again_is_one_event_told_twice():
    guid = "https://status.example.com/i/300001"
    body = rss(
        "Example Status",
        item("Search is slow", "Investigating - We look.", guid=guid, when="Fri, 01 May 2026 10:00:00 GMT"),
        item("Search is slow", "Resolved - Over.", guid=guid, when="Fri, 01 May 2026 12:00:00 GMT"),
    )
    (incident,) = read("feed", body).incidents
    assert [update.state for update in incident.updates] == ["investigating", "resolved"]
    assert incident.resolved_at == at("2026-05-01 12:00")
    assert incident.resolved_at < NOW
