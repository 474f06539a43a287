"""A bounded soak: ten requests a second with polling, jobs and reports beside them, and what memory and descriptors did meanwhile.

`python -m tests.faults.soak [--minutes N] [--rate N]` (`make soak MINUTES=120`; quality bar R25: two hours at ten requests a second,
at most 1 MB an hour and process, descriptors flat, no server error). It stops by itself. Caches fill at first, so that the first third
is not counted; a run of less than an hour says too little of a slope to be judged by it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.harness import Processes, Query, asked, installation, percentile, until
from tests.faults.pages import HOSTS, status_pages

ASKED = (
    "/vendors/", "/vendors/together-ai/", "/api/v1/vendors/", "/vendors/watched-7/", "/compare/?v=together-ai&v=watched-7", "/method/",
    "/vendors/together-ai/incidents/", "/find/?q=watched+1", "/plan/", "/readyz/web",
)  # fmt: skip
EVERY = 5.0  # seconds between two looks at the processes
TOLD_EVERY = 600.0  # seconds between two lines of how it goes
LEAST_JUDGED = 60.0  # minutes
RENEWED = {"worker", "reports"}  # whose children are, by design
MOST_AN_HOUR = {"bytes": 2.0**20, "descriptors": 1.0}
PAGE = os.sysconf("SC_PAGE_SIZE")

# It stays, as a second installation's beat and its users would: five jobs and five due pages every five seconds, a report a minute.
FEED = """
import itertools, os, sys, time
import django
django.setup()
from django.utils import timezone
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from riskboard import jobs
from riskboard.accounts.scope import inside_named
from vendors import models
from vendors.catalogue import index
from vendors.ingest import ingest_facts
facts, hosts = index.load("together-ai"), sys.argv[1].split(",")
with inside_named("main"):
    row = assess_vendor(ingest_facts(facts), needs=Needs(), as_of=facts.as_of)
pages = []
for n, host in enumerate(hosts):
    vendor = models.Vendor.objects.create(slug=f"watched-{n}", name=f"Watched {n}")
    page = models.StatusPage.objects.create(vendor=vendor, url=f"http://{host}", platform="statuspage", name="W")
    models.Watch.objects.create(page=page)
    pages.append(page.pk)
    if n < 40:  # followed: what their pages have news of is judged again
        with inside_named("main"):
            assess_vendor(vendor, needs=Needs(), as_of=timezone.now())
open(os.environ["RUNS"] + "-fed", "w").close()
turn = itertools.cycle(pages)
for n in itertools.count():
    time.sleep(5)
    for k in range(5 * n, 5 * n + 5):
        jobs.enqueue("fault-test", {"n": k}, queue="score", key=f"fault {k}")
    models.Watch.objects.filter(page__in=[next(turn) for _ in range(5)]).update(due_at=timezone.now())
    if n % 12 == 0:
        with inside_named("main"):
            args = {"assessments": [str(row.uid)], "paper": "letter" if n % 24 else "a4"}
            jobs.enqueue("report", args, queue="report", key=f"report {n}")
"""


@dataclass(frozen=True, slots=True)
class Look:
    """One process at one moment: seconds since the beginning, bytes in memory, open descriptors."""

    at: float
    size: int
    descriptors: int


def group(leader: int) -> dict[int, tuple[int, int]]:
    """(bytes in memory, open descriptors) of each process of that group, by its id."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(") ")[2].split()
            if int(fields[2]) == leader and fields[0] != "Z":
                found[int(path.parent.name)] = int(fields[21]) * PAGE, len(os.listdir(path.parent / "fd"))
        except (OSError, IndexError, ValueError):
            continue  # ended while we looked
    return found


def slope(points: Sequence[tuple[float, int]]) -> float:
    """Growth an hour by least squares of (seconds, bytes or a number); 0.0 of fewer than three points."""
    if len(points) < 3:
        return 0.0
    mean_t, mean_b = (sum(values) / len(points) for values in zip(*points, strict=True))
    down = sum((t - mean_t) ** 2 for t, _ in points)
    return 3600.0 * sum((t - mean_t) * (b - mean_b) for t, b in points) / down if down else 0.0


@contextlib.contextmanager
def steady(urls: Sequence[str], rate: float, *, threads: int = 8) -> Iterator[list[tuple[str, int, float]]]:
    """Ask for them in turn, `rate` a second by the clock: a slow answer delays none but those of its own thread.

    Yields what came so far: (address, status or 0, seconds).
    """
    seen: list[tuple[str, int, float]] = []
    stop, begun = threading.Event(), time.monotonic()

    def ask(number: int) -> None:
        while not stop.wait(max(0.0, begun + number / rate - time.monotonic())):
            url = urls[number % len(urls)]
            seen.append((url, *asked(url)))
            number += threads

    running = [threading.Thread(target=ask, args=(number,), daemon=True) for number in range(threads)]
    for thread in running:
        thread.start()
    try:
        yield seen
    finally:
        stop.set()
        for thread in running:
            thread.join(30)


