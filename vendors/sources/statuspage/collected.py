"""Rows that a collector made of a page's feed, one JSON object a line: the feed's entries with their posts taken apart.

They carry what the feed does (no server times, so no backdating can be seen), plus the collector's own impact and parts.
"""

from __future__ import annotations

import msgspec
import re2
from msgspec import Struct

from vendors.sources.base import Quarantined, SourceChanged
from vendors.sources.statuspage.wire import ReadIncident, Time, WireAnswer, WireIncident, WirePage, WireUpdate

_LINK = re2.compile(r"^(https?://[^/\s]{1,200})/incidents/([A-Za-z0-9_-]{1,100})$")


class _Post(Struct):
    at: Time
    status: str
    message: str = ""


class _Row(Struct):
    entry_id: str
    title: str
    url: str
    updates: list[_Post]
    impact: str | None = None
    components: list[str] | None = None


_ROW = msgspec.json.Decoder(_Row)


def looks_collected(body: bytes) -> bool:
    """Whether the first line names a feed entry and its posts."""
    first = body[:20_000].lstrip().partition(b"\n")[0]
    return b'"entry_id"' in first and b'"updates"' in first


def decode_collected(body: bytes, what: str) -> tuple[WireAnswer, list[Quarantined]]:
    """The rows as an answer that names their page, and those that cannot be read. Raises SourceChanged for none at all."""
    incidents: list[WireIncident] = []
    faults: list[Quarantined] = []
    pages: set[str] = set()
    for n, line in enumerate(line for line in body.split(b"\n") if line.strip()):
        try:
            row = _ROW.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
            faults.append(Quarantined(where=f"{what} line {n + 1}", reason=str(fault)[:300]))
            continue
        link = _LINK.match(row.url)
        if link is None or not row.updates:
            faults.append(
                Quarantined(where=f"{what} line {n + 1}", reason="it has no link to its incident, or no posts")
            )
            continue
        pages.add(link.group(1))
        incidents.append(_incident(row, link.group(2)))
    if not incidents:
        raise SourceChanged(
            f"{what} holds no incident of a status page: {faults[0].reason if faults else 'it is empty'}"
        )
    page = WirePage(url=pages.pop()) if len(pages) == 1 else None
    return WireAnswer(page=page, incidents=incidents), faults


def _incident(row: _Row, identity: str) -> ReadIncident:
    posts = [
        WireUpdate(status=post.status.strip().lower().replace(" ", "_"), body=post.message, display_at=post.at)
        for post in sorted(row.updates, key=lambda post: post.at)
    ]
    states = [post.status for post in posts if post.status not in ("update", "postmortem")]
    return ReadIncident(
        id=identity,
        name=row.title,
        status=states[-1] if states else "unknown",
        impact=row.impact,
        components=list(row.components) if row.components else None,
        incident_updates=posts,
    )
