"""From a history to a model of the year to come: rate and length of outages. Pure; used by product and backtest alike.

Method, sections 2.2 and 2.3; what was added to it, and what the backtest said of each, is in docs/method-forecast.md.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log, sqrt

from assessments.forecast import arrivals, durations, exceedance
from assessments.forecast.arrivals import Rate
from assessments.forecast.durations import LogDuration
from assessments.forecast.exceedance import Mixture
from assessments.forecast.history import History
from assessments.scoring.rubric import number

SHORTEST_LOG = log(1 / 60)  # hours; a length known only to be below this says nothing more
SAME = 1e-9  # of ln hours: bounds nearer to each other than that are one length


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed before the record: Gamma(`alpha`, rate `beta` years) outages a year, and the panel's durations."""

    alpha: float
    beta: float
    log_mean: float
    log_variance: float
    log_between: float


@dataclass(frozen=True, slots=True)
class Settings:
    """The model's own choices; the rubric's unless a backtest tries others.

    Years: `half_life`. Logs: `year_log_sd` of yearly counts, `drift` of a year's lengths, `sibling_between` a variance.
    """

    half_life: float
    discount: float
    trend_kappa: float
    year_log_sd: float
    drift: float
    sibling_alpha: float
    sibling_years: float
    sibling_between: float

    def drift_of(self, history: History, prior: Prior) -> float:
        """The drift to be expected of a vendor seen for so long; none without a record: the prior holds it already."""
        return self.drift * sqrt(history.years / (history.years + prior.beta))


@functools.cache
def shipped() -> Settings:
    """The rubric's settings."""
    return Settings(
        half_life=number("forecast", "half_life_years"),
        discount=number("forecast", "discount"),
        trend_kappa=number("forecast", "trend_kappa"),
        year_log_sd=number("forecast", "year_log_sd"),
        drift=number("forecast", "year_drift"),
        sibling_alpha=number("forecast", "sibling_alpha"),
        sibling_years=number("forecast", "sibling_years"),
        sibling_between=number("forecast", "sibling_log_between"),
    )


def panel_prior() -> Prior:
    """The panel's, from the rubric."""
    return Prior(
        alpha=number("forecast", "rate_alpha"),
        beta=number("forecast", "rate_beta"),
        log_mean=number("forecast", "log_mean"),
        log_variance=number("forecast", "log_variance"),
        log_between=number("forecast", "log_between"),
    )


def fit_rate(
    history: History, prior: Prior, published: tuple[float, float] | None = None, settings: Settings | None = None
) -> Mixture:
    """The yearly rate of the year to come, averaged over the share of outages published. None: all of them are."""
    settings = settings or shipped()
    half_life = half_life_of(history, settings)
    count = sum(weighed(history, settings))
    exposure = arrivals.exposure(history.years, half_life)
    moved = _trend(history, count, exposure, half_life, settings)
    known = history.years / (history.years + prior.beta)  # a prior already holds how years differ

    def rate_of(effective_years: float) -> Rate:
        rate = arrivals.tempered(
            count,
            effective_years,
            alpha=prior.alpha,
            beta=prior.beta,
            discount=settings.discount,
            trend=moved,
        )
        return arrivals.next_year(rate, settings.year_log_sd * sqrt(known))

    if published is None:
        return ((1.0, rate_of(exposure)),)
    a, b = published
    return exceedance.disclosed(
        count, exposure, alpha=prior.alpha, beta=prior.beta, beta_a=a, beta_b=b, rate_of=rate_of
    )


def fit_duration(history: History, prior: Prior, settings: Settings | None = None) -> LogDuration:
    """ln hours of the next outage. Lengths only bounded count as such: open, upper-bounded, or not known at all."""
    cap = number("outages", "cap_hours")
    exact, weights, bounded = [], [], []
    for event, weight in zip(history.events, weighed(history, settings or shipped()), strict=True):
        least, most = _log(event.least, cap), _log(event.most, cap)
        if event.most < inf and most - least < SAME:
            exact.append(most)
            weights.append(weight)
        elif event.least > 0 or event.most < inf:
            bounded.append((least if event.least > 0 else -inf, most, weight))
    return durations.pool_bounded(
        exact, weights, bounded, mean=prior.log_mean, variance=prior.log_variance, between=prior.log_between
    )


def weighed(history: History, settings: Settings) -> list[float]:
    """How much each event counts: by age, and by its share."""
    ages = [event.age for event in history.events]
    recency = arrivals.weights(ages, half_life_of(history, settings))
    return [weight * event.share for weight, event in zip(recency, history.events, strict=True)]


def half_life_of(history: History, settings: Settings) -> float:
    """Years; infinite on a record shorter than the half-life itself, from which weighing would only throw evidence away."""
    return inf if history.years <= settings.half_life else settings.half_life


def sibling_prior(
    siblings: Sequence[Sequence[float]],
    years: float,
    *,
    parts: int,
    at_most: float,
    base: Prior,
    duration: LogDuration,
    settings: Settings | None = None,
) -> Prior:
    """The prior of so many named `parts` of a service, from what its other components went through.

    `siblings`: ages in years of each one's outages over a record of `years`; `at_most`: the yearly rate of the whole.
    Lengths start from the vendor's own `duration`. The base prior where there are no siblings.
    """
    if not siblings or years <= 0:
        return base
    settings = settings or shipped()
    half_life = half_life_of(History((), years), settings)
    exposure = arrivals.exposure(years, half_life)
    count = sum(sum(arrivals.weights(ages, half_life)) for ages in siblings)
    each = (base.alpha + count) / (base.beta + exposure * len(siblings))
    left = max(0.0, duration.variance - base.log_variance)  # of what is not known of the vendor's own mean
    mean = max(min(each * parts, at_most), 1e-3)
    beta = min(settings.sibling_alpha / mean, settings.sibling_years)
    return Prior(
        alpha=mean * beta,
        beta=beta,
        log_mean=duration.mean,
        log_variance=base.log_variance,
        log_between=settings.sibling_between + left,
    )


def _log(hours: float, cap: float) -> float:
    """ln hours up to the cap; infinity stays."""
    return inf if hours == inf else max(SHORTEST_LOG, log(min(hours, cap))) if hours > 0 else SHORTEST_LOG


def _trend(history: History, count: float, exposure: float, half_life: float, settings: Settings) -> float:
    """How the last twelve months compare with the weighted rate; 1 on records too short to have a trend."""
    if half_life == inf or exposure <= 0:
        return 1.0
    return arrivals.trend(
        sum(event.share for event in history.events if event.age <= 1),
        count / exposure,
        kappa=settings.trend_kappa,
        floor=number("forecast", "trend_floor"),
        ceiling=number("forecast", "trend_ceiling"),
    )
