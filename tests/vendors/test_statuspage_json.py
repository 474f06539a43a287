"""The JSON of a Statuspage: which of its times is which, what is an outage, and what is kept out with a reason."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.vendors.statuspage_answers import (
    NOW,
    PAGE,
    at,
    body,
    component,
    incident,
    iso,
    listing,
    maintenance,
    parse,
    post,
    raw,
    summary,
)
from vendors.sources.base import SourceChanged
from vendors.sources.statuspage.source import STATUSPAGE


def only(**documents):
    (row,) = parse(**documents).incidents
    return row


# -- what an ordinary incident becomes ---------------------------------------------------------------------------------


def test_an_ordinary_incident_keeps_its_times_words_and_parts():
    row = only(
        incidents=listing(
            incident(
                "inc000000001",
                post("2026-05-01 11:00", "resolved", "All is well."),
                post("2026-05-01 10:00", "investigating", "The API is slow.<br />We look.", affected_components=[
                    {"code": "c1", "name": "Core - API", "old_status": "operational", "new_status": "partial_outage"},
                ]),
                components=[component("c1", "API")],
            )
        )
    )  # fmt: skip
    assert (row.started_at, row.first_posted_at, row.resolved_at) == (
        at("2026-05-01 10:00"),
        at("2026-05-01 10:00"),
        at("2026-05-01 11:00"),
    )
    assert (row.end_known, row.start_stated, row.backfilled, row.impact) == ("stated", False, False, "minor")
    assert [(u.state, u.text) for u in row.updates] == [
        ("investigating", "The API is slow.\nWe look."),
        ("resolved", "All is well."),
    ]
    assert row.components == ("API",)
    assert row.url == f"{PAGE}/incidents/inc000000001"


def test_an_open_incident_has_no_end():
    row = only(summary=summary(incident("inc000000001", post("2026-06-01 10:00")), indicator="minor"))
    assert (row.resolved_at, row.end_known) == (None, "open")


@pytest.mark.parametrize(
    ("started", "stated"),
    [("09:54", True), ("09:55", False), ("10:00", False)],
    ids=["six minutes before the post", "five minutes before: clocks", "with the post"],
)
def test_a_start_is_stated_only_more_than_five_minutes_before_the_post(started, stated):
    row = only(incidents=listing(incident(started_at=iso(f"2026-05-01 {started}"))))
    assert row.start_stated is stated
    assert row.started_at == at(f"2026-05-01 {started}")


def test_a_start_stated_after_the_page_spoke_of_it_is_not_believed_and_the_conflict_is_told():
    row = only(incidents=listing(incident(started_at=iso("2026-05-01 10:30"))))
    assert row.started_at == at("2026-05-01 10:00")
    (conflict,) = row.conflicts
    assert (conflict.field, conflict.instead_of) == ("started_at", "2026-05-01T10:30:00Z")


def test_a_post_counts_from_when_it_was_stored_not_from_the_time_shown_for_it():
    row = only(
        incidents=listing(
            incident(
                "inc000000001",
                post("2026-05-01 12:00", "resolved"),
                post("2026-05-01 11:00", display="2026-05-01 10:00"),
                started_at=iso("2026-05-01 10:00"),
            )
        )
    )
    assert row.first_posted_at == row.updates[0].posted_at == at("2026-05-01 11:00")
    assert (row.started_at, row.start_stated) == (at("2026-05-01 10:00"), True)


def test_a_start_told_in_the_words_of_a_post_is_a_stated_start():
    words = "We look into it.\n\n<b>Start Time:</b> May 1, 2026 09:10 UTC"
    row = only(
        incidents=listing(
            incident("inc000000001", post("2026-05-01 11:00", "resolved"), post("2026-05-01 10:00", body=words))
        )
    )
    assert (row.started_at, row.start_stated) == (at("2026-05-01 09:10"), True)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("May 1, 2026 10:10 UTC", "after the post"),
        ("Apr 1, 2026 10:00 UTC", "a month before"),
        ("Foo 1, 2026 10:00 UTC", "no month"),
    ],
    ids=lambda value: value if " UTC" not in value else None,
)
def test_a_start_in_words_that_cannot_be_true_is_not_used(told, why):
    words = f"Start Time: {told}"
    row = only(
        incidents=listing(
            incident("inc000000001", post("2026-05-01 11:00", "resolved"), post("2026-05-01 10:00", body=words))
        )
    )
    assert row.started_at == at("2026-05-01 10:00")


# -- entered afterwards ------------------------------------------------------------------------------------------------


def test_one_resolved_post_says_that_it_happened_not_how_long_it_took():
    row = only(
        incidents=listing(incident("inc000000001", post("2026-05-01 15:00", "resolved", display="2026-05-01 10:00")))
    )
    assert (row.backfilled, row.resolved_at, row.end_known) == (True, None, "unknown")
    assert row.started_at == at("2026-05-01 10:00")


def test_one_resolved_post_with_a_stated_start_and_end_has_a_length():
    row = only(
        incidents=listing(
            incident(
                "inc000000001",
                post("2026-05-01 15:00", "resolved", display="2026-05-01 11:30"),
                started_at=iso("2026-05-01 10:00"),
                resolved_at=iso("2026-05-01 11:30"),
            )
        )
    )
    assert (row.backfilled, row.duration_hours(), row.end_known) == (True, 1.5, "stated")


def test_an_incident_first_told_after_its_end_is_backfilled_however_many_posts_it_has():
    row = only(
        incidents=listing(
            incident(
                "inc000000001",
                post("2026-05-01 15:01", "resolved", display="2026-05-01 11:00"),
                post("2026-05-01 15:00", "monitoring", display="2026-05-01 10:00"),
                resolved_at=iso("2026-05-01 11:00"),
            )
        )
    )
    assert row.backfilled is True
    assert row.duration_hours() == 1.0


PACKED = (
    "<ul><li><strong>2015-08-31 16:09:04</strong> - First words.</li>"
    "<li><strong>2015-08-31 18:01:01</strong> - Last words.</li></ul>"
)


def test_a_bulk_import_is_split_into_the_posts_it_packs():
    imported = post("2018-12-05 11:41", "resolved", PACKED, display="2015-08-31 16:09:04")
    row = only(incidents=listing(incident("inc000000001", imported)))
    assert [(str(u.posted_at)[:19], u.state, u.text) for u in row.updates] == [
        ("2015-08-31 16:09:04", "update", "First words."),
        ("2015-08-31 18:01:01", "resolved", "Last words."),
    ]
    assert (row.backfilled, row.end_known, row.start_stated) == (True, "upper_bound", False)
    assert str(row.resolved_at)[:19] == "2015-08-31 18:01:01"
    assert row.first_posted_at == at("2018-12-05 11:41")


def test_an_import_written_in_another_zone_than_it_is_shown_in_is_moved_as_a_whole():
    imported = post("2018-12-05 11:41", "resolved", PACKED, display="2015-08-31 23:09:04")
    row = only(incidents=listing(incident("inc000000001", imported)))
    assert [str(u.posted_at)[11:19] for u in row.updates] == ["23:09:04", "01:01:01"]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("2015-08-31 19:00", "2015-08-31 16:09:04"), ("2018-12-05 11:41", "2015-08-30 03:02")],
    ids=["stored at the time: an ordinary list", "its times do not fit the time shown"],
)
def test_a_list_of_times_that_is_no_import_stays_one_post(stored, shown):
    row = only(incidents=listing(incident("inc000000001", post(stored, "resolved", PACKED, display=shown))))
    assert len(row.updates) == 1
    assert "First words." in row.updates[0].text


# -- ends ----------------------------------------------------------------------------------------------------------------


def test_the_time_an_incident_vanished_from_a_collectors_snapshots_bounds_its_end():
    row = incident("inc000000001", post("2026-05-01 10:00", "monitoring", _first_seen=iso("2026-05-01 10:09")))
    row["_gone_at"] = iso("2026-05-01 12:00")
    (read,) = parse(lines=raw(json.dumps(row).encode() + b"\n")).incidents
    assert (read.resolved_at, read.end_known) == (at("2026-05-01 12:00"), "upper_bound")
    assert read.updates[0].first_seen_at == at("2026-05-01 10:09")


def test_an_update_with_earlier_texts_is_marked_edited():
    row = incident("inc000000001", post("2026-05-01 10:00", _edits=[{"body": "before"}]))
    (read,) = parse(lines=raw(json.dumps(row).encode())).incidents
    assert read.updates[0].edited is True


def test_a_stated_end_before_the_start_is_not_used_but_the_incident_counts():
    result = parse(incidents=listing(incident(resolved_at=iso("2026-05-01 09:00"))))
    (row,) = result.incidents
    assert (row.resolved_at, row.end_known) == (None, "unknown")
    assert [c.field for c in row.conflicts] == ["resolved_at"]
    assert "before the start" in result.quarantined[0].reason


@pytest.mark.parametrize("left_over", [None, "2026-05-01 10:30"], ids=["no end stated", "an old end left in it"])
def test_an_incident_that_went_on_after_its_resolution_is_open(left_over):
    row = only(
        incidents=listing(
            incident(
                "inc000000001",
                post("2026-05-01 11:00", "investigating"),
                post("2026-05-01 10:30", "resolved"),
                post("2026-05-01 10:00"),
                resolved_at=iso(left_over),
            )
        )
    )
    assert (row.resolved_at, row.end_known) == (None, "open")


def test_a_post_mortem_is_linked_and_moves_no_end():
    row = only(
        incidents=listing(
            incident(
                "inc000000001",
                post("2026-05-04 09:00", "postmortem", "What we learnt."),
                post("2026-05-01 11:00", "resolved"),
                post("2026-05-01 10:00"),
                status="postmortem",
                resolved_at=iso("2026-05-01 11:00"),
            )
        )
    )
    assert row.postmortem_url == f"{PAGE}/incidents/inc000000001"
    assert (row.resolved_at, row.updates[-1].state) == (at("2026-05-01 11:00"), "postmortem")


# -- maintenance -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [maintenance(), maintenance(impact="major"), maintenance(impact="none", status="completed"),
     incident("mnt000000001", impact="maintenance")],
    ids=["announced", "announced with an outage's impact", "completed", "impact maintenance in the list of incidents"],
)  # fmt: skip
def test_announced_work_is_never_an_outage(row):
    result = parse(incidents=listing(row))
    assert result.incidents == ()
    assert [m.id for m in result.maintenances] == ["mnt000000001"]


def test_whatever_stands_among_the_scheduled_maintenances_is_announced_work():
    row = incident("mnt000000001", post("2026-05-20 09:00", "investigating"), impact="minor")
    result = parse(summary=summary(scheduled_maintenances=[row]))
    assert (len(result.incidents), len(result.maintenances)) == (0, 1)


def test_a_maintenance_keeps_when_it_was_announced_for_when_and_when_it_ended():
    row = maintenance(
        incident_updates=[post("2026-05-21 04:00", "completed"), post("2026-05-20 09:00", "scheduled")],
        status="completed", scheduled_for=iso("2026-05-21 02:00"), scheduled_until=iso("2026-05-21 04:30"),
    )  # fmt: skip
    (read,) = parse(scheduled_maintenances=body(scheduled_maintenances=[row])).maintenances
    assert (read.announced_at, read.scheduled_for, read.scheduled_until, read.completed_at) == (
        at("2026-05-20 09:00"), at("2026-05-21 02:00"), at("2026-05-21 04:30"), at("2026-05-21 04:00"),
    )  # fmt: skip


def test_a_window_that_ends_before_it_begins_loses_its_end_with_a_note():
    result = parse(summary=summary(scheduled_maintenances=[maintenance(scheduled_until=iso("2026-06-09 00:00"))]))
    assert result.maintenances[0].scheduled_until is None
    assert "before" in result.quarantined[0].reason


# -- impossible times ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "when", ["2026-06-01 12:06", "2031-01-01 00:00", "1999-12-31 23:59"], ids=["soon", "years ahead", "before the web"]
)
def test_an_incident_whose_every_time_is_impossible_is_kept_out_with_a_reason(when):
    result = parse(incidents=listing(incident("inc000000001", post(when)), incident("inc000000002")))
    assert [i.id for i in result.incidents] == ["inc000000002"]
    assert any("inc000000001" in q.where for q in result.quarantined)


def test_clocks_may_differ_by_five_minutes():
    assert parse(incidents=listing(incident("inc000000001", post("2026-06-01 12:05")))).quarantined == ()


def test_one_update_from_the_future_is_kept_out_and_the_others_stay():
    result = parse(
        incidents=listing(incident("inc000000001", post("2027-01-01 00:00", "monitoring"), post("2026-05-01 10:00")))
    )
    assert [len(i.updates) for i in result.incidents] == [1]
    assert "after the time of reading" in result.quarantined[0].reason


def test_the_zero_time_some_servers_write_means_no_time():
    row = only(incidents=listing(incident(resolved_at="0001-01-01T00:00:00Z")))
    assert row.resolved_at == at("2026-05-01 11:00")  # from the resolving post


@pytest.mark.parametrize(
    "broken",
    [{"started_at": "yesterday"}, {"name": 7}, {"id": 12}, {"incident_updates": "none"}, {"created_at": "2026-05-01T10:00:00"}],
    ids=["a time that is none", "a number for a name", "a number for an id", "text for updates", "a time without zone"],
)  # fmt: skip
def test_a_broken_row_is_kept_out_alone(broken):
    result = parse(incidents=listing(incident("inc000000001", **broken), incident("inc000000002")))
    assert [i.id for i in result.incidents] == ["inc000000002"]
    (fault,) = result.quarantined
    assert "incidents[0]" in fault.where


def test_a_broken_update_is_kept_out_alone():
    bad = post("2026-05-01 10:30")
    bad["created_at"] = "half past ten"
    result = parse(
        incidents=listing(incident("inc000000001", post("2026-05-01 11:00", "resolved"), bad, post("2026-05-01 10:00")))
    )
    assert [len(i.updates) for i in result.incidents] == [2]
    assert "incident_updates[1]" in result.quarantined[0].where


@pytest.mark.parametrize(
    "identity", ["", "../../etc", "a b", "x" * 101, "é"], ids=["empty", "path", "space", "long", "letter"]
)
def test_an_id_that_is_none_is_kept_out(identity):
    result = parse(incidents=listing(incident(identity), incident("inc000000002")))
    assert [i.id for i in result.incidents] == ["inc000000002"]
    assert result.quarantined


def test_long_texts_are_cut_and_say_so():
    row = only(incidents=listing(incident(name="n" * 900)))
    assert (len(row.title), row.title[-1]) == (500, "…")


def test_no_more_updates_are_kept_than_the_limit_and_the_oldest_stay():
    many = [post("2026-05-01 11:00", id=f"u{n}") for n in range(2000)]
    result = parse(incidents=listing(incident("inc000000001", *many, post("2026-05-01 10:00"))))
    assert [len(i.updates) for i in result.incidents] == [2000]
    assert result.incidents[0].started_at == at("2026-05-01 10:00")
    assert "2001 updates" in result.quarantined[0].reason


def test_more_incidents_than_any_page_has_are_refused():
    rows = ",".join(f'{{"id":"i{n}"}}' for n in range(20_001)).encode()
    with pytest.raises(SourceChanged, match="20001 incidents"):
        parse(incidents=b'{"page":{"id":"x"},"incidents":[' + rows + b"]}")


# -- what is no answer of this product --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"```\n<html></html>", "web page"),
        (b"{}", "nothing that a status page serves"),
        (b'{"hello": "world"}', "nothing that a status page serves"),
        (b"[]", "another shape"),
        (b'{"page": {"id": "x"}, "incidents": {}}', "another shape"),
        (b'{"page": {"id": "x"}, "incidents": [1, 2]}', "another shape"),
        (body(incidents=[incident()])[:-40], "cut off"),
        (b'{"page": {"id": "\xff"}, "incidents": []}', "cut off or no JSON"),
        (b"[" * 100_000, "shape|cut off"),
        (summary(), None),
        (body(components=[]), "no `incidents`"),
    ],
    ids=["nothing", "a web page", "a fenced web page", "empty object", "other object", "a list", "incidents is an object",
         "rows are numbers", "cut off", "not UTF-8", "nested without end", "a summary is one", "another endpoint"],
)  # fmt: skip
def test_what_is_no_list_of_incidents_is_refused_in_one_sentence(content, said):
    if said is None:
        assert parse(incidents=content).incidents == ()
        return
    with pytest.raises(SourceChanged, match=said) as refusal:
        parse(incidents=content)
    assert "\n" not in str(refusal.value)


def test_no_answer_at_all_is_refused_not_read_as_a_quiet_page():
    with pytest.raises(SourceChanged, match="status 503"):
        parse(summary=raw(b"", f"{PAGE}/api/v2/summary.json", status=503))


# -- the page ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "state"),
    [
        ("none", "ok"), ("minor", "issue"), ("major", "issue"), ("critical", "issue"),
        ("maintenance", "maintenance"), ("new", "unknown"),
    ],
)  # fmt: skip
def test_the_banner_gives_the_state(indicator, state):
    assert parse(summary=summary(indicator=indicator)).page.state == state


def test_without_a_banner_the_state_is_unknown_never_ok():
    assert parse(incidents=listing()).page.state == "unknown"


def test_groups_are_headings_and_shared_names_carry_their_group():
    parts = [
        component("g1", "Compute", is_group=True), component("g2", "Storage", is_group=True),
        component("c1", "Phoenix", group="g1"), component("c2", "Phoenix", group="g2"), component("c3", "Website"),
    ]  # fmt: skip
    row = incident("inc000000001", post("2026-06-01 10:00"), components=[parts[3], parts[4]])
    result = parse(summary=summary(row, components=parts, indicator="minor"))
    assert [(c.name, c.group) for c in result.page.components] == [
        ("Phoenix", "Compute"),
        ("Phoenix", "Storage"),
        ("Website", None),
    ]
    assert result.incidents[0].components == ("Storage - Phoenix", "Website")


@pytest.mark.parametrize(
    ("count", "start", "complete", "reason"),
    [
        (50, "2026-05-01 10:00", True, "newest 50"),
        (49, "2024-01-01 00:00", True, "fewer than its cap"),
        (51, "2026-05-01 10:00", False, "more than the 50"),
    ],
    ids=["at the cap", "below the cap", "above the cap: gathered by somebody"],
)  # fmt: skip
def test_the_window_says_how_far_the_list_reaches(count, start, complete, reason):
    rows = [incident(f"inc{n:09d}") for n in range(count)]
    window = parse(incidents=listing(*rows), components=body(components=[component("c1", "API")])).window
    assert (window.start, window.end, window.complete) == (at(start), NOW, complete)
    assert reason in window.reason


def test_a_summary_alone_covers_no_past():
    window = parse(summary=summary()).window
    assert (window.start, window.complete) == (None, False)


def test_a_saved_answer_names_its_own_page_and_its_newest_time():
    result = parse(NOW, "", document=listing(incident()))
    assert (result.page.url, result.stated_at) == (PAGE, at("2026-05-01 11:00"))


def test_lines_without_a_page_are_read_under_the_pages_stable_address():
    content = "\n".join(json.dumps(incident(f"inc{n:09d}")) for n in range(3)).encode()
    result = parse(NOW, "", lines=content)
    assert (result.page.url, len(result.incidents), result.window.complete) == (
        "https://abc123def456.statuspage.io",
        3,
        False,
    )


# -- recognising ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "low", "high"),
    [
        (summary(), 0.9, 1.0),
        (json.dumps({"page": {"id": "01KABCDEFGHJKMNPQRSTVWXYZ0", "name": "X", "url": "https://x.example"},
                     "status": {"indicator": "none"}}).encode(), 0.35, 0.5),
        (json.dumps({"page": {"id": "abc123def456", "name": "X"}, "status": {"indicator": "none"}}).encode(), 0.6, 0.8),
        (b'{"page": "home", "status": 200}', 0.0, 0.0),
        (b"<html><body>Status</body></html>", 0.0, 0.0),
        (b"", 0.0, 0.0),
    ],
    ids=["its own", "a look-alike's ids", "no time zone", "other JSON", "any web page", "nothing"],
)  # fmt: skip
def test_recognising_tells_the_product_from_its_look_alikes(content, low, high):
    assert low <= STATUSPAGE.recognise(raw(content, f"{PAGE}/api/v2/summary.json")) <= high


def test_a_look_alike_is_read_and_named_as_one():
    page = {"id": "01KABCDEFGHJKMNPQRSTVWXYZ0", "name": "X", "url": PAGE}
    content = json.dumps({"page": page, "status": {"indicator": "none"}, "components": [], "incidents": []}).encode()
    assert parse(summary=content).page.platform == "statuspage-compatible"


def test_reading_a_million_seconds_later_changes_no_incident():
    first = parse(NOW, PAGE, incidents=listing(incident()))
    assert parse(NOW + timedelta(days=11), PAGE, incidents=listing(incident())).incidents == first.incidents
