"""What the database says is told apart: away for a moment, wrong for good, or a fault of ours; each with what to do."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, connection

from riskboard.database_faults import is_away, meaning, stays


def wrapped(cause: Exception, kind: type[Exception] = OperationalError) -> Exception:
    fault = kind(str(cause))
    fault.__cause__ = cause
    return fault


def of_sqlite(name: str) -> Exception:
    cause = sqlite3.OperationalError("x")
    cause.sqlite_errorname = name
    return wrapped(cause)


CASES = {
    "a connection that broke": (wrapped(psycopg.OperationalError("server closed the connection")), True),
    "one that is closed": (wrapped(psycopg.InterfaceError("the connection is closed"), InterfaceError), True),
    "a server that stops": (wrapped(psycopg.errors.AdminShutdown("terminating")), True),
    "one that crashed": (wrapped(psycopg.errors.CrashShutdown("terminating")), True),
    "one that starts": (wrapped(psycopg.errors.CannotConnectNow("starting up")), True),
    "no connection left": (wrapped(psycopg.errors.TooManyConnections("too many")), True),
    "a full disk": (wrapped(psycopg.errors.DiskFull("no space left on device")), False),
    "a statement that took too long": (wrapped(psycopg.errors.QueryCanceled("timeout")), False),
    "another writer": (of_sqlite("SQLITE_BUSY"), True),
    "another writer's snapshot": (of_sqlite("SQLITE_BUSY_SNAPSHOT"), True),
    "a file that cannot be opened": (of_sqlite("SQLITE_CANTOPEN"), True),
    "SQLite's full disk": (of_sqlite("SQLITE_FULL"), False),
    "no such table": (of_sqlite("SQLITE_ERROR"), False),
    "a constraint": (IntegrityError("x"), False),
    "a fault of ours": (ZeroDivisionError("x"), False),
    "no fault": (None, False),
}


@pytest.mark.parametrize("case", CASES)
def test_what_may_do_well_in_a_moment_is_told_from_what_stays(case):
    fault, away = CASES[case]
    assert is_away(fault) is away


@pytest.mark.django_db
def test_a_real_fault_of_a_statement_is_not_the_database_being_away():
    with pytest.raises(Exception, match="nowhere") as fault, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM nowhere")
    assert not is_away(fault.value)


@pytest.mark.parametrize(
    ("said", "told", "for_good"),
    [
        ('FATAL:  password authentication failed for user "app"', "password or the user", True),
        ("fe_sendauth: no password supplied", "asks for a password", True),
        ('FATAL:  role "nobody" does not exist', "no such user", True),
        ('FATAL:  database "x" does not exist', "no such database", True),
        ("failed to resolve host 'nowhere': Name or service not known", "no such host", True),
        ("permission denied for schema public", "may not use it", True),
        ("attempt to write a readonly database", "cannot be written", True),
        ("unable to open database file", "cannot be opened", True),
        ("file is not a database", "no SQLite database", True),
        ("database disk image is malformed", "damaged", True),
        ("database or disk is full", "disk is full", False),
        ("database is locked", "another process", False),
        ("FATAL:  sorry, too many clients already", "no connection left", False),
    ],
)
def test_its_words_are_told_with_what_to_do(said, told, for_good):
    what, fix = meaning(said)
    assert told in what
    assert fix
    assert stays(said) is for_good


def test_words_nobody_knows_mean_nothing_and_are_worth_waiting_for():
    assert meaning("connection refused") is None
    assert not stays("connection refused")
