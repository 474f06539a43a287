"""What spares the suite its migrations: only tables of the same migrations, only into a database that holds nothing."""

from __future__ import annotations

import sqlite3
from types import SimpleNamespace

import pytest

from tests.tables_once import TablesOnce, digest, migration_folders


@pytest.fixture
def once(tmp_path):
    return TablesOnce(tmp_path / "tables")


def database(*tables: str, vendor: str = "sqlite") -> SimpleNamespace:
    """A connection as Django has it, to a database in memory with those tables."""
    opened = sqlite3.connect(":memory:")
    for name in tables:
        opened.execute(f"CREATE TABLE {name} (id INTEGER)")
    return SimpleNamespace(vendor=vendor, connection=opened)


def tables_of(one: SimpleNamespace) -> list[str]:
    return [name for (name,) in one.connection.execute("SELECT name FROM sqlite_master ORDER BY name")]


def test_what_one_run_migrated_the_next_begins_with(once):
    once.keep(database("vendors", "jobs"))
    empty = database()
    once.fill(empty)
    assert tables_of(empty) == ["jobs", "vendors"]


def test_a_database_that_holds_anything_is_left_alone_and_another_kind_is_none_of_ours(once):
    once.keep(database("vendors"))
    used, other = database("mine"), database(vendor="postgresql")
    once.fill(used)
    once.fill(other)
    assert (tables_of(used), tables_of(other)) == (["mine"], [])


def test_only_the_newest_state_is_kept_and_never_written_over(once):
    once.folder.mkdir()
    (once.folder / "older.sqlite3").write_bytes(b"")
    once.keep(database("first"))
    once.keep(database("second"))
    assert [path.name for path in once.folder.iterdir()] == [once.path.name]
    empty = database()
    once.fill(empty)
    assert tables_of(empty) == ["first"]


def test_a_changed_migration_or_a_new_one_or_what_it_imports_is_another_state(tmp_path):
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_initial.py").write_text("operations = []\n")
    states = [digest([folder])]
    (folder / "0001_initial.py").write_text("operations = [1]\n")
    states.append(digest([folder]))
    (folder / "0002_more.py").write_text("operations = []\n")
    states.append(digest([folder]))
    (folder / "0002_more.py").write_text("import riskboard.errors\noperations = []\n")
    states.append(digest([folder]))
    assert len(set(states)) == 4
    assert digest([folder]) == states[-1]
    assert len(migration_folders()) > 10
