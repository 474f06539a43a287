"""simulate(): what a whole portfolio of services risks in a year, when some of them fall together. Method, section 2.6.

Each service keeps the mean number of outages its own record implies; what an upstream explains of them is taken out of its
own rate and arrives as shocks that strike all attached services at once. docs/method-portfolio.md tells the choices.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from math import exp, isfinite, sqrt
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from assessments.forecast.durations import SCALE
from assessments.forecast.portfolio_records import (
    Attachment,
    PortfolioResult,
    Service,
    Upstream,
    check,
    rtos,
)
from assessments.forecast.portfolio_result import LEVELS, result_of
from assessments.forecast.takeover import YEAR_HOURS, not_carried, still_down
from assessments.scoring.rubric import number

if TYPE_CHECKING:
    from numpy import bool_, float64, int64
    from numpy.random import Generator
    from numpy.typing import NDArray

    Floats = NDArray[float64]
    Flags = NDArray[bool_]

_YEAR_SECONDS = int(YEAR_HOURS * 3600)
Groups = Mapping[str, Sequence[tuple[str, float]]]
_CHUNK = 1_000  # years at a time: keeps 200 services in a few tens of megabytes; part of what the seed means


class Run:
    """What one simulation adds up over its chunks of years."""

    def __init__(
        self, services: Sequence[Service], upstreams: Sequence[Upstream], seed: int, frailty: float, groups: Groups
    ) -> None:
        self.services, self.upstreams, self.frailty, self.groups = services, upstreams, frailty, groups
        self.group_plain = dict.fromkeys(groups, 0)
        self.group_kept = dict.fromkeys(groups, 0)
        self.streams: dict[tuple[str, ...], Generator] = {}
        self.seed = seed
        self.plain = {(one.name, rto): 0 for one in services for rto in rtos(one)}
        self.kept = dict(self.plain)
        self.down = {one.name: 0 for one in services}
        self.not_carried = {one.name: 0.0 for one in services}
        self.any_plain = self.any_kept = self.hits = self.hits_squared = 0
        self.without = {one.id: 0 for one in upstreams}
        self.together = dict.fromkeys(LEVELS, 0)
        self.seconds = dict.fromkeys(LEVELS, 0)
        self.apart = dict.fromkeys(LEVELS, 0)
        self.years_apart = self.begun = 0

    def stream(self, *names: str) -> Generator:
        """The random stream of that thing alone: nobody else's draws move when the portfolio changes."""
        import numpy as np

        if names not in self.streams:
            digest = hashlib.sha256("\0".join(names).encode()).digest()
            words = [int.from_bytes(digest[at : at + 4], "big") for at in range(0, 16, 4)]
            self.streams[names] = np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, *words])))
        return self.streams[names]


def simulate(
    services: Sequence[Service],
    upstreams: Sequence[Upstream] = (),
    *,
    years: int = 20_000,
    seed: int = 0,
    frailty_log_sd: float | None = None,
    groups: Groups | None = None,
) -> PortfolioResult:
    """The portfolio over `years` simulated years; the same for any order of its parts, and for the same seed.

    `frailty_log_sd` None: the rubric's. `groups`: by name, the services (and for each one of its RTOs) of which any counts.
    Raises ValueError with one sentence for figures that mean nothing.
    Cost: 20,000 years of 200 services with two outages a year take under two seconds and 100 MB.
    """
    services = sorted(services, key=lambda one: one.name)
    upstreams = sorted(upstreams, key=lambda one: one.id)
    frailty = number("portfolio", "frailty_log_sd") if frailty_log_sd is None else frailty_log_sd
    check(services, upstreams)
    if not 1 <= years <= number("portfolio", "most_years") or seed < 0 or not (isfinite(frailty) and frailty >= 0):
        raise ValueError("years must be 1 to 1,000,000, and neither the seed nor the frailty below zero")
    services = [replace(one, dependencies=_ordered(one)) for one in services]
    run = Run(services, upstreams, seed, frailty, groups or {})
    for begun in range(0, years, _CHUNK):
        _chunk(run, min(_CHUNK, years - begun))
    return result_of(run, years)


def _ordered(one: Service) -> tuple[Attachment, ...]:
    return tuple(sorted(one.dependencies, key=lambda link: link.upstream))


def own_share(service: Service, upstreams: Mapping[str, Upstream]) -> float:
    """The part of a service's own rate that its upstreams do not explain, 0-1: max(rate - sum of mu a, 0) / rate.

    Taken of the mean: the expected number of outages stays though each year draws its own rate.
    """
    explained = sum(upstreams[link.upstream].rate * link.share for link in service.dependencies)
    return max(1 - explained * service.beta / service.alpha, 0.0) if service.alpha > 0 else 0.0


def _own_shape(alpha: float, share: float, frailty_log_sd: float) -> float:
    """The gamma shape of the own rate: its mean falls to `share`, the variance with frailty stays that of the whole rate.

    So the chance of a year without an outage barely moves when a part of the outages is laid at an upstream's door.
    """
    swing = exp(frailty_log_sd**2)
    whole = (1 + 1 / alpha) * swing - 1  # squared coefficient of variation
    return swing / (1 + whole / share**2 - swing)


