"""What was said during an outage and when: silences, fresh news, promises, and which incidents speak for today's habit."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.scoring import communication
from assessments.scoring.reading import read_words
from tests.assessments.making import NOW, PAGE, make_facts, make_incident, posts
from vendors.records import Component, Page, Update

MINUTE = timedelta(minutes=1)


SILENCES = [
    ("steady", (0, 30, 60, 90), {}, [30, 30, 30, 30]),
    ("one post", (0,), {}, [120]),
    ("no post", (), {}, [120]),
    ("late first post", (50,), {}, [50, 70]),
    ("a post after the end", (0, 60, 600), {}, [60, 60]),
    ("end an upper bound: judged to half an hour before", (0, 60), {"end_known": "upper_bound"}, [60, 30]),
    ("one post and an upper bound", (0,), {"end_known": "upper_bound"}, [90]),
    ("a post in the last half-hour of a bound", (0, 100), {"end_known": "upper_bound"}, [100]),
]


@pytest.mark.parametrize(
    ("minutes", "fields", "gaps"), [case[1:] for case in SILENCES], ids=[case[0] for case in SILENCES]
)
def test_silence_runs_from_the_notice_to_the_end(minutes, fields, gaps):
    assert communication.gaps_minutes(posts(make_incident(**fields), *minutes), NOW) == gaps


def test_a_machines_post_starts_the_clock_and_breaks_no_silence():
    incident = posts(make_incident(), 0, 60, elements=(), automated=True)
    assert communication.gaps_minutes(incident, NOW) == [120]
    assert communication.human_updates(incident) == []


def test_a_post_mortem_is_no_update_of_the_incident():
    incident = posts(make_incident(), 60, state="postmortem")
    assert communication.human_updates(incident) == []


@pytest.mark.parametrize(("impact", "minutes"), [("critical", 240), ("major", 120), ("minor", 60), (None, 120)])
def test_a_silence_is_judged_by_how_much_was_at_stake(impact, minutes):
    assert communication.silence_minutes(posts(make_incident(impact=impact), 0), NOW) == minutes


@pytest.mark.parametrize(("minutes", "share"), [((0, 60), 1.0), ((0,), 0.5), ((0, 30), 0.75)])
def test_cover_is_the_share_of_time_with_news_of_the_last_hour(minutes, share):
    assert communication.cover_share(posts(make_incident(), *minutes), NOW) == pytest.approx(share)


JUDGED = [
    ("fifteen minutes", {"hours": 0.25}, True),
    ("shorter", {"hours": 0.24}, False),
    ("posted after the fact", {"backfilled": True}, False),
    ("length not known", {"resolved_at": None, "end_known": "unknown"}, False),
    ("no impact", {"impact": "none"}, False),
]


@pytest.mark.parametrize(("fields", "judged"), [case[1:] for case in JUDGED], ids=[case[0] for case in JUDGED])
def test_whose_communication_is_judged(fields, judged):
    assert bool(communication.talked_about(make_facts((make_incident(**fields),)), NOW)) is judged


def test_an_incident_without_a_post_is_judged_where_others_have_some():
    silent, told = make_incident(1, updates=()), make_incident(2)
    assert communication.talked_about(make_facts((silent,)), NOW) == []
    assert len(communication.talked_about(make_facts((silent, told)), NOW)) == 2


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
    assert [promise.kept for promise in communication.promises(facts, NOW, slack_minutes=5)] == kept


def test_a_promise_whose_time_has_not_come_is_undecided():
    incident = posts(make_incident(days_ago=1 / 24, hours=None), 50)
    waiting = msgspec.structs.replace(incident.updates[0], promised_at=NOW + 10 * MINUTE)
    facts = make_facts((msgspec.structs.replace(incident, updates=(waiting,)),))
    assert [promise.kept for promise in communication.promises(facts, NOW, slack_minutes=5)] == [None]


LATELY = [
    ("all young", [1, 2, 3], [1, 2, 3]),
    ("twelve young, two old", [*range(1, 13), 800, 900], [*range(1, 13)]),
    ("nine young, three old: ten in all", [*range(1, 10), 800, 900, 1000], [*range(1, 10), 800]),
    ("silent for three years: the last ten", [*range(1100, 1115)], [*range(1100, 1110)]),
    ("none", [], []),
]


@pytest.mark.parametrize(("ages", "kept"), [case[1:] for case in LATELY], ids=[case[0] for case in LATELY])
def test_the_last_two_years_speak_for_the_habit_and_never_fewer_than_ten_incidents(ages, kept):
    incidents = [make_incident(n, days_ago=age) for n, age in enumerate(ages)]
    found = communication.lately(make_facts(tuple(incidents), years=4), incidents, NOW)
    assert [round((NOW - one.started_at).days) for one in found] == kept


@pytest.mark.parametrize(("days", "weight"), [(0, 1.0), (365.25, 0.5), (730.5, 0.25), (-1, 1.0)])
def test_an_incident_counts_half_as_much_a_year_later(days, weight):
    assert communication.recency(make_incident(days_ago=days), NOW) == pytest.approx(weight)


QUANTILES = [
    ("none", [], 0.5, None),
    ("one", [(7.0, 0.2)], 0.9, 7.0),
    ("between two", [(1.0, 1.0), (3.0, 1.0)], 0.5, 2.0),
    ("three", [(3.0, 1.0), (1.0, 1.0), (2.0, 1.0)], 0.5, 2.0),
    ("ninety of a hundred", [(float(n), 1.0) for n in range(1, 101)], 0.9, 90.5),
    ("the heavier one", [(1.0, 1.0), (3.0, 0.5)], 0.5, 1.0),
    ("all of it", [(1.0, 1.0), (3.0, 0.5)], 1.0, 3.0),
]


@pytest.mark.parametrize(
    ("pairs", "share", "value"), [case[1:] for case in QUANTILES], ids=[case[0] for case in QUANTILES]
)
def test_a_weighted_quantile_has_that_share_of_the_weight_below_it(pairs, share, value):
    assert communication.weighted_quantile(pairs, share) == value


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.floats(0, 1e4), st.floats(0.01, 1)), min_size=1, max_size=20),
    st.integers(0, 19),
    st.floats(0, 1e3),
    st.floats(0, 1),
)
def test_a_longer_silence_never_shortens_the_typical_one(pairs, place, more, share):
    place %= len(pairs)
    longer = [(v + more if n == place else v, w) for n, (v, w) in enumerate(pairs)]
    before, after = (communication.weighted_quantile(p, share) for p in (pairs, longer))
    assert after >= before - 1e-9


OPEN = [
    ("none promised", (0, 30), (), 0.0),
    ("half the time", (0, 60), ((0, 60),), 0.5),
    ("one after the other", (0, 60), ((0, 60), (1, 120)), 1.0),
    ("overlapping promises count once", (0, 30), ((0, 60), (1, 60)), 0.5),
    ("beyond the end counts to the end", (0,), ((0, 600),), 1.0),
]


@pytest.mark.parametrize(("minutes", "made", "share"), [case[1:] for case in OPEN], ids=[case[0] for case in OPEN])
def test_promised_time_is_the_share_of_the_outage_with_news_promised(minutes, made, share):
    incident = posts(make_incident(hours=2.0), *minutes)
    updates = list(incident.updates)
    for place, due in made:
        updates[place] = msgspec.structs.replace(updates[place], promised_at=incident.started_at + due * MINUTE)
    told = msgspec.structs.replace(incident, updates=tuple(updates))
    assert communication.promised_share(told, NOW) == pytest.approx(share)


@pytest.mark.parametrize("fields", [{"resolved_at": None, "end_known": "unknown"}, {"updates": ()}])
def test_promised_time_is_not_known_without_a_length_or_without_words(fields):
    assert communication.promised_share(make_incident(**fields), NOW) is None


def _said(text):
    page = Page(
        url=PAGE,
        platform="statuspage",
        name="Status",
        access="public",
        components=(Component(id="1", name="Quokka Store"),),
    )
    incident = make_incident(hours=None, days_ago=1, components=())
    incident = msgspec.structs.replace(incident, updates=(Update(posted_at=incident.started_at, text=text),))
    return read_words(make_facts((incident,), pages=(page,))).incidents[0].updates[0]


def test_words_are_read_with_the_pages_own_components_and_the_time_of_the_post():
    update = _said("Writes to quokka store fail with errors. We will provide an update within 30 minutes.")
    assert {"component", "symptom", "next_update"} <= set(update.elements)
    assert update.canned is False
    assert update.promised_at == update.posted_at + 30 * MINUTE
    assert update.text


def test_words_in_another_language_are_not_known_rather_than_empty():
    update = _said("Wir untersuchen weiterhin die Störung bei der Anmeldung und melden uns bald wieder.")
    assert update.elements is None
    assert communication.elements_of(update) is None
    assert update.canned is None


def test_facts_that_carry_elements_are_left_as_they_are():
    facts = make_facts((make_incident(),))
    assert read_words(facts) is facts
