"""/history.atom and /history.rss: the newest 25 entries, each with all its updates in one body.

`published` is the time of the LAST post, whatever its name says: the start is the first post in the body, whose stamps
carry no year. The feed gives no impact and no components.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

import re2

from vendors.sources.base import Quarantined
from vendors.sources.feeds import Entry, incident_feed
from vendors.sources.plaintext import plain, short
from vendors.sources.stamps import stamp_in
from vendors.sources.statuspage.wire import ReadIncident, WireIncident, WireUpdate
from vendors.sources.zones import other_reading

_POST = re2.compile(r"(?is)<small>(.{1,200}?)</small>\s*<br[^<>]{0,20}>\s*<strong>([^<>]{1,60})</strong>\s*(?:-|–)?")
_OPEN_PARAGRAPH = re2.compile(r"(?i)<p>\s*$")
_SIDE_BY_SIDE = re2.compile(r"/incidents/([A-Za-z0-9_-]{1,100})(?:[/?#]|$)")
MAINTENANCE = frozenset({"scheduled", "in_progress", "verifying", "completed"})
POSTS_CAP = 2_000


@dataclass(slots=True)
class Feed:
    """A feed as read. `updated_at` is when it says it last changed, None if it does not say."""

    name: str
    page_url: str | None
    updated_at: datetime | None
    incidents: list[WireIncident]
    faults: list[Quarantined]


def read_feed(body: bytes, what: str, own: tzinfo | None) -> Feed:
    """The entries of the feed. `own` is the page's zone, None if not known. Raises SourceChanged for anything else."""
    feed = incident_feed(body, what)
    faults: list[Quarantined] = []
    title = feed.author or feed.title
    incidents = [row for entry in feed.entries if (row := _incident(entry, own, what, faults)) is not None]
    link = feed.link if feed.link.startswith(("http://", "https://")) else None
    return Feed(short(title.split(" Status - ")[0]), link, feed.updated, incidents, faults)


def _incident(entry: Entry, own: tzinfo | None, what: str, faults: list[Quarantined]) -> WireIncident | None:
    match = _SIDE_BY_SIDE.search(entry.link) or _SIDE_BY_SIDE.search(entry.guid)
    identity = match.group(1) if match else "feed-" + entry.guid.rsplit("/", 1)[-1][:90]
    where = f"{what} entry {short(identity, 100)}"
    published = entry.published or entry.updated
    if published is None:
        faults.append(Quarantined(where=where, reason=f"its time {short(entry.raw_time, 40)!r} cannot be read"))
        return None
    updates, labels = _posts(entry.content, published, own, where, faults)
    if not updates:
        faults.append(Quarantined(where=where, reason="its body holds no dated post"))
        return None
    newest = next((u for u in updates if u.status not in ("postmortem", "update")), updates[0])
    states = {update.status for update in updates}
    other = next((text for label in labels if (text := other_reading(label, own))), None)
    return ReadIncident(
        id=identity,
        name=entry.title,
        status=newest.status,
        impact="maintenance" if states & MAINTENANCE else None,
        incident_updates=updates,
        guess=f"the zone label can also mean {other}, and the feed does not say which" if other else None,
    )


def _posts(
    content: str, published: datetime, own: tzinfo | None, where: str, faults: list[Quarantined]
) -> tuple[list[WireUpdate], set[str]]:
    """The posts, newest first as the feed has them, and the zone labels seen."""
    if "<small>" not in content and "&lt;small&gt;" in content:
        import html

        content = html.unescape(content)  # some readers hand the body on escaped twice
    found = list(_POST.finditer(content))[:POSTS_CAP]
    updates: list[WireUpdate] = []
    labels: set[str] = set()
    bound = published
    for n, match in enumerate(found):
        end = found[n + 1].start() if n + 1 < len(found) else len(content)
        stamp = stamp_in(plain(match.group(1)))
        at = None if stamp is None else stamp.not_after(bound, own)
        if stamp is None or at is None:
            faults.append(Quarantined(where=where, reason=f"the time {short(match.group(1), 80)!r} cannot be read"))
            continue
        labels.add(stamp.label)
        bound = min(bound, at) if n else at
        body = _OPEN_PARAGRAPH.sub("", content[match.end() : end])
        status = plain(match.group(2)).strip().lower().replace(" ", "_")
        updates.append(WireUpdate(status=status, body=body, display_at=at))  # cleaned with all others, once
    return updates, labels
