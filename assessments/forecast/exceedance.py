"""The chance of an outage longer than r, and the worst outage of the horizon. Method, sections 2.4 and 2.5."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, lgamma, log

from assessments.forecast.arrivals import Rate
from assessments.forecast.durations import LogDuration

Mixture = Sequence[tuple[float, Rate]]  # (weight, rate); weights add up to 1
_GRID = [step / 100 for step in range(1, 100)]


def chance(mixture: Mixture, over: float, years: float) -> float:
    """P(at least one outage longer than r within `years`), 0-1, where `over` = P(one outage is longer than r)."""
    return 1.0 - sum(weight * float((rate.beta / (rate.beta + years * over)) ** rate.alpha) for weight, rate in mixture)


def rates(mixture: Mixture, *, low: float = 0.1, high: float = 0.9) -> tuple[float, float]:
    """The posterior `low` and `high` quantiles of outages per year (80 % band by default)."""
    return _quantile(mixture, low), _quantile(mixture, high)


def chance_at(rate: float, over: float, years: float) -> float:
    """The same chance if the yearly rate were known."""
    return 1 - exp(-rate * over * years)


def worst(mixture: Mixture, duration: LogDuration, years: float, not_exceeded: float) -> float:
    """Hours that the longest outage of the horizon does not exceed with that chance; 0 where none is likely at all."""

    def none_longer(over: float) -> float:
        return 1 - chance(mixture, over, years)

    if none_longer(1.0) >= not_exceeded:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(80):  # bisection on P(one outage is longer): 80 halvings end below double precision
        middle = (low + high) / 2
        low, high = (middle, high) if none_longer(middle) > not_exceeded else (low, middle)
    return duration.quantile_above(max((low + high) / 2, 1e-300))


def disclosed(
    count: float,
    years: float,
    *,
    alpha: float,
    beta: float,
    beta_a: float,
    beta_b: float,
    rate_of: Callable[[float], Rate],
) -> Mixture:
    """The mixture over how large a share c of outages is published, c ~ Beta(`beta_a`, `beta_b`) before the record.

    `rate_of(c * years)` makes the posterior for an effective exposure. Silence ends near the prior with a wide band,
    instead of looking like reliability.
    """
    logs = []
    for share in _GRID:
        effective = beta + share * years
        log_weight = (beta_a - 1) * log(share) + (beta_b - 1) * log(1 - share) + alpha * log(beta / effective)
        if count > 0 and years > 0:
            log_weight += count * log(share * years / effective)
        logs.append(log_weight)
    top = max(logs)
    raw = [exp(value - top) for value in logs]
    total = sum(raw)
    return [(weight / total, rate_of(share * years)) for weight, share in zip(raw, _GRID, strict=True)]


def break_chance(recent: int, prior: int, *, ratio: float, log_sd: float) -> float:
    """P(so few posts as `recent`), given `prior` over a span `ratio` times as long, if nothing changed.

    Negative binomial: the mean prior / ratio, spread by the yearly log-sd of counts seen over vendors. Method, 2.5 b.
    """
    mean = prior / ratio
    if mean == 0:
        return 1.0
    size = 1 / (exp(log_sd * log_sd) - 1)
    share = size / (size + mean)
    total = 0.0
    for count in range(recent + 1):
        log_p = lgamma(count + size) - lgamma(size) - lgamma(count + 1) + size * log(share) + count * log(1 - share)
        total += exp(log_p)
    return min(1.0, total)


def _quantile(mixture: Mixture, share: float) -> float:
    """Outages per year not exceeded with that chance under the mixture."""
    if len(mixture) == 1:
        return mixture[0][1].quantile(share)
    from assessments.forecast.gamma import lower

    heavy = [(weight, rate) for weight, rate in mixture if weight > 1e-6]
    low, high = (
        0.0,
        max(rate.quantile(0.999) for _, rate in (heavy[0], heavy[-1], max(heavy, key=lambda pair: pair[1].mean))),
    )
    for _ in range(50):
        middle = (low + high) / 2
        below = sum(weight * lower(rate.alpha, rate.beta * middle) for weight, rate in heavy)
        low, high = (middle, high) if below < share else (low, middle)
    return (low + high) / 2
