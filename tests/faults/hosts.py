"""Two hosts: web, beat, broker and database here; workers in a network namespace, over a link that is cut in the middle."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from riskboard import embedded
from tests.faults.harness import Outcome, Reader, ended, enqueue, installation, own_postgres, percentile, until
from tests.faults.invariants import all_done

HERE, THERE = "10.77.19.1", "10.77.19.2"  # of the link alone; both ends are on this machine
BROKER = 6397
LATEST = 60.0  # seconds after the link's return in which all must be done


def ip(*words: str) -> None:
    """Run `ip`. Raises CalledProcessError."""
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


@contextmanager
def another_host() -> Iterator[tuple[str, str]]:
    """(the namespace's name, this end of the link) until the block ends."""
    tag = secrets.token_hex(3)
    space, ours, theirs = f"there-{tag}", f"rbh{tag}", f"rbt{tag}"
    ip("netns", "add", space)
    try:
        ip("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", space)
        ip("address", "add", f"{HERE}/30", "dev", ours)
        ip("link", "set", ours, "up")
        for words in (
            ["address", "add", f"{THERE}/30", "dev", theirs],
            ["link", "set", theirs, "up"],
            ["link", "set", "lo", "up"],
        ):
            ip("-n", space, *words)
        yield space, ours
    finally:
        ip("netns", "delete", space)  # takes both ends of the link with it


@contextmanager
def reached_postgres() -> Iterator[str]:
    """A throw-away PostgreSQL that the other host reaches, too: its address."""
    import psycopg

    with own_postgres(listen=HERE) as (address, restart):
        with psycopg.connect(address, autocommit=True) as admin:
            ((rules,),) = admin.execute("SHOW hba_file").fetchall()
            user, port = admin.info.user, admin.info.port
        with Path(rules).open("a") as more:
            more.write(f"host all all {HERE}/30 trust\n")
        restart()
        yield f"postgresql://{user}@{HERE}:{port}/postgres"


def two_hosts(folder: Path, *, jobs: int = 40, away: float = 15.0) -> Outcome:
    """Workers on another host do the work; the link is cut while they are at it: pages go on, and nothing is lost or done twice."""
    if os.geteuid() or not shutil.which("ip"):
        return Outcome("two hosts: skipped, it takes root and iproute2", [])
    with (
        another_host() as (space, link),
        reached_postgres() as url,
        installation(folder, url=url) as (processes, query),
    ):
        password = secrets.token_hex(12)
        processes.environment["RISKBOARD_BROKER_URL"] = f"redis://:{password}@{HERE}:{BROKER}/0"
        options = {
            "--bind": HERE,
            "--port": str(BROKER),
            "--requirepass": password,
            "--save": "",
            "--dir": str(processes.var),
        }
        binary = embedded.server_binary()
        assert binary is not None, embedded.NO_BROKER
        processes.start("broker", [str(binary), *(word for pair in options.items() for word in pair)])
        processes.worker("poll,score,notify", before=("ip", "netns", "exec", space))
        processes.ready("worker")
        processes.beat()
        where = processes.web()
        enqueue(processes, 0, jobs // 2)
        until(lambda: ended(query) >= jobs // 4, "a quarter of the jobs", moving=lambda: ended(query))
        with Reader([f"{where}/vendors/", f"{where}/readyz/web"], pause=0.2) as reader:
            ip("link", "set", link, "down")
            cut, before = time.monotonic(), ended(query)
            enqueue(processes, jobs // 2, jobs)
            time.sleep(max(0.0, away - (time.monotonic() - cut)))
            meanwhile = ended(query) - before
            ip("link", "set", link, "up")
            back = time.monotonic()
        until(lambda: ended(query) == jobs, "all jobs", moving=lambda: ended(query))
        drained = time.monotonic() - back
        wrong = all_done(query, jobs)
    errors = [one for one in reader.seen if one[2] != 200]
    if errors or not reader.seen:
        wrong.append(f"{len(errors)} of {len(reader.seen)} reads failed while the workers could not be reached")
    if meanwhile > 2:  # what the two processes had in hand
        wrong.append(f"{meanwhile} jobs ended over a link that was cut")
    if drained > LATEST:
        wrong.append(f"jobs were done only {drained:.0f} s after the link was back")
    spent = percentile([one[3] for one in reader.seen], 0.95) * 1000
    return Outcome(
        f"workers on another host, the link cut for {back - cut:.0f} s: {len(reader.seen)} reads, {len(errors)} failed, "
        f"p95 {spent:.0f} ms, {jobs} jobs done {drained:.1f} s after its return",
        wrong,
    )
