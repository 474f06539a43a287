"""A folder of backups: what one is called, which is the newest, and which may go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_NAME = re.compile(r"^riskboard-(\d{8}T\d{6}Z)(-before-[\w.+]+)?\.rbk(\.age)?$")
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Kept:
    """One backup in the folder. `at`: when it was begun, by its name, which copying does not change.

    `before_upgrade`: made by an upgrade before it migrated, not by the schedule.
    """

    path: Path
    at: datetime
    before_upgrade: bool = False


def name(now: datetime, *, sealed: bool, before: str | None = None) -> str:
    """What a backup begun then is called, `before` that version where an upgrade makes it; its order by name is its order in time."""
    upgrade = "" if before is None else f"-before-{re.sub(r'[^A-Za-z0-9_.+]', '_', before)}"
    return f"riskboard-{now.astimezone(UTC):{_STAMP}}{upgrade}.rbk{'.age' if sealed else ''}"


def kept(folder: Path) -> list[Kept]:
    """The backups in the folder, newest first; other files are none of ours. Raises OSError where it cannot be read."""
    found = []
    for path in folder.iterdir():
        match = _NAME.match(path.name)
        if match and path.is_file():
            at = datetime.strptime(match.group(1), _STAMP).replace(tzinfo=UTC)
            found.append(Kept(path, at, before_upgrade=match.group(2) is not None))
    return sorted(found, key=lambda one: (one.at, one.path.name), reverse=True)


def prune(folder: Path, *, keep: int, before_upgrade: bool = False) -> list[Path]:
    """Delete all but the newest `keep` of the schedule's, or of those made before upgrades; returns what went.

    Neither kind pushes the other out. Call it after a new one is whole, never before.
    """
    gone = [one.path for one in kept(folder) if one.before_upgrade is before_upgrade][keep:]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone
