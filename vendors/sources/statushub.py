"""StatusHub: how many services are up, affected and down. Nothing else is public as data."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct

from vendors.records import PageState
from vendors.sources.base import About, Endpoint, Raw
from vendors.sources.hosted import HostedPage
from vendors.sources.own import Number, Reading
from vendors.sources.shapes import typed


class _Counters(Struct):
    count_status_1: Number
    count_status_2: Number
    count_status_3: Number


class _Answer(Struct):
    counters: _Counters


@dataclass(slots=True)
class HubReading(Reading):
    """The counts."""

    counters: _Counters | None = None
    lists_open: bool = False

    def take(self, body: bytes, what: str) -> None:
        """Read the counts."""
        self.counters = typed(body, _Answer, what).counters

    def banner(self) -> PageState:
        """Well only where some service is up and none is affected or down."""
        if self.counters is None:
            return "unknown"
        if self.counters.count_status_2 or self.counters.count_status_3:
            return "issue"
        return "ok" if self.counters.count_status_1 else "unknown"


class StatusHub(HostedPage):
    """Reads a StatusHub page's counts."""

    id = "statushub"
    name = "StatusHub"
    reading = HubReading
    about = About(
        kind="product",
        tested="written",
        reads="/api/statuses",
        depth="the present: counts only",
        start="no",
        impact="no",
        hosts=("statushub.com", "statushub.io"),
        traps="no service is named and no incident listed",
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 for the counts by their names."""
        head = raw.body[:5_000]
        return 0.95 if raw.status < 400 and b'"counters"' in head and b'"count_status_1"' in head else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The counts."""
        return (Endpoint(name="statuses", url=f"{page_url.rstrip('/')}/api/statuses", required=True),)


STATUSHUB = StatusHub()
