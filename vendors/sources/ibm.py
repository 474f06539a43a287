"""IBM Cloud: a feed of notifications, incidents among maintenance, security bulletins and announcements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import re2

from vendors.records import PageState, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.feeds import read_feed
from vendors.sources.ledger import Draft, DraftMaintenance, Post, is_id
from vendors.sources.own import OwnPage, Reading, oldest
from vendors.sources.plaintext import plain

HOME = "https://cloud.ibm.com/status"
FEED = f"{HOME}/api/notifications/feed.rss"
# A word of state: it opens a line, stands in brackets or after "Status:". "Not yet resolved" in a sentence is none.
_OVER = re2.compile(r"(?im)(?:^\s*|[\[(]\s*|\bstatus\s*:\s*)(?:resolved|completed?|closed)\b")


@dataclass(slots=True)
class IbmReading(Reading):
    """The notifications that are incidents or maintenance."""

    lists_open: bool = False
    open_now: bool = False
    incidents: int = 0
    oldest: datetime | None = None

    def take(self, body: bytes, what: str) -> None:
        """Read the feed."""
        feed = read_feed(body, what)
        if "ibm cloud" not in feed.title.lower():
            raise SourceChanged(f"{what} is a feed, but not IBM Cloud's")
        self.note(feed.updated)
        for entry in feed.entries:
            words = {category.strip().lower() for category in entry.categories}
            identity = (entry.guid or entry.link).rstrip("/").rsplit("/", 1)[-1][:100]
            if entry.published is None or not is_id(identity):
                self.ledger.keep_out(f"{what} item {identity}", "it has no time or no id that can be read")
            elif "maintenance" in words:
                self.ledger.add_maintenance(
                    DraftMaintenance(
                        id=identity, title=plain(entry.title), announced_at=entry.published, url=entry.link
                    )
                )
            elif "incident" in words:
                self._add(identity, plain(entry.title), plain(entry.content), entry.published, entry.link)

    def _add(self, identity: str, title: str, text: str, at: datetime, link: str) -> None:
        self.incidents += 1
        over = _OVER.search(f"{title}\n{text[:2000]}") is not None
        self.open_now |= not over
        post = Post(posted_at=at, text=text, state="resolved" if over else "unknown")
        self.ledger.add(Draft(id=identity, title=title, posts=[post], url=link, open=None if over else True))
        self.oldest = oldest([self.oldest, at], self.ledger.as_of)

    def banner(self) -> PageState:
        """An incident that is not called over is an issue; the feed cannot say that all is well."""
        return "issue" if self.open_now else "unknown"

    def window(self) -> Window:
        """Back to the oldest incident of the feed."""
        reason = f"the feed holds {self.incidents} incidents; what it leaves out is not known"
        if self.oldest is None:
            return Window(start=None, end=None, complete=False, reason=reason)
        return Window(start=self.oldest, end=self.ledger.as_of, complete=False, reason=reason)


class Ibm(OwnPage):
    """Reads IBM Cloud's feed of notifications."""

    id = "ibm"
    name = "IBM Cloud"
    home = HOME
    vendor = "IBM Cloud"
    reading = IbmReading
    about = About(
        kind="own",
        tested="written",
        reads="/status/api/notifications/feed.rss",
        depth="the entries of the feed",
        start="no",
        impact="no",
        hosts=(),
        traps="one entry an incident; its end is only told in words. The feed's shape is not confirmed by a real answer",
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 for a feed that calls itself IBM Cloud's."""
        head = raw.body[:5_000]
        return 0.95 if raw.status < 400 and b"<rss" in head and b"IBM Cloud" in head else 0.0

    def base_of(self, url: str) -> str | None:
        """The one page, for addresses below cloud.ibm.com/status."""
        parts = url.split("/", 4)
        return (
            HOME if len(parts) > 3 and parts[2].lower() == "cloud.ibm.com" and parts[3].startswith("status") else None
        )

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The feed."""
        return (Endpoint(name="feed", url=FEED, required=True),)


IBM = Ibm()
