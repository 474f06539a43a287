"""The suite under coverage, held to its bars: `make coverage` (statements 90 %, branches 80 %; quality bar S23).

Everything but the browser and the tests that start real servers, whose processes are not counted. Exits 1 below a bar.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

BARS = {"statements": 90.0, "branches": 80.0}


def shares(totals: dict[str, float]) -> dict[str, float]:
    """Percent of statements and of branches that ran, of coverage's own totals; 100 of what there is none of."""
    pairs = {"statements": ("covered_lines", "num_statements"), "branches": ("covered_branches", "num_branches")}
    return {name: 100.0 * totals[ran] / totals[all_] if totals[all_] else 100.0 for name, (ran, all_) in pairs.items()}


def main() -> int:
    """Run the suite (or read the data file named), print both shares, and compare. Where a test fails they are told, too."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        data = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "coverage"
        environ = os.environ | {"COVERAGE_FILE": str(data)}
        if len(sys.argv) == 1:
            suite = [
                "pytest",
                "-q",
                "-n",
                "2",
                "--dist",
                "loadfile",
                "-m",
                "not browser and not runtime",
                "--cov",
                "--cov-report=",
            ]
            failed = subprocess.call([sys.executable, "-m", *suite], env=environ)
            if not data.exists():
                return failed
        out = Path(folder) / "coverage.json"
        subprocess.run([sys.executable, "-m", "coverage", "json", "-q", "-o", str(out)], env=environ, check=True)
        found = shares(json.loads(out.read_text())["totals"])
    print(", ".join(f"{name} {share:.1f} % (bar {BARS[name]:.0f} %)" for name, share in found.items()))
    return failed or int(any(found[name] < bar for name, bar in BARS.items()))


if __name__ == "__main__":
    raise SystemExit(main())
