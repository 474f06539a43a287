"""Upptime: a GitHub repository that checks sites, counts minutes down a day, and opens an issue for each outage.

Everything here a machine wrote. The summary tells how each site is now and how many minutes it was down on which day; only
the issues tell when an outage began and ended, so no outage is made from the minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import re2
from msgspec import Struct

from vendors.records import PageState, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.hosted import HostedPage
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import Reading, Time, instant, oldest
from vendors.sources.pagedata import rows_in
from vendors.sources.richtext import markdown
from vendors.sources.shapes import refuse_what_is_no_json, typed

_LINE = re2.compile(r"^([a-zA-Z]{2,20}): (.{0,500})$")
_SITE = re2.compile(r"(?m)^\s{0,8}-\s+name:\s*(.{1,200}?)\s*$")
_REPOSITORY = re2.compile(r"^https?://github\.com/([A-Za-z0-9._-]{1,100})/([A-Za-z0-9._-]{1,100})")
_WORK = re2.compile(r"(?s)<!--\s*start:\s*(\S{8,40})\s+end:\s*(\S{8,40})")


class _Site(Struct):
    name: str
    slug: str
    status: str
    url: str | None = None
    dailyMinutesDown: dict[str, float] = {}


class _Label(Struct):
    name: str


class _Issue(Struct):
    number: int
    title: str
    created_at: Time
    closed_at: Time | None = None
    body: str | None = None
    html_url: str | None = None
    state: str | None = None
    labels: list[_Label] = []


class _Badge(Struct):
    schemaVersion: int
    label: str
    message: str


@dataclass(slots=True)
class UpptimeReading(Reading):
    """Sites by how they are, and issues."""

    lists_open: bool = False
    whole: bool = False
    statuses: set[str] = field(default_factory=set)
    minutes: float = 0.0
    issues: int = 0
    oldest: datetime | None = None

    def take(self, body: bytes, what: str) -> None:
        """Read the summary, a site's file, the configuration, a badge, or the repository's issues."""
        text = body.lstrip(b"\xef\xbb\xbf \t\r\n")
        if text[:1] == b"[":
            self._take_list(typed(body, list[Any], what), what)
        elif text[:1] == b"{":
            typed(body, _Badge, what)  # a figure for a picture: it tells neither state nor outage
        else:
            self._take_file(body, what)

    def _take_list(self, rows: list[Any], what: str) -> None:
        faults = self.ledger.quarantined
        known = len(faults)
        if rows and isinstance(rows[0], dict) and "dailyMinutesDown" in rows[0]:
            self.whole = True
            for site in rows_in(rows, _Site, what, faults):
                self.part(site.name, identity=site.slug)
                self.statuses.add(site.status)
                self.minutes += sum(m for m in site.dailyMinutesDown.values() if 0 <= m <= 1440)
            self.unread += len(faults) - known
            return
        issues = rows_in(rows, _Issue, what, faults)
        if rows and not issues:
            raise SourceChanged(f"{what} is a list, but neither of Upptime's sites nor of a repository's issues")
        self.lists_open = True
        for issue in issues:
            self._add(issue)
        self.unread += len(faults) - known

    def _take_file(self, body: bytes, what: str) -> None:
        """A file of "key: value" lines about one site, or the list of sites in the configuration."""
        text = body.decode("utf-8", "replace")
        if "\nsites:" in f"\n{text}" and "\nowner:" in f"\n{text}":
            for match in _SITE.finditer(text[:200_000]):
                self.part(match.group(1).strip("\"'"))
            return
        told = dict(m.groups() for line in text.splitlines()[:50] if (m := _LINE.match(line.rstrip())) is not None)
        if "status" not in told or "lastUpdated" not in told:
            refuse_what_is_no_json(body, what)
            raise SourceChanged(f"{what} is no file of Upptime: it names neither a status nor when it was checked")
        self.note(instant(told["lastUpdated"]), instant(told.get("startTime", "")))
        self.part(told.get("url", ""))
        if told["status"] != "up":
            self.statuses.add(told["status"])  # one site that is up says nothing of the others

    def _add(self, issue: _Issue) -> None:
        labels = {label.name for label in issue.labels}
        identity = f"issue-{issue.number}"
        self.note(issue.created_at, issue.closed_at)
        names = [part.name for part in self.components.values() if part.id in labels]
        if "maintenance" in labels:
            found = _WORK.search(issue.body or "")
            begin, end = (instant(found.group(1)), instant(found.group(2))) if found is not None else (None, None)
            self.ledger.add_maintenance(
                DraftMaintenance(id=identity, title=issue.title, announced_at=issue.created_at, scheduled_for=begin,
                                 scheduled_until=end, completed_at=issue.closed_at, components=names, url=issue.html_url)
            )  # fmt: skip
        elif "status" in labels:
            self.issues += 1
            self.oldest = oldest([self.oldest, issue.created_at], self.ledger.as_of)
            post = Post(posted_at=issue.created_at, text=markdown(issue.body), state="investigating", automated=True)
            self.ledger.add(
                Draft(id=identity, title=issue.title, created_at=issue.created_at, started_at=issue.created_at,
                      resolved_at=issue.closed_at, open=issue.closed_at is None, posts=[post], components=names,
                      url=issue.html_url)
            )  # fmt: skip

    def banner(self) -> PageState:
        """By how the sites are: well only where the summary was read and every site in it is up."""
        if self.statuses & {"down", "degraded"}:
            return "issue"
        return "ok" if self.whole and self.statuses == {"up"} else "unknown"

    def window(self) -> Window:
        """Back to the oldest issue."""
        if self.oldest is None:
            reason = "only one file was read, which tells the present of a site or a figure"
            if self.whole:
                reason = (
                    f"the summary counts {self.minutes:.0f} minutes down, but only issues tell when; none were read"
                )
            return Window(start=None, end=None, complete=False, reason=reason)
        reason = f"{self.issues} issues of the repository, one page of at most a hundred"
        return Window(start=self.oldest, end=self.ledger.as_of, complete=self.issues < 100, reason=reason)


class Upptime(HostedPage):
    """Reads a repository of Upptime, from its summary and its issues."""

    id = "upptime"
    name = "Upptime"
    reading = UpptimeReading
    about = About(
        kind="host",
        tested="captures",
        reads="history/summary.json, history/<site>.yml, the repository's issues",
        depth="a hundred issues; minutes down by day in the summary",
        start="the issue's, to the check that failed",
        impact="no",
        automated="all of it",
        traps="percentages are text; the minutes of a day do not say when. The issues are tested on a written fixture",
        probed=False,
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 by keys of the summary or of a site's file; 0.5 for a badge, which other software writes too."""
        head = raw.body[:20_000]
        if raw.status >= 400 or not head:
            return 0.0
        if b'"dailyMinutesDown"' in head and b'"slug"' in head:
            return 0.95
        if b"generator: Upptime" in head or (b"\nsites:" in head and b"owner:" in head and b"repo:" in head):
            return 0.95
        if b'"labels"' in head and b'"closed_at"' in head and b"pptime" in head:
            return 0.7
        is_badge = b'"schemaVersion"' in head[:200] and len(raw.body) < 500
        return 0.5 if is_badge and (b'"uptime"' in head or b'"response time"' in head) else 0.0

    def base_of(self, url: str) -> str | None:
        """The repository, for an address of GitHub."""
        match = _REPOSITORY.match(url)
        return f"https://github.com/{match.group(1)}/{match.group(2)}" if match is not None else None

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The summary and the issues of the repository; for a site of its own, the summary it links is not known."""
        match = _REPOSITORY.match(page_url)
        if match is None:
            return (Endpoint(name="summary", url=f"{page_url.rstrip('/')}/history/summary.json", required=True),)
        owner, repo = match.groups()
        issues = f"https://api.github.com/repos/{owner}/{repo}/issues?labels=status&state=all&per_page=100"
        return (
            Endpoint(name="summary", url=f"https://raw.githubusercontent.com/{owner}/{repo}/HEAD/history/summary.json", required=True),
            Endpoint(name="issues", url=issues),
        )  # fmt: skip


UPPTIME = Upptime()
