"""Before the processes start: what is missing is made, what is wrong is said in one line, and nothing is harmed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from riskboard.backups import schema
from riskboard.commands import doctor, prepare
from riskboard.errors import Refused
from riskboard.jobs.models import Job

ROOT = Path(__file__).resolve().parents[2]
KEY = "k" * 50
PRODUCTION = {
    "RISKBOARD_ENV": "production",
    "SECRET_KEY": KEY,
    "ALLOWED_HOSTS": "riskboard.example.org",
    "RISKBOARD_BROKER_URL": "redis://127.0.0.1:1/0",
}


def called(var: Path, *words: str, **environ: str | None) -> subprocess.CompletedProcess[str]:
    """The command, in an environment of its own; None takes a variable away."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("RISKBOARD_", "DATABASE_"))}
    given = own | {"RISKBOARD_VAR": str(var)} | environ
    return subprocess.run(
        [sys.executable, "-m", "riskboard.cli", *words],
        env={name: value for name, value in given.items() if value is not None},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_fresh_installation_is_prepared_and_preparing_again_changes_nothing(tmp_path):
    first = called(tmp_path, "prepare")
    assert first.returncode == 0, first.stderr
    assert "schema current" in first.stdout
    assert "/setup/?token=" in first.stdout
    assert (tmp_path / "static" / "css" / "base.css").is_file()
    again = called(tmp_path, "prepare")
    assert (again.returncode, again.stdout) == (0, first.stdout)


def test_the_first_account_is_made_from_the_environment_once(tmp_path, tables):
    shutil.copy(tables[0], tmp_path)
    account = {"RISKBOARD_ADMIN_EMAIL": "first@example.org", "RISKBOARD_ADMIN_PASSWORD": "a long pass phrase 42"}
    first = called(tmp_path, "prepare", **account)
    assert "the first account was made" in first.stdout
    assert "token=" not in first.stdout
    again = called(tmp_path, "prepare", **account)
    assert "the first account" not in again.stdout


MISTAKES = {
    "no key": ({"SECRET_KEY": None}, "SECRET_KEY"),
    "a short key": ({"SECRET_KEY": "short"}, "too short"),
    "a key file that is not there": ({"SECRET_KEY": None, "SECRET_KEY_FILE": "/nowhere/key"}, "cannot be read"),
    "no host": ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
    "any host": ({"ALLOWED_HOSTS": "*"}, "forge links"),
    "debugging": ({"DEBUG": "true"}, "DEBUG"),
    "no database": ({"DATABASE_URL": None}, "DATABASE_URL"),
    "no broker": ({"RISKBOARD_BROKER_URL": None}, "RISKBOARD_BROKER_URL"),
    "a database that is not there": ({"DATABASE_URL": "postgresql://app:hunter2@127.0.0.1:1/x"}, "connection failed"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_an_operators_mistake_is_one_clear_line_from_doctor_and_no_traceback(tmp_path, mistake):
    environ, told = MISTAKES[mistake]
    given = PRODUCTION | {"DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}"} | environ
    found = called(tmp_path, "doctor", **given)
    lines = [line for line in found.stdout.splitlines() if line.startswith("fail") and told in line]
    assert found.returncode == 1
    assert len(lines) == 1
    assert "Traceback" not in found.stdout + found.stderr
    assert "hunter2" not in found.stdout + found.stderr


def test_a_folder_that_cannot_be_is_said_so(tmp_path):
    (tmp_path / "file").write_text("")
    found = called(tmp_path / "file" / "var", "doctor")
    assert found.returncode == 1
    assert "Traceback" not in found.stderr


def test_preparing_gives_up_in_one_line_where_the_database_does_not_answer(tmp_path):
    given = PRODUCTION | {"DATABASE_URL": "postgresql://app:hunter2@127.0.0.1:1/x"}
    found = called(tmp_path, "prepare", "--wait", "0", **given)
    assert found.returncode == 1
    assert found.stderr.startswith("riskboard: the database does not let us in")
    assert found.stderr.count("\n") == 1
    assert "hunter2" not in found.stderr


def test_sqlite_in_production_is_a_warning_that_names_the_way_out(tmp_path, tables):
    shutil.copy(tables[0], tmp_path / "db.sqlite3")
    given = PRODUCTION | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "RISKBOARD_BROKER_URL": "redis://127.0.0.1:1/0",
    }
    assert called(tmp_path, "prepare", **given).returncode == 0
    found = called(tmp_path, "doctor", **given).stdout
    assert "warn  database       SQLite" in found
    assert "PostgreSQL" in found


@pytest.mark.django_db
def test_a_database_of_a_newer_version_is_refused_by_name_and_left_alone():
    schema.refuse_newer()
    MigrationRecorder(connection).record_applied("assessments", "9999_from_the_future")
    with pytest.raises(Refused, match=r"newer version \(assessments\.9999_from_the_future\)"):
        schema.refuse_newer()
    check = doctor.database()
    assert (check.outcome, "9999_from_the_future" in check.found) == ("fail", True)


@pytest.mark.django_db
def test_migrations_of_apps_that_are_not_ours_any_more_are_no_newer_version():
    MigrationRecorder(connection).record_applied("an_app_once_used", "0001_initial")
    assert schema.newer() == []


@pytest.mark.django_db(transaction=True)
def test_the_lock_is_held_meanwhile_and_given_back():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer anyway")
    held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
    with connection.cursor() as cursor:
        for inside in (True, False):
            if inside:
                with prepare.alone():
                    cursor.execute(held, [prepare.LOCK])
                    assert cursor.fetchone() == (1,)
            else:
                cursor.execute(held, [prepare.LOCK])
                assert cursor.fetchone() == (0,)


@pytest.mark.django_db
@pytest.mark.parametrize(("ahead", "outcome"), [(timedelta(seconds=5), "ok"), (timedelta(hours=1), "fail")])
def test_a_clock_before_what_was_written_is_seen(ahead, outcome):
    job = Job.anyone.create(kind="test", queue="score", due_at=timezone.now())
    Job.anyone.filter(pk=job.pk).update(created_at=timezone.now() + ahead)
    assert doctor.clock().outcome == outcome


@pytest.mark.django_db
@pytest.mark.parametrize(("apart", "outcome"), [(timedelta(seconds=2), "ok"), (timedelta(minutes=-2), "fail")])
def test_a_clock_apart_from_the_databases_is_seen(monkeypatch, apart, outcome):
    monkeypatch.setattr(doctor, "_time_of_the_database", lambda: timezone.now() + apart)
    monkeypatch.setattr(connection, "vendor", "postgresql")
    assert doctor.clock().outcome == outcome
