"""The forecast: golden values of the method, properties, and what must not be gained by silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from math import exp, inf, isfinite, log
from statistics import NormalDist

import msgspec
import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from assessments.forecast import arrivals, durations, exceedance, gamma, hours
from assessments.forecast.arrivals import Rate
from assessments.forecast.disclosure import reporting_break
from assessments.forecast.engine import fit, forecast
from tests.assessments.making import NOW, make_facts, make_incident
from vendors.catalogue import index
from vendors.records import Observation

MAY_2011 = datetime(2011, 5, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def bpos():
    return index.load("microsoft-bpos-2011")


def test_pooled_durations_match_the_golden_value():
    pooled = durations.pool(
        [log(h) for h in (9, 0.75, 4.62, 3.8, 6.75)], [1.0] * 5, mean=0.82, variance=1.58, between=0.26
    )
    assert (pooled.mean, pooled.variance) == (pytest.approx(1.0533, abs=5e-5), pytest.approx(1.7226, abs=5e-5))


def test_simulated_hours_grow_with_the_horizon_as_their_mean_does():
    often = ((1.0, Rate(400.0, 100.0)),)
    short, long = (hours.hours(often, APPENDIX_A, years, cap=24, share=1.0, draws=4000) for years in (1.0, 9.0))
    assert long.mean == pytest.approx(9 * short.mean)
    assert long.p50 == pytest.approx(long.mean, rel=0.1)  # of many outages the middle is near the mean
    assert long.p10 > short.p90


APPENDIX_A = durations.LogDuration(1.0533, 1.7226)


@pytest.mark.parametrize(("rto", "chance"), [(1, 0.9799), (4, 0.8932), (8, 0.7080), (24, 0.3198)])
def test_the_method_s_own_chance_for_bpos_matches_its_golden_values(rto, chance):
    rate = arrivals.posterior(7, 0.8, alpha=0.30, beta=0.15, discount=0.6)
    assert (rate.alpha, rate.beta) == (pytest.approx(4.38), pytest.approx(0.57))
    assert exceedance.longer(((1.0, rate),), APPENDIX_A, rto, 1.0) == pytest.approx(chance, abs=6e-5)


def test_the_method_s_own_worst_outage_for_bpos_matches_its_golden_values():
    mixture = ((1.0, Rate(4.38, 0.57)),)
    middling, bad = (exceedance.worst(mixture, APPENDIX_A, 1.0, p, cap=720) for p in (0.5, 0.9))
    assert (middling, bad) == (pytest.approx(13.9, abs=0.05), pytest.approx(89.2, abs=0.05))


def test_the_method_s_own_hours_for_bpos_match_its_golden_values():
    made = hours.hours(((1.0, Rate(4.38, 0.57)),), APPENDIX_A, 1.0, cap=720, share=1.0, draws=4000)
    assert (made.mean, made.p50) == (pytest.approx(76, abs=1), pytest.approx(37, abs=1.5))
    assert (made.p10, made.p90) == (pytest.approx(8, abs=1), pytest.approx(149, abs=8))


def test_what_ships_says_nearly_the_same_of_bpos_and_is_less_sure(bpos):
    made = forecast(bpos, as_of=MAY_2011, rto_hours=4)
    assert (made.n, made.exposure_years, made.confidence) == (7, pytest.approx(0.8), "low")
    assert made.p_exceed == pytest.approx(0.83, abs=0.01)  # a year that may be quieter pulls a high chance down
    rate = arrivals.posterior(7, 0.8, alpha=0.30, beta=0.15, discount=0.6)
    narrow = exceedance.band(exceedance.spread_of(((1.0, rate),)), APPENDIX_A, 4.0, 1.0, 0.0)
    assert made.band80[1] - made.band80[0] > narrow[1] - narrow[0]


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


@settings(max_examples=150)
@given(st.floats(0.05, 400), st.floats(0.001, 0.999))
def test_gamma_quantiles_agree_with_scipy(shape, chance):
    assert gamma.quantile(shape, chance) == pytest.approx(stats.gamma.ppf(chance, shape), rel=1e-6, abs=1e-60)


def test_capped_mean_duration_agrees_with_a_numeric_integral():
    duration = durations.LogDuration(1.05, 1.72)
    steps = [(n + 0.5) / 20_000 for n in range(20_000)]
    assert duration.mean_hours(720) == pytest.approx(
        sum(min(duration.quantile_above(p), 720) for p in steps) / 20_000, rel=2e-3
    )


@settings(max_examples=60)
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
    assert made.p_exceed == pytest.approx(0.28, abs=0.01)  # method, section 2.2


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


@pytest.mark.parametrize("open_hours", [0.5, 6.0, 60.0])
def test_an_open_incident_counts_and_never_shortens_what_is_expected(open_hours):
    open_now = make_incident(40, days_ago=open_hours / 24, hours=None)
    with_it, without = fit(make_facts((*RECORD, open_now)), as_of=NOW), fit(make_facts(RECORD), as_of=NOW)
    assert with_it.count == without.count + 1
    assert with_it.duration.mean > without.duration.mean - 1e-9
    assert "open-now" in with_it.flags


def test_the_longer_it_has_been_open_the_longer_outages_are_taken_to_be():
    means = [
        fit(make_facts((*RECORD, make_incident(40, days_ago=h / 24, hours=None))), as_of=NOW).duration.mean
        for h in (1, 10, 100)
    ]
    assert means == sorted(means)
    assert means[0] < means[2]


def test_an_abandoned_incident_counts_as_long_as_it_was_spoken_of():
    abandoned = make_incident(50, days_ago=51.0, hours=None)
    made = fit(make_facts((*RECORD, abandoned)), as_of=NOW)
    assert made.count == fit(make_facts(RECORD), as_of=NOW).count + 1
    assert "stale-open" in made.flags


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


def test_a_break_stands_until_publishing_is_back():
    told = [make_incident(n, days_ago=8.0 * n, impact="minor") for n in range(1, 240)]
    silent = tuple(i for i in told if i.started_at < NOW - timedelta(days=900))
    back = tuple(i for i in told if not timedelta(days=300) < NOW - i.started_at < timedelta(days=900))
    assert reporting_break(make_facts(silent, years=5.2), NOW) < NOW - timedelta(days=850)
    assert reporting_break(make_facts(back, years=5.2), NOW) is None


def test_a_source_that_publishes_less_than_it_did_is_a_break():
    seen = Observation(check="publishes-less", outcome="fail", observed_at=NOW)
    assert reporting_break(make_facts(RECORD, openness=(seen,)), NOW) == NOW - timedelta(days=182.625)
    fine = msgspec.structs.replace(seen, outcome="pass")
    assert reporting_break(make_facts(RECORD, openness=(fine,)), NOW) is None


def test_google_cloud_does_not_gain_by_its_feed_shrinking():
    facts = index.load("google-cloud")
    before = forecast(facts, as_of=datetime(2025, 1, 1, tzinfo=UTC), rto_hours=4)
    for year, month in ((2025, 7), (2026, 1), (2026, 8)):
        after = forecast(facts, as_of=datetime(year, month, 20, tzinfo=UTC), rto_hours=4)
        assert "reporting-break" in after.flags
        assert after.confidence == "low"
        assert after.p_exceed >= before.p_exceed
        assert after.disclosure_mean < before.disclosure_mean
    assert "reporting-break" not in before.flags


@settings(max_examples=40)
@given(st.floats(0.3, 40), st.floats(0.2, 10), st.floats(-1, 3), st.floats(0.5, 3), st.floats(0.1, 0.9))
def test_a_year_that_drifts_keeps_the_shape_of_the_curve_and_the_order_of_its_band(alpha, beta, mean, variance, drift):
    mixture, length = ((1.0, Rate(alpha, beta)),), durations.LogDuration(mean, variance)
    chances = [exceedance.longer(mixture, length, hours_, 1.0, drift) for hours_ in (0.5, 1, 4, 24, 200)]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= chance <= 1 for chance in chances)
    low, high = exceedance.band(exceedance.spread_of(mixture), length, 4.0, 1.0, drift)
    assert 0 <= low <= high <= 1


def test_where_the_rate_is_known_all_width_of_the_band_is_the_year_s_drift():
    known, length = ((1.0, Rate(40_000.0, 20_000.0)),), durations.LogDuration(0.8, 1.6)
    spread = exceedance.spread_of(known)
    still, drifting = (exceedance.band(spread, length, 4.0, 1.0, drift) for drift in (0.0, 0.5))
    assert still[1] - still[0] < 0.01
    shifted = [
        exceedance.chance_at(2.0, length.shifted(0.5 * node).longer_than(4.0), 1.0) for node in (-1.3556, 1.3556)
    ]
    assert drifting == (pytest.approx(shifted[0], abs=0.01), pytest.approx(shifted[1], abs=0.01))


@pytest.mark.parametrize("drift", [0.3, 0.8])
def test_the_drift_s_quadrature_agrees_with_a_fine_integral(drift):
    mixture, length = ((1.0, Rate(3.0, 1.0)),), durations.LogDuration(0.8, 1.6)
    normal = NormalDist()
    nodes = [drift * normal.inv_cdf((n + 0.5) / 4000) for n in range(4000)]
    fine = sum(exceedance.chance(mixture, length.shifted(s).longer_than(4), 1.0) for s in nodes) / 4000
    assert exceedance.longer(mixture, length, 4, 1.0, drift) == pytest.approx(fine, abs=5e-4)


@pytest.mark.parametrize(
    ("low", "high"), [(0.0, inf), (2.0, inf), (-inf, 0.5), (-2.0, 1.0), (5.0, 9.0), (-30.0, -20.0)]
)
def test_the_mean_length_between_two_bounds_agrees_with_an_integral(low, high):
    length = durations.LogDuration(0.82, 1.6)
    scale = (0.6 * 1.6) ** 0.5
    law = stats.t(4, loc=0.82, scale=scale)
    shares = (numpy.arange(40_000) + 0.5) / 40_000
    steps = law.ppf(law.cdf(low) + (law.cdf(high) - law.cdf(low)) * shares)
    assert length.mean_log_between(low, high) == pytest.approx(float(steps.mean()), abs=5e-3)


def test_the_band_of_a_known_rate_is_that_of_the_gamma():
    rates = exceedance.spread_of(((1.0, Rate(3.0, 2.0)),))
    assert len(rates) == 160
    assert rates == sorted(rates)
    assert sum(rates) / 160 == pytest.approx(1.5, rel=0.01)
    low, high = exceedance.band(rates, durations.LogDuration(0.8, 1.6), 4.0, 1.0, 0.0)
    over = durations.LogDuration(0.8, 1.6).longer_than(4)
    assert low == pytest.approx(exceedance.chance_at(Rate(3.0, 2.0).quantile(0.1), over, 1.0), rel=0.03)
    assert high == pytest.approx(exceedance.chance_at(Rate(3.0, 2.0).quantile(0.9), over, 1.0), rel=0.03)


def test_hours_agree_with_a_simulation_a_hundred_times_as_long():
    mixture, length = ((0.4, Rate(2.0, 0.4)), (0.6, Rate(5.0, 0.8))), durations.LogDuration(0.8, 1.5)
    short = hours.hours(mixture, length, 1.0, cap=720, share=0.5, draws=4000, drift=0.5)
    rng = numpy.random.default_rng(7)
    years = 400_000
    rate = numpy.where(rng.random(years) < 0.4, rng.gamma(2.0, 1 / 0.4, years), rng.gamma(5.0, 1 / 0.8, years))
    counts = rng.poisson(rate)
    shift = numpy.repeat(rng.normal(0, 0.5, years), counts)
    lengths = numpy.exp(0.8 + shift + (0.6 * 1.5) ** 0.5 * rng.standard_t(4, counts.sum()))
    totals = 0.5 * numpy.bincount(
        numpy.repeat(numpy.arange(years), counts), weights=numpy.minimum(lengths, 720), minlength=years
    )
    p10, p50, p90 = numpy.quantile(totals, [0.1, 0.5, 0.9])
    assert short.mean == pytest.approx(totals.mean(), rel=0.03)
    assert (short.p50, short.p90) == (pytest.approx(p50, rel=0.05), pytest.approx(p90, rel=0.05))
    assert short.p10 == pytest.approx(p10, abs=0.15)


def test_the_worst_outage_never_exceeds_what_counts_as_one():
    mixture, length = ((1.0, Rate(80.0, 1.0)),), durations.LogDuration(3.0, 3.0)
    assert exceedance.worst(mixture, length, 1.0, 0.9, cap=720) == 720
    assert exceedance.worst(((1.0, Rate(0.1, 5.0)),), length, 1.0, 0.5, cap=720) == 0


LISTED = tuple(make_incident(n, hours=6.0, components=("Mail",)) for n in range(1, 13))


def test_a_part_the_customer_names_counts_in_full_and_another_hardly():
    facts = make_facts(LISTED)
    typical = forecast(facts, as_of=NOW, rto_hours=4)
    mail = forecast(facts, as_of=NOW, rto_hours=4, components=("mail",))
    spared = forecast(facts, as_of=NOW, rto_hours=4, components=("Part 3",))
    assert (typical.view, mail.view) == ("typical", "named")
    assert mail.p_exceed > typical.p_exceed > spared.p_exceed
    assert typical.p_any == mail.p_any >= mail.p_exceed
    assert (mail.n, spared.n) == (12, 0)


def test_who_does_not_say_what_is_down_is_not_taken_to_spare_a_part():
    facts = make_facts((*LISTED, make_incident(20, hours=6.0, components=())))
    assert fit(facts, as_of=NOW, components=("Part 3",)).count == 1


def test_more_parts_named_never_lower_the_chance():
    facts = make_facts((*LISTED, make_incident(30, hours=9.0, components=("Part 2",))))
    chances = [
        forecast(facts, as_of=NOW, rto_hours=4, components=names).p_exceed
        for names in (("Part 3",), ("Part 2", "Part 3"), ("Mail", "Part 2", "Part 3"))
    ]
    assert chances == sorted(chances)


def test_the_simple_rate_stands_beside_the_forecast():
    made = forecast(make_facts(RECORD, components=0), as_of=NOW, rto_hours=4)
    longer = sum(i.resolved_at - i.started_at > timedelta(hours=4) for i in RECORD)
    assert made.p_baseline == pytest.approx(1 - exp(-(longer + 0.5) / (3 + 0.5)), abs=1e-3)


ODD = {
    "none": (),
    "one": RECORD[:1],
    "all in a day": tuple(make_incident(n, days_ago=100 + n / 50, hours=0.2) for n in range(1, 40)),
    "all open": tuple(make_incident(n, hours=None, gap=None) for n in range(1, 20)),
    "a known issue": (make_incident(1, days_ago=400, hours=5350.0, gap=None),),
    "renamed": tuple(make_incident(n, components=(f"Name {n}",)) for n in range(1, 30)),
    "no length known": tuple(make_incident(n, hours=None, end_known="unknown") for n in range(1, 9)),
}


@pytest.mark.parametrize("rto", [1 / 60, 4.0, 720.0])
@pytest.mark.parametrize("record", ODD.values(), ids=ODD)
@pytest.mark.parametrize(
    "at", [NOW - timedelta(days=4000), NOW, NOW + timedelta(days=4000)], ids=["before", "now", "after"]
)
def test_odd_records_get_a_sane_answer(record, rto, at):
    made = forecast(make_facts(record), as_of=at, rto_hours=rto)
    figures = [made.p_exceed, *made.band80, made.p_any, made.p_baseline, *(point.p for point in made.curve)]
    assert all(0.01 <= figure <= 0.99 for figure in figures)
    assert made.band80[0] <= made.p_exceed <= made.band80[1] + 1e-9 or made.p_exceed <= 0.02
    lengths = [made.hours.mean, made.hours.p10, made.hours.p50, made.hours.p90, made.worst.p50, made.worst.p90]
    assert all(isfinite(length) and length >= 0 for length in lengths)
    assert made.worst.p90 <= 720
