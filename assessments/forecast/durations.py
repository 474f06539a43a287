"""How long outages last: Student-t with 4 degrees of freedom on ln(hours), partially pooled. Method, section 2.3.

Closed forms throughout: for 4 degrees of freedom both the distribution function and its inverse are elementary, so no
numerical library is needed and every machine gives the same digits (to rounding of the last place).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from math import acos, cos, exp, log, sqrt

_FAR = 1e75  # beyond it the tail, t^-4, is below the smallest double
ROUNDS, CLOSE = 200, 1e-9  # of the substitution for outages whose length is only bounded; a dozen rounds are usual
SCALE = 0.6  # a t4 has variance 2, so sqrt(0.6 v) t4 keeps the fitted quartiles; method, section 2.3


@dataclass(frozen=True, slots=True)
class LogDuration:
    """ln(hours) of the next outage is `mean` + sqrt(0.6 `variance`) t4."""

    mean: float
    variance: float

    def shifted(self, log_hours: float) -> LogDuration:
        """The same spread around a mean that much longer."""
        return LogDuration(self.mean + log_hours, self.variance)

    def mean_log_between(self, low: float, high: float) -> float:
        """E[ln duration | low < ln duration < high]; `high` may be infinite: an outage that has only lasted so long yet."""
        scale = sqrt(SCALE * self.variance)
        a, b = (low - self.mean) / scale, (high - self.mean) / scale
        inside = t4_above(a) - t4_above(b)
        if inside <= 1e-12:  # both bounds far out on one side: the nearer one is all there is to say
            return low if a > 0 else high
        return self.mean + scale * 0.5 * (_t4_moment(a) - _t4_moment(b)) / inside

    def longer_than(self, hours: float) -> float:
        """P(duration > hours), 0-1; 1 for hours <= 0."""
        return 1.0 if hours <= 0 else t4_above((log(hours) - self.mean) / sqrt(SCALE * self.variance))

    def quantile_above(self, chance: float) -> float:
        """The hours exceeded with that chance (0 < chance < 1)."""
        return exp(self.mean + sqrt(SCALE * self.variance) * t4_exceeded_with(chance))

    @functools.lru_cache(maxsize=64)  # noqa: B019 - frozen and tiny; kept for the life of the process on purpose
    def mean_hours(self, cap: float) -> float:
        """E[min(duration, cap)] in hours: the integral of `longer_than` from 0 to cap (Simpson's rule in ln hours)."""
        low, high, steps = log(1e-4), log(cap), 400
        width = (high - low) / steps
        total = 0.0
        for step in range(steps + 1):
            at = exp(low + step * width)
            share = 1 if step in (0, steps) else 4 if step % 2 else 2
            total += share * at * self.longer_than(at)
        return total * width / 3 + 1e-4


def pool(
    log_hours: Sequence[float], weights: Sequence[float], *, mean: float, variance: float, between: float
) -> LogDuration:
    """The vendor's duration, shrunk towards the panel by how little it has shown.

    `mean`, `variance`, `between`: of ln hours over the panel, within a vendor, and of vendor means. No durations, or
    none of any weight: the panel's own. Golden values in tests are those of the method's appendix A.
    """
    squares = sum(weight * weight for weight in weights)
    if squares == 0:
        return LogDuration(mean, variance + between)
    total = sum(weights)
    effective = total * total / squares
    trust = between / (between + variance / effective)
    own = sum(value * weight for value, weight in zip(log_hours, weights, strict=True)) / total
    return LogDuration(mean + trust * (own - mean), variance + between * (1 - trust))


def pool_bounded(
    log_hours: Sequence[float],
    weights: Sequence[float],
    bounded: Sequence[tuple[float, float, float]],
    *,
    mean: float,
    variance: float,
    between: float,
) -> LogDuration:
    """`pool`, with outages known only to have lasted between two lengths: (ln least, ln most, weight) each.

    Each stands for its expected ln length between its bounds, found by repeated substitution (expectation-maximisation of
    the mean); the spread stays that of the closed ones, so an outage still open never narrows what is said. One that has
    only begun stands for the mean itself.
    """
    closed = pool(log_hours, weights, mean=mean, variance=variance, between=between)
    found = closed
    all_weights = [*weights, *(weight for _, _, weight in bounded)]
    for _ in range(ROUNDS if bounded else 0):
        guessed = [found.mean_log_between(low, high) for low, high, _ in bounded]
        pooled = pool([*log_hours, *guessed], all_weights, mean=mean, variance=variance, between=between)
        before, found = found, LogDuration(pooled.mean, closed.variance)
        if abs(found.mean - before.mean) < CLOSE:
            break
    return found


def _t4_moment(t: float) -> float:
    """Minus the integral of x f(x) up to t, doubled, for the density f of t4; 0 at either infinity."""
    u = 1 + t * t / 4
    return 1 / (u * sqrt(u))


def t4_above(t: float) -> float:
    """P(T > t) of Student's t with 4 degrees of freedom; exact, without cancellation in either tail."""
    if t < 0:
        return 1 - t4_above(-t)
    if t > _FAR:
        return 0.0
    u = t / sqrt(4 + t * t)
    rest = 4 / (4 + t * t) / (1 + u)  # 1 - u
    return rest * rest * (2 + u) / 4


def t4_exceeded_with(chance: float) -> float:
    """The t with P(T > t) = chance, for 0 < chance < 1."""
    if chance == 0.5:
        return 0.0
    root = sqrt(4 * chance * (1 - chance))
    t = 2 * sqrt(max(cos(acos(root) / 3) / root - 1, 0.0))
    return t if chance < 0.5 else -t
