"""Azure: a feed of what is open now, empty most of the time, and the history of post-incident reviews.

An empty feed is Azure's steady state, and also what a broken feed looks like: it is never read as "all is well". A guid is a
title made into a name, and comes again with other incidents: an item is known by its guid and its date. The history tells
its times only in prose, five years back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import re2

from vendors.records import PageState, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.feeds import read_feed
from vendors.sources.ledger import Draft, Post
from vendors.sources.own import OwnPage, Reading, oldest
from vendors.sources.plaintext import plain
from vendors.sources.prose import span_in_prose
from vendors.sources.shapes import kind_of
from vendors.sources.webpage import page_root, text_in

HOME = "https://azure.status.microsoft/en-us/status"
FEED = "https://rssfeed.azure.status.microsoft/en-us/status/feed/"
HISTORY = "https://azure.status.microsoft/en-us/status/history/"
_TRACKING = re2.compile(r"(?i)tracking\s+id:?\s*([A-Z0-9_]{3,6}-[A-Z0-9_]{2,6})")
_REGION = re2.compile(
    r"(?i)\b(?:us|europe|asia|uk|india|japan|korea|australia|brazil|canada|france|germany|global|africa|uae)\b"
)
_HEADINGS = ("h2", "h3", "h4", "button")
_BLOCKS = ("p", "li", "div", "ul", "ol", "br", "tr", *_HEADINGS)
MOST_REVIEWS = 2_000
_LONGEST_REVIEW = 20_000  # its times stand at its head


@dataclass(slots=True)
class AzureReading(Reading):
    """The feed and the history."""

    lists_open: bool = False
    items: int = 0
    reviews: int = 0
    oldest: datetime | None = None

    def take(self, body: bytes, what: str) -> None:
        """Read the feed, or the page of reviews."""
        if kind_of(body) == "atom":
            self._take_feed(body, what)
        else:
            self._take_history(body, what)

    def _take_feed(self, body: bytes, what: str) -> None:
        feed = read_feed(body, what)
        if "azure" not in feed.title.lower():
            raise SourceChanged(f"{what} is a feed, but not Azure's: it calls itself {feed.title[:60]!r}")
        self.lists_open = True
        self.note(feed.updated)
        for entry in feed.entries:
            self.items += 1
            if entry.published is None:
                self.unread += 1
                self.ledger.keep_out(f"{what} item {entry.guid[:100]}", f"its time {entry.raw_time!r} cannot be read")
                continue
            regions = [name for name in entry.categories if _REGION.search(name)]
            services = [name for name in entry.categories if name not in regions]
            names = [f"{service} ({region})" for region in regions for service in services] or list(entry.categories)
            self.ledger.add(
                Draft(
                    id=f"{entry.guid.strip()[:150] or 'item'}-{entry.published:%Y%m%dT%H%M%S}".replace(" ", "-"),
                    title=entry.title.strip(), created_at=entry.published, open=True, components=names, url=HOME,
                    posts=[Post(posted_at=entry.published, text=plain(entry.content), state="unknown")],
                )
            )  # fmt: skip

    def _take_history(self, body: bytes, what: str) -> None:
        count = 0
        for heading, words in _reviews(page_root(body, what)):
            count += 1
            if count > MOST_REVIEWS:
                self.ledger.keep_out(what, f"more than {MOST_REVIEWS} reviews; the rest is not read")
                break
            self._add_review(heading, words, what)
        if not count:
            raise SourceChanged(f"{what} is a web page without any post-incident review of Azure")

    def _add_review(self, heading: str, words: str, what: str) -> None:
        match = _TRACKING.search(heading)
        assert match is not None
        span = span_in_prose(plain(words), posted_at=self.ledger.as_of)
        if span is None:
            self.ledger.keep_out(f"{what} review {match.group(1)}", "its text tells no start and end that can be read")
            return
        self.reviews += 1
        self.oldest = oldest([self.oldest, span[0]], self.ledger.as_of)
        self.ledger.add(
            Draft(
                id=match.group(1), title=heading[: match.start()].strip(" -(|"), started_at=span[0],
                resolved_at=span[1], open=False, url=HISTORY, postmortem_url=HISTORY,
                guess="the review is dated by its own words; when the incident was first posted is not told",
            )
        )  # fmt: skip

    def banner(self) -> PageState:
        """An item is an open issue. An empty feed says nothing: it is empty most of the time, and when it is broken."""
        return "issue" if self.items else "unknown"

    def window(self) -> Window:
        """Back to the oldest review; the feed tells the present only."""
        if self.oldest is None:
            reason = (
                "the feed lists only what is open, and nothing of it stays" if self.lists_open else "no review was read"
            )
            return Window(start=None, end=None, complete=False, reason=reason)
        reason = f"{self.reviews} post-incident reviews, five years back; lesser incidents get none"
        return Window(start=self.oldest, end=self.ledger.as_of, complete=False, reason=reason)


def _reviews(root: Any) -> Iterator[tuple[str, str]]:
    """(heading, text up to the next heading) of every review. Cost: one pass over the page.

    A heading may stand in boxes of its own and may hold a button with the same words.
    """
    from lxml import etree

    heading, identity, words, length = "", "", [""], 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if event == "start" and node.tag in _HEADINGS:
            title = text_in(node)
            match = _TRACKING.search(title)
            if match is not None and match.group(1) != identity:
                if heading:
                    yield heading, "".join(words)
                heading, identity, words, length = title, match.group(1), [], 0
        piece = (node.text if event == "start" else node.tail) or ""
        if heading and length < _LONGEST_REVIEW and not (event == "start" and node.tag in ("script", "style")):
            words.append(piece)
            length += len(piece)
            if event == "end" and node.tag in _BLOCKS:
                words.append("\n")
    if heading:
        yield heading, "".join(words)


class Azure(OwnPage):
    """Reads Azure's feed and its history of post-incident reviews."""

    id = "azure"
    name = "Microsoft Azure"
    home = HOME
    vendor = "Microsoft Azure"
    reading = AzureReading
    about = About(
        kind="own",
        tested="captures",
        reads="the RSS feed; the history of post-incident reviews in HTML",
        depth="the present; reviews of major incidents for five years",
        start="only in the prose of a review",
        impact="no",
        hosts=("azure.status.microsoft", "status.azure.com", "azurestatuscdn.azureedge.net"),
        traps="an empty feed is the steady state; a guid comes again; dates end in Z; nothing that is over stays in the feed. "
        "The history page is tested on a written fixture",
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 for a feed that calls itself Azure's, 0.9 for a page of reviews with tracking ids."""
        head = raw.body[:20_000]
        if raw.status >= 400 or not head:
            return 0.0
        if kind_of(head) == "atom":
            return 0.95 if b"<title>Azure Status" in head or b"<title>Azure status" in head else 0.0
        if kind_of(head) != "home":
            return 0.0
        body = raw.body[:8_000_000]
        return 0.9 if b"Tracking ID" in body and b"azure" in body.lower() and b"Post Incident Review" in body else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The feed and the history."""
        return (Endpoint(name="feed", url=FEED, required=True), Endpoint(name="history", url=HISTORY))


AZURE = Azure()
