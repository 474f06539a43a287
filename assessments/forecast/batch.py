"""The forecast of many vendors at once, in columns: what ranks ten thousand of them. Pure; numpy, imported when called.

The plain functions (`fitting`, `exceedance`) stay the definition: tests hold the two together to 1e-9. What is printed of
a vendor comes from those, since numpy's last digit differs between processors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log
from typing import TYPE_CHECKING, Any

from assessments.forecast import exceedance
from assessments.forecast.durations import CLOSE, ROUNDS, SCALE
from assessments.forecast.fitting import SAME, SHORTEST_LOG, Prior, Settings, fit_duration, panel_prior, shipped
from assessments.forecast.history import Event, History
from assessments.scoring.rubric import number

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

_BLOCK = 512  # vendors whose mixtures are held at once; keeps them in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Many histories. One entry an event, those of a vendor side by side; `years`, one entry a vendor.

    `vendor`: ascending places in `years`. The rest as in `history.Event`: ages in years, shares 0-1, hours, infinite
    `most` where there is no bound.
    """

    vendor: Array
    age: Array
    share: Array
    least: Array
    most: Array
    years: Array

    def of(self, place: int) -> Columns:
        """One vendor's alone, as views."""
        import numpy as np

        first, end = np.searchsorted(self.vendor, (place, place + 1))
        mine = slice(first, end)
        return Columns(
            vendor=self.vendor[mine] - place,
            age=self.age[mine],
            share=self.share[mine],
            least=self.least[mine],
            most=self.most[mine],
            years=self.years[place : place + 1],
        )

    def history(self, place: int) -> History:
        """The history of one vendor, as the plain functions take it."""
        mine = self.of(place)
        rows = zip(mine.age.tolist(), mine.share.tolist(), mine.least.tolist(), mine.most.tolist(), strict=True)
        return History(tuple(Event(*row) for row in rows), float(self.years[place]))


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """One entry a vendor: weighted `count` and `exposure` in years, `trend` factor, `mean` and `variance` of ln hours, and
    `chance`, 0-1 and unclamped, of an outage longer than asked within a year.
    """

    count: Array
    exposure: Array
    trend: Array
    mean: Array
    variance: Array
    chance: Array


def columns(histories: Sequence[History]) -> Columns:
    """The histories in columns, in their order."""
    import numpy as np

    events = [event for history in histories for event in history.events]
    return Columns(
        vendor=np.repeat(np.arange(len(histories)), [len(history.events) for history in histories]),
        age=np.array([event.age for event in events], dtype=float),
        share=np.array([event.share for event in events], dtype=float),
        least=np.array([event.least for event in events], dtype=float),
        most=np.array([event.most for event in events], dtype=float),
        years=np.array([history.years for history in histories], dtype=float),
    )


def outlook(given: Columns, hours: float, published: Sequence[tuple[float, float] | None] | None = None) -> Outlook:
    """What `fit_rate`, `fit_duration` and `exceedance.longer` say of every vendor.

    `published`: Beta(a, b) of each vendor's share of outages published; None: all of them are.

    Cost: about 25 ms for 10,000 vendors with a million outages, and some 3 µs more for each vendor that may publish less. A
    vendor with outages whose end is bounded but not known takes the plain functions, one by one; no bundled record has any.
    """
    import numpy as np

    prior, settings = panel_prior(), shipped()
    groups = _Groups(given.vendor, len(given.years))
    is_long = given.years > settings.half_life  # only then are older outages weighed down
    weights = np.exp2(given.age * groups.spread(np.where(is_long, -1 / settings.half_life, 0.0)))
    weights *= given.share
    count = groups.sums(weights)
    exposure = np.where(is_long, _exposure(given.years, settings.half_life), given.years)
    recent = groups.sums(given.share * (given.age <= 1))
    trend = _trend(recent, count, exposure, is_long, settings)
    mean, variance = _durations(given, groups, weights, prior)
    found = Outlook(count, exposure, trend, mean, variance, np.empty(len(given.years)))
    is_mixed = np.zeros(len(given.years), dtype=bool)
    if published is not None:
        is_mixed[:] = [pair is not None for pair in published]
        pairs = np.array([pair for pair in published if pair is not None]).reshape(-1, 2)
        mixed = np.flatnonzero(is_mixed)
        for at in range(0, len(mixed), _BLOCK):
            few = mixed[at : at + _BLOCK]
            shares = _disclosed(count[few], exposure[few], pairs[at : at + _BLOCK], prior)
            found.chance[few] = _chance(found, few, np.array(exceedance.GRID), shares, given.years[few], hours)
    whole = np.flatnonzero(~is_mixed)
    found.chance[whole] = _chance(found, whole, np.ones(1), np.ones((len(whole), 1)), given.years[whole], hours)
    return found


