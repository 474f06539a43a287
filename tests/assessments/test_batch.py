"""Many vendors at once: the same answers as the plain functions, to the ninth digit, whatever the record."""

from __future__ import annotations

import random
import subprocess
import sys
from math import inf

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.forecast import arrivals, durations, exceedance
from assessments.forecast.batch import Outlook, columns, outlook
from assessments.forecast.disclosure import TIERS
from assessments.forecast.fitting import (
    fit_duration,
    fit_rate,
    half_life_of,
    panel_prior,
    shipped,
    weighed,
)
from assessments.forecast.history import Event, History, history
from assessments.scoring.rubric import rubric
from vendors.catalogue import index

WITHIN = 1e-9
Share = tuple[float, float] | None
SHARES_PUBLISHED: list[Share] = [None, *(tuple(rubric()["forecast"]["disclosure"][tier]) for tier in TIERS)]
AGES = st.floats(0, 20)
SHARES = st.one_of(st.just(0.0), st.floats(1e-6, 1))
HOURS = st.floats(0, 2000)
CLOSED = st.builds(lambda age, share, hours: Event(age, share, hours, hours), AGES, SHARES, HOURS)
OPEN = st.builds(lambda age, share, least: Event(age, share, least, inf), AGES, SHARES, HOURS)
BETWEEN = st.builds(
    lambda age, share, least, times: Event(age, share, least, least * times),
    AGES,
    SHARES,
    st.floats(0.1, 500),
    st.floats(1.1, 50),
)
HISTORIES = st.builds(
    History,
    st.lists(st.one_of(CLOSED, CLOSED, OPEN, BETWEEN), max_size=12).map(tuple),
    st.one_of(st.just(0.0), st.floats(1e-6, 20)),  # none, or half a minute and more
)


def plain(past: History, hours: float, published: tuple[float, float] | None = None) -> tuple[float, ...]:
    """The same figures from the functions that define them, in the order of `Outlook`."""
    prior, settings = panel_prior(), shipped()
    ((_, rate),) = fit_rate(past, prior)
    duration = fit_duration(past, prior)
    half_life = half_life_of(past, settings)
    exposure = arrivals.exposure(past.years, half_life)
    kept = (prior.beta + settings.discount * exposure) / (prior.beta + exposure)
    count = sum(weighed(past, settings))
    swing = settings.year_log_sd**2 * past.years / (past.years + prior.beta)
    # the trend is what moved the rate's mean, beside the prior and the year's swing
    trend = rate.mean / numpy.exp(swing / 2) * kept * (prior.beta + exposure) / (kept * (prior.alpha + count))
    mixture = fit_rate(past, prior, published)
    chance = exceedance.longer(mixture, duration, hours, 1.0, settings.drift_of(past, prior))
    return count, exposure, trend, duration.mean, duration.variance, chance


def rows(found: Outlook) -> numpy.ndarray:
    """One row a vendor."""
    return numpy.column_stack((found.count, found.exposure, found.trend, found.mean, found.variance, found.chance))


def assert_agree(histories: list[History], hours: float, published: list[Share] | None = None) -> None:
    shares = published or [None] * len(histories)
    expected = [plain(past, hours, share) for past, share in zip(histories, shares, strict=True)]
    found = outlook(columns(histories), hours, published)
    numpy.testing.assert_allclose(rows(found), expected, rtol=WITHIN, atol=WITHIN)


@given(st.lists(HISTORIES, min_size=1, max_size=6), st.floats(0, 1000))
def test_the_batch_agrees_with_the_plain_functions_on_any_record(histories, hours):
    assert_agree(histories, hours)


def made(source: random.Random) -> History:
    """A record such as pages have: up to eight years, lengths log-normal, one event in thirty without a known length."""
    years = source.choice((0.0, source.uniform(0.05, 8)))
    events = []
    for _ in range(source.choice((0, 1, 3, 40, 200))):
        hours = source.lognormvariate(0.8, 1.3)
        known = source.random()
        least, most = (hours, inf) if known < 0.02 else (0.0, inf) if known < 0.03 else (hours, hours)
        events.append(Event(source.uniform(0, years), source.choice((1.0, 0.05, source.random())), least, most))
    return History(tuple(events), years)


@pytest.mark.parametrize("hours", [0.25, 4.0, 72.0])
def test_the_batch_agrees_on_four_hundred_records_such_as_pages_have(hours):
    source = random.Random(20110510)
    assert_agree([made(source) for _ in range(400)], hours)


@pytest.mark.parametrize("view", ["typical", "any"])
def test_the_batch_agrees_on_every_bundled_vendor(view):
    facts = [index.load(row.slug) for row in index.bundled()]
    assert_agree([history(one, one.as_of, one.as_of, view=view) for one in facts], 4.0)


