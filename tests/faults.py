"""The fault suite: kill the worker and the broker without warning in the middle of many jobs, and count what is left.

`python -m tests.faults [--jobs N] [--kills K]` runs it alone (`make chaos`) and ends with its figures in one line. It
works on SQLite, and on PostgreSQL where DATABASE_URL names one.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riskboard import embedded

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 90.0  # seconds in which at least one job must end while any is left

# The child processes run the real settings, worker and broker; only the handler is ours. It notes each run in a file,
# and writes its effect in the transaction that ends the job.
ENQUEUE = """
import sys
import django
django.setup()
from riskboard import jobs
for n in range(int(sys.argv[1])):
    jobs.enqueue("fault-test", {"n": n}, queue="score", key=f"fault {n}")
"""
HANDLER = """
import os, time
from riskboard import jobs

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
"""


@dataclass(frozen=True)
class Figures:
    """What came of it. `effects` counts rows by job, `runs` how often any job began, `left` the processes still there."""

    jobs: int
    kills: int
    effects: dict[int, int]
    runs: int
    seconds: float
    recovery_seconds: float
    left: tuple[int, ...]
    given_up: int = 0

    @property
    def lost(self) -> int:
        """Jobs without effect of which nobody is told: those given up stand on the operator's page."""
        return self.jobs - len(self.effects) - self.given_up

    @property
    def twice(self) -> int:
        """Jobs with more than one effect."""
        return sum(count > 1 for count in self.effects.values())

    def __str__(self) -> str:
        return (
            f"{self.jobs} jobs, {self.kills} kills of worker and broker: {self.lost} lost, "
            f"{self.given_up} given up, {self.twice} twice in effect, "
            f"{self.runs} runs begun, {len(self.left)} processes left, done {self.recovery_seconds:.1f} s after the "
            f"last kill, {self.seconds:.1f} s in all"
        )


def kill_in_the_middle(folder: Path, *, jobs: int = 60, kills: int = 1) -> Figures:
    """Run `jobs` jobs, killing worker and broker `kills` times on the way. Raises AssertionError if they never end."""
    begun = time.monotonic()
    var = folder / "var"
    var.mkdir()
    (folder / "faulthandlers.py").write_text(HANDLER)
    (folder / "runs").touch()
    pids: list[int] = []
    with scratch_database(var) as (url, query):
        environ = _environ(folder, var, url)
        _must_run([sys.executable, "-m", "django", "migrate", "-v0"], environ)
        children = _start_all(var, environ, folder, pids)
        try:
            _must_run([sys.executable, "-c", ENQUEUE, str(jobs)], environ)
            done = lambda: query("select count(*) from jobs_job where kind = 'fault-test' and state = 'done'")[0][0]  # noqa: E731
            for kill in range(1, kills + 1):
                _until(lambda share=jobs * kill // (kills + 1) - jobs // 12: done() >= share, "the jobs before a kill")
                for child in children:
                    kill_group(child)
                killed = time.monotonic()
                assert done() < jobs, "nothing was left to be killed; ask for more jobs"
                children = _start_all(var, environ, folder, pids)
            dead = lambda: query("select count(*) from jobs_job where kind = 'fault-test' and state = 'dead'")[0][0]  # noqa: E731
            _until(lambda: done() + dead() == jobs, "all jobs after the last kill", moving=done)
            ended, given_up = time.monotonic(), dead()
            rows = query("select name, count(*) from vendors_vendor group by name")
        finally:
            for child in children:
                kill_group(child)
    runs = len((folder / "runs").read_text().splitlines())
    return Figures(
        jobs=jobs,
        kills=kills,
        effects={int(name): count for name, count in rows},
        runs=runs,
        seconds=ended - begun,
        recovery_seconds=ended - killed,
        left=tuple(pid for pid in pids if group_lives(pid)),
        given_up=given_up,
    )


@contextmanager
def scratch_database(var: Path) -> Iterator[tuple[str | None, Callable[[str], list[tuple[Any, ...]]]]]:
    """An empty database of its own: its address (None: the default SQLite under `var`), and a function that asks it."""
    server = os.environ.get("DATABASE_URL", "")
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
            url = _with_database(server, name)
            with psycopg.connect(url, autocommit=True) as database:
                yield url, lambda text: database.execute(text).fetchall()
        finally:
            admin.execute(compose.SQL("DROP DATABASE {} WITH (FORCE)").format(compose.Identifier(name)))


def _with_database(url: str, name: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _environ(folder: Path, var: Path, url: str | None) -> dict[str, str]:
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


def _start_all(var: Path, environ: dict[str, str], folder: Path, pids: list[int]) -> list[subprocess.Popen[bytes]]:
    """Broker, worker and beat, each the leader of its own group; their ids are added to `pids`."""
    celery = [sys.executable, "-m", "celery", "-A", "riskboard.celery_app"]
    worker = ["worker", "-I", "faulthandlers", "-Q", "poll,score,report,notify", "-c", "2", "-l", "WARNING"]
    commands = [
        embedded.broker_command(var),
        [*celery, *worker, "-n", f"faults{time.monotonic_ns()}@test"],
        [*celery, "beat", "-s", str(var / "beat"), "--pidfile=", "-l", "WARNING"],
    ]
    children = []
    with (folder / "children.log").open("ab") as log:
        for command in commands:
            child = subprocess.Popen(command, env=environ, stdout=log, stderr=log, start_new_session=True)
            children.append(child)
            pids.append(child.pid)
            if len(children) == 1:
                embedded.wait_for_broker(var)
    return children


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


def _must_run(command: list[str], environ: dict[str, str]) -> None:
    finished = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert finished.returncode == 0, finished.stderr


def _until(true_yet: Callable[[], bool], what: str, *, moving: Callable[[], int] = int) -> None:
    """Wait for it, as long as something moves at least every LONGEST seconds. Raises AssertionError once nothing does."""
    until, seen = time.monotonic() + LONGEST, moving()
    while not true_yet():
        now = moving()
        if now != seen:
            until, seen = time.monotonic() + LONGEST, now
        assert time.monotonic() < until, f"waited {LONGEST:.0f} s for {what}, {seen} done"
        time.sleep(0.05)


def main() -> int:
    """Print the figures; 1 if a job was lost, took effect twice, or a process was left."""
    parser = argparse.ArgumentParser(description="kill worker and broker in the middle of many jobs, and count")
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--kills", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = kill_in_the_middle(Path(folder), jobs=args.jobs, kills=args.kills)
    print(figures)
    return 1 if figures.lost or figures.twice or figures.left else 0


if __name__ == "__main__":
    raise SystemExit(main())
