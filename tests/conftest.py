"""What every test gets: a private data folder, no broker unless it asks for one, and no network beyond this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Nothing of a developer's own installation is read or written, by this process or by those it starts.
_TESTS = Path(__file__).parent
_FOLDER = Path(tempfile.mkdtemp(prefix="riskboard-test-"))
VAR = _FOLDER / "var"
VAR.mkdir()  # settings make it for whoever loads them anew; here they may have been loaded for another folder
os.environ["RISKBOARD_VAR"] = str(VAR)
os.environ["RISKBOARD_ENV"] = "embedded"
os.environ["RISKBOARD_LOG_LEVEL"] = "CRITICAL"
for name in ("SECRET_KEY", "RISKBOARD_BROKER_URL", "RISKBOARD_FETCH_ALLOW", "RISKBOARD_MEDIA", "DEBUG"):
    os.environ.pop(name, None)

import hypothesis
import kombu.pools
import pytest
import pytest_socket
from django.conf import settings
from django.utils import translation

from riskboard import embedded, messages, structs
from riskboard.celery_app import app as celery_app

# How long an example takes says what else the machine does, not whether the code is right.
hypothesis.settings.register_profile("suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("suite")

# The settings may have been loaded before this file (pytest-django does): what they derived from the folder moves, too.
settings.VAR_DIR = VAR
settings.MEDIA_ROOT = VAR / "media"
settings.BROKER_URL = settings.CELERY_BROKER_URL = celery_app.conf.broker_url = embedded.broker_url(VAR)

messages.compile_all()  # a checkout just updated has translations that are not compiled yet
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # made-up passwords need no slow digest

REPORTS = Path(os.environ.get("RISKBOARD_TEST_REPORTS") or _FOLDER / "reports")  # see made_once

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}

# Files that take longest, whatever the number of their tests: begun first, so that none is left to one process at the end.
LONGEST = (
    "browser/test_every_route.py",
    "vendors/test_replay.py",
    "assessments/test_report_pages.py",
    "accounts/test_access_table.py",
    "assessments/test_backtest.py",
    "riskboard/test_kill.py",
    "assessments/test_report_continuity.py",
    "assessments/test_report_sections.py",
    "assessments/test_report.py",
    "riskboard/test_backup.py",
    "riskboard/test_prepare.py",
    "assessments/test_report_checkers.py",
    "assessments/test_report_hostile.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database-only` runs what may differ from one database to another."""
    parser.addoption(
        "--database-only",
        action="store_true",
        help="only tests that touch the database, or start the workers, and could come out differently on another",
    )


def pytest_unconfigure() -> None:
    """Remove this process's folder."""
    shutil.rmtree(_FOLDER, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what proves nothing more where only the database is of interest, and begin with what takes longest."""
    place = {str(_TESTS / name): number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(str(item.path), len(place)))
    for item in items:
        for mark in item.iter_markers("any_database"):
            if not mark.args or mark.kwargs:
                raise pytest.UsageError(f"{item.nodeid}: any_database takes the reason why, and nothing else")
    if not config.getoption("--database-only"):
        return
    touching = [item for item in items if _differs_by_database(item)]
    kept = set(touching)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = touching


def _into_sqlite_again(item: pytest.Item) -> bool:
    """Whether it restores into SQLite, as it does in the suite on SQLite, and is not about the way across."""
    params = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    into = params.get("elsewhere", params.get("bare"))
    return into == "sqlite" and item.get_closest_marker("crosses_databases") is None


def _differs_by_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("any_database") or _into_sqlite_again(item):
        return False
    marked = any(item.get_closest_marker(name) for name in ("django_db", "runtime"))
    return marked or bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))


@pytest.fixture(autouse=True)
def _nobody_has_an_account():
    """Whether there are accounts is asked anew by each test."""
    from riskboard.accounts import access

    access.forget_accounts()
    yield
    access.forget_accounts()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Where only what surrounds a report is tested, one that was made before will do (see made_once)."""
    from assessments.report.engine import rendering
    from tests.made_once import MadeOnce

    if not isinstance(rendering.render, MadeOnce):
        rendering.render = MadeOnce(rendering.render, REPORTS)
    always = any(item.get_closest_marker(name) for name in ("renders", "browser"))
    rendering.render.begin(item.nodeid.partition("::")[0], always=always)


@pytest.fixture(autouse=True)
def _shared_fixtures_are_ready():
    """What is ordered from now on is ordered by the test itself."""
    from assessments.report.engine import rendering

    rendering.render.in_test = True


@pytest.fixture(autouse=True)
def _english():
    """A page asked for in another language leaves that one active in its thread."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _in_the_main_workspace():
    """Tests look at the rows of the main workspace; pages and jobs enter their own, or none, by themselves."""
    from riskboard.accounts.scope import inside_named

    with inside_named("main"):
        yield


@pytest.fixture(autouse=True)
def _loopback_only():
    """Sockets reach this machine alone: a test that tries another address fails."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()
    pytest_socket._remove_restrictions()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, request):
    """Where a server runs in a thread, SQLite keeps the tables in a file, as in production.

    In memory, threads share one cache, where a reader makes a writer fail at once ("table is locked") instead of wait.
    """
    database = settings.DATABASES["default"]
    served = any("live_server" in getattr(item, "fixturenames", ()) for item in request.session.items)
    if served:
        structs.build_all()  # as web does before it has threads
    if served and database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(_FOLDER / "test.sqlite3")


@pytest.fixture(scope="session")
def tables_once(django_db_modify_db_settings, pytestconfig):
    """The tables an earlier run had migrated, copied where this one begins (see tables_once)."""
    from tests.tables_once import TablesOnce

    once = TablesOnce(pytestconfig.cache.mkdir("tables"))
    once.copy_when_first_connected()
    return once


@pytest.fixture(scope="session")
def django_db_setup(tables_once, django_db_setup, django_db_blocker):
    """Between tests with real transactions every table is emptied, which the guard of the audit trail forbids on SQLite."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        tables_once.keep(connection)
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS audit_no_delete")


@pytest.fixture
def no_wake(monkeypatch):
    """Jobs are enqueued without a broker; returns the list of (job id, queue) that would have been woken."""
    from riskboard.jobs import queue

    woken: list[tuple[int, str]] = []
    monkeypatch.setattr(queue, "wake", lambda job_id, name: woken.append((job_id, name)) or True)
    return woken


@pytest.fixture
def run_jobs(no_wake):
    """A function that runs every due job here and now, as a worker would, until none is left; returns how many ran."""
    from django.utils import timezone

    from riskboard.jobs import queue
    from riskboard.jobs.models import Job

    def run() -> int:
        ran = 0
        while (job := Job.anyone.due(now=timezone.now()).first()) is not None:
            assert queue.run(job.pk), f"{job} is due, but was not to be had"
            ran += 1
        return ran

    return run


@pytest.fixture
def valkey() -> Iterator[Path]:
    """A real broker where the settings look for it; gone after the test. Yields its folder."""
    if embedded.server_binary() is None:
        pytest.skip(embedded.NO_BROKER)
    broker = subprocess.Popen(embedded.broker_command(VAR), stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        embedded.wait_for_broker(VAR)
        yield VAR
    finally:
        kombu.pools.reset()  # closes every connection, and leaves the pools closed;
        celery_app._after_fork()  # so Celery makes new ones
        broker.kill()
        broker.wait(10)
        shutil.rmtree(VAR / "broker", ignore_errors=True)
