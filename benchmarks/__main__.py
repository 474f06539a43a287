"""`python -m benchmarks`: every row of the benchmark table, ratios measured in this run. Exits 1 if a row is over its aim."""

from __future__ import annotations

import importlib
import os

from benchmarks.table import printed

GROUPS = ("parsing", "scoring", "words", "batch", "search", "portfolio", "report", "ingest", "restoring")


def main() -> int:
    """Print the table; the number of rows over their aim decides the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskboard.settings")
    rows = [row for name in GROUPS for row in importlib.import_module(f"benchmarks.{name}").rows()]
    print(printed(rows))
    return 1 if any(row.is_over for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main())
