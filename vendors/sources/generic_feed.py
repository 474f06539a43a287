"""Any RSS or Atom feed of incidents, the last resort: what its entries say, and nothing made of what they do not.

`pubDate` is when an entry was published or last changed, never a start. Where the body holds dated posts (`<small>May 1,
10:00 UTC</small> … <strong>State</strong> - words`), they are the posts; else the entry is one post, and when it ended is not
known unless it says that it has. A feed that does not look like one of incidents is refused: a blog is no record.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

import re2

from vendors.records import PageState, Phase, Window
from vendors.sources.automated import machine_written
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.feeds import Entry, incident_feed, is_about_incidents, read_feed
from vendors.sources.hosted import HostedPage
from vendors.sources.ledger import Draft, DraftMaintenance, Post, is_id
from vendors.sources.own import Reading, oldest
from vendors.sources.plaintext import plain, short
from vendors.sources.shapes import kind_of
from vendors.sources.stamps import stamp_in
from vendors.sources.zones import other_reading

PHASES: dict[str, Phase] = {
    "investigating": "investigating", "open": "investigating", "new": "investigating", "detected": "investigating",
    "identified": "identified", "monitoring": "monitoring", "watching": "monitoring", "update": "update",
    "in progress": "update", "resolved": "resolved", "closed": "resolved", "fixed": "resolved", "completed": "resolved",
    "postmortem": "postmortem", "post-mortem": "postmortem",
}  # fmt: skip
_WORDS = "|".join(sorted(PHASES, key=len, reverse=True))
_POST = re2.compile(
    r"(?is)<small>(.{1,200}?)</small>\s*(?:<br[^<>]{0,20}>)?\s*<strong>([^<>]{1,60})</strong>\s*(?:-|–|:)?"
)
_STATE = re2.compile(rf"(?i)^\W{{0,4}}(?:status:\s*)?({_WORDS})\b\s*(?:[-–—:\]\)]|$)")
_STATE_IN_TITLE = re2.compile(rf"(?i)[\[\(]\s*({_WORDS})\s*[\]\)]|^({_WORDS})\s*[-–—:]")
_WORK = re2.compile(r"(?i)\b(?:scheduled|planned|maintenance)\b")
MARKS_OF_OTHERS = (
    b"tag:status",
    b":Incident/",
    b"instatus.com",
    b"betterstack",
    b"betteruptime",
    b"Azure Status",
    b"cState",
)


@dataclass(slots=True)
class FeedReading(Reading):
    """The entries by what they are about: a republished one is the same event told later."""

    lists_open: bool = False
    open_now: bool = False
    entries: int = 0
    groups: dict[str, list[Entry]] = field(default_factory=dict)
    oldest: datetime | None = None

    def take(self, body: bytes, what: str) -> None:
        """Read the feed."""
        feed = incident_feed(body, what)
        self.name = self.name or feed.title.removesuffix("Status").removesuffix("status").strip(" -|:") or feed.title
        self.url = self.url or feed.link
        self.note(feed.updated)
        self.entries += len(feed.entries)
        for entry in feed.entries:
            self.groups.setdefault(_identity(entry), []).append(entry)

    def finish(self) -> None:
        """Every event once."""
        for identity, entries in sorted(self.groups.items()):
            self._add(identity, entries)
        starts = [incident.started_at for incident in self.ledger.incidents.values()]
        self.oldest = oldest(starts, self.ledger.as_of)

    def _add(self, identity: str, entries: list[Entry]) -> None:
        dated = sorted((e for e in entries if e.published or e.updated), key=lambda e: (_when(e), e.content))
        if not dated:
            self.ledger.keep_out(f"entry {identity}", f"its time {entries[0].raw_time!r} cannot be read")
            return
        newest = dated[-1]
        posts, guess = self._posts(identity, newest)
        posts = posts or [_single(entry) for entry in dated]
        told = " ".join((newest.title, *newest.categories))
        if _WORK.search(told):
            self.ledger.add_maintenance(
                DraftMaintenance(
                    id=identity, title=plain(newest.title), announced_at=posts[0].posted_at, url=newest.link
                )
            )
            return
        state = _state_of_title(newest.title) or max(posts, key=lambda p: (p.posted_at is not None, p.posted_at)).state
        is_open = state in ("investigating", "identified", "monitoring")
        self.open_now |= is_open
        self.ledger.add(
            Draft(
                id=identity, title=_STATE_IN_TITLE.sub("", plain(newest.title)).strip() or plain(newest.title),
                status=state, posts=posts, url=newest.link, guess=guess,
                open=True if is_open else None if any(post.state == "resolved" for post in posts) else False,
            )
        )  # fmt: skip

    def _posts(self, identity: str, entry: Entry) -> tuple[list[Post], str | None]:
        """The dated posts of the body, and what of their times is a reading; ([], None) where it holds none."""
        bound = _when(entry)
        found = list(_POST.finditer(entry.content))[:500]
        posts: list[Post] = []
        guess = None
        for n, match in enumerate(found):
            end = found[n + 1].start() if n + 1 < len(found) else len(entry.content)
            stamp = stamp_in(plain(match.group(1)))
            at = None if stamp is None else stamp.not_after(bound, None)
            if stamp is None or at is None:
                self.ledger.keep_out(f"entry {identity}", f"the time {short(match.group(1), 60)!r} cannot be read")
                continue
            other = other_reading(stamp.label, None)
            guess = guess or (
                f"the zone label can also mean {other}, and the feed does not say which" if other else None
            )
            text = plain(entry.content[match.end() : end])
            state = PHASES.get(plain(match.group(2)).strip().lower(), "unknown")
            posts.append(Post(posted_at=at, text=text, state=state, automated=machine_written(text)))
        return posts, guess

    def banner(self) -> PageState:
        """An entry that says it is open is an issue; a feed cannot say that all is well."""
        return "issue" if self.open_now else "unknown"

    def window(self) -> Window:
        """Back to the oldest entry; what a feed leaves out is not known."""
        reason = f"the feed holds {self.entries} entries; what it leaves out is not known"
        if self.oldest is None:
            return Window(start=None, end=None, complete=False, reason=reason)
        return Window(start=self.oldest, end=self.ledger.as_of, complete=False, reason=reason)


def _identity(entry: Entry) -> str:
    """The entry's guid or link, made into an id; two entries of one guid are one event."""
    text = (entry.guid or entry.link or entry.title).strip()
    tail = text.rstrip("/").rsplit("/", 1)[-1]
    if is_id(tail) and 4 <= len(tail) <= 100 and "://" not in tail:
        return tail
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _when(entry: Entry) -> datetime:
    at = entry.published or entry.updated
    assert at is not None
    return at


