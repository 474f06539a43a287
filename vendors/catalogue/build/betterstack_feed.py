"""Better Stack pages read from their public feed: times and posts, no impact. Monitor-made posts are marked so."""

from __future__ import annotations

from datetime import datetime

import re2
from msgspec import Struct, convert

from vendors.catalogue.build.captures import Captured
from vendors.catalogue.build.rows import Draft, Post, Reading, maintenance_title, names, phase
from vendors.records import Impact, Maintenance

_AUTOMATED = re2.compile(r"(?s)[^\n]{1,200} (?:went down|recovered)\.?\s*")
_PLANNED = re2.compile(
    r"(?i)\b(?:maintenance|upgrade|upgrades|upgrading|migration|rollover|updates|updating|infrastructure change"
    r"|networking update)\b"
)
_NO_IMPACT = re2.compile(r"(?i)false alert|are online")


class _Post(Struct):
    at: datetime
    status: str
    message: str


class _Incident(Struct):
    id: str
    title: str
    url: str
    started_at: datetime
    resolved_at: datetime | None
    status_sequence: list[str]
    updates: list[_Post]
    components: list[str]


def read(reading: Reading, captured: Captured) -> None:
    """Add every entry of the feed: announcements of planned work apart, the rest as incidents of unknown impact.

    The feed states no impact (the collection's own guess is not taken) and, for entries never marked resolved, no end.
    """
    reading.sources.append(captured.note("parsed from the page's public feed"))
    for row in captured.lines():
        item = convert(row, _Incident)
        if _is_planned(item):
            reading.maintenances.append(_maintenance(item))
        else:
            reading.drafts.append(_draft(item, reading.page.url))


def _is_planned(item: _Incident) -> bool:
    """Whether the entry announces work: its title says so and every post is a plain notice."""
    return bool(_PLANNED.search(item.title)) and set(item.status_sequence) == {"Update"}


def _draft(item: _Incident, page: str) -> Draft:
    impact: Impact | None = "none" if _NO_IMPACT.search(item.title) else None
    return Draft(
        id=item.id,
        url=item.url if item.url.rstrip("/") != page else None,
        impact=impact,
        started_at=item.started_at,
        resolved_at=item.resolved_at,
        end_known="stated" if item.resolved_at else "unknown",
        components=names(item.components),
        posts=tuple(
            Post(
                posted_at=post.at,
                state=phase(post.status),
                text=post.message,
                automated=_AUTOMATED.fullmatch(post.message) is not None,
            )
            for post in item.updates
        ),
    )


def _maintenance(item: _Incident) -> Maintenance:
    """The feed dates an announcement by the window's start; when it was announced is not told."""
    parts = names(item.components)
    return Maintenance(
        id=item.id, title=maintenance_title(parts), scheduled_for=item.started_at, components=parts, url=item.url
    )
