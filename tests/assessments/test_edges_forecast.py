"""Where a rule of the forecast turns, and the formulas of the method held to their own figures."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from math import exp, inf, log, sqrt

import pytest
from scipy import stats

from assessments.forecast import arrivals, baseline, disclosure, durations, engine, exceedance, fitting, gamma, hours
from assessments.forecast.arrivals import Rate
from assessments.forecast.history import Event, History, counts_by_component, history, touching, unknown_components
from tests.assessments.making import NOW, PAGE, make_facts, make_incident
from vendors.records import Observation, Window

DAY = timedelta(days=1)
RECORD = tuple(make_incident(n) for n in range(1, 12))


def ids(cases):
    return [case[0] for case in cases]


def test_recency_trend_and_exposure_follow_their_formulas():
    assert arrivals.weights([0, 1, 3], 1.0) == [1.0, 0.5, 0.125]
    assert arrivals.exposure(2.0, 1.0) == pytest.approx(0.75 / log(2))
    law = {"kappa": 5.0, "floor": 0.2, "ceiling": 4.0}
    assert arrivals.trend(10, 5, **law) == pytest.approx(1.5)
    assert (arrivals.trend(0, 95, **law), arrivals.trend(95, 0, **law)) == (0.2, 4.0)


def test_the_discount_grows_with_the_record_and_keeps_the_mean():
    rate = arrivals.tempered(4, 2.0, alpha=1.0, beta=0.5, discount=0.6, trend=2.0)
    kept = (0.5 + 0.6 * 2) / 2.5
    assert (rate.alpha, rate.beta) == (pytest.approx(kept * 5), pytest.approx(kept * 2.5 / 2))
    assert arrivals.tempered(0, 0, alpha=1.0, beta=0.5, discount=0.6) == Rate(1.0, 0.5)


def test_a_year_that_varies_raises_mean_and_spread_of_the_rate():
    made = arrivals.next_year(Rate(3.0, 2.0), 0.6)
    assert made.mean == pytest.approx(1.5 * exp(0.18))
    assert 1 / made.alpha == pytest.approx(1 / 3 + exp(0.36) - 1)
    still = arrivals.next_year(Rate(3.0, 2.0), 0.0)
    assert (still.alpha, still.beta) == (pytest.approx(3.0), pytest.approx(2.0))


@pytest.mark.parametrize(("years", "half_life"), [(1.0, inf), (1.01, 1.0), (0.2, inf)])
def test_a_record_no_longer_than_the_half_life_is_not_weighed(years, half_life):
    assert fitting.half_life_of(History((), years), fitting.shipped()) == half_life


def test_a_trend_needs_a_record_longer_than_the_half_life():
    young, old = (Event(age=age, share=1.0, least=1.0, most=1.0) for age in (1.0, 1.5))
    weighed = fitting.shipped()
    assert fitting._trend(History((young,), 1.0), 1.0, 1.0, inf, weighed) == 1.0
    assert fitting._trend(History((young, old), 3.0), 2.0, 1.0, 1.0, weighed) == pytest.approx((1 + 5) / (2 + 5))


LENGTHS = [
    ("nothing", 0.0, log(1 / 60)),
    ("seconds", 0.001, log(1 / 60)),
    ("an hour", 1.0, 0.0),
    ("beyond the cap", 900.0, log(720)),
    ("no end", inf, inf),
]


@pytest.mark.parametrize(("hours_", "logged"), [case[1:] for case in LENGTHS], ids=ids(LENGTHS))
def test_lengths_are_logged_between_a_minute_and_the_cap(hours_, logged):
    assert fitting._log(hours_, 720.0) == pytest.approx(logged)


def test_a_stated_length_weighs_by_its_age_and_an_open_one_is_a_bound():
    prior = fitting.panel_prior()
    stated = Event(age=0.0, share=1.0, least=8.0, most=8.0)
    alone = fitting.fit_duration(History((stated,), 0.5), prior)
    law = {"mean": prior.log_mean, "variance": prior.log_variance, "between": prior.log_between}
    assert alone == durations.pool([log(8)], [1.0], **law)
    assert fitting.fit_duration(History((Event(0.0, 1.0, 0.0, inf),), 0.5), prior) == durations.pool([], [], **law)
    open_ = fitting.fit_duration(History((Event(0.0, 0.5, 8.0, inf),), 0.5), prior)
    assert open_ == durations.pool_bounded([], [], [(log(8), inf, 0.5)], **law)
    between = fitting.fit_duration(History((Event(0.0, 1.0, 4.0, 8.0),), 0.5), prior)
    assert between == durations.pool_bounded([], [], [(log(4), log(8), 1.0)], **law)
    ended = fitting.fit_duration(History((Event(0.0, 0.5, 0.0, 8.0),), 0.5), prior)
    assert ended == durations.pool_bounded([], [], [(-inf, log(8), 0.5)], **law)


def test_siblings_say_what_a_part_goes_through():
    base, length = fitting.panel_prior(), durations.LogDuration(1.0, 2.0)
    told = {"parts": 2, "base": base, "duration": length}
    made = fitting.sibling_prior([(0.1,), ()], 1.0, at_most=9.0, **told)
    each = (0.30 + 1) / (0.15 + 2)
    assert made.alpha / made.beta == pytest.approx(2 * each)
    assert made.beta == pytest.approx(min(0.5 / (2 * each), 1.0))
    assert (made.log_mean, made.log_variance) == (1.0, 1.58)
    assert made.log_between == pytest.approx(0.05 + 2.0 - 1.58)
    capped = fitting.sibling_prior([(0.1,), ()], 1.0, at_most=0.2, **told)
    assert (capped.alpha, capped.beta) == (pytest.approx(0.2), 1.0)
    assert fitting.sibling_prior([], 1.0, at_most=9.0, **told) is base
    assert fitting.sibling_prior([(0.1,)], 0.0, at_most=9.0, **told) is base


def test_drift_is_what_the_prior_does_not_hold_already():
    weighed, prior = fitting.shipped(), fitting.panel_prior()
    assert weighed.drift_of(History((), 0.0), prior) == 0.0
    assert weighed.drift_of(History((), 0.85), prior) == pytest.approx(0.5 * sqrt(0.85))


def test_pooling_weighs_and_shrinks_by_effective_number():
    made = durations.pool([0.0, 3.0], [1.0, 0.5], mean=1.0, variance=2.0, between=0.5)
    effective = 1.5 * 1.5 / 1.25
    trust = 0.5 / (0.5 + 2.0 / effective)
    assert made.mean == pytest.approx(1 + trust * (1.0 - 1))
    assert made.variance == pytest.approx(2 + 0.5 * (1 - trust))
    other = durations.pool([3.0], [0.5], mean=1.0, variance=2.0, between=0.5)
    assert (other.mean, other.variance) == (pytest.approx(1.4), pytest.approx(2.4))


@pytest.mark.parametrize(("low", "high", "said"), [(1e6, inf, 1e6), (-inf, -1e6, -1e6)])
def test_a_bound_far_out_stands_for_itself(low, high, said):
    assert durations.LogDuration(0.8, 1.6).mean_log_between(low, high) == said


RIVALS = [
    ("none", (), 0.5, 0.0, 0.1),
    ("one last year", (Event(1.0, 1.0, 5.0, 5.0),), 1.5, 1.0, 0.9),
    ("half of one, long ago", (Event(1.1, 0.5, 5.0, inf),), 1.0, 0.5, 0.1),
    ("just as long", (Event(0.1, 1.0, 4.0, 4.0),), 0.5, 0.0, 0.1),
    ("at most so long", (Event(0.1, 1.0, 1.0, 5.0),), 1.5, 1.0, 0.9),
]


@pytest.mark.parametrize(("events", "laplace", "seen", "repeats"), [case[1:] for case in RIVALS], ids=ids(RIVALS))
def test_simple_rivals_count_what_was_longer(events, laplace, seen, repeats):
    past = History(events, 2.0)
    assert baseline.laplace(past, 4.0, 3.0) == pytest.approx(1 - exp(-3 * laplace / 2.5))
    assert baseline.maximum_likelihood(past, 4.0, 3.0) == pytest.approx(1 - exp(-3 * seen / 2))
    assert baseline.last_year_repeats(past, 4.0) == repeats
    assert baseline.maximum_likelihood(History(events, 0.0), 4.0) == 0.0


def test_the_chance_of_so_few_posts_is_a_negative_binomial_tail():
    size = 1 / (exp(0.45**2) - 1)
    for recent, prior in ((0, 12), (3, 30), (9, 30)):
        mean = prior / 3
        expected = stats.nbinom.cdf(recent, size, size / (size + mean))
        assert exceedance.break_chance(recent, prior, ratio=3, log_sd=0.45) == pytest.approx(expected)
    assert exceedance.break_chance(0, 0, ratio=3, log_sd=0.45) == 1.0


def test_the_share_published_is_weighed_as_its_formula_says():
    made = exceedance.disclosed(
        3, 2.0, alpha=0.3, beta=0.15, beta_a=8, beta_b=4, rate_of=lambda years: Rate(1.0, years)
    )
    raw = {
        c: c**7 * (1 - c) ** 3 * (0.15 / (0.15 + 2 * c)) ** 0.3 * (2 * c / (0.15 + 2 * c)) ** 3 for c in (0.25, 0.75)
    }
    weight = {round(rate.beta / 2, 2): weight for weight, rate in made}
    assert (len(made), sum(weight.values())) == (99, pytest.approx(1))
    assert weight[0.25] / weight[0.75] == pytest.approx(raw[0.25] / raw[0.75])


def test_the_worst_outage_is_exceeded_with_just_that_chance():
    mixture, length = ((0.3, Rate(2.0, 1.0)), (0.7, Rate(6.0, 1.0))), durations.LogDuration(0.8, 1.6)
    found = exceedance.worst(mixture, length, 2.0, 0.6, cap=720, drift=0.5)
    assert exceedance.longer(mixture, length, found, 2.0, 0.5) == pytest.approx(0.4, abs=1e-9)


@pytest.mark.parametrize(("shape", "x"), [(0.4, 0.1), (3.0, 3.9), (3.0, 4.1), (30.0, 60.0), (0.5, 8.0)])
def test_the_lower_gamma_agrees_with_scipy(shape, x):
    assert gamma.lower(shape, x) == pytest.approx(stats.gamma.cdf(x, shape), rel=1e-12)
    assert gamma.lower(shape, 0.0) == 0.0


def test_a_quantile_below_the_smallest_number_is_nearly_nothing():
    assert 0.0 < gamma.quantile(0.001, 0.001) <= 1e-300


def test_counts_are_poisson_small_and_large():
    for mean in (0.7, 59.0, 61.0, 300.0):
        source = random.Random(1)
        drawn = [hours._poisson(mean, source.random) for _ in range(3000)]
        middle = sum(drawn) / 3000
        assert middle == pytest.approx(mean, abs=4 * sqrt(mean / 3000))
        assert sum((n - middle) ** 2 for n in drawn) / 3000 == pytest.approx(mean, rel=0.12)


LEVELS = [
    ("high at its bars", 3.0, 20, 0.8, False, "high"),
    ("too short for high", 2.99, 20, 0.8, False, "medium"),
    ("too few for high", 3.0, 19, 0.8, False, "medium"),
    ("too hidden for high", 3.0, 20, 0.79, False, "medium"),
    ("medium at its bars", 1.0, 5, 0.6, False, "medium"),
    ("too few for medium", 1.0, 4, 0.6, False, "low"),
    ("too short for medium", 0.99, 5, 0.6, False, "low"),
    ("broken off", 9.0, 99, 0.9, True, "low"),
    ("half a year", 0.5, 0, 0.3, False, "low"),
    ("less than half a year", 0.49, 99, 0.9, False, "insufficient"),
    ("mostly hidden", 9.0, 99, 0.29, True, "insufficient"),
]


@pytest.mark.parametrize(("years", "n", "share", "broken", "level"), [case[1:] for case in LEVELS], ids=ids(LEVELS))
def test_confidence_turns_at_the_bars_of_the_rubric(years, n, share, broken, level):
    assert engine._confidence(years, n, share, broken=broken) == level


FLAGS = [
    (
        "half of the ends bounded",
        make_facts((make_incident(1), make_incident(2, end_known="upper_bound"))),
        "upper-bound-ends",
        False,
    ),
    ("most ends bounded", make_facts((make_incident(1, end_known="upper_bound"),)), "upper-bound-ends", True),
    ("a fifth unstated", make_facts((*RECORD[:4], make_incident(5, impact=None))), "impact-not-stated", False),
    ("more than a fifth unstated", make_facts((*RECORD[:3], make_incident(5, impact=None))), "impact-not-stated", True),
    ("a year of record", make_facts(RECORD, years=1.0), "short-record", False),
    ("less than a year", make_facts(RECORD, years=0.99), "short-record", True),
    ("nothing happened", make_facts(), "no-outages", True),
    ("log-in only", make_facts(RECORD, access="login"), "login-only", True),
    ("no page read", make_facts(RECORD, pages=()), "login-only", False),
    ("open", make_facts((make_incident(days_ago=1, hours=None),)), "open-now", True),
    ("open for long", make_facts((make_incident(days_ago=90, hours=None, gap=None),)), "stale-open", True),
    ("nobody watched", make_facts(RECORD), "independent-observer", False),
    ("record goes on", make_facts(RECORD), "record-ended", False),
]


@pytest.mark.parametrize(("facts", "flag", "is_set"), [case[1:] for case in FLAGS], ids=ids(FLAGS))
def test_a_flag_is_raised_by_what_it_names(facts, flag, is_set):
    assert (flag in engine.fit(facts, as_of=NOW).flags) is is_set


@pytest.mark.parametrize(("days", "ended"), [(30, False), (31, True)])
def test_a_record_that_stopped_a_month_ago_is_told(days, ended):
    assert ("record-ended" in engine.fit(make_facts(RECORD), as_of=NOW + days * DAY).flags) is ended


TIERED = [
    ("all of it", {}, {}, "open"),
    ("too short", {"years": 1.9}, {}, "partial"),
    ("two years", {"years": 2.0}, {}, "open"),
    ("no feed", {"openness": ()}, {}, "partial"),
    ("no post-mortem", {}, {"postmortem_url": None}, "partial"),
    ("log-in", {"access": "login"}, {}, "sparse"),
    ("unknown", {"access": "unknown"}, {}, "sparse"),
    ("no page", {"access": "none"}, {}, "none"),
    ("nothing read", {"pages": ()}, {}, "none"),
]


@pytest.mark.parametrize(("fields", "incident", "tier"), [case[1:] for case in TIERED], ids=ids(TIERED))
def test_what_pages_show_sets_how_much_is_taken_to_be_published(fields, incident, tier):
    feed = Observation(check="machine-readable-feed", outcome="pass", observed_at=NOW, url=PAGE)
    row = make_incident(**({"postmortem_url": PAGE} | incident))
    assert disclosure.tier_of(make_facts((row,), **({"openness": (feed,)} | fields))) == tier


@pytest.mark.parametrize(("tier", "next_"), [("open", "partial"), ("sparse", "none"), ("none", "none"), (None, None)])
def test_a_tier_lower_ends_at_the_lowest(tier, next_):
    assert disclosure.lower(tier) == next_


def test_breaks_are_looked_for_at_quarters_and_at_the_end():
    def at(year, month, day=1):
        return datetime(year, month, day, tzinfo=UTC)

    assert list(disclosure._looks(at(2024, 10), at(2025, 4))) == [at(2024, 10), at(2025, 1), at(2025, 4)]
    assert list(disclosure._looks(at(2025, 1, 2), at(2025, 4, 2))) == [at(2025, 4), at(2025, 4, 2)]
    assert list(disclosure._looks(at(2025, 4), at(2025, 4))) == [at(2025, 4)]
    assert list(disclosure._looks(at(2025, 4, 2), at(2025, 4))) == []


# what a forecast is fitted on


def test_an_outage_is_aged_and_shared_by_the_view():
    facts = make_facts((make_incident(1, days_ago=365.25, hours=3.0), make_incident(2, days_ago=0)), years=2.0)
    settled = NOW - DAY
    for view, share in (("typical", pytest.approx(1 / 6)), ("named", 1.0), ("any", 1.0)):
        (one,) = history(facts, NOW, settled, view=view).events
        assert (one.age, one.share) == (pytest.approx(364.25 / 365.25), share)
        assert (one.least, one.most) == (3.0, 3.0)
    assert history(facts, NOW, settled).years == pytest.approx(2 - 1 / 365.25)


def test_without_a_known_beginning_the_first_outage_opens_the_record():
    window = Window(start=None, end=None, complete=False, reason="made for a test")
    facts = make_facts((make_incident(1, days_ago=365.25), make_incident(2, days_ago=100)), window=window)
    past = history(facts, NOW, NOW)
    assert (past.years, len(past.events)) == (pytest.approx(1.0), 1)
    assert history(make_facts(window=window), NOW, NOW) == History((), 0.0)


def test_parts_are_found_whatever_their_case():
    rows = (make_incident(1), make_incident(2, components=("Chat",)), make_incident(3, components=()))
    facts = make_facts(rows)
    assert [one.id for one in touching(facts, ("mail",)).incidents] == ["i1", "i3"]
    assert [one.id for one in touching(facts, ("MAIL",), unnamed=False).incidents] == ["i1"]
    assert unknown_components(facts, ("mail", "chat", "PART 3", "Fax")) == ("Fax",)
    ages = counts_by_component(facts, NOW, NOW - 21 * DAY, ("Mail", "Chat", "Fax"))
    assert ages == {"Mail": (), "Chat": (pytest.approx(19 / 365.25),), "Fax": ()}
