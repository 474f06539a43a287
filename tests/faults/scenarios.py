"""Each scenario: what is done to an installation under load, and the figures of what came of it."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.faults.clocks import clock_jumped
from tests.faults.harness import (
    Outcome,
    Query,
    Reader,
    asked,
    ended,
    enqueue,
    installation,
    must_run,
    own_postgres,
    percentile,
    until,
    with_python,
)
from tests.faults.hosts import two_hosts
from tests.faults.invariants import all_done, broken
from tests.faults.kills import killed
from tests.faults.loads import asked_to_stop, reports_beside, same_facts_at_once
from tests.faults.proxy import FaultProxy


def web_and_beats(folder: Path, *, jobs: int = 40) -> Outcome:
    """Two beats at once; one of them and the whole web server are killed in the middle."""
    with installation(folder) as (processes, query):
        processes.all()
        processes.beat("second")
        where = processes.web()
        enqueue(processes, 0, jobs)
        until(lambda: ended(query) >= jobs // 3, "a third of the jobs")
        processes.kill("beat", "web")
        assert asked(f"{where}/healthz")[0] == 0
        killed = time.monotonic()
        where = processes.web()
        back = time.monotonic() - killed
        until(lambda: ended(query) == jobs, "all jobs", moving=lambda: ended(query))
        status = asked(f"{where}/readyz")[0]
        wrong = all_done(query, jobs)
        if status != 200:
            wrong.append(f"/readyz is {status} with one beat left")
    return Outcome(f"web and one of two beats killed: {jobs} jobs done, pages back after {back:.1f} s", wrong)


def broker_away(folder: Path, *, seconds: float = 12.0, jobs: int = 20) -> Outcome:
    """The broker is gone for a while: pages are read and jobs asked for as ever, and all are done after it is back (R4, shortened)."""
    with installation(folder) as (processes, query):
        processes.all()
        where = processes.web()
        pages = [f"{where}/vendors/", f"{where}/api/v1/vendors"]
        for page in pages:
            asked(page)
        with Reader(pages, pause=0.1 if seconds < 60 else 0.5) as reader:
            begun = time.monotonic()
            time.sleep(min(seconds, 8.0))
            gone = time.monotonic()
            processes.kill("broker")
            enqueue(processes, 0, jobs)
            time.sleep(max(0.0, seconds - (time.monotonic() - gone)))
            processes.broker()
            returned = time.monotonic()
            until(lambda: ended(query) == jobs, "all jobs", moving=lambda: ended(query))
            drained = time.monotonic() - returned
        before, during = reader.between(begun, gone), reader.between(gone, returned)
        wrong = all_done(query, jobs)
    errors = [one for one in during if one[2] >= 500 or one[2] == 0]
    if errors:
        wrong.append(f"{len(errors)} of {len(during)} reads failed while the broker was away")
    normal, away = (percentile([one[3] for one in part], 0.95) for part in (before, during))
    if not before or not during:
        wrong.append("nobody read")
    if away > max(2 * normal, 0.5):  # half a second: below it, the machine's own noise is what is measured
        wrong.append(f"pages took {away / normal:.1f} times as long while the broker was away")
    if drained > 60:
        wrong.append(f"jobs were done only {drained:.0f} s after the broker was back")
    return Outcome(
        f"broker away for {returned - gone:.0f} s: {len(during)} reads, {len(errors)} failed, p95 {away * 1000:.0f} ms "
        f"({normal * 1000:.0f} ms before), {jobs} jobs done {drained:.1f} s after its return",
        wrong,
    )


def database_restarted(folder: Path, *, jobs: int = 40) -> Outcome:
    """PostgreSQL is restarted in immediate mode under load (R5): for how long are pages refused, and is any work lost?"""
    with own_postgres() as (address, restart), installation(folder, url=address) as (processes, query):
        processes.all()
        where = processes.web()
        pages = [f"{where}/vendors/", f"{where}/readyz/web"]
        for page in pages:
            asked(page)
        enqueue(processes, 0, jobs)
        done = _patiently(query)
        with Reader(pages, pause=0.05) as reader:
            until(lambda: ended(query) >= jobs // 4, "a quarter of the jobs")
            begun = time.monotonic()
            restart()
            restarted = time.monotonic()
            until(lambda: done() == jobs, "all jobs", moving=done)
        wrong = all_done(query, jobs)
    failed = [one for one in reader.seen if one[0] >= begun - 1 and one[2] not in (200, 302)]
    span = max((one[0] + one[3] for one in failed), default=begun) - begun
    if span > 10 + (restarted - begun):
        wrong.append(f"pages failed for {span:.1f} s")
    if len(reader.seen) < 20:
        wrong.append("nobody read")
    told = dict(Counter(str(one[2]) for one in failed))
    if set(told) - {"503"}:
        wrong.append(f"answers other than 503 meanwhile: {told}")
    return Outcome(
        f"PostgreSQL restarted ({restarted - begun:.1f} s) under load: {jobs} jobs done, {len(failed)} of {len(reader.seen)} "
        f"reads failed ({told or 'none'}), the last after {span:.1f} s",
        wrong,
    )


def _patiently(query: Query) -> Callable[[], int]:
    """How many jobs are done; the last known number while the database is away."""
    import psycopg

    last = 0

    def done() -> int:
        nonlocal last
        try:
            last = ended(query)
        except psycopg.OperationalError:
            time.sleep(0.2)
        return last

    return done


def poisoned(folder: Path, *, jobs: int = 15) -> Outcome:
    """A job that kills its process each time is given up after three attempts, and other queues go on (R8)."""
    with installation(folder) as (processes, query):
        processes.broker()
        processes.beat()
        processes.worker("poll,score,notify", "others")
        processes.worker("report", "poisoned", processes=1)
        processes.ready("others", "poisoned")
        begun = time.monotonic()
        enqueue(processes, 0, jobs)
        until(lambda: ended(query) == jobs, "the jobs before")
        alone = time.monotonic() - begun
        enqueue(processes, 0, 1, kind="fault-poison", queue="report")
        begun = time.monotonic()
        enqueue(processes, jobs, 2 * jobs)
        until(lambda: ended(query) == 2 * jobs, "the jobs beside it")
        beside = time.monotonic() - begun
        until(lambda: ended(query, "fault-poison", "dead") == 1, "the poison job to be given up")
        ((attempts,),) = query("select attempts from jobs_job where kind = 'fault-poison'")
        wrong = all_done(query, 2 * jobs)
    if attempts != 3:
        wrong.append(f"it was tried {attempts} times")
    if beside > 1.2 * alone + 2:  # two seconds: a process that dies is started again, on the same two cores
        wrong.append("jobs of other queues were held up")
    return Outcome(
        f"poison job: given up after {attempts} attempts; {jobs} jobs of another queue took {beside:.1f} s beside it, "
        f"{alone:.1f} s alone",
        wrong,
    )


NOTICES = """
import sys
import django
django.setup()
from django.utils import timezone
from assessments.models import Channel, Delivery, Notice
from riskboard import sealed
from riskboard.accounts.scope import inside_named
with inside_named("main"):
    now = timezone.now()
    make = lambda n: Notice.objects.create(key=f"fault {n}", kind="plan-overdue", title=f"Notice {n}", path="/", at=now)
    channels = [
        Channel.objects.create(
            name=f"receiver {n}", kind="webhook", address_secret=sealed.seal(sys.argv[1]), hint="receiver",
            signing_secret=sealed.seal("a" * 44), events=["plan-overdue"],
        )
        for n in range(CHANNELS)
    ]
    notices = [make(n) for n in range(int(sys.argv[2]))]
    Delivery.objects.bulk_create(
        [Delivery(channel=channels[n % CHANNELS], notice=notice, due_at=now) for n, notice in enumerate(notices)]
    )
