"""Installations of the test's own beside the suite's: their surroundings, their database, and commands run in them."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
# Undo, in each of our apps, the newest migration that can be undone, and print which: the database as the version before left it.
STEP_BACK = """
import json
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

undone = []
for app in ("assessments", "vendors", "jobs", "accounts"):
    graph = MigrationExecutor(connection).loader.graph
    (leaf,) = graph.leaf_nodes(app)
    before = [parent for parent in graph.node_map[leaf].parents if parent.key[0] == app]
    after = [child for child in graph.node_map[leaf].children if child.key not in undone]
    if before and not after and all(one.reversible for one in graph.nodes[leaf].operations):
        call_command("migrate", app, before[0].key[1], verbosity=0)
        undone.append(leaf)
print(json.dumps([".".join(node) for node in undone]))
"""
# SQLite, and the kind of database the suite runs on where that is another (settings look at the same variable).
KINDS = ("sqlite", "same") if os.environ.get("DATABASE_URL", "").startswith("postgres") else ("sqlite",)


def surroundings(folder: Path, database: str = "") -> dict[str, str]:
    """The environment of an installation of its own in that folder; on PostgreSQL with that database."""
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "RISKBOARD_MEDIA")}
    env["RISKBOARD_VAR"] = str(folder)
    if database:
        env["DATABASE_URL"] = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    return env


@contextlib.contextmanager
def database(name: str, template: str = "template1") -> Iterator[str]:
    """A PostgreSQL database of that name beside the suite's, gone afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield name
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def on_this_kind(kind: str) -> str:
    """The name for another database, or "" for SQLite."""
    return "" if kind == "sqlite" else f"{connection.settings_dict['NAME']}_elsewhere"


@pytest.fixture(params=KINDS)
def bare(request, tmp_path, transactional_db):
    """The environment of another installation that has no tables yet."""
    name = on_this_kind(request.param)
    with database(name) if name else contextlib.nullcontext():
        yield surroundings(tmp_path / "elsewhere", name)


@pytest.fixture(scope="session")
def tables(tmp_path_factory, tables_once, django_db_setup, django_db_blocker):
    """Every table and no row of anybody, which `migrate` takes seconds for: a SQLite file, and a PostgreSQL database's name, or ""."""
    folder, name = tmp_path_factory.mktemp("tables"), ""
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    with django_db_blocker.unblock(), contextlib.ExitStack() as stack:
        if connection.vendor == "postgresql":
            name = stack.enter_context(database(f"{connection.settings_dict['NAME']}_tables"))
            subprocess.run(migrate, env=surroundings(folder, name), cwd=ROOT, timeout=120, check=True)
        if tables_once.path.exists():  # a suite on SQLite has just made them, or copied them itself
            shutil.copy(tables_once.path, folder / "riskboard.sqlite3")
        else:
            subprocess.run(migrate, env=surroundings(folder), cwd=ROOT, timeout=120, check=True)
        yield folder / "riskboard.sqlite3", name


@pytest.fixture(params=KINDS)
def elsewhere(request, tmp_path, tables, transactional_db):
    """The environment of another installation that has its tables, and that nobody uses."""
    name, folder = on_this_kind(request.param), tmp_path / "elsewhere"
    if name:
        with database(name, template=tables[1]):
            yield surroundings(folder, name)
        return
    folder.mkdir()
    shutil.copy(tables[0], folder)
    yield surroundings(folder)


def command(env: dict[str, str], *args: object) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "riskboard.cli", *map(str, args)]
    return subprocess.run(line, env=env, capture_output=True, text=True, timeout=120, check=False)


def script(env: dict[str, str], text: str, *args: object) -> subprocess.CompletedProcess[str]:
    """Python run in that installation."""
    line, env = [sys.executable, "-c", text, *map(str, args)], env | {"DJANGO_SETTINGS_MODULE": "riskboard.settings"}
    return subprocess.run(line, env=env, capture_output=True, text=True, timeout=120, check=False)
