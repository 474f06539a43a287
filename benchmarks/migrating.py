"""Each migration of ours, undone and done again on twenty times the bundled records, against the 30 s one may take (quality bar R23).

From the newest back: what can be undone is, and is then timed going forward on the rows it finds there; those that cannot be undone
are named. On SQLite and on PostgreSQL, each in a database of its own: `python -m benchmarks.migrating`, by hand.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any

from benchmarks.table import Row, printed

COPIES = 20
ALLOWED = 30.0
APPS = ("assessments", "vendors", "jobs", "accounts")


def rows() -> list[Row]:
    """The slowest migration of each database, against the time it may take."""
    found = []
    for name, before in (("SQLite", []), ("PostgreSQL", [sys.executable, "scripts/with_postgres.py"])):
        with tempfile.TemporaryDirectory() as folder:
            command = [*before, sys.executable, "-m", "benchmarks.migrating", "--measure"]
            environ = os.environ | {"RISKBOARD_VAR": folder, "DJANGO_SETTINGS_MODULE": "riskboard.settings"}
            done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr)
        told = json.loads(done.stdout.splitlines()[-1])
        slowest = max(told["seconds"], key=told["seconds"].get)
        what = f"slowest of {len(told['seconds'])} migrations on {told['rows']:,} rows, {name} ({slowest}), of {ALLOWED:g} s"
        found.append(Row(what, told["seconds"][slowest], ALLOWED, 1.0, unit="s"))
        print(f"{name}: not undone, so not timed: {', '.join(told['kept']) or 'none'}", file=sys.stderr)
    return found


def _measure() -> dict[str, Any]:
    import django
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    django.setup()
    call_command("migrate", verbosity=0)
    held = _fill()
    seconds: dict[str, float] = {}
    kept: list[str] = []
    while True:
        executor = MigrationExecutor(connection)
        graph = executor.loader.graph
        ready = [
            node
            for node in executor.loader.applied_migrations
            if node[0] in APPS
            and f"{node[0]}.{node[1]}" not in kept
            and _is_last(graph, node, executor.loader.applied_migrations)
        ]
        ready = [
            node for node in ready if not any(f"{app}.{name}" in kept for app, name in graph.node_map[node].children)
        ]
        if not ready:
            return {"seconds": seconds, "kept": sorted(kept), "rows": held}
        app, name = max(ready, key=lambda node: node[1])
        before = [parent.key for parent in graph.node_map[(app, name)].parents if parent.key[0] == app]
        if not before or not all(one.reversible for one in graph.nodes[(app, name)].operations):
            kept.append(f"{app}.{name}")
            continue
        call_command("migrate", app, before[0][1], verbosity=0)
        begun = time.perf_counter()
        call_command("migrate", app, name, verbosity=0)
        seconds[f"{app}.{name}"] = time.perf_counter() - begun
        call_command("migrate", app, before[0][1], verbosity=0)


def _is_last(graph: Any, node: tuple[str, str], applied: Any) -> bool:
    """Whether nothing that is applied rests on it."""
    return not any(child.key in applied for child in graph.node_map[node].children)


def _fill() -> int:
    """The bundled records COPIES times over, each judged; returns how many rows of incidents and assessments there are."""
    from msgspec.structs import replace

    from assessments.models import AssessmentRow
    from assessments.scoring.model import Needs
    from assessments.verbs import assess_vendor
    from riskboard.accounts.models import Workspace
    from riskboard.accounts.scope import inside
    from vendors.catalogue import index
    from vendors.ingest import ingest_facts
    from vendors.models import Incident

    with inside(Workspace.main()):
        for one in index.bundled():
            facts = index.load(one.slug)
            for number in range(COPIES):
                slug = f"{one.slug}-{number}"
                pages = tuple(replace(page, url=f"{page.url}?{number}") for page in facts.pages)
                urls = dict(zip((page.url for page in facts.pages), (page.url for page in pages), strict=True))
                incidents = tuple(replace(incident, page=urls[incident.page]) for incident in facts.incidents)
                copied = replace(
                    facts, vendor=replace(facts.vendor, slug=slug, name=f"{facts.vendor.name} {number}"), pages=pages,
                    incidents=incidents, openness=(), sources=(), maintenances=(),
                )  # fmt: skip
                vendor = ingest_facts(copied)
                if number == 0:
                    assess_vendor(vendor, needs=Needs(rto_hours=4.0), as_of=facts.as_of)
        return Incident.objects.count() + AssessmentRow.objects.count()


if __name__ == "__main__":
    print(json.dumps(_measure()) if "--measure" in sys.argv else printed(rows()))
