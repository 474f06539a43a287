"""How long outages last: Student-t with 4 degrees of freedom on ln(hours), partially pooled. Method, section 2.3.

Closed forms throughout: for 4 degrees of freedom both the distribution function and its inverse are elementary, so no
numerical library is needed and every machine gives the same digits (to rounding of the last place).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from math import acos, cos, exp, log, sqrt

SCALE = 0.6  # a t4 has variance 2, so sqrt(0.6 v) t4 keeps the fitted quartiles; method, section 2.3


@dataclass(frozen=True, slots=True)
class LogDuration:
    """ln(hours) of the next outage is `mean` + sqrt(0.6 `variance`) t4."""

    mean: float
    variance: float

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

    `mean`, `variance`, `between`: of ln hours over the panel, within a vendor, and of vendor means. No durations: the
    panel's own. Golden values in tests are those of the method's appendix A.
    """
    if not log_hours:
        return LogDuration(mean, variance + between)
    total = sum(weights)
    effective = total * total / sum(weight * weight for weight in weights)
    trust = between / (between + variance / effective)
    own = sum(value * weight for value, weight in zip(log_hours, weights, strict=True)) / total
    return LogDuration(mean + trust * (own - mean), variance + between * (1 - trust))


def t4_above(t: float) -> float:
    """P(T > t) of Student's t with 4 degrees of freedom; exact, without cancellation in either tail."""
    if t < 0:
        return 1 - t4_above(-t)
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