class _Events(Struct):
    """Outages of one service, by start: seconds since the chunk began, the end within its year, hours in full, cause."""

    start: Any
    end: Any
    hours: Any
    cause: Any  # index of the upstream, -1 for its own

    def longer_than(self, hours: float) -> _Events:
        """Those that last longer."""
        long = self.hours > hours
        return _Events(self.start[long], self.end[long], self.hours[long], self.cause[long])

    def joined(self) -> tuple[Any, Any]:
        """The same time as disjoint intervals that do not touch."""
        import numpy as np

        if not len(self.start):
            return self.start, self.end
        reach = np.maximum.accumulate(self.end)
        first = np.flatnonzero(np.concatenate(([True], self.start[1:] > reach[:-1])))
        return self.start[first], reach[np.concatenate((first[1:] - 1, [len(reach) - 1]))]


def _chunk(run: Run, years: int) -> None:
    """Simulate that many years and add them to the run."""
    import numpy as np

    shocks = {one.id: _shocks(run, one, years) for one in run.upstreams}
    frailty = {vendor: _frailty(run, vendor, years) for vendor in sorted({one.vendor for one in run.services})}
    standing_in = {one.fallback.service for one in run.services if one.fallback}
    events: dict[str, _Events] = {}
    spans: dict[str, tuple[Any, Any]] = {}
    counted = []
    hit = np.zeros(years, dtype=np.int64)
    for one in run.services:
        outages = events[one.name] = _outages(run, one, years, frailty[one.vendor], shocks)
        begun, ended = spans[one.name] = outages.joined()
        run.down[one.name] += int((ended - begun).sum())
        if one.name not in standing_in and one.fallback is None:
            spans.pop(one.name)
        events[one.name] = outages.longer_than(min(rtos(one)))
        if not one.standby:
            hit += _seen(outages.start, years)
            counted.append((begun, ended))
    run.hits += int(hit.sum())
    run.hits_squared += int((hit * hit).sum())
    _count_exceeded(run, years, events, spans)
    _count_together(run, years, counted)
    run.begun += years