def _single(entry: Entry) -> Post:
    """The whole entry as one post."""
    text = plain(entry.content)
    found = _STATE.search(text[:80])
    state: Phase = PHASES[found.group(1).lower()] if found is not None else (_state_of_title(entry.title) or "unknown")
    return Post(posted_at=_when(entry), text=text, state=state, automated=machine_written(text))


def _state_of_title(title: str) -> Phase | None:
    found = _STATE_IN_TITLE.search(title)
    return None if found is None else PHASES[(found.group(1) or found.group(2)).lower()]


class GenericFeed(HostedPage):
    """Reads any feed of incidents; every product's own source is surer of its own feed."""

    id = "feed"
    name = "RSS or Atom feed"
    reading = FeedReading
    about = About(
        kind="product",
        tested="written",
        reads="any RSS or Atom feed of incidents",
        depth="the entries the feed holds, often 25",
        start="no: the first dated post; `pubDate` is the last change",
        impact="no",
        automated="by a monitor's wording",
        traps="`pubDate` is not the start; a guid comes again when an entry is changed; years are missing in the posts",
        probed=False,
    )

    def recognise(self, raw: Raw) -> float:
        """0.4 for a feed that reads like one of incidents, 0 for any other: each product knows its own better."""
        if raw.status >= 400 or kind_of(raw.body[:4000]) != "atom" or any(mark in raw.body for mark in MARKS_OF_OTHERS):
            return 0.0
        try:
            return 0.4 if is_about_incidents(read_feed(raw.body, "the feed")) else 0.0
        except SourceChanged:
            return 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The address itself: where a feed lies, nobody can know."""
        return (Endpoint(name="feed", url=page_url, required=True),)


GENERIC_FEED = GenericFeed()
