"""Bringing a database to this version's schema: the one place that migrates, and that makes a backup first where rows are at stake."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from riskboard.backups import archive, keeping, rows, schema, sealing
from riskboard.errors import Refused

KEPT = 5  # backups made before upgrades; the schedule's own are counted apart
GO_ON = "riskboard prepare --no-backup"
BACK = "docs/deploy.md, Upgrade, and back"


def bring_up_to_date(*, say: Callable[[str], None], backup_first: bool = True) -> Path | None:
    """Migrate to this version's schema, after a backup of what is there; returns where that lies, None where none was needed.

    None is made where nothing is to be migrated, or where nobody has written anything yet. Quick where the schema is current.
    `say` is told where the backup lies and how to go back. Raises Refused, before anything is changed, where a newer version
    migrated the database, or where the backup cannot be written.
    """
    schema.refuse_newer()
    made = _backup(say) if backup_first and schema.waiting() else None
    call_command("migrate", interactive=False, verbosity=0)
    if made is not None:  # only now: as long as an upgrade fails, nothing goes that could take it back
        with contextlib.suppress(OSError):  # what is kept too long does no harm
            keeping.prune(made.parent, keep=KEPT, before_upgrade=True)
    return made


def folder() -> Path:
    """Where backups before upgrades lie: beside the schedule's, or under var/ where no folder is named for those."""
    named: Path | None = settings.BACKUPS
    return named or Path(settings.VAR_DIR) / "backups"


def _backup(say: Callable[[str], None]) -> Path | None:
    """The archive of the schema as it stands, which either version can take back; None where there is nothing to lose."""
    heads = schema.standing()
    models = rows.tables(schema.models_of(heads)) if heads else []
    if not archive.in_use(models):
        return None
    now, keys = datetime.now(UTC), sealing.recipients(settings.BACKUP_RECIPIENTS)
    path = folder() / keeping.name(now, sealed=bool(keys), before=archive.this_version())
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = archive.write(path, models, heads, now=now, recipients=keys)
    except OSError as fault:
        raise Refused(
            f"no backup could be written before the upgrade ({fault.strerror or fault}: {path.parent}), and nothing was changed; "
            f"mend that, or name another folder in RISKBOARD_BACKUPS; to upgrade without one: {GO_ON}"
        ) from fault
    count = sum(table.rows for table in made.tables)
    how = "encrypted" if keys else "NOT encrypted"
    say(f"backup before the upgrade: {path} ({count} rows, {path.stat().st_size / 2**20:.1f} MiB, {how})")
    say(f"to go back: riskboard restore {path.name}, by the version before, into an empty place ({BACK})")
    return path
