"""Refreshing hundreds of pages that each take 200 ms to answer, with two worker processes, against the network's own floor.

Run by itself, since it takes minutes: `python -m benchmarks.polling [--workers 1,2,4] [PAGES ...]`, else 500 and 1,000.
Every page has a host
of its own on 127.0.0.0/8, so that the rule of one reader a host costs what it costs in life. Each page is read in full
once, then looked at again unchanged. The floor is the latency of the requests made, shared by the readers at work.
"""

from __future__ import annotations

import json
import os
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

from benchmarks.table import Row

LATENCY = 0.2
WORKERS, THREADS = 2, 4
COLUMNS = (
    ("pages", 6),
    ("workers", 7),
    ("full read s", 12),
    ("per page ms", 12),
    ("unchanged s", 12),
    ("per page ms", 12),
    ("floor ms", 9),
)
AIM_SECONDS = 300.0  # for 500 pages (quality bar R17)
FEW = 60  # pages of the rows in the common table


class _Page(BaseHTTPRequestHandler):
    """A status page with a list of incidents and nothing else, slow to answer, with a validator."""

    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        time.sleep(LATENCY)
        name = self.path.rsplit("/", 1)[-1]
        body = ANSWERS.get(name)
        if body is None:
            self.send_response(404)
            self.end_headers()
        elif self.headers.get("If-None-Match") == f'"{name}"':
            self.send_response(304)
            self.end_headers()
        else:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("ETag", f'"{name}"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the figures are what counts."""


class _Server(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = True
    request_queue_size = 256


def _answers() -> dict[str, bytes]:
    begun = datetime(2026, 5, 1, 10, tzinfo=UTC)
    rows = []
    for n in range(50):
        at = [(begun - timedelta(days=n, minutes=-40 * k)).isoformat().replace("+00:00", "Z") for k in range(3)]
        posts = [
            {"id": f"u{n}-{k}", "status": ("investigating", "monitoring", "resolved")[k], "body": "We are looking into it. " * 4,
             "created_at": at[k], "display_at": at[k], "updated_at": at[k]}
            for k in range(3)
        ]  # fmt: skip
        rows.append({"id": f"inc{n:09d}", "name": "Slow answers", "impact": "minor", "status": "resolved", "created_at": at[0],
                     "started_at": at[0], "resolved_at": at[2], "updated_at": at[2], "incident_updates": posts})  # fmt: skip
    page = {"id": "abc123def456", "name": "Example", "time_zone": "Etc/UTC"}
    state = {"indicator": "none", "description": ""}
    return {
        "summary.json": json.dumps({"page": page, "status": state, "components": [], "incidents": []}).encode(),
        "incidents.json": json.dumps({"page": page, "incidents": rows}).encode(),
    }


ANSWERS = _answers()


def measure(pages: int, workers: int = WORKERS) -> dict[str, float]:
    """Seconds of the full reads and of the looks after them, and the requests each took."""
    server = _Server(("0.0.0.0", 0), _Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    hosts = [f"127.{1 + n // 62500}.{1 + n // 250 % 250}.{1 + n % 250}:{port}" for n in range(pages)]
    with tempfile.TemporaryDirectory() as folder:
        environ = os.environ | {
            "RISKBOARD_VAR": folder, "RISKBOARD_FETCH_ALLOW": ",".join(hosts), "RISKBOARD_LOG_LEVEL": "ERROR",
            "RISKBOARD_TICK_SECONDS": "3600", "DJANGO_SETTINGS_MODULE": "riskboard.settings",
        }  # fmt: skip
        _call("prepare", environ, *hosts)
        seconds = []
        for round_ in ("read", "look"):
            _call("due", environ, round_)
            begun = time.perf_counter()
            running = [
                subprocess.Popen(
                    [sys.executable, "-m", "benchmarks.polling", "--work", str(number), str(workers)], env=environ
                )
                for number in range(workers)
            ]
            if any(worker.wait() for worker in running):
                raise RuntimeError("a worker failed; its words are above")
            seconds.append(time.perf_counter() - begun)
        outcomes = json.loads(_call("outcomes", environ))
    server.shutdown()
    assert outcomes == {"read": pages, "unchanged": pages}, outcomes
    return {"pages": pages, "workers": workers, "read": seconds[0], "look": seconds[1]}


def _call(what: str, environ: dict[str, str], *rest: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.polling", f"--{what}", *rest],
        env=environ,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def _inside(what: str, rest: list[str]) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from riskboard.jobs.models import Job
    from vendors import models, polling

    if what == "prepare":
        call_command("migrate", verbosity=0)
        for n, host in enumerate(rest):
            vendor = models.Vendor.objects.create(slug=f"v{n}", name=f"V{n}")
            page = models.StatusPage.objects.create(
                vendor=vendor, url=f"http://{host}", platform="statuspage", name="V"
            )
            models.Watch.objects.create(page=page)
    elif what == "due":
        now = timezone.now()
        models.Watch.objects.update(due_at=now - timedelta(seconds=1))
        models.HostTurn.objects.update(read_at=None)  # as if the minute between two reads of a host had passed
        while polling.tick(now=now):
            pass
    elif what == "outcomes":
        counts: dict[str, int] = {}
        for result in Job.anyone.filter(kind="poll", state="done").values_list("result", flat=True):
            counts[result["outcome"]] = counts.get(result["outcome"], 0) + 1
        print(json.dumps(counts))
    else:
        _work(int(rest[0]), int(rest[1]))


def _work(number: int, workers: int) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection
    from django.utils import timezone

    from riskboard.jobs import queue
    from riskboard.jobs.models import Job

    def one(job_id: int) -> None:
        try:
            queue.run(job_id)
        finally:
            connection.close()

    def dealt() -> list[int]:
        """As a broker would deal out what is due. A message does not say whose work: two may reach for one, and some stay."""
        due = Job.anyone.due(now=timezone.now()).filter(kind="poll")
        return list(due.values_list("pk", flat=True))[number::workers]

    with ThreadPoolExecutor(THREADS) as pool:
        while todo := dealt():
            list(pool.map(one, todo))


def rows() -> list[Row]:
    """FEW pages read in full by two workers, of the time allowed in proportion and of the network's own wait, and looked at again."""
    took = measure(FEW)
    allowed, floor = AIM_SECONDS * FEW / 500, FEW * LATENCY / (WORKERS * THREADS)
    return [
        Row(f"{FEW} pages read in full, of the time allowed for as many", took["read"], allowed, 1.0, unit="s"),
        Row("the same, of one 200 ms answer a page and thread", took["read"], floor, None, unit="s"),
        Row("the same looked at again, unchanged", took["look"], floor, None, unit="s"),
    ]


def main(sizes: list[int], workers: list[int]) -> int:
    """Print a line per size and number of workers, and whether time grows with the pages; 1 if 500 pages take longer than the aim."""
    results = [measure(size, count) for size in sizes for count in workers]
    print(" ".join(f"{head:>{width}}" for head, width in COLUMNS))
    for row in results:
        each = [1000 * row[key] / row["pages"] for key in ("read", "look")]
        floor = 1000 * LATENCY / (row["workers"] * THREADS)
        told = [
            f"{row['pages']:.0f}",
            f"{row['workers']:.0f}",
            *(f"{x:.1f}" for x in (row["read"], each[0], row["look"], each[1], floor)),
        ]
        print(" ".join(f"{cell:>{width}}" for cell, (_, width) in zip(told, COLUMNS, strict=True)))
    late = [row for row in results if row["pages"] == 500 and row["workers"] == WORKERS and row["read"] > AIM_SECONDS]
    return 1 if late else 0


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] == ["--workers"]:
        counts = [int(count) for count in arguments[1].split(",")]
        sys.exit(main([int(size) for size in arguments[2:]] or [500], counts))
    if arguments and arguments[0].startswith("--"):
        _inside(arguments[0][2:], arguments[1:])
    else:
        sys.exit(main([int(size) for size in arguments] or [500, 1000], [WORKERS]))
