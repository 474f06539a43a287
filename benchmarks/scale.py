"""The model on paper of docs/scale.md, held against a simulation of the same rules: `python -m benchmarks.scale` (ten seconds).

Polling: pages are quiet, open, or fresh after news; each state has its interval (`vendors.polling`), and looks wait for a free thread.
Fairness: a workspace with a thousand jobs beside ninety-nine with one each, first come and by turns (`riskboard.jobs.fair`).
"""

from __future__ import annotations

import heapq
import os
import random
import sys
from dataclasses import dataclass
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskboard.settings")
django.setup()

from vendors.polling import JITTER, OPEN, QUIET, RECENT, RECENTLY  # noqa: E402 - its module loads models

SEED = 20261129
INCIDENTS_A_YEAR = 24.0  # of one page: the median of the bundled records is near it
OPEN_HOURS = 3.0  # how long one is open
FETCH_SECONDS = 0.25  # one conditional request and its rows, waiting for the network
CPU_SECONDS = 0.012  # of that, a core's own work
TARGET_USE = 0.7  # of threads and cores: above it waits grow fast
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Load:
    """What some pages ask for: looks a second, threads that wait for them, and cores."""

    pages: int
    looks: float
    threads: float
    cores: float


def on_paper(pages: int) -> Load:
    """The model: the share of time a page spends in each state, times how often it is looked at there."""
    incidents = INCIDENTS_A_YEAR / (365 * 24)  # an hour
    is_open = incidents * OPEN_HOURS
    is_fresh = (1 - is_open) * (1 - 2.718281828459045 ** (-incidents * RECENTLY / timedelta(hours=1)))
    quiet = 1 - is_open - is_fresh
    rate = sum(
        share / (interval / timedelta(seconds=1))
        for share, interval in ((is_open, OPEN), (is_fresh, RECENT), (quiet, QUIET))
    )
    looks = pages * rate
    return Load(pages, looks, looks * FETCH_SECONDS / TARGET_USE, looks * CPU_SECONDS / TARGET_USE)


def simulated(pages: int, threads: int, *, hours: float = 24.0, warm: float = 6.0) -> tuple[float, float, float]:
    """(looks a second, mean use of the threads, 95th percentile of the wait in seconds) of a simulated day after `warm` hours."""
    source = random.Random(SEED)
    gap = 365 * 24 * HOUR / INCIDENTS_A_YEAR
    news = [
        -source.expovariate(1 / gap) for _ in range(pages)
    ]  # the last one began then: the day begins in the middle of life
    following = [source.expovariate(1 / gap) for _ in range(pages)]
    due = [(source.uniform(0, QUIET.total_seconds()), page) for page in range(pages)]
    heapq.heapify(due)
    free = [0.0] * threads
    waits: list[float] = []
    busy, count, end, begin = 0.0, 0, (warm + hours) * HOUR, warm * HOUR
    while due[0][0] < end:
        at, page = heapq.heappop(due)
        start = max(at, heapq.heappop(free))
        took = source.expovariate(1 / FETCH_SECONDS)
        heapq.heappush(free, start + took)
        while following[page] <= start:
            news[page] = following[page]
            following[page] += source.expovariate(1 / gap)
        age = start - news[page]
        interval = (
            OPEN if age < OPEN_HOURS * HOUR else RECENT if age < OPEN_HOURS * HOUR + RECENTLY.total_seconds() else QUIET
        )
        jitter = 1 + JITTER * (2 * source.random() - 1)
        heapq.heappush(due, (start + took + interval.total_seconds() * jitter, page))
        if at >= begin:
            waits.append(start - at)
            busy += took
            count += 1
    waits.sort()
    return count / (hours * HOUR), busy / (threads * hours * HOUR), waits[int(len(waits) * 0.95)]


def waits_of_the_small(
    *, fair: bool, workers: int = 2, large: int = 1000, small: int = 99, seconds: float = 1.0
) -> tuple[float, float]:
    """(mean, longest) wait of a workspace's single job that came after another's thousand, in seconds."""
    queue = [("large", 0.0)] * large + [(f"small {n}", 0.0) for n in range(small)]
    served: dict[str, int] = {}
    free = [0.0] * workers
    waits, order = [], 0
    while queue:
        at = heapq.heappop(free)
        first: dict[str, int] = {}
        for place, (name, _) in enumerate(queue):
            first.setdefault(name, place)
            if not fair:
                break
        chosen = min(first, key=lambda name: (served.get(name, -1), first[name]))
        name, _ = queue.pop(first[chosen])
        order += 1
        served[name] = order
        if name != "large":
            waits.append(at)
        heapq.heappush(free, at + seconds)
    return sum(waits) / len(waits), max(waits)


def main() -> int:
    """Print both; 1 where the model is off by more than a tenth, or turns do not help."""
    wrong = 0
    print(
        f"{'pages':>9} {'looks/s':>9} {'simulated':>9} {'off':>6} {'threads':>8} {'use':>6} {'p95 wait s':>10} {'cores':>6}"
    )
    for pages in (2_000, 20_000):
        model = on_paper(pages)
        threads = max(1, round(model.threads + 0.5))
        looks, use, wait = simulated(pages, threads)
        off = looks / model.looks - 1
        wrong += abs(off) > 0.1
        print(
            f"{pages:>9,} {model.looks:>9.2f} {looks:>9.2f} {off:>6.1%} {threads:>8} {use:>6.1%} {wait:>10.2f} {model.cores:>6.2f}"
        )
    for pages in (100_000, 1_000_000):
        model = on_paper(pages)
        print(
            f"{pages:>9,} {model.looks:>9.1f} {'':>9} {'':>6} {model.threads:>8.0f} {'':>6} {'':>10} {model.cores:>6.1f}"
        )
    for fair in (False, True):
        mean, longest = waits_of_the_small(fair=fair)
        how = "by turns" if fair else "first come"
        print(f"99 single jobs behind a thousand of one workspace, {how}: mean {mean:.0f} s, longest {longest:.0f} s")
        wrong += fair and longest > 110
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