class _Groups:
    """Sums by vendor, over events that lie side by side."""

    def __init__(self, vendor: Array, size: int) -> None:
        import numpy as np

        bounds = np.searchsorted(vendor, np.arange(size + 1))
        self._sizes = np.diff(bounds)
        self._filled = np.flatnonzero(self._sizes)  # reduceat has no empty group
        self._starts = bounds[self._filled]

    def spread(self, values: Array) -> Array:
        """Each vendor's value, at all of its events."""
        import numpy as np

        return np.repeat(values, self._sizes)

    def sums(self, values: Array) -> Array:
        """The total of each vendor's events; 0 where there are none."""
        import numpy as np

        totals = np.zeros(len(self._sizes))
        if len(values):
            totals[self._filled] = np.add.reduceat(values, self._starts)
        return totals


def _exposure(years: Array, half_life: float) -> Array:
    """`arrivals.exposure`."""
    import numpy as np

    weighed: Array = half_life / log(2) * (1 - np.exp2(-years / half_life))
    return weighed


def _trend(recent: Array, count: Array, exposure: Array, is_long: Array, settings: Settings) -> Array:
    """`arrivals.trend`; 1 on records too short to have one."""
    import numpy as np

    expected = np.divide(count, exposure, out=np.zeros_like(count), where=is_long)
    moved = (recent + settings.trend_kappa) / (expected + settings.trend_kappa)
    moved = np.clip(moved, number("forecast", "trend_floor"), number("forecast", "trend_ceiling"))
    return np.where(is_long, moved, 1.0)


def _rate(
    count: Array, exposure: Array, trend: Array, years: Array, prior: Prior, settings: Settings
) -> tuple[Array, Array]:
    """`arrivals.tempered`, then `arrivals.next_year`: alpha and beta of the year to come."""
    import numpy as np

    kept = (prior.beta + settings.discount * exposure) / (prior.beta + exposure)
    alpha, beta = kept * (prior.alpha + count), kept * (prior.beta + exposure) / trend
    squared = settings.year_log_sd**2 * years / (years + prior.beta)
    widened = 1 / (1 / alpha + np.expm1(squared))
    return widened, beta * widened / alpha / np.exp(squared / 2)


def _durations(given: Columns, groups: _Groups, weights: Array, prior: Prior) -> tuple[Array, Array]:
    """`fit_duration`: mean and variance of ln hours. `weights` are used up."""
    import numpy as np

    logs = _log(given.most)
    unequal = np.flatnonzero(given.least != given.most)
    lows, highs = _log(given.least[unequal]), np.where(given.most[unequal] < inf, logs[unequal], inf)
    unequal = unequal[highs - lows >= SAME]
    bounded = unequal[(given.least[unequal] > 0) | (given.most[unequal] < inf)]
    bounded_weights = weights[bounded]
    weights[unequal] = 0.0
    total = groups.sums(weights)
    told = groups.sums(weights * logs)
    squares = groups.sums(np.square(weights, out=weights))
    mean, variance = _pooled(total, squares, told, prior)
    if len(bounded):
        _substitute(mean, variance, (total, squares, told), given, bounded, bounded_weights, prior)
    return mean, variance


def _log(hours: Array) -> Array:
    """ln hours between the shortest and the cap; not finite for none."""
    import numpy as np

    found: Array = np.log(np.clip(hours, np.exp(SHORTEST_LOG), number("outages", "cap_hours")))
    return found


