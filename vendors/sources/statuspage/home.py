"""The home page as HTML: banner, components, open incidents, and about fifteen days of past ones with their updates.

It is what an archive holds and what is left where the JSON is blocked. Stamps carry no year: past incidents stand under a
dated day, open ones are read as the latest such date before the page was made. A deactivated page ("Page Inactive") says
nothing about the service: its state is unknown, never ok.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from html import escape
from typing import Any

import re2

from vendors.records import PageState
from vendors.sources.base import Quarantined, SourceChanged
from vendors.sources.plaintext import short
from vendors.sources.stamps import MONTHS, epoch, stamp_in
from vendors.sources.statuspage.convert import PHASES
from vendors.sources.statuspage.wire import ReadIncident, WireComponent, WireIncident, WireUpdate
from vendors.sources.zones import other_reading

_BANNERS: dict[str, PageState] = {
    "status-none": "ok",
    "status-minor": "issue",
    "status-major": "issue",
    "status-critical": "issue",
    "status-maintenance": "maintenance",
}
_SURE_OF_YEAR = timedelta(days=60)  # an open post is rarely older; beyond it the year is a reading, and said
_ID_IN_LINK = re2.compile(r"/incidents/([A-Za-z0-9_-]{1,100})(?:[/?#]|$)")
_DAY = re2.compile(r"([A-Z][a-z]{2})[a-z]{0,6}\s+(\d{1,2})\s*,\s*(\d{4})")
_FEED_LINK = re2.compile(r"^(https?://[^/\s]+(?:/[^\s]*)?)/history\.(?:atom|rss)$")


@dataclass(slots=True)
class Home:
    """The page as read. `made_at` is when it was rendered; `first_day` the oldest day it lists; None where it does not say."""

    name: str
    page_url: str | None
    state: PageState
    inactive: bool = False
    made_at: datetime | None = None
    first_day: datetime | None = None
    days: int = 0
    components: list[WireComponent] = field(default_factory=list)
    incidents: list[WireIncident] = field(default_factory=list)
    scheduled: list[WireIncident] = field(default_factory=list)
    faults: list[Quarantined] = field(default_factory=list)


def looks_like_home(body: bytes) -> bool:
    """Whether the bytes are a home page of this product (or its deactivated page), by the marks only it has."""
    head = body[:400_000]
    if b"incident-io-status-page" in head or b"<html" not in head[:2000].lower():
        return False
    marks = (b'class="page-status', b"status-day", b"data-component-status=", b"dka575ofm4ao0.cloudfront.net",
             b"Powered by Statuspage", b"subscriptions.statuspage.io", b"unresolved-incident", b"manage.statuspage.io")  # fmt: skip
    return sum(mark in head for mark in marks) >= 2


def read_home(body: bytes, what: str, own: tzinfo | None, as_of: datetime) -> Home:
    """What the page shows. `own` is its zone, None if not known; `as_of` stands in where it does not say when it was made.

    Raises SourceChanged for any other web page.
    """
    if not looks_like_home(body):
        raise SourceChanged(f"{what} is a web page, but no home page of a Statuspage")
    root = _root(body, what)
    title = _text(root.find(".//title"))
    made_at = epoch(next((n.get("content") for n in root.iter("meta") if n.get("name") == "issued"), None))
    home = Home(name=_name_of(title), page_url=_address(root), state="unknown", made_at=made_at)
    body_node = root.find(".//body")
    if title.endswith("Page Inactive") or (body_node is not None and _has(body_node, "inactive")):
        home.inactive = True
        return home
    _Reader(home, what, own, min(made_at or _newest_day(root) or as_of, as_of)).read(root)
    home.state = _state(root, body_node, home)
    return home


def _newest_day(root: Any) -> datetime | None:
    days = [at for node in _with_class(root, "status-day") if (at := _date_of(node)) is not None]
    return max(days) + timedelta(days=1) if days else None


def _date_of(day_node: Any) -> datetime | None:
    match = _DAY.search(_text(next(_with_class(day_node, "date"), None)))
    try:
        if match is not None:
            return datetime(int(match.group(3)), MONTHS.get(match.group(1), 0), int(match.group(2)), tzinfo=UTC)
    except ValueError:
        pass
    return None


@dataclass(slots=True)
class _Reader:
    home: Home
    what: str
    own: tzinfo | None
    bound: datetime

    def read(self, root: Any) -> None:
        """Fill the home page's lists, in page order."""
        self.home.components = list(_components(root))
        for node in _with_class(root, "unresolved-incident"):
            self._take(self._incident(node, self.bound, open_now=True), self.home.incidents)
        for node in _with_class(root, "scheduled-maintenance"):
            self._take(self._scheduled(node), self.home.scheduled)
        for day_node in _with_class(root, "status-day"):
            day = _date_of(day_node)
            if day is None:
                self._fault("a day of the list", "its date cannot be read")
                continue
            self.home.days += 1
            self.home.first_day = min(day, self.home.first_day or day)
            for node in _with_class(day_node, "incident-container"):
                end_of_day = min(day + timedelta(days=1), self.bound)
                self._take(self._incident(node, end_of_day, open_now=False), self.home.incidents)

    def _take(self, row: WireIncident | None, rows: list[WireIncident]) -> None:
        if row is not None:
            rows.append(row)

    def _incident(self, node: Any, bound: datetime, *, open_now: bool) -> WireIncident | None:
        heading = next(_with_class(node, "incident-title"), None)
        link = None if heading is None else next((a for a in heading.iter("a") if _id_of(a) is not None), None)
        if heading is None or link is None:
            self._fault("an incident", "it has no link to itself, so it cannot be told from others")
            return None
        identity = _id_of(link) or ""
        updates, labels = self._updates(node, bound, identity)
        impact = next((c[7:] for n in (heading, node) for c in _classes(n) if c.startswith("impact-")), None)
        maintenance = impact == "maintenance"
        states = [update.status for update in updates if update.status not in ("update", "postmortem")]
        status = states[0] if states else ("investigating" if open_now else "resolved")
        guess = None
        dates = [update.display_at for update in updates if update.display_at is not None]
        if open_now and dates and bound - min(dates) > _SURE_OF_YEAR and labels:
            guess = "the page prints no year: the latest possible is read, it may have begun a year or more earlier"
        elif other := next((text for label in labels if (text := other_reading(label, self.own))), None):
            guess = f"the zone label can also mean {other}, and the page does not say which"
        if not updates:
            self._fault(f"incident {identity}", "none of its updates has a time that can be read")
        return ReadIncident(
            id=identity,
            name=_text(link),
            status=status,
            impact=impact,
            incident_updates=updates,
            created_at=None if updates else bound,
            scheduled_for=None,
            guess=None if maintenance else guess,
            partial=not updates,
        )

    def _scheduled(self, node: Any) -> WireIncident | None:
        link = next((a for a in node.iter("a") if _id_of(a) is not None), None)
        if link is None:
            self._fault("a scheduled maintenance", "it has no link to itself, so it cannot be told from others")
            return None
        begin = next((at for small in node.iter("small") if (at := epoch(small.get("data-unix-time")))), None)
        identity = _id_of(link) or ""
        updates, _ = self._updates(node, min(begin, self.bound) if begin else self.bound, identity)
        return ReadIncident(
            id=identity, name=_text(link), status="scheduled", impact="maintenance", scheduled_for=begin,
            incident_updates=updates, partial=not updates,
        )  # fmt: skip

    def _updates(self, node: Any, bound: datetime, identity: str) -> tuple[list[WireUpdate], set[str]]:
        """The posts, newest first as the page has them, and the zone labels seen."""
        updates: list[WireUpdate] = []
        labels: set[str] = set()
        later = bound
        for post in _with_class(node, "update"):
            state, text, stamp_text, exact = _parts(post)
            stamp = stamp_in(stamp_text)
            afterwards = state == "postmortem"  # may stand weeks after the day of its incident
            at = exact
            if at is None and stamp is not None:
                at = stamp.not_after(self.bound if afterwards else later, self.own)
            if at is None:
                self._fault(f"incident {identity}", f"the time {short(stamp_text, 60)!r} cannot be read")
                continue
            if stamp is not None and exact is None:
                labels.add(stamp.label)
            later = later if afterwards else min(later, at)
            updates.append(WireUpdate(status=state, body=text, display_at=at))
        return updates, labels

    def _fault(self, where: str, reason: str) -> None:
        self.home.faults.append(Quarantined(where=f"{self.what} {where}", reason=reason))


