"""`riskboard portfolio`: what several services risk together, with and without fallbacks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from riskboard.errors import Refused

if TYPE_CHECKING:
    from assessments.forecast.inferred import Inferred
    from assessments.forecast.portfolio_records import PortfolioResult, Service, Upstream
    from assessments.forecast.scenarios import Scenario, Struck

HELP = "what a portfolio of services risks in a year, when some of them fall together"
NEEDS_DJANGO = False
MOST_BYTES = 2**20
SHOWN = 3  # incidents named beside an inferred upstream
EXAMPLE = "docs/examples/portfolio.toml shows how"


class DependencyRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`depends_on` of the file: a share of the upstream's outages, and what speaks for it."""

    upstream: str
    share: float
    evidence: str = "analyst"


class FallbackRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`fallback` of the file: the name of another service in it."""

    service: str
    takeover: str
    capacity: float = 1.0


class ServiceRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[services]]` of the file."""

    vendor: str
    components: tuple[str, ...] = ()
    rto: str = "4h"
    name: str | None = None
    critical: bool = True
    standby: bool = False
    depends_on: tuple[DependencyRow, ...] = ()
    fallback: FallbackRow | None = None


class UpstreamRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One `[[upstreams]]` of the file; what is left out is the rubric's."""

    id: str
    name: str | None = None
    kind: str | None = None
    rate: float | None = None


class PortfolioFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    services: tuple[ServiceRow, ...]
    upstreams: tuple[UpstreamRow, ...] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, how much to simulate, and where the result goes."""
    parser.add_argument("file", metavar="FILE.toml", help=f"the services and what they stand on; {EXAMPLE}")
    parser.add_argument("--years", type=int, default=20_000, help="years to simulate (default 20000)")
    parser.add_argument("--seed", type=int, default=0, help="another seed gives other simulated years (default 0)")
    parser.add_argument(
        "--json", nargs="?", const="-", metavar="OUT", help="print the result as JSON, or write it to OUT"
    )
    parser.add_argument(
        "--no-infer", action="store_true", help="take only the upstreams the file declares, none that incidents name"
    )
    parser.add_argument("--scenario", metavar="NAME", help="play one named outage instead: us-east-1, bpos")


def run(args: argparse.Namespace) -> int:
    """Simulate, or play the scenario; print or write. Nothing is written when anything is refused."""
    from assessments.forecast.portfolio import simulate
    from assessments.forecast.scenarios import play
    from riskboard.output import write_output

    scenario = _scenario(args.scenario) if args.scenario else None
    portfolio = read(Path(args.file), infer=not args.no_infer)
    told: dict[str, Any]
    if scenario is not None:
        struck = play(scenario, portfolio.services)
        told, text = {"scenario": scenario, "struck": struck}, scenario_table(scenario, struck)
        shown = {name: why for name, taken in portfolio.inferred.items() if (why := _reached(taken, scenario))}
    else:
        try:
            result = simulate(portfolio.services, portfolio.upstreams, years=args.years, seed=args.seed)
        except ValueError as fault:
            raise Refused(str(fault)) from fault
        told, text = msgspec.structs.asdict(result), table(result)
        shown = portfolio.inferred
    text = "\n".join([text, *inferred_lines(shown)])
    document = msgspec.json.format(msgspec.json.encode({**told, "inferred": portfolio.inferred}), indent=2) + b"\n"
    if args.json and args.json != "-":
        write_output(Path(args.json), document)
    if args.json == "-":
        sys.stdout.buffer.write(document)
    else:
        print(text)
    return 0


class Portfolio(NamedTuple):
    """What is simulated: `inferred` holds, by service, the upstreams taken from its vendor's record and not declared."""

    services: list[Service]
    upstreams: list[Upstream]
    inferred: dict[str, list[Inferred]]


def read(path: Path, *, infer: bool = True) -> Portfolio:
    """The services and upstreams of the file, with the vendors' fitted models. Raises Refused naming the first fault.

    `infer`: also the upstreams that observations or incident texts of a vendor show, where none of that provider is declared.
    """
    from assessments.forecast.portfolio_records import check

    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused(f"{path} is larger than {MOST_BYTES // 2**20} MiB; that is no portfolio file")
        rows = msgspec.toml.decode(path.read_bytes(), type=PortfolioFile)
    except OSError as fault:
        raise Refused(f"the portfolio {path} cannot be read: {fault.strerror}") from fault
    except (msgspec.MsgspecError, ValueError) as fault:
        raise Refused(f"{path} is no portfolio file ({fault}); {EXAMPLE}") from fault
    try:
        read_rows = [_service(row, infer=infer) for row in rows.services]
        upstreams = [_upstream(row) for row in rows.upstreams]
        named = {one.upstream for _, taken in read_rows for one in taken} - {one.id for one in upstreams}
        upstreams += [_upstream(UpstreamRow(id=name)) for name in sorted(named)]
        services = [service for service, _ in read_rows]
        check(services, upstreams)
    except (msgspec.ValidationError, ValueError) as fault:
        raise Refused(f"{path}: {fault}") from fault
    return Portfolio(services, upstreams, {service.name: taken for service, taken in read_rows if taken})


