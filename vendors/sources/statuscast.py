"""StatusCast: a page whose components carry their state as a class. Its past is told in its feed, as any feed tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from vendors.records import PageState
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.generic_feed import FeedReading
from vendors.sources.hosted import HostedPage
from vendors.sources.shapes import kind_of
from vendors.sources.webpage import classes_of, page_root, text_in, title_of, with_class

STATES: dict[str, PageState] = {
    "component-available": "ok", "component-unavailable": "issue", "component-degraded": "issue",
    "component-investigating": "issue", "component-identified": "issue", "component-monitored": "issue",
    "component-maintenance": "maintenance", "component-informational": "unknown",
}  # fmt: skip
MARK: Final = "status-list-component-status-text"


@dataclass(slots=True)
class StatusCastReading(FeedReading):
    """The states of the components, and the entries of the feed."""

    states: set[PageState] = field(default_factory=set)

    def take(self, body: bytes, what: str) -> None:
        """Read the page or its feed."""
        if kind_of(body) == "atom":
            FeedReading.take(self, body, what)
            return
        root = page_root(body, what)
        nodes = list(with_class(root, MARK))
        if not nodes:
            raise SourceChanged(f"{what} is a web page, but no status page of StatusCast")
        self.name = title_of(root).removesuffix("Status").strip(" -|")
        self.lists_open = False
        for node in nodes:
            self.states |= {STATES[c] for c in classes_of(node) if c in STATES} or {"unknown"}
            parent = node.getparent()
            label = text_in(parent).removesuffix(text_in(node)).strip() if parent is not None else ""
            self.part(label)

    def banner(self) -> PageState:
        """The worst of the components, or an open entry of the feed."""
        if "issue" in self.states or self.open_now:
            return "issue"
        if "maintenance" in self.states:
            return "maintenance"
        return "ok" if self.states == {"ok"} else "unknown"


class StatusCast(HostedPage):
    """Reads a StatusCast page and its feed."""

    id = "statuscast"
    name = "StatusCast"
    reading = StatusCastReading
    about = About(
        kind="product",
        tested="written",
        reads="the page's components; /rss",
        depth="the present; the entries of the feed",
        start="no",
        impact="no",
        hosts=("statuscast.com",),
        traps="the address of the feed is not confirmed by a real answer",
        probed=False,
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 for a page with its components."""
        is_page = raw.status < 400 and kind_of(raw.body[:4000]) == "home"
        return 0.95 if is_page and MARK.encode() in raw.body else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The page and its feed."""
        base = page_url.rstrip("/")
        return (Endpoint(name="home", url=f"{base}/", required=True), Endpoint(name="feed", url=f"{base}/rss"))


STATUSCAST = StatusCast()