def _root(body: bytes, what: str) -> Any:
    from lxml import etree, html  # 30 ms: only where a web page is read

    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(body.lstrip(b"\xef\xbb\xbf \t\r\n`"), parser)  # saved pages begin with a stray fence
    except (etree.LxmlError, ValueError) as fault:
        raise SourceChanged(f"{what} is no readable web page: {short(str(fault), 200)}") from fault
    if root is None:
        raise SourceChanged(f"{what} is an empty web page")
    return root


def _state(root: Any, body_node: Any, home: Home) -> PageState:
    """The banner; where open incidents take its place, what they are. Unknown where the page shows neither."""
    for banner in _with_class(root, "page-status"):
        return next((_BANNERS[c] for c in _classes(banner) if c in _BANNERS), "unknown")
    if next(_with_class(root, "unresolved-incident"), None) is None:
        return "unknown"
    open_now = [row for row in home.incidents if row.status not in ("resolved", "completed")]
    return "maintenance" if open_now and all(row.impact == "maintenance" for row in open_now) else "issue"


def _components(root: Any) -> Iterator[WireComponent]:
    for node in root.iter("div"):
        identity = node.get("data-component-id")
        if not identity:
            continue
        name = _text(next(_with_class(node, "name"), None))
        box = next((up for up in node.iterancestors("div") if _has(up, "is-group")), None)
        heading = None if box is None else next((n for n in box.iter("div") if n.get("data-component-id")), None)
        is_heading = heading is node
        yield WireComponent(
            id=identity,
            name=name,
            group=is_heading,
            group_id=None if heading is None or is_heading else heading.get("data-component-id"),
        )


