"""AWS: the dashboard's open events of today, its closed ones, and the data.json that was retired in 2023.

Open events come in UTF-16. An event's log tells how bad it was with each post; the impacted services tell the worst. What
data.json tells in prose, aws_clock.py reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from vendors.records import Impact, PageState, Phase, Window
from vendors.sources.aws_clock import posts_in, stated_window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.ledger import EARLIEST, Draft, Post
from vendors.sources.own import OwnPage, Reading, Time, oldest, readable
from vendors.sources.pagedata import rows_in
from vendors.sources.plaintext import plain
from vendors.sources.shapes import as_utf8, kind_of, typed
from vendors.sources.stamps import epoch

# Empirical, as every reader of this page found it: 1 informational, 2 degradation, 3 disruption. 0 says that all is well
# now, also of an event that is over: it tells nothing of how bad that was.
IMPACTS: dict[str, Impact] = {"1": "minor", "2": "major", "3": "critical"}
CODES = ("0", *IMPACTS)
HOME = "https://health.aws.amazon.com"
_OVER = "[RESOLVED]"


class _Old(Struct):
    service: str
    service_name: str
    summary: str
    date: str | int
    status: str | int
    description: str
    last_seen: Time | None = msgspec.field(default=None, name="_last_seen")


class _DataJson(Struct):
    archive: list[msgspec.Raw]
    current: list[msgspec.Raw]


class _Entry(Struct):
    timestamp: int | str
    message: str = ""
    summary: str = ""
    status: int | str | None = None


class _Service(Struct):
    service_name: str
    current: str | int | None = None
    max: str | int | None = None


class _Event(Struct):
    date: str | int
    service: str
    summary: str = ""
    arn: str | None = None
    status: str | int | None = None
    end_time: str | int | None = None
    service_name: str = ""
    region_name: str = ""
    event_log: list[Any] = []
    impacted_services: dict[str, Any] = {}


@dataclass(slots=True)
class AwsReading(Reading):
    """The documents of either time, and what goes on now."""

    lists_open: bool = False
    present: bool = False
    going_on: bool = False
    oldest: datetime | None = None
    reason: str = ""
    seen: set[str] = field(default_factory=set)

    def take(self, body: bytes, what: str) -> None:
        """Read open events, closed events by service, data.json, or its events merged as lines."""
        try:
            text = as_utf8(body)
        except UnicodeDecodeError as fault:
            raise SourceChanged(f"{what} is cut off or no text at all: {fault.reason}") from fault
        if kind_of(text) == "lines":
            self._take_old([msgspec.Raw(line) for line in text.split(b"\n") if line.strip()], what, current=False)
            self.reason = "events merged from snapshots of data.json, which was retired in 2023"
        elif b'"archive"' in text[:200] or (b'"archive"' in text and b'"yellowfg' in text):
            old = typed(text, _DataJson, what)
            self._present()
            self._take_old(old.current, what, current=True)  # first: an event that stands in both still goes on
            self._take_old(old.archive, what, current=False)
            self.reason = "data.json held about a year; it was retired in 2023"
        elif text[:64].lstrip()[:1] == b"[":
            self._present()
            self._take_events(typed(text, list[msgspec.Raw], what), what, is_open=True)
        else:
            by_service = typed(text, dict[str, list[msgspec.Raw]], what)
            self._take_events([raw for name in sorted(by_service) for raw in by_service[name]], what, is_open=False)
            self.reason = "the closed events of about twelve months"

    def _present(self) -> None:
        self.present = self.lists_open = True

    def _take_old(self, raws: list[msgspec.Raw], what: str, *, current: bool) -> None:
        faults = self.ledger.quarantined
        known = len(faults)
        rows = readable(raws, _Old, f"{what} events", faults)
        self.unread += (len(faults) - known) if current else 0
        for row in rows:
            over = _OVER in row.summary
            self.going_on |= current and not over
            self.note(row.last_seen)
            self._add_old(row, is_open=current and not over, over=over)

    def _add_old(self, row: _Old, *, is_open: bool, over: bool) -> None:
        date = epoch(str(row.date))
        identity = f"{row.service}-{row.date}".replace(" ", "-")
        if date is None:
            self.ledger.keep_out(f"event {identity}", f"its date {str(row.date)[:40]!r} is no time")
            return
        if identity in self.seen:
            return  # current and archive list an event twice while it moves from one to the other
        self.seen.add(identity)
        told = list(posts_in(row.description, date))
        window = stated_window(told)
        if window is not None and told and window[0] > told[0][0]:
            window = None
        self.part(row.service_name)
        self.oldest = oldest([self.oldest, date], self.ledger.as_of)
        self.ledger.add(
            Draft(
                id=identity,
                title=row.summary.replace(_OVER, "").strip(),
                impact=IMPACTS.get(str(row.status)),
                raw_impact=str(row.status),
                status="resolved" if over else "",
                started_at=window[0] if window is not None else None,
                created_at=date,
                resolved_at=(window[1] if window is not None else told[-1][0] if told else None) if over else None,
                open=is_open,
                posts=[
                    Post(posted_at=at, text=text, state=phase_of(n, len(told), over))
                    for n, (at, text) in enumerate(told)
                ],
                components=[row.service_name],
            )
        )

    def _take_events(self, raws: list[msgspec.Raw], what: str, *, is_open: bool) -> None:
        faults = self.ledger.quarantined
        known = len(faults)
        rows = readable(raws, _Event, f"{what} events", faults)
        self.unread += (len(faults) - known) if is_open else 0
        for row in rows:
            self._add_event(row, is_open=is_open)

    def _add_event(self, row: _Event, *, is_open: bool) -> None:
        date = epoch(str(row.date))
        identity = (row.arn or f"{row.service}-{row.date}").rsplit("/", 1)[-1].replace(" ", "-")
        if identity in self.seen:
            return  # an event under several services, or one that just ended and stands in both answers
        self.seen.add(identity)
        faults = self.ledger.quarantined
        entries = rows_in(row.event_log, _Entry, f"event {identity} event_log", faults)
        entries.sort(key=lambda entry: (epoch(str(entry.timestamp)) or EARLIEST, entry.message))
        services = rows_in(row.impacted_services.values(), _Service, f"event {identity} services", faults)
        told = [str(c) for c in (row.status, *(e.status for e in entries), *(s.max for s in services)) if c is not None]
        worst = max((code for code in told if code in CODES), default=None)
        over = _OVER in (entries[-1].summary if entries else row.summary) or not is_open
        self.going_on |= not over
        if not is_open:
            self.oldest = oldest([self.oldest, date], self.ledger.as_of)
        posts = [
            Post(
                posted_at=epoch(str(entry.timestamp)), text=plain(entry.message), state=phase_of(n, len(entries), over)
            )
            for n, entry in enumerate(entries)
        ]
        where = f" ({row.region_name})" if row.region_name else ""
        names = sorted(f"{service.service_name}{where}" for service in services) or [f"{row.service_name}{where}"]
        for name in names:
            self.part(name)
        self.ledger.add(
            Draft(
                id=identity, title=f"{row.summary.replace(_OVER, '').strip()}{where}", impact=IMPACTS.get(worst or ""),
                raw_impact=worst, created_at=date, started_at=date,
                resolved_at=None if row.end_time is None else epoch(str(row.end_time)),
                open=True if not over else None if posts else False, posts=posts, components=names,
            )
        )  # fmt: skip

    def banner(self) -> PageState:
        """The list of open events is the page's word: empty, it shows no open issue."""
        if not self.present:
            return "unknown"
        return "issue" if self.going_on else "ok"

    def window(self) -> Window:
        """Back to the oldest closed event; the list of open ones covers nothing."""
        if self.oldest is None:
            return Window(start=None, end=None, complete=False, reason="only the open events were read")
        return Window(
            start=self.oldest, end=self.ledger.as_of, complete="merged" not in self.reason, reason=self.reason
        )


