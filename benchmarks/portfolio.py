"""20,000 simulated years of 200 services, against numpy drawing and sorting as many intervals."""

from __future__ import annotations

import resource
from typing import Any

from assessments.forecast.portfolio import simulate
from assessments.forecast.portfolio_records import Attachment, Fallback, PortfolioResult, Service, Upstream
from benchmarks.table import Row, median_of, printed

YEARS, SERVICES, RATE = 20_000, 200, 2.0
AIM = 4.0  # of the floor: fallbacks, shocks, unions and a quarter of a second sweep come on top of draws and one sort


def portfolio() -> tuple[list[Service], list[Upstream]]:
    """Services with two outages a year, half of them on one of five upstreams, a quarter with a fallback."""
    upstreams = [
        Upstream(id=f"u{at}", name=f"u{at}", kind="cloud-region", rate=0.8, log_mean=0.82, log_variance=1.84)
        for at in range(5)
    ]
    services = [
        Service(
            name=f"s{at:03}",
            vendor=f"v{at // 2}",
            alpha=4.0,
            beta=4.0 / RATE,
            log_mean=0.82,
            log_variance=1.84,
            rto_hours=4.0,
            dependencies=(Attachment(upstream=f"u{at % 5}", share=0.5, rung="declared"),) if at % 2 else (),
            fallback=Fallback(service=f"s{at - 1:03}", takeover_hours=0.5) if at % 4 == 3 else None,
        )
        for at in range(SERVICES)
    ]
    return services, upstreams


def floor() -> Any:
    """The same draws (rates, counts, starts, t4 lengths), and their starts and ends sorted, a thousand years at a time."""
    import numpy as np

    random = np.random.default_rng(0)
    for _ in range(YEARS // 1_000):
        counts = random.poisson(random.gamma(4.0, RATE / 4.0, 1_000 * SERVICES))
        total = int(counts.sum())
        spread = random.standard_exponential(total) + random.standard_exponential(total)
        start = random.random(total)
        moments = np.concatenate((start, start + np.exp(random.standard_normal(total) / np.sqrt(spread))))
        moments.sort()
    return moments


def rows() -> list[Row]:
    """The simulation against that floor, and against the two seconds it may take."""
    services, upstreams = portfolio()

    def ours() -> PortfolioResult:
        return simulate(services, upstreams, years=YEARS)

    seconds, least = median_of(ours, rounds=3), median_of(floor, rounds=3)
    return [
        Row("20,000 years of 200 services, against draws and a sort", seconds, least, AIM),
        Row("the same, against 2 s", seconds, 2.0, 1.0),
    ]


if __name__ == "__main__":
    print(printed(rows()))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
