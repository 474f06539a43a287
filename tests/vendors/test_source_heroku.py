"""Heroku's page: colours, its two versions, and its real capture."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.captures import capture_of, needs_captures
from tests.vendors.own_page_answers import (
    as_bytes,
    at,
    heroku_current,
    heroku_issue,
    heroku_update,
    raw,
    read,
    read_capture,
    read_named,
)  # fmt: skip
from vendors.sources.base import SourceChanged
from vendors.sources.heroku import HEROKU, HISTORY_PAGES

CAPTURE = "status-pages/heroku/heroku/heroku_incident.json"
RESOLVED = heroku_issue(resolved=True, resolved_at="2026-05-01T11:00:00.000Z", state="resolved")


def only(document):
    (row,) = read(HEROKU, document).incidents
    return row


@needs_captures
def test_the_capture_is_read_in_full():
    parsed = read_capture(HEROKU, CAPTURE)
    capture = capture_of(CAPTURE)
    (row,) = parsed.incidents
    assert (capture.incidents, capture.page_state) == (1, parsed.page.state) == (1, "issue")
    assert (row.id, row.impact, row.raw_impact, row.end_known) == ("1918", "minor", "yellow", "open")
    assert row.started_at == row.first_posted_at == datetime(2019, 10, 24, 18, 39, 30, tzinfo=UTC)
    assert not row.start_stated
    assert [u.state for u in row.updates] == ["investigating", "identified"]
    assert [part.id for part in parsed.page.components] == ["Apps", "Data", "Tools"]
    assert row.components == ("Production", "Development")
    assert parsed.stated_at == datetime(2019, 10, 24, 18, 49, 47, tzinfo=UTC)


@pytest.mark.parametrize(
    ("colours", "state"),
    [
        (("green", "green", "green"), "ok"),
        (("green", "yellow", "green"), "issue"),
        (("red", "green", "green"), "issue"),
        (("green", "blue", "green"), "maintenance"),
        (("red", "blue", "green"), "issue"),
        (("green", "purple", "green"), "unknown"),
        (("blue", "purple"), "unknown"),
        (("yellow", "purple"), "issue"),
        ((), "unknown"),
    ],
)
def test_the_state_is_the_worst_colour_and_an_unknown_one_is_no_all_clear(colours, state):
    assert read(HEROKU, heroku_current(colours=colours)).page.state == state


def test_an_open_incident_under_green_systems_is_an_issue():
    assert read(HEROKU, heroku_current(heroku_issue())).page.state == "issue"


@pytest.mark.parametrize(
    ("colour", "impact"), [("yellow", "minor"), ("red", "major"), ("green", "none"), ("purple", None), (None, None)]
)
def test_the_impact_is_the_worst_colour_of_the_updates(colour, impact):
    calm = {"status_prod": None, "status_dev": None}
    updates = [heroku_update("10:30", "update", **calm), heroku_update("10:00", **calm | {"status_prod": colour})]
    assert only([heroku_issue(updates=updates)]).impact == impact


def test_an_ended_incident_has_its_stated_end():
    row = only([RESOLVED])
    assert (row.resolved_at, row.end_known) == (at("2026-05-01 11:00"), "stated")
    untold = only([heroku_issue(resolved=True, state="resolved")])
    assert (untold.resolved_at, untold.end_known) == (None, "unknown")


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("investigating", "investigating"), ("issue", "identified"), ("update", "update"), ("monitoring", "monitoring"),
        ("resolved", "resolved"), ("odd", "unknown"), (None, "unknown"),
    ],
)  # fmt: skip
def test_every_kind_of_update_has_its_phase(kind, state):
    assert only([heroku_issue(updates=[heroku_update("10:00", kind)])]).updates[0].state == state


def test_scheduled_windows_and_incidents_that_only_were_blue_are_maintenance():
    window = heroku_issue(6, scheduled_for="2026-07-01T10:00:00Z", scheduled_until="2026-07-01T11:00:00Z")
    blue = heroku_issue(8, updates=[heroku_update("10:00", status_prod="blue")])
    parsed = read(HEROKU, heroku_current(blue, scheduled=(window,)))
    assert (parsed.incidents, [row.id for row in parsed.maintenances]) == ((), ["6", "8"])
    assert parsed.maintenances[0].scheduled_for == at("2026-07-01 10:00")


def test_version_three_is_read_too():
    issue = heroku_issue(resolved=None, state=None, status_prod="red", status_dev="green")
    document = {"status": {"Production": "red", "Development": "green"}, "issues": [issue]}
    parsed = read(HEROKU, document)
    assert (parsed.page.state, [part.id for part in parsed.page.components]) == ("issue", ["Development", "Production"])
    assert (parsed.incidents[0].impact, parsed.incidents[0].end_known) == ("major", "open")
    assert HEROKU.recognise(raw(as_bytes(document))) >= 0.9
    fine = {"status": {"Production": "green", "Development": "green"}, "issues": []}
    assert read(HEROKU, fine).page.state == "ok"
    assert HEROKU.recognise(raw(as_bytes(fine))) == 0.9


def test_an_incident_in_both_answers_is_counted_once_in_its_later_telling():
    later = RESOLVED | {"updated_at": "2026-05-01T12:00:00.000Z"}
    parsed = read_named(HEROKU, current=heroku_current(heroku_issue()), incidents=[later, heroku_issue(4)])
    assert [(row.id, row.end_known) for row in parsed.incidents] == [("4", "open"), ("5", "stated")]
    assert (parsed.window.start, parsed.window.complete) == (at("2026-05-01 10:00"), True)


def test_a_current_incident_that_cannot_be_read_forbids_an_all_clear():
    document = heroku_current(RESOLVED, {"id": 3, "title": None})
    parsed = read(HEROKU, document)
    assert (parsed.page.state, len(parsed.incidents), len(parsed.quarantined)) == ("unknown", 1, 1)
    assert "incidents[1]" in parsed.quarantined[0].where


def test_other_lists_and_objects_are_refused():
    for document in ([{"id": 1, "title": "x"}], {"status": []}, {"status": "green", "incidents": []}):
        with pytest.raises(SourceChanged):
            read(HEROKU, document)


def test_times_that_cannot_be_true_are_kept_out():
    issue = heroku_issue(updates=[heroku_update("10:00"), heroku_update("10:00", created_at="2031-01-01T00:00:00Z")])
    parsed = read(HEROKU, [issue])
    assert (len(parsed.incidents[0].updates), len(parsed.quarantined)) == (1, 1)


def test_older_pages_are_asked_until_one_is_empty_or_repeats_what_is_known():
    pages = {"incidents": [heroku_issue(9), heroku_issue(8)], "incidents-2": [heroku_issue(7)]}
    documents = {name: raw(as_bytes(rows)) for name, rows in pages.items()}
    (wanted,) = HEROKU.more(HEROKU.home, documents)
    assert (wanted.name, wanted.url) == ("incidents-3", "https://status.heroku.com/api/v4/incidents?page=3")
    for last in (b"[]", as_bytes([heroku_issue(8)]), b"<html>", b"{"):
        assert HEROKU.more(HEROKU.home, documents | {"incidents-3": raw(last)}) == ()
    assert HEROKU.more(HEROKU.home, {"incidents": raw(b"", status=404)}) == ()
    whole = {f"incidents-{n}": raw(as_bytes([heroku_issue(n)])) for n in range(2, HISTORY_PAGES + 1)}
    assert HEROKU.more(HEROKU.home, whole | {"incidents": raw(as_bytes([heroku_issue(1)]))}) == ()
