"""Google Cloud's incidents.json, merged by id over snapshots. It states when an incident began apart from the post."""

from __future__ import annotations

from datetime import datetime

import re2
from msgspec import Struct, convert

from vendors.catalogue.build.captures import Captured
from vendors.catalogue.build.rows import Draft, Post, Reading, names
from vendors.records import Impact, Phase

_IMPACTS: dict[str, Impact] = {"low": "minor", "medium": "major", "high": "critical"}  # 1:1 with the status words
_REPORT = re2.compile(r"(?i)incident report\b")
PAGE = "https://status.cloud.google.com"


class _Product(Struct):
    title: str


class _Update(Struct):
    created: datetime
    text: str
    status: str | None = None


class _Incident(Struct):
    number: str
    begin: datetime
    created: datetime
    severity: str
    service_name: str
    uri: str
    updates: list[_Update]
    id: str | None = None
    end: datetime | None = None
    status_impact: str | None = None
    affected_products: list[_Product] = []


def read(reading: Reading, files: list[Captured]) -> None:
    """Add every incident; one that left the feed without an end has ended, nobody says when."""
    for captured in files:
        reading.sources.append(captured.note("merged by id from snapshots of incidents.json"))
        for row in captured.lines():
            row["number"] = str(row["number"])  # a figure in the oldest snapshots
            row["id"] = row.get("id") or row["number"]
            row["end"] = row.get("end") or None
            reading.drafts.append(_draft(convert(row, _Incident), gone=bool(row.get("_removed_at"))))


def _draft(item: _Incident, *, gone: bool) -> Draft:
    url = f"{PAGE}/{item.uri.lstrip('/')}"
    posts = tuple(_posts(item))
    return Draft(
        id=item.id or item.number,
        url=url,
        impact=_IMPACTS[item.severity],
        raw_impact=item.status_impact or item.severity,
        started_at=item.begin,
        start_stated=True,
        resolved_at=item.end,
        end_known="stated" if item.end else "unknown" if gone else "open",
        components=names(product.title for product in item.affected_products) or names([item.service_name]),
        posts=posts,
        postmortem_url=url if any(post.state == "postmortem" for post in posts) else None,
    )


def _posts(item: _Incident) -> list[Post]:
    """The posts, oldest first. The feed tells the service's state, not a phase: the first post opens, the first one
    that calls the service available resolves, and a report that follows is the post-mortem."""
    posts: list[Post] = []
    for n, update in enumerate(sorted(item.updates, key=lambda update: update.created)):
        state: Phase = "update" if n else "investigating"
        over = item.end is not None and update.created >= item.end
        if over and _REPORT.search(update.text[:400]):
            state = "postmortem"
        elif update.status == "AVAILABLE" and not any(post.state == "resolved" for post in posts):
            state = "resolved"
        posts.append(Post(posted_at=update.created, state=state, text=update.text))
    return posts
