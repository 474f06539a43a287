"""A backup of 100,000 incidents restored and equal by hash, against bare sqlite3 inserting the same lines of the same archive.

The floor reads each table's lines out of the zip once, decodes them and inserts them in one transaction: no hash is compared before,
no value checked, nothing read back. On PostgreSQL the row is held against the two minutes allowed (quality bar R21). Each database is
a throw-away one that has its tables already, in a process of its own.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.table import Row, printed

COUNT = 100_000
ALLOWED = 120.0  # seconds
AIM = 4.0  # every line is decompressed and hashed twice, typed, inserted, read back and hashed again
NOW = datetime(2026, 11, 23, tzinfo=UTC)
DOCUMENT = {
    "title": "Slow answers",
    "updates": [{"at": "2026-11-23T00:00:00Z", "status": "investigating", "text": "We are looking into slow answers."}]
    * 3,
}


def rows() -> list[Row]:
    """The restore on SQLite of the floor and of the time allowed, and on PostgreSQL of the time allowed."""
    with tempfile.TemporaryDirectory() as folder:
        archive, empty = Path(folder) / "a.rbk", Path(folder) / "empty"
        _call("make", Path(folder) / "made", archive)
        ours = _call("restore", empty, archive)
        floor = _call("floor", Path(folder) / "bare", archive)
        server = _call("restore", Path(folder) / "server", archive, before=[sys.executable, "scripts/with_postgres.py"])
    what = f"{COUNT:,} incidents restored, equal by hash"
    return [
        Row(f"{what}, SQLite, of bare sqlite3", ours, floor, AIM),
        Row(f"{what}, SQLite, of the 120 s allowed", ours, ALLOWED, 1.0, unit="s"),
        Row(f"{what}, PostgreSQL, of the 120 s allowed", server, ALLOWED, 1.0, unit="s"),
    ]


def _call(what: str, var: Path, archive: Path, *, before: list[str] | None = None) -> float:
    command = [*(before or []), sys.executable, "-m", "benchmarks.restoring", what, str(archive)]
    environ = os.environ | {"RISKBOARD_VAR": str(var)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return float(done.stdout.splitlines()[-1])


def _inside(what: str, archive: Path) -> float:
    """Seconds of that piece of work, in the database of the environment, made and migrated first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskboard.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    if what == "make":
        _fill()
        return _seconds(lambda: _backup(archive))
    if what == "floor":
        return _seconds(lambda: _bare(archive))
    return _seconds(lambda: _restored(archive))


def _seconds(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _fill() -> None:
    from vendors import models

    vendor = models.Vendor.objects.create(slug="v", name="V")
    page = models.StatusPage.objects.create(vendor=vendor, url="https://a.example.com", platform="x", name="V")
    models.Incident.objects.bulk_create(
        (
            models.Incident(
                page=page, external_id=f"i{n}", impact="minor", started_at=NOW - timedelta(minutes=n), resolved_at=NOW,
                document=DOCUMENT | {"id": f"i{n}"}, digest=f"{n:064d}",
            )
            for n in range(COUNT)
        ),
        batch_size=2000,
    )  # fmt: skip


def _backup(archive: Path) -> None:
    from riskboard.backups.archive import backup

    backup(archive, now=NOW)


def _restored(archive: Path) -> None:
    from riskboard.backups import rows as lines
    from riskboard.backups.archive import restore
    from vendors.models import Incident

    made = restore(archive)
    table = next(one for one in made.tables if one.label == "vendors.Incident")
    assert lines.digest(Incident, table.columns) == (COUNT, table.sha256)  # once more, from outside: part of the figure


def _bare(archive: Path) -> None:
    from django.apps import apps
    from django.conf import settings

    name = settings.DATABASES["default"]["NAME"]
    with closing(sqlite3.connect(name)) as database, zipfile.ZipFile(archive) as source, database:
        database.execute("PRAGMA foreign_keys = off")
        for table in json.loads(source.read("manifest.json"))["tables"]:
            model = apps.get_model(table["label"])
            columns = [model._meta.get_field(column).column for column in table["columns"]]
            database.execute(f'DELETE FROM "{model._meta.db_table}"')
            marks = ", ".join("?" * len(columns))
            listed = ", ".join(f'"{column}"' for column in columns)
            with source.open(f"tables/{table['label']}.jsonl") as lines:
                database.executemany(
                    f'INSERT INTO "{model._meta.db_table}" ({listed}) VALUES ({marks})',
                    (
                        [json.dumps(value) if isinstance(value, dict | list) else value for value in json.loads(line)]
                        for line in lines
                    ),
                )
    with closing(sqlite3.connect(name)) as database:
        ((count,),) = database.execute("SELECT count(*) FROM vendors_incident").fetchall()
    assert count == COUNT


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(_inside(sys.argv[1], Path(sys.argv[2])))
    else:
        print(printed(rows()))
