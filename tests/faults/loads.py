"""Scenarios without a kill: reports beside other work, a stop that is asked for, and four workers with the same facts."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from tests.faults.harness import (
    Outcome,
    Processes,
    Query,
    ended,
    enqueue,
    group_lives,
    installation,
    own_postgres,
    percentile,
    until,
)
from tests.faults.invariants import all_done, broken

VENDOR = "together-ai"  # bundled; its report is of an ordinary length
REPORTS = """
import sys
import django
django.setup()
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from riskboard import jobs
from riskboard.accounts.scope import inside_named
from vendors.catalogue import index
from vendors.ingest import ingest_facts
facts = index.load(sys.argv[1])
with inside_named("main"):
    row = assess_vendor(ingest_facts(facts), needs=Needs(), as_of=facts.as_of)
    for n in range(int(sys.argv[2])):
        args = {"assessments": [str(row.uid)], "paper": "letter" if n % 2 else "a4"}
        jobs.enqueue("report", args, queue="report", key=f"fault report {n}")
"""
CANCEL = """
import django
django.setup()
from riskboard.jobs import queue
from riskboard.jobs.models import Job
for job in Job.anyone.open().filter(kind="report"):
    queue.cancel(job)
"""
DRIP = """
import sys, time
import django
django.setup()
from riskboard import jobs
for n in range(int(sys.argv[1]), int(sys.argv[2])):
    jobs.enqueue("fault-test", {"n": n}, queue="poll", key=f"fault {n}")
    time.sleep(0.4)
"""
INGEST = """
import os, random, sys, time
import django
django.setup()
import msgspec
from vendors.catalogue import index
from vendors.ingest import ingest_facts
names, seed, times = sys.argv[1].split(","), int(sys.argv[2]), int(sys.argv[3])
random.seed(seed)
facts = [index.load(name) for name in names]
while not os.path.exists(sys.argv[4]):  # all begin together
    time.sleep(0.01)
for _ in range(times):
    random.shuffle(facts)
    for one in facts:
        incidents = list(one.incidents)
        random.shuffle(incidents)
        ingest_facts(msgspec.structs.replace(one, incidents=tuple(incidents)))
"""
HASH = """
import django
django.setup()
from vendors import facts_file, models
from vendors.catalogue import index
from vendors.facts import facts_of
import hashlib, sys
from riskboard.accounts.scope import inside_named
told = hashlib.sha256()
with inside_named("main"):
    for name in sorted(sys.argv[1].split(",")):
        row = models.Vendor.objects.get(slug=index.load(name).vendor.slug)
        told.update(facts_file.sha256(facts_of(row, as_of=index.load(name).as_of)).encode())
counts = [models.Vendor, models.StatusPage, models.Incident, models.Component, models.Maintenance]
print(told.hexdigest(), *[one.objects.count() for one in counts])
"""


def _python(processes: Processes, code: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        env=processes.environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _delays(query: Query, first: int, last: int) -> list[float]:
    """Seconds from when each of those jobs was asked for until it began."""
    import datetime

    def instant(value: object) -> datetime.datetime:
        return value if isinstance(value, datetime.datetime) else datetime.datetime.fromisoformat(str(value))

    found = query(
        "select created_at, started_at, key from jobs_job where kind = 'fault-test' and started_at is not null"
    )
    numbered = {int(key.removeprefix("fault ")): (instant(b) - instant(a)).total_seconds() for a, b, key in found}
    return [numbered[n] for n in range(first, last) if n in numbered]


def reports_beside(folder: Path, *, jobs: int = 20, reports: int = 20) -> Outcome:
    """Polling jobs begin as soon beside twenty queued reports as alone, and a cancel frees the processor (R18)."""
    with installation(folder) as (processes, query):
        processes.environment["RISKBOARD_WARM_REPORTS"] = "1"
        processes.broker()
        processes.beat()
        processes.worker("poll,score,notify", "others", processes=1)
        processes.worker("report", "reports", processes=1)
        processes.ready("others", "reports")
        _python(processes, DRIP, "0", str(jobs))
        until(lambda: ended(query) == jobs, "the jobs before")
        _python(processes, REPORTS, VENDOR, str(reports))
        until(lambda: bool(query("select id from jobs_job where kind = 'report' and state = 'running'")), "a report")
        _python(processes, DRIP, str(jobs), str(2 * jobs))
        until(lambda: ended(query) == 2 * jobs, "the jobs beside reports")
        made = ended(query, "report")
        leader = processes.running["reports"].pid
        _python(processes, CANCEL)
        cancelled, before = time.monotonic(), _spent(leader)
        until(lambda: _idle(leader), "the processor to be free")
        freed, spent = time.monotonic() - cancelled, _spent(leader) - before
        wrong = all_done(query, 2 * jobs)
        alone, beside = _delays(query, 0, jobs), _delays(query, jobs, 2 * jobs)
    normal, busy = percentile(alone, 0.95), percentile(beside, 0.95)
    if len(alone) + len(beside) != 2 * jobs:
        wrong.append("not every job has a delay")
    if busy > 1.1 * normal + 2:  # two seconds: who waited for a report would wait longer, and two cores are shared
        wrong.append(f"jobs of another queue waited {busy:.2f} s instead of {normal:.2f} s")
    if spent > 2:  # of the processor: seconds of the wall are those of whatever else this machine does
        wrong.append(f"reports took {spent:.1f} s of the processor after they were cancelled")
    return Outcome(
        f"{reports} reports queued, {made} made meanwhile: p95 wait of another queue's jobs {busy * 1000:.0f} ms beside them, "
        f"{normal * 1000:.0f} ms alone; free {freed:.1f} s after a cancel, {spent:.1f} s of the processor",
        wrong,
    )


def _idle(leader: int) -> bool:
    """Whether the group's processes used no more than a tenth of one core over the last fifth of a second."""
    before = _spent(leader)
    time.sleep(0.2)
    return _spent(leader) - before < 0.02


