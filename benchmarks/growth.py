"""One page's record at 100, 1,000 and 10,000 incidents over the same five years: reading, judging, forecasting, storing, reporting.

A row's floor is ten times what a tenth of the data took in the same run: 1.0 is in proportion. Processor time, so that a busy machine
does not pass for growth; a report's is of the clock, its engine is another process. `python -m benchmarks.growth`.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any

from benchmarks.batch import given
from benchmarks.parsing import NOW, PAGE, invented
from benchmarks.table import Row, median_of, printed
from vendors.inspection import facts_from
from vendors.records import VendorFacts
from vendors.sources.base import Raw
from vendors.sources.statuspage.source import STATUSPAGE

COUNTS = (100, 1_000, 10_000)
HOURS = 5 * 8766.0
CLOCK = time.process_time
AIM = 1.5  # the collector of cycles walks what is alive, up to 1.4 times as much as in proportion; work that squares costs ten
WORK = ("read", "judged", "forecast", "stored", "stored again", "as a report")


def rows() -> list[Row]:
    """A row per work and step from one size to the next; none of reports where the PDF engine cannot run."""
    taken = [(count, _seconds(count)) for count in COUNTS]
    return [
        Row(f"{count:,} incidents {work}, of {count // few:,} times {few:,}", more[work], count / few * less[work], AIM)
        for work in WORK
        for (few, less), (count, more) in itertools.pairwise(taken)
        if work in less
    ]


def _answer(count: int) -> dict[str, Raw]:
    incidents = [invented(n, every=HOURS / count) for n in range(count)]
    body = json.dumps({"page": {"id": "abc123def456", "name": "Example"}, "incidents": incidents}).encode()
    return {"incidents": Raw(url=f"{PAGE}/api/v2/incidents.json", body=body, fetched_at=NOW)}


def _facts(count: int) -> VendorFacts:
    return facts_from(STATUSPAGE.parse(PAGE, _answer(count), as_of=NOW), as_of=NOW, name="Example")


def _seconds(count: int) -> dict[str, float]:
    """Seconds of each work at that size, by what it is called."""
    from assessments.forecast.batch import outlook
    from assessments.report import pdf
    from assessments.scoring.model import Needs
    from assessments.scoring.pipeline import assess

    raw, facts = _answer(count), _facts(count)
    outages = given(max(1, count // 100), count)  # as a page of a hundred outages each
    made = assess(facts, Needs(), as_of=NOW)
    found = {
        "read": median_of(lambda: STATUSPAGE.parse(PAGE, raw, as_of=NOW), rounds=3, clock=CLOCK),
        "judged": median_of(lambda: assess(facts, Needs(), as_of=NOW), rounds=3, clock=CLOCK),
        "forecast": median_of(lambda: outlook(outages, 4.0), rounds=5, clock=CLOCK),
        **_stored(count),
    }
    if pdf.missing_library() is None:
        found["as a report"] = _report(made, facts)
    return found


def _report(made: Any, facts: VendorFacts) -> float:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskboard.settings")
    django.setup()
    from assessments.report.pdf import render_vendor

    begun = time.perf_counter()
    render_vendor(made, facts)
    return time.perf_counter() - begun


def _stored(count: int) -> dict[str, float]:
    """Seconds of storing the record in an empty SQLite database of its own, and of storing it again unchanged."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.growth", "--store", str(count)]
        environ = os.environ | {"RISKBOARD_VAR": folder, "DJANGO_SETTINGS_MODULE": "riskboard.settings"}
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    first, again = json.loads(done.stdout.splitlines()[-1])
    return {"stored": first, "stored again": again}


def _store(count: int) -> tuple[float, float]:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from vendors.ingest import ingest_facts

    facts, took = _facts(count), []
    ingest_facts(_facts(1))  # not counted: the first loads code
    for _ in range(2):
        begun = CLOCK()
        ingest_facts(facts)
        took.append(CLOCK() - begun)
    return took[0], took[1]


if __name__ == "__main__":
    print(json.dumps(_store(int(sys.argv[-1]))) if "--store" in sys.argv else printed(rows()))
