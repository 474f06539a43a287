"""Outage hours over the horizon: mean in closed form, quantiles from a seeded simulation. Method, section 2.4."""

from __future__ import annotations

import random
from collections.abc import Callable
from math import exp, sqrt

from assessments.forecast.durations import LogDuration
from assessments.forecast.exceedance import Mixture
from assessments.scoring.model import Hours

_TABLE = 2048  # equally likely durations that stand for the distribution; the tail keeps 1 in 4,096
_SEED = 20110510  # fixed: the same facts give the same hours on every machine (random.random() is stable by contract)
_WORK = 400_000  # simulated outages at most


def hours(mixture: Mixture, duration: LogDuration, years: float, *, cap: float, share: float, draws: int) -> Hours:
    """Hours of outage over `years`, each outage capped at `cap` and weighted by `share` (0-1) of the service lost."""
    mean_rate = sum(weight * rate.mean for weight, rate in mixture)
    mean = years * mean_rate * duration.mean_hours(cap) * share
    totals = _simulate(
        mixture, duration, years, cap=cap, draws=max(500, min(draws, int(_WORK / max(1.0, mean_rate * years))))
    )
    p10, p50, p90 = (totals[min(len(totals) - 1, int(part * len(totals)))] * share for part in (0.1, 0.5, 0.9))
    return Hours(mean=mean, p10=p10, p50=p50, p90=p90)


def _simulate(mixture: Mixture, duration: LogDuration, years: float, *, cap: float, draws: int) -> list[float]:
    """Sorted totals of simulated horizons."""
    source = random.Random(_SEED)  # noqa: S311 - a simulation, not a secret
    uniform = source.random
    table = [min(duration.quantile_above((n + 0.5) / _TABLE), cap) for n in range(_TABLE)]
    totals = []
    for rate in _rates(mixture, draws):
        count = _poisson(rate * years, uniform)
        totals.append(sum(table[int(uniform() * _TABLE)] for _ in range(count)))
    totals.sort()
    return totals


def _rates(mixture: Mixture, draws: int) -> list[float]:
    """Rates standing for the posterior: each component of the mixture in proportion, by its own quantiles."""
    heavy = sorted(((weight, rate) for weight, rate in mixture if weight > 0.002), key=lambda pair: pair[1].mean)
    total = sum(weight for weight, _ in heavy)
    steps = max(8, min(200, 1600 // len(heavy)))
    rates: list[float] = []
    for weight, rate in heavy:
        values = [rate.quantile((n + 0.5) / steps) for n in range(steps)]
        copies = max(1, round(draws * weight / total))
        rates.extend(values[int((n + 0.5) * steps / copies) % steps] for n in range(copies))
    return rates


def _poisson(mean: float, uniform: Callable[[], float]) -> int:
    """A Poisson count; the normal approximation above 60, where its error is far below the simulation's own."""
    if mean > 60:
        # sum of 12 uniforms: a normal good to 3 sigma, from the one generator whose stream is guaranteed
        return max(0, round(mean + sqrt(mean) * (sum(uniform() for _ in range(12)) - 6)))
    limit, count, product = exp(-mean), 0, uniform()
    while product > limit:
        count += 1
        product *= uniform()
    return count
