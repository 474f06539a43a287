"""From one version to the next and back: an archive of the schema before this one comes back whole, and is then brought up to date."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from riskboard.backups.archive import read
from tests.riskboard.installations import STEP_BACK, command, script
from tests.riskboard.test_backup import archive, in_use, media

__all__ = ["archive", "in_use", "media"]  # fixtures

# Then write the archive as that older version would have.
ONE_BACK = (
    STEP_BACK
    + """
import sys
from datetime import UTC, datetime
from pathlib import Path
from riskboard.backups import archive, rows, schema

heads = schema.standing()
archive.write(Path(sys.argv[1]), rows.tables(schema.models_of(heads)), heads, now=datetime.now(UTC))
"""
)


def rows_of(path: Path) -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row of an archive by table and key, its values by column."""
    found = {}
    with zipfile.ZipFile(path) as opened:
        for table in read(path).tables:
            lines = opened.read(f"tables/{table.label}.jsonl").splitlines()
            rows = [dict(zip(table.columns, json.loads(line), strict=True)) for line in lines]
            found[table.label] = {next(iter(row.values())) if "id" not in row else row["id"]: row for row in rows}
    return found


def carried(rows: dict[Any, dict[str, Any]], columns: set[str]) -> str:
    """The digest of what those rows say in those columns."""
    said = [{name: row.get(name) for name in sorted(columns)} for row in rows.values()]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@pytest.fixture
def older(archive, bare, tmp_path) -> tuple[Path, list[str]]:
    """The same installation as the version before this one would have saved it, and the migrations it did not know."""
    env = {name: value for name, value in bare.items() if name != "DATABASE_URL"}
    env["RISKBOARD_VAR"] = str(tmp_path / "before")
    assert command(env, "restore", archive).returncode == 0
    run = script(env, ONE_BACK, tmp_path / "older.zip")
    assert run.returncode == 0, run.stderr
    return tmp_path / "older.zip", json.loads(run.stdout)


def test_an_archive_of_the_version_before_comes_back_and_is_brought_up_to_date(archive, older, bare, tmp_path):
    path, undone = older
    assert undone, "no migration could be undone: nothing is shown by this test"
    before = read(path)
    assert before.migrations != read(archive).migrations
    done = command(bare, "restore", path)
    assert done.returncode == 0, done.stderr
    assert "of an older schema, which was then brought to this version's" in done.stdout
    again = command(bare, "backup", tmp_path / "b.zip")
    assert again.returncode == 0, again.stderr
    now = read(tmp_path / "b.zip")
    assert now.migrations == read(archive).migrations
    old, new = rows_of(path), rows_of(tmp_path / "b.zip")
    for label, kept in old.items():
        shared = set(next(iter(kept.values()), {})) & set(next(iter(new[label].values()), {}))
        assert carried(kept, shared) == carried({pk: new[label].get(pk, {}) for pk in kept}, shared), label
    assert len(new["vendors.Incident"]) == len(old["vendors.Incident"]) > 0
    assert now.files == before.files
