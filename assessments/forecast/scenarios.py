"""What one named outage does to a portfolio: who is down how long, which fallbacks hold. No chance in it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from assessments.forecast.portfolio_records import Service
from assessments.forecast.shared_fate import SharedFate, reaches, share_a_fate
from assessments.scoring.rubric import rubric


class Scenario(Struct, frozen=True, kw_only=True):
    """An upstream or a vendor (exactly one of them) is down for so many hours. `source` tells where that was seen."""

    told: str
    hours: float
    upstream: str | None = None
    vendor: str | None = None
    source: str = ""


class Struck(Struct, frozen=True, kw_only=True):
    """One service the scenario may take down. `down_hours` with its fallback, if it has one that holds.

    `fallback_holds` None: it has none. `fate` None likewise; else what main and fallback are known to share.
    """

    name: str
    critical: bool
    down_hours: float
    over_rto_hours: float
    fallback_holds: bool | None
    fate: SharedFate | None


def bundled() -> dict[str, Scenario]:
    """The scenarios of the rubric, by name."""
    return {
        name: Scenario(
            told=row["told"],
            hours=row["hours"],
            upstream=row.get("upstream"),
            vendor=row.get("vendor"),
            source=row["source"],
        )
        for name, row in sorted(rubric()["portfolio"]["scenarios"].items())
    }


def play(scenario: Scenario, services: Sequence[Service]) -> tuple[Struck, ...]:
    """Every counted service the scenario strikes, by name. Any attachment above zero counts as hit: the worst case.

    So does an attachment to a provider of which no region is known, when one of its regions is down.
    """
    by_name = {one.name: one for one in services}
    struck = {one.name for one in services if _is_struck(one, scenario)}
    return tuple(
        _outcome(one, by_name, struck, scenario.hours)
        for one in sorted(services, key=lambda one: one.name)
        if one.name in struck and not one.standby
    )


def _is_struck(one: Service, scenario: Scenario) -> bool:
    if scenario.vendor is not None:
        return one.vendor == scenario.vendor
    struck = scenario.upstream
    return struck is not None and any(link.share > 0 and reaches(link.upstream, struck) for link in one.dependencies)


def _outcome(one: Service, by_name: dict[str, Service], struck: set[str], hours: float) -> Struck:
    spare = one.fallback
    holds = None if spare is None else spare.service not in struck and spare.capacity >= 1
    down = min(hours, spare.takeover_hours) if spare is not None and holds else hours
    return Struck(
        name=one.name,
        critical=one.critical,
        down_hours=down,
        over_rto_hours=max(0.0, down - one.rto_hours),
        fallback_holds=holds,
        fate=None if spare is None else share_a_fate(one.dependencies, by_name[spare.service].dependencies),
    )
