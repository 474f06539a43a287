"""`riskboard answers`: what a vendor answers about backup, out to a file and in from one."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from riskboard.errors import Refused

if TYPE_CHECKING:
    from assessments.questionnaire.bringing import Brought
    from vendors.models import Vendor

HELP = "what a vendor answers about backup: write it to a file, or bring in a filled one or a CAIQ workbook"
NEEDS_DJANGO = True
MOST_BYTES = 8 * 2**20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The vendor, and what to write or read."""
    parser.add_argument("vendor", metavar="VENDOR")
    parser.add_argument("--xlsx", type=Path, metavar="OUT", help="write a workbook with the guidance of each item")
    parser.add_argument("--csv", type=Path, metavar="OUT", help="write a table")
    parser.add_argument("--toml", type=Path, metavar="OUT", help="write what `assess --answers` reads")
    parser.add_argument("--import", dest="file", type=Path, metavar="FILE", help="show what a file would change")
    parser.add_argument(
        "--yes", action="store_true", help="and take it; what somebody answered meanwhile is never overwritten"
    )


def run(args: argparse.Namespace) -> int:
    """Write or read. Nothing is stored where anything is refused."""
    from riskboard.embedded import ensure_database
    from vendors.evidence_rows import vendor_named

    ensure_database()
    vendor = vendor_named(args.vendor)
    if args.file is not None:
        return _bring(vendor, args.file, yes=args.yes)
    return _write(vendor, args)


def _write(vendor: Vendor, args: argparse.Namespace) -> int:
    from assessments.questionnaire import answer_files
    from assessments.questionnaire.answers import answers_of, digest
    from riskboard.output import write_output

    stands = {one.item: one for one in answers_of(vendor)}
    rows = list(answer_files.rows_of(vendor.slug, stands, {item: digest(one) for item, one in stands.items()}))
    if args.xlsx:
        write_output(args.xlsx, answer_files.to_workbook(rows))
    if args.csv:
        write_output(args.csv, answer_files.to_table(rows))
    if args.toml:
        write_output(args.toml, answer_files.to_toml(stands.values()))
    if not (args.xlsx or args.csv or args.toml):
        for _, item, question, answer, *_ in rows:
            print(f"{item:<4}{answer or 'not asked':<10}{question}")
    print(f"{len(stands)} of {len(rows)} answered")
    return 0


def _bring(vendor: Vendor, path: Path, *, yes: bool) -> int:
    from assessments.questionnaire import answer_files, bringing
    from assessments.questionnaire.answers import Conflict

    found = _looked(vendor, path)
    for fault in found.faults:
        print(f"{path}: {fault}")
    if found.faults:
        raise Refused(f"nothing was taken: {len(found.faults)} to mend first")
    for line in found.lines:
        if line.act not in ("same", "blank"):
            stands = line.stands.answer if line.stands else "no answer"
            note = {"conflict": ", answered meanwhile: left as it is"}.get(line.act, "")
            print(
                f"{line.row.item:<4}{stands} -> {line.row.answer}{note}" + (f"  ({line.source})" if line.source else "")
            )
    chosen = {line.name for line in found.lines if line.is_chosen}
    if not yes or not chosen:
        print(f"{len(chosen)} would change" + ("; add --yes to take them" if chosen else ""))
        return 0
    reading = answer_files.read(bringing.carried(found))
    try:
        done = bringing.take(reading.rows, by="command", now=datetime.now(UTC), only=vendor, taken=chosen)
    except Conflict as conflict:
        raise Refused(f"somebody answered {conflict} meanwhile; nothing was taken") from conflict
    print(f"{len(done)} taken")
    return 0


def _looked(vendor: Vendor, path: Path) -> Brought:
    from assessments.files.reading import is_workbook
    from assessments.questionnaire import answer_files, bringing, caiq

    if path.stat().st_size > MOST_BYTES:
        raise Refused(f"{path} is larger than {MOST_BYTES // 2**20} MiB")
    data = path.read_bytes()
    try:
        reading = answer_files.read(data)
    except Refused as ours:
        if not is_workbook(data):
            raise Refused(f"{path}: {ours}") from ours
        return bringing.judge_caiq(caiq.read(data), vendor)
    return bringing.judge(reading.rows, reading.faults, only=vendor)