def _parts(post: Any) -> tuple[str | None, str, str, datetime | None]:
    """(state, HTML of the words, text of the stamp, exact time) of one post: a bold state, words, the time in small print.

    Pages in other languages translate the state, but not the class it is also told by; newer ones give the exact time.
    """
    from lxml import etree

    smalls = list(post.iter("small"))
    stamp_node = smalls[-1] if smalls else None
    strong = next((child for child in post if child.tag == "strong"), None)
    state = None if strong is None else _text(strong).lower().replace(" ", "_")
    pieces = [escape(post.text or "")] if strong is None else []
    started = strong is None
    for child in post:
        if strong is not None and child is strong:
            started = True
            pieces.append(escape((child.tail or "").lstrip().removeprefix("-")))
        elif child is stamp_node:
            break
        elif started:
            pieces.append(etree.tostring(child, encoding="unicode", method="html", with_tail=True))
    if state not in PHASES:
        told = "_".join(name for name in _classes(post) if name not in ("update", "font-regular"))
        state = told if told in PHASES or told == "scheduled" else state
    clocks = [] if stamp_node is None else [node.get("data-datetime-unix") for node in stamp_node.iter()]
    return state, "".join(pieces), _text(stamp_node), next((at for clock in clocks if (at := epoch(clock))), None)


def _address(root: Any) -> str | None:
    for node in root.iter("link"):
        match = _FEED_LINK.match((node.get("href") or "").strip()) if node.get("rel") == "alternate" else None
        if match is not None:
            return str(match.group(1))
    return None


def _name_of(title: str) -> str:
    return short(title.removesuffix("- Page Inactive").strip().removesuffix("Status").strip(" -|") or title, 200)


def _id_of(link: Any) -> str | None:
    match = _ID_IN_LINK.search(link.get("href") or "")
    return str(match.group(1)) if match else None


def _classes(node: Any) -> list[str]:
    return (node.get("class") or "").split()


def _has(node: Any, name: str) -> bool:
    return name in _classes(node)


def _with_class(root: Any, name: str) -> Iterator[Any]:
    """Descendants of that class, in document order; the class attribute is compared word by word."""
    return (node for node in root.iterdescendants() if isinstance(node.tag, str) and name in _classes(node))


def _text(node: Any) -> str:
    return "" if node is None else " ".join("".join(node.itertext()).split())
