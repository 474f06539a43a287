"""The readers that turn captures into facts, on small made-up captures: times, ends, phases, what is kept apart."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from vendors.catalogue.build import aws, betterstack_feed, google_cloud, slack, statuspage_objects, statuspage_snapshots
from vendors.catalogue.build.captures import Captured
from vendors.catalogue.build.rows import Draft, Post, Reading, finish, plain, title_of
from vendors.records import Incident, Page

PAGE = "https://status.example.com"
AS_OF = datetime(2026, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def reading() -> Reading:
    return Reading(page=Page(url=PAGE, platform="statuspage", name="Example"))


@pytest.fixture
def captured(tmp_path: Path) -> Any:
    def write(*rows: dict[str, Any]) -> Captured:
        path = tmp_path / "rows.jsonl"
        path.write_text("\n".join(json.dumps(row) for row in rows))
        return Captured(path, path.name, "2025-12-31", "someone/somewhere", "rows.json")

    return write


def only(reading: Reading) -> Incident:
    (incident,), _ = finish(reading, as_of=AS_OF)
    return incident


def statuspage(**changes: Any) -> dict[str, Any]:
    """A Statuspage incident of two posts, resolved after an hour."""
    return {
        "id": "abc", "name": "Mail is slow", "status": "resolved", "impact": "major",
        "created_at": "2025-06-01T10:00:00Z", "started_at": "2025-06-01T10:00:00Z",
        "resolved_at": "2025-06-01T11:00:00Z", "components": [{"name": "Mail"}],
        "incident_updates": [
            {"status": "resolved", "body": "Mail is back.", "created_at": "2025-06-01T11:00:00Z"},
            {"status": "investigating", "body": "Mail is slow.", "created_at": "2025-06-01T10:00:00Z"},
        ],
    } | changes  # fmt: skip


def aws_event(
    description: str, *, summary: str = "[RESOLVED] Errors", date: datetime, status: str = "1"
) -> dict[str, Any]:
    return {
        "service": "mail-1", "service_name": "Mail (Ohio)", "summary": summary, "status": status,
        "date": str(int(date.timestamp())), "description": description,
    }  # fmt: skip


def post(clock: str, text: str) -> str:
    return f'<div><span class="yellowfg">{clock}</span>&nbsp;{text}</div>'


def test_a_stated_end_stays_stated_and_the_title_tells_facts(reading: Reading, captured: Any) -> None:
    statuspage_objects.read(reading, [captured(statuspage())])
    incident = only(reading)
    assert (incident.end_known, incident.duration_hours()) == ("stated", 1.0)
    assert incident.title == "Major incident: Mail"
    assert [update.state for update in incident.updates] == ["investigating", "resolved"]


def test_an_incident_that_vanished_ends_by_then_at_the_latest(reading: Reading, captured: Any) -> None:
    row = statuspage(resolved_at=None, _gone_at="2025-06-01T12:30:00Z")
    row["incident_updates"] = row["incident_updates"][1:]
    statuspage_snapshots.read(reading, [captured(row)], [])
    incident = only(reading)
    assert (incident.end_known, incident.resolved_at) == ("upper_bound", at("2025-06-01T12:30"))


def test_a_resolution_seen_in_a_snapshot_wins_over_the_bound(reading: Reading, captured: Any) -> None:
    statuspage_snapshots.read(reading, [captured(statuspage(resolved_at=None, _gone_at="2025-06-01T12:30:00Z"))], [])
    incident = only(reading)
    assert (incident.end_known, incident.resolved_at) == ("stated", at("2025-06-01T11:00"))


def test_an_incident_still_there_is_open(reading: Reading, captured: Any) -> None:
    row = statuspage(resolved_at=None)
    row["incident_updates"] = row["incident_updates"][1:]
    statuspage_snapshots.read(reading, [captured(row)], [])
    assert (only(reading).end_known, only(reading).status) == ("open", "investigating")


def test_what_the_page_calls_maintenance_is_no_incident(reading: Reading, captured: Any) -> None:
    statuspage_objects.read(reading, [captured(statuspage(impact="maintenance"))])
    assert (len(reading.drafts), len(reading.maintenances)) == (0, 1)
    assert reading.maintenances[0].title == "Maintenance: Mail"


def test_an_edited_post_and_its_first_sighting_are_kept(reading: Reading, captured: Any) -> None:
    row = statuspage()
    row["incident_updates"][1] |= {"_first_seen": "2025-06-01T10:09:00Z", "_edits": [{"body": "before"}]}
    statuspage_snapshots.read(reading, [captured(row)], [])
    first = only(reading).updates[0]
    assert (first.edited, first.first_seen_at) == (True, at("2025-06-01T10:09"))


def test_a_start_set_before_the_post_counts_as_stated(reading: Reading, captured: Any) -> None:
    statuspage_objects.read(reading, [captured(statuspage(started_at="2025-06-01T09:00:00Z"))])
    incident = only(reading)
    assert (incident.start_stated, incident.duration_hours()) == (True, 2.0)


def test_a_start_claimed_after_the_first_post_gives_way_to_it_and_is_told(reading: Reading, captured: Any) -> None:
    statuspage_objects.read(reading, [captured(statuspage(started_at="2025-06-01T10:30:00Z"))])
    incident = only(reading)
    assert incident.started_at == at("2025-06-01T10:00")
    assert incident.conflicts[0].field == "started_at"
    assert len(reading.set_aside) == 1


def test_an_end_before_the_start_leaves_the_incident_and_drops_its_length(reading: Reading, captured: Any) -> None:
    statuspage_objects.read(reading, [captured(statuspage(resolved_at="2025-06-01T09:00:00Z"))])
    incident = only(reading)
    assert (incident.end_known, incident.resolved_at, incident.backfilled) == ("unknown", None, True)
    assert incident.started_at == at("2025-06-01T09:00")
    assert len(reading.set_aside) == 1


def test_a_lone_resolution_tells_no_length(reading: Reading, captured: Any) -> None:
    row = statuspage(resolved_at="2025-06-01T10:00:00Z")
    row["incident_updates"] = [{"status": "resolved", "body": "It is over.", "created_at": "2025-06-01T10:00:00Z"}]
    statuspage_objects.read(reading, [captured(row)])
    assert (only(reading).end_known, only(reading).backfilled) == ("unknown", True)


def test_an_incident_posted_after_its_end_is_backfilled(reading: Reading, captured: Any) -> None:
    row = statuspage(started_at="2025-06-01T08:00:00Z", resolved_at="2025-06-01T09:00:00Z")
    statuspage_objects.read(reading, [captured(row)])
    assert (only(reading).backfilled, only(reading).duration_hours()) == (True, 1.0)


def packed(*posts: tuple[str, str]) -> dict[str, Any]:
    items = "".join(f"<li><strong>{when}</strong> - {words}</li>" for when, words in posts)
    return statuspage(
        created_at="2013-01-10T09:55:06Z", started_at="2013-01-10T09:55:06Z", resolved_at="2013-01-10T09:55:06Z",
        incident_updates=[{"status": "resolved", "body": f"<ul>{items}</ul>", "created_at": "2018-12-05T11:00:00Z"}],
    )  # fmt: skip


def test_posts_packed_into_one_body_are_split_and_the_last_one_is_the_end(reading: Reading, captured: Any) -> None:
    rows = packed(("2013-01-10 10:11:37", "All is well."), ("2013-01-10 09:55:06", "Mail is slow."))
    statuspage_objects.read(reading, [captured(rows)])
    incident = only(reading)
    assert [update.posted_at for update in incident.updates] == [at("2013-01-10T09:55:06"), at("2013-01-10T10:11:37")]
    assert (incident.resolved_at, incident.end_known) == (at("2013-01-10T10:11:37"), "stated")
    assert (incident.backfilled, incident.first_posted_at) == (True, None)


def test_a_packed_body_of_one_post_tells_no_end(reading: Reading, captured: Any) -> None:
    statuspage_objects.read(reading, [captured(packed(("2013-01-10 09:55:06", "Mail was slow.")))])
    assert (only(reading).end_known, only(reading).resolved_at) == ("unknown", None)


CLOCKS = [
    (("11:40 PM PDT", "12:20 AM PDT"), "2021-06-02T06:40", ["06-02T06:40", "06-02T07:20"]),
    ((" 9:05 AM PST", " 9:30 AM PST"), "2021-01-04T17:05", ["01-04T17:05", "01-04T17:30"]),
    ((" 3:53 PM PDT", "Jun 4, 1:10 AM PDT"), "2021-06-02T22:53", ["06-02T22:53", "06-04T08:10"]),
    (("11:50 PM PST", "Jan 1, 12:10 AM PST"), "2021-01-01T07:50", ["01-01T07:50", "01-01T08:10"]),
]


@pytest.mark.parametrize(("clocks", "date", "expected"), CLOCKS, ids=["midnight", "winter", "a named day", "new year"])
def test_clocks_without_a_date_are_read_forward_from_the_event(
    clocks: tuple[str, str], date: str, expected: list[str], reading: Reading, captured: Any
) -> None:
    words = "".join(post(clock, "We are investigating errors.") for clock in clocks)
    aws.read(reading, captured(aws_event(words, date=at(date))))
    assert [f"{update.posted_at:%m-%dT%H:%M}" for update in only(reading).updates] == expected


@pytest.mark.parametrize(
    ("sentence", "start", "end"),
    [
        ("Between 5:05 PM and 5:26 PM PDT errors rose.", "06-03T00:05", "06-03T00:26"),
        ("Between 4:50 and 5:26 PM PDT errors rose.", "06-02T23:50", "06-03T00:26"),
        ("Between June 1 11:20 PM and June 2 1:57 AM PDT errors rose.", "06-02T06:20", "06-02T08:57"),
        ("Between 11:30 PM and 1:10 AM PDT errors rose.", "06-02T06:30", "06-02T08:10"),
    ],
    ids=["both halves", "one half of the day", "named days", "over midnight"],
)
def test_a_window_stated_in_prose_gives_start_and_end(
    sentence: str, start: str, end: str, reading: Reading, captured: Any
) -> None:
    words = post(" 5:33 PM PDT", sentence)
    aws.read(reading, captured(aws_event(words, date=at("2021-06-03T00:33"))))
    incident = only(reading)
    assert incident.start_stated
    assert incident.resolved_at is not None
    assert (f"{incident.started_at:%m-%dT%H:%M}", f"{incident.resolved_at:%m-%dT%H:%M}") == (start, end)


def test_an_event_without_the_word_resolved_has_no_known_end(reading: Reading, captured: Any) -> None:
    words = post(" 5:33 PM PDT", "We are investigating errors.")
    aws.read(reading, captured(aws_event(words, summary="Errors", date=at("2021-06-03T00:33"))))
    assert (only(reading).end_known, only(reading).start_stated) == ("unknown", False)


def test_an_event_whose_clocks_cannot_be_read_is_set_aside(reading: Reading, captured: Any) -> None:
    aws.read(reading, captured(aws_event(post("noonish", "Errors."), date=at("2021-06-03T00:33"))))
    assert (reading.drafts, len(reading.set_aside)) == ([], 1)


@pytest.mark.parametrize(("status", "impact"), [("0", None), ("1", "minor"), ("2", "major"), ("3", "critical")])
def test_a_level_is_mapped_and_kept_raw(status: str, impact: str | None, reading: Reading, captured: Any) -> None:
    words = post(" 5:33 PM PDT", "Errors.")
    aws.read(reading, captured(aws_event(words, date=at("2021-06-03T00:33"), status=status)))
    assert (only(reading).impact, only(reading).raw_impact) == (impact, status)


def google(**changes: Any) -> dict[str, Any]:
    return {
        "id": "g1", "number": "17", "begin": "2025-06-01T09:00:00+00:00", "created": "2025-06-01T09:35:00+00:00",
        "end": "2025-06-01T11:00:00+00:00", "severity": "high", "status_impact": "SERVICE_OUTAGE",
        "service_name": "Mail", "uri": "incidents/g1", "affected_products": [{"title": "Mail"}],
        "updates": [
            {"created": "2025-06-03T00:00:00+00:00", "status": "AVAILABLE", "text": "# Incident Report\nA change broke mail."},
            {"created": "2025-06-01T11:05:00+00:00", "status": "AVAILABLE", "text": "Mail works again."},
            {"created": "2025-06-01T09:35:00+00:00", "status": "SERVICE_OUTAGE", "text": "Mail is down."},
        ],
    } | changes  # fmt: skip


def test_google_states_the_start_and_a_later_report_is_the_post_mortem(reading: Reading, captured: Any) -> None:
    google_cloud.read(reading, [captured(google())])
    incident = only(reading)
    assert (incident.start_stated, incident.impact, incident.duration_hours()) == (True, "critical", 2.0)
    assert [update.state for update in incident.updates] == ["investigating", "resolved", "postmortem"]
    assert incident.postmortem_url == "https://status.cloud.google.com/incidents/g1"


@pytest.mark.parametrize(("removed", "known"), [("2025-07-01T00:00:00+00:00", "unknown"), (None, "open")])
def test_a_google_incident_without_an_end_is_open_only_while_it_is_listed(
    removed: str | None, known: str, reading: Reading, captured: Any
) -> None:
    google_cloud.read(reading, [captured(google(end="", _removed_at=removed, updates=google()["updates"][2:]))])
    assert only(reading).end_known == known


@pytest.mark.parametrize(("kind", "impact"), [("outage", "critical"), ("notice", "minor"), ("incident", None)])
def test_slack_names_kinds_and_only_some_tell_an_impact(
    kind: str, impact: str | None, reading: Reading, captured: Any
) -> None:
    row = {
        "id": 7, "type": kind, "date_created": "2023-01-05T03:00:00-08:00", "url": "https://status.example.com/7",
        "services": ["Search"], "_gone_at": "2023-01-05T13:00:00+00:00",
        "notes": [{"date_created": "2023-01-05T03:00:00-08:00", "body": "Search may be slow."}],
    }  # fmt: skip
    slack.read(reading, captured(row))
    incident = only(reading)
    assert (incident.impact, incident.raw_impact, incident.end_known) == (impact, kind, "upper_bound")
    assert incident.duration_hours() == 2.0


def feed(title: str, *posts: tuple[str, str], resolved: str | None = None) -> dict[str, Any]:
    return {
        "id": "f1", "title": title, "url": f"{PAGE}/incident/1", "started_at": "2025-06-01T10:00:00Z",
        "resolved_at": resolved, "status_sequence": [status for status, _ in posts], "components": ["Mail"],
        "updates": [{"at": f"2025-06-01T10:0{n}:00Z", "status": s, "message": m} for n, (s, m) in enumerate(posts)],
        "impact": "major",
    }  # fmt: skip


def test_monitor_made_posts_are_marked_and_the_collections_guess_of_impact_is_not_taken(
    reading: Reading, captured: Any
) -> None:
    row = feed("Mail", ("Update", "Mail went down."), ("Resolved", "Mail recovered."), resolved="2025-06-01T10:01:00Z")
    betterstack_feed.read(reading, captured(row))
    incident = only(reading)
    assert [update.automated for update in incident.updates] == [True, True]
    assert incident.impact is None


def test_a_human_post_is_not_taken_for_a_monitor(reading: Reading, captured: Any) -> None:
    betterstack_feed.read(reading, captured(feed("Mail", ("Update", "Mail went down. We are rolling back a change."))))
    assert [update.automated for update in only(reading).updates] == [False]
    assert only(reading).end_known == "unknown"


@pytest.mark.parametrize(
    ("title", "status", "planned"),
    [("Database upgrade", "Update", True), ("Network maintenance", "Update", True),
     ("Database upgrade", "Investigating", False), ("Mail is down", "Update", False)],
)  # fmt: skip
def test_announced_work_is_kept_apart(title: str, status: str, planned: bool, reading: Reading, captured: Any) -> None:
    betterstack_feed.read(reading, captured(feed(title, (status, "Words."))))
    assert (len(reading.maintenances), len(reading.drafts)) == ((1, 0) if planned else (0, 1))


def test_times_after_the_capture_are_set_aside(reading: Reading) -> None:
    late = Post(posted_at=at("2026-02-01T00:00"), state="update", text="Later.")
    first = Post(posted_at=at("2025-12-31T00:00"), state="investigating", text="Now.")
    reading.drafts = [
        Draft(id="a", started_at=at("2025-12-31T00:00"), posts=(first, late), resolved_at=at("2026-02-01T00:00"),
              end_known="stated"),
        Draft(id="b", started_at=at("2026-02-01T00:00"), posts=(), resolved_at=None, end_known="open"),
    ]  # fmt: skip
    incident = only(reading)
    assert (incident.id, len(incident.updates), incident.end_known) == ("a", 1, "open")
    assert len(reading.set_aside) == 3


@pytest.mark.parametrize(
    ("impact", "parts", "title"),
    [
        ("critical", ("A", "B", "C", "D", "E"), "Critical incident: A, B, C and 2 more"),
        ("none", ("A",), "Incident without impact: A"),
        (None, (), "Incident, components not named"),
    ],
)
def test_titles_are_neutral(impact: Any, parts: tuple[str, ...], title: str) -> None:
    assert title_of(impact, parts) == title


@pytest.mark.parametrize(
    ("body", "words"),
    [("a < b &amp; c", "a < b & c"), ("<p>one</p><p>two</p>", "one  two"), ("<1% of users", "<1% of users")],
)
def test_markup_is_dropped_and_words_stay_apart(body: str, words: str) -> None:
    assert plain(body) == words
