"""Microsoft 365: Graph's words for a service's health, and a page that only customers can read."""

from __future__ import annotations

import pytest

from tests.vendors.cloud_answers import graph_issue, graph_issues, graph_overview
from tests.vendors.own_page_answers import as_bytes, at, raw, read, read_named
from vendors.sources.base import SourceChanged
from vendors.sources.microsoft365 import MICROSOFT365, STATES

GOING_ON = graph_issue(status="serviceDegradation", isResolved=False, endDateTime=None)
LINK = "https://graph.microsoft.com/v1.0/admin/serviceAnnouncement/issues?$skip=100"


def only(*issues):
    (row,) = read(MICROSOFT365, graph_issues(*issues)).incidents
    return row


@pytest.mark.parametrize(
    ("word", "state"),
    [*STATES.items(), ("investigationSuspended", "unknown"), ("mitigated", "unknown"), ("mitigatedExternal", "unknown"),
     ("unknownFutureValue", "unknown"), ("ServiceOperational", "unknown"), ("", "unknown")],
)  # fmt: skip
def test_the_state_of_a_service_is_graphs_word_and_an_unknown_word_is_no_all_clear(word, state):
    assert read(MICROSOFT365, graph_overview(Mail=word)).page.state == state
    beside = read(MICROSOFT365, graph_overview(Mail=word, Chat="serviceOperational"))
    assert (beside.page.state, len(beside.page.components)) == (state, 2)


def test_no_service_no_statement():
    assert read(MICROSOFT365, graph_overview()).page.state == "unknown"
    assert read(MICROSOFT365, graph_issues(graph_issue())).page.state == "unknown"


def test_a_service_that_cannot_be_read_forbids_an_all_clear():
    document = graph_overview(Mail="serviceOperational")
    document["value"].append({"service": "Chat", "status": None})
    parsed = read(MICROSOFT365, document)
    assert (parsed.page.state, len(parsed.quarantined)) == ("unknown", 1)


def test_an_open_issue_beside_services_that_are_well_is_an_issue():
    overview = graph_overview(Mail="serviceOperational")
    parsed = read_named(MICROSOFT365, healthOverviews=overview, issues=graph_issues(GOING_ON))
    assert (parsed.page.state, parsed.incidents[0].end_known) == ("issue", "open")
    closed = read_named(MICROSOFT365, healthOverviews=overview, issues=graph_issues(graph_issue()))
    assert closed.page.state == "ok"


def test_it_counts_as_open_to_customers_only():
    parsed = read_named(MICROSOFT365, healthOverviews=graph_overview(Mail="serviceOperational"))
    assert parsed.page.access == "login"
    assert not parsed.lists_open


def test_an_issue_states_its_start_apart_from_its_posts():
    row = only(graph_issue())
    assert (row.started_at, row.first_posted_at) == (at("2026-05-01 09:00"), at("2026-05-01 10:00"))
    assert (row.resolved_at, row.end_known, row.start_stated) == (at("2026-05-01 11:00"), "stated", True)
    assert [(u.state, u.text) for u in row.updates] == [("investigating", "We look."), ("resolved", "It is over.")]
    assert (row.components, row.status) == (("Mail",), "serviceRestored")


@pytest.mark.parametrize(("word", "impact"), [("incident", "major"), ("advisory", "minor"), ("odd", None)])
def test_the_classification_is_the_impact(word, impact):
    row = only(graph_issue(classification=word))
    assert (row.impact, row.raw_impact) == (impact, word)


@pytest.mark.parametrize(
    ("told", "end"),
    [
        ({"isResolved": True}, "stated"),
        ({"isResolved": False}, "open"),
        ({"isResolved": None, "status": "serviceRestored"}, "stated"),
        ({"isResolved": None, "status": "extendedRecovery"}, "open"),
        ({"isResolved": None, "status": "unheard"}, "open"),
        ({"isResolved": False, "endDateTime": None, "status": "serviceRestored"}, "open"),
        ({"isResolved": True, "endDateTime": None, "posts": []}, "unknown"),
    ],
)
def test_an_issue_is_over_as_graph_says_and_an_unknown_word_ends_none(told, end):
    assert only(graph_issue(**told)).end_known == end


def test_a_review_after_the_end_is_a_postmortem():
    review = {
        "createdDateTime": "2026-05-04T10:00:00Z",
        "postType": "strategic",
        "description": {"content": "A post-incident report is published.", "contentType": "text"},
    }
    row = only(graph_issue(posts=[*graph_issue()["posts"], review]))
    assert row.updates[-1].state == "postmortem"
    assert row.resolved_at == at("2026-05-01 11:00")


def test_a_list_in_pages_does_not_tell_everything_that_is_open():
    assert read(MICROSOFT365, graph_issues(graph_issue())).lists_open
    parsed = read(MICROSOFT365, graph_issues(graph_issue(), **{"@odata.nextLink": LINK}))
    assert not parsed.lists_open
    assert not parsed.window.complete


def test_a_row_or_a_post_that_cannot_be_read_is_kept_out_and_the_others_are_read():
    posts = [*graph_issue()["posts"], {"createdDateTime": "soon"}, {"createdDateTime": 5}]
    parsed = read(MICROSOFT365, graph_issues(graph_issue(posts=posts), {"id": None, "startDateTime": "x"}))
    assert (len(parsed.incidents), len(parsed.incidents[0].updates)) == (1, 2)
    assert len(parsed.quarantined) == 3
    with pytest.raises(SourceChanged):
        read(MICROSOFT365, graph_issues({"id": None, "startDateTime": "x"}))


def test_times_that_cannot_be_true_are_kept_out():
    late = graph_issue(startDateTime="2031-01-01T00:00:00Z", endDateTime=None, posts=[])
    parsed = read(MICROSOFT365, graph_issues(late, graph_issue("EX2")))
    assert [row.id for row in parsed.incidents] == ["EX2"]
    row = only(graph_issue(endDateTime="2026-05-01T08:00:00Z"))
    assert (row.resolved_at, row.end_known) == (None, "unknown")


def test_it_is_recognised_by_graphs_keys():
    assert MICROSOFT365.recognise(raw(as_bytes(graph_issues(graph_issue())))) == 0.95
    bare = {"value": [graph_issue()]}
    assert MICROSOFT365.recognise(raw(as_bytes(bare))) == 0.95
    assert MICROSOFT365.recognise(raw(as_bytes({"value": []}))) == 0
