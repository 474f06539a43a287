"""What a simulation of the portfolio tells, from the sums of its run."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from assessments.forecast.portfolio_records import (
    AtRto,
    Chance,
    Contribution,
    GroupRisk,
    PortfolioResult,
    ServiceRisk,
    Together,
    rtos,
)
from assessments.scoring.rubric import number

if TYPE_CHECKING:
    from assessments.forecast.portfolio import Run

LEVELS = (2, 3, 5)  # how many down at once is told; method, section 2.6


def result_of(run: Run, years: int) -> PortfolioResult:
    """The run's sums as chances and means, rounded to four decimals."""

    def chance(count: int, independent: float | None = None) -> Chance:
        p = count / years
        told = None if independent is None else round(independent, 4)
        return Chance(value=round(p, 4), error=round(sqrt(max(p * (1 - p), 0.0) / years), 4), independent=told)

    alone = 1.0
    for one in run.services:
        if one.critical and not one.standby:
            alone *= 1 - run.plain[one.name, one.rto_hours] / years
    counted = [one for one in run.services if not one.standby]
    mean = run.hits / years
    spread = max(run.hits_squared / years - mean * mean, 0.0)
    ranked = sorted(
        (-(run.any_plain - count) / years, name) for name, count in run.without.items() if run.any_plain > count
    )
    return PortfolioResult(
        years=years,
        seed=run.seed,
        any_critical=chance(run.any_plain, 1 - alone),
        any_critical_with_fallbacks=chance(run.any_kept),
        services=tuple(
            ServiceRisk(
                name=one.name,
                plain=chance(run.plain[one.name, one.rto_hours]),
                fallback=chance(run.kept[one.name, one.rto_hours]) if one.fallback else None,
                hours=round(run.down[one.name] / 3600 / years, 4),
                hours_fallback=round(run.not_carried[one.name] / years, 4) if one.fallback else None,
                also=tuple(
                    AtRto(
                        rto_hours=rto,
                        plain=chance(run.plain[one.name, rto]),
                        fallback=chance(run.kept[one.name, rto]) if one.fallback else None,
                    )
                    for rto in rtos(one)[1:]
                ),
            )
            for one in counted
        ),
        together=tuple(
            Together(
                count=level,
                chance=chance(run.together[level], run.apart[level] / max(run.years_apart, 1)),
                hours=round(run.seconds[level] / 3600 / years, 4),
            )
            for level in LEVELS
        ),
        contributors=tuple(
            Contribution(upstream=name, less=round(-less, 4))
            for less, name in ranked[: int(number("portfolio", "contributors"))]
        ),
        services_hit=Chance(
            value=round(mean, 4),
            error=round(sqrt(spread / years), 4),
            independent=round(sum(1 - (one.beta / (one.beta + 1)) ** one.alpha for one in counted), 4),
        ),
        flags=_flags(run),
        groups=tuple(
            GroupRisk(name=name, plain=chance(run.group_plain[name]), fallback=chance(run.group_kept[name]))
            for name in sorted(run.groups)
        ),
    )


def _flags(run: Run) -> tuple[str, ...]:
    """`more-shocks-than-outages`: attachments imply more outages than a record shows; `analyst-only`: somebody's judgement."""
    upstreams = {one.id: one for one in run.upstreams}
    links = [link for one in run.services for link in one.dependencies]
    explained = (
        sum(upstreams[link.upstream].rate * link.share for link in one.dependencies) > one.alpha / one.beta
        for one in run.services
    )
    flags = {
        "more-shocks-than-outages": any(explained),
        "no-dependencies-known": bool(run.services) and not links,
        "analyst-only": bool(links) and all(link.rung == "analyst" for link in links),
    }
    return tuple(name for name, is_set in flags.items() if is_set)
