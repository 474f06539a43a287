"""`riskboard inspect`: recognise and parse without storing."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vendors.sources.base import Raw

HELP = "recognise and parse a status page or a saved answer; print riskboard.facts/1"
NEEDS_DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """An address or a file; for a file, where it came from."""
    parser.add_argument("target", metavar="URL|FILE")
    parser.add_argument("--url", help="the address a saved file came from")
    parser.add_argument("--platform", help="the product, where recognition should be skipped")
    parser.add_argument("--as-of", help="when a file was saved (default: the newest time in it)")
    parser.add_argument(
        "--json", nargs="?", const="-", metavar="OUT", help="write the facts to OUT instead of printing them"
    )


def run(args: argparse.Namespace) -> int:
    """Print the facts. Raises Refused for what cannot be read or understood; what was left out goes to stderr."""
    from riskboard.durations import parse_time
    from riskboard.output import write_output
    from vendors.facts_file import dumps
    from vendors.inspection import inspect

    now = datetime.now(UTC).replace(microsecond=0)
    as_of = parse_time(args.as_of, what="--as-of") if args.as_of else now
    facts = inspect(
        args.target, url=args.url, platform=args.platform, as_of=as_of, fetch=_fetch, exact=args.as_of is not None
    )
    for note in facts.sources:
        if note.note and note.note.startswith("left out"):
            print(f"riskboard: {note.name}: {note.note}", file=sys.stderr)
    if args.json and args.json != "-":
        write_output(Path(args.json), dumps(facts))
    else:
        sys.stdout.buffer.write(dumps(facts))
    return 0


def _fetch(url: str) -> Raw:
    """The real fetcher, loaded only when an address is asked."""
    from vendors.fetching import fetch

    return fetch(url)
