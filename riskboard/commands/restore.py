"""`riskboard restore FILE`: fill an empty installation from an archive, all or nothing; `--check` only reads it."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "fill an empty installation from a backup, or check one"
NEEDS_DJANGO = False  # an empty installation has no workspace yet


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where from."""
    parser.add_argument("file", type=Path, metavar="FILE", help="an archive that `riskboard backup` wrote")
    parser.add_argument("--check", action="store_true", help="read it whole, compare every hash, and write nothing")


def run(args: argparse.Namespace) -> int:
    """Check it and restore it."""
    from riskboard.cli import setup_django

    setup_django()
    from riskboard.backups.archive import read, restore

    made = read(args.file) if args.check else restore(args.file)
    count = sum(table.rows for table in made.tables)
    did = "is whole" if args.check else "restored and read back"
    print(
        f"{args.file} {did}: {count} rows of {len(made.tables)} tables, {len(made.files)} files, of {made.made_at:%Y-%m-%d %H:%M} UTC"
    )
    return 0
