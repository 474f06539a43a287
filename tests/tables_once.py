"""The tables of an empty installation, kept from one run to the next: on SQLite they take ten seconds to migrate and none to copy.

Kept under pytest's own cache, by a digest over every migration and what of ours it imports. `pytest --cache-clear` forgets them.
Migrating still happens after copying, and finds nothing to do. That it can be done from nothing is shown where nothing is copied:
by tests that prepare an installation of their own, and by the suite on PostgreSQL.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import sqlite3
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.backends.signals import connection_created

_IMPORTED = re.compile(r"^(?:import|from) ((?:riskboard|vendors|assessments)\.[\w.]+)", re.M)


def migration_folders() -> list[Path]:
    """Where the migrations of every installed app lie, ours and others'."""
    return [Path(app.path) / "migrations" for app in apps.get_app_configs()]


def digest(folders: list[Path]) -> str:
    """Of all that decides what migrating makes. Reads about a hundred small files."""
    found = hashlib.sha256(sqlite3.sqlite_version.encode())
    imported: set[str] = set()
    for path in sorted(path for folder in folders for path in folder.glob("*.py")):
        text = path.read_bytes()
        found.update(path.name.encode() + text)
        imported.update(_IMPORTED.findall(text.decode()))
    for name in sorted(imported):
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin:
            found.update(Path(spec.origin).read_bytes())
    return found.hexdigest()


class TablesOnce:
    """The kept file of this state of the migrations, in `folder`."""

    def __init__(self, folder: Path):
        self.folder, self.path = folder, folder / f"{digest(migration_folders())[:32]}.sqlite3"

    def copy_when_first_connected(self) -> None:
        """Fill the first SQLite database that is connected to and holds nothing, where there is a file to fill it from."""
        if self.path.exists():
            connection_created.connect(self.fill)

    def fill(self, connection: Any, **_: object) -> None:
        """Copy the kept tables into that database if it holds nothing. Hears of connections until the first to SQLite."""
        if connection.vendor != "sqlite":
            return
        connection_created.disconnect(self.fill)
        if not connection.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            source = sqlite3.connect(self.path)
            source.backup(connection.connection)
            source.close()

    def keep(self, connection: Any) -> None:
        """Keep what was just migrated there, whole or not at all: another process may do the same. Older states go."""
        connection_created.disconnect(self.fill)
        if connection.vendor != "sqlite" or self.path.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        for older in self.folder.glob("*.sqlite3"):
            older.unlink(missing_ok=True)
        half = self.path.with_suffix(f".{os.getpid()}")
        with sqlite3.connect(half) as target:
            connection.connection.backup(target)
        target.close()
        half.replace(self.path)