def _service(row: ServiceRow, *, infer: bool) -> tuple[Service, list[Inferred]]:
    """The row with the vendor's own rate and durations, taken at the end of its record, and what was inferred of it."""
    from assessments.forecast.history import known_components
    from assessments.forecast.inferred import inferred_upstreams, joined
    from assessments.forecast.portfolio_fit import rate_and_length
    from assessments.forecast.portfolio_records import Service
    from riskboard.commands.inputs import load_facts
    from riskboard.durations import parse_duration

    facts = load_facts(row.vendor)
    known_components(facts, row.components)
    name = row.name or facts.vendor.slug
    fields: dict[str, Any] = {
        "name": name,
        "vendor": facts.vendor.slug,
        **rate_and_length(facts, as_of=facts.as_of, components=row.components),
        "rto_hours": parse_duration(row.rto, what=f"RTO of {name}"),
        "critical": row.critical,
        "standby": row.standby,
        "dependencies": [
            {"upstream": link.upstream, "share": link.share, "rung": link.evidence} for link in row.depends_on
        ],
    }
    if row.fallback is not None:
        takeover = parse_duration(row.fallback.takeover, what=f"takeover of {name}")
        fields["fallback"] = {
            "service": row.fallback.service,
            "takeover_hours": takeover,
            "capacity": row.fallback.capacity,
        }
    service = msgspec.convert(fields, Service)
    if not infer:
        return service, []
    found = inferred_upstreams(facts, as_of=facts.as_of)
    links = joined(service.dependencies, found)
    taken = {link.upstream for link in links[len(service.dependencies) :]}
    return msgspec.structs.replace(service, dependencies=links), [one for one in found if one.upstream in taken]


def _upstream(row: UpstreamRow) -> Upstream:
    from assessments.forecast.portfolio_fit import upstream

    return upstream(row.id, name=row.name, kind=row.kind, rate=row.rate)


def _scenario(name: str) -> Scenario:
    from assessments.forecast.scenarios import bundled

    known = bundled()
    if name not in known:
        raise Refused(f"{name[:60]!r} is no scenario; known are {' and '.join(known)}")
    return known[name]


def table(result: PortfolioResult) -> str:
    """The result for people, each chance clamped to what may be printed."""
    from assessments.forecast.engine import clamp

    plain, kept = result.any_critical, result.any_critical_with_fallbacks
    lines = [
        f"{result.years} simulated years, seed {result.seed}",
        f"any critical service down longer than its RTO within a year: {clamp(plain.value):.0%}"
        f"   with fallbacks {clamp(kept.value):.0%}   were all independent {clamp(plain.independent or 0):.0%}",
        f"services hit in a year: {result.services_hit.value:.1f} of {len(result.services)}",
        "",
    ]
    for level in (level for level in result.together if level.count <= len(result.services)):
        lines.append(
            f"at least {level.count} down at once: {clamp(level.chance.value):.0%} of years, {level.hours:.1f} h a year"
            f"   were all independent {clamp(level.chance.independent or 0):.0%}"
        )
    for one in result.services:
        fallback = "no fallback" if one.fallback is None else f"with its fallback {clamp(one.fallback.value):.0%}"
        lines.append(f"  {one.name:<24}{clamp(one.plain.value):>5.0%}   {fallback}")
    for one_of in result.contributors:
        lines.append(f"without outages of {one_of.upstream}: {one_of.less * 100:.1f} points less")
    if result.flags:
        from assessments.report.phrases import PLAN_FLAGS

        lines.append(f"to know: {' '.join(PLAN_FLAGS[flag] for flag in result.flags)}")
    return "\n".join(lines)


def inferred_lines(inferred: dict[str, list[Inferred]]) -> list[str]:
    """What nobody declared, each with the incidents that tell it, the latest first; nothing where nothing was inferred."""
    if not inferred:
        return []
    lines = ["", "not declared, taken from what the vendors published (--no-infer leaves it out):"]
    for name, taken in sorted(inferred.items()):
        for one in taken:
            lines.append(
                f"  {name} stands on {one.upstream}: {_evidence(one)}; {one.share:.0%} of its outages are taken to reach it"
            )
            for told in one.incidents[: -SHOWN - 1 : -1]:
                regions = ", ".join(name for name in told.named if name != one.upstream)
                lines.append(
                    f"    {told.started_at:%Y-%m-%d}  {told.url or told.id}{f'  ({regions})' if regions else ''}"
                )
            if len(one.incidents) > SHOWN:
                lines.append(f"    and {len(one.incidents) - SHOWN} before (--json names all)")
    return lines


def _reached(taken: list[Inferred], scenario: Scenario) -> list[Inferred]:
    """Those the scenario's upstream may strike."""
    from assessments.forecast.shared_fate import reaches

    return [one for one in taken if scenario.upstream is not None and reaches(one.upstream, scenario.upstream)]


def _evidence(one: Inferred) -> str:
    if one.seen is not None:
        return f"observed ({one.seen})"
    return f"{len(one.incidents)} incidents blame it"


def scenario_table(scenario: Scenario, struck: tuple[Struck, ...]) -> str:
    """The scenario for people."""
    lines = [f"{scenario.told} ({scenario.source})"]
    for one in struck:
        held = {None: "no fallback", True: "its fallback holds", False: "its fallback does not hold"}[
            one.fallback_holds
        ]
        lines.append(
            f"  {one.name:<24}down {one.down_hours:g} h, {one.over_rto_hours:g} h past its RTO; {held}{_fate(one)}"
        )
    return "\n".join(
        lines if struck else [*lines, "  strikes none of the services, as far as their dependencies are known"]
    )


def _fate(one: Struck) -> str:
    if one.fate is None:
        return ""
    if not one.fate.known:
        return "; whether they share an upstream is not known"
    names = ", ".join(f"{link.upstream} ({link.rung})" for link in one.fate.shared)
    return f"; both stand on {names}" if names else "; they share no upstream that is known"
