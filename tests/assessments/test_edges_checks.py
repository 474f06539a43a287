"""Single checks to the point: the exact score their rule gives, and the edge at which it turns."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from scipy import stats

from assessments.scoring.checks import outages_around_changes, registry
from tests.assessments.making import NOW, PAGE, make_context, make_facts, make_incident
from vendors.records import Maintenance, Observation, Window

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def ids(cases):
    return [case[0] for case in cases]


# outages around announced work


@pytest.mark.parametrize(("count", "of", "chance"), [(1, 5, 0.2), (3, 10, 0.25), (10, 10, 0.5), (4, 7, 0.9)])
def test_luck_is_the_upper_tail_of_the_binomial(count, of, chance):
    assert outages_around_changes._at_least(count, of, chance) == pytest.approx(stats.binom.sf(count - 1, of, chance))


@pytest.mark.parametrize(("count", "chance", "luck"), [(0, 0.0, 1.0), (1, 1.0, 1.0), (1, 0.0, 0.0), (0, 0.3, 1.0)])
def test_luck_where_nothing_or_everything_is_near_work(count, chance, luck):
    assert outages_around_changes._at_least(count, 5, chance) == luck


def test_spans_around_work_join_where_they_touch_and_count_inside_the_window():
    def work(days, hours=0.0):
        at = NOW - days * DAY
        return Maintenance(id=f"m{days}", title="Work", scheduled_for=at, scheduled_until=at + hours * HOUR)

    context = make_context(
        make_facts(maintenances=(work(10), work(14), work(30, 24), work(0), work(-1)), years=100 / 365.25)
    )
    spans = outages_around_changes._around(context)
    assert [((NOW - begin) / DAY, (NOW - end) / DAY) for begin, end in spans] == [(32, 27), (16, 8), (2, -2)]
    assert outages_around_changes._share_of_time(spans, context) == pytest.approx((5 + 8 + 2) / 100)
    nothing = make_context(make_facts(window=Window(start=NOW, end=NOW, complete=True, reason="made for a test")))
    assert outages_around_changes._share_of_time(spans, nothing) == 1.0


REACH = [(730, 1.0), (729, 0.7), (365, 0.7), (364, 0.3), (90, 0.3), (89, 0.0)]


@pytest.mark.parametrize(("days", "score"), REACH)
def test_the_reach_of_a_page_earns_by_its_steps(days, score):
    seen = Observation(check="history-reach", outcome="pass", observed_at=NOW, value=float(days), url=PAGE)
    assert registry.BY_ID["history-reach"].evaluate(make_context(make_facts(openness=(seen,)))).score == score
    ahead = msgspec.structs.replace(seen, observed_at=NOW + DAY, value=days + 1.0)
    assert registry.BY_ID["history-reach"].evaluate(make_context(make_facts(openness=(ahead,)))).score == score


# single checks, to the point


def _seen(check, value):
    return make_facts(openness=(Observation(check=check, outcome="pass", observed_at=NOW, value=value, url=PAGE),))


def _rows(count, **fields):
    return tuple(make_incident(n, **fields) for n in range(1, count + 1))


DUE = (*_rows(2), make_incident(3, impact=None, hours=4.0))
EXACT = [
    ("longest-outage", "two and a quarter times the RTO", make_facts(_rows(3, hours=9.0)), 0.75),
    ("longest-outage", "none in a year", make_facts(years=1.0), 1.0),
    ("longest-outage", "none in less", make_facts(years=0.99), None),
    ("longest-outage", "a short record shows how bad it gets", make_facts(_rows(1, hours=24.0), years=0.2), 0.0),
    ("longest-outage", "and not how good it stays", make_facts(_rows(1, hours=23.0), years=0.2), None),
    ("record-over-rto", "none in a year", make_facts(years=1.0), 1.0),
    ("record-over-rto", "none in less", make_facts(years=0.99), None),
    ("record-over-rto", "just as long as the RTO", make_facts(_rows(3, hours=4.0)), 1.0),
    ("record-over-rto", "two in half a year", make_facts(_rows(2, hours=4.1), years=0.5), 0.5),
    ("record-over-rto", "two in two years", make_facts(_rows(2, hours=4.1), years=2.0), 0.75),
    ("post-mortems", "unstated impact, four hours", make_facts(DUE), None),
    (
        "post-mortems",
        "longer",
        make_facts((*DUE, make_incident(4, impact=None, hours=4.1, postmortem_url=PAGE))),
        0.666667,
    ),
    ("post-mortems", "one in four", make_facts((*_rows(3), make_incident(4, postmortem_url=PAGE))), 0.5),
    ("component-granularity", "one in four named", make_facts((make_incident(9), *_rows(3, components=()))), 0.75),
    ("component-granularity", "nothing happened", make_facts(), 1.0),
    ("component-granularity", "five parts", make_facts(_rows(4), components=5), 1.0),
    (
        "stated-times",
        "a quarter",
        make_facts((*_rows(6), *(make_incident(n, start_stated=True) for n in (7, 8)))),
        0.75,
    ),
    ("stated-times", "no end was seen", make_facts(_rows(5, start_stated=True, end_known="upper_bound")), 1.0),
    ("subscriptions", "mail", _seen("subscriptions", "email"), round(2 / 7, 6)),
    ("subscriptions", "feed", _seen("subscriptions", "RSS"), round(1 / 7, 6)),
    ("subscriptions", "two kinds of push are one", _seen("subscriptions", "Slack, webhook"), round(2 / 7, 6)),
    ("subscriptions", "SMS by part", _seen("subscriptions", "SMS, per component"), round(2 / 7, 6)),
    ("backfill-rate", "five told", make_facts((*_rows(4), make_incident(5, backfilled=True))), 0.8),
    ("median-update-gap", "four incidents", make_facts(_rows(4)), None),
]


@pytest.mark.parametrize(
    ("check", "facts", "score"), [(c, f, s) for c, _, f, s in EXACT], ids=[f"{c}: {w}" for c, w, _, _ in EXACT]
)
def test_a_check_earns_exactly_what_its_rule_says(check, facts, score):
    assert registry.BY_ID[check].evaluate(make_context(facts)).score == score


def test_a_share_that_was_seen_names_no_incidents_it_was_taken_of():
    seen = registry.BY_ID["honest-labels"].evaluate(make_context(_seen("honest-labels", 0.05)))
    assert seen.reason.startswith("5.0% of incidents are called none or minor")


@pytest.mark.parametrize(
    "check",
    ["accessibility", "independent-hosting", "language", "machine-readable-feed", "same-for-all", "uptime-figures"],
)
def test_what_nobody_could_look_at_is_withheld_and_what_was_seen_counts(check):
    seen = (Observation(check=check, outcome="pass", observed_at=NOW, url=PAGE),)
    judged = [
        make_facts(access="login"),
        make_facts(),
        make_facts(openness=seen),
        make_facts(access="login", openness=seen),
    ]
    scores = [registry.BY_ID[check].evaluate(make_context(facts)).score for facts in judged]
    assert scores == [0.0, None, 1.0, 1.0]
