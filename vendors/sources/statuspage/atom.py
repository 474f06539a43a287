"""/history.atom and /history.rss: the newest 25 entries, each with all its updates in one body.

`published` is the time of the LAST post, whatever its name says: the start is the first post in the body, whose stamps
carry no year. The feed gives no impact and no components.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any

import re2

from vendors.sources.base import Quarantined, SourceChanged
from vendors.sources.plaintext import plain, short
from vendors.sources.stamps import stamp_in
from vendors.sources.statuspage.wire import ReadIncident, WireIncident, WireUpdate
from vendors.sources.zones import other_reading

_ATOM = "{http://www.w3.org/2005/Atom}"
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
    root = _root(body, what)
    faults: list[Quarantined] = []
    if root.tag == f"{_ATOM}feed":
        title = plain(root.findtext(f"{_ATOM}author/{_ATOM}name")) or plain(root.findtext(f"{_ATOM}title"))
        links = [str(node.get("href")) for node in root.iterfind(f"{_ATOM}link") if node.get("rel") != "self"]
        entries = [_atom_entry(node) for node in root.iterfind(f"{_ATOM}entry")]
        changed = _time(root.findtext(f"{_ATOM}updated"))
    elif root.tag == "rss" and root.find("channel") is not None:
        channel = root.find("channel")
        title, links = plain(channel.findtext("title")), [channel.findtext("link") or ""]
        entries = [_rss_entry(node) for node in channel.iterfind("item")]
        changed = _time(channel.findtext("pubDate"))
    else:
        raise SourceChanged(f"{what} is XML, but neither an Atom nor an RSS feed")
    incidents = [row for entry in entries if (row := _incident(entry, own, what, faults)) is not None]
    link = next((link for link in links if link.startswith(("http://", "https://"))), None)
    return Feed(short(title.split(" Status - ")[0]), link, changed, incidents, faults)


@dataclass(frozen=True, slots=True)
class _Entry:
    link: str
    guid: str
    title: str
    time: str
    content: str


def _root(body: bytes, what: str) -> Any:
    from lxml import etree  # 20 ms: only where a feed is read

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(body.lstrip(b"\xef\xbb\xbf \t\r\n"), parser)
    except (etree.LxmlError, ValueError) as fault:
        raise SourceChanged(f"{what} is cut off or no feed: {short(str(fault), 200)}") from fault
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise SourceChanged(f"{what} is no feed: it is empty or carries a document type")
    return root


def _atom_entry(node: Any) -> _Entry:
    link = next((str(found.get("href")) for found in node.iterfind(f"{_ATOM}link") if found.get("href")), "")
    content = node.find(f"{_ATOM}content")
    return _Entry(
        link=link,
        guid=node.findtext(f"{_ATOM}id") or "",
        title=node.findtext(f"{_ATOM}title") or "",
        time=node.findtext(f"{_ATOM}published") or node.findtext(f"{_ATOM}updated") or "",
        content="" if content is None else "".join(content.itertext()),
    )


def _rss_entry(node: Any) -> _Entry:
    return _Entry(
        link=node.findtext("link") or "",
        guid=node.findtext("guid") or "",
        title=node.findtext("title") or "",
        time=node.findtext("pubDate") or "",
        content=node.findtext("description") or "",
    )


def _incident(entry: _Entry, own: tzinfo | None, what: str, faults: list[Quarantined]) -> WireIncident | None:
    match = _SIDE_BY_SIDE.search(entry.link) or _SIDE_BY_SIDE.search(entry.guid)
    identity = match.group(1) if match else "feed-" + entry.guid.rsplit("/", 1)[-1][:90]
    where = f"{what} entry {short(identity, 100)}"
    published = _time(entry.time)
    if published is None:
        faults.append(Quarantined(where=where, reason=f"its time {short(entry.time, 40)!r} cannot be read"))
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


def _time(text: str | None) -> datetime | None:
    """An ISO or mail-style time with a zone, in UTC; None for anything else."""
    text = (text or "").strip()
    try:
        at = datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text)
        return at.astimezone(UTC) if at.tzinfo is not None and 1900 < at.year < 9000 else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
