"""A million outages of 10,000 vendors forecast at once, against the least arithmetic in numpy; and one vendor changed.

The floor does no pooling, no trend, no drift and no open outages: an exponential and a logarithm for each outage, three
sums by vendor, one power a vendor. Its sums are `bincount`'s; `reduceat`, which ours uses, would halve the floor, and ours
would be some three times that. Neither side reads anything. Ours gets one outage in 400 open, and one in 100 of no
known length, as the bundled records have them.
"""

from __future__ import annotations

import resource
from math import inf
from typing import TYPE_CHECKING, Any

from assessments.forecast.batch import Columns, outlook
from assessments.scoring.rubric import rubric
from benchmarks.table import Row, median_of, printed

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

VENDORS, OUTAGES, HOURS = 10_000, 1_000_000, 4.0
AIM = 2.0


def given(vendors: int = VENDORS, outages: int = OUTAGES) -> Columns:
    """Outages spread evenly over vendors seen for a quarter to eight years."""
    import numpy as np

    random = np.random.default_rng(0)
    vendor = np.sort(random.integers(0, vendors, outages))
    years = random.uniform(0.25, 8.0, vendors)
    hours, kind = random.lognormal(0.82, 1.3, outages), random.random(outages)
    return Columns(
        vendor=vendor,
        age=random.random(outages) * years[vendor],
        share=random.uniform(0.05, 1.0, outages),
        least=np.where(kind < 0.01, 0.0, hours),
        most=np.where(kind < 0.0125, inf, hours),
        years=years,
    )


def floor(columns: Columns, hours: Array) -> Array:
    """Weights by age, weighted counts and ln hours by vendor, and a chance of each."""
    import numpy as np

    weights = np.exp2(-columns.age)
    size = len(columns.years)
    count = np.bincount(columns.vendor, weights=weights, minlength=size)
    square = np.bincount(columns.vendor, weights=weights * weights, minlength=size)
    mean = np.bincount(columns.vendor, weights=weights * np.log(hours), minlength=size) / count
    chance: Array = 1 - (columns.years / (columns.years + mean / square)) ** count
    return chance


def rows() -> list[Row]:
    """All vendors against that floor; one changed, and all ranked again, against 50 ms."""
    import numpy as np

    columns = given()
    partial = rubric()["forecast"]["disclosure"]["partial"]
    closed = np.where(columns.most < inf, columns.most, 1.0)
    chances = outlook(columns, HOURS).chance

    def changed() -> Array:
        chances[VENDORS // 2] = outlook(columns.of(VENDORS // 2), HOURS).chance[0]
        return np.argsort(-chances)

    def powers() -> Array:
        base, power = np.outer(1 - chances, np.linspace(0.01, 0.99, 99)), chances[:, None] + 1
        return sum((base**power for _ in range(5)), start=np.zeros_like(base))

    least = median_of(lambda: floor(columns, closed))
    mixed = median_of(lambda: outlook(columns, HOURS, [partial] * VENDORS), rounds=5)
    more = median_of(powers, rounds=5)
    return [
        Row("a million outages forecast, against bare numpy", median_of(lambda: outlook(columns, HOURS)), least, AIM),
        Row("the same, not all published, and 99 x 5 powers a vendor", mixed, least + more, AIM),
        Row("one vendor of 10,000 changed, against 50 ms", median_of(changed), 0.05, 1.0),
    ]


if __name__ == "__main__":
    print(printed(rows()))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
