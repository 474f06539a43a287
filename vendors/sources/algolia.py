"""Algolia's own page, by its public monitoring interface: a status for each cluster, and a log of each cluster's words.

The log is `{cluster: [{t, v: {title, body, status}}]}`, times in milliseconds. The same words under several clusters are one
post; posts of one title belong to one incident until "operational" closes it. Incidents have no ids of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from vendors.records import IMPACT_ORDER, Impact, PageState, Phase, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged, on_host
from vendors.sources.ledger import Draft, Post
from vendors.sources.own import OwnPage, Reading, either, moment, oldest
from vendors.sources.plaintext import plain
from vendors.sources.shapes import ROWS_CAP, rows_of

_STATES: dict[object, PageState] = {
    "operational": "ok",
    "degraded_performance": "issue",
    "partial_outage": "issue",
    "major_outage": "issue",
}
_IMPACTS: dict[str, Impact] = {"degraded_performance": "minor", "partial_outage": "major", "major_outage": "critical"}


class _Words(Struct):
    title: str
    status: str
    body: str = ""


class _Entry(Struct):
    t: int | float
    v: _Words


class _Answer(Struct):
    status: dict[str, str] | None = None
    incidents: dict[str, list[_Entry]] | None = None


class _Pieces(Struct):
    status: dict[str, Any] | None = None
    incidents: dict[str, list[msgspec.Raw]] | None = None


@dataclass(slots=True)
class _Told:
    """One post, with the clusters that carry it."""

    at: datetime
    words: _Words
    clusters: set[str] = field(default_factory=set)


@dataclass(slots=True)
class AlgoliaReading(Reading):
    """What the documents tell: the clusters' states, and every post once."""

    statuses: dict[str, object] = field(default_factory=dict)
    posts: dict[tuple[str, str, str, datetime], _Told] = field(default_factory=dict)
    oldest: datetime | None = None

    def take(self, body: bytes, what: str) -> None:
        """Read the clusters' states or their log."""
        answer = either(body, _Answer, _Pieces, what)
        if answer.status is None and answer.incidents is None:
            raise SourceChanged(f"{what} is JSON with neither states nor incidents of Algolia's clusters")
        self.statuses.update(answer.status or {})
        for cluster in answer.status or {}:
            self.part(cluster)
        for cluster, rows in (answer.incidents or {}).items():
            self._log(cluster, list(rows), what)
        self.oldest = oldest([self.oldest, *(post.at for post in self.posts.values())], self.ledger.as_of)

    def finish(self) -> None:
        """Every incident once."""
        titles: dict[str, list[_Told]] = {}
        for post in sorted(self.posts.values(), key=lambda post: (post.at, post.words.status, post.words.body)):
            titles.setdefault(post.words.title, []).append(post)
        for title, posts in titles.items():
            for run in _runs(posts):
                self._add(title, run)

    def banner(self) -> PageState:
        """The worst cluster; "unknown" where none is told or one tells something else."""
        states = {_STATES.get(status, "unknown") for status in self.statuses.values() if isinstance(status, str)}
        if any(not isinstance(status, str) for status in self.statuses.values()):
            states.add("unknown")
        order: tuple[PageState, ...] = ("issue", "unknown", "ok")
        return next((state for state in order if state in states), "unknown")

    def window(self) -> Window:
        """Back to the oldest post of the log."""
        if self.oldest is None:
            return Window(start=None, end=None, complete=False, reason="only the clusters' present states were read")
        reason = "the log of the clusters holds what the page publishes; how far back is not documented"
        return Window(start=self.oldest, end=self.ledger.as_of, complete=False, reason=reason)

    def _log(self, cluster: str, rows: list[Any], what: str) -> None:
        faults = self.ledger.quarantined
        decoded = (
            rows if rows and isinstance(rows[0], _Entry) else rows_of(rows, _Entry, f"{what} {cluster[:40]}", faults)
        )
        for n, entry in enumerate(decoded):
            at = moment(entry.t)
            if at is None or len(self.posts) >= ROWS_CAP:
                self.ledger.keep_out(f"{what} {cluster[:40]}[{n}]", "its time is none, or there are too many posts")
                continue
            key = (entry.v.title, entry.v.status, entry.v.body, at)
            self.posts.setdefault(key, _Told(at, entry.v)).clusters.add(cluster)

    def _add(self, title: str, run: list[_Told]) -> None:
        clusters = sorted(set().union(*(post.clusters for post in run)))
        impacts = [_IMPACTS[post.words.status] for post in run if post.words.status in _IMPACTS]
        raws = dict.fromkeys(post.words.status for post in run if post.words.status != "operational")
        digest = hashlib.sha256(title.encode("utf-8", "replace")).hexdigest()[:12]
        self.ledger.add(
            Draft(
                id=f"{run[0].at:%Y%m%dT%H%M%S}-{digest}",
                title=title,
                impact=max(impacts, key=IMPACT_ORDER.index, default=None),
                raw_impact=", ".join(raws) or None,
                status=run[-1].words.status,
                open=self._is_open(run, clusters),
                posts=[
                    Post(posted_at=post.at, text=plain(post.words.body), state=_phase(n, post.words.status))
                    for n, post in enumerate(run)
                ],
                components=clusters,
            )
        )

    def _is_open(self, run: list[_Told], clusters: list[str]) -> bool | None:
        """Not after "operational", nor where every one of its clusters says so now; None where no state was asked."""
        if run[-1].words.status == "operational":
            return False
        if not self.statuses:
            return None
        return any(self.statuses.get(cluster) != "operational" for cluster in clusters)


