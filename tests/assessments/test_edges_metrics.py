"""Figures of the record to the point: what was known at a moment, what just counts, and how long it then lasted."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from assessments.scoring import metrics
from tests.assessments.making import NOW, PAGE, make_facts, make_incident, posts
from vendors.records import BackupAnswer, Maintenance, Observation, ObservedSpan, Reply, Update, Window

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
THEN = NOW - 10 * DAY


def known(**fields):
    return metrics.as_known(make_facts(**fields), THEN)


# What was known then


def test_facts_of_that_moment_or_before_are_what_they_are():
    facts = make_facts((make_incident(),))
    assert metrics.as_known(facts, NOW) is facts
    assert metrics.as_known(facts, NOW + DAY) is facts
    earlier = metrics.as_known(facts, NOW - SECOND)
    assert earlier is not facts
    assert earlier.as_of == NOW - SECOND
    assert [page.state for page in earlier.pages] == ["unknown"]


@pytest.mark.parametrize(("posted", "there"), [(THEN, True), (THEN + SECOND, False), (None, True)])
def test_an_incident_is_known_from_its_first_post_on_else_from_its_start(posted, there):
    incident = make_incident(started_at=THEN, first_posted_at=posted, resolved_at=THEN, updates=())
    assert bool(known(incidents=(incident,)).incidents) is there
    later = make_incident(started_at=THEN + SECOND, first_posted_at=None, resolved_at=NOW, updates=())
    assert not known(incidents=(later,)).incidents


def test_an_end_that_lay_ahead_is_open_again_and_one_just_reached_is_not():
    ended = make_incident(started_at=THEN - HOUR, resolved_at=THEN, gap=None, postmortem_url=f"{PAGE}/p")
    ahead = msgspec.structs.replace(ended, id="i2", resolved_at=THEN + SECOND)
    unknown = msgspec.structs.replace(ended, id="i3", resolved_at=None, end_known="unknown")
    one, two, three = known(incidents=(ended, ahead, unknown)).incidents
    assert one is ended
    assert three is unknown
    assert (two.resolved_at, two.end_known, two.status, two.postmortem_url) == (None, "open", "open", None)


@pytest.mark.parametrize(
    ("told", "kept"), [([], True), ([THEN], True), ([THEN + SECOND], False), ([THEN - DAY, THEN + DAY], True)]
)
def test_a_post_mortem_is_known_once_it_was_posted(told, kept):
    ended = make_incident(started_at=THEN - 2 * DAY, gap=None, postmortem_url=f"{PAGE}/p")
    later = Update(posted_at=NOW, state="monitoring")
    updates = (*ended.updates, *(Update(posted_at=at, state="postmortem") for at in told), later)
    (found,) = known(incidents=(msgspec.structs.replace(ended, updates=updates),)).incidents
    assert found.postmortem_url == (f"{PAGE}/p" if kept else None)
    assert later not in found.updates
    assert all(update.posted_at <= THEN for update in found.updates)
    assert (found.resolved_at, found.end_known, found.status) == (ended.resolved_at, "stated", "resolved")


def test_nothing_else_is_known_before_its_time_either():
    work = [
        Maintenance(id="announced", title="w", announced_at=THEN, scheduled_for=NOW),
        Maintenance(id="not yet", title="w", announced_at=THEN + SECOND, scheduled_for=THEN),
        Maintenance(id="planned", title="w", scheduled_for=THEN, completed_at=THEN),
        Maintenance(id="under way", title="w", scheduled_for=THEN, completed_at=THEN + SECOND),
        Maintenance(id="later", title="w", scheduled_for=THEN + SECOND),
        Maintenance(id="no time", title="w"),
    ]
    answers = [BackupAnswer(item="B1", answer="yes", answered_at=at) for at in (None, THEN, THEN + SECOND)]
    replies = tuple(Reply(kind="outdated", statement="s", filed_at=at) for at in (THEN, THEN + SECOND))
    ends = [(THEN, THEN + SECOND), (THEN - HOUR, THEN), (THEN - HOUR, None), (THEN + SECOND, None)]
    spans = tuple(ObservedSpan(start=start, end=end, observer="monitor") for start, end in ends)
    found = known(maintenances=tuple(work), backup=tuple(answers), replies=replies, observed=spans)
    assert {one.id: one.completed_at for one in found.maintenances} == {
        "announced": None, "planned": THEN, "under way": None, "no time": None,
    }  # fmt: skip
    assert [one.answered_at for one in found.backup] == [None, THEN]
    assert [one.filed_at for one in found.replies] == [THEN]
    assert [(one.start, one.end) for one in found.observed] == [(THEN, None), (THEN - HOUR, THEN), (THEN - HOUR, None)]
    assert metrics.as_known(make_facts(replies=replies[1:]), THEN).replies is msgspec.UNSET
    assert metrics.as_known(make_facts(), THEN).replies is msgspec.UNSET


def test_a_look_at_the_page_stands_in_where_none_is_old_enough():
    looks = tuple(Observation(check="language", outcome="pass", observed_at=at, url=PAGE) for at in (THEN, NOW))
    assert known(openness=looks).openness == looks[:1]
    assert known(openness=looks[1:]).openness == looks[1:]


@pytest.mark.parametrize(
    ("start", "end", "then"),
    [
        (THEN - DAY, NOW, (THEN - DAY, THEN)),
        (THEN - DAY, THEN - HOUR, (THEN - DAY, THEN - HOUR)),
        (THEN, NOW, (THEN, THEN)),
        (THEN + SECOND, NOW, (None, None)),
        (None, NOW, (None, None)),
        (None, None, (None, None)),
    ],
)
def test_the_window_ends_then_and_one_that_begins_later_is_none(start, end, then):
    window = known(window=Window(start=start, end=end, complete=True, reason="r")).window
    assert (window.start, window.end) == then


# What counts


@pytest.mark.parametrize(
    ("fields", "delay"),
    [
        ({"start_stated": True}, 30.0),
        ({"start_stated": True, "first_posted_at": None}, None),
        ({"start_stated": True, "backfilled": True}, None),
        ({"start_stated": True, "impact": "none"}, None),
        ({"start_stated": False}, None),
    ],
)
def test_the_first_notice_is_late_by_what_lies_between_it_and_a_stated_start(fields, delay):
    start = NOW - 5 * DAY
    incident = make_incident(
        **({"started_at": start, "first_posted_at": start + 30 * MINUTE, "resolved_at": start + HOUR} | fields)
    )
    found = metrics.notice_delays(make_facts((incident,)), NOW)
    assert found == ([] if delay is None else [(incident, delay)])


@pytest.mark.parametrize(("seconds", "counts"), [(300, True), (299, False), (0, False)])
def test_five_minutes_make_an_outage(seconds, counts):
    incident = make_incident(started_at=NOW - HOUR, resolved_at=NOW - HOUR + seconds * SECOND)
    assert metrics.qualifies(incident, NOW) is counts


def test_what_begins_now_has_begun_and_lasts_nothing_yet():
    begun = make_incident(started_at=NOW, hours=None)
    assert metrics.elapsed_hours(begun, NOW) == 0.0
    assert not metrics.qualifies(begun, NOW)
    assert metrics.qualifies(make_incident(started_at=NOW, resolved_at=None, end_known="unknown"), NOW)
    assert metrics.elapsed_hours(make_incident(started_at=NOW - HOUR, resolved_at=NOW - 2 * HOUR), NOW) == 0.0
    assert metrics.elapsed_hours(make_incident(started_at=NOW - HOUR, hours=None), NOW) == 1.0
    assert metrics.elapsed_hours(make_incident(started_at=NOW - 3 * HOUR, resolved_at=NOW - HOUR), NOW) == 2.0
    assert metrics.elapsed_hours(make_incident(resolved_at=None, end_known="unknown"), NOW) is None


@pytest.mark.parametrize(("days", "stale"), [(14, False), (14 + 1 / 86400, True)])
def test_fourteen_days_of_silence_are_not_stale_and_a_second_more_is(days, stale):
    incident = posts(make_incident(days_ago=days, hours=None), 0)
    assert metrics.is_stale_open(incident, NOW) is stale
    assert not metrics.is_stale_open(msgspec.structs.replace(incident, end_known="stated"), NOW)


def test_the_last_word_is_the_latest_post_or_the_start():
    incident = make_incident(days_ago=2, updates=())
    assert metrics.last_word(incident) == incident.started_at
    assert metrics.last_word(posts(incident, 90, 10)) == incident.started_at + 90 * MINUTE
    assert metrics.last_word(posts(incident, -90)) == incident.started_at


@pytest.mark.parametrize(
    ("listed", "extra", "count"),
    [(5, (), 5), (4, (), 0), (4, ("New",), 5), (4, ("Mail",), 0), (6, ("New",), 6), (0, ("a", "b", "c", "d", "e"), 5)],
)
def test_the_parts_are_those_listed_and_with_fewer_than_five_those_named_too(listed, extra, count):
    facts = make_facts((make_incident(components=extra),), components=listed)
    assert len(metrics.component_names(facts)) == count


@pytest.mark.parametrize(
    ("named", "listed", "share"),
    [
        (("Mail", "Mail"), 6, 1 / 6), (("Mail", "Old"), 6, 1 / 6), (("Old", "Old"), 6, 1 / 6), (("Mail", "Part 1"), 6, 2 / 6),
        (("Mail",), 20, 0.05), (("Mail",), 21, 0.05), (("Mail",), 19, 1 / 19), (("Mail",), 5, 0.2),
    ],
)  # fmt: skip
def test_each_part_counts_once_and_at_least_a_twentieth(named, listed, share):
    facts = make_facts(components=listed)
    assert metrics.component_share(facts, make_incident(components=named)) == pytest.approx(share)


def test_the_largest_share_and_the_worst_impact_make_a_joined_outage():
    start = NOW - 10 * DAY
    one = make_incident(
        1, started_at=start, resolved_at=start + HOUR, impact="minor", components=("Mail", "Part 1", "Part 2")
    )
    two = make_incident(
        2, started_at=start + HOUR, resolved_at=start + 3 * HOUR, impact="critical", components=("Mail",)
    )
    three = make_incident(
        3, started_at=start + 3 * HOUR + SECOND, resolved_at=start + 4 * HOUR, impact="minor", components=("Mail",)
    )
    first, second = metrics.outages(make_facts((two, one, three)), NOW)
    assert (first.start, first.end, first.hours, first.core, first.incidents) == (
        start,
        start + 3 * HOUR,
        3.0,
        True,
        (one, two),
    )
    assert first.share == pytest.approx(max(0.15 * 3 / 6, 1.0 / 6))
    assert (first.parts, first.least_hours, first.most_hours, first.is_open) == (0.5, 3.0, 3.0, False)
    assert (second.core, second.incidents) == (False, (three,))


@pytest.mark.parametrize("end_known", ["stated", "upper_bound", "unknown", "open"])
def test_how_long_a_joined_outage_can_have_lasted_depends_on_what_is_known_of_its_ends(end_known):
    start = NOW - 10 * HOUR
    one = make_incident(1, started_at=start, resolved_at=start + 2 * HOUR)
    end = None if end_known in ("unknown", "open") else start + 3 * HOUR
    two = make_incident(2, started_at=start + HOUR, resolved_at=end, end_known=end_known)
    (found,) = metrics.outages(make_facts((one, two)), NOW)
    lasted = {"stated": 3.0, "upper_bound": 3.0, "unknown": 2.0, "open": 10.0}[end_known]
    assert found.hours == found.least_hours == lasted
    assert found.most_hours == (3.0 if end_known in ("stated", "upper_bound") else None)
    assert found.end == (None if end_known == "open" else start + lasted * HOUR)
    assert found.is_open is (end_known == "open")


def test_an_outage_counts_from_the_first_second_of_the_window():
    window = Window(start=NOW - 10 * DAY, end=NOW, complete=True, reason="r")
    on = make_incident(1, days_ago=10, components=())
    before = make_incident(
        2, started_at=NOW - 10 * DAY - SECOND, resolved_at=NOW - 10 * DAY + 2 * HOUR - SECOND, components=()
    )
    for incident, there in ((on, True), (before, False)):
        facts = make_facts((incident,), window=window)
        assert bool(metrics.outages(facts, NOW)) is there
        assert (metrics.weighted_hours(facts, NOW, "typical") > 0) is there
    unbounded = make_facts((before,), window=Window(start=None, end=None, complete=False, reason="r"))
    assert metrics.outages(unbounded, NOW)
    assert metrics.weighted_hours(unbounded, NOW, "typical") == pytest.approx(1.0)
    assert metrics.window_years(unbounded) == 0.0


def test_short_ones_lose_hours_too_and_those_without_a_length_or_an_impact_none():
    day = NOW - 10 * DAY
    short = make_incident(1, started_at=day, resolved_at=day + MINUTE, components=())
    endless = make_incident(2, resolved_at=None, end_known="unknown", components=())
    harmless = make_incident(3, impact="none", components=())
    ahead = make_incident(4, started_at=NOW + SECOND, resolved_at=NOW + HOUR, components=())
    facts = make_facts((short, endless, harmless, ahead))
    assert metrics.weighted_hours(facts, NOW, "typical") == pytest.approx(0.5 / 60)
    begun = make_facts((make_incident(started_at=NOW, resolved_at=NOW + HOUR, components=()),))
    assert metrics.weighted_hours(begun, NOW, "typical") == 0.5


def test_equal_shares_at_once_count_once_and_go_on_until_the_last_ends():
    day = NOW - 10 * DAY
    rows = [
        make_incident(n, started_at=day + n * HOUR, resolved_at=day + (n + 2) * HOUR, components=()) for n in range(3)
    ]
    assert metrics.weighted_hours(make_facts(rows), NOW, "typical") == pytest.approx(4 * 0.5)
    apart = [
        make_incident(n, started_at=day + 3 * n * HOUR, resolved_at=day + (3 * n + 1) * HOUR, components=())
        for n in range(3)
    ]
    assert metrics.weighted_hours(make_facts(apart), NOW, "typical") == pytest.approx(3 * 0.5)


# The record in figures


def test_the_record_counts_what_was_published_and_measures_core_outages():
    rows = [
        make_incident(1, hours=1.0, components=()),
        make_incident(2, hours=4.0, components=()),
        make_incident(3, hours=5.0, components=()),
        make_incident(4, hours=9.0, impact="minor", components=()),
        make_incident(5, started_at=NOW, hours=None, components=()),
        make_incident(6, started_at=NOW + SECOND, hours=1.0, components=()),
        make_incident(7, hours=2.0, components=(), reported="press"),
    ]
    record = metrics.published_record(make_facts(rows, years=2.0), NOW, rto_hours=4.0)
    assert (record.incidents, record.outages, record.over_rto, record.open_now) == (5, 4, 1, 1)
    assert (record.longest_hours, record.median_hours) == (5.0, 3.0)
    assert record.p90_hours == pytest.approx(4.7)
    assert record.window_years == pytest.approx(2.0)
    lost = {one.preset: one.hours for one in record.accounting}
    assert lost == pytest.approx({"strict": 12 * 0.75 + 9 * 0.35, "typical": 12 * 0.5 + 9 * 0.15, "lenient": 12 * 0.3})
    assert [one.hours_per_year for one in record.accounting] == pytest.approx(
        [one.hours / 2 for one in record.accounting]
    )


def test_a_record_that_covers_nothing_has_no_rate():
    record = metrics.published_record(
        make_facts((make_incident(),), window=Window(start=None, end=None, complete=False, reason="r")),
        NOW,
        rto_hours=4.0,
    )
    assert record.window_years == 0.0
    assert [one.hours_per_year for one in record.accounting] == [None] * 3
    empty = metrics.published_record(make_facts(), NOW, rto_hours=4.0)
    assert (empty.longest_hours, empty.median_hours, empty.p90_hours, empty.open_now) == (None, None, None, 0)


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([1.0, 2.0, 4.0, 8.0], 0.0, 1.0), ([1.0, 2.0, 4.0, 8.0], 0.5, 3.0), ([1.0, 2.0, 4.0, 8.0], 0.9, 6.8),
        ([1.0, 2.0, 4.0, 8.0], 1.0, 8.0), ([1.0, 3.0], 0.25, 1.5),
    ],
)  # fmt: skip
def test_a_quantile_is_linear_between_neighbours(values, share, expected):
    assert metrics.quantile(values, share) == pytest.approx(expected)