def soaked(folder: Path, minutes: float, rate: float) -> tuple[str, list[str]]:
    """The figures in lines, and what is not as it must be."""
    seen: dict[tuple[str, int], list[Look]] = {}
    with installation(folder) as (processes, query), status_pages() as hosts:
        processes.environment |= {"RISKBOARD_FETCH_ALLOW": ",".join(hosts), "RISKBOARD_WARM_REPORTS": "1"}
        processes.broker()
        processes.worker("poll,score,notify", "worker")
        processes.worker("report", "reports", processes=1)
        processes.beat()
        processes.start("feeder", [sys.executable, "-c", FEED, ",".join(hosts)])
        fed = Path(f"{processes.environment['RUNS']}-fed")
        until(fed.exists, "the pages to watch")
        where = processes.web()
        begun = time.monotonic()
        with steady([where + path for path in ASKED], rate) as answers:
            _watched(processes, begun, minutes, seen)
        wrong = [f"{status or 'no answer'} of {url}" for url, status, _ in answers if status != 200]
        lines, faults = judged(seen, minutes)
        work, failed = _work(query)
    spent = percentile([one[2] for one in answers], 0.95) * 1000
    rate = len(answers) / (60 * minutes)
    told = f"{len(answers):,} requests ({rate:.1f}/s), p95 {spent:.0f} ms, {len(wrong)} not answered by 200"
    return "\n".join([*lines, f"{minutes:g} minutes: {told}; {work}"]), [*wrong[:10], *faults, *failed]


def _watched(processes: Processes, begun: float, minutes: float, seen: dict[tuple[str, int], list[Look]]) -> None:
    """Look at every process until the time is over, and say how large each is now and then."""
    tell = TOLD_EVERY
    while (now := time.monotonic() - begun) < 60 * minutes:
        for name, child in processes.running.items():
            for pid, figures in group(child.pid).items():
                seen.setdefault((name, pid), []).append(Look(now, *figures))
        if now >= tell:
            tell += TOLD_EVERY
            sizes = [f"{name} {looks[-1].size / 2**20:.1f}" for (name, _), looks in seen.items() if looks[-1].at == now]
            print(f"{now / 60:.0f} minutes, MiB: {', '.join(sizes)}", file=sys.stderr, flush=True)
        time.sleep(EVERY)


def judged(seen: dict[tuple[str, int], list[Look]], minutes: float) -> tuple[list[str], list[str]]:
    """A line for each process that lived through what is counted and for those renewed meanwhile, and what grew beyond its bound."""
    late, lines, wrong = 60 * minutes / 3, [], []
    renewed: dict[str, list[Look]] = {}
    for (name, pid), looks in sorted(seen.items()):
        if looks[0].at > late or looks[-1].at < 60 * minutes - 3 * EVERY:
            renewed.setdefault(name, []).extend(looks)
            if name not in RENEWED:
                wrong.append(f"{name} {pid} was there from {looks[0].at:.0f} to {looks[-1].at:.0f} s only")
            continue
        counted = [look for look in looks if look.at >= late]
        size, held = (slope([(look.at, getattr(look, what)) for look in counted]) for what in ("size", "descriptors"))
        memory = f"{looks[-1].size / 2**20:.0f} MiB, {size / 2**20:+.2f} MiB/h"
        told = f"{name} {pid}: {memory}; {looks[-1].descriptors} descriptors, {held:+.1f}/h"
        lines.append(told)
        if minutes >= LEAST_JUDGED and (size > MOST_AN_HOUR["bytes"] or held > MOST_AN_HOUR["descriptors"]):
            wrong.append(f"grew: {told}")
    for name, looks in renewed.items():
        most = max(look.size for look in looks), max(look.descriptors for look in looks)
        lines.append(f"{name}, processes renewed: never beyond {most[0] / 2**20:.0f} MiB and {most[1]} descriptors")
    return lines, wrong


def _work(query: Query) -> tuple[str, list[str]]:
    """What was done beside the requests, and what of it failed."""
    states = {
        (kind, state): count for kind, state, count in query("select kind, state, count(*) from jobs_job group by 1, 2")
    }
    done = {kind: states.get((kind, "done"), 0) for kind in ("poll", "fault-test", "report")}
    ((read,),) = query("select count(*) from vendors_incident where page_id in (select page_id from vendors_watch)")
    faults = query("select fault, count(*) from vendors_statuspage where fault <> '' group by 1")
    wrong = [f"{count} pages say: {fault}" for fault, count in faults]
    wrong += [
        f"{count} jobs of {kind} are {state}" for (kind, state), count in states.items() if state in ("failed", "dead")
    ]
    wrong += [f"no job of {kind} was done" for kind, count in done.items() if not count]
    told = f"{done['poll']:,} looks at {HOSTS} pages ({read:,} incidents), {done['report']} reports, {done['fault-test']:,} other jobs"
    return told, wrong


def main() -> int:
    """Print the figures; 1 if anything is not as it must be."""
    parser = argparse.ArgumentParser(
        description="requests, polling, jobs and reports, and what memory and descriptors did"
    )
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--rate", type=float, default=10.0, help="requests a second (10)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told, wrong = soaked(Path(folder), args.minutes, args.rate)
    print(told, *[f"WRONG {one}" for one in wrong], sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