ODD = {
    "no events": History((), 5.0),
    "no events and no years": History((), 0.0),
    "an event and no years": History((Event(0.0, 1.0, 2.0, 2.0),), 0.0),
    "one event": History((Event(1.0, 1.0, 2.0, 2.0),), 3.0),
    "shorter than the half-life": History((Event(0.2, 1.0, 2.0, 2.0), Event(0.9, 0.5, 8.0, 8.0)), 0.95),
    "as long as the half-life": History((Event(0.2, 1.0, 2.0, 2.0), Event(1.0, 0.5, 8.0, 8.0)), 1.0),
    "a hair longer": History((Event(0.2, 1.0, 2.0, 2.0), Event(1.0, 0.5, 8.0, 8.0)), 1.0001),
    "an event just a year old": History((Event(1.0, 1.0, 2.0, 2.0), Event(1.0000001, 1.0, 2.0, 2.0)), 4.0),
    "all open": History(tuple(Event(age, 1.0, 10.0 * age, inf) for age in (0.1, 0.5, 2.0)), 3.0),
    "open beyond the cap": History((Event(0.1, 1.0, 900.0, inf), Event(0.5, 1.0, 1.0, 1.0)), 3.0),
    "no length known": History((Event(0.1, 1.0, 0.0, inf), Event(0.5, 1.0, 0.0, inf)), 3.0),
    "an end bounded from above": History((Event(0.1, 1.0, 0.0, 6.0), Event(0.5, 1.0, 3.0, 3.0)), 3.0),
    "an end bounded on both sides": History((Event(0.1, 1.0, 2.0, 6.0), Event(0.5, 1.0, 3.0, inf)), 3.0),
    "bounds that are one length": History((Event(0.1, 1.0, 0.0, 0.01), Event(0.2, 1.0, 800.0, 900.0)), 3.0),
    "shares of nothing": History((Event(0.1, 0.0, 2.0, 2.0), Event(0.5, 0.0, 5.0, 5.0)), 3.0),
    "open shares of nothing": History((Event(0.1, 0.0, 2.0, inf), Event(0.5, 0.0, 5.0, inf)), 3.0),
    "shorter than a minute": History((Event(0.1, 1.0, 0.0, 0.0), Event(0.5, 1.0, 0.001, 0.001)), 3.0),
    "longer than the cap": History((Event(0.1, 1.0, 5000.0, 5000.0),), 3.0),
    "nothing but the last year": History(tuple(Event(0.05 * n, 1.0, 1.0, 1.0) for n in range(19)), 10.0),
    "nothing in the last year": History(tuple(Event(1.5 + 0.05 * n, 1.0, 1.0, 1.0) for n in range(99)), 10.0),
}


@pytest.mark.parametrize("past", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("hours", [0.0, 1 / 60, 4.0, 720.0])
def test_the_batch_agrees_on_odd_records_alone(past, hours):
    assert_agree([past], hours)


def test_the_batch_agrees_on_odd_records_together():
    assert_agree(list(ODD.values()), 4.0)


@pytest.mark.parametrize("hours", [0.0, 4.0])
def test_the_batch_agrees_where_not_all_is_published(hours):
    histories = [past for past in ODD.values() for _ in SHARES_PUBLISHED]
    assert_agree(histories, hours, SHARES_PUBLISHED * len(ODD))


def test_the_batch_agrees_on_more_vendors_that_hide_some_than_it_takes_at_once():
    source = random.Random(2)
    histories = [made(source) for _ in range(600)]
    assert_agree(histories, 4.0, [source.choice(SHARES_PUBLISHED[1:]) for _ in histories])


@given(st.lists(st.tuples(HISTORIES, st.sampled_from(SHARES_PUBLISHED)), min_size=1, max_size=3))
def test_the_batch_agrees_on_any_record_of_which_any_share_is_published(vendors):
    assert_agree([past for past, _ in vendors], 4.0, [share for _, share in vendors])


def test_no_vendors_have_no_outlook():
    assert rows(outlook(columns([]), 4.0)).shape == (0, 6)


def test_a_vendor_alone_comes_out_as_among_others():
    source = random.Random(1)
    together = columns([made(source) for _ in range(50)])
    among = rows(outlook(together, 4.0))
    for place in range(50):
        numpy.testing.assert_allclose(rows(outlook(together.of(place), 4.0))[0], among[place], rtol=WITHIN)


def test_columns_give_back_the_histories_they_were_made_from():
    histories = list(ODD.values())
    together = columns(histories)
    assert [together.history(place) for place in range(len(histories))] == histories


def test_the_columns_asked_about_stay_as_they_are():
    given_columns = columns(list(ODD.values()))
    before = [getattr(given_columns, name).copy() for name in ("vendor", "age", "share", "least", "most", "years")]
    outlook(given_columns, 4.0)
    after = [getattr(given_columns, name) for name in ("vendor", "age", "share", "least", "most", "years")]
    assert all(numpy.array_equal(one, other) for one, other in zip(before, after, strict=True))


def test_an_outage_that_counts_for_nothing_says_nothing_of_lengths():
    assert durations.pool([1.0], [0.0], mean=0.8, variance=1.5, between=0.3) == durations.LogDuration(0.8, 1.8)


def test_importing_the_batch_loads_no_numpy():
    code = "import sys, assessments.forecast.batch; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
