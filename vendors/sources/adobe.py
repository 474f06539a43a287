"""Adobe's own page, by the list of events behind it: for each product what is ongoing, scheduled and over.

The list states no word for the whole, so that a product without an ongoing event is not thereby well. One event is repeated
under every product it touches; it is counted once. The interface is not documented by the vendor.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from vendors.records import Impact, Phase
from vendors.sources.base import About, Endpoint, Raw, SourceChanged, on_host
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import OwnPage, Reading, instant, plainly, text_under
from vendors.sources.plaintext import plain
from vendors.sources.shapes import ROWS_CAP, typed

_IMPACTS: dict[str, Impact] = {"trivial": "none", "minor": "minor", "major": "major", "critical": "critical"}
_ENDED = frozenset({"closed", "resolved", "completed", "canceled", "cancelled"})
_PHASES: dict[str, Phase] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "closed": "resolved",
}
_LISTS = ("ongoing", "scheduled", "history", "closed")


class _Events(Struct):
    products: list[dict[str, Any]] | dict[str, dict[str, Any]]


@dataclass(slots=True)
class _Told:
    """One event, with the products it stands under and the list it stands in."""

    fields: dict[str, Any]
    ongoing: bool = False
    scheduled: bool = False
    products: set[str] = field(default_factory=set)


@dataclass(slots=True)
class AdobeReading(Reading):
    """What the list tells: every event once."""

    events: dict[str, _Told] = field(default_factory=dict)

    def take(self, body: bytes, what: str) -> None:
        """Read the list. Raises SourceChanged where no product has a list of events."""
        answer = typed(body, _Events, what)
        named = answer.products.items() if isinstance(answer.products, dict) else (("", row) for row in answer.products)
        found = False
        for key, product in named:
            fields = plainly(product)
            name = text_under(fields, "name", "title", "productname", "id") or key
            lists = {word: fields[word] for word in _LISTS if isinstance(fields.get(word), list)}
            if lists:
                found = True
                self.part(name)
            for word, rows in lists.items():
                self._events(name, word, rows, f"{what} {name[:40]} {word}")
        if not found:
            raise SourceChanged(f"{what} is JSON with products, but none has a list of Adobe's events")

    def finish(self) -> None:
        """Every event once."""
        for identity, event in self.events.items():
            self._add(identity, event)

    def _events(self, product: str, word: str, rows: list[Any], where: str) -> None:
        for n, row in enumerate(rows[:ROWS_CAP]):
            fields = plainly(row) if isinstance(row, dict) else {}
            identity = _identity(fields)
            if identity is None:
                self.ledger.keep_out(f"{where}[{n}]", "it is no event: it has neither an id nor a title and a time")
                self.unread += word == "ongoing"
                continue
            event = self.events.setdefault(identity, _Told(fields))
            event.ongoing |= word == "ongoing"
            event.scheduled |= word == "scheduled"
            if product:
                event.products.add(product)

    def _add(self, identity: str, event: _Told) -> None:
        told = event.fields
        severity, status = text_under(told, "severity"), text_under(told, "status", "state")
        start, end = instant(told.get("starttime")), instant(told.get("endtime"))
        created = instant(told.get("createdat")) or instant(told.get("createdtime"))
        title = text_under(told, "title", "name", "summary")
        if event.scheduled or severity.lower() == "maintenance" or text_under(told, "type").lower() == "maintenance":
            self.ledger.add_maintenance(
                DraftMaintenance(
                    id=identity,
                    title=title,
                    announced_at=created,
                    scheduled_for=start,
                    scheduled_until=end,
                    components=sorted(event.products),
                )
            )
            return
        is_over = status.lower() in _ENDED or (not event.ongoing and end is not None)
        self.ledger.add(
            Draft(
                id=identity,
                title=title,
                impact=_IMPACTS.get(severity.lower()),
                raw_impact=severity or None,
                status=status,
                started_at=start,
                created_at=created,
                resolved_at=end if is_over else None,
                open=False if is_over else True if event.ongoing else None,
                posts=_posts(told),
                components=sorted(event.products),
            )
        )


def _identity(fields: dict[str, Any]) -> str | None:
    """Its id, else a digest of title and start; None where it has neither."""
    for name in ("id", "eventid", "cmrid"):
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63:
            return str(value)
    title, start = text_under(fields, "title", "name", "summary"), fields.get("starttime")
    if not title or instant(start) is None:
        return None
    return hashlib.sha256(f"{title}|{instant(start)}".encode("utf-8", "replace")).hexdigest()[:16]


def _posts(told: dict[str, Any]) -> list[Post]:
    rows = next((rows for name in ("updates", "messages") if isinstance(rows := told.get(name), list)), [])
    posts: list[Post] = []
    for row in rows[:ROWS_CAP]:
        fields = plainly(row) if isinstance(row, dict) else {}
        text = plain(text_under(fields, "message", "body", "description", "text"))
        at = instant(fields.get("createdat")) or instant(fields.get("time")) or instant(fields.get("timestamp"))
        posts.append(Post(posted_at=at, text=text, state=_PHASES.get(text_under(fields, "status").lower(), "update")))
    return posts


class Adobe(OwnPage):
    """Reads status.adobe.com through the events its page loads."""

    id = "adobe"
    name = "Adobe Status"
    home = "https://status.adobe.com"
    vendor = "Adobe"
    reading = AdobeReading
    about = About(
        kind="own",
        tested="written",
        reads="data.status.adobe.com/adobestatus/StatusEvents",
        depth="what the list publishes",
        start="where given",
        impact="severities: trivial (none), minor, major, critical; potential is not known",
        hosts=("status.adobe.com",),
        traps="one event is repeated under every product; no word for the whole; the shape is not documented",
    )

    def recognise(self, raw: Raw) -> float:
        """0.7 for products with ongoing events that have a severity from the page's host, 0.4 from elsewhere, 0 else."""
        head = raw.body[:500_000]
        if raw.status >= 400 or head[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
            return 0.0
        if b'"products"' not in head or b'"ongoing"' not in head:
            return 0.0
        if on_host(raw.final_url or raw.url, self.about.hosts):
            return 0.7
        return 0.4 if b'"severity"' in head else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The list lies on a host of its own."""
        return (Endpoint(name="events", url="https://data.status.adobe.com/adobestatus/StatusEvents", required=True),)


ADOBE = Adobe()
