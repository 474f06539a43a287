"""Kill -9 the worker and the broker in the middle of sixty jobs: every job still ends exactly once in effect."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from riskboard import embedded

JOBS = 60
LONGEST = 90.0

# The child runs the real settings, worker and broker; its job writes one row in the transaction that ends it.
DRIVER = """
import django, os, sys
django.setup()
from riskboard import jobs
from riskboard.jobs.models import Job
from vendors.models import Vendor
if sys.argv[1] == "enqueue":
    for n in range(int(sys.argv[2])):
        jobs.enqueue("kill-test", {"n": n}, queue="score", key=f"kill {n}")
"""
HANDLER = """
import time
from riskboard import jobs

@jobs.handler("kill-test")
def effect(job):
    job.progress(10, "working")
    with open(__import__("os").environ["RUNS"], "a") as runs:
        runs.write(f"{job.args['n']}\\n")
    time.sleep(0.15)
    def write():
        from vendors.models import Vendor
        Vendor.objects.create(slug=f"effect-{job.args['n']}-{job.attempt}", name=str(job.args["n"]))
        return {"n": job.args["n"]}
    return write
"""


@pytest.mark.runtime
def test_every_job_ends_once_though_worker_and_broker_are_killed(tmp_path: Path):
    if embedded.server_binary() is None:
        pytest.skip(embedded.NO_BROKER)
    var = tmp_path / "var"
    var.mkdir()
    (tmp_path / "killtest.py").write_text(HANDLER)
    environ = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {
        "RISKBOARD_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "riskboard.settings",
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).resolve().parents[2]), str(tmp_path)]),
        "RUNS": str(tmp_path / "runs"),
        "RISKBOARD_VISIBILITY_TIMEOUT": "5",
        "RISKBOARD_TICK_SECONDS": "1",
        "RISKBOARD_LEASE_SECONDS": "4",
    }
    run([sys.executable, "-m", "django", "migrate", "-v0"], environ)
    broker, worker, beat = start_broker(var), None, None
    try:
        run([sys.executable, "-c", DRIVER, "enqueue", str(JOBS)], environ)
        worker = start_worker(environ, tmp_path)
        wait_until(lambda: done(var) >= 15, "the first fifteen jobs")
        kill_group(worker)
        kill_group(broker)
        assert done(var) < JOBS
        broker = start_broker(var)
        worker = start_worker(environ, tmp_path)
        beat = start_beat(environ, var)
        wait_until(lambda: done(var) == JOBS, "all jobs after the kill")
        effects = query(var, "select name, count(*) from vendors_vendor group by name")
        assert sorted(int(name) for name, _ in effects) == list(range(JOBS))
        assert {count for _, count in effects} == {1}
    finally:
        for child in (beat, worker, broker):
            if child is not None:
                kill_group(child)
    assert not embedded.broker_answers(var)


def start_broker(var: Path) -> subprocess.Popen:
    child = subprocess.Popen(embedded.broker_command(var), stdout=subprocess.DEVNULL, start_new_session=True)
    embedded.wait_for_broker(var)
    return child


def start_worker(environ: dict[str, str], tmp_path: Path) -> subprocess.Popen:
    command = [sys.executable, "-m", "celery", "-A", "riskboard.celery_app", "worker", "-I", "killtest"]
    command += ["-Q", "poll,score,report,notify", "-c", "2", "-n", f"kill{time.monotonic_ns()}@test", "-l", "WARNING"]
    with (tmp_path / "worker.log").open("ab") as log:
        return subprocess.Popen(command, env=environ, stdout=log, stderr=log, start_new_session=True)


def start_beat(environ: dict[str, str], var: Path) -> subprocess.Popen:
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "riskboard.celery_app",
        "beat",
        "-s",
        str(var / "beat"),
        "--pidfile=",
    ]
    return subprocess.Popen(
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def kill_group(child: subprocess.Popen) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        child.wait(10)


def run(command: list[str], environ: dict[str, str]) -> None:
    finished = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert finished.returncode == 0, finished.stderr


def query(var: Path, sql: str) -> list[tuple]:
    with sqlite3.connect(var / "riskboard.sqlite3", timeout=30) as database:
        rows = database.execute(sql).fetchall()
    database.close()
    return rows


def done(var: Path) -> int:
    return query(var, "select count(*) from jobs_job where state = 'done'")[0][0]


def wait_until(true_yet, what: str) -> None:
    until = time.monotonic() + LONGEST
    while not true_yet():
        assert time.monotonic() < until, f"waited {LONGEST:.0f} s for {what}"
        time.sleep(0.1)
