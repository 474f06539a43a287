"""`riskboard catalogue`: list, check or rebuild the bundled vendors."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from riskboard.errors import Refused
from riskboard.output import write_output
from vendors import facts_file
from vendors.catalogue import listing
from vendors.catalogue.listing import Line

HELP = "list, check or rebuild the bundled vendors"
NEEDS_DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-action: list (default), check, or build."""
    actions = parser.add_subparsers(dest="action", metavar="action")
    shown = actions.add_parser("list", help="the bundled vendors and what their records cover")
    shown.add_argument("--json", action="store_true", help="print the index instead of a table")
    actions.add_parser("check", help="verify digests, figures and rules of every bundled history")
    build = actions.add_parser("build", help="make the histories again from a folder of captures")
    build.add_argument("--captures", required=True, type=Path, help="folder holding MANIFEST.tsv and status-pages/")
    build.add_argument("--only", metavar="SLUG", help="this vendor alone")


def run(args: argparse.Namespace) -> int:
    """Do the action. Exit 1 when `check` finds a fault. Raises Refused for an unknown vendor or missing captures."""
    if args.action == "build":
        return _build(args.captures, args.only)
    if args.action == "check":
        return _check()
    return _list(as_json=getattr(args, "json", False))


def _list(*, as_json: bool) -> int:
    lines = listing.read()
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(lines), indent=1).decode() + "\n")
        return 0
    print(f"{'slug':<22}{'incidents':>10}{'updates':>9}{'maint.':>8}  {'from':<12}{'to':<12}category")
    for line in lines:
        start, end = (f"{day:%Y-%m-%d}" if day else "not known" for day in (line.start, line.end))
        counts = f"{line.incidents:>10,}{line.updates:>9,}{line.maintenances:>8,}"
        print(f"{line.slug:<22}{counts}  {start:<12}{end:<12}{line.category}")
    return 0


def _check() -> int:
    faults = list(listing.problems())
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        print(f"{len(listing.read())} bundled histories: digests, figures and rules hold")
    return 1 if faults else 0


def _build(folder: Path, only: str | None) -> int:
    from vendors.catalogue.build.captures import Captures
    from vendors.catalogue.build.make import build, known_pages
    from vendors.catalogue.build.plan import PLAN
    from vendors.catalogue.pages import KNOWN_PAGES

    chosen = [entry for entry in PLAN if only in (None, entry.slug)]
    if not chosen:
        raise Refused(f"nothing is built under the name {only!r}; one of: {', '.join(entry.slug for entry in PLAN)}")
    captures = Captures(folder)
    lines = _lines_on_disk()
    for entry in chosen:
        built = build(entry, captures)
        file = f"{entry.slug}{listing.SUFFIXES[0]}"
        write_output(listing.HISTORIES / file, facts_file.pack(built.facts))
        line = lines[entry.slug] = listing.line_of(built.facts, file, len(built.set_aside))
        print(f"{line.slug}: {line.incidents:,} incidents, {line.updates:,} updates, {line.set_aside} times set aside")
    if only is None:
        write_output(KNOWN_PAGES, known_pages(captures))
    write_output(listing.INDEX, listing.write_form(lines))
    return 0


def _lines_on_disk() -> dict[str, Line]:
    """The lines of the histories that lie there now, read anew; only the count of times set aside is carried over."""
    try:
        before = {line.file: line.set_aside for line in listing.read()}
    except Refused:
        before = {}  # a missing or broken list is what building mends
    found = (
        listing.line_of(facts_file.loads(path.read_bytes()), path.name, before.get(path.name, 0))
        for path in listing.files()
    )
    return {line.slug: line for line in found}
