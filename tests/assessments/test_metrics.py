"""What the record shows, in figures: joined outages, lost hours, silences, promises, and nothing from the future."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.scoring import metrics
from tests.assessments.making import NOW, PAGE, make_facts, make_incident
from vendors.records import BackupAnswer, Maintenance, Observation, Update

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def posts(incident, *minutes, **fields):
    """The incident with human updates at those minutes after its start."""
    updates = tuple(
        Update(posted_at=incident.started_at + m * MINUTE, **({"elements": ("symptom",), "canned": False} | fields))
        for m in minutes
    )
    return msgspec.structs.replace(incident, updates=updates)


IMPACTS = [
    ("critical", 1.0, 1.0, 1.0),
    ("major", 0.75, 0.5, 0.3),
    ("minor", 0.35, 0.15, 0.0),
    ("none", 0.0, 0.0, 0.0),
    (None, 0.75, 0.5, 0.3),
]


@pytest.mark.parametrize(("impact", "strict", "typical", "lenient"), IMPACTS)
def test_an_impact_weighs_as_the_preset_says_and_an_unstated_one_as_major(impact, strict, typical, lenient):
    incident = make_incident(impact=impact)
    assert [metrics.impact_weight(incident, preset) for preset in metrics.PRESETS] == [strict, typical, lenient]
    assert metrics.is_core(incident) == (impact in ("major", "critical", None))


QUALIFYING = [
    ("five minutes", {"hours": 5 / 60}, True),
    ("just under five", {"hours": 4.99 / 60}, False),
    ("no impact", {"impact": "none"}, False),
    ("open", {"hours": None, "days_ago": 0.1}, True),
    ("in the future", {"days_ago": -1}, False),
    ("ended, nobody says when", {"resolved_at": None, "end_known": "unknown"}, True),
]


@pytest.mark.parametrize(
    ("fields", "expected"), [case[1:] for case in QUALIFYING], ids=[case[0] for case in QUALIFYING]
)
def test_what_counts_as_an_outage(fields, expected):
    assert metrics.qualifies(make_incident(**fields), NOW) is expected


JOINS = [
    ("overlapping", (0, 3), (2, 5), [5.0]),
    ("inside", (0, 5), (1, 2), [5.0]),
    ("adjoining", (0, 2), (2, 5), [5.0]),
    ("apart", (0, 2), (3, 5), [2.0, 2.0]),
]


@pytest.mark.parametrize(("one", "two", "lengths"), [case[1:] for case in JOINS], ids=[case[0] for case in JOINS])
def test_outages_that_touch_are_one(one, two, lengths):
    day = NOW - timedelta(days=10)
    rows = [
        make_incident(n, started_at=day + begin * HOUR, resolved_at=day + end * HOUR, updates=())
        for n, (begin, end) in enumerate((one, two))
    ]
    assert [outage.hours for outage in metrics.outages(make_facts(rows), NOW)] == lengths


def test_a_minor_incident_is_no_core_outage_and_does_not_lengthen_one():
    day = NOW - timedelta(days=10)
    major = make_incident(1, started_at=day, resolved_at=day + HOUR)
    minor = make_incident(2, started_at=day, resolved_at=day + 9 * HOUR, impact="minor")
    facts = make_facts((major, minor))
    assert [o.hours for o in metrics.outages(facts, NOW, core_only=True)] == [1.0]
    assert [o.hours for o in metrics.outages(facts, NOW)] == [9.0]


def test_a_known_issue_counts_for_thirty_days_at_most():
    facts = make_facts((make_incident(days_ago=400, hours=5350.0, gap=None),))
    assert metrics.outages(facts, NOW)[0].hours == 720.0
    assert metrics.weighted_hours(facts, NOW, "typical") == pytest.approx(720 * 0.5 / 6)


@pytest.mark.parametrize(("days", "stale"), [(13.9, False), (14.1, True)])
def test_an_incident_left_open_without_a_word_is_stale_and_kept_out(days, stale):
    incident = posts(make_incident(days_ago=days, hours=None), 0)
    assert metrics.is_stale_open(incident, NOW) is stale
    assert bool(metrics.outages(make_facts((incident,)), NOW)) is not stale


def test_an_open_outage_has_a_length_so_far_and_no_end():
    (outage,) = metrics.outages(make_facts((make_incident(days_ago=0.5, hours=None),)), NOW)
    assert (outage.is_open, outage.end, outage.hours) == (True, None, 12.0)


def test_an_outage_whose_end_nobody_knows_counts_without_a_length():
    (outage,) = metrics.outages(make_facts((make_incident(resolved_at=None, end_known="unknown"),)), NOW)
    assert (outage.is_open, outage.hours) == (False, None)
    record = metrics.published_record(
        make_facts((make_incident(resolved_at=None, end_known="unknown"),)), NOW, rto_hours=4
    )
    assert (record.outages, record.longest_hours, record.over_rto) == (1, None, 0)


def test_incidents_before_the_window_are_not_counted():
    facts = make_facts((make_incident(days_ago=800),), years=1)
    assert metrics.outages(facts, NOW) == []
    assert metrics.weighted_hours(facts, NOW, "strict") == 0


SHARES = [
    ("one of six", ("Mail",), 6, 1 / 6),
    ("none named", (), 6, 1.0),
    ("short list", ("Mail",), 4, 1.0),
    ("one of forty", ("Mail",), 40, 0.05),
    ("renamed since", ("Old mail", "Old chat"), 6, 2 / 6),
    ("more named than listed", tuple(f"Old {n}" for n in range(9)), 6, 1.0),
]


@pytest.mark.parametrize(("named", "listed", "share"), [case[1:] for case in SHARES], ids=[case[0] for case in SHARES])
def test_the_part_of_the_service_hit_is_the_share_of_components_named(named, listed, share):
    facts = make_facts(components=listed)
    assert metrics.component_share(facts, make_incident(components=named)) == pytest.approx(share)


def test_overlaps_count_once_at_the_larger_share():
    day = NOW - timedelta(days=10)
    minor = make_incident(1, started_at=day, resolved_at=day + 4 * HOUR, impact="minor", components=())
    major = make_incident(2, started_at=day + HOUR, resolved_at=day + 2 * HOUR, impact="major", components=())
    facts = make_facts((minor, major))
    assert metrics.weighted_hours(facts, NOW, "typical") == pytest.approx(3 * 0.15 + 1 * 0.5)
    assert metrics.weighted_hours(facts, NOW, "lenient") == pytest.approx(0.3)


SPANS = st.tuples(st.integers(0, 200), st.integers(1, 300), st.sampled_from(["minor", "major", "critical"]))


@settings(deadline=None)
@given(st.lists(SPANS, max_size=8), st.floats(0.01, 0.99))
def test_cutting_incidents_in_two_changes_no_figure(rows, cut):  # fmt: skip
    whole, halves = [], []
    for n, (begin, length, impact) in enumerate(rows):
        start = NOW - timedelta(days=30) + begin * HOUR / 10
        end = start + length * HOUR / 10
        middle = start + timedelta(seconds=round((end - start).total_seconds() * cut))
        row = make_incident(n, started_at=start, first_posted_at=start, resolved_at=end, impact=impact, updates=())
        whole.append(row)
        halves += [
            msgspec.structs.replace(row, id=f"a{n}", resolved_at=middle),
            msgspec.structs.replace(row, id=f"b{n}", started_at=middle, first_posted_at=middle),
        ]
    one, two = make_facts(whole), make_facts(halves)
    for preset in metrics.PRESETS:
        assert metrics.weighted_hours(one, NOW, preset) == pytest.approx(metrics.weighted_hours(two, NOW, preset))
    record = metrics.published_record(one, NOW, rto_hours=4)
    if all(length >= 30 and 0.1 < cut < 0.9 for _, length, _ in rows):  # no half is too short to be an outage
        again = metrics.published_record(two, NOW, rto_hours=4)
        assert (record.outages, record.over_rto, record.longest_hours) == (
            again.outages,
            again.over_rto,
            again.longest_hours,
        )


SILENCES = [
    ("steady", (0, 30, 60, 90), {}, [30, 30, 30, 30]),
    ("one post", (0,), {}, [120]),
    ("no post", (), {}, [120]),
    ("late first post", (50,), {}, [50, 70]),
    ("a post after the end", (0, 60, 600), {}, [60, 60]),
    ("end an upper bound", (0, 60), {"end_known": "upper_bound"}, [60]),
]


@pytest.mark.parametrize(
    ("minutes", "fields", "gaps"), [case[1:] for case in SILENCES], ids=[case[0] for case in SILENCES]
)
def test_silence_runs_from_the_notice_to_the_end(minutes, fields, gaps):
    assert metrics.gaps_minutes(posts(make_incident(**fields), *minutes), NOW) == gaps


def test_a_machines_post_starts_the_clock_and_breaks_no_silence():
    incident = posts(make_incident(), 0, 60, elements=(), automated=True)
    assert metrics.gaps_minutes(incident, NOW) == [120]
    assert metrics.human_updates(incident) == []


def test_a_post_mortem_is_no_update_of_the_incident():
    incident = posts(make_incident(), 60, state="postmortem")
    assert metrics.human_updates(incident) == []


@pytest.mark.parametrize(("impact", "minutes"), [("critical", 240), ("major", 120), ("minor", 60), (None, 120)])
def test_a_silence_is_judged_by_how_much_was_at_stake(impact, minutes):
    assert metrics.silence_minutes(posts(make_incident(impact=impact), 0), NOW) == minutes


@pytest.mark.parametrize(("minutes", "share"), [((0, 60), 1.0), ((0,), 0.5), ((0, 30), 0.75)])
def test_cover_is_the_share_of_time_with_news_of_the_last_hour(minutes, share):
    assert metrics.cover_share(posts(make_incident(), *minutes), NOW) == pytest.approx(share)


JUDGED = [
    ("fifteen minutes", {"hours": 0.25}, True),
    ("shorter", {"hours": 0.24}, False),
    ("posted after the fact", {"backfilled": True}, False),
    ("length not known", {"resolved_at": None, "end_known": "unknown"}, False),
    ("no impact", {"impact": "none"}, False),
]


@pytest.mark.parametrize(("fields", "judged"), [case[1:] for case in JUDGED], ids=[case[0] for case in JUDGED])
def test_whose_communication_is_judged(fields, judged):
    assert bool(metrics.talked_about(make_facts((make_incident(**fields),)), NOW)) is judged


def test_an_incident_without_a_post_is_judged_where_others_have_some():
    silent, told = make_incident(1, updates=()), make_incident(2)
    assert metrics.talked_about(make_facts((silent,)), NOW) == []
    assert len(metrics.talked_about(make_facts((silent, told)), NOW)) == 2


PROMISES = [
    ("in time", (0, 30), {}, [True]),
    ("five minutes late", (0, 35), {}, [True]),
    ("later", (0, 36), {}, [False]),
    ("never", (0,), {}, [False]),
    ("never collected", (0,), {"end_known": "upper_bound"}, [None]),
]


@pytest.mark.parametrize(
    ("minutes", "fields", "kept"), [case[1:] for case in PROMISES], ids=[case[0] for case in PROMISES]
)
def test_a_promise_is_kept_by_the_next_post(minutes, fields, kept):
    incident = posts(make_incident(**fields), *minutes)
    first = msgspec.structs.replace(incident.updates[0], promised_at=incident.started_at + 30 * MINUTE)
    facts = make_facts((msgspec.structs.replace(incident, updates=(first, *incident.updates[1:])),))
    assert [promise.kept for promise in metrics.promises(facts, NOW, slack_minutes=5)] == kept


def test_a_promise_whose_time_has_not_come_is_undecided():
    incident = posts(make_incident(days_ago=1 / 24, hours=None), 50)
    waiting = msgspec.structs.replace(incident.updates[0], promised_at=NOW + 10 * MINUTE)
    facts = make_facts((msgspec.structs.replace(incident, updates=(waiting,)),))
    assert [promise.kept for promise in metrics.promises(facts, NOW, slack_minutes=5)] == [None]


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.5, None), ([7.0], 0.9, 7.0), ([1.0, 3.0], 0.5, 2.0), ([1.0, 2.0, 3.0], 1.0, 3.0)],
)
def test_a_quantile_lies_between_its_neighbours(values, share, expected):
    assert metrics.quantile(values, share) == expected


def test_words_in_another_language_are_not_known_rather_than_empty():
    foreign = Update(
        posted_at=NOW, text="Wir untersuchen weiterhin die Störung bei der Anmeldung und melden uns bald wieder."
    )
    assert metrics.elements_of(foreign) is None
    assert metrics.canned_of(foreign) is None


def dated():
    """A record with something of every kind, early and late."""
    early, late = NOW - timedelta(days=100), NOW - timedelta(days=1)
    explained = posts(make_incident(5, days_ago=100), 0, 30)
    report = Update(posted_at=late, state="postmortem", elements=())
    explained = msgspec.structs.replace(explained, updates=(*explained.updates, report), postmortem_url=f"{PAGE}/5")
    return make_facts(
        (explained, make_incident(1, days_ago=50.05, hours=5), make_incident(2, days_ago=10)),
        maintenances=tuple(
            Maintenance(id=f"m{at:%j}", title="Work", announced_at=at, scheduled_for=at, completed_at=NOW) for at in (early, late)
        ),
        backup=(BackupAnswer(item="B1", answer="yes", answered_at=early), BackupAnswer(item="B5", answer="yes", answered_at=late)),
        openness=(Observation(check="history-reach", outcome="pass", observed_at=early, value=700.0),),
    )  # fmt: skip


@settings(deadline=None)
@given(st.floats(-5, 130))
def test_nothing_of_the_future_is_left_at_any_time(days_ago):
    at = NOW - timedelta(days=days_ago)
    known = metrics.as_known(dated(), at)
    assert all(i.started_at <= at and (i.first_posted_at or at) <= at for i in known.incidents)
    assert all(i.resolved_at is None or i.resolved_at <= at for i in known.incidents)
    assert all(update.posted_at <= at for i in known.incidents for update in i.updates)
    assert all(m.announced_at <= at and (m.completed_at is None or m.completed_at <= at) for m in known.maintenances)
    assert all(answer.answered_at <= at for answer in known.backup)
    assert known.window.end is None or known.window.end <= at
    assert metrics.as_known(known, at) == known


def test_a_report_published_later_was_not_known_before():
    at = NOW - timedelta(days=60)
    assert metrics.as_known(dated(), at).incidents[0].postmortem_url is None
    assert metrics.as_known(dated(), NOW).incidents[0].postmortem_url


def test_an_outage_under_way_is_open_again():
    at = NOW - timedelta(days=50)
    known = metrics.as_known(dated(), at).incidents[-1]
    assert (known.id, known.end_known, known.resolved_at) == ("i1", "open", None)


def test_an_observation_made_later_stands_in_where_none_is_older():
    facts = make_facts(openness=(Observation(check="access", outcome="pass", observed_at=NOW),))
    assert metrics.as_known(facts, NOW - timedelta(days=9)).openness == facts.openness


def test_before_the_record_nothing_is_covered():
    known = metrics.as_known(dated(), NOW - timedelta(days=3000))
    assert (known.incidents, known.window.start, metrics.window_years(known)) == ((), None, 0.0)
