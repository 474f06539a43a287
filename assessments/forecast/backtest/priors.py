"""Priors estimated from other vendors, so that no vendor is judged by a prior that has seen it. Method, section 2.2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import exp, inf, lgamma, log

from assessments.forecast import arrivals
from assessments.forecast.fitting import Prior, half_life_of, panel_prior, shipped, weighed
from assessments.forecast.history import History
from assessments.scoring.rubric import number

LEAST_ENTITIES = 8  # source: method, section 2.2: pooled if fewer
LEAST_LENGTHS = 5  # an entity's mean length says little below that
_T4_SPREAD = 1.2  # variance of sqrt(0.6 v) t4 over v; method, section 2.3
_ALPHA, _MEAN = (0.05, 20.0), (0.05, 200.0)  # where the likelihood is looked at: shape, outages a year


def estimate(vendors: Sequence[Sequence[History]], half_life: float) -> Prior:
    """The prior by marginal likelihood of counts and by moments of ln hours; the panel's own below eight entities.

    `half_life` in years weighs by age. `vendors`: the histories of each one's pages or components. Every vendor has the
    same say, or the hundreds of data centres that one lists would speak for all.
    """
    histories = [history for those in vendors for history in those if history.years > 0]
    says = [1 / len(those) for those in vendors for history in those if history.years > 0]
    base = panel_prior()
    if len(histories) < LEAST_ENTITIES:
        return base
    settings = replace(shipped(), half_life=half_life)
    counts = [sum(weighed(history, settings)) for history in histories]
    exposures = [arrivals.exposure(history.years, half_life_of(history, settings)) for history in histories]
    alpha, beta = gamma_by_likelihood(counts, exposures, says)
    log_mean, within, between = _lengths(histories, says, base)
    return Prior(alpha, beta, log_mean, within, between)


def gamma_by_likelihood(
    counts: Sequence[float], exposures: Sequence[float], says: Sequence[float]
) -> tuple[float, float]:
    """(alpha, beta) of the Gamma of yearly rates that makes the counts likeliest: a grid in ln shape and ln mean, refined.

    Counts may be weighted; `says` is the weight of each entity's likelihood. Cost: about 0.1 s for 500 entities.
    """
    low, high = (log(_ALPHA[0]), log(_MEAN[0])), (log(_ALPHA[1]), log(_MEAN[1]))
    best = (1.0, 1.0)
    for _ in range(4):
        steps = [[a + (b - a) * n / 8 for n in range(9)] for a, b in zip(low, high, strict=True)]
        best = max(
            ((a, m) for a in steps[0] for m in steps[1]),
            key=lambda at: _likelihood(exp(at[0]), exp(at[0] - at[1]), counts, exposures, says),
        )
        width = [(b - a) / 8 for a, b in zip(low, high, strict=True)]
        low = (best[0] - width[0], best[1] - width[1])
        high = (best[0] + width[0], best[1] + width[1])
    return exp(best[0]), exp(best[0] - best[1])


def _likelihood(
    alpha: float, beta: float, counts: Sequence[float], exposures: Sequence[float], says: Sequence[float]
) -> float:
    start = alpha * log(beta) - lgamma(alpha)
    return sum(
        say * (lgamma(n + alpha) + start - (n + alpha) * log(years + beta))
        for n, years, say in zip(counts, exposures, says, strict=True)
    )


def _lengths(histories: Sequence[History], says: Sequence[float], base: Prior) -> tuple[float, float, float]:
    """(mean of entity means, variance within, variance between) of ln hours; the base's where too few have lengths."""
    cap = number("outages", "cap_hours")
    means, within, noise, weights = [], [], [], []
    for history, say in zip(histories, says, strict=True):
        logs = [log(min(event.most, cap)) for event in history.events if 0 < event.most < inf]
        if len(logs) >= LEAST_LENGTHS:
            mean = sum(logs) / len(logs)
            spread = sum((value - mean) ** 2 for value in logs) / (len(logs) - 1) / _T4_SPREAD
            means.append(mean)
            within.append(spread)
            noise.append(spread / len(logs))
            weights.append(say)
    if len(means) < LEAST_ENTITIES:
        return base.log_mean, base.log_variance, base.log_between
    total = sum(weights)
    shares = [weight / total for weight in weights]
    centre = sum(w * mean for w, mean in zip(shares, means, strict=True))
    variance = sum(w * spread for w, spread in zip(shares, within, strict=True))
    between = sum(w * ((m - centre) ** 2 - e) for w, m, e in zip(shares, means, noise, strict=True))
    return centre, variance, max(between, base.log_between / 4)
