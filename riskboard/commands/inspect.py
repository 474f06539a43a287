"""`riskboard inspect`: recognise and parse without storing."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

HELP = "recognise and parse a status page or a saved answer; print riskboard.facts/1"
NEEDS_DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """An address or a file; for a file, where it came from."""
    parser.add_argument("target", metavar="URL|FILE")
    parser.add_argument("--url", help="the address a saved file came from")
    parser.add_argument("--platform", help="the product, where recognition should be skipped")
    parser.add_argument("--as-of", help="the time of the capture (default now)")
    parser.add_argument(
        "--json", nargs="?", const="-", metavar="OUT", help="write the facts to OUT instead of printing them"
    )


def run(args: argparse.Namespace) -> int:
    """Print the facts. Raises Refused for what cannot be read or understood."""
    from riskboard.commands.inputs import is_url
    from riskboard.durations import parse_time
    from riskboard.output import write_output
    from vendors.facts_file import dumps
    from vendors.inspection import documents_of, facts_from, inspect_file

    as_of = parse_time(args.as_of, what="--as-of") if args.as_of else datetime.now(UTC).replace(microsecond=0)
    if is_url(args.target):
        from vendors.discovery import read_page
        from vendors.fetching import fetch

        parsed, answers = read_page(args.target, fetch=fetch, as_of=as_of)
        facts = facts_from(parsed, as_of=as_of, sources=documents_of(answers))
    else:
        facts = inspect_file(Path(args.target), as_of=as_of, url=args.url, platform=args.platform)
    if args.json and args.json != "-":
        write_output(Path(args.json), dumps(facts))
    else:
        sys.stdout.buffer.write(dumps(facts))
    return 0
