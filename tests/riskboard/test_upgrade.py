"""An upgrade saves what is there before it changes it, says how to go back, and does neither where there is nothing to save."""

from __future__ import annotations

import argparse
import errno
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from riskboard.backups import keeping, schema, upgrade
from riskboard.backups.archive import read
from riskboard.commands import prepare, up
from riskboard.errors import Refused
from tests.riskboard.installations import STEP_BACK, command, script
from tests.riskboard.test_backup import archive, in_use, media

__all__ = ["archive", "in_use", "media"]  # fixtures

NOW = datetime(2026, 11, 1, tzinfo=UTC)
STANDING = """
import json
import django
django.setup()
from riskboard.backups import schema
print(json.dumps([schema.standing(), schema.heads()]))
"""


def stepped_back(env: dict[str, str]) -> None:
    run = script(env, STEP_BACK)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout), "no migration could be undone: nothing is shown by this test"


def schema_of(env: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """(what the database has, what this code has)."""
    return tuple(json.loads(script(env, STANDING).stdout))


def made(env: dict[str, str]) -> list[Path]:
    folder = Path(env["RISKBOARD_VAR"]) / "backups"
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.fixture
def before(archive, elsewhere) -> dict[str, str]:
    """An installation in use, as the version before this one left it."""
    assert command(elsewhere, "restore", archive).returncode == 0
    stepped_back(elsewhere)
    return elsewhere


def test_rows_are_saved_before_an_upgrade_or_nothing_is_changed(before, tmp_path):
    older, ours = schema_of(before)
    assert older != ours
    (tmp_path / "file").write_text("no folder")
    refused = command(before | {"RISKBOARD_BACKUPS": str(tmp_path / "file" / "backups")}, "prepare")
    assert refused.returncode == 1
    assert refused.stderr.startswith("riskboard: no backup could be written before the upgrade (Not a directory")
    assert refused.stderr.count("\n") == 1
    assert "riskboard prepare --no-backup" in refused.stderr
    assert schema_of(before)[0] == older

    done = command(before, "prepare")
    assert done.returncode == 0, done.stderr
    assert schema_of(before)[0] == ours
    (path,) = made(before)
    assert "-before-" in path.name
    told = next(line for line in done.stdout.splitlines() if line.startswith("backup before the upgrade: "))
    assert str(path) in told
    assert "NOT encrypted" in told
    assert f"to go back: riskboard restore {path.name}" in done.stdout
    saved = read(path)
    assert (
        saved.migrations == older
    )  # that version takes it back as its own, and this one as test_backup_older.py shows
    assert {table.label: table.rows for table in saved.tables}["vendors.Incident"] > 0
    assert [file.path for file in saved.files] == ["reports/one.pdf"]

    again = command(before, "prepare")
    assert again.returncode == 0
    assert "backup before" not in again.stdout
    assert made(before) == [path]


def test_where_nobody_has_written_anything_there_is_nothing_to_save(elsewhere):
    stepped_back(elsewhere)
    done = command(elsewhere, "prepare")
    assert done.returncode == 0, done.stderr
    assert "backup" not in done.stdout
    assert made(elsewhere) == []


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_leaves_no_half_archive_and_no_migration_unless_none_is_wanted(in_use, monkeypatch, tmp_path):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    migrated: list[object] = []
    monkeypatch.setattr("django.conf.settings.BACKUPS", tmp_path / "kept")
    monkeypatch.setattr("riskboard.backups.archive._file", full)
    monkeypatch.setattr(schema, "waiting", lambda: ["vendors.9999_next"])
    monkeypatch.setattr(upgrade, "call_command", lambda *words, **_: migrated.append(words))
    with pytest.raises(Refused, match="No space left on device"):
        upgrade.bring_up_to_date(say=print)
    assert migrated == []
    assert list((tmp_path / "kept").iterdir()) == []
    assert upgrade.bring_up_to_date(say=print, backup_first=False) is None
    assert migrated == [("migrate",)]


@pytest.mark.parametrize("command", [prepare, up])
def test_going_on_without_a_backup_has_a_word_in_both_commands(command):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert parser.parse_args(["--no-backup"]).no_backup is True
    assert parser.parse_args([]).no_backup is False


def test_backups_of_the_schedule_and_of_upgrades_do_not_push_each_other_out(tmp_path):
    names = [keeping.name(NOW - timedelta(days=n), sealed=False) for n in range(4)]
    upgrades = [keeping.name(NOW - timedelta(days=n), sealed=n % 2 == 0, before="0.2.0") for n in range(4)]
    for name in names + upgrades:
        (tmp_path / name).write_bytes(b"x")
    assert [path.name for path in keeping.prune(tmp_path, keep=2)] == names[2:]
    assert [path.name for path in keeping.prune(tmp_path, keep=1, before_upgrade=True)] == upgrades[1:]
    assert {one.path.name for one in keeping.kept(tmp_path)} == {*names[:2], upgrades[0]}


@pytest.mark.parametrize("version", ["0.1.0", "1.0.0rc1", "1.0+local", "unknown", "../../x y"])
def test_a_backup_of_any_version_has_a_name_the_folder_knows_again(tmp_path, version):
    name = keeping.name(NOW, sealed=True, before=version)
    assert "/" not in name
    (tmp_path / name).write_bytes(b"x")
    assert [(one.at, one.before_upgrade) for one in keeping.kept(tmp_path)] == [(NOW, True)]
