"""`riskboard doctor`: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from riskboard.checkup import Check
from riskboard.checkup.protection import backups, certificate, connections, passwords

HELP = "say what is wrong with this installation, and how to mend it"
NEEDS_DJANGO = False  # broken settings are one of the things it explains
LEAST_DISK = 200 * 2**20  # bytes; the bundled vendors with their reports take about 60 MiB
LONGEST_WAIT = timedelta(minutes=5)
CLOCK_APART = timedelta(seconds=30)  # links, leases and tokens are judged by the minute
PYTHON = (3, 11)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to speak JSON."""
    parser.add_argument("--json", nargs="?", const="-", metavar="OUT", help="print JSON, or write it to OUT")


def run(args: argparse.Namespace) -> int:
    """Print every check with its fix; exit 1 if any failed (a warning is no failure)."""
    checks = list(examine())
    if args.json is None:
        print(table(checks))
    else:
        _write_json(checks, args.json)
    return 1 if any(check.outcome == "fail" for check in checks) else 0


def examine() -> Iterator[Check]:
    """Every check in order. Those which need settings are left out when the settings do not load."""
    yield python()
    yield packages()
    yield pdf_libraries()
    yield fonts()
    yield translations()
    settings = load_settings()
    yield settings
    if settings.outcome == "ok":
        for look in (
            disk,
            catalogue,
            broker,
            database,
            clock,
            background_jobs,
            reports_folder,
            backups,
            connections,
            certificate,
            passwords,
        ):
            yield _safely(look)


def table(checks: list[Check]) -> str:
    """A line per check, its fix below it, and a last line that sums up."""
    lines = []
    for check in checks:
        lines.append(f"{check.outcome:<5} {check.name:<14} {check.found}")
        if check.fix:
            lines.append(f"{'':<20} -> {check.fix}")
    failed = sum(check.outcome == "fail" for check in checks)
    warned = sum(check.outcome == "warn" for check in checks)
    lines.append(f"{len(checks)} checks: {failed} failed, {warned} warnings")
    return "\n".join(lines)


def python() -> Check:
    """Whether the interpreter is new enough."""
    found = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < PYTHON:
        return Check("python", "fail", found, "install Python 3.11 or newer, then: make clean setup")
    return Check("python", "ok", found)


def packages() -> Check:
    """Whether the packages that everything rests on are installed."""
    wanted = ("django", "celery", "redis", "msgspec", "weasyprint", "gunicorn", "fontpkg-inter", "pikepdf")
    missing = []
    for name in wanted:
        try:
            importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check("packages", "fail", f"missing: {', '.join(missing)}", "make setup")
    return Check(
        "packages",
        "ok",
        f"Django {importlib.metadata.version('django')}, Celery {importlib.metadata.version('celery')}",
    )


def pdf_libraries() -> Check:
    """Whether the PDF engine's system libraries load."""
    from assessments.report import pdf

    library = pdf.missing_library()
    if library is not None:
        return Check("pdf libraries", "warn", f"{library} does not load, so reports are HTML", pdf.INSTALL)
    return Check("pdf libraries", "ok", "all load")


def fonts() -> Check:
    """Whether the pinned report font is there."""
    from riskboard.fonts import font_dir

    try:
        found = sorted(path.name for path in font_dir().glob("*.ttf"))
    except ImportError:
        found = []
    if not found:
        return Check("fonts", "fail", "the report font is not installed", "make setup")
    return Check("fonts", "ok", ", ".join(found))


def translations() -> Check:
    """Whether the German and French catalogues were compiled since they last changed."""
    from riskboard import messages

    waiting = [path.relative_to(messages.LOCALE).parts[0] for path in messages.stale()]
    if waiting:
        names = ", ".join(sorted(set(waiting)))
        found = f"not compiled: {names}, so pages and reports in them are partly English"
        return Check("languages", "warn", found, "python -m riskboard.messages compile")
    return Check("languages", "ok", ", ".join(["en", *messages.TRANSLATED]))


def load_settings() -> Check:
    """Whether the settings load; they refuse anything unsafe."""
    from django.core.exceptions import ImproperlyConfigured

    from riskboard.cli import setup_django

    try:
        setup_django()
    except ImproperlyConfigured as fault:
        return Check(
            "settings", "fail", str(fault), "set it in the environment; docs/operations.md lists every setting"
        )
    except OSError as fault:
        return Check(
            "settings",
            "fail",
            f"{fault.filename} cannot be written to ({fault.strerror})",
            "chown it or free some room there, or set RISKBOARD_VAR to a folder of yours",
        )
    from riskboard.env import is_production

    return Check("settings", "ok", "production" if is_production() else "embedded: everything on this machine")


def disk() -> Check:
    """Whether there is room, and the right to write."""
    from django.conf import settings

    if not os.access(settings.VAR_DIR, os.W_OK):
        return Check(
            "disk", "fail", f"{settings.VAR_DIR} cannot be written to", f"chown -R $(id -u) {settings.VAR_DIR}"
        )
    free = shutil.disk_usage(settings.VAR_DIR).free
    found = f"{free / 2**30:.1f} GiB free under {settings.VAR_DIR}"
    if free < LEAST_DISK:
        return Check("disk", "fail", found, "free at least 200 MiB, or set RISKBOARD_VAR to a folder on another disk")
    return Check("disk", "ok", found)