def _spent(leader: int) -> float:
    """Seconds of processor that living processes of the session used so far; a render process has a group of its own."""
    total = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(") ")[2].split()
        except OSError:
            continue  # ended while we looked
        if int(fields[3]) == leader:
            total += sum(map(int, fields[11:15]))  # its own, and those of children that ended
    return total / os.sysconf("SC_CLK_TCK")


def asked_to_stop(folder: Path, *, jobs: int = 6) -> Outcome:
    """SIGTERM in the middle of a request and of jobs (R26): the request is answered, the jobs end or are put back, none is lost."""
    with installation(folder) as (processes, query):
        processes.broker()
        processes.beat()
        processes.worker(processes=2)
        processes.ready("worker")
        where = urlsplit(processes.web())
        line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=40)
        body = b"name=" + b"x" * 995
        line.putrequest("POST", "/assess/")
        line.putheader("Content-Length", str(len(body)))
        line.putheader("Content-Type", "application/x-www-form-urlencoded")
        line.endheaders()
        line.send(body[:500])  # the rest comes after the server was asked to stop
        enqueue(processes, 0, jobs, kind="fault-slow")
        until(lambda: bool(query("select id from jobs_job where state = 'running'")), "a running job")
        time.sleep(0.5)
        web, worker = processes.running.pop("web"), processes.running.pop("worker")
        begun = time.monotonic()
        for child in (web, worker):
            os.kill(child.pid, signal.SIGTERM)
        time.sleep(2)
        line.send(body[500:])
        status = line.getresponse().status
        web.wait(60)
        drained = time.monotonic() - begun
        worker.wait(60)
        stopped = time.monotonic() - begun
        left = [child.pid for child in (web, worker) if group_lives(child.pid)]
        finished = ended(query, "fault-slow")
        processes.worker(processes=2)
        until(
            lambda: ended(query, "fault-slow") == jobs,
            "the jobs that were put back",
            moving=lambda: ended(query, "fault-slow"),
        )
        ((most,),) = query("select max(attempts) from jobs_job where kind = 'fault-slow'")
        wrong = all_done(query, jobs)
    if status not in (302, 400, 403, 200):
        wrong.append(f"the request under way was answered {status}")
    if drained > 30 + 2:
        wrong.append(f"the web server took {drained:.0f} s to stop")
    if stopped > 30 + 5:
        wrong.append(f"the worker took {stopped:.0f} s to stop")
    if left:
        wrong.append(f"processes left: {left}")
    return Outcome(
        f"asked to stop: the request under way was answered {status}, web stopped in {drained:.1f} s, the worker in {stopped:.1f} s "
        f"with {finished} jobs done, {jobs - finished} by the next one, at most {most} attempts",
        wrong,
    )


def same_facts_at_once(folder: Path, *, workers: int = 4, times: int = 10) -> Outcome:
    """Four processes store the same facts ten times at once, in any order, on PostgreSQL (R6): as stored once on SQLite."""
    names = "modal,pagerduty"
    with own_postgres() as (address, _):
        told = []
        for crowd, server in ((1, "sqlite"), (workers, address)):  # facts are the same whatever keeps them
            place = folder / f"by-{crowd}"
            place.mkdir()
            with installation(place, url=server) as (processes, query):
                start = place / "start"
                command = [sys.executable, "-c", INGEST, names]
                rounds = "1" if crowd == 1 else str(times)
                begun = time.monotonic()
                for n in range(crowd):
                    processes.start(f"reader {n}", [*command, str(n), rounds, str(start)])
                start.touch()
                codes = [processes.running.pop(f"reader {n}").wait(200) for n in range(crowd)]
                spent = time.monotonic() - begun
                told.append(_python(processes, HASH, names).strip())
                wrong = broken(query)
                if any(codes):
                    words = (place / "children.log").read_text()[-300:]
                    return Outcome("the same facts at once", [f"exit codes {codes}: {words}"])
    if told[0] != told[1]:
        wrong.append(f"rows differ: {told[0]} once, {told[1]} by {workers}")
    return Outcome(
        f"the same facts of two vendors {times} times by {workers} processes at once: "
        f"{'the same rows as once' if told[0] == told[1] else 'other rows'} ({told[1].split()[0][:12]}, {spent:.0f} s)",
        wrong,
    )
