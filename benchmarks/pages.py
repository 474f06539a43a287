"""The pages of every day at 500 vendors with 100,000 incidents, and at ten times that; in one run, turn by turn.

Two processes hold a database each, made once by bulk rows. The parent asks one, then the other, so that whatever else the
machine does falls on both. Ratios are of processor time; the p95 printed below the table is of the clock.
`python -m benchmarks.pages --size small` takes a minute and shows the same rows at a tenth.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.table import Row, printed

SIZES = {"full": (500, 5_000), "small": (50, 500)}
INCIDENTS = 200  # of each vendor
HISTORY = 2  # assessments of each vendor
ROUNDS = {"full": 25, "small": 8}
GROWTH = 1.5  # ten times the data may cost that many times the work
LIMITS = {"vendor list": 0.3, "vendor": 0.5, "comparison of five": 0.8, "palette": 0.2}  # seconds, p95
PAGES = {
    "portfolio": "/", "vendor list": "/vendors/", "list, searched": "/vendors/?q=vendor&sort=-chance",
    "vendor": "/vendors/vendor-7/", "incidents": "/vendors/vendor-7/incidents/", "what if": "/vendors/vendor-7/what-if/?rto=8h",
    "choice of what to compare": "/compare/", "comparison of five": "/compare/?" + "&".join(f"v=vendor-{n}" for n in range(5)),
    "palette": "/find/?q=vendor+1", "catalogue": "/catalogue/", "plan": "/plan/", "reports": "/reports/",
    "API, vendors": "/api/v1/vendors/",
}  # fmt: skip
FLOORS = {"empty": "/empty/", "bare": "bare"}
PEER = 4.0  # times the same rows by the bare driver, as JSON


def rows(size: str = "full") -> list[Row]:
    """The growth of each page, the p95 of those with a limit, and both floors."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        few, many = (stack.enter_context(_running(Path(folder) / str(count), count)) for count in SIZES[size])
        measured = {
            name: _turns(few, many, path, ROUNDS[size], htmx=name == "palette")
            for name, path in (PAGES | FLOORS).items()
        }
    found = [
        Row(f"{name}, ten times the data", many.cpu, few.cpu, GROWTH)
        for name, (few, many) in measured.items()
        if name in PAGES
    ]
    found += [
        Row(f"{name}, p95 at {SIZES[size][at]:,} vendors, against its limit", measured[name][at].p95, limit, 1.0)
        for name, limit in LIMITS.items() for at in (0, 1)
    ]  # fmt: skip
    ask, bare = measured["API, vendors"][0].cpu, measured["bare"][0].cpu
    page, empty = measured["vendor list"][0].cpu, measured["empty"][0].cpu
    return [
        *found,
        Row("API, 50 vendors, against the bare driver and JSON", ask, bare, PEER),
        Row("vendor list of 50 rows, against a view that answers nothing", page, empty, None),
    ]


class Times:
    """Seconds of each round: by the processor and by the clock."""

    def __init__(self) -> None:
        self.cpu_seconds: list[float] = []
        self.wall_seconds: list[float] = []

    @property
    def cpu(self) -> float:
        """Median processor time."""
        return statistics.median(self.cpu_seconds)

    @property
    def p95(self) -> float:
        """The time by the clock that 95 of 100 rounds stayed under."""
        return sorted(self.wall_seconds)[int(0.95 * (len(self.wall_seconds) - 1))]


Ask = Callable[[str, bool], tuple[float, float]]


def _turns(few: Ask, many: Ask, path: str, rounds: int, *, htmx: bool) -> tuple[Times, Times]:
    found = Times(), Times()
    for ask in (few, many):
        ask(path, htmx)  # not counted: the first loads templates
    for _ in range(rounds):
        for ask, times in zip((few, many), found, strict=True):
            cpu, wall = ask(path, htmx)
            times.cpu_seconds.append(cpu)
            times.wall_seconds.append(wall)
    return found


