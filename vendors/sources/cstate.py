"""cState: a static site made by Hugo. Its index lists the parts and what is unresolved; each issue has a file of its own.

Times are printed as Go prints them, with an offset; "<no value>" stands for what is missing, and texts may hold raw control
characters. What is over stands only in the feed and in the files of the issues.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import re2
from msgspec import Struct

from vendors.records import Impact, PageState, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.feeds import incident_feed
from vendors.sources.hosted import HostedPage
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import Reading, oldest
from vendors.sources.pagedata import rows_in
from vendors.sources.richtext import markdown
from vendors.sources.shapes import kind_of, typed

IMPACTS: dict[str, Impact] = {"ok": "none", "notice": "minor", "disrupted": "major", "down": "critical"}
STATES: dict[str, PageState] = {"ok": "ok", "notice": "issue", "disrupted": "issue", "down": "issue"}
_CONTROL = re2.compile(rb"[\x00-\x1f]")
_GO_TIME = re2.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.\d{1,9})? ([+-]\d{4})(?: \S{1,8})?$")


class _System(Struct):
    name: str
    status: str = ""
    category: str | None = None
    unresolvedIssues: list[Any] = []


class _Issue(Struct):
    title: str
    createdAt: str
    severity: str = ""
    permalink: str | None = None
    filename: str | None = None
    resolved: bool | None = None
    informational: bool | None = None
    resolvedAt: str | None = None
    affected: list[str] = []
    body: str | None = None


class _Index(Struct):
    title: str
    summaryStatus: str
    systems: list[Any]
    baseURL: str = ""
    cStateVersion: str | None = None
    pinnedIssues: list[Any] = []
    buildDate: str | None = None
    buildTime: str | None = None


@dataclass(slots=True)
class CStateReading(Reading):
    """The index, and issues by their file."""

    word: str | None = None
    statuses: set[str] = field(default_factory=set)
    issues: dict[str, _Issue] = field(default_factory=dict)
    posts: dict[str, list[Post]] = field(default_factory=dict)
    reach: datetime | None = None
    entries: int = 0

    def take(self, body: bytes, what: str) -> None:
        """Read the index, an issue, or the feed."""
        if kind_of(body) == "atom":
            self._take_feed(body, what)
            return
        clean = _CONTROL.sub(b" ", body)
        if b'"summaryStatus"' in clean:
            self._take_index(typed(clean, _Index, what), what)
        else:
            issue = typed(clean, _Issue, what)
            self.issues[_id(issue)] = issue

    def _take_index(self, index: _Index, what: str) -> None:
        faults = self.ledger.quarantined
        self.word, self.name, self.url = index.summaryStatus, index.title.removesuffix(" status"), index.baseURL
        self.note(_time(index.buildDate), _time(index.buildTime))
        known = len(faults)
        for system in rows_in(index.systems, _System, f"{what} systems", faults):
            self.part(system.name, system.category)
            self.statuses.add(system.status)
            for issue in rows_in(system.unresolvedIssues, _Issue, f"{what} {system.name}", faults):
                known_issue = self.issues.setdefault(_key(issue, self.issues), issue)
                known_issue.affected = list(dict.fromkeys([*known_issue.affected, system.name]))
        for issue in rows_in(index.pinnedIssues, _Issue, f"{what} pinnedIssues", faults):
            self.issues.setdefault(_key(issue, self.issues), issue)
        self.unread += len(faults) - known

    def _take_feed(self, body: bytes, what: str) -> None:
        feed = incident_feed(body, what)
        if "/issues/" not in "".join(entry.link for entry in feed.entries) and feed.entries:
            raise SourceChanged(f"{what} is a feed, but none of a cState site: its entries are no issues")
        self.name, self.url, self.entries = self.name or feed.title, self.url or feed.link, len(feed.entries)
        for entry in feed.entries:
            identity = _slug(entry.link) or _slug(entry.guid)
            if identity and identity not in self.issues and entry.published is not None:
                post = Post(posted_at=entry.published, text=markdown(entry.content), state="unknown")
                self.posts.setdefault(identity, []).append(post)
                over = entry.title.startswith("[Resolved]")
                title = entry.title.removeprefix("[Resolved]").strip()
                self.issues[identity] = _Issue(title=title, createdAt="", permalink=entry.link, resolved=over or None)

    def finish(self) -> None:
        """Every issue once; what is only for information is announced work or news, and no outage."""
        for identity, issue in sorted(self.issues.items()):
            created, resolved = _time(issue.createdAt), _time(issue.resolvedAt)
            self.note(created, resolved)
            if issue.informational:
                self.ledger.add_maintenance(
                    DraftMaintenance(id=identity, title=issue.title, announced_at=created, completed_at=resolved,
                                     components=issue.affected, url=issue.permalink)
                )  # fmt: skip
                continue
            posts = list(self.posts.get(identity, []))
            if issue.body and created is not None:
                posts.append(Post(posted_at=created, text=markdown(issue.body), state="investigating"))
            over = issue.resolved
            self.ledger.add(
                Draft(
                    id=identity, title=issue.title, impact=IMPACTS.get(issue.severity), raw_impact=issue.severity or None,
                    created_at=created, resolved_at=resolved, posts=posts, components=issue.affected, url=issue.permalink,
                    open=None if over is None and identity in self.posts else not over and resolved is None,
                )
            )  # fmt: skip
        self.reach = oldest((post.posted_at for posts in self.posts.values() for post in posts), self.ledger.as_of)

    def banner(self) -> PageState:
        """The summary's word, unless a part is worse off."""
        state = STATES.get(self.word or "", "unknown")
        return "issue" if state == "ok" and self.statuses - {"ok"} else state

    def window(self) -> Window:
        """Back to the oldest entry of the feed; the index lists only what is unresolved."""
        if self.reach is None:
            return Window(start=None, end=None, complete=False, reason="the index lists only unresolved issues")
        reason = f"the feed holds {self.entries} entries"
        return Window(start=self.reach, end=self.ledger.as_of, complete=True, reason=reason)


