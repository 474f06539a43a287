"""`riskboard backup FILE`: everything of this installation in one archive, from one moment, while it goes on working."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

HELP = "write every row and file of this installation to one archive"
NEEDS_DJANGO = False  # it belongs to no workspace: it takes all of them


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("out", type=Path, metavar="FILE", help="the archive to write; never one that exists")


def run(args: argparse.Namespace) -> int:
    """Write it, and say what it holds."""
    from riskboard.cli import setup_django

    setup_django()
    from riskboard.backups.archive import backup

    made = backup(args.out, now=datetime.now(UTC))
    count = sum(table.rows for table in made.tables)
    print(
        f"{args.out}: {count} rows of {len(made.tables)} tables, {len(made.files)} files, {args.out.stat().st_size / 2**20:.1f} MiB"
    )
    print("SECRET_KEY is not in it, nor are sign-ins: keep the key apart, and the archive as safe as the database")
    return 0
