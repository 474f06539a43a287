"""What a fault of the database means: whether it is away for a while, and what an operator does about it."""

from __future__ import annotations

import sqlite3

from django.db import InterfaceError, OperationalError

# PostgreSQL's codes (Appendix A of its manual): connections that break or are refused for now, a server that stops or starts
AWAY = ("08", "57P01", "57P02", "57P03", "53300")
AWAY_SQLITE = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN")
# Words of a server's or the client's refusal, what they mean, and what to do. The first that fits is told.
STAYS = (
    ("password authentication failed", "the password or the user is wrong", "correct them in DATABASE_URL"),
    (
        "no password supplied",
        "it asks for a password",
        "give one in DATABASE_URL: postgresql://user:password@host/name",
    ),
    ("no pg_hba.conf entry", "it does not let this machine in", "allow this address and user in its pg_hba.conf"),
    ('role "', "there is no such user", "create it (createuser), or correct the user in DATABASE_URL"),
    ("does not exist", "there is no such database", "create it (createdb), or correct the name in DATABASE_URL"),
    ("translate host name", "there is no such host", "correct the host in DATABASE_URL"),
    ("resolve host", "there is no such host", "correct the host in DATABASE_URL"),
    ("name or service not known", "there is no such host", "correct the host in DATABASE_URL"),
    ("permission denied", "this user may not use it", "grant it the schema: ALTER DATABASE name OWNER TO user"),
    ("readonly database", "its file cannot be written to", "chown the file and its folder"),
    ("unable to open", "its file cannot be opened or made", "make the folder and chown it, or correct DATABASE_URL"),
    ("not a database", "its file is no SQLite database", "correct DATABASE_URL, or restore a backup"),
    ("malformed", "its file is damaged", "restore a backup into a new file; docs/backup.md"),
)
PASSES = (
    ("disk is full", "its disk is full", "free some room there"),
    ("no space left", "its disk is full", "free some room there"),
    ("locked", "another process holds it", "stop what keeps it open, and try again"),
    ("too many", "it has no connection left", "raise max_connections, or start fewer processes"),
)
OTHERWISE = "start it, or correct DATABASE_URL"


def is_away(fault: BaseException | None) -> bool:
    """Whether it says that the database cannot be reached just now, so that the same request may do well in a moment.

    False for faults of a statement, a schema or a full disk: those stay until somebody does something.
    """
    if not isinstance(fault, OperationalError | InterfaceError):
        return False
    cause = fault.__cause__
    if isinstance(cause, sqlite3.Error):
        return str(getattr(cause, "sqlite_errorname", "")).startswith(AWAY_SQLITE)
    state = getattr(cause, "sqlstate", None)
    return state is None or str(state).startswith(AWAY)  # none: the server said nothing, the connection broke


def meaning(said: str) -> tuple[str, str] | None:
    """(what is wrong, what to do) by the database's own words; None where they are not known."""
    lower = said.lower()
    return next(((what, fix) for words, what, fix in STAYS + PASSES if words in lower), None)


def stays(said: str) -> bool:
    """Whether waiting for it is of no use: a wrong name, host or password."""
    lower = said.lower()
    return any(words in lower for words, _, _ in STAYS)
