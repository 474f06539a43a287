"""From a measured value to a score 0-1. The rubric holds the control points."""

from __future__ import annotations

from math import log
from statistics import NormalDist

_NORMAL = NormalDist()
_NINETY = 1.2815515655446004  # the normal quantile of 0.9


def log_normal(value: float, *, p10: float, median: float) -> float:
    """Lower is better: 0.9 at `p10`, 0.5 at `median`, 1 at zero. Lighthouse's curve; method, section 8."""
    if value <= 0:
        return 1.0
    spread = log(median / p10) / _NINETY
    return 1 - _NORMAL.cdf(log(value / median) / spread)


def linear(value: float, *, good: float, bad: float) -> float:
    """1 at `good` and beyond, 0 at `bad` and beyond, straight between; either may be the larger."""
    return min(1.0, max(0.0, (bad - value) / (bad - good)))