def _runs(posts: list[_Told]) -> Iterator[list[_Told]]:
    """The posts of one title, oldest first, cut after each that says "operational"; such a one alone opens nothing."""
    run: list[_Told] = []
    for post in posts:
        run.append(post)
        if post.words.status == "operational":
            yield run
            run = []
    if run:
        yield run


def _phase(position: int, status: str) -> Phase:
    if status == "operational":
        return "resolved"
    return "update" if position else "investigating"


class Algolia(OwnPage):
    """Reads status.algolia.com through its monitoring interface."""

    id = "algolia"
    name = "Algolia Status"
    home = "https://status.algolia.com"
    vendor = "Algolia"
    reading = AlgoliaReading
    about = About(
        kind="own",
        tested="written",
        reads="/1/status, /1/incidents",
        depth="the log of the clusters, as far as the page publishes it",
        start="no; the first post",
        impact="states: degraded performance (minor), partial outage (major), major outage (critical)",
        hosts=("status.algolia.com",),
        traps="no ids: one incident is repeated under every cluster and told apart by its title",
    )

    def recognise(self, raw: Raw) -> float:
        """0.9 for a log of clusters, 0.5 for their states, 0.9 for those from its host, 0 else."""
        head = raw.body[:100_000]
        if raw.status >= 400 or head[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{" or len(raw.body) > 5_000_000:
            return 0.0
        if b'"incidents"' in head[:200] and b'"t"' in head and b'"v"' in head and b'"status"' in head:
            return self._sureness(raw, log=True)
        if b'"status"' in head[:200] and any(b'"%s"' % word.encode() in head for word in (*_IMPACTS, "operational")):
            return self._sureness(raw, log=False)
        return 0.0

    def _sureness(self, raw: Raw, *, log: bool) -> float:
        try:
            answer = either(raw.body, _Answer, _Pieces, "it")
        except SourceChanged:
            return 0.0
        rows = answer.incidents if log else answer.status
        is_here = on_host(raw.final_url or raw.url, self.about.hosts)
        if not rows or not (log or is_here or all(_is_cluster(name) for name in rows)):
            return 0.0
        return 0.9 if is_here or (log and any(rows.values())) else 0.5

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The clusters' states, and their log."""
        base = page_url.rstrip("/")
        return (
            Endpoint(name="status", url=f"{base}/1/status", required=True),
            Endpoint(name="incidents", url=f"{base}/1/incidents"),
        )


def _is_cluster(name: str) -> bool:
    """Whether it is a cluster's name: "c4-de", "d85-usw-2"."""
    first, dash, rest = name.partition("-")
    return bool(dash and rest) and len(name) <= 40 and first[1:].isdigit() and first[:1].isalpha()


ALGOLIA = Algolia()
