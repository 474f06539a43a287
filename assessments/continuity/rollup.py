"""What a service must deliver, rolled up from the processes that depend on it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assessments.continuity.plan import Dependency, Plan, Process
from assessments.forecast.history import unknown_components
from assessments.scoring.model import Needs, Own
from vendors.records import VendorFacts


@dataclass(frozen=True, slots=True)
class ServiceNeeds:
    """The strictest need of the processes that stop without a service. None: nobody stated one.

    `cost_per_hour` is the sum over those processes whose cost is known; `cost_known_for` and `cost_asked_of` count them.
    """

    rto_hours: float | None
    rpo_hours: float | None
    mtd_hours: float | None
    cost_per_hour: float | None
    cost_known_for: int
    cost_asked_of: int
    critical: bool
    processes: tuple[str, ...]


def rto_of(link: Dependency, process: Process) -> float | None:
    """The dependency's own RTO, else the process's, in hours."""
    return link.rto_hours if link.rto_hours is not None else process.rto_hours


def rpo_of(link: Dependency, process: Process) -> float | None:
    """The dependency's own RPO, else the process's, in hours."""
    return link.rpo_hours if link.rpo_hours is not None else process.rpo_hours


def cost_share(link: Dependency) -> float | None:
    """The share of the process's cost an hour without the service brings: as stated, else all of it where it is essential."""
    if link.share is not None:
        return link.share
    return 1.0 if link.essential else None


def service_needs(plan: Plan, service_id: str) -> ServiceNeeds:
    """What the service must deliver. Only processes that stop without it set the pace; where none does, all that use it."""
    by_id = {one.id: one for one in plan.processes}
    links = [(link, by_id[link.process]) for link in plan.dependencies if link.service == service_id]
    essential = [pair for pair in links if pair[0].essential] or links
    costs = [
        None if process.cost_per_hour is None or share is None else process.cost_per_hour * share
        for link, process in essential
        for share in (cost_share(link),)
    ]
    known = [cost for cost in costs if cost is not None]
    return ServiceNeeds(
        rto_hours=_least(rto_of(*pair) for pair in essential),
        rpo_hours=_least(rpo_of(*pair) for pair in essential),
        mtd_hours=_least(process.mtd_hours for _, process in essential),
        cost_per_hour=sum(known) if known else None,
        cost_known_for=len(known),
        cost_asked_of=len(costs),
        critical=any(process.critical for link, process in links if link.essential),
        processes=tuple(sorted({process.id for _, process in links})),
    )


def vendor_needs(plan: Plan, facts: VendorFacts, *, own: Own | None = None) -> Needs:
    """What the plan needs of that vendor: the strictest of its services' needs, and the parts that matter of all of them.

    `own`: what else the plan says of it (`own.own_view`).

    Parts that its record does not know are left out; where one service relies on the whole, no part is named. A vendor of which
    no service is relied on (somebody's fallback) is judged by the default RTO.
    """
    services = [one for one in plan.services if one.vendor == facts.vendor.slug]
    rolled = [service_needs(plan, one.id) for one in services]
    parts = (
        sorted({name for one in services for name in one.components}) if all(one.components for one in services) else []
    )
    unknown = set(unknown_components(facts, parts))
    return Needs(
        rto_hours=_least(one.rto_hours for one in rolled) or Needs().rto_hours,
        rpo_hours=_least(one.rpo_hours for one in rolled),
        critical=any(one.critical for one in rolled),
        components=tuple(name for name in parts if name not in unknown),
        own=own,
    )


def vendors_of(plan: Plan) -> list[str]:
    """Every vendor the plan relies on or falls back to, by slug, in order."""
    return sorted({one.vendor for one in plan.services} | {one.by_vendor for one in plan.fallbacks if one.by_vendor})


def _least(values: Iterable[float | None]) -> float | None:
    return min((value for value in values if value is not None), default=None)
