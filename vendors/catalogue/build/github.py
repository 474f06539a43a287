"""GitHub: three independent collections of one page, joined by incident id.

The complete objects win (exact times, stated ends); the parsed feed adds what came later; the snapshots add when a post
was first seen and whether it was edited, and the exact second where the feed rounds to the minute.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from msgspec import Struct, convert

from vendors.catalogue.build import statuspage_objects, statuspage_snapshots
from vendors.catalogue.build.captures import Captured
from vendors.catalogue.build.rows import Draft, Post, Reading, maintenance_title, names, phase
from vendors.catalogue.build.statuspage_snapshots import _IMPACTS
from vendors.records import Maintenance

LONGEST_LEAD = timedelta(hours=24)  # a start parsed from a post-mortem further back is a misread year or day


class _FeedPost(Struct):
    at: datetime
    status: str
    message: str


class _Window(Struct):
    start_at: datetime
    end_at: datetime | None = None


class _FeedIncident(Struct):
    url: str
    started_at: datetime
    resolved_at: datetime | None
    impact: str
    updates: list[_FeedPost]
    components: list[str] = []
    components_source: str | None = None
    impact_window: _Window | None = None


def read(
    reading: Reading, *, objects: list[Captured], feed: Captured, snapshots: list[Captured], windows: list[Captured]
) -> None:
    """Add the union of the three collections, each incident once, and the maintenance windows."""
    complete = Reading(page=reading.page)
    statuspage_objects.read(complete, objects, "complete incident objects; those before 2018-12 carried over in one go")
    seen = Reading(page=reading.page)
    statuspage_snapshots.read(seen, snapshots, windows)
    observed = {draft.id: draft for draft in seen.drafts}
    kept = {draft.id: _with_sightings(draft, observed.get(draft.id)) for draft in complete.drafts}
    upcoming = {item.id: item for item in (*seen.maintenances, *complete.maintenances)}
    for row in feed.lines():
        item = convert(row, _FeedIncident)
        key = item.url.rsplit("/", 1)[-1]
        if item.impact == "maintenance":
            upcoming.setdefault(key, _feed_maintenance(item, key, reading.page.url))
            continue
        if key not in kept:
            kept[key] = _feed_draft(item, key, reading.page.url, observed.get(key))
        kept[key] = _with_stated_start(kept[key], item)
    for key, draft in observed.items():
        kept.setdefault(key, draft)
    reading.drafts.extend(draft for key, draft in kept.items() if key not in upcoming)
    reading.maintenances.extend(upcoming.values())
    reading.sources.extend((*complete.sources, feed.note("parsed from snapshots of the Atom feed"), *seen.sources))


def _feed_draft(item: _FeedIncident, key: str, page: str, seen: Draft | None) -> Draft:
    """One incident of the feed. Component names a collector's model guessed are not taken; the snapshots' are."""
    guessed = item.components_source is not None
    own = () if guessed else names(item.components)
    draft = Draft(
        id=key,
        url=f"{page}/incidents/{key}",
        impact=_IMPACTS.get(item.impact),
        raw_impact=item.impact,
        started_at=item.started_at,
        resolved_at=item.resolved_at,
        end_known="stated" if item.resolved_at else "open",
        components=own or (seen.components if seen else ()),
        posts=tuple(Post(posted_at=u.at, state=phase(u.status), text=u.message) for u in item.updates),
    )
    if seen is not None and draft.started_at <= seen.started_at < draft.started_at + timedelta(minutes=1):
        draft = replace(draft, started_at=seen.started_at)
    return _with_sightings(draft, seen)


def _with_sightings(draft: Draft, seen: Draft | None) -> Draft:
    """The draft with what the snapshots saw of its posts: exact time, first sighting, edits."""
    if seen is None:
        return draft
    left = sorted(seen.posts, key=lambda post: post.posted_at)
    return replace(draft, posts=tuple(_sighted(post, left) for post in sorted(draft.posts, key=lambda p: p.posted_at)))


def _sighted(post: Post, left: list[Post]) -> Post:
    """`post` matched to the first sighting in the same minute; a sighting is used once."""
    minute = post.posted_at.replace(second=0, microsecond=0)
    for sighting in left:
        if sighting.posted_at.replace(second=0, microsecond=0) == minute:
            left.remove(sighting)
            return replace(
                post,
                posted_at=sighting.posted_at,
                first_seen_at=sighting.first_seen_at,
                edited=post.edited or sighting.edited,
            )
    return post


def _with_stated_start(draft: Draft, item: _FeedIncident) -> Draft:
    """The start a post-mortem states, where it lies before the first post and within a day of it."""
    first = min((post.posted_at for post in draft.posts), default=draft.started_at)
    window = item.impact_window
    if window is None or not timedelta(0) < first - window.start_at <= LONGEST_LEAD:
        return draft
    return replace(draft, started_at=window.start_at, start_stated=True, postmortem_url=draft.url)


def _feed_maintenance(item: _FeedIncident, key: str, page: str) -> Maintenance:
    parts = names(item.components)
    return Maintenance(
        id=key,
        title=maintenance_title(parts),
        announced_at=_earliest(item.updates, "scheduled"),
        scheduled_for=_earliest(item.updates, "in progress"),
        completed_at=_earliest(item.updates, "completed"),
        components=parts,
        url=f"{page}/incidents/{key}",
    )


def _earliest(posts: Iterable[_FeedPost], status: str) -> datetime | None:
    return min((post.at for post in posts if post.status.lower() == status), default=None)
