"""How often outages begin: a Gamma posterior of the yearly rate. Method, section 2.2. Ages and exposures in years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log

from assessments.forecast import gamma


@dataclass(frozen=True, slots=True)
class Rate:
    """Outages per year ~ Gamma(`alpha`, rate `beta` years)."""

    alpha: float
    beta: float

    @property
    def mean(self) -> float:
        """Expected outages per year."""
        return self.alpha / self.beta

    def quantile(self, chance: float) -> float:
        """Outages per year not exceeded with that chance."""
        return gamma.quantile(self.alpha, chance) / self.beta


def weights(ages: Sequence[float], half_life: float) -> list[float]:
    """Recency weight of each event, 1 now and 1/2 a half-life ago; all 1 for an infinite half-life."""
    return [1.0] * len(ages) if half_life == inf else [2.0 ** (-age / half_life) for age in ages]


def exposure(years: float, half_life: float) -> float:
    """Years of exposure under the same weights; at most half_life / ln 2."""
    return years if half_life == inf else half_life / log(2) * (1 - 2.0 ** (-years / half_life))


def trend(recent: float, expected: float, *, kappa: float, floor: float, ceiling: float) -> float:
    """How the last twelve months compare with what the weighted rate expects, shrunk to 1 by `kappa` pseudo-events."""
    return min(max((recent + kappa) / (expected + kappa), floor), ceiling)


def posterior(count: float, years: float, *, alpha: float, beta: float, discount: float, trend: float = 1.0) -> Rate:
    """The rate after `count` (weighted) events in `years`: the prior updated, discounted to widen it, moved by the trend."""
    return Rate(discount * (alpha + count), discount * (beta + years) / trend)


def tempered(count: float, years: float, *, alpha: float, beta: float, discount: float, trend: float = 1.0) -> Rate:
    """`posterior`, with the discount growing from none at no exposure to `discount` at a long one; the same mean.

    So a vendor nothing is known of keeps the panel's prior as it is; discounting that would make it look safer.
    """
    kept = (beta + discount * years) / (beta + years)
    return Rate(kept * (alpha + count), kept * (beta + years) / trend)


def next_year(rate: Rate, log_sd: float) -> Rate:
    """The rate of one year to come, when a year's rate varies around the vendor's own by a log-normal factor of median 1.

    A Gamma again: the mean rises by exp(log_sd^2 / 2), the squared spread by exp(log_sd^2) - 1. Method, section 2.6.
    """
    spread = exp(log_sd * log_sd) - 1
    alpha = 1 / (1 / rate.alpha + spread)
    return Rate(alpha, rate.beta * alpha / rate.alpha / exp(log_sd * log_sd / 2))
