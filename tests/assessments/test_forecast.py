"""The forecast: golden values of the method, properties, and what must not be gained by silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from math import inf, log

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from assessments.forecast import arrivals, durations, exceedance, gamma
from assessments.forecast.arrivals import Rate
from assessments.forecast.engine import fit, forecast, reporting_break
from tests.assessments.making import NOW, make_facts, make_incident
from vendors.catalogue import index

MAY_2011 = datetime(2011, 5, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def bpos():
    return index.load("microsoft-bpos-2011")


def test_pooled_durations_match_the_golden_value():
    pooled = durations.pool(
        [log(h) for h in (9, 0.75, 4.62, 3.8, 6.75)], [1.0] * 5, mean=0.82, variance=1.58, between=0.26
    )
    assert (pooled.mean, pooled.variance) == (pytest.approx(1.0533, abs=5e-5), pytest.approx(1.7226, abs=5e-5))


@pytest.mark.parametrize(("rto", "chance"), [(1, 0.9799), (4, 0.8932), (8, 0.7080), (24, 0.3198)])
def test_the_chance_for_bpos_matches_the_golden_values(bpos, rto, chance):
    assert forecast(bpos, as_of=MAY_2011, rto_hours=rto).p_exceed == pytest.approx(chance, abs=6e-5)


def test_hours_and_worst_outage_for_bpos_match_the_golden_values(bpos):
    made = forecast(bpos, as_of=MAY_2011, rto_hours=4)
    assert (made.n, made.exposure_years, made.confidence) == (7, pytest.approx(0.8), "low")
    assert (made.worst.p50, made.worst.p90) == (pytest.approx(13.9, abs=0.05), pytest.approx(89.2, abs=0.05))
    assert made.hours.mean == pytest.approx(76, abs=1)
    assert made.hours.p50 == pytest.approx(37, abs=1.5)
    assert made.hours.p10 == pytest.approx(8, abs=1)
    assert made.hours.p90 == pytest.approx(149, abs=8)


@pytest.mark.parametrize(("n", "beta_a", "beta_b", "chance"), [(2, 18, 2, 0.318), (0, 1, 9, 0.420), (0, 18, 2, 0.120)])
def test_the_disclosure_correction_matches_the_golden_values(n, beta_a, beta_b, chance):
    over = durations.LogDuration(0.74, 1.68).longer_than(4)
    mixture = exceedance.disclosed(
        n, 2.0, alpha=1.0, beta=0.25, beta_a=beta_a, beta_b=beta_b, rate_of=lambda years: Rate(1.0 + n, 0.25 + years)
    )
    assert exceedance.chance(mixture, over, 1.0) == pytest.approx(chance, abs=6e-4)


def test_weighted_exposure_matches_the_golden_value():
    assert arrivals.exposure(5, 2.0) == pytest.approx(2.3753, abs=5e-5)
    assert arrivals.exposure(5, inf) == 5
    assert arrivals.weights([0, 2, 7], inf) == [1, 1, 1]


@pytest.mark.parametrize("t", [-40, -3, -0.2, 0, 0.7, 2, 15, 400])
def test_student_t4_agrees_with_scipy(t):
    assert durations.t4_above(t) == pytest.approx(stats.t.sf(t, 4), rel=1e-10)


@pytest.mark.parametrize("chance", [1e-9, 0.01, 0.3, 0.5, 0.8, 0.999])
def test_student_t4_inverse_agrees_with_scipy(chance):
    assert durations.t4_exceeded_with(chance) == pytest.approx(stats.t.isf(chance, 4), rel=1e-7, abs=1e-9)


@settings(max_examples=150, deadline=None)
@given(st.floats(0.05, 400), st.floats(0.001, 0.999))
def test_gamma_quantiles_agree_with_scipy(shape, chance):
    assert gamma.quantile(shape, chance) == pytest.approx(stats.gamma.ppf(chance, shape), rel=1e-6, abs=1e-60)


def test_capped_mean_duration_agrees_with_a_numeric_integral():
    duration = durations.LogDuration(1.05, 1.72)
    steps = [(n + 0.5) / 20_000 for n in range(20_000)]
    assert duration.mean_hours(720) == pytest.approx(
        sum(min(duration.quantile_above(p), 720) for p in steps) / 20_000, rel=2e-3
    )


@settings(max_examples=60, deadline=None)
@given(st.floats(0.3, 60), st.floats(0.1, 20), st.floats(0, 1), st.floats(1.01, 5))
def test_the_chance_falls_with_length_and_exposure_and_grows_with_count_and_horizon(alpha, beta, over, more):
    rate = ((1.0, Rate(alpha, beta)),)
    here = exceedance.chance(rate, over, 1.0)
    assert exceedance.chance(rate, over / more, 1.0) <= here
    assert exceedance.chance(rate, over, more) >= here
    assert exceedance.chance(((1.0, Rate(alpha * more, beta)),), over, 1.0) >= here
    assert exceedance.chance(((1.0, Rate(alpha, beta * more)),), over, 1.0) <= here


def test_near_certain_disclosure_converges_to_none():
    def rate_of(years: float) -> Rate:
        return Rate(1.3 + 4, 0.15 + years)

    mixture = exceedance.disclosed(4, 2.0, alpha=1.3, beta=0.15, beta_a=100_000, beta_b=1, rate_of=rate_of)
    assert exceedance.chance(mixture, 0.3, 1.0) == pytest.approx(
        exceedance.chance(((1.0, rate_of(2.0)),), 0.3, 1.0), abs=0.01
    )


def test_no_record_gives_the_prior_with_insufficient_confidence():
    made = forecast(make_facts(years=0.0), as_of=NOW, rto_hours=4)
    assert made.n == 0
    assert made.confidence == "insufficient"
    assert 0.1 < made.p_exceed < 0.6


RECORD = tuple(make_incident(n, hours=1.0 + n % 7) for n in range(1, 30))


def test_the_order_of_incidents_and_the_zone_of_times_do_not_matter():
    east = timezone(timedelta(hours=9))
    shifted = tuple(
        msgspec.structs.replace(i, started_at=i.started_at.astimezone(east), resolved_at=i.resolved_at.astimezone(east))
        for i in reversed(RECORD)
    )
    assert forecast(make_facts(shifted), as_of=NOW, rto_hours=4) == forecast(make_facts(RECORD), as_of=NOW, rto_hours=4)


def test_the_band_holds_the_chance():
    made = forecast(make_facts(RECORD[:6]), as_of=NOW, rto_hours=4)
    assert made.band80[0] < made.p_exceed < made.band80[1]
    assert [point.p for point in made.curve] == sorted((point.p for point in made.curve), reverse=True)


@pytest.mark.parametrize("count", [0, 1, 5, 20])
@pytest.mark.parametrize("hidden", ["login", "none", "unknown"])
def test_going_dark_never_lowers_the_chance(count, hidden):
    shown, dark = make_facts(RECORD[:count]), make_facts(RECORD[:count], access=hidden)
    assert forecast(dark, as_of=NOW, rto_hours=4).p_exceed >= forecast(shown, as_of=NOW, rto_hours=4).p_exceed


def test_a_silent_page_is_no_better_than_an_open_one_with_two_outages():
    silent = forecast(make_facts(access="none", years=2), as_of=NOW, rto_hours=4)
    honest = forecast(make_facts(RECORD[:2], years=2), as_of=NOW, rto_hours=4)
    assert silent.p_exceed > forecast(make_facts(years=2), as_of=NOW, rto_hours=4).p_exceed
    assert silent.p_exceed > 0.5 * honest.p_exceed


def test_an_open_incident_counts_but_its_length_does_not():
    open_now = make_incident(40, days_ago=0.1, hours=None)
    with_it, without = fit(make_facts((*RECORD, open_now)), as_of=NOW), fit(make_facts(RECORD), as_of=NOW)
    assert with_it.count == without.count + 1
    assert with_it.duration == without.duration
    assert "open-now" in with_it.flags


def test_what_happened_later_does_not_leak_into_an_earlier_forecast():
    early = NOW - timedelta(days=305)
    past = tuple(i for i in RECORD if i.started_at < early)
    full, cut = make_facts(RECORD), make_facts(past)
    assert forecast(full, as_of=early, rto_hours=4) == forecast(cut, as_of=early, rto_hours=4)


def test_a_fall_in_publishing_is_flagged_and_steady_publishing_is_not():
    steady = tuple(make_incident(n, days_ago=8.0 * n, impact="minor") for n in range(1, 110))
    stopped = tuple(i for i in steady if i.started_at < NOW - timedelta(days=182))
    assert reporting_break(make_facts(steady), NOW) is None
    assert reporting_break(make_facts(stopped), NOW) is not None
    assert "reporting-break" in forecast(make_facts(stopped), as_of=NOW, rto_hours=4).flags
    assert forecast(make_facts(stopped), as_of=NOW, rto_hours=4).confidence in ("low", "insufficient")


@pytest.mark.parametrize("slug", ["github", "cloudflare"])
def test_vendors_that_publish_steadily_are_not_flagged(slug):
    facts = index.load(slug)
    assert reporting_break(facts, facts.as_of) is None
