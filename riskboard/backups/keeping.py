"""A folder of backups: what one is called, which is the newest, and which may go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_NAME = re.compile(r"^riskboard-(\d{8}T\d{6}Z)\.rbk(\.age)?$")
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Kept:
    """One backup in the folder. `at`: when it was begun, by its name, which copying does not change."""

    path: Path
    at: datetime


def name(now: datetime, *, sealed: bool) -> str:
    """What a backup begun then is called; its order by name is its order in time."""
    return f"riskboard-{now.astimezone(UTC):{_STAMP}}.rbk{'.age' if sealed else ''}"


def kept(folder: Path) -> list[Kept]:
    """The backups in the folder, newest first; other files are none of ours. Raises OSError where it cannot be read."""
    found = []
    for path in folder.iterdir():
        match = _NAME.match(path.name)
        if match and path.is_file():
            found.append(Kept(path, datetime.strptime(match.group(1), _STAMP).replace(tzinfo=UTC)))
    return sorted(found, key=lambda one: (one.at, one.path.name), reverse=True)


def prune(folder: Path, *, keep: int) -> list[Path]:
    """Delete all but the newest `keep` backups; returns what went. Call it after a new one is whole, never before."""
    gone = [one.path for one in kept(folder)[keep:]]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone
