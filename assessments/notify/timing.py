"""When a message may go: quiet hours, digests, damping, and the pause after a failure. Pure: times in, a time out."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from assessments.models.notice import Digest

MORNING = time(8)  # when digests go, in the channel's time zone
DAMPED = timedelta(
    minutes=30
)  # between two messages on incidents of one vendor by one channel: a flapping page is one story
PAUSES = tuple(
    timedelta(minutes=n) for n in (1, 5, 30, 120, 360, 1440)
)  # after each failed try; after the last it is given up
URGENT = frozenset({"rto-clock"})  # the emergency itself waits for no digest and no morning


def when(
    now: datetime, *, kind: str, digest: str, quiet: tuple[time, time] | None, zone: str, last: datetime | None = None
) -> datetime:
    """The first time, at or after `now`, at which a notice of that kind may go.

    `last`: when the channel was last told of an incident of the same vendor. Local times that a clock change skips or doubles
    are read as the time zone database does (the earlier offset).
    """
    if kind in URGENT:
        return now
    local = now.astimezone(ZoneInfo(zone))
    if digest != Digest.NOW:
        days = 1 if local.time() >= MORNING else 0
        if digest == Digest.WEEKLY:
            days = (7 - local.weekday()) % 7 or (7 if local.time() >= MORNING else 0)
        return datetime.combine(local.date() + timedelta(days=days), MORNING, local.tzinfo).astimezone(now.tzinfo)
    if last is not None and now - last < DAMPED:
        local = (last + DAMPED).astimezone(ZoneInfo(zone))
    if quiet is not None and is_quiet(local.time(), quiet):
        ends = local.date() if local.time() < quiet[1] else local.date() + timedelta(days=1)
        local = datetime.combine(ends, quiet[1], local.tzinfo)
    return local.astimezone(now.tzinfo)


def is_quiet(at: time, quiet: tuple[time, time]) -> bool:
    """Whether that time of day lies within the quiet hours, which may run over midnight; the same twice: never."""
    begin, end = quiet
    return begin <= at < end if begin <= end else at >= begin or at < end


def again(now: datetime, *, attempts: int) -> datetime | None:
    """When to try again after so many failed tries; None: given up."""
    return now + PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
