"""`python -m benchmarks [--write] [GROUP ...]`: the benchmark table, ratios measured in this run. Exits 1 if a row is over its aim.

`--write` takes every group and writes docs/performance.md from what they found.
"""

from __future__ import annotations

import importlib
import os
import platform
import sqlite3
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.table import Row, as_markdown, printed

GROUPS = {
    "parsing": "Reading a status page",
    "words": "Reading what posts say",
    "ingest": "Storing",
    "scoring": "Judging",
    "batch": "Forecasting many vendors",
    "portfolio": "Simulating a portfolio",
    "search": "Searching the catalogue",
    "pages": "Pages and the API: 50 vendors with 10,000 incidents, and ten times that",
    "polling": "Polling",
    "report": "Reports",
    "restoring": "Restoring a backup",
    "growth": "Ten and a hundred times the data",
}
OUT = Path(__file__).resolve().parents[1] / "docs" / "performance.md"


def measured(name: str) -> list[Row]:
    """The rows of a group; pages at a tenth of their full size, which takes longer than all others together."""
    module = importlib.import_module(f"benchmarks.{name}")
    rows: list[Row] = module.rows("small") if name == "pages" else module.rows()
    return rows


def written(found: dict[str, list[Row]], minutes: float) -> str:
    """docs/performance.md of that run."""
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, {versions}"
    over = [row.name for rows in found.values() for row in rows if row.is_over]
    head = f"""# Performance

Written by `python -m benchmarks --write` on {datetime.now(UTC):%Y-%m-%d} ({machine}) in {minutes:.0f} minutes: do not edit.
Every ratio is to a floor or a peer measured in the same run; the figures themselves are of that machine and hour. What the rows
mean, what was measured at full size, and why a row is over its aim: [benchmarks](benchmarks.md).

{sum(map(len, found.values()))} rows, {len(over)} over their aim{": " + "; ".join(over) if over else ""}.
"""
    return head + "".join(f"\n## {GROUPS[name]}\n{as_markdown(rows)}" for name, rows in found.items())


def main(arguments: list[str]) -> int:
    """Print the table; the number of rows over their aim decides the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskboard.settings")
    names = [name for name in arguments if name != "--write"] or list(GROUPS)
    if unknown := [name for name in names if name not in GROUPS]:
        print(f"no group {', '.join(unknown)}; there are {', '.join(GROUPS)}", file=sys.stderr)
        return 2
    if "--write" in arguments and len(names) < len(GROUPS):
        print("--write takes every group: leave their names out", file=sys.stderr)
        return 2
    begun, found = time.monotonic(), {}
    for name in names:
        started = time.monotonic()
        found[name] = measured(name)
        print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    if "--write" in arguments:
        OUT.write_text(written(found, (time.monotonic() - begun) / 60), encoding="utf-8")
    rows = [row for group in found.values() for row in group]
    print(printed(rows))
    return 1 if any(row.is_over for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
