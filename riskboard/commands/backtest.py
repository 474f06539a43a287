"""`riskboard backtest`: how often the forecast was right on real records, and whether it may ship."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HELP = "hold past forecasts against what happened, beside simple rivals"
NEEDS_DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which records, and where the result goes."""
    parser.add_argument(
        "facts", nargs="*", metavar="FACTS.json", help="facts files or bundled vendors (default: every bundled vendor)"
    )
    parser.add_argument(
        "--json", nargs="?", const="-", metavar="OUT", help="print the result as JSON, or write it to OUT"
    )
    parser.add_argument(
        "--write", action="store_true", help="write docs/how-often-were-we-right.md (bundled vendors only)"
    )
    parser.add_argument("--gate", action="store_true", help="exit 1 where a ship gate is not met")


def run(args: argparse.Namespace) -> int:
    """Print the tables. With --gate, 1 where a ship gate is not met."""
    import msgspec

    from assessments.forecast.backtest import page
    from assessments.forecast.backtest.panel import rows
    from assessments.forecast.backtest.run import backtest
    from riskboard.commands.inputs import load_facts
    from riskboard.errors import Refused
    from riskboard.output import write_output
    from vendors.catalogue.index import bundled

    if args.write and args.facts:
        raise Refused("--write writes the page of the bundled vendors; name no others")
    records = [load_facts(name) for name in args.facts or [vendor.slug for vendor in bundled()]]
    panel = rows(records)
    if not panel:
        raise Refused("a backtest needs a vendor with a year and a half of its own record; there is none among these")
    result = backtest(panel)
    text = page.text(result)
    if args.write:
        write_output(page.PATH, text.encode())
    if args.json and args.json != "-":
        write_output(Path(args.json), msgspec.json.encode(result) + b"\n")
    if args.json == "-":
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")
    else:
        print(text, end="")
    return 1 if args.gate and not result.passes else 0
