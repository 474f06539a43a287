"""The nouns of a portfolio: services, what they stand on and who stands in for them, and what the simulation tells."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Literal

from msgspec import Struct

from assessments.scoring.rubric import number

Rung = Literal["declared", "dns", "incident-text", "analyst"]
Kind = Literal["cloud-region", "cdn", "identity", "dns"]


class Attachment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service goes down in that `share` (0-1) of the upstream's outages; `rung` says what speaks for it."""

    upstream: str
    share: float
    rung: Rung


class Fallback(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another service that takes over `takeover_hours` into an outage and carries the share `capacity` (0-1) of the work."""

    service: str
    takeover_hours: float
    capacity: float = 1.0


class Service(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One service. Outages a year ~ Gamma(`alpha`, `beta` years), 0 where alpha is; ln hours as `LogDuration`.

    A `standby` is only somebody's fallback: simulated, but not among the services that are counted. `also_rto_hours`: further
    RTOs, asked of the same outages. `drift`: standard deviation of what a year's ln hours have in common.
    """

    name: str
    vendor: str
    alpha: float
    beta: float
    log_mean: float
    log_variance: float
    rto_hours: float
    critical: bool = True
    standby: bool = False
    dependencies: tuple[Attachment, ...] = ()
    fallback: Fallback | None = None
    also_rto_hours: tuple[float, ...] = ()
    drift: float = 0.0


class Upstream(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What several services stand on. `rate`: outages a year that reach its customers; ln hours as `LogDuration`."""

    id: str
    name: str
    kind: Kind
    rate: float
    log_mean: float
    log_variance: float


class Chance(Struct, frozen=True, kw_only=True):
    """A simulated chance, 0-1, with its Monte Carlo standard error; `independent` is what independence would say."""

    value: float
    error: float
    independent: float | None = None


class AtRto(Struct, frozen=True, kw_only=True):
    """P(an outage longer than that in a year), without and with the fallback (None: there is none)."""

    rto_hours: float
    plain: Chance
    fallback: Chance | None


class ServiceRisk(Struct, frozen=True, kw_only=True):
    """P(an outage longer than its RTO in a year) of one service. `fallback` None: it has none.

    `hours` is the mean time a year it is down, each outage counted at most as long as the method's cap; `hours_fallback` what
    of it the fallback does not carry. `also`: the chances at the further RTOs.
    """

    name: str
    plain: Chance
    fallback: Chance | None
    hours: float = 0.0
    hours_fallback: float | None = None
    also: tuple[AtRto, ...] = ()


class Together(Struct, frozen=True, kw_only=True):
    """P(at least `count` services down at the same moment in a year), and the mean hours a year that lasts."""

    count: int
    chance: Chance
    hours: float


class Contribution(Struct, frozen=True, kw_only=True):
    """How much P(any critical service down longer than its RTO), without fallbacks, falls if the upstream never failed."""

    upstream: str
    less: float


class GroupRisk(Struct, frozen=True, kw_only=True):
    """P(any of a group of services down longer than the RTO asked of it in a year), without and with their fallbacks."""

    name: str
    plain: Chance
    fallback: Chance


class PortfolioResult(Struct, frozen=True, kw_only=True):
    """What the simulated years show, rounded to four decimals. `flags` name what to know before reading them."""

    years: int
    seed: int
    any_critical: Chance
    any_critical_with_fallbacks: Chance
    services: tuple[ServiceRisk, ...]
    together: tuple[Together, ...]
    contributors: tuple[Contribution, ...]
    services_hit: Chance
    flags: tuple[str, ...]
    groups: tuple[GroupRisk, ...] = ()


def rtos(one: Service) -> tuple[float, ...]:
    """Every RTO that is asked of the service's outages, its own first, each once."""
    return tuple(dict.fromkeys((one.rto_hours, *one.also_rto_hours)))


def check(services: Sequence[Service], upstreams: Sequence[Upstream]) -> None:
    """Raises ValueError naming the first thing that means nothing: a figure out of range, a name unknown or used twice."""
    names, known = {one.name for one in services}, {one.id for one in upstreams}
    if len(names) < len(services) or len(known) < len(upstreams):
        raise ValueError("every service and every upstream needs a name of its own")
    for shared in upstreams:
        if not (isfinite(shared.rate) and shared.rate >= 0 and _is_duration(shared.log_mean, shared.log_variance)):
            raise ValueError(f"the rate and durations of {shared.name} must be finite, the rate not below zero")
        if shared.rate > number("portfolio", "most_outages"):
            raise ValueError(f"the outage rate of {shared.name} is beyond what can be simulated, 1,000 a year")
    for one in services:
        _check_figures(one)
        _check_dependencies(one, known)
        _check_fallback(one, names)


def _check_figures(one: Service) -> None:
    if not (isfinite(one.alpha) and one.alpha >= 0 and isfinite(one.beta) and one.beta > 0):
        raise ValueError(f"the outage rate of {one.name} must be finite and not below zero")
    if one.alpha / one.beta > number("portfolio", "most_outages"):
        raise ValueError(f"the outage rate of {one.name} is beyond what can be simulated, 1,000 a year")
    if not _is_duration(one.log_mean, one.log_variance):
        raise ValueError(f"the durations of {one.name} must be finite, their variance above zero")
    if not (isfinite(one.drift) and 0 <= one.drift <= 3):
        raise ValueError(f"the drift of {one.name} must be 0 to 3")
    if not all(isfinite(rto) and rto > 0 for rto in (one.rto_hours, *one.also_rto_hours)):
        raise ValueError(f"the RTO of {one.name} must be above zero")


def _check_dependencies(one: Service, known: set[str]) -> None:
    if len({link.upstream for link in one.dependencies}) < len(one.dependencies):
        raise ValueError(f"{one.name} names the same upstream twice")
    for link in one.dependencies:
        if link.upstream not in known:
            raise ValueError(f"{one.name} depends on {link.upstream}, which is not among the upstreams")
        if not 0 <= link.share <= 1:
            raise ValueError(f"the share of {link.upstream}'s outages that reach {one.name} must be 0 to 1")


def _check_fallback(one: Service, names: set[str]) -> None:
    spare = one.fallback
    if spare is None:
        return
    if spare.service not in names or spare.service == one.name:
        raise ValueError(f"the fallback of {one.name} must be another service of the portfolio")
    if not (isfinite(spare.takeover_hours) and spare.takeover_hours >= 0 and 0 <= spare.capacity <= 1):
        raise ValueError(f"the fallback of {one.name} needs a takeover time not below zero and a capacity of 0 to 1")


def _is_duration(mean: float, variance: float) -> bool:
    return isfinite(mean) and isfinite(variance) and variance > 0 and abs(mean) <= 50
