"""RSS and Atom as documents: entries with their texts and times as they stand. What they mean is each source's affair.

Document types are refused before anything is parsed: a feed needs none, and they are how XML reads files and explodes.
`published` and `pubDate` are the feed's words, not a start: on Statuspage they are the last update.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import re2

from vendors.sources.base import SourceChanged
from vendors.sources.plaintext import plain, short
from vendors.sources.zones import AMBIGUOUS, label_zone

ENTRIES_CAP: Final = 20_000
_ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_DOCTYPE = re2.compile(rb"(?i)<!(?:DOCTYPE|ENTITY)")
_MAIL_ZONE = re2.compile(r"^(.*\d{2}:\d{2}(?::\d{2})?)\s*\(?([A-Za-z]{1,5})\)?$")


_STATUS_FEED = re2.compile(
    r"(?i)\b(?:status|incidents?|outages?|service (?:health|disruptions?)|system notices|notifications feed|uptime)\b"
)
_INCIDENT = re2.compile(
    r"(?i)\b(?:incidents?|outages?|disruptions?|degraded|degradation|unavailable|investigating|identified|monitoring"
    r"|resolved|maintenance|downtime|latency|errors?|elevated|interruption|issues?|down|recovered)\b"
)
_LEADING_STATE = re2.compile(
    r"(?i)^\W{0,4}(?:status:\s*)?(?:investigating|identified|monitoring|resolved|update|completed|scheduled)\b\s*(?:[-–—:\]\)]|$)"
)
_LEAST_SHARE = 0.5  # of the entries must read like incidents, where the feed does not call itself one of status


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `content` is markup as served; times None where there is none that can be read, and `raw_time` as it stood."""

    guid: str
    link: str
    title: str
    content: str
    published: datetime | None
    updated: datetime | None
    raw_time: str
    categories: tuple[str, ...] = ()


@dataclass(slots=True)
class Feed:
    """A feed. `updated` is when it says it last changed, None if it does not say; `link` the page it belongs to, "" if unsaid."""

    kind: str  # "atom" or "rss"
    title: str
    author: str
    link: str
    generator: str
    updated: datetime | None
    entries: list[Entry] = field(default_factory=list)


def read_feed(body: bytes, what: str) -> Feed:
    """The feed in `body`. Raises SourceChanged for anything else, for a document type, and for XML that is cut off."""
    root = xml_root(body, what)
    if root.tag == f"{_ATOM}feed":
        return _atom(root)
    channel = root.find("channel") if root.tag == "rss" else None
    if channel is None:
        raise SourceChanged(f"{what} is XML, but neither an Atom nor an RSS feed")
    return _rss(channel)


def incident_feed(body: bytes, what: str) -> Feed:
    """The feed, if it is about incidents. Raises SourceChanged as `read_feed` does, and for a feed about anything else."""
    feed = read_feed(body, what)
    if not is_about_incidents(feed):
        raise SourceChanged(f"{what} is a feed, but none of incidents: it calls itself {short(feed.title, 60)!r}")
    return feed


def is_about_incidents(feed: Feed) -> bool:
    """Whether the feed calls itself one of a status page, or at least half of its entries read like incidents."""
    if _STATUS_FEED.search(f"{feed.title} {feed.link} {feed.generator}"):
        return True
    like = sum(
        1
        for entry in feed.entries
        if _INCIDENT.search(entry.title) and _LEADING_STATE.search(plain(entry.content)[:80])
    )
    return bool(feed.entries) and like >= _LEAST_SHARE * len(feed.entries)


def xml_root(body: bytes, what: str) -> Any:
    """The XML document without entities, network or document type. Raises SourceChanged."""
    from lxml import etree  # 20 ms: only where a feed is read

    data = body.lstrip(b"\xef\xbb\xbf \t\r\n`")
    if _DOCTYPE.search(data[:100_000]):
        raise SourceChanged(f"{what} carries a document type, which no feed needs: it is not read")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as fault:
        raise SourceChanged(f"{what} is cut off or no feed: {short(str(fault), 200)}") from fault
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise SourceChanged(f"{what} is no feed: it is empty or carries a document type")
    return root


def feed_time(text: str | None) -> datetime | None:
    """An ISO or mail-style time with a zone, in UTC; None for anything else, an ambiguous zone name included."""
    text = (text or "").strip()
    try:
        if text[:4].isdigit():
            at = datetime.fromisoformat(text)
        else:
            named = _MAIL_ZONE.match(text)
            zone = None if named is None or named.group(2).upper() in AMBIGUOUS else label_zone(named.group(2))
            if named is not None and zone is None:
                return None
            at = parsedate_to_datetime(f"{named.group(1)} +0000" if named else text)
            at = at.replace(tzinfo=zone) if zone is not None else at
        return at.astimezone(UTC) if at.tzinfo is not None and 1900 < at.year < 9000 else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _atom(root: Any) -> Feed:
    links = [str(node.get("href") or "") for node in root.iterfind(f"{_ATOM}link") if node.get("rel") != "self"]
    feed = Feed(
        kind="atom",
        title=plain(root.findtext(f"{_ATOM}title")),
        author=plain(root.findtext(f"{_ATOM}author/{_ATOM}name")),
        link=next((link for link in links if link.startswith(("http://", "https://"))), ""),
        generator=plain(root.findtext(f"{_ATOM}generator")),
        updated=feed_time(root.findtext(f"{_ATOM}updated")),
    )
    for node in list(root.iterfind(f"{_ATOM}entry"))[:ENTRIES_CAP]:
        content = node.find(f"{_ATOM}content")
        content = node.find(f"{_ATOM}summary") if content is None else content
        published, updated = node.findtext(f"{_ATOM}published"), node.findtext(f"{_ATOM}updated")
        feed.entries.append(
            Entry(
                guid=node.findtext(f"{_ATOM}id") or "",
                link=next((str(a.get("href")) for a in node.iterfind(f"{_ATOM}link") if a.get("href")), ""),
                title=node.findtext(f"{_ATOM}title") or "",
                content="" if content is None else "".join(content.itertext()),
                published=feed_time(published),
                updated=feed_time(updated),
                raw_time=(published or updated or "")[:100],
                categories=tuple(str(a.get("term") or "") for a in node.iterfind(f"{_ATOM}category"))[:50],
            )
        )
    return feed


def _rss(channel: Any) -> Feed:
    changed = channel.findtext("lastBuildDate") or channel.findtext("pubDate")
    feed = Feed(
        kind="rss",
        title=plain(channel.findtext("title")),
        author="",
        link=(channel.findtext("link") or "").strip(),
        generator=plain(channel.findtext("generator")),
        updated=feed_time(changed),
    )
    for node in list(channel.iterfind("item"))[:ENTRIES_CAP]:
        when = node.findtext("pubDate")
        feed.entries.append(
            Entry(
                guid=(node.findtext("guid") or "").strip(),
                link=(node.findtext("link") or "").strip(),
                title=node.findtext("title") or "",
                content=node.findtext(_CONTENT) or node.findtext("description") or "",
                published=feed_time(when),
                updated=None,
                raw_time=(when or "")[:100],
                categories=tuple((a.text or "").strip() for a in node.iterfind("category"))[:50],
            )
        )
    return feed
