"""`riskboard evidence`: what the press, a ticket or a monitor told about a vendor, beside its own page."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from riskboard.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vendors.evidence.reported import Report
    from vendors.evidence.tables import Fault
    from vendors.models import Vendor

HELP = "enter incidents learnt elsewhere, import what monitors saw, list and withdraw both"
NEEDS_DJANGO = True
_FIELDS = {  # column of the table: option of the command line
    "title": "title", "started_at": "started", "ended_at": "ended", "impact": "impact", "components": "components",
    "source_url": "source", "source_kind": "kind", "note": "note",
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-action: add, import, list or remove."""
    actions = parser.add_subparsers(dest="action", metavar="action", required=True)
    add = actions.add_parser("add", help="enter one incident, or a CSV of them")
    add.add_argument("vendor", metavar="VENDOR")
    add.add_argument("--csv", type=Path, metavar="FILE", help="a table; its columns are in docs/evidence.md")
    add.add_argument("--title")
    add.add_argument("--started", metavar="TIME", help="ISO 8601, like 2026-03-01T10:00:00Z")
    add.add_argument("--ended", metavar="TIME", help='a time, or "open" (default: not known)')
    add.add_argument("--source", metavar="URL", help="where it can be read")
    add.add_argument("--kind", help="press, letter, login-dashboard, ticket or other (default other)")
    add.add_argument("--impact", help="none, minor, major or critical (default: nobody says)")
    add.add_argument("--components", metavar="A|B", help="the parts that were hit")
    add.add_argument("--note")
    add.add_argument("--zone", help="the zone of times without an offset, like Europe/Berlin")
    read = actions.add_parser("import", help="import an export of a monitoring product")
    read.add_argument("vendor", metavar="VENDOR")
    read.add_argument("file", type=Path, metavar="FILE")
    read.add_argument("--observer", metavar="NAME", help="who watched (default: the names of the monitors)")
    read.add_argument("--zone", help="the zone of times without an offset, like Europe/Berlin")
    shown = actions.add_parser("list", help="what is entered for a vendor")
    shown.add_argument("vendor", metavar="VENDOR")
    shown.add_argument("--csv", type=Path, metavar="OUT", help="write the incidents as a table that `add` reads")
    shown.add_argument("--facts", type=Path, metavar="OUT", help="write the vendor's facts with this evidence")
    remove = actions.add_parser("remove", help="withdraw evidence; it can be brought back")
    remove.add_argument("name", metavar="ID", help="r12, s34 or f0123456789ab, as listed")
    remove.add_argument("--undo", action="store_true", help="bring back what was withdrawn")


def run(args: argparse.Namespace) -> int:
    """Do the action. Nothing is stored when anything is refused."""
    from riskboard.embedded import ensure_database

    ensure_database()
    now = datetime.now(UTC).replace(microsecond=0)
    if args.action == "add":
        return _add(args, now)
    if args.action == "import":
        return _import(args, now)
    if args.action == "remove":
        return _remove(args.name, undo=args.undo, now=now)
    return _list(args, now)


def _add(args: argparse.Namespace, now: datetime) -> int:
    from vendors.evidence.reported import read_csv, read_row
    from vendors.evidence_rows import enter, vendor_named

    cells = {column: getattr(args, option) or "" for column, option in _FIELDS.items()}
    reports: Sequence[Report]
    if args.csv is not None:
        if any(cells.values()):
            raise Refused("give either --csv or the fields of one incident, not both")
        reading = read_csv(_bytes(args.csv), zone=args.zone, as_of=now)
        _refuse(args.csv, reading.faults)
        reports = reading.reports
    else:
        found, wrong = read_row(cells, zone=args.zone, as_of=now)
        if found is None:
            raise Refused("; ".join(f"--{_FIELDS.get(column, column)}: {what}" for column, what in wrong.items()))
        reports = (found,)
    vendor = vendor_named(args.vendor)
    print(f"{vendor.name}: incidents learnt elsewhere: {enter(vendor, reports, now=now)}")
    return 0


def _import(args: argparse.Namespace, now: datetime) -> int:
    from vendors.evidence.monitors import read
    from vendors.evidence_rows import observe, vendor_named

    export = read(_bytes(args.file), zone=args.zone, observer=args.observer, as_of=now, name=args.file.name)
    _refuse(args.file, export.faults)
    vendor = vendor_named(args.vendor)
    print(f"{vendor.name}: {export.format}: failures seen: {observe(vendor, export.spans, now=now)}")
    return 0


def _remove(name: str, *, undo: bool, now: datetime) -> int:
    from vendors.evidence_rows import restore, withdraw

    changed = restore(name) if undo else withdraw(name, now=now)
    done = "brought back" if undo else "withdrawn"
    hint = "" if undo else f"; to bring it back: riskboard evidence remove {name} --undo"
    print(
        f"{name}: {changed} {'row' if changed == 1 else 'rows'} {done}{hint}" if changed else f"{name}: {done} already"
    )
    return 0


def _list(args: argparse.Namespace, now: datetime) -> int:
    from riskboard.output import write_output
    from vendors.evidence.reported import write_csv
    from vendors.evidence_rows import batches, entered, vendor_named
    from vendors.facts import facts_of
    from vendors.facts_file import dumps

    vendor = vendor_named(args.vendor)
    reported = entered(vendor)
    if args.csv is not None:
        write_output(args.csv, write_csv(row.report for row in reported if row.withdrawn_at is None))
    if args.facts is not None:
        write_output(args.facts, dumps(facts_of(vendor, as_of=now)))
    for row in reported:
        one = row.incident
        end = f"{one.resolved_at:%Y-%m-%d %H:%M}" if one.resolved_at else one.end_known
        gone = "  withdrawn" if row.withdrawn_at else ""
        print(f"{row.name:<14} {one.started_at:%Y-%m-%d %H:%M}  {end:<16}  {one.reported!s:<15} {one.title[:70]}{gone}")
    for batch in batches(vendor):
        gone = f"  {batch.withdrawn} withdrawn" if batch.withdrawn else ""
        span = f"{batch.first:%Y-%m-%d %H:%M}  {batch.last:%Y-%m-%d %H:%M}"
        print(f"{batch.name:<14} {span}  {batch.spans} seen by {batch.observer} ({batch.note}){gone}")
    if not reported and not vendor.observed.exists():
        print(f"no evidence is entered for {vendor.name}")
    _say(vendor, now)
    return 0


def _say(vendor: Vendor, now: datetime) -> None:
    """What the evidence comes to against the page, where a monitor saw anything."""
    from assessments.scoring.metrics import seen_against_told
    from vendors.facts import facts_of

    seen = seen_against_told(facts_of(vendor, as_of=now), now)
    if seen.share is not None:
        print(f"of {seen.seen_count} failures seen in the published record's time, {seen.told_count} were published")


def _refuse(path: Path, faults: Sequence[Fault]) -> None:
    """Raise Refused with every fault, one a line, if there is any."""
    if faults:
        rows = "".join(f"\n  {fault}" for fault in faults)
        raise Refused(f"nothing of {path} was imported; {len(faults)} to mend:{rows}")


def _bytes(path: Path) -> bytes:
    from vendors.evidence.monitors import MAX_BYTES

    if not path.is_file():
        raise Refused(f"there is no file {path}")
    with path.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)
