"""When a fallback takes over: which outages it shortens below the RTO, and what of them it does not carry. Method, section 2.6."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assessments.forecast.portfolio_records import Fallback, Service

if TYPE_CHECKING:
    from numpy import bool_, int64
    from numpy.typing import NDArray

YEAR_HOURS = 8766.0


def not_carried(begun: NDArray[int64], ended: NDArray[int64], spare: tuple[Any, Any], fallback: Fallback) -> float:
    """Seconds of those outages that the fallback does not carry: until it takes over, while it is down, and beyond its capacity."""
    import numpy as np

    taken = np.minimum(begun + int(fallback.takeover_hours * 3600), ended)
    both = _time_down(spare, ended) - _time_down(spare, taken)
    return float((ended - begun).sum() - fallback.capacity * (ended - taken - both).sum())


def _time_down(spans: tuple[Any, Any], until: NDArray[int64]) -> NDArray[int64]:
    """Seconds that lie in the spans before each of those moments."""
    import numpy as np

    begun, ended = spans
    if not len(begun):
        return np.zeros(len(until), dtype=np.int64)
    whole = np.concatenate(([0], np.cumsum(ended - begun)))
    at = np.searchsorted(begun, until, side="right")
    last = np.maximum(at - 1, 0)
    within = np.where(at > 0, np.minimum(until, ended[last]) - begun[last], 0)
    return np.asarray(whole[last] + within)


def still_down(outages: Any, spare: tuple[Any, Any], one: Service) -> NDArray[bool_]:
    """Which of the outages, all longer than the RTO, leave the service down longer than that though it has a fallback.

    Down: until the fallback takes over, which it cannot while it is down itself, and whenever it fails meanwhile.
    """
    import numpy as np

    assert one.fallback is not None
    begun, ended = spare
    rto, takeover = one.rto_hours * 3600, one.fallback.takeover_hours * 3600
    start, end = outages.start, outages.start + np.minimum(outages.hours, YEAR_HOURS) * 3600
    taken = start + takeover
    if not len(begun):
        return np.asarray(np.minimum(taken, end) - start > rto)
    at = np.minimum(np.searchsorted(ended, taken, side="right"), len(begun) - 1)
    blocked = (begun[at] <= taken) & (ended[at] > taken)
    first = np.minimum(np.where(blocked, ended[at], taken), end) - start > rto
    long = ended - begun > rto
    if not long.any():
        return np.asarray(first)
    begun, ended = begun[long], ended[long]
    at = np.searchsorted(ended, start + rto, side="right")
    later = (at < len(begun)) & (begun[np.minimum(at, len(begun) - 1)] < end - rto)
    return np.asarray(first | later)
