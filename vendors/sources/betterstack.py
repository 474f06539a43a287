"""Better Stack: a JSON:API document of the present with daily bars, a feed of the past, and pages of two generations.

Many incidents are automatic, two minutes long and worded by the monitor ("X went down", "X recovered"): they are marked.
Times are UTC whatever zone the page names. The pages print no year, so of them only the state and the parts are read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import re2
from msgspec import Struct

from vendors.records import Impact, PageState, Phase, Window
from vendors.sources.automated import machine_written
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.feeds import Entry, incident_feed
from vendors.sources.hosted import HostedPage
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import Reading, Time, oldest
from vendors.sources.pagedata import rows_in
from vendors.sources.plaintext import plain
from vendors.sources.shapes import kind_of, typed
from vendors.sources.webpage import page_root, text_in, title_of, with_class

STATES: dict[str | None, PageState] = {
    "operational": "ok",
    "degraded": "issue",
    "downtime": "issue",
    "maintenance": "maintenance",
}
IMPACTS: dict[str | None, Impact] = {
    "operational": "none",
    "resolved": "none",
    "degraded": "minor",
    "downtime": "critical",
}
_FAVICON = re2.compile(r"/(?:favicons/|og_)(operational|degraded|downtime|maintenance)-")
_STATE_OF = re2.compile(r"(?i)^\W*(investigating|identified|monitoring|resolved|update|completed|scheduled)\b\W*")
_OVER = re2.compile(r"(?i)\b(?:recovered|resolved|back (?:up|online)|completed)\b")


class _Attributes(Struct):
    company_name: str = ""
    company_url: str | None = None
    custom_domain: str | None = None
    subdomain: str | None = None
    aggregate_state: str | None = None
    updated_at: Time | None = None
    # of the included
    name: str | None = None
    public_name: str | None = None
    status: str | None = None
    title: str | None = None
    report_type: str | None = None
    starts_at: Time | None = None
    ends_at: Time | None = None
    affected_resources: list[Any] | None = None
    message: str | None = None
    published_at: Time | None = None
    status_page_section_id: int | str | None = None
    status_report_id: int | str | None = None


class _Item(Struct):
    id: str | int
    type: str
    attributes: _Attributes
    relationships: dict[str, Any] | None = None


class _Document(Struct):
    data: _Item
    included: list[Any] = []


@dataclass(slots=True)
class BetterStackReading(Reading):
    """The page's word, its reports, and the posts of each."""

    lists_open: bool = False
    word: str | None = None
    reports: dict[str, _Item] = field(default_factory=dict)
    posts: dict[str, list[Post]] = field(default_factory=dict)
    going_on: bool = False
    oldest: datetime | None = None
    reason: str = ""

    def take(self, body: bytes, what: str) -> None:
        """Read the JSON document, the feed, or the page."""
        kind = kind_of(body)
        if kind == "atom":
            self._take_feed(body, what)
        elif kind == "home":
            self._take_page(body, what)
        else:
            self._take_document(typed(body, _Document, what), what)

    def _take_document(self, document: _Document, what: str) -> None:
        page = document.data.attributes
        if document.data.type != "status_page":
            raise SourceChanged(f"{what} is a JSON:API document, but no status page of Better Stack")
        self.word, self.name, self.lists_open = page.aggregate_state, page.company_name, True
        self.url = f"https://{page.custom_domain or f'{page.subdomain}.betteruptime.com'}"
        self.note(page.updated_at)
        known = len(self.ledger.quarantined)
        items = rows_in(document.included, _Item, f"{what} included", self.ledger.quarantined)
        self.unread += len(self.ledger.quarantined) - known
        groups = {str(i.id): i.attributes.name for i in items if i.type == "status_page_section"}
        for item in items:
            told = item.attributes
            if item.type == "status_page_resource":
                self.part(told.public_name, groups.get(str(told.status_page_section_id)), identity=str(item.id))
                self.going_on |= STATES.get(told.status) == "issue"
            elif item.type == "status_report":
                self.reports[str(item.id)] = item
            elif item.type == "status_update":
                report = str(told.status_report_id or _related(item, "status_report"))
                text = plain(told.message)
                post = Post(posted_at=told.published_at, text=text, state=_phase(text), automated=machine_written(text))
                self.posts.setdefault(report, []).append(post)

    def _take_page(self, body: bytes, what: str) -> None:
        root = page_root(body, what)
        links = [n.get("href") or n.get("content") or "" for n in root.iter("link", "meta")]
        found = next((m.group(1) for link in links if (m := _FAVICON.search(link)) is not None), None)
        if found is None and b"betterstack.com" not in body and b"betteruptime.com" not in body:
            raise SourceChanged(f"{what} is a web page, but no status page of Better Stack")
        self.word = self.word or found
        self.name = self.name or title_of(root).removesuffix("status").strip()
        self.url = self.url or next(
            (n.get("content") or "" for n in root.iter("meta") if n.get("property") == "og:url"), ""
        )
        for node in with_class(root, "shrink"):
            self.part(text_in(node))

    def _take_feed(self, body: bytes, what: str) -> None:
        feed = incident_feed(body, what)
        self.name, self.url = self.name or feed.title.removesuffix("status").strip(" -|"), self.url or feed.link
        events: dict[str, list[Entry]] = {}
        for entry in feed.entries:
            events.setdefault(entry.link or entry.guid, []).append(entry)
        for link, entries in events.items():
            self._add_entries(link, [entry for entry in entries if entry.published is not None])
        times = [entry.published for entry in feed.entries]
        self.oldest = oldest(times, self.ledger.as_of)
        self.reason = f"the feed holds {len(feed.entries)} entries"

    def _add_entries(self, link: str, entries: list[Entry]) -> None:
        """One event: every entry of its link is a post, the newest one tells whether it is over."""
        if not entries:
            self.ledger.keep_out(f"feed {link[:100]}", "none of its entries has a time that can be read")
            return
        entries.sort(key=lambda e: (e.published or datetime.max.replace(tzinfo=UTC), e.guid))
        posts = []
        for entry in entries:
            text = plain(entry.content) or plain(entry.title)
            posts.append(
                Post(posted_at=entry.published, text=text, state=_phase(text), automated=machine_written(text))
            )
        identity = link.rstrip("/").rsplit("/", 1)[-1][:100] or "event"
        over = posts[-1].state == "resolved"
        self.ledger.add(
            Draft(id=identity if len(identity) > 3 else f"event-{identity}", title=plain(entries[0].title), url=link,
                  posts=posts, open=None if over else False)
        )  # fmt: skip

    def finish(self) -> None:
        """Every report once."""
        for identity, item in sorted(self.reports.items()):
            told = item.attributes
            hit = [str(r.get("status_page_resource_id")) for r in told.affected_resources or [] if isinstance(r, dict)]
            words = [r.get("status") for r in told.affected_resources or [] if isinstance(r, dict)]
            posts = self.posts.get(identity, [])
            is_open = told.ends_at is None and told.aggregate_state not in ("resolved", "operational")
            if told.report_type == "maintenance":
                window = DraftMaintenance(
                    id=identity, title=told.title or "", scheduled_for=told.starts_at, scheduled_until=told.ends_at,
                    announced_at=min((p.posted_at for p in posts if p.posted_at), default=None), components=self.named(hit),
                )  # fmt: skip
                self.ledger.add_maintenance(window)
                continue
            levels = [IMPACTS[word] for word in (told.aggregate_state, *words) if word in IMPACTS]
            worst = max(levels, key=("none", "minor", "major", "critical").index, default=None)
            if told.report_type == "automatic":
                for post in posts:
                    post.automated = True
            self.ledger.add(
                Draft(
                    id=identity, title=told.title or "", impact=None if worst == "none" and not is_open else worst,
                    raw_impact=told.aggregate_state, started_at=told.starts_at, created_at=told.starts_at,
                    resolved_at=told.ends_at, open=True if is_open else None if told.ends_at or posts else False,
                    posts=posts, components=self.named(hit),
                )
            )  # fmt: skip
            self.oldest = oldest([self.oldest, told.starts_at], self.ledger.as_of)
            self.reason = self.reason or "the page's reports and bars cover ninety days"

    def banner(self) -> PageState:
        """The page's own word, unless a part is worse off."""
        state = STATES.get(self.word, "unknown")
        return "issue" if state == "ok" and self.going_on else state

    def window(self) -> Window:
        """Back to the oldest report or entry."""
        if self.oldest is None:
            reason = self.reason or "only the present was read: the page prints no year with its dates"
            return Window(start=None, end=None, complete=False, reason=reason)
        return Window(start=self.oldest, end=self.ledger.as_of, complete=bool(self.reason), reason=self.reason)


