"""What each forecaster says of a row: the model, and its rivals."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp, lgamma, log, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from assessments.forecast import exceedance
from assessments.forecast.arrivals import Rate
from assessments.forecast.backtest.panel import Row
from assessments.forecast.durations import SCALE, LogDuration, t4_exceeded_with
from assessments.forecast.fitting import Prior, Settings, fit_duration, fit_rate, sibling_prior
from assessments.scoring.rubric import number

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]

YEARS = 400  # simulated for each row; the quantiles' error is below a point of coverage over the panel
_TABLE = 2048
_SEED = 20110510


@dataclass(frozen=True, slots=True)
class Fitted:
    """One row's model of the next twelve months. All published: outcomes are what was published, too."""

    rate: Rate
    duration: LogDuration
    drift: float

    def chance(self, over_hours: float) -> float:
        """P(an outage longer than that in the next twelve months), clamped to what may be printed."""
        found = exceedance.longer(((1.0, self.rate),), self.duration, over_hours, 1.0, self.drift)
        return min(max(found, number("forecast", "chance_floor")), number("forecast", "chance_ceiling"))

    def worst(self, not_exceeded: float) -> float:
        """Hours that the year's longest outage does not exceed with that chance."""
        cap = number("outages", "cap_hours")
        return exceedance.worst(((1.0, self.rate),), self.duration, 1.0, not_exceeded, cap=cap, drift=self.drift)


def fitted(row: Row, prior: Prior, settings: Settings) -> Fitted:
    """The model of one row, made by the product's own functions."""
    mine = prior
    if row.whole is not None and settings.sibling_alpha > 0:
        rate = sum(weight * one.mean for weight, one in fit_rate(row.whole, prior, settings=settings))
        mine = sibling_prior(
            row.siblings,
            row.past.years,
            parts=1,
            at_most=rate,
            base=prior,
            duration=fit_duration(row.whole, prior, settings),
            settings=settings,
        )
    ((_, rate_of_year),) = fit_rate(row.past, mine, settings=settings)
    return Fitted(rate_of_year, fit_duration(row.past, mine, settings), settings.drift_of(row.past, mine))


class Simulator:
    """Hours of a year to come, simulated with one stream of numbers for every row: the same on every machine."""

    def __init__(self) -> None:
        import numpy

        self._np = numpy
        self._t4 = numpy.array([t4_exceeded_with((n + 0.5) / _TABLE) for n in range(_TABLE)])
        source = random.Random(_SEED)  # noqa: S311 - a simulation, not a secret
        self._picks = numpy.array([source.randrange(_TABLE) for _ in range(400_000)])
        self._count_at = numpy.array([(n + 0.5) / YEARS for n in range(YEARS)])
        order = list(range(YEARS))
        source.shuffle(order)
        normal = NormalDist()
        self._shift = numpy.array([normal.inv_cdf((n + 0.5) / YEARS) for n in order])

    def hours(self, model: Fitted) -> Array:
        """Sorted totals of so many simulated years, each outage capped as in the product."""
        np = self._np
        table = np.exp(model.duration.mean + sqrt(SCALE * model.duration.variance) * self._t4)
        counts = np.searchsorted(np.cumsum(_counts(model.rate)), self._count_at)
        picks = np.resize(self._picks, int(counts.sum()))
        lengths = table[picks] * np.repeat(np.exp(model.drift * self._shift), counts)
        year = np.repeat(np.arange(YEARS), counts)
        totals = np.bincount(year, weights=np.minimum(lengths, number("outages", "cap_hours")), minlength=YEARS)
        ordered: Array = np.sort(totals)
        return ordered


def _counts(rate: Rate) -> list[float]:
    """P(0), P(1), … outages in a year: a negative binomial, until all but a ten-thousandth is told."""
    share = rate.beta / (rate.beta + 1)
    chances, told, count = [], 0.0, 0
    while told < 0.9999 and count < 20_000:
        chance = exp(
            lgamma(count + rate.alpha)
            - lgamma(rate.alpha)
            - lgamma(count + 1)
            + rate.alpha * log(share)
            + (count * log(1 - share) if count else 0.0)
        )
        chances.append(chance)
        told += chance
        count += 1
    return chances


class Climatology:
    """The share of pages or components that saw so long an outage in the year before the origin: one figure for all."""

    def __init__(self, panel: Sequence[Row], over_hours: float) -> None:
        self._over = over_hours
        seen: dict[tuple[datetime, str], list[bool]] = defaultdict(list)
        for row in panel:
            seen[row.origin, row.kind].append(self._last_year(row))
        self._share = {key: (sum(found) + 0.5) / (len(found) + 1) for key, found in seen.items()}

    def chance(self, row: Row) -> float:
        """P(an outage longer than that) for any row of that origin and kind; shrunk by one row of one half."""
        return self._share[row.origin, row.kind]

    def _last_year(self, row: Row) -> bool:
        return any(
            event.age <= 1 and min(event.most, 1e9) > self._over and event.least > 0 for event in row.past.events
        )
