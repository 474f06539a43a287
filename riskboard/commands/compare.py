"""`riskboard compare`: several vendors side by side, and whether their order survives other weights."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from riskboard.locales import ENGLISH, LANGUAGES, speaking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assessments.scoring.model import Assessment
    from assessments.scoring.stability import Stability
    from vendors.records import VendorFacts

HELP = "several vendors side by side, and whether their order survives other weights"
NEEDS_DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The vendors, the RTO, and where the result goes."""
    parser.add_argument("targets", nargs="+", metavar="VENDOR|FACTS.json")
    parser.add_argument("--rto", default="4h", help="recovery time objective (default 4h)")
    parser.add_argument("--as-of", help="judge all as of this date or time (default: the end of each record)")
    parser.add_argument(
        "--pdf", metavar="OUT", help="write the comparison to OUT (of more than five: a portfolio report)"
    )
    parser.add_argument("--paper", choices=["a4", "letter"], default="a4", help="paper of the report (default a4)")
    parser.add_argument("--archive", action="store_true", help="as PDF/A-3a, for an archive, instead of PDF/UA-1")
    parser.add_argument("--language", choices=LANGUAGES, default=ENGLISH, help="language of the report (default en)")
    parser.add_argument(
        "--json", nargs="?", const="-", metavar="OUT", help="print the result as JSON, or write it to OUT"
    )


def run(args: argparse.Namespace) -> int:
    """Assess each, rank those that show a total, and say how firm the order is."""
    import msgspec

    from assessments.scoring.model import Needs
    from assessments.scoring.pipeline import assess
    from assessments.scoring.stability import stability
    from riskboard.commands.inputs import load_facts
    from riskboard.durations import parse_duration, parse_time
    from riskboard.errors import Refused
    from riskboard.output import write_output

    needs = Needs(rto_hours=parse_duration(args.rto, what="RTO"))
    at = parse_time(args.as_of, what="--as-of") if args.as_of else None
    made: dict[str, Assessment] = {}
    records = {}
    for target in args.targets:
        facts = load_facts(target)
        if facts.vendor.slug in made:
            raise Refused(f"{facts.vendor.slug} is named twice")
        made[facts.vendor.slug] = assess(facts, needs, as_of=at or facts.as_of)
        records[facts.vendor.slug] = facts
    firm = stability(list(made.values()))
    if args.pdf:
        write_output(Path(args.pdf), _report([(made[slug], records[slug]) for slug in made], args))
    if args.json:
        document = {"assessments": list(made.values()), "stability": firm}
        text = msgspec.json.encode(document) + b"\n"
        if args.json == "-":
            sys.stdout.buffer.write(text)
            return 0
        write_output(Path(args.json), text)
    print(table(list(made.values()), firm))
    return 0


def _report(pairs: list[tuple[Assessment, VendorFacts]], args: argparse.Namespace) -> bytes:
    from riskboard.cli import setup_django

    setup_django()
    from assessments.report import pdf
    from assessments.report.comparison import MOST

    render = pdf.render_portfolio if len(pairs) > MOST else pdf.render_comparison
    with speaking(args.language):
        return render(pairs, paper=args.paper, archive=args.archive)


def table(made: Sequence[Assessment], firm: Stability) -> str:
    """Best first; those without a total below, in the order given."""
    by_slug = {a.vendor.slug: a for a in made}
    lines = [
        f"{'':<3} {'vendor':<24}{'readiness':>10}{'between':>12}{'grade':>7}{'known':>7}{'chance':>8}   rank under other weights"
    ]
    for standing in firm.standings:
        a = by_slug.pop(standing.slug)
        ranks = f"{standing.low}" if standing.low == standing.high else f"{standing.low} to {standing.high}"
        lines.append(f"{standing.rank:>2}. {_cells(a)}   {ranks}, first in {standing.first:.0%}")
    lines += [f"{'-':>2}  {_cells(a)}   not ranked: no total is shown" for a in by_slug.values()]
    if len(firm.standings) > 1:
        lines += [
            "",
            f"With every weight drawn anew within 20 %, this very order holds in {firm.order_holds:.0%} of draws.",
        ]
        order = [standing.slug for standing in firm.standings]
        lines += [
            f"  {above} before {below}: in {share:.0%}"
            for above, below, share in zip(order, order[1:], firm.pairs, strict=False)
            if share < 0.95
        ]
    return "\n".join(lines)


def _cells(a: Assessment) -> str:
    value = "-" if a.score.value is None else f"{a.score.value:.1f}"
    chance = "-" if a.forecast.confidence == "insufficient" else f"{a.forecast.p_exceed:.0%}"
    span = f"{a.score.low:.0f} to {a.score.high:.0f}"
    name = a.vendor.name[:23] + (" disputed" if a.disputes else "")
    return f"{name:<24}{value:>10}{span:>12}{a.score.grade or '-':>7}{a.score.coverage:>7.0%}{chance:>8}"
