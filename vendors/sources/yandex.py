"""Yandex Cloud's own page: `{items, count}`, the newest incidents first, in Russian or English.

An item can still be "open" though its end is stated and its last comment says that it is over; then it is over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from msgspec import Struct

from vendors.records import Impact, Phase, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.ledger import Draft, Post
from vendors.sources.own import Number, OwnPage, Reading, Time, either, oldest, readable
from vendors.sources.plaintext import plain

# The labels are the page's own English ones. "Unavailable" is its worst.
_IMPACTS: dict[str, Impact] = {"minor": "minor", "unavailable": "critical"}
_PHASES: dict[str | None, Phase] = {
    "investigation": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "update": "update",
    "resolved": "resolved",
}


class _Comment(Struct, rename="camel"):
    created_at: Time | None = None
    content: str | None = None
    type: str | None = None


class _Named(Struct):
    name: str | None = None


class _Zone(Struct):
    id: str | None = None


class _Installation(Struct):
    zones: list[_Zone] | None = None


class _Level(Struct):
    label: str | None = None


class _Item(Struct, rename="camel"):
    id: Number | str
    title: str
    start_date: Time | None
    status: str | None = None
    end_date: Time | None = None
    created_at: Time | None = None
    updated_at: Time | None = None
    level: _Level | None = None
    services: list[_Named] | None = None
    installations: list[_Installation] | None = None
    comments: list[_Comment] | None = None
    report: str | None = None
    is_report_published: bool | None = None
    report_published_time: Time | None = None


class _List(Struct):
    items: list[_Item]
    count: int | None = None


class _Pieces(Struct):
    items: list[msgspec.Raw]
    count: int | None = None


@dataclass(slots=True)
class YandexReading(Reading):
    """What the list tells; it states no state of the page."""

    items: dict[str, _Item] = field(default_factory=dict)
    oldest: datetime | None = None
    count: int | None = None
    listed: int = 0

    def take(self, body: bytes, what: str) -> None:
        """Read one list."""
        answer = either(body, _List, _Pieces, what)
        items = readable(list(answer.items), _Item, f"{what} items", self.ledger.quarantined)
        if not items and answer.count is None:
            raise SourceChanged(f"{what} is JSON with no items and no count: it is no list of Yandex Cloud's incidents")
        self.count, self.listed = answer.count, self.listed + len(items)
        for item in items:
            self.items.setdefault(str(item.id), item)
        self.oldest = oldest([self.oldest, *(item.created_at or item.start_date for item in items)], self.ledger.as_of)

    def finish(self) -> None:
        """Every incident once."""
        for identity, item in self.items.items():
            self._add(identity, item)

    def window(self) -> Window:
        """Back to the oldest of the list."""
        total = "an unknown number" if self.count is None else str(self.count)
        reason = f"the list holds the newest {self.listed} of {total} incidents"
        end = None if self.oldest is None else self.ledger.as_of
        return Window(start=self.oldest, end=end, complete=self.oldest is not None, reason=reason)

    def _add(self, identity: str, item: _Item) -> None:
        self.note(item.updated_at)
        services = [service.name for service in item.services or () if service.name]
        for name in services:
            self.part(name)
        label = item.level.label if item.level is not None else None
        self.ledger.add(
            Draft(
                id=identity,
                title=item.title,
                impact=_IMPACTS.get((label or "").lower()),
                raw_impact=label,
                status=item.status or "",
                started_at=item.start_date,
                created_at=item.created_at,
                resolved_at=item.end_date,
                open=_is_open(item),
                posts=_posts(item),
                components=[*services, *(f"{zone.id}" for place in item.installations or () for zone in place.zones or () if zone.id)],
                url=f"https://status.yandex.cloud/ru/incidents/{identity}",
            )
        )  # fmt: skip


def _is_open(item: _Item) -> bool | None:
    """By its status, unless its own end and a closing comment say otherwise; None where the status is no known one."""
    if item.status == "resolved":
        return False
    is_closed = item.end_date is not None and any(comment.type == "resolved" for comment in item.comments or ())
    if item.status == "open":
        return not is_closed
    return None


def _posts(item: _Item) -> list[Post]:
    posts = [
        Post(posted_at=comment.created_at, text=plain(comment.content), state=_PHASES.get(comment.type, "unknown"))
        for comment in item.comments or ()
    ]
    if item.report and item.is_report_published and item.report_published_time is not None:
        posts.append(Post(posted_at=item.report_published_time, text=plain(item.report), state="postmortem"))
    return posts


class Yandex(OwnPage):
    """Reads status.yandex.cloud through the list its page asks for."""

    id = "yandex"
    name = "Yandex Cloud"
    home = "https://status.yandex.cloud"
    vendor = "Yandex Cloud"
    reading = YandexReading
    about = About(
        kind="own",
        tested="captures",
        reads="/api/incidents",
        depth="the newest 20 incidents",
        start="`startDate`, apart from the post",
        impact="levels: Minor (minor), Unavailable (critical)",
        hosts=("status.yandex.cloud", "status.cloud.yandex.com", "status.cloud.yandex.ru"),
        traps="no state of the page; an item stays open after its stated end; the interface is not documented",
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 by keys only this list has, 0 else."""
        if raw.status >= 400 or raw.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
            return 0.0
        head = raw.body[:200_000]
        marks = (b'"items"', b'"levelId"', b'"startDate"', b'"isReportPublished"')
        return 0.95 if all(mark in head for mark in marks) else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The list."""
        return (Endpoint(name="incidents", url=f"{page_url.rstrip('/')}/api/incidents", required=True),)


YANDEX = Yandex()