def _seen(moments: NDArray[int64], years: int) -> Flags:
    """The years in which any of the moments falls."""
    import numpy as np

    seen = np.zeros(years, dtype=bool)
    seen[moments // _YEAR_SECONDS] = True
    return seen


def _frailty(run: Run, vendor: str, years: int) -> Floats:
    """A good or a bad year of the vendor: a factor of mean 1 on all its own rates."""
    import numpy as np

    draws = run.stream("vendor", vendor).standard_normal(years)
    return np.asarray(np.exp(run.frailty * draws - run.frailty * run.frailty / 2))


def _hours(stream: Generator, count: int, mean: float, variance: float) -> Floats:
    """Draws of exp(mean + sqrt(0.6 variance) t4): a normal over the root of half a Gamma(2)."""
    import numpy as np

    normal = stream.standard_normal(count, dtype=np.float32)
    spread = stream.standard_exponential(count, dtype=np.float32) + stream.standard_exponential(count, dtype=np.float32)
    t4 = normal.astype(np.float64) * np.sqrt(2.0 / np.maximum(spread, 1e-12, dtype=np.float64))
    return np.asarray(np.exp(np.minimum(mean + sqrt(SCALE * variance) * t4, 50.0)))


def _starts(stream: Generator, counts: NDArray[int64]) -> NDArray[int64]:
    """That many moments in each year, in order, in whole seconds since the chunk began."""
    import numpy as np

    moments = (stream.random(int(counts.sum())) * _YEAR_SECONDS).astype(np.int64)
    return np.asarray(np.sort(moments + np.repeat(np.arange(len(counts), dtype=np.int64) * _YEAR_SECONDS, counts)))


def _ends(start: NDArray[int64], hours: Floats) -> NDArray[int64]:
    """The end, at the latest that of the year; a longer "known issue" ends at the cap of the method's section 2.1."""
    import numpy as np

    lasted = (np.minimum(hours, number("outages", "cap_hours")) * 3600).astype(np.int64) + 1
    return np.asarray(np.minimum(start + lasted, (start // _YEAR_SECONDS + 1) * _YEAR_SECONDS))


def _shocks(run: Run, one: Upstream, years: int) -> tuple[Any, Any, Any]:
    """Starts, ends and hours of an upstream's outages."""
    stream = run.stream("upstream", one.id)
    start = _starts(stream, stream.poisson(one.rate, years))
    hours = _hours(stream, len(start), one.log_mean, one.log_variance)
    return start, _ends(start, hours), hours


def _outages(
    run: Run, one: Service, years: int, frailty: Floats, shocks: Mapping[str, tuple[Any, Any, Any]]
) -> _Events:
    """All outages of a service: its own, and the shocks that reach it."""
    import numpy as np

    stream = run.stream("service", one.name)
    share = own_share(one, {shared.id: shared for shared in run.upstreams})
    rate = np.zeros(years)
    if share:
        shape = _own_shape(one.alpha, share, run.frailty)
        rate = stream.gamma(shape, one.alpha * share / (one.beta * shape), years) * frailty
    start = _starts(stream, stream.poisson(rate))
    hours = _hours(stream, len(start), one.log_mean, one.log_variance)
    if one.drift:
        shift = run.stream("drift", one.name).standard_normal(years)
        hours = hours * np.exp(one.drift * shift[start // _YEAR_SECONDS])
    parts = [(start, _ends(start, hours), hours, np.full(len(start), -1, dtype=np.int16))]
    places = {shared.id: place for place, shared in enumerate(run.upstreams)}
    for link in one.dependencies:
        begun, ended, lasted = shocks[link.upstream]
        reached = run.stream("attachment", one.name, link.upstream).random(len(begun)) < link.share
        cause = np.full(int(reached.sum()), places[link.upstream], dtype=np.int16)
        parts.append((begun[reached], ended[reached], lasted[reached], cause))
    if len(parts) == 1:
        return _Events(*parts[0])
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    return _Events(*[column[order] for column in columns])


def _count_exceeded(run: Run, years: int, events: Mapping[str, _Events], spans: Mapping[str, tuple[Any, Any]]) -> None:
    """Years in which a service, and any critical one, was down longer than its RTO; `events` are the long ones alone."""
    import numpy as np

    any_plain, any_kept = np.zeros(years, dtype=bool), np.zeros(years, dtype=bool)
    by_cause = np.zeros((len(run.upstreams) + 1, years), dtype=bool)  # the last row: own outages
    asked = {pair for pairs in run.groups.values() for pair in pairs}
    by_pair: dict[tuple[str, float], tuple[Flags, Flags]] = {}
    for one in run.services:
        carried = None
        if one.fallback is not None:
            carried = run.stream("fallback", one.name).random(years) < one.fallback.capacity
            run.not_carried[one.name] += not_carried(*spans[one.name], spans[one.fallback.service], one.fallback) / 3600
        for rto in rtos(one):
            outages = events[one.name].longer_than(rto)
            plain = kept = _seen(outages.start, years)
            if carried is not None and one.fallback is not None:
                spare = spans[one.fallback.service]
                year = outages.start // _YEAR_SECONDS
                kept = np.zeros(years, dtype=bool)
                kept[year[still_down(outages, spare, replace(one, rto_hours=rto)) | ~carried[year]]] = True
            run.plain[one.name, rto] += int(plain.sum())
            run.kept[one.name, rto] += int(kept.sum())
            if (one.name, rto) in asked:
                by_pair[one.name, rto] = (plain, kept)
            if rto == one.rto_hours and one.critical and not one.standby:
                any_plain |= plain
                any_kept |= kept
                by_cause[outages.cause, outages.start // _YEAR_SECONDS] = True
    for name, pairs in run.groups.items():
        run.group_plain[name] += int(np.any([by_pair[pair][0] for pair in pairs], axis=0).sum())
        run.group_kept[name] += int(np.any([by_pair[pair][1] for pair in pairs], axis=0).sum())
    run.any_plain += int(any_plain.sum())
    run.any_kept += int(any_kept.sum())
    for place, shared in enumerate(run.upstreams):
        run.without[shared.id] += int(np.delete(by_cause, place, axis=0).any(axis=0).sum())


def _count_together(run: Run, years: int, spans: list[tuple[Any, Any]]) -> None:
    """Years with that many down at once, and the time they were; then the same were no two services in one year.

    That second sweep gives each service another's year: every service keeps its own outages, and nothing is shared. A
    quarter of the years is enough for it.
    """
    for level, moments, lasted in _sweep(spans):
        run.together[level] += int(_seen(moments, years).sum())
        run.seconds[level] += int(lasted.sum())
    if run.begun % (4 * _CHUNK):
        return
    run.years_apart += years
    for level, moments, _ in _sweep([_turned(span, place, years) for place, span in enumerate(spans)]):
        run.apart[level] += int(_seen(moments, years).sum())


def _turned(span: tuple[Any, Any], by: int, years: int) -> tuple[Any, Any]:
    """The same outages, each that many years later; the last years come first."""
    year = span[0] // _YEAR_SECONDS
    later = ((year + by) % years - year) * _YEAR_SECONDS
    return span[0] + later, span[1] + later


def _sweep(spans: list[tuple[Any, Any]]) -> list[tuple[int, Any, Any]]:
    """For each level, the moments from which at least that many are down, and the seconds until the next start or end."""
    import numpy as np

    if not spans:
        return []
    keys = np.concatenate([column for begun, ended in spans for column in (begun * 2 + 1, ended * 2)])
    keys.sort()  # an end before a start of the same second
    down = np.cumsum((keys & 1) * 2 - 1, dtype=np.int32)[:-1]
    moments = keys >> 1
    lasted = np.diff(moments)
    moments = moments[:-1]
    down[lasted == 0] = 0  # at no length of time
    return [(level, moments[down >= level], lasted[down >= level]) for level in LEVELS]
