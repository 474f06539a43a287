"""Yandex Cloud's page: items that stay open after their end, starts apart from the posts, and its real capture."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.captures import capture_of, needs_captures
from tests.vendors.own_page_answers import at, raw, read, read_capture, yandex_item, yandex_list
from vendors.sources.base import SourceChanged
from vendors.sources.yandex import YANDEX

CAPTURE = "status-pages/bespoke/yandex-cloud/incidents.json"


def only(**changes):
    (row,) = read(YANDEX, yandex_list(yandex_item(**changes))).incidents
    return row


@needs_captures
def test_the_capture_is_read_in_full():
    parsed = read_capture(YANDEX, CAPTURE)
    rows = {row.id: row for row in parsed.incidents}
    assert len(rows) == capture_of(CAPTURE).incidents == 20
    assert sum(len(row.updates) for row in rows.values()) == 67  # 63 comments and 4 published reports
    assert [row.impact for row in rows.values()].count("critical") == 6
    assert {row.end_known for row in rows.values()} == {"stated"}
    assert parsed.page.state == "unknown"  # the list states none, and nothing in it is going on
    assert parsed.quarantined == parsed.maintenances == ()
    assert (parsed.window.start, parsed.window.complete) == (datetime(2024, 9, 10, 10, 7, 7, tzinfo=UTC), True)
    assert len(parsed.page.components) == 81


@needs_captures
def test_the_item_left_open_is_over_and_was_posted_almost_two_hours_after_its_start():
    rows = {row.id: row for row in read_capture(YANDEX, CAPTURE).incidents}
    row = rows["1014"]
    assert (row.status, row.end_known) == ("open", "stated")
    assert (row.started_at, row.resolved_at) == (
        datetime(2024, 12, 23, 3, 50, tzinfo=UTC),
        datetime(2024, 12, 23, 6, 15, tzinfo=UTC),
    )
    assert row.first_posted_at - row.started_at == timedelta(hours=1, minutes=49, seconds=16)
    assert row.components == ("Compute Cloud", "Virtual Private Cloud", "ru-central1-a", "ru-central1-b")
    assert all("<" not in update.text for row in rows.values() for update in row.updates)
    assert rows["1011"].backfilled
    assert rows["1013"].updates[-1].state == "postmortem"


@pytest.mark.parametrize(
    ("status", "end", "closed", "known", "state"),
    [
        ("open", None, False, "open", "issue"),
        ("open", None, True, "open", "issue"),
        ("open", "2026-05-01T11:00:00Z", False, "open", "issue"),
        ("open", "2026-05-01T11:00:00Z", True, "stated", "unknown"),
        ("resolved", "2026-05-01T11:00:00Z", True, "stated", "unknown"),
        ("resolved", None, False, "unknown", "unknown"),
        ("odd", None, False, "open", "issue"),
        ("odd", "2026-05-01T11:00:00Z", True, "stated", "unknown"),
    ],
)
def test_an_item_is_open_by_its_status_unless_end_and_last_word_say_otherwise(status, end, closed, known, state):
    comments = yandex_item()["comments"]
    item = yandex_item(status=status, endDate=end, comments=comments if closed else comments[1:])
    parsed = read(YANDEX, yandex_list(item))
    assert (parsed.incidents[0].end_known, parsed.page.state) == (known, state)


@pytest.mark.parametrize(
    ("label", "impact"), [("Minor", "minor"), ("Unavailable", "critical"), ("Odd", None), (None, None)]
)
def test_the_impact_is_the_label_of_the_level(label, impact):
    assert only(level={"label": label}).impact == impact
    assert only(level=None).impact is None


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("investigation", "investigating"),
        ("update", "update"),
        ("resolved", "resolved"),
        ("odd", "unknown"),
        (None, "unknown"),
    ],
)
def test_every_kind_of_comment_has_its_phase(kind, state):
    comment = {"createdAt": "2026-05-01T10:00:00Z", "type": kind, "content": "<p>&laquo;A&raquo; <b>b</b></p>"}
    row = only(comments=[comment])
    assert (row.updates[0].state, row.updates[0].text) == (state, "«A» b")


def test_a_report_is_a_postmortem_once_it_is_published():
    report = {"report": "<p>A cable.</p>", "reportPublishedTime": "2026-05-09T10:00:00Z"}
    row = only(isReportPublished=True, **report)
    assert (row.updates[-1].state, row.updates[-1].posted_at) == ("postmortem", at("2026-05-09 10:00"))
    assert row.postmortem_url == "https://status.yandex.cloud/ru/incidents/9"
    assert only(isReportPublished=False, **report).postmortem_url is None


def test_a_bad_item_is_kept_out_and_the_others_are_read():
    parsed = read(YANDEX, yandex_list(yandex_item(), yandex_item(10, startDate="2026-05-01")))
    assert [row.id for row in parsed.incidents] == ["9"]
    assert "items[1]" in parsed.quarantined[0].where
    with pytest.raises(SourceChanged):
        read(YANDEX, yandex_list(yandex_item(10, startDate="soon")))


def test_an_empty_list_is_no_all_clear():
    parsed = read(YANDEX, {"items": [], "count": 0})
    assert (parsed.page.state, parsed.window.complete, parsed.window.start) == ("unknown", False, None)
    with pytest.raises(SourceChanged):
        read(YANDEX, {"items": []})


def test_a_start_that_cannot_be_true_is_not_used():
    for start in ("2031-01-01T00:00:00Z", "1970-01-01T00:00:00Z"):
        assert only(startDate=start).started_at == at("2026-05-01 10:00")


def test_lists_of_items_of_others_are_not_recognised():
    assert YANDEX.recognise(raw(b'{"items": [{"id": 1, "startDate": "x"}]}')) == 0