def _pooled(total: Array, squares: Array, told: Array, prior: Prior) -> tuple[Array, Array]:
    """`durations.pool`, from sums of weights, of their squares, and of weighted ln hours; the panel's where all are 0."""
    import numpy as np

    seen = squares > 0
    own = np.divide(told, total, out=np.zeros_like(total), where=seen)
    within = prior.log_variance * squares
    trust = np.divide(
        prior.log_between * total**2, prior.log_between * total**2 + within, out=np.zeros_like(total), where=seen
    )
    return prior.log_mean + trust * (own - prior.log_mean), prior.log_variance + prior.log_between * (1 - trust)


def _substitute(
    mean: Array,
    variance: Array,
    sums: tuple[Array, Array, Array],
    given: Columns,
    bounded: Array,
    weights: Array,
    prior: Prior,
) -> None:
    """`durations.pool_bounded` for the vendors with `bounded` events, whose `mean` it replaces in place.

    `weights` are of those events, `sums` of each vendor's closed ones. Open outages are substituted for all such vendors
    at once.
    """
    import numpy as np

    places, group = np.unique(given.vendor[bounded], return_inverse=True)
    groups = _Groups(group, len(places))
    total, squares, told = (one[places] for one in sums)
    total, squares = total + groups.sums(weights), squares + groups.sums(weights * weights)
    lows = _log(given.least[bounded])
    scale = np.sqrt(SCALE * variance[places])
    found, moving = mean[places], np.ones(len(places), dtype=bool)
    for _ in range(ROUNDS):
        t = (lows - found[group]) / scale[group]
        guessed = found[group] + scale[group] * 0.5 * (1 + t * t / 4) ** -1.5 / _t4_above(t)
        pooled, _variance = _pooled(total, squares, told + groups.sums(weights * guessed), prior)
        step = np.where(moving, pooled - found, 0.0)
        found = found + step
        moving &= np.abs(step) >= CLOSE
        if not moving.any():
            break
    mean[places] = found
    for place in np.unique(given.vendor[bounded[given.most[bounded] < inf]]).tolist():
        mean[place] = fit_duration(given.history(place), prior).mean


def _t4_above(t: Array) -> Array:
    """`durations.t4_above`."""
    import numpy as np

    far = 4 + t * t
    rest = 4 / far / (1 + np.abs(t) / np.sqrt(far))
    above: Array = rest * rest * (3 - rest) / 4
    return np.where(t < 0, 1 - above, above)


def _disclosed(count: Array, exposure: Array, pairs: Array, prior: Prior) -> Array:
    """The weights of `exceedance.disclosed`: one row a vendor, one column a share of `exceedance.GRID`."""
    import numpy as np

    share = np.array(exceedance.GRID)
    effective = exposure[:, None] * share
    logs = (pairs - 1) @ np.log([share, 1 - share]) - prior.alpha * np.log1p(effective / prior.beta)
    is_told = (count > 0) & (exposure > 0)
    logs[is_told] += count[is_told, None] * np.log(effective[is_told] / (prior.beta + effective[is_told]))
    raw: Array = np.exp(logs - logs.max(axis=1, keepdims=True))
    raw /= raw.sum(axis=1, keepdims=True)
    return raw


def _chance(found: Outlook, places: Array, shares: Array, weights: Array, years: Array, hours: float) -> Array:
    """`exceedance.longer` over one year, of the vendors at `places`.

    `shares` that may be published, with the `weights` of each vendor's; `years` of those vendors.
    """
    import numpy as np

    prior, settings = panel_prior(), shipped()
    alpha, beta = _rate(
        found.count[places, None],
        found.exposure[places, None] * shares,
        found.trend[places, None],
        years[:, None],
        prior,
        settings,
    )
    mean, scale = found.mean[places], np.sqrt(SCALE * found.variance[places])
    drift = settings.drift * np.sqrt(years / (years + prior.beta))
    total: Array = np.zeros(len(places))
    for node, weight in exceedance.shifts(1.0):  # they come to the mean alone where there is no drift
        over = _t4_above((log(hours) - mean - drift * node) / scale) if hours > 0 else np.ones(len(places))
        total += weight * (1 - (weights * (beta / (beta + over[:, None])) ** alpha).sum(axis=1))
    return total