def _related(item: _Item, name: str) -> str:
    related = (item.relationships or {}).get(name)
    data = related.get("data") if isinstance(related, dict) else None
    return str(data.get("id")) if isinstance(data, dict) else ""


def _phase(text: str) -> Phase:
    """The phase by the words of a post: a leading state, or a monitor's sentence."""
    leading = _STATE_OF.match(text)
    if leading is not None:
        word = leading.group(1).lower()
        phases: dict[str, Phase] = {
            "investigating": "investigating", "identified": "identified", "monitoring": "monitoring",
            "resolved": "resolved", "completed": "resolved",
        }  # fmt: skip
        return phases.get(word, "update")
    return "resolved" if _OVER.search(text[:300]) else "investigating" if "went down" in text else "update"


class BetterStack(HostedPage):
    """Reads a Better Stack page from its JSON, its feed, or its HTML."""

    id = "betterstack"
    name = "Better Stack"
    reading = BetterStackReading
    about = About(
        kind="product",
        tested="captures",
        reads="/index.json, /feed.rss, the page (both generations)",
        depth="ninety days in JSON; the feed reaches back for years",
        start="`starts_at`; in the feed the first entry",
        impact="degraded or downtime, of the report or its parts",
        automated="by the report's type or a monitor's wording",
        hosts=("betteruptime.com", "status.betterstack.com"),
        traps="many incidents are automatic blips; the pages print no year. JSON and feed are tested on written fixtures",
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 for the JSON document or a page by its own assets, 0.9 for a feed that names the product."""
        body = raw.body
        if raw.status >= 400 or not body:
            return 0.0
        kind = kind_of(body[:4000])
        head = body[:60_000]
        if kind == "home":
            marks = (b"betterstack.com/assets/status_pages", b"betteruptime.com/assets/status_pages", b"status-pages-v2--",
                     b"statuspage-neutral")  # fmt: skip
            return 0.95 if sum(mark in body for mark in marks) >= 2 else 0.0
        if kind == "atom":
            return 0.9 if b"betterstack" in head.lower() or b"betteruptime" in head.lower() else 0.0
        return 0.95 if b'"status_page"' in head[:400] and b'"aggregate_state"' in head else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The JSON document, the feed, the page."""
        base = page_url.rstrip("/")
        return (
            Endpoint(name="index", url=f"{base}/index.json", required=True),
            Endpoint(name="feed", url=f"{base}/feed.rss"),
            Endpoint(name="home", url=f"{base}/"),
        )


BETTERSTACK = BetterStack()
