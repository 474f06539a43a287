"""`riskboard doctor`: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

HELP = "say what is wrong with this installation, and how to mend it"
NEEDS_DJANGO = False
LEAST_FREE = 500 * 2**20  # bytes; a year of a hundred pages and their reports


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(args: argparse.Namespace) -> int:
    """A line per part, good or with its remedy; 1 if any is bad."""
    bad = 0
    for name, look in PARTS:
        fault = look()
        bad += fault is not None
        print(f"{'ok ' if fault is None else 'BAD'}  {name}{'' if fault is None else f': {fault}'}")
    print("all is well" if not bad else f"{bad} to mend")
    return 1 if bad else 0


def _python() -> str | None:
    return None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; install it and run make again"


def _settings() -> str | None:
    from django.core.exceptions import ImproperlyConfigured

    from riskboard.cli import setup_django

    try:
        setup_django()
    except ImproperlyConfigured as fault:
        return str(fault)
    return None


def _libraries() -> str | None:
    from assessments.report.pdf import INSTALL, missing_library

    library = missing_library()
    return None if library is None else f"{library} is missing, reports are HTML only; run: {INSTALL}"


def _font() -> str | None:
    from assessments.report.pdf import FONTS
    from riskboard.embedded import font_dir

    missing = [name for name in FONTS.values() if not (font_dir() / name).is_file()]
    return f"{missing[0]} is missing; run make again" if missing else None


def _broker() -> str | None:
    from django.conf import settings

    from riskboard.embedded import NO_BROKER, server_binary

    if not settings.BROKER_URL.startswith("redis+socket://"):
        from redis import Redis
        from redis.exceptions import RedisError

        try:
            Redis.from_url(settings.BROKER_URL, socket_timeout=3).ping()
        except RedisError as fault:
            return f"{settings.BROKER_URL.rsplit('@', 1)[-1]} does not answer ({fault}); check RISKBOARD_BROKER_URL"
        return None
    return None if server_binary() else NO_BROKER


def _database() -> str | None:
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        plan = MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes())
    except DatabaseError as fault:
        return f"the database does not answer ({fault}); check DATABASE_URL"
    return f"{len(plan)} migrations are missing; run: python manage.py migrate" if plan else None


def _disk() -> str | None:
    from django.conf import settings

    free = shutil.disk_usage(Path(settings.VAR_DIR)).free
    return None if free > LEAST_FREE else f"only {free // 2**20} MiB are free under {settings.VAR_DIR}; make room"


def _catalogue() -> str | None:
    from riskboard.errors import Refused
    from vendors.catalogue.index import bundled

    try:
        missing = [row.slug for row in bundled() if not row.path.is_file()]
    except Refused as fault:
        return str(fault)
    return f"the history of {missing[0]} is missing; restore vendors/catalogue" if missing else None


def _jobs() -> str | None:
    from django.db import DatabaseError
    from django.utils import timezone

    from riskboard.jobs.models import Job, State
    from riskboard.jobs.queue import LEASE

    try:
        waiting = Job.objects.filter(state=State.QUEUED, due_at__lt=timezone.now() - 5 * LEASE).count()
        dead = Job.objects.filter(state=State.DEAD).count()
    except DatabaseError:
        return None  # the database line says so already
    if waiting:
        return f"{waiting} jobs have waited for minutes; is a worker running? start one with: riskboard up"
    return f"{dead} jobs were given up; their rows say why" if dead else None


PARTS: tuple[tuple[str, Callable[[], str | None]], ...] = (
    ("Python", _python),
    ("settings", _settings),
    ("PDF libraries", _libraries),
    ("report font", _font),
    ("broker", _broker),
    ("database", _database),
    ("disk", _disk),
    ("bundled vendors", _catalogue),
    ("jobs", _jobs),
)
