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
    parser.add_argument("--identity", type=Path, metavar="FILE", help="the secret key of an encrypted one (age or SSH)")


def run(args: argparse.Namespace) -> int:
    """Check it and restore it."""
    from riskboard.backups import sealing
    from riskboard.cli import setup_django

    keys = sealing.identities(args.identity)
    setup_django()
    from riskboard.backups import schema
    from riskboard.backups.archive import read, restore

    made = read(args.file, identities=keys) if args.check else restore(args.file, identities=keys)
    count = sum(table.rows for table in made.tables)
    did = "is whole" if args.check else "restored and read back"
    print(
        f"{args.file} {did}: {count} rows of {len(made.tables)} tables, {len(made.files)} files, of {made.made_at:%Y-%m-%d %H:%M} UTC"
    )
    if made.migrations != schema.heads():
        print("it is of an older schema" + ("" if args.check else ", which was then brought to this version's"))
    return 0
