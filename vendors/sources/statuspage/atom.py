"""/history.atom: 25 incidents, each with all its updates in the body.

`published` is the time of the LAST update, whatever the name says (75 of 75 entries seen); the start is the first update
in the body, whose dates carry no year.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import re2

from vendors.records import Incident, Maintenance, Update
from vendors.sources.base import Quarantined, SourceChanged
from vendors.sources.plaintext import plain
from vendors.sources.statuspage.convert import PHASES, Rows, implausible
from vendors.sources.statuspage.zones import zone_of

_NS = "{http://www.w3.org/2005/Atom}"
_POST = re2.compile(
    r"(?s)<small>\s*([A-Z][a-z]{2})\s*<var[^>]*>\s*(\d{1,2})</var>\s*,\s*<var[^>]*>\s*(\d{1,2}):(\d{2})</var>\s*"
    r"([A-Za-z/_]{1,30})?\s*</small>\s*<br\s*/?>\s*<strong>([^<]{1,60})</strong>\s*-?(.*?)(?:</p>|$)"
)
_MONTHS = {
    name: n
    for n, name in enumerate(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1)
}
MAINTENANCE = frozenset({"scheduled", "in progress", "verifying", "completed"})


def parse_atom(body: bytes, page_url: str, rows: Rows, *, as_of: datetime) -> str:
    """Add the feed's incidents to `rows`; returns the page's name. Raises SourceChanged for anything but an Atom feed."""
    root = _root(body)
    title = (root.findtext(f"{_NS}title") or "").removesuffix(" - Incident History").strip()
    for entry in root.iterfind(f"{_NS}entry"):
        converted = _entry(entry, page_url)
        if isinstance(converted, Maintenance):
            rows.maintenances[converted.id] = converted
        elif isinstance(converted, Quarantined):
            rows.quarantined.append(converted)
        elif reason := implausible(converted, as_of):
            rows.quarantined.append(Quarantined(where=f"incident {converted.id}", reason=reason))
        else:
            rows.incidents[converted.id] = converted
    return title


def _root(body: bytes):  # type: ignore[no-untyped-def]
    from lxml import etree

    if b"<!DOCTYPE" in body[:2000] or b"<!ENTITY" in body:
        raise SourceChanged("the feed carries a document type, which no feed needs: not read")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(body.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise SourceChanged(f"the feed is cut off or no XML: {fault}") from fault
    if root.tag != f"{_NS}feed":
        raise SourceChanged("this is XML, but no Atom feed")
    return root


def _entry(entry, page_url: str) -> Incident | Maintenance | Quarantined:  # type: ignore[no-untyped-def]
    link = next((node.get("href") for node in entry.iterfind(f"{_NS}link") if node.get("href")), None)
    identity = (link or entry.findtext(f"{_NS}id") or "").rstrip("/").rsplit("/", 1)[-1][:500]
    stamp = entry.findtext(f"{_NS}published") or entry.findtext(f"{_NS}updated") or ""
    try:
        last = datetime.fromisoformat(stamp.strip())
    except ValueError:
        return Quarantined(where=f"entry {identity}", reason=f"its time {stamp[:40]!r} cannot be read")
    last = last.astimezone(UTC) if last.tzinfo else last.replace(tzinfo=UTC)
    posts = sorted(_posts(entry.findtext(f"{_NS}content") or "", last), key=lambda post: post[0])
    title = plain(entry.findtext(f"{_NS}title"))[:500]
    if not posts:
        return Quarantined(where=f"entry {identity}", reason="its body holds no dated update")
    if any(state in MAINTENANCE for _, state, _ in posts):
        done = [at for at, state, _ in posts if state == "completed"]
        return Maintenance(
            id=identity, title=title, announced_at=posts[0][0], completed_at=done[-1] if done else None, url=link
        )
    updates = tuple(Update(posted_at=at, state=PHASES.get(state, "unknown"), text=text) for at, state, text in posts)
    live = [update for update in updates if update.state != "postmortem"] or list(updates)
    ends = [update.posted_at for update in live if update.state == "resolved"]
    resolved = ends[-1] if ends else None
    return Incident(
        id=identity,
        page=page_url,
        title=title,
        impact=None,
        status=live[-1].state,
        started_at=live[0].posted_at,
        first_posted_at=live[0].posted_at,
        resolved_at=resolved,
        end_known="open" if resolved is None else "stated",
        url=link,
        postmortem_url=link if len(live) < len(updates) else None,
        updates=updates,
    )


def _posts(content: str, last: datetime) -> Iterator[tuple[datetime, str, str]]:
    """(time, state, text) of each update. The year is that of `last`, or the one before where the day would lie after it."""
    for month, day, hour, minute, zone, state, text in _POST.findall(content):
        at = _at(last.year, _MONTHS.get(month, 0), int(day), int(hour), int(minute), zone)
        if at is not None and at > last + timedelta(days=1):
            at = _at(last.year - 1, _MONTHS.get(month, 0), int(day), int(hour), int(minute), zone)
        if at is not None:
            yield at, state.strip().lower(), plain(text)


def _at(year: int, month: int, day: int, hour: int, minute: int, zone: str) -> datetime | None:
    tz = zone_of(zone or "UTC")
    if tz is None:
        return None
    try:
        return datetime(year, month, day, hour, minute, tzinfo=tz).astimezone(UTC)
    except ValueError:
        return None
