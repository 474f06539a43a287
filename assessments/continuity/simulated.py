"""The plan as the portfolio simulation takes it: its services, their fallbacks, and what they stand on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from assessments.continuity.fitted import Fitted
from assessments.continuity.plan import Fallback, Plan, Process, Service
from assessments.continuity.rollup import rto_of, service_needs
from assessments.forecast.inferred import joined
from assessments.forecast.portfolio import simulate
from assessments.forecast.portfolio_fit import unknown_vendor, upstream
from assessments.forecast.portfolio_records import Attachment, PortfolioResult
from assessments.forecast.portfolio_records import Service as Simulated
from assessments.forecast.shared_fate import kind_of
from assessments.scoring.rubric import number

NO_RTO_HOURS = 24.0  # of a service nobody stated an RTO for; its chance is not shown
_NEVER = {
    "alpha": 0.0,
    "beta": 1.0,
    "log_mean": 0.0,
    "log_variance": 1.0,
}  # the customer's own means: what fails is not known


def best_fallback(plan: Plan, service_id: str) -> Fallback | None:
    """The fallback that takes over soonest, of those whose takeover time is stated; else any there is; None without one."""
    own = [one for one in plan.fallbacks if one.service == service_id]
    return min(own, key=lambda one: (one.takeover_hours is None, one.takeover_hours or 0.0, one.id), default=None)


def counts(fallback: Fallback | None) -> bool:
    """Whether it can be reckoned with: its takeover time is stated."""
    return fallback is not None and fallback.takeover_hours is not None


def run(plan: Plan, models: Mapping[str, Fitted], *, seed: int) -> PortfolioResult | None:
    """The plan's services over simulated years; `models` by service and by fallback id. None where no service is judged.

    A fallback by a vendor that is not judged fails like the panel's; one by the customer's own means never does by itself.
    A capacity that is not stated counts as whole. What a vendor's record shows of its upstreams is joined to what is stated.
    """
    services = [one for one in plan.services if one.id in models]
    if not services:
        return None
    simulated: list[Simulated] = []
    for one in services:
        spare = best_fallback(plan, one.id)
        fields: dict[str, Any] = {}
        if spare is not None and spare.takeover_hours is not None:
            simulated.append(_standby(spare, models.get(f"fallback {spare.id}")))
            capacity = 1.0 if spare.capacity is None else spare.capacity
            fields["fallback"] = {
                "service": f"fallback {spare.id}",
                "takeover_hours": spare.takeover_hours,
                "capacity": capacity,
            }
        simulated.append(_service(plan, one, models[one.id], fields))
    groups = {
        process.id: pairs
        for process in plan.processes
        if (pairs := _pairs(plan, process, {one.id for one in services}))
    }
    over_mtd = {
        f"mtd {process.id}": [(service, process.mtd_hours) for service, _ in groups[process.id]]
        for process in plan.processes
        if process.id in groups and process.mtd_hours is not None
    }
    named = {link.upstream for one in simulated for link in one.dependencies}
    return simulate(
        simulated,
        [upstream(name, kind=kind_of(name) or "cloud-region") for name in sorted(named)],
        years=int(number("answer", "years")),
        seed=seed,
        groups={**groups, **over_mtd},
    )


def _pairs(plan: Plan, process: Process, judged: set[str]) -> list[tuple[str, float]]:
    """The services the process stops without, each at the RTO that holds for it; those judged and with an RTO."""
    return [
        (link.service, rto)
        for link in plan.dependencies
        if link.process == process.id and link.essential and link.service in judged
        for rto in (rto_of(link, process),)
        if rto is not None
    ]


def _service(plan: Plan, one: Service, model: Fitted, fields: dict[str, Any]) -> Simulated:
    needs = service_needs(plan, one.id)
    rto = needs.rto_hours or NO_RTO_HOURS
    return msgspec.convert(
        {
            "name": one.id,
            "vendor": one.vendor,
            **model.rates,
            "rto_hours": rto,
            "also_rto_hours": sorted(_asked(plan, one.id) - {rto}),
            "critical": needs.critical and needs.rto_hours is not None,
            "dependencies": _attached(one.stands_on, model),
            **fields,
        },
        Simulated,
    )


def _asked(plan: Plan, service_id: str) -> set[float]:
    """Every RTO and MTD that some process has of the service."""
    by_id = {one.id: one for one in plan.processes}
    links = [(link, by_id[link.process]) for link in plan.dependencies if link.service == service_id]
    asked = {rto_of(*pair) for pair in links} | {process.mtd_hours for _, process in links}
    return {hours for hours in asked if hours is not None}


def _standby(spare: Fallback, model: Fitted | None) -> Simulated:
    rates = model.rates if model else (_NEVER if spare.by_vendor is None else unknown_vendor())
    return msgspec.convert(
        {
            "name": f"fallback {spare.id}",
            "vendor": spare.by_vendor or f"own {spare.id}",
            **rates,
            "rto_hours": NO_RTO_HOURS,
            "critical": False,
            "standby": True,
            "dependencies": _attached(spare.stands_on, model),
        },
        Simulated,
    )


def _attached(stated: tuple[str, ...], model: Fitted | None) -> tuple[Attachment, ...]:
    share = number("answer", "attachment_share")
    links = [Attachment(upstream=name, share=share, rung="analyst") for name in sorted(set(stated))]
    return joined(links, model.shown if model else ())
