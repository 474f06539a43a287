"""What the record shows, in figures: joined outages, lost hours, silences, promises, and nothing from the future."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import metrics
from tests.assessments.making import NOW, make_facts, make_incident, posts

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


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


@pytest.mark.parametrize(("days", "stale"), [(14.1, False), (14.2, True)])
def test_an_incident_left_open_without_a_word_counts_up_to_its_last_one(days, stale):
    incident = posts(make_incident(days_ago=days, hours=None), 0, 180)
    assert metrics.is_stale_open(incident, NOW) is stale
    (outage,) = metrics.outages(make_facts((incident,)), NOW)
    assert (outage.hours, outage.most_hours) == (None if stale else pytest.approx(days * 24), None)
    assert outage.least_hours == pytest.approx(3.0 if stale else days * 24)
    lost = metrics.weighted_hours(make_facts((incident,)), NOW, "typical")
    assert lost == pytest.approx(outage.least_hours * outage.share)


def test_a_post_mortem_is_no_word_that_the_outage_still_lasts():
    incident = posts(make_incident(days_ago=40, hours=None), 0, 60)
    late = msgspec.structs.replace(incident.updates[-1], posted_at=NOW, state="postmortem")
    written = msgspec.structs.replace(incident, updates=(*incident.updates, late))
    assert metrics.last_word(written) == metrics.last_word(incident)


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


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.5, None), ([7.0], 0.9, 7.0), ([1.0, 3.0], 0.5, 2.0), ([1.0, 2.0, 3.0], 1.0, 3.0)],
)
def test_a_quantile_lies_between_its_neighbours(values, share, expected):
    assert metrics.quantile(values, share) == expected
