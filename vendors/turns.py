"""One reader at a host at a time, none before the host wants one, none while it is down. Rows, so all workers agree.

A turn is taken with one conditional UPDATE and given back with another. A reader that dies loses its turn after a while.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.db.models import Q

from riskboard.errors import NotNow
from vendors import models
from vendors.fetching import FetchError, TooSlow, TryLater, Unreachable
from vendors.sources.base import Raw

LOST_AFTER: Final = timedelta(seconds=180)  # longer than a read may take (READ_SECONDS and one fetch)
APART: Final = timedelta(seconds=60)  # between two reads of one host; docs/limits.md, quality bar R14
BREAKER_AFTER: Final = 5  # failures in a row
BREAKER_FIRST: Final = timedelta(minutes=1)  # then doubled with each failure, up to:
BREAKER_LONGEST: Final = timedelta(minutes=15)
_STATUS_IS_AN_ANSWER = range(400, 500)  # the host is up, it only has nothing there


@dataclass(slots=True)
class Turns:
    """A fetcher that takes each host's turn on its first request and holds it until `give_back`.

    `apart` False lets a person's own read follow another at once; the host's own wishes and the breaker hold for all.
    """

    fetch: Callable[..., Raw]
    clock: Callable[[], datetime]
    apart: bool = True
    holder: str = field(default_factory=lambda: uuid.uuid4().hex)
    held: dict[str, bool] = field(default_factory=dict)  # host -> whether its last answer was a failure of the host

    def __call__(self, url: str, **options: str | None) -> Raw:
        """The answer. Raises NotNow where it is not our turn, else as the fetcher does."""
        host = (urlsplit(url).netloc or "").lower()
        if host and host not in self.held:
            take(host, self.holder, now=self.clock(), apart=self.apart)
            self.held[host] = False
        try:
            raw = self.fetch(url, **options)
        except FetchError as fault:
            if host:
                self.held[host] = _is_host_fault(fault)
                if isinstance(fault, TryLater):
                    wait = fault.wait if fault.wait is not None else APART
                    models.HostTurn.objects.filter(host=host).update(not_before=self.clock() + wait)
            raise
        if host:
            self.held[host] = False
        return raw

    def give_back(self) -> None:
        """End every turn taken, and count whether its host failed. Harmless twice."""
        for host, failed in self.held.items():
            give_back(host, self.holder, now=self.clock(), failed=failed)
        self.held.clear()


def take(host: str, holder: str, *, now: datetime, apart: bool = True) -> None:
    """Take the host's turn. Raises NotNow with the time from which it may be had."""
    models.HostTurn.objects.get_or_create(host=host)
    # Times further off than any of ours can be were written before the clock was set back: they hold nobody up.
    free = Q(busy_until=None) | Q(busy_until__lt=now) | Q(busy_until__gt=now + LOST_AFTER)
    rows = models.HostTurn.objects.filter(free, host=host)
    rows = rows.filter(Q(not_before=None) | Q(not_before__lte=now))
    if apart:
        rows = rows.filter(Q(read_at=None) | Q(read_at__lte=now - APART) | Q(read_at__gt=now + APART))
    if not rows.update(holder=holder, busy_until=now + LOST_AFTER):
        raise _not_now(models.HostTurn.objects.get(host=host), now)


def _not_now(row: models.HostTurn, now: datetime) -> NotNow:
    if row.busy_until is not None and row.busy_until >= now:
        return NotNow(f"{row.host} is being read right now; try again in a minute", until=now + timedelta(seconds=30))
    until = max(row.not_before or now, (row.read_at or now - APART) + APART)
    why = "did not answer several times in a row" if row.failures >= BREAKER_AFTER else "asked for some rest"
    if row.not_before is None or row.not_before <= now:
        why = "was read a moment ago"
    minutes = max(1, round((until - now) / timedelta(minutes=1)))
    return NotNow(f"{row.host} {why}; it is asked again in {minutes} min", until=until)


def give_back(host: str, holder: str, *, now: datetime, failed: bool) -> None:
    """End the turn, if it is still that holder's. After BREAKER_AFTER failures in a row the host is left alone for longer."""
    mine = models.HostTurn.objects.filter(host=host, holder=holder)
    row = mine.first()
    if row is None:
        return
    failures = row.failures + 1 if failed else 0
    until = row.not_before
    if failures >= BREAKER_AFTER:
        rest = min(BREAKER_FIRST * 2 ** min(failures - BREAKER_AFTER, 10), BREAKER_LONGEST)
        until = max(now + rest, until) if until is not None else now + rest
    mine.update(holder="", busy_until=None, read_at=now, not_before=until, failures=failures)


def _is_host_fault(fault: FetchError) -> bool:
    """Whether it says that the host is in trouble, rather than that it has nothing there."""
    if isinstance(fault, TooSlow):
        return True
    return isinstance(fault, Unreachable) and fault.status not in _STATUS_IS_AN_ANSWER
