"""`riskboard catalogue`: list, check or rebuild the bundled vendors; clean the list of known pages, or ask them again."""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from riskboard.errors import Refused
from riskboard.output import write_output
from vendors import facts_file
from vendors.catalogue import listing
from vendors.catalogue.listing import Line
from vendors.catalogue.pages import KnownVendor
from vendors.sources.base import Raw

HELP = "list, check or rebuild the bundled vendors and the list of known pages"
NEEDS_DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-action: list (default), check, build, clean, or check-pages."""
    actions = parser.add_subparsers(dest="action", metavar="action")
    shown = actions.add_parser("list", help="the bundled vendors and what their records cover")
    shown.add_argument("--json", action="store_true", help="print the index instead of a table")
    actions.add_parser("check", help="verify digests, figures and rules of every bundled history")
    build = actions.add_parser("build", help="make the histories again from a folder of captures")
    build.add_argument("--captures", required=True, type=Path, help="folder holding MANIFEST.tsv and status-pages/")
    build.add_argument("--only", metavar="SLUG", help="this vendor alone")
    clean = actions.add_parser("clean", help="make the list of known pages from a collected one; print what is refused")
    clean.add_argument("--from", dest="collected", required=True, type=Path, metavar="FILE", help="a vendors.tsv")
    again = actions.add_parser("check-pages", help="ask every known page which product serves it (uses the network)")
    which = again.add_mutually_exclusive_group()
    which.add_argument("--only", dest="first", type=int, metavar="N", help="the first N vendors alone")
    which.add_argument("--vendor", metavar="SLUG", help="this vendor alone")
    again.add_argument("--resume", action="store_true", help="go on where the last run stopped")
    again.add_argument("--pace", type=float, default=1.0, metavar="SECONDS", help="between two requests (at least 1)")
    again.add_argument("--json", dest="out", type=Path, metavar="OUT", help="write every result to this file")


def run(args: argparse.Namespace) -> int:
    """Do the action. Exit 1 when `check` finds a fault. Raises Refused for an unknown vendor or missing captures."""
    if args.action == "build":
        return _build(args.captures, args.only)
    if args.action == "check":
        return _check()
    if args.action == "clean":
        return _clean(args.collected)
    if args.action == "check-pages":
        from vendors.fetching import fetch

        return _check_pages(args, fetch)
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
    from vendors.catalogue.build.make import build
    from vendors.catalogue.build.plan import PLAN

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
        _clean(captures.folder / "vendors.tsv")
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


def _clean(collected: Path) -> int:
    """Write the list of known vendors from that file; each refused row is a line on standard error."""
    from vendors.catalogue import pages
    from vendors.catalogue.clean import clean

    try:
        vendors, refused = clean(collected.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise Refused(f"{collected} is no list of vendors: {fault}") from fault
    for refusal in refused:
        print(f"{collected.name}:{refusal.line}: {refusal.vendor}: {refusal.reason}", file=sys.stderr)
    write_output(pages.KNOWN_VENDORS, pages.dumps(vendors))
    count = sum(len(vendor.pages) for vendor in vendors)
    print(f"{len(vendors):,} vendors with {count:,} pages; {len(refused)} rows refused")
    return 0


def _check_pages(args: argparse.Namespace, fetch: Callable[[str], Raw]) -> int:
    """Ask the chosen pages through `fetch`, tell the progress on standard error, and print the table."""
    from riskboard.env import var_dir
    from vendors.catalogue import recheck

    if not (math.isfinite(args.pace) and args.pace >= recheck.LEAST_PACE):
        raise Refused(f"a pace of {args.pace:g} s is too fast for other people's servers; 1 s is the least")
    chosen = list(recheck.pages_of(_chosen_vendors(args.first, args.vendor)))
    progress = var_dir() / "catalogue" / "check-pages.jsonl"
    paced = recheck.Paced(fetch, args.pace)
    results: list[recheck.Result] = []
    asked, began = 0, time.monotonic()
    for result, now in recheck.check_pages(chosen, paced, progress, resume=args.resume):
        results.append(result)
        asked += now
        if now:
            line = recheck.pace_line(len(results), asked, len(chosen), time.monotonic() - began)
            print(f"{line}: {result.slug}: {result.outcome}", file=sys.stderr)
    if args.out is not None:
        write_output(args.out, msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n")
    sys.stdout.write(recheck.table(results))
    return 0


def _chosen_vendors(first: int | None, slug: str | None) -> tuple[KnownVendor, ...]:
    from vendors.catalogue import pages

    if slug is not None:
        if (vendor := pages.find(slug)) is None:
            likely = " or ".join(near.slug for near in pages.vendors_like(slug))
            raise Refused(f"{slug[:60]!r} is no listed vendor" + (f"; did you mean {likely}?" if likely else ""))
        return (vendor,)
    if first is not None and first < 1:
        raise Refused("--only takes a number of vendors, at least 1")
    return pages.known_vendors()[:first]
