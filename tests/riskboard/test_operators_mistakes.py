"""An operator's mistakes: one clear line from `riskboard doctor`, one at start, and nothing is harmed.

Those of the settings (no key, any host, debugging) are in test_prepare.py, a second restore is in test_backup.py.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import sqlite3
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.riskboard.test_prepare import PRODUCTION, called

SECRET = "hunter2"  # must be in nothing that is printed


@contextlib.contextmanager
def server_that_says(code: str, words: str) -> Iterator[tuple[str, list[int]]]:
    """A PostgreSQL on loopback that answers every sign-in with that error; its address, and a growing list of one for each."""
    tried: list[int] = []
    fields = b"".join(
        kind + text.encode() + b"\0" for kind, text in ((b"S", "FATAL"), (b"V", "FATAL"), (b"C", code), (b"M", words))
    )
    answer = b"E" + struct.pack("!I", len(fields) + 5) + fields + b"\0"

    def serve(line: socket.socket) -> None:
        with line, contextlib.suppress(OSError):
            while head := line.recv(8):
                length, kind = struct.unpack("!II", head)
                if kind in (80877103, 80877104):  # TLS or GSS asked for: none here
                    line.sendall(b"N")
                    continue
                line.recv(length - 8)
                tried.append(1)
                line.sendall(answer)
                return

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    serve(listening.accept()[0])

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"postgresql://app:{SECRET}@127.0.0.1:{listening.getsockname()[1]}/board", tried
        finally:
            listening.shutdown(socket.SHUT_RDWR)


REFUSALS = {
    "a wrong password": ("28P01", 'password authentication failed for user "app"', "the password or the user is wrong"),
    "an unknown user": ("28000", 'role "app" does not exist', "there is no such user"),
    "an unknown database": ("3D000", 'database "board" does not exist', "there is no such database"),
    "a machine that is not let in": ("28000", 'no pg_hba.conf entry for host "127.0.0.1"', "does not let this machine"),
}


@pytest.mark.parametrize("mistake", REFUSALS)
def test_a_database_that_does_not_let_us_in_is_told_at_once_and_with_what_to_do(tmp_path, mistake):
    code, words, told = REFUSALS[mistake]
    with server_that_says(code, words) as (url, tried):
        given = PRODUCTION | {"DATABASE_URL": url}
        found = called(tmp_path, "doctor", **given)
        before = len(tried)
        started = called(tmp_path, "prepare", "--wait", "600", **given)
    assert len(tried) - before == 1, "it would be refused again however long one waits"
    assert told in found.stdout
    assert told in started.stderr
    one_line_each(found, started, told)


def one_line_each(
    found: subprocess.CompletedProcess[str], started: subprocess.CompletedProcess[str], told: str
) -> None:
    """Doctor fails in one line that says it, with what to do below it; the start fails in one line; no password, no traceback."""
    lines = found.stdout.splitlines()
    at = [n for n, line in enumerate(lines) if line.startswith("fail") and told in line]
    assert (found.returncode, len(at)) == (1, 1), found.stdout + found.stderr
    assert lines[at[0] + 1].strip().startswith("->")
    assert started.returncode == 1
    assert started.stderr.startswith("riskboard: "), started.stderr
    assert started.stderr.count("\n") == 1
    assert told in started.stderr
    for said in (found.stdout, found.stderr, started.stdout, started.stderr):
        assert SECRET not in said
        assert "Traceback" not in said


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    """A sound installation."""
    var = tmp_path_factory.mktemp("sound")
    assert called(var, "prepare").returncode == 0
    return var


@pytest.fixture
def var(sound, tmp_path) -> Path:
    """A copy of it, to be harmed; the static files are shared."""
    place = tmp_path / "var"
    place.mkdir(mode=0o700)
    (place / "riskboard.sqlite3").write_bytes((sound / "riskboard.sqlite3").read_bytes())
    (place / "static").symlink_to(sound / "static")
    return place


def change(var: Path, sql: str, *values: object) -> None:
    with contextlib.closing(sqlite3.connect(var / "riskboard.sqlite3")) as database, database:
        database.execute(sql, values)


def rows(var: Path) -> str:
    """A hash over every row of every table."""
    with contextlib.closing(sqlite3.connect(var / "riskboard.sqlite3")) as database:
        return hashlib.sha256("\n".join(database.iterdump()).encode()).hexdigest()


def a_newer_schema(var: Path) -> None:
    change(
        var, "INSERT INTO django_migrations (app, name, applied) VALUES ('assessments', '9999_to_come', '2026-01-01')"
    )


def no_database_file(var: Path) -> None:
    (var / "riskboard.sqlite3").write_bytes(b"this was never a database" * 100)


@dataclass(frozen=True)
class Mistake:
    """What is done to a sound installation, what both must say, and by which command it would be started."""

    make: Callable[[Path], None]
    told: str
    start: tuple[str, ...] = ("prepare",)


DATABASES = {
    "a newer version's schema": Mistake(a_newer_schema, "newer version"),
    "the same, and the app on one machine": Mistake(a_newer_schema, "newer version", ("up", "--port", "18799")),
    "a file that is no database": Mistake(no_database_file, "no SQLite database"),
}


@pytest.mark.parametrize("mistake", DATABASES)
def test_a_database_that_is_not_ours_is_refused_in_one_line_and_left_as_it_is(var, mistake):
    case = DATABASES[mistake]
    case.make(var)
    before = (var / "riskboard.sqlite3").read_bytes()
    one_line_each(called(var, "doctor"), called(var, *case.start), case.told)
    assert (var / "riskboard.sqlite3").read_bytes() == before


def test_an_old_schema_is_a_warning_that_says_what_to_run_and_doctor_changes_nothing(var):
    change(var, "DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations WHERE app = 'jobs')")
    before = rows(var)
    found = called(var, "doctor")
    assert "warn  database       migrations that wait: 1" in found.stdout
    assert "riskboard prepare" in found.stdout
    assert rows(var) == before


def test_a_clock_behind_the_rows_is_told_by_doctor_and_at_start_which_goes_on(var):
    ahead = datetime.now(UTC) + timedelta(hours=3)
    change(
        var,
        "INSERT INTO jobs_job (uid, kind, queue, key, args, state, progress, message, attempts, due_at, error, created_at)"
        " VALUES (?, 'x', 'score', '', '{}', 'done', 0, '', 0, ?, '', ?)",
        "0" * 32, str(ahead), str(ahead),
    )  # fmt: skip
    found, started = called(var, "doctor"), called(var, "prepare")
    assert "fail  clock" in found.stdout
    assert started.returncode == 0
    told = [line for line in started.stdout.splitlines() if line.startswith("clock:")]
    assert len(told) == 1
    assert "set the clock" in told[0]


def test_sqlite_in_production_is_told_by_doctor_and_at_start_which_goes_on(var):
    given = PRODUCTION | {"DATABASE_URL": f"sqlite:///{var / 'riskboard.sqlite3'}"}
    found, started = called(var, "doctor", **given), called(var, "prepare", **given)
    assert "warn  database       SQLite" in found.stdout
    assert started.returncode == 0
    assert [line for line in started.stdout.splitlines() if line.startswith("database: SQLite")]


@pytest.mark.parametrize("command", ["prepare", "backup", "up"])
def test_a_missing_key_is_one_line_at_any_start(tmp_path, command):
    given = PRODUCTION | {"SECRET_KEY": None, "DATABASE_URL": "sqlite://"}
    words = [command, str(tmp_path / "a.rbk")] if command == "backup" else [command]
    started = called(tmp_path, *words, **given)
    assert (started.returncode, started.stderr.count("\n")) == (1, 1), started.stderr
    assert started.stderr.startswith("riskboard: SECRET_KEY")


@contextlib.contextmanager
def mounted(place: Path, options: str) -> Iterator[None]:
    """A small disk there. Skips the test where none can be mounted."""
    line = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    if os.getuid() != 0 or subprocess.run(line, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize(
    ("options", "told"),
    [("ro", "cannot be written to"), ("size=256k,mode=0700", "free")],
    ids=["no write permission", "a full disk"],
)
def test_a_folder_without_rights_or_room_is_one_line_each_and_no_traceback(tmp_path, options, told):
    place = tmp_path / "var"
    place.mkdir(mode=0o700)
    with mounted(place, options):
        found, started = called(place, "doctor"), called(place, "prepare")
        assert [line for line in found.stdout.splitlines() if line.startswith("fail") and told in line], found.stdout
        assert started.returncode == 1
        assert (started.stderr.count("\n"), started.stderr.startswith("riskboard: ")) == (1, True), started.stderr
        assert "Traceback" not in found.stdout + found.stderr + started.stderr
