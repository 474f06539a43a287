"""The clock of every process jumps an hour (R28): forwards, backwards and forwards again, under load."""

from __future__ import annotations

import struct
import subprocess
import time
from pathlib import Path

from tests.faults.harness import Outcome, asked, ended, enqueue, installation, must_run, until, with_python
from tests.faults.invariants import all_done

HOUR = 3600
NEGATIVE = {
    "a job that ended before it began": "select id from jobs_job where finished_at < started_at",
    "a page due before it was looked at": "select id from vendors_watch where due_at < checked_at",
}
WATCHED = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from vendors import models
now = timezone.now()
for n in range(60):
    vendor = models.Vendor.objects.create(slug=f"watched-{n}", name=str(1000 + n))
    page = models.StatusPage.objects.create(vendor=vendor, url=f"http://127.0.0.1:9/{n}", platform="statuspage")
    looked = now - timedelta(minutes=n)
    models.Watch.objects.create(page=page, checked_at=looked, read_at=looked, due_at=looked + timedelta(hours=1))
"""


class Clock:
    """The wall clock of processes that bear `environment`: `set` moves it for all of them at once."""

    def __init__(self, folder: Path) -> None:
        """Compile what is loaded before them. Raises OSError where there is no C compiler."""
        self._file, loaded = folder / "clock", folder / "jump.so"
        source = str(Path(__file__).with_name("jump.c"))
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", str(loaded), source, "-ldl"], check=True)
        self.set(0)
        self.environment = {"LD_PRELOAD": str(loaded), "FAULT_CLOCK": str(self._file)}

    def set(self, seconds: int) -> None:
        """So many seconds from now on ahead of the true time."""
        with self._file.open("r+b" if self._file.exists() else "wb") as out:
            out.write(struct.pack("@l", seconds))


def clock_jumped(folder: Path, *, jobs: int = 8) -> Outcome:
    """After each jump the jobs asked for are done, readiness comes back by itself, and pages are not looked at again and again.

    What is watched answers nobody: 60 pages of a closed port, each due within the hour. Skipped where nothing compiles C.
    """
    try:
        clock = Clock(folder)
    except OSError:
        return Outcome("clock: skipped, there is no C compiler here", [])
    told: list[str] = []
    done = 0
    with installation(folder) as (processes, query):
        must_run(["python", "-c", WATCHED], with_python(processes))
        processes.broker()  # keeps its own time, as on another machine
        processes.environment |= clock.environment
        processes.worker()
        processes.ready("worker")
        processes.beat()
        where = processes.web()
        until(lambda: asked(f"{where}/readyz")[0] == 200, "readiness before")
        looks = lambda: int(query("select count(*) from jobs_job where kind = 'poll'")[0][0])  # noqa: E731
        heard = lambda: query("select at from jobs_beat where name = 'tick'")  # noqa: E731
        for step in (HOUR, 0, -HOUR):
            enqueue(processes, done, done + jobs)
            done += jobs
            until(lambda share=done - jobs // 2: ended(query) >= share, "half of the jobs", moving=lambda: ended(query))
            before, begun = looks(), time.monotonic()
            clock.set(step)
            enqueue(processes, done, done + jobs)
            done += jobs
            until(lambda share=done: ended(query) == share, "the jobs after a jump", moving=lambda: ended(query))
            spent = time.monotonic() - begun
            for _ in range(2):  # the first may have been asked for before the jump
                last = heard()
                until(lambda last=last: heard() != last, "beat after a jump")
            until(lambda: asked(f"{where}/readyz")[0] == 200, "readiness after a jump")
            back = time.monotonic() - begun
            told.append(
                f"{step:+d} s: jobs done after {spent:.1f} s, ready after {back:.1f} s, {looks() - before} looks"
            )
        ((twice,),) = query(
            "select count(*) from (select key from jobs_job where kind = 'poll' group by key having count(*) > 2) as t"
        )
        wrong = [f"{len(query(sql))} x {what}" for what, sql in NEGATIVE.items() if query(sql)]
        wrong += all_done(query, done)
    if twice:
        wrong.append(f"{twice} pages were looked at more than twice")
    return Outcome(f"the clock jumps, {'; '.join(told)}", wrong)
