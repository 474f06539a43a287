"""`riskboard prepare`: everything that must be true before the processes of a production installation start."""

from __future__ import annotations

import argparse
import contextlib
import time
from collections.abc import Iterator

from riskboard.errors import Refused

HELP = "bring the database to this version's schema, collect the static files, and say how to make the first account"
NEEDS_DJANGO = True
LOCK = 0x5249534B  # "RISK": the advisory lock that one of several starting machines holds while it migrates
PAUSE = 1.0  # seconds between two tries to reach the database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How long the database may take to come up, and whether it is saved before it is upgraded."""
    parser.add_argument("--wait", type=float, default=60.0, metavar="S", help="seconds to wait for the database (60)")
    parser.add_argument("--no-backup", action="store_true", help="upgrade the database without a backup before it")


def run(args: argparse.Namespace) -> int:
    """Run it before every start, on every machine: what is done already is not done again.

    Raises Refused, before anything is written, where the database does not answer, refuses the sign-in, was migrated by a
    newer version, or cannot be saved before it is upgraded.
    """
    from django.conf import settings
    from django.core.management import call_command

    from riskboard.backups.upgrade import bring_up_to_date

    reached(args.wait)
    with alone():
        bring_up_to_date(say=print, backup_first=not args.no_backup)
        print("database: schema current")
        call_command("collectstatic", interactive=False, verbosity=0)
        print(f"static files: under {settings.STATIC_ROOT}")
        say_what_is_not_compiled()
        say_what_is_doubtful()
        say_how_to_sign_in(settings.SITE_URL)
    return 0


def reached(seconds: float) -> None:
    """Return once the database answers. Raises Refused with its own words after `seconds`, at once for a wrong password or name."""
    from django.db import DatabaseError, connection

    from riskboard.database_faults import OTHERWISE, meaning, stays

    until = time.monotonic() + seconds
    while True:
        try:
            connection.ensure_connection()
            return
        except DatabaseError as fault:
            said = " ".join(str(fault).split())
            if stays(said) or time.monotonic() >= until:
                what, fix = meaning(said) or ("it does not answer", OTHERWISE)
                raise Refused(f"the database does not let us in: {what} ({said}); {fix}") from fault
        time.sleep(PAUSE)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold PostgreSQL's advisory lock meanwhile, so that machines starting together migrate one after the other."""
    from django.db import connection

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def say_what_is_doubtful() -> None:
    """A line for each thing that works but will not do for long, as doctor tells it: the clock, the disk, the kind of database."""
    from riskboard.commands import doctor

    for check in (doctor.clock(), doctor.disk(), doctor.database()):
        if check.outcome != "ok":
            print(f"{check.name}: {check.found}; {check.fix}")


def say_what_is_not_compiled() -> None:
    """A line where translations wait to be compiled: everything runs without them, in English."""
    from riskboard.messages import stale

    if stale():
        print("translations: not compiled, so pages stay English; run python -m riskboard.messages compile")


def say_how_to_sign_in(url: str) -> None:
    """Make the first account from the environment where that says so; else print the link that makes it, while there is none."""
    from riskboard.accounts import first_run
    from riskboard.accounts.access import has_accounts
    from riskboard.env import secret

    if first_run.from_environment(secret("RISKBOARD_ADMIN_EMAIL"), secret("RISKBOARD_ADMIN_PASSWORD")):
        print("the first account was made from RISKBOARD_ADMIN_EMAIL")
    if not has_accounts():
        print(f"no account yet; make the first one at {url}/setup/?token={first_run.token()}")