def _id(issue: _Issue) -> str:
    name = issue.filename or _slug(issue.permalink or "") or "-".join(issue.title.lower().split())
    return name.removesuffix(".md")[:150].replace(" ", "-")


def _key(issue: _Issue, taken: dict[str, _Issue]) -> str:
    """Its id; one that another title bears already is told apart by its own."""
    identity = _id(issue)
    known = taken.get(identity)
    if known is None or known.title == issue.title:
        return identity
    return f"{identity}-{hashlib.sha256(issue.title.encode()).hexdigest()[:8]}"


def _slug(link: str) -> str:
    return link.rstrip("/").rsplit("/issues/", 1)[-1][:150] if "/issues/" in link else ""


def _time(text: str | None) -> datetime | None:
    """A time as Go prints it, by its offset; None for "<no value>" and anything else."""
    match = _GO_TIME.match((text or "").strip())
    if match is None:
        return None
    try:
        return datetime.strptime(f"{match.group(1)} {match.group(2)}", "%Y-%m-%d %H:%M:%S %z")
    except ValueError:
        return None


class CState(HostedPage):
    """Reads a cState site from its index, its issues, or its feed."""

    id = "cstate"
    name = "cState"
    reading = CStateReading
    about = About(
        kind="host",
        tested="captures",
        reads="/index.json, /issues/<name>/index.json, /index.xml",
        depth="the present; the feed reaches back as far as the site is set to",
        start="no: the issue's date is its post",
        impact="notice, disrupted, down",
        traps="Go's way of printing times; `<no value>`; raw control characters; updates stand inside one text",
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 for the index or an issue by keys only this product writes."""
        head = raw.body[:200_000]
        if raw.status >= 400 or not head:
            return 0.0
        if b'"cStateVersion"' in head[:3000] or (b'"summaryStatus"' in head and b'"systems"' in head):
            return 0.95
        if b'"is"' in head[:200] and b'"issue"' in head[:300] and b'"lastMod"' in head:
            return 0.9
        return 0.9 if b"<rss" in head[:500] and b"cState" in head[:5000] else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The index and the feed."""
        base = page_url.rstrip("/")
        return (
            Endpoint(name="index", url=f"{base}/index.json", required=True),
            Endpoint(name="feed", url=f"{base}/index.xml"),
        )


CSTATE = CState()
