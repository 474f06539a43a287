"""Zendesk's page: active incidents with what they refer to, and that an empty list is no all-clear."""

from __future__ import annotations

import pytest

from tests.vendors.own_page_answers import as_bytes, at, raw, read, read_named, zendesk_active
from vendors.sources.base import SourceChanged
from vendors.sources.zendesk import ZENDESK

COMPONENTS = {"data": [{"type": "component", "id": "1", "attributes": {"name": "Chat"}}]}


def only(**attributes):
    (row,) = read(ZENDESK, zendesk_active(**attributes)).incidents
    return row


def test_an_active_incident_has_its_posts_and_services():
    parsed = read(ZENDESK, zendesk_active())
    (row,) = parsed.incidents
    assert (row.id, row.end_known, row.components) == ("11", "open", ("Support",))
    assert (row.started_at, row.first_posted_at, row.start_stated) == (
        at("2026-05-01 09:00"),
        at("2026-05-01 10:00"),
        True,
    )
    assert [(u.state, u.text) for u in row.updates] == [("update", "We look.")]
    assert parsed.page.state == "issue"
    assert [part.name for part in parsed.page.components] == ["Support"]


@pytest.mark.parametrize(
    ("attributes", "impact", "told"),
    [
        ({"impact": "critical"}, "critical", "critical"),
        ({"impact": "Odd"}, None, "odd"),
        ({"outage": True}, "major", "outage"),
        ({"outage": False, "degradation": True}, "minor", "degradation"),
        ({"outage": None}, None, None),
        ({"outage": "yes"}, None, None),
    ],
)
def test_the_impact_is_a_known_word_or_a_flag(attributes, impact, told):
    row = only(**attributes)
    assert (row.impact, row.raw_impact) == (impact, told)


@pytest.mark.parametrize(
    ("attributes", "known"),
    [
        ({"resolvedAt": "2026-05-01T12:00:00Z"}, "stated"),
        ({"status": "resolved"}, "unknown"),
        ({"status": "odd"}, "open"),
        ({"status": None}, "open"),
    ],
)
def test_an_incident_is_open_until_the_page_says_otherwise(attributes, known):
    assert only(**attributes).end_known == known


def test_an_empty_list_of_active_incidents_is_no_all_clear():
    parsed = read_named(ZENDESK, active={"data": []}, components=COMPONENTS)
    assert (parsed.page.state, parsed.incidents) == ("unknown", ())
    assert [part.name for part in parsed.page.components] == ["Chat"]


@pytest.mark.parametrize("spelling", ["startedAt", "started_at", "started-at"])
def test_fields_are_read_in_any_spelling(spelling):
    document = zendesk_active()
    attributes = document["data"][0]["attributes"]
    attributes[spelling] = attributes.pop("startedAt")
    assert read(ZENDESK, document).incidents[0].started_at == at("2026-05-01 09:00")


def test_maintenance_is_a_window_and_no_incident():
    parsed = read(ZENDESK, zendesk_active(maintenance=True, maintenanceStartTime="2026-07-01T10:00:00Z"))
    assert parsed.incidents == ()
    assert parsed.maintenances[0].scheduled_for == at("2026-07-01 10:00")


def test_a_bad_row_is_kept_out_and_other_lists_are_refused():
    document = zendesk_active()
    document["data"].append({"type": "incident", "id": 5})
    parsed = read(ZENDESK, document)
    assert (len(parsed.incidents), len(parsed.quarantined)) == (1, 1)
    with pytest.raises(SourceChanged):
        read(ZENDESK, {"data": [{"type": "article", "id": "1"}]})


def test_another_products_json_api_is_not_recognised():
    document = {"data": {"id": "1", "type": "status_page", "attributes": {}, "relationships": {}}, "included": []}
    assert ZENDESK.recognise(raw(as_bytes(document))) == 0
    assert ZENDESK.recognise(raw(as_bytes(COMPONENTS))) == 0
    assert ZENDESK.recognise(raw(as_bytes(COMPONENTS), "https://status.zendesk.com/api/components")) == 0.6
    assert ZENDESK.recognise(raw(b'{"data": []}', "https://status.zendesk.com/api/incidents/active")) == 0.6
    assert ZENDESK.recognise(raw(b'{"data": []}')) == 0


def test_objects_that_refer_to_each_other_are_read_once():
    document = zendesk_active()
    document["included"][1]["relationships"]["self"] = {"data": {"type": "incidentService", "id": "1"}}
    assert read(ZENDESK, document).incidents[0].components == ("Support",)


def test_times_in_the_future_are_kept_out():
    parsed = read(ZENDESK, zendesk_active(startedAt="2031-01-01T00:00:00Z"))
    assert (parsed.incidents[0].started_at, len(parsed.quarantined)) == (at("2026-05-01 10:00"), 1)