""".replace("CHANNELS", "5")
SLOW_RECEIVER = 0.2  # seconds before it answers: a kill nearly always finds a message on its way


def notified(folder: Path, *, events: int = 120, kills: int = 3) -> Outcome:
    """Messages to a receiver on loopback while one of two workers is killed again and again (R7): each arrives, and counts once."""
    heard: Counter[str] = Counter()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            heard[self.headers["webhook-id"]] += 1
            time.sleep(SLOW_RECEIVER)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: the figures are what counts."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port, pair, caught = server.server_address[1], ("first", "second"), 0
    with installation(folder) as (processes, query):
        processes.environment |= {"RISKBOARD_FETCH_ALLOW": f"127.0.0.1:{port}", "RISKBOARD_TELL_SECONDS": "1"}
        must_run(["python", "-c", NOTICES, f"http://127.0.0.1:{port}/", str(events)], with_python(processes))
        processes.broker()
        for name in pair:
            processes.worker(name=name)
        processes.ready(*pair)
        processes.beat()
        count = lambda state: query(f"select count(*) from assessments_delivery where state = '{state}'")[0][0]  # noqa: E731
        for kill in range(1, kills + 1):
            until(
                lambda share=events * kill // (kills + 2): len(heard) >= share,
                "messages before a kill",
                moving=lambda: len(heard),
            )
            name = pair[kill % 2]
            processes.kill(name)
            caught += count("sending") > 0
            processes.worker(name=name)
        until(lambda: count("sent") == events, "all messages", moving=lambda: count("sent"))
        wrong = broken(query)
    server.shutdown()
    again = sum(heard.values()) - len(heard)
    if len(heard) != events:
        wrong.append(f"{events - len(heard)} messages lost")
    if again > 2 * kills:
        wrong.append(f"{again} messages came again, more than one for each process killed")
    if not caught:
        wrong.append("no kill found a message on its way")
    return Outcome(
        f"{events} messages over {kills} kills, {caught} of them while one was on its way: {events - len(heard)} lost, "
        f"{again} came again under the same id",
        wrong,
    )


def half_open(folder: Path) -> Outcome:
    """The way to the database is half open, then cut, then late (R24): how soon does readiness say so, and come back?"""
    with (
        own_postgres() as (address, _),
        installation(folder, url=address) as (processes, query),
        FaultProxy(_socket_of(address)).running() as proxy,
    ):
        parts = urlsplit(processes.environment["DATABASE_URL"])
        processes.environment["DATABASE_URL"] = parts._replace(
            netloc=f"postgres@127.0.0.1:{proxy.port}", query=""
        ).geturl()
        where = processes.web()
        until(lambda: asked(f"{where}/readyz/web")[0] == 200, "readiness")
        told: list[str] = []
        wrong: list[str] = []
        for mode in ("half-open", "cut", "late"):
            proxy.set(mode)
            begun = time.monotonic()
            status, _ = asked(f"{where}/readyz/web")
            noticed = time.monotonic() - begun
            alive, _ = asked(f"{where}/healthz")
            proxy.set("plain")
            begun = time.monotonic()
            until(lambda: asked(f"{where}/readyz/web")[0] == 200, "readiness to come back")
            told.append(f"{mode}: {status} in {noticed:.1f} s, back in {time.monotonic() - begun:.1f} s")
            if (status != 503 and mode != "late") or noticed > 10 or alive != 200:
                wrong.append(f"{mode}: {status} after {noticed:.1f} s, /healthz {alive}")
        wrong += broken(query)
    return Outcome(f"way to the database {'; '.join(told)}", wrong)


def _socket_of(address: str) -> tuple[str, int] | str:
    """Where that PostgreSQL listens: a host and port, or the path of its socket."""
    parts = urlsplit(address)
    folder = parse_qs(parts.query).get("host", [""])[0]
    return f"{folder}/.s.PGSQL.{parts.port or 5432}" if folder else (parts.hostname or "127.0.0.1", parts.port or 5432)


def full_disk(folder: Path) -> Outcome:
    """A backup onto a full disk is refused in one line and leaves nothing (R27). Skipped where a small disk cannot be mounted."""
    disk = folder / "small"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        return Outcome("full disk: skipped, no small disk can be mounted here", [])
    try:
        with installation(folder) as (processes, query):
            (folder / "var" / "media").mkdir()
            (folder / "var" / "media" / "large").write_bytes(
                bytes(range(256)) * 4096 + json.dumps(list(range(40000))).encode()
            )
            line = ["python", "-m", "riskboard.cli", "backup", str(disk / "a.rbk")]
            done = subprocess.run(line, env=with_python(processes), capture_output=True, text=True, check=False)
            wrong = broken(query)
        left = list(disk.iterdir())
    finally:
        subprocess.run(["umount", str(disk)], check=False)
    if done.returncode != 1 or "Traceback" in done.stderr or "space" not in done.stderr:
        wrong.append(f"exit {done.returncode}: {done.stderr[-200:]}")
    if left:
        wrong.append(f"left behind: {left}")
    return Outcome(f"full disk: {done.stderr.strip()[:80]}; {len(left)} files left", wrong)


SCENARIOS: dict[str, Callable[..., Outcome]] = {
    "kills": killed,
    "web-and-beats": web_and_beats,
    "broker-away": broker_away,
    "database-restarted": database_restarted,
    "half-open": half_open,
    "poison": poisoned,
    "notifications": notified,
    "full-disk": full_disk,
    "reports": reports_beside,
    "asked-to-stop": asked_to_stop,
    "same-facts": same_facts_at_once,
    "clock": clock_jumped,
    "two-hosts": two_hosts,
}
# What the quality bars ask for, where it is more than a run of all scenarios takes, and the seconds allowed for it.
FULL: dict[str, tuple[dict[str, float], float]] = {
    "kills": ({"jobs": 1000, "kills": 20}, 1800.0),
    "broker-away": ({"seconds": 300.0, "jobs": 40}, 600.0),
    "notifications": ({"events": 500, "kills": 10}, 900.0),
}