def phase_of(position: int, count: int, over: bool) -> Phase:
    """AWS names no phases: the first post opens, the last one of an event that is over resolves."""
    if over and position == count - 1:
        return "resolved"
    return "update" if position else "investigating"


class Aws(OwnPage):
    """Reads the AWS Health Dashboard, and saved answers of its predecessor."""

    id = "aws"
    name = "Amazon Web Services"
    home = HOME
    vendor = "AWS"
    reading = AwsReading
    about = About(
        kind="own",
        tested="captures",
        reads="/public/currentevents (UTF-16), /public/events; the retired data.json",
        depth="open events, and closed ones of about twelve months",
        start="`date`; in data.json the window its last post states",
        impact="1 informational, 2 degradation, 3 disruption; the worst is taken",
        hosts=("health.aws.amazon.com", "status.aws.amazon.com", "phd.aws.amazon.com"),
        traps="UTF-16 with a byte order mark; numbers as text or numbers; clocks without a date",
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 by keys only these documents have; 0.6 for an empty list of open events from its own host."""
        if raw.status >= 400 or not raw.body:
            return 0.0
        head = raw.body[:400_000]
        if head[:2] in (b"\xfe\xff", b"\xff\xfe"):
            head = head.decode("utf-16", "replace").encode()  # cut where a character may stand
        if head[:64].lstrip()[:1] not in (b"[", b"{"):
            return 0.0
        if b'"service_name"' in head and (b'"event_log"' in head or b"yellowfg" in head):
            return 0.95
        return 0.6 if head.strip() == b"[]" and "aws.amazon.com" in (raw.final_url or raw.url) else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """What is open, and what is over."""
        return (
            Endpoint(name="currentevents", url=f"{self.home}/public/currentevents", required=True),
            Endpoint(name="events", url=f"{self.home}/public/events"),
        )


AWS = Aws()
