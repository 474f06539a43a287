"""The chance of an outage longer than r, and the worst outage of the horizon. Method, sections 2.4 and 2.5."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, lgamma, log

from assessments.forecast.arrivals import Rate
from assessments.forecast.durations import LogDuration

Mixture = Sequence[tuple[float, Rate]]  # (weight, rate); weights add up to 1
_HERMITE = (  # of five nodes for a standard normal; Abramowitz and Stegun, table 25.10, rescaled
    (-2.8569700138728056, 0.011257411327720689),
    (-1.3556261799742659, 0.22207592200561264),
    (0.0, 0.5333333333333333),
    (1.3556261799742659, 0.22207592200561264),
    (2.8569700138728056, 0.011257411327720689),
)
GRID = [step / 100 for step in range(1, 100)]  # shares of outages published, in the mixture over them


def chance(mixture: Mixture, over: float, years: float) -> float:
    """P(at least one outage longer than r within `years`), 0-1, where `over` = P(one outage is longer than r)."""
    return 1.0 - sum(weight * float((rate.beta / (rate.beta + years * over)) ** rate.alpha) for weight, rate in mixture)


def chance_at(rate: float, over: float, years: float) -> float:
    """The same chance if the yearly rate were known."""
    return 1 - exp(-rate * over * years)


def longer(mixture: Mixture, duration: LogDuration, hours: float, years: float, drift: float = 0.0) -> float:
    """P(at least one outage longer than `hours` within `years`), 0-1, when all of a year's outages are longer or shorter
    together by a normal shift of ln hours with standard deviation `drift` (Gauss-Hermite quadrature, five nodes).
    """
    return sum(
        weight * chance(mixture, duration.shifted(drift * node).longer_than(hours), years)
        for node, weight in shifts(drift)
    )


def shifts(drift: float) -> Sequence[tuple[float, float]]:
    """Nodes and weights of the year's shift, in standard deviations; the mean alone where there is no drift."""
    return _HERMITE if drift > 0 else ((0.0, 1.0),)


def band(
    spread: Sequence[float], duration: LogDuration, hours: float, years: float, drift: float, *, tail: float = 0.1
) -> tuple[float, float]:
    """The chance's lower and upper bound: its `tail` quantiles over what the yearly rate and the year's shift may be.

    `spread`: equally likely yearly rates (`spread_of`). The bounds are of the chance in one such year, not of the mean.
    """
    lines = sorted(
        (chance_at(rate, over, years), weight)
        for node, weight in shifts(drift)
        for over in (duration.shifted(drift * node).longer_than(hours),)
        for rate in spread
    )
    total = sum(weight for _, weight in lines)
    return _reached(lines, tail * total), _reached(lines, (1 - tail) * total)


def _reached(lines: Sequence[tuple[float, float]], share: float) -> float:
    passed = 0.0
    for value, weight in lines:
        passed += weight
        if passed >= share:
            return value
    return lines[-1][0]


def spread_of(mixture: Mixture, count: int = 160) -> list[float]:
    """So many equally likely yearly rates standing for the mixture, ascending: its own mid-quantiles, nearly."""
    heavy = [(weight, rate) for weight, rate in mixture if weight > 0.002]
    total = sum(weight for weight, _ in heavy)
    steps = max(6, min(count, 1200 // len(heavy)))
    lines = sorted(
        (rate.quantile((n + 0.5) / steps), weight / total / steps) for weight, rate in heavy for n in range(steps)
    )
    rates, passed, at = [], 0.0, 0
    for value, weight in lines:
        passed += weight
        while at < count and passed >= (at + 0.5) / count - 1e-12:
            rates.append(value)
            at += 1
    return rates


def worst(
    mixture: Mixture, duration: LogDuration, years: float, not_exceeded: float, *, cap: float, drift: float = 0.0
) -> float:
    """Hours that the longest outage of the horizon does not exceed with that chance, at most `cap`; 0 where none is likely."""
    if 1 - longer(mixture, duration, 0.0, years) >= not_exceeded:
        return 0.0
    low, high = log(1e-4), log(cap)
    if 1 - longer(mixture, duration, cap, years, drift) <= not_exceeded:
        return cap
    for _ in range(60):  # halvings of ln hours: the last is below the thirteenth digit
        middle = (low + high) / 2
        low, high = (
            (middle, high) if 1 - longer(mixture, duration, exp(middle), years, drift) < not_exceeded else (low, middle)
        )
    return exp((low + high) / 2)


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
    for share in GRID:
        effective = beta + share * years
        log_weight = (beta_a - 1) * log(share) + (beta_b - 1) * log(1 - share) + alpha * log(beta / effective)
        if count > 0 and years > 0:
            log_weight += count * log(share * years / effective)
        logs.append(log_weight)
    top = max(logs)
    raw = [exp(value - top) for value in logs]
    total = sum(raw)
    return [(weight / total, rate_of(share * years)) for weight, share in zip(raw, GRID, strict=True)]


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
