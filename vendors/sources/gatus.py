"""Gatus: endpoints a machine checks, each with its last results and the moments at which it fell and rose.

There are no words and no history beyond the last results and events; every outage here was seen by a monitor. Times of the
year 1 stand for none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec import Struct

from vendors.records import PageState, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.hosted import HostedPage
from vendors.sources.ledger import Draft, Post
from vendors.sources.own import Reading, Time, oldest
from vendors.sources.pagedata import rows_in
from vendors.sources.shapes import typed


class _Result(Struct):
    success: bool
    timestamp: Time | None = None


class _Event(Struct):
    type: str
    timestamp: Time


class _Endpoint(Struct):
    name: str
    key: str = ""
    group: str | None = None
    results: list[Any] = []
    events: list[Any] = []


@dataclass(slots=True)
class GatusReading(Reading):
    """How each endpoint is, and its outages by its events."""

    up: int = 0
    down: int = 0
    silent: int = 0
    oldest: datetime | None = None

    def take(self, body: bytes, what: str) -> None:
        """Read the list of endpoints, or the map older versions give."""
        is_map = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
        rows = list(typed(body, dict[str, Any], what).values()) if is_map else typed(body, list[Any], what)
        known = len(self.ledger.quarantined)
        endpoints = rows_in(rows, _Endpoint, what, self.ledger.quarantined)
        if rows and not endpoints:
            raise SourceChanged(f"{what} is JSON, but no list of Gatus's endpoints")
        self.unread += len(self.ledger.quarantined) - known
        for endpoint in endpoints:
            self._add(endpoint)

    def _add(self, endpoint: _Endpoint) -> None:
        key = endpoint.key or f"{endpoint.group or ''}_{endpoint.name}"
        self.part(endpoint.name, endpoint.group, identity=key)
        faults = self.ledger.quarantined
        results = sorted(
            (r for r in rows_in(endpoint.results, _Result, f"{key} results", faults) if r.timestamp is not None),
            key=lambda r: r.timestamp.timestamp() if r.timestamp is not None and r.timestamp.year > 1 else 0.0,
        )
        self.note(*(r.timestamp for r in results))
        self.up += bool(results) and results[-1].success
        self.down += bool(results) and not results[-1].success
        self.silent += not results
        fell: datetime | None = None
        events = rows_in(endpoint.events, _Event, f"{key} events", faults)
        for event in sorted(events, key=lambda e: e.timestamp):
            if event.timestamp.year <= 1:
                continue
            self.oldest = oldest([self.oldest, event.timestamp], self.ledger.as_of)
            if event.type == "UNHEALTHY" and fell is None:
                fell = event.timestamp
            elif event.type == "HEALTHY" and fell is not None:
                self._outage(endpoint, key, fell, event.timestamp)
                fell = None
        if fell is not None:
            self._outage(endpoint, key, fell, None)

    def _outage(self, endpoint: _Endpoint, key: str, fell: datetime, rose: datetime | None) -> None:
        post = Post(posted_at=fell, text="", state="investigating", automated=True)
        self.ledger.add(
            Draft(id=f"{key[:100].replace(' ', '-')}-{fell:%Y%m%dT%H%M%S}", title=endpoint.name, started_at=fell, created_at=fell,
                  resolved_at=rose, open=rose is None, posts=[post], components=[endpoint.name])
        )  # fmt: skip

    def banner(self) -> PageState:
        """By the last result of each endpoint: well only where each has one and it succeeded."""
        if self.down:
            return "issue"
        return "ok" if self.up and not self.silent else "unknown"

    def window(self) -> Window:
        """Back to the oldest event kept, fifty an endpoint."""
        reason = "the interface keeps the last results and events of each endpoint only"
        if self.oldest is None:
            return Window(start=None, end=None, complete=False, reason=reason)
        return Window(start=self.oldest, end=self.ledger.as_of, complete=False, reason=reason)


class Gatus(HostedPage):
    """Reads a Gatus page through its interface."""

    id = "gatus"
    name = "Gatus"
    reading = GatusReading
    about = About(
        kind="host",
        tested="written",
        reads="/api/v1/endpoints/statuses, /api/v1/statuses",
        depth="the last events of each endpoint",
        start="of a monitor's outage",
        impact="no",
        automated="all of it",
        traps="no words; zero times; twenty results a page",
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 for endpoints with results and their conditions."""
        head = raw.body[:50_000]
        if raw.status >= 400 or raw.body[:64].lstrip()[:1] not in (b"[", b"{"):
            return 0.0
        return 0.95 if b'"conditionResults"' in head and b'"results"' in head and b'"key"' in head else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The endpoints, and the address older versions know."""
        base = page_url.rstrip("/")
        return (
            Endpoint(name="statuses", url=f"{base}/api/v1/endpoints/statuses?page=1&pageSize=100", required=True),
            Endpoint(name="statuses-old", url=f"{base}/api/v1/statuses"),
        )


GATUS = Gatus()
