"""A bounded soak: ten requests a second and the beat's own work for some minutes, and what memory did meanwhile.

`python -m tests.faults.soak [--minutes N]` (`make soak MINUTES=120`; quality bar R25: two hours, at most 1 MB an hour and process, no
server error). It stops by itself. A slope over a few minutes says little: caches fill at first; the first third is not counted.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from tests.faults.harness import Processes, Reader, enqueue, installation, percentile

PATHS = ("/vendors/", "/api/v1/vendors", "/healthz", "/readyz/web", "/method/")
EVERY = 5.0  # seconds between two looks at the memory
PAGE = os.sysconf("SC_PAGE_SIZE")


def resident(leader: int) -> dict[int, int]:
    """Bytes in memory of each process of that group, by its id."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(") ")[2].split()
            if int(fields[2]) == leader:
                found[int(path.parent.name)] = int(fields[21]) * PAGE
        except (OSError, IndexError, ValueError):
            continue  # ended while we looked
    return found


def slope(points: list[tuple[float, int]]) -> float:
    """Bytes an hour by least squares of (seconds, bytes); 0.0 of fewer than three points."""
    if len(points) < 3:
        return 0.0
    mean_t, mean_b = (sum(values) / len(points) for values in zip(*points, strict=True))
    down = sum((t - mean_t) ** 2 for t, _ in points)
    return 3600.0 * sum((t - mean_t) * (b - mean_b) for t, b in points) / down if down else 0.0


def soaked(folder: Path, minutes: float) -> tuple[str, bool]:
    """The figures in lines, and whether no server error came."""
    seen: dict[tuple[str, int], list[tuple[float, int]]] = {}
    with installation(folder) as (processes, _):
        processes.all()
        where = processes.web()
        begun, number = time.monotonic(), 0
        with Reader([where + path for path in PATHS], pause=len(PATHS) / 10) as reader:
            while (now := time.monotonic() - begun) < 60 * minutes:
                enqueue(processes, number, number + 5)
                number += 5
                _look(processes, now, seen)
                time.sleep(EVERY)
    errors = [one for one in reader.seen if one[2] >= 500 or one[2] == 0]
    late = 60 * minutes / 3
    lines = [
        f"{name} {pid}: {points[-1][1] / 2**20:.0f} MiB, {slope([p for p in points if p[0] >= late]) / 2**20:+.2f} MiB/h"
        for (name, pid), points in sorted(seen.items())
        if points[-1][0] >= 60 * minutes * 0.9
    ]
    spent = percentile([one[3] for one in reader.seen], 0.95) * 1000
    rate = len(reader.seen) / (60 * minutes)
    counted = (
        f"{len(reader.seen)} requests ({rate:.1f}/s), p95 {spent:.0f} ms, {len(errors)} server errors, {number} jobs"
    )
    lines.append(f"{minutes:g} minutes, {counted}")
    return "\n".join(lines), not errors and bool(reader.seen)


def _look(processes: Processes, now: float, seen: dict[tuple[str, int], list[tuple[float, int]]]) -> None:
    for name, child in processes.running.items():
        for pid, size in resident(child.pid).items():
            seen.setdefault((name, pid), []).append((now, size))


def main() -> int:
    """Print the figures; 1 after a server error."""
    parser = argparse.ArgumentParser(description="requests and jobs for some minutes, and what memory did")
    parser.add_argument("--minutes", type=float, default=5.0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told, fine = soaked(Path(folder), args.minutes)
    print(told)
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())