@contextlib.contextmanager
def _running(folder: Path, vendors: int) -> Iterator[Ask]:
    """A process with that many vendors; what it gives asks it for one address and returns (processor, clock) seconds."""
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.pages", "--serve", str(vendors)],
        env=os.environ | {"RISKBOARD_VAR": str(folder), "RISKBOARD_ENV": "embedded", "PYTHONHASHSEED": "0"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None

    def ask(path: str, htmx: bool) -> tuple[float, float]:
        process.stdin.write(json.dumps([path, htmx]) + "\n")
        process.stdin.flush()
        told = process.stdout.readline()
        if not told:
            raise RuntimeError(f"the process with {vendors} vendors ended; its error stands above")
        cpu, wall = json.loads(told)
        return cpu, wall

    try:
        yield ask
    finally:
        process.stdin.close()
        process.wait(30)


def _serve(vendors: int) -> None:
    """Make the data, then answer a line of [path, by htmx] with a line of [processor seconds, clock seconds]."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskboard.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    settings.ROOT_URLCONF = "benchmarks.pages_urls"
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["api"] = None
    fill(vendors)
    from django.test import Client

    client = Client(raise_request_exception=True)
    for line in sys.stdin:
        path, htmx = json.loads(line)
        headers = {"HX-Request": "true"} if htmx else {}
        cpu, wall = time.process_time(), time.perf_counter()
        if path == "bare":
            bare()
        else:
            answer = client.get(path, headers=headers)
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answered {answer.status_code}")
        print(json.dumps([time.process_time() - cpu, time.perf_counter() - wall]), flush=True)


def fill(vendors: int) -> None:
    """That many vendors, each with a page, its incidents and assessments: one record judged once, told under many names."""
    from riskboard.accounts.models import Workspace
    from riskboard.accounts.scope import inside
    from vendors import models
    from vendors.bulk import bulk_upsert

    now = datetime.now(UTC)
    models.Vendor.objects.bulk_create(
        models.Vendor(slug=f"vendor-{n}", name=f"Vendor {n}", category=f"kind {n % 9}") for n in range(vendors)
    )
    known = list(models.Vendor.objects.order_by("pk"))
    models.StatusPage.objects.bulk_create(
        models.StatusPage(vendor=v, url=f"https://{v.slug}.example.com", platform="x", name=v.name, facts_as_of=now)
        for v in known
    )
    pages = list(models.StatusPage.objects.order_by("pk").values_list("pk", flat=True))
    models.Watch.objects.bulk_create(models.Watch(page_id=page, due_at=now) for page in pages)
    columns = ("page_id", "external_id", "impact", "started_at", "resolved_at", "document", "digest", "gone_at")
    bulk_upsert(models.Incident, columns, _incidents(pages, now), unique=("page_id", "external_id"))
    with inside(Workspace.main()):
        _judge(known, now)


def _incidents(pages: list[int], now: datetime) -> Iterator[tuple[Any, ...]]:
    """Rows of incidents, three days apart; at every 97th page the newest is open."""
    for at, page in enumerate(pages):
        for n in range(INCIDENTS):
            is_open = n == 0 and at % 97 == 0
            document = {"id": f"i{n}", "title": "Slow answers", "end_known": "open" if is_open else "stated"}
            started = now - timedelta(days=3 * n, hours=5)
            ended = None if is_open else started + timedelta(hours=2)
            yield page, f"i{n}", "minor", started, ended, json.dumps(document).encode(), f"{n:064d}", None


def _judge(known: list[Any], now: datetime) -> None:
    """Assessments of each vendor, and the vendor followed: the same document under its name, other figures beside it."""
    from msgspec.structs import replace

    from assessments.following import summary_of
    from assessments.models import AssessmentRow, Followed
    from assessments.scoring.model import Needs
    from assessments.scoring.pipeline import assess, encode
    from vendors.catalogue import index
    from vendors.facts_file import pack
    from vendors.records import Vendor

    facts = index.load("bitbucket")
    made, packed = assess(facts, Needs(), as_of=facts.as_of), pack(facts)

    def row(vendor: Any, age: int) -> AssessmentRow:
        named = replace(made, vendor=Vendor(name=vendor.name, slug=vendor.slug, category=vendor.category))
        fell = float(vendor.pk % 9)
        still = dict.fromkeys(("method", "decay", "evidence"), 0.0)
        return AssessmentRow(
            vendor=vendor, as_of=facts.as_of - timedelta(days=30 * (HISTORY - 1 - age)), rto_hours=4.0, document=encode(named),
            facts=packed, facts_sha256="0" * 64, input_sha256=f"{vendor.pk:032d}{age:032d}", method_version="1",
            method_sha256="0" * 64, value=vendor.pk * 7 % 100 or None, low=0, high=100, coverage=0.8, grade="C", p_exceed=0.5,
            chance=(vendor.pk * 13 % 100) / 100 or None, last_incident_at=now,
            moved=still | {"since": facts.as_of.isoformat(), "then": 70.0, "now": 70.0 - fell, "record": -fell},
        )  # fmt: skip

    for first in range(0, len(known), 250):
        rows = [row(vendor, age) for vendor in known[first : first + 250] for age in range(HISTORY)]
        AssessmentRow.objects.bulk_create(rows)
        Followed.objects.bulk_create(
            Followed(vendor=one.vendor, newest=one, judged_at=now, **summary_of(one))
            for one in rows[HISTORY - 1 :: HISTORY]
        )


def bare() -> None:
    """The first 50 vendors of the API, by sqlite3 alone, as JSON with the same names."""
    import sqlite3

    from django.conf import settings

    path = settings.DATABASES["default"]["NAME"]
    with contextlib.closing(sqlite3.connect(path)) as connection:
        found: list[tuple[Any, ...]] = connection.execute(
            "SELECT v.slug, v.name, v.category, f.tag_line, f.note, f.added_at, f.judged_at, f.archived_at, a.uid, a.as_of,"
            " a.rto_hours, a.value, a.low, a.high, a.coverage, a.grade, a.chance, a.pillars, a.disputed, a.last_incident_at,"
            " a.method_version, a.method_sha256, a.facts_sha256, a.created_at FROM assessments_followed f"
            " JOIN vendors_vendor v ON v.id = f.vendor_id JOIN assessments_assessmentrow a ON a.id = f.newest_id"
            " WHERE f.archived_at IS NULL ORDER BY f.id LIMIT 51"
        ).fetchall()
    names = (
        "uid", "as_of", "rto_hours", "value", "low", "high", "coverage", "grade", "chance", "pillars", "disputed", "last_incident_at",
        "method_version", "method_sha256", "facts_sha256", "created_at",
    )  # fmt: skip
    json.dumps(
        {
            "results": [
                {
                    "slug": row[0], "name": row[1], "category": row[2], "tags": row[3].split(","), "note": row[4], "added_at": row[5],
                    "judged_at": row[6], "archived_at": row[7],
                    "newest": dict(zip(names, row[8:], strict=True)) | {"pillars": json.loads(row[17])},
                }
                for row in found[:50]
            ]
        }
    )  # fmt: skip


if __name__ == "__main__":
    if "--serve" in sys.argv:
        _serve(int(sys.argv[-1]))
    else:
        print(printed(rows("small" if "small" in sys.argv else "full")))
