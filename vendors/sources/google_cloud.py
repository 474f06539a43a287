"""Google Cloud and Google Workspace: one file with every incident the dashboard still holds.

The file states when each incident began apart from its first post. Its updates name the state of the service, not a phase;
a final report follows days later as another update and is the post-mortem. The window is rolling, and it shrinks: 293
incidents in April 2024, 5 in August 2026. Three generations of the file differ in names and are all read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import msgspec
import re2
from msgspec import Struct, field

from vendors.records import Impact, PageState, Phase, Window
from vendors.sources.base import About, Endpoint, Raw, on_host
from vendors.sources.ledger import Draft, Post
from vendors.sources.own import OwnPage, Reading, Time, either, instant, oldest, readable
from vendors.sources.richtext import markdown
from vendors.sources.shapes import kind_of

IMPACTS: dict[str, Impact] = {"low": "minor", "medium": "major", "high": "critical"}  # one to one with status_impact
HOME = "https://status.cloud.google.com"
WORKSPACE = "https://www.google.com/appsstatus/dashboard"
_REPORT = re2.compile(r"(?i)incident report\b")


class _Named(Struct):
    title: str


class _Update(Struct):
    created: Time
    text: str = ""
    status: str | None = None
    when: Time | None = None


class _Incident(Struct):
    begin: Time
    created: Time
    severity: str
    uri: str
    updates: list[_Update]
    service_key: str = ""
    number: str | int | None = None
    id: str | None = None
    end: str | None = None
    external_desc: str = ""
    service_name: str | None = None
    status_impact: str | None = None
    affected_products: list[_Named] = []
    removed_at: Time | None = field(default=None, name="_removed_at")
    last_seen: Time | None = field(default=None, name="_last_seen")


@dataclass(slots=True)
class GoogleReading(Reading):
    """The file, and whether anything in it goes on."""

    listed: int = 0
    opened: int = 0
    merged: bool = False
    live: bool = False
    oldest: datetime | None = None

    def take(self, body: bytes, what: str) -> None:
        """Read the file, or its incidents merged from snapshots as lines."""
        faults = self.ledger.quarantined
        known = len(faults)
        if kind_of(body) == "lines":
            raws = [msgspec.Raw(line) for line in body.split(b"\n") if line.strip()]
            rows = readable(raws, _Incident, f"{what} line", faults)
            self.merged, self.lists_open = True, False
        else:
            rows = readable(either(body, list[_Incident], list[msgspec.Raw], what), _Incident, what, faults)
            self.live = True
        self.unread += len(faults) - known
        self.listed += len(rows)
        for row in rows:
            self._add(row, what)
        self.oldest = oldest([self.oldest, *(row.created for row in rows)], self.ledger.as_of)

    def _add(self, row: _Incident, what: str) -> None:
        numbered = None if row.number is None else f"{row.service_key}-{row.number}"  # a number is one service's own
        identity = row.id or numbered
        if not identity:
            self.unread += 1
            self.ledger.keep_out(
                f"{what} incident of {row.service_key or 'no service'}", "it has neither id nor number"
            )
            return
        end = instant(row.end)
        gone = row.removed_at is not None
        self.opened += end is None and not gone
        self.note(row.last_seen)
        for product in row.affected_products:
            self.part(product.title)
        url = f"{self.ledger.page_url.rstrip('/')}/{row.uri.lstrip('/')}"
        self.ledger.add(
            Draft(
                id=identity,
                title=row.external_desc,
                impact=IMPACTS.get(row.severity),
                raw_impact=row.status_impact or row.severity,
                status="resolved" if end is not None else "",
                started_at=row.begin,
                created_at=row.created,
                resolved_at=end,
                open=end is None and not gone,
                posts=list(_posts(row.updates, end)),
                components=sorted(p.title for p in row.affected_products) or [row.service_name or ""],
                url=url,
            )
        )

    def banner(self) -> PageState:
        """The dashboard draws its word from this list: that it shows incidents and none lacks an end is its statement.

        An empty list, or incidents merged from snapshots, state nothing of the present.
        """
        if not self.live or not self.listed:
            return "unknown"
        return "issue" if self.opened else "ok"

    def window(self) -> Window:
        """Back to the oldest incident the file still holds."""
        if self.oldest is None:
            return Window(
                start=None, end=None, complete=False, reason="the list is empty: what it left out is not known"
            )
        if self.merged:
            reason = f"{self.listed} incidents merged from snapshots of the file"
        else:
            reason = (
                f"a rolling window: the file holds {self.listed} incidents, and how many it keeps has changed before"
            )
        return Window(start=self.oldest, end=self.ledger.as_of, complete=not self.merged, reason=reason)


def _posts(updates: Iterable[_Update], end: datetime | None) -> Iterable[Post]:
    """The posts, oldest first: the first opens, the first that calls the service available resolves, a report comes after."""
    resolved = False
    for n, update in enumerate(sorted(updates, key=lambda u: (u.created, u.text))):
        state: Phase = "update" if n else "investigating"
        over = end is not None and update.created >= end
        if over and _REPORT.search(update.text[:400]):
            state = "postmortem"
        elif update.status == "AVAILABLE" and not resolved:
            state, resolved = "resolved", True
        yield Post(posted_at=update.created, shown_at=update.when, text=markdown(update.text), state=state)


class GoogleCloud(OwnPage):
    """Reads status.cloud.google.com, and the Workspace dashboard, which serves the same file."""

    id = "google-cloud"
    name = "Google Cloud"
    home = HOME
    vendor = ""
    reading = GoogleReading
    about = About(
        kind="own",
        tested="captures",
        reads="/incidents.json of Google Cloud and of the Workspace dashboard",
        depth="a rolling window that the vendor sets: 293 incidents in 2024, 5 in 2026",
        start="`begin`, apart from `created`",
        impact="low, medium, high",
        hosts=("status.cloud.google.com",),
        traps="`number` instead of `id` before 2021; no time of the end while it is open; no announced maintenance",
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 for a list of objects with this file's keys."""
        head = raw.body[:300_000]
        if raw.status >= 400 or raw.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"[", b"{"):
            return 0.0
        marks = (b'"external_desc"', b'"service_key"', b'"severity"', b'"begin"')
        return 0.95 if all(mark in head for mark in marks) else 0.0

    def base_of(self, url: str) -> str | None:
        """The dashboard the address belongs to; None for other pages of google.com."""
        if on_host(url, ("www.google.com",)):
            return WORKSPACE if urlsplit(url).path.startswith("/appsstatus") else None
        return super().base_of(url)

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The one file."""
        return (Endpoint(name="incidents", url=f"{page_url.rstrip('/')}/incidents.json", required=True),)

    def settle(self, reading: Reading) -> None:
        """Name the dashboard it is."""
        reading.name = "Google Workspace" if reading.ledger.page_url.startswith(WORKSPACE) else "Google Cloud"


GOOGLE_CLOUD = GoogleCloud()
