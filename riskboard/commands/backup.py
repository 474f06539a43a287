"""`riskboard backup FILE`: everything of this installation in one archive, from one moment, while it goes on working."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from riskboard.errors import Refused

HELP = "write every row and file of this installation to one archive"
NEEDS_DJANGO = False  # it belongs to no workspace: it takes all of them


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, for whom, and how many stay."""
    parser.add_argument("out", type=Path, nargs="?", metavar="FILE", help="the archive to write; never one that exists")
    parser.add_argument(
        "--into",
        type=Path,
        metavar="DIR",
        help="write it into that folder under the time's name (default without FILE: RISKBOARD_BACKUPS)",
    )
    parser.add_argument("--keep", type=int, metavar="N", help="then delete all but the newest N in the folder")
    parser.add_argument(
        "--recipient",
        action="append",
        default=[],
        metavar="KEY",
        help="encrypt to that public key (age1..., or ssh-...); again for more (default: RISKBOARD_BACKUP_RECIPIENTS)",
    )
    parser.add_argument(
        "--new-key",
        type=Path,
        metavar="FILE",
        help="only write a new secret key to FILE and print its public one; keep FILE off this server",
    )


def run(args: argparse.Namespace) -> int:
    """Write it, say what it holds, and delete what is too old to keep."""
    from riskboard.backups import sealing

    if args.new_key is not None:
        print(sealing.new_identity(args.new_key))
        return 0
    from riskboard.cli import setup_django

    setup_django()
    from django.conf import settings

    from riskboard.backups import keeping
    from riskboard.backups.archive import backup

    now = datetime.now(UTC)
    keys = sealing.recipients(args.recipient or settings.BACKUP_RECIPIENTS)
    folder = _folder(args, settings.BACKUPS)
    out = args.out if folder is None else folder / keeping.name(now, sealed=bool(keys))
    made = backup(out, now=now, recipients=keys)
    count = sum(table.rows for table in made.tables)
    how = "encrypted" if keys else "NOT encrypted"
    print(
        f"{out}: {count} rows of {len(made.tables)} tables, {len(made.files)} files, {out.stat().st_size / 2**20:.1f} MiB, {how}"
    )
    if args.keep is not None and folder is not None:
        gone = keeping.prune(folder, keep=args.keep)
        print(f"{len(keeping.kept(folder))} kept under {folder}, {len(gone)} older deleted")
    print("SECRET_KEY is not in it, nor are sign-ins: keep the key apart, and the archive as safe as the database")
    return 0


def _folder(args: argparse.Namespace, usual: Path | None) -> Path | None:
    """The folder it goes into, None where a file was named. Raises Refused where the words do not fit together."""
    if args.keep is not None and args.keep < 1:
        raise Refused("--keep takes a number from 1 up")
    if args.out is not None:
        if args.into is not None or args.keep is not None:
            raise Refused("name either a FILE, or a folder with --into (and --keep)")
        return None
    folder: Path | None = args.into or usual
    if folder is None:
        raise Refused("name the archive to write, or a folder with --into or RISKBOARD_BACKUPS")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
