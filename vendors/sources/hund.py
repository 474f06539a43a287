"""Hund: its interface needs a key, so the public page and its feed of issues are all there is."""

from __future__ import annotations

from dataclasses import dataclass

import re2

from vendors.records import PageState
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.generic_feed import FeedReading
from vendors.sources.hosted import HostedPage
from vendors.sources.shapes import kind_of
from vendors.sources.webpage import classes_of, page_root, title_of

STATES: dict[str, PageState] = {"state-operational": "ok", "state-degraded": "issue", "state-outage": "issue"}
_MARKS = re2.compile(rb"(?i)hund\.io|hund-app|data-hund")


@dataclass(slots=True)
class HundReading(FeedReading):
    """The page's own state by its class, and the entries of the feed."""

    shown: PageState | None = None

    def take(self, body: bytes, what: str) -> None:
        """Read the page or its feed."""
        if kind_of(body) == "atom":
            FeedReading.take(self, body, what)
            return
        if _MARKS.search(body) is None:
            raise SourceChanged(f"{what} is a web page, but no status page of Hund")
        root = page_root(body, what)
        self.name = title_of(root).removesuffix("Status").strip(" -|")
        found = {
            STATES[c] for node in root.iter("div", "section", "header", "span") for c in classes_of(node) if c in STATES
        }
        self.shown = "issue" if "issue" in found else "ok" if found == {"ok"} else "unknown"

    def banner(self) -> PageState:
        """The page's own state, worse if the feed tells of an open issue."""
        return "issue" if self.open_now else self.shown or "unknown"


class Hund(HostedPage):
    """Reads a Hund page and its feed of issues."""

    id = "hund"
    name = "Hund"
    reading = HundReading
    about = About(
        kind="product",
        tested="written",
        reads="the page; /issues.rss",
        depth="the entries of the feed",
        start="no",
        impact="no",
        hosts=("hund.io",),
        traps="the interface answers 401 without a key; page and feed are not confirmed by a real answer",
        probed=False,
    )

    def recognise(self, raw: Raw) -> float:
        """0.8 for a page or feed that names the product."""
        head = raw.body[:300_000]
        if raw.status >= 400 or kind_of(head[:4000]) not in ("home", "atom") or _MARKS.search(head) is None:
            return 0.0
        return 0.8 if b"powered by" in head.lower() or b"hund.io" in head.lower() else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The page and its feed."""
        base = page_url.rstrip("/")
        return (Endpoint(name="home", url=f"{base}/", required=True), Endpoint(name="feed", url=f"{base}/issues.rss"))


HUND = Hund()
