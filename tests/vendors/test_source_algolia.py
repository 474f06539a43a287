"""Algolia's page: states of clusters, and a log from which incidents are put together."""

from __future__ import annotations

import pytest

from tests.vendors.own_page_answers import algolia_entry, algolia_log, as_bytes, at, raw, read, read_named
from vendors.sources.algolia import ALGOLIA
from vendors.sources.base import SourceChanged

FINE = {"status": {"c1-de": "operational", "c2-eu": "operational"}}


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (["operational", "operational"], "ok"),
        (["operational", "degraded_performance"], "issue"),
        (["partial_outage", "operational"], "issue"),
        (["major_outage", "odd"], "issue"),
        (["operational", "odd"], "unknown"),
        (["operational", 5], "unknown"),
        (["operational", None], "unknown"),
        ([], "unknown"),
    ],
)
def test_all_is_well_only_if_every_cluster_says_so(statuses, state):
    document = {"status": {f"c{n}-de": status for n, status in enumerate(statuses)}}
    assert read(ALGOLIA, document).page.state == state


def test_the_same_words_under_two_clusters_are_one_incident_until_operational_closes_it():
    rows = [algolia_entry("10:00", "degraded_performance"), algolia_entry("11:00", "operational", "Over.")]
    parsed = read_named(ALGOLIA, status=FINE, incidents=algolia_log(c1_de=rows, c2_eu=rows))
    (row,) = parsed.incidents
    assert (row.started_at, row.resolved_at, row.end_known) == (
        at("2026-05-01 10:00"),
        at("2026-05-01 11:00"),
        "stated",
    )
    assert (row.components, row.impact) == (("c1-de", "c2-eu"), "minor")
    assert [u.state for u in row.updates] == ["investigating", "resolved"]
    assert parsed.page.state == "ok"


def test_the_same_title_after_operational_is_another_incident():
    rows = [
        algolia_entry("10:00", "partial_outage"), algolia_entry("11:00", "operational"),
        algolia_entry("12:00", "major_outage"), algolia_entry("13:00", "operational"),
    ]  # fmt: skip
    first, second = read(ALGOLIA, algolia_log(c1_de=rows)).incidents
    assert (first.impact, second.impact) == ("major", "critical")
    assert first.id != second.id
    assert second.started_at == at("2026-05-01 12:00")


@pytest.mark.parametrize(
    ("status", "known", "state"),
    [
        ({"c1-de": "operational"}, "unknown", "ok"),
        ({"c1-de": "major_outage"}, "open", "issue"),
        ({"c2-eu": "operational"}, "open", "issue"),
    ],
)
def test_an_incident_that_nothing_closed_is_open_unless_its_clusters_say_they_are_well(status, known, state):
    log = algolia_log(c1_de=[algolia_entry("10:00", "major_outage")])
    parsed = read_named(ALGOLIA, status={"status": status}, incidents=log)
    assert (parsed.incidents[0].end_known, parsed.page.state) == (known, state)


def test_without_the_states_it_is_open():
    parsed = read(ALGOLIA, algolia_log(c1_de=[algolia_entry("10:00", "major_outage")]))
    assert (parsed.incidents[0].end_known, parsed.page.state) == ("open", "issue")


@pytest.mark.parametrize("time", [-5, 0, 1e30, 5])
def test_a_time_that_is_none_is_kept_out_and_the_others_are_read(time):
    rows = [
        algolia_entry("10:00", "major_outage"),
        {"t": time, "v": {"title": "x", "status": "major_outage"}},
        {"t": "?"},
    ]
    parsed = read(ALGOLIA, algolia_log(c1_de=rows))
    assert (len(parsed.incidents), len(parsed.quarantined)) == (1, 2)


def test_an_empty_log_is_no_all_clear():
    parsed = read(ALGOLIA, {"incidents": {}})
    assert (parsed.page.state, parsed.incidents) == ("unknown", ())
    with pytest.raises(SourceChanged):
        read(ALGOLIA, {"status": None})


def test_states_of_things_that_are_no_clusters_are_not_recognised():
    assert ALGOLIA.recognise(raw(as_bytes(FINE))) == 0.5
    other = as_bytes({"status": {"website": "operational"}})
    assert ALGOLIA.recognise(raw(other, "https://status.algolia.com/1/status")) == 0.9
    assert ALGOLIA.recognise(raw(other)) == 0
    assert ALGOLIA.recognise(raw(as_bytes({"status": {"api": "operational"}}))) == 0
    assert ALGOLIA.recognise(raw(as_bytes({"status": {"indicator": "operational", "c1-de": "operational"}}))) == 0


def test_an_incident_that_was_closed_stays_so_when_its_cluster_is_in_trouble_again():
    rows = [algolia_entry("10:00", "major_outage"), algolia_entry("11:00", "operational")]
    parsed = read_named(ALGOLIA, status={"status": {"c1-de": "major_outage"}}, incidents=algolia_log(c1_de=rows))
    assert (parsed.incidents[0].end_known, parsed.page.state) == ("stated", "issue")
