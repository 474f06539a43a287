"""Okta's page: the incidents its home page carries, and that it never says that all is well."""

from __future__ import annotations

import json

import pytest

from tests.vendors.own_page_answers import at, okta_incident, okta_page, raw, read
from vendors.sources.base import SourceChanged
from vendors.sources.okta import OKTA


def only(**changes):
    (row,) = read(OKTA, okta_page(okta_incident(**changes))).incidents
    return row


@pytest.mark.parametrize(
    ("status", "end", "known", "state"),
    [
        ("Open", None, "open", "issue"),
        ("Investigating", None, "open", "issue"),
        ("Odd", None, "open", "issue"),
        ("Resolved", None, "unknown", "unknown"),
        ("Closed", "2026-05-01T12:00:00.000+0000", "stated", "unknown"),
        ("Open", "2026-05-01T12:00:00.000+0000", "stated", "unknown"),
    ],
)
def test_what_is_not_over_is_open_and_nothing_makes_the_page_well(status, end, known, state):
    parsed = read(OKTA, okta_page(okta_incident(Status__c=status, End_Time__c=end)))
    assert (parsed.incidents[0].end_known, parsed.page.state) == (known, state)


@pytest.mark.parametrize(
    ("category", "impact"),
    [
        ("Major Service Disruption", "critical"), ("Service Disruption", "major"), ("Service Degradation", "minor"),
        ("Feature Disruption", "minor"), ("Odd", None), (None, None),
    ],
)  # fmt: skip
def test_the_impact_is_the_category(category, impact):
    row = only(Category__c=category)
    assert (row.impact, row.raw_impact) == (impact, category)


def test_times_have_an_offset_and_a_start_apart_from_the_post_is_stated():
    row = only(Start_Time__c="2026-05-01T09:00:00.000+0000")
    assert (row.started_at, row.first_posted_at, row.start_stated) == (
        at("2026-05-01 09:00"),
        at("2026-05-01 10:00"),
        True,
    )
    assert row.components == ("Sign-in",)


def test_a_time_without_an_offset_is_none():
    parsed = read(OKTA, okta_page(okta_incident(CreatedDate="2026-05-01 10:00")))
    assert (parsed.incidents, len(parsed.quarantined)) == ((), 1)


@pytest.mark.parametrize("where", ["value", "data-value", "content"])
def test_the_data_may_stand_in_an_attribute(where):
    data = json.dumps([okta_incident()])
    body = f"<!DOCTYPE html><html><body><input data-id='incidents' {where}='{data}'></body></html>".encode()
    assert OKTA.recognise(raw(body)) == 0.9
    assert len(read(OKTA, body).incidents) == 1


def test_a_page_without_an_incident_says_nothing_and_is_recognised_on_its_host_alone():
    for body in (okta_page(), b"<html><body><div data-id='incidents'></div></body></html>"):
        parsed = read(OKTA, body)
        assert (parsed.page.state, parsed.incidents) == ("unknown", ())
        assert OKTA.recognise(raw(body, "https://status.okta.com/")) == 0.6
        assert OKTA.recognise(raw(body, "https://status.example.com/")) == 0


def test_an_incident_without_an_id_gets_the_same_one_every_time():
    first, again = (only(Id=None) for _ in range(2))
    assert first.id == again.id
    assert first.id != only(Id=None, Service_Feature__c="Directory").id


def test_a_bad_row_is_kept_out_and_data_of_another_shape_refused():
    parsed = read(OKTA, okta_page(okta_incident(), okta_incident("b", Status__c=5)))
    assert (len(parsed.incidents), len(parsed.quarantined)) == (1, 1)
    for body in (
        okta_page({"Title": "x"}),
        b"<html><body>Sign in</body></html>",
        b"<html data-id='incidents'>{</html>",
    ):
        with pytest.raises(SourceChanged):
            read(OKTA, body)


def test_one_incident_is_read_as_a_list_of_one():
    assert len(read(OKTA, okta_incident()).incidents) == 1