def catalogue() -> Check:
    """Whether every bundled history the index names is there."""
    from vendors.catalogue.index import bundled

    rows = bundled()
    missing = [row.slug for row in rows if not row.path.is_file()]
    if missing:
        return Check(
            "catalogue", "fail", f"the history of {missing[0]} is missing", "restore vendors/catalogue/histories"
        )
    return Check("catalogue", "ok", f"{len(rows)} bundled vendors")


def background_jobs() -> Check:
    """Whether jobs wait for a worker that is not there, or were given up."""
    from django.db import DatabaseError
    from django.utils import timezone

    from riskboard.jobs.models import Job, State

    try:
        waiting = Job.anyone.filter(state=State.QUEUED, due_at__lt=timezone.now() - LONGEST_WAIT).count()
        dead = Job.anyone.filter(state=State.DEAD).count()
    except DatabaseError:
        return Check("jobs", "warn", "cannot be counted before the database is ready")
    if waiting:
        return Check(
            "jobs",
            "warn",
            f"waiting for over {LONGEST_WAIT.seconds // 60} minutes: {waiting}",
            "start a worker: make run",
        )
    if dead:
        return Check("jobs", "warn", f"given up: {dead}", "their rows and var/log/worker.log say why")
    return Check("jobs", "ok", "none waits, none was given up")


def broker() -> Check:
    """Whether the broker answers, or could be started."""
    from django.conf import settings

    from riskboard import embedded

    if embedded.is_own_broker():
        if embedded.broker_answers(settings.VAR_DIR):
            return Check("broker", "ok", "the embedded broker answers")
        binary = embedded.server_binary()
        if binary is None:
            return Check("broker", "fail", "no Valkey or Redis server runs here", embedded.NO_BROKER)
        return Check("broker", "ok", f"not started; `make run` starts {binary}")
    import kombu
    from kombu.exceptions import OperationalError

    with kombu.Connection(settings.CELERY_BROKER_URL, connect_timeout=3) as connection:
        try:
            connection.ensure_connection(max_retries=1, timeout=5)
        except OperationalError as fault:
            where = connection.as_uri()  # hides the password
            return Check(
                "broker", "fail", f"{where} does not answer ({fault})", "start it, or correct RISKBOARD_BROKER_URL"
            )
    return Check("broker", "ok", "answers")


def database() -> Check:
    """Whether the database answers and has the current schema."""
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    from riskboard.backups import schema
    from riskboard.database_faults import OTHERWISE, meaning
    from riskboard.env import is_production

    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as fault:
        said = " ".join(str(fault).split())
        what, fix = meaning(said) or ("does not answer", OTHERWISE)
        return Check("database", "fail", f"{what} ({said})", fix)
    newer = schema.newer()
    if newer:
        return Check(
            "database",
            "fail",
            f"a newer version migrated it ({'.'.join(newer[-1])})",
            "start that version, or restore an older backup",
        )
    if waiting:
        return Check(
            "database", "warn", f"migrations that wait: {len(waiting)}", "riskboard prepare (make run does it, too)"
        )
    if connection.vendor == "sqlite" and is_production():
        return Check(
            "database",
            "warn",
            "SQLite, schema current: it serves one machine and one writer at a time",
            "set DATABASE_URL to a PostgreSQL database; riskboard backup and restore move what is there",
        )
    return Check("database", "ok", f"{connection.vendor}, schema current")


def clock() -> Check:
    """Whether this machine's clock agrees with the database's, and does not stand before what was already written."""
    from django.db import DatabaseError, connection
    from django.db.models import Max
    from django.utils import timezone

    from riskboard.jobs.models import Job

    now = timezone.now()
    try:
        newest = Job.anyone.aggregate(at=Max("created_at"))["at"]
        theirs = _time_of_the_database() if connection.vendor == "postgresql" else now
    except DatabaseError:
        return Check("clock", "warn", "cannot be compared before the database is ready")
    fix = "set the clock (timedatectl set-ntp true); times of reads and expiries follow it"
    if newest is not None and newest - now > CLOCK_APART:
        return Check(
            "clock", "fail", f"{now:%Y-%m-%d %H:%M} UTC is before what was written at {newest:%Y-%m-%d %H:%M}", fix
        )
    if abs(theirs - now) > CLOCK_APART:
        return Check("clock", "fail", f"{abs(theirs - now).total_seconds():.0f} s apart from the database's", fix)
    return Check("clock", "ok", f"{now:%Y-%m-%d %H:%M} UTC")


def _time_of_the_database() -> datetime:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told: datetime = cursor.fetchone()[0]
    return told


def reports_folder() -> Check:
    """Whether finished reports can be kept."""
    from django.conf import settings

    folder = Path(settings.MEDIA_ROOT)
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(nearest, os.W_OK):
        return Check(
            "reports", "fail", f"{nearest} cannot be written to", f"chown it, or set RISKBOARD_MEDIA (now {folder})"
        )
    return Check("reports", "ok", f"kept under {folder}")


def _safely(look: Callable[[], Check]) -> Check:
    """The check, or its failure as one: a doctor who faints helps nobody."""
    try:
        return look()
    except OSError as fault:
        return Check(look.__name__.replace("_", " "), "fail", str(fault), "see the message; then run doctor again")


def _write_json(checks: list[Check], where: str) -> None:
    import msgspec

    from riskboard.output import write_output

    data = msgspec.json.format(msgspec.json.encode([asdict(check) for check in checks]), indent=2) + b"\n"
    if where == "-":
        sys.stdout.buffer.write(data)
    else:
        write_output(Path(where), data)
