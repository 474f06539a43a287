"""Storing 50,000 incidents, against Django's `bulk_create` of the same rows, on SQLite and on PostgreSQL.

Each database is a throw-away one in a process of its own: `python -m benchmarks.ingest --measure` prints its figures.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.table import Row, printed

COUNT = 50_000  # 200,000 gave the same ratios, in four times the time
SQLITE_AIM, POSTGRES_AIM = 1 / 2.5, 1 / 3.0  # the floor is 2.5 and 3 times slower than we want to be
NOW = datetime(2026, 11, 23, tzinfo=UTC)
COLUMNS = ("page_id", "external_id", "impact", "started_at", "resolved_at", "document", "digest", "gone_at")


def rows() -> list[Row]:
    """A row per database: new rows, and the same rows again as changed ones."""
    found = []
    for name, aim, before in (
        ("SQLite", SQLITE_AIM, []),
        ("PostgreSQL", POSTGRES_AIM, [sys.executable, "scripts/with_postgres.py"]),
    ):
        figures = _measured(before)
        found.append(Row(f"{COUNT:,} incidents stored, {name}, of bulk_create", figures["ours"], figures["peer"], aim))
        found.append(
            Row(
                f"the same again, all changed, {name}, of its upsert", figures["ours_again"], figures["peer_again"], aim
            )
        )
    return found


def _measured(before: list[str]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        environ = os.environ | {"RISKBOARD_VAR": folder}
        command = [*before, sys.executable, "-m", "benchmarks.ingest", "--measure"]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _measure() -> dict[str, float]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskboard.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from vendors import models
    from vendors.bulk import bulk_upsert

    vendor = models.Vendor.objects.create(slug="v", name="V")
    page, other = (
        models.StatusPage.objects.create(vendor=vendor, url=f"https://{n}.example.com", platform="x", name="V")
        for n in "ab"
    )

    def peer(impact: str, **options: Any) -> None:
        objects = (
            models.Incident(
                page_id=page.pk, external_id=f"i{n}", impact=impact, started_at=NOW - timedelta(minutes=n),
                resolved_at=NOW, document={"id": f"i{n}", "title": "Slow answers"}, digest=f"{n:064d}",
            )
            for n in range(COUNT)
        )  # fmt: skip
        models.Incident.objects.bulk_create(objects, batch_size=2000, **options)

    def ours(impact: str) -> None:
        values = (
            (
                other.pk, f"i{n}", impact, NOW - timedelta(minutes=n), NOW,
                b'{"id": "i%d", "title": "Slow answers"}' % n, f"{n:064d}", None,
            )
            for n in range(COUNT)
        )  # fmt: skip
        bulk_upsert(models.Incident, COLUMNS, values, unique=("page_id", "external_id"))

    upsert = {
        "update_conflicts": True,
        "unique_fields": ["page", "external_id"],
        "update_fields": ["impact", "document", "digest"],
    }
    return {
        "peer": _seconds(lambda: peer("minor")),
        "ours": _seconds(lambda: ours("minor")),
        "peer_again": _seconds(lambda: peer("major", **upsert)),
        "ours_again": _seconds(lambda: ours("major")),
    }


def _seconds(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    print(json.dumps(_measure()) if "--measure" in sys.argv else printed(rows()))
