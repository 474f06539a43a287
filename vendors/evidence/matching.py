"""Setting what an independent observer saw against what the vendor published: capture and recapture. Pure.

Of n events an outsider saw, the vendor told m: that is the share c it publishes (method, section 2.5 c). The observer knows
nothing of the vendor's page, so what it saw and the page missed stands for all that the page misses.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vendors.evidence.spans import most_apart
from vendors.records import Incident, Maintenance, ObservedSpan, Window

REACH = timedelta(minutes=60)  # source: method, section 4.1: a post counts as about an outage up to an hour from it
LONGEST = timedelta(days=30)  # source: method, section 2.1: what is open longer is a known issue, not an outage
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Match:
    """One failure seen and the incident it is. `delay_minutes` runs from the start seen to the first post, below 0 where
    the vendor was first; None where the incident has no first post. `overlap_minutes` is 0 where only a post is near."""

    span: ObservedSpan
    incident: Incident
    delay_minutes: float | None
    overlap_minutes: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was seen against what was told. Every span stands in exactly one of the tuples.

    `matches`: one span, one incident. `repeated`: it fits an incident that another span is matched to. `missed`: nothing
    published fits. Not counted: `short` ones, those `outside` the published window (or too near its end to have been
    posted about), those in announced `maintenance`.
    """

    matches: tuple[Match, ...] = ()
    repeated: tuple[ObservedSpan, ...] = ()
    missed: tuple[ObservedSpan, ...] = ()
    short: tuple[ObservedSpan, ...] = ()
    outside: tuple[ObservedSpan, ...] = ()
    maintenance: tuple[ObservedSpan, ...] = ()
    told_count: int = 0
    missed_count: int = 0

    @property
    def seen_count(self) -> int:
        """n: events seen that the vendor could have told; several observers of one event count once."""
        return self.told_count + self.missed_count

    @property
    def share(self) -> float | None:
        """m / n, the share of what was seen that was told, 0-1; None where nothing was seen."""
        return self.told_count / self.seen_count if self.seen_count else None


@dataclass(frozen=True, slots=True)
class _Pair:
    """A span (by number) that fits an incident (by number), and how well."""

    span: int
    incident: int
    overlap: timedelta
    away: timedelta


def agree(
    spans: Sequence[ObservedSpan],
    incidents: Iterable[Incident],
    maintenances: Iterable[Maintenance],
    window: Window,
    *,
    as_of: datetime,
    shortest_minutes: float = 5.0,
) -> Agreement:
    """What was seen, matched one to one with what was published: the largest overlap first, then the nearest first post.

    An incident fits a span it overlaps, or about which something was posted within an hour of it. Incidents learnt
    elsewhere than from the vendor are not looked at. One more span that fits never makes fewer told, one more of any kind
    never fewer missed. The order of the arguments does not matter; cost n log n and the number of fits.
    """
    if not spans:
        return Agreement()
    kept: dict[str, list[ObservedSpan]] = {name: [] for name in ("short", "outside", "maintenance", "counted")}
    works = _works(maintenances)
    for span in sorted(spans, key=lambda s: (s.start, s.observer, s.end or as_of, s.note or "")):
        kept[_fate(span, window, works, as_of, shortest_minutes)].append(span)
    counted = kept.pop("counted")
    published = sorted((i for i in incidents if not i.is_reported), key=lambda i: (i.started_at, i.page, i.id))
    pairs = list(_pairs(counted, published, as_of, shortest_minutes))
    pairs.sort(key=lambda pair: (-pair.overlap, pair.away, pair.span, pair.incident))
    taken: dict[int, _Pair] = {}
    used: set[int] = set()
    for pair in pairs:
        if pair.span not in taken and pair.incident not in used:
            taken[pair.span] = pair
            used.add(pair.incident)
    fitting = {pair.span for pair in pairs}
    missed = [n for n in range(len(counted)) if n not in fitting]

    def events(numbers: Iterable[int]) -> int:
        return most_apart((counted[n].start, _until(counted[n], shortest_minutes)) for n in numbers)

    return Agreement(
        matches=tuple(_match(counted[n], published[taken[n].incident], taken[n]) for n in sorted(taken)),
        repeated=tuple(counted[n] for n in sorted(fitting - taken.keys())),
        missed=tuple(counted[n] for n in missed),
        told_count=min(len(taken), events(fitting)),
        missed_count=events(missed),
        **{name: tuple(rows) for name, rows in kept.items()},
    )


def posterior(a: float, b: float, seen: Agreement, *, floor: float) -> tuple[float, float]:
    """Beta(a, b) of the share published, after what was seen: a + m, and b + the missed ones.

    The mean does not fall below `floor` for it: misses beyond that are not counted, because a page that tells something is
    no worse than none at all.
    """
    told = a + seen.told_count
    most = max(b, told * (1 / floor - 1)) if floor > 0 else float("inf")
    return told, min(b + seen.missed_count, most)


def _match(span: ObservedSpan, incident: Incident, pair: _Pair) -> Match:
    first = incident.first_posted_at
    return Match(span, incident, None if first is None else (first - span.start) / MINUTE, pair.overlap / MINUTE)


def _until(span: ObservedSpan, shortest_minutes: float) -> datetime:
    """Its end; of an open one only that it lasted long enough to count is taken as known."""
    return span.start + shortest_minutes * MINUTE if span.end is None else span.end


def _fate(
    span: ObservedSpan, window: Window, works: list[tuple[datetime, datetime]], as_of: datetime, shortest_minutes: float
) -> str:
    end = _until(span, shortest_minutes)
    if end - span.start < shortest_minutes * MINUTE:
        return "short"
    if window.start is None or window.end is None:
        return "outside"
    if not window.start <= span.start <= min(window.end, as_of) - REACH:
        return "outside"
    if any(start < end and span.start < until for start, until in works):
        return "maintenance"
    return "counted"


def _works(maintenances: Iterable[Maintenance]) -> list[tuple[datetime, datetime]]:
    """Announced windows with both ends, overlapping ones joined."""
    found: list[tuple[datetime, datetime]] = []
    for one in maintenances:
        end = max((at for at in (one.completed_at, one.scheduled_until) if at is not None), default=None)
        if one.scheduled_for is not None and end is not None and end > one.scheduled_for:
            found.append((one.scheduled_for, end))
    return _union(found)


def _union(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _pairs(
    spans: Sequence[ObservedSpan], incidents: Sequence[Incident], as_of: datetime, shortest_minutes: float
) -> Iterator[_Pair]:
    """Every fit, by a sweep over time. `spans` are in order of their starts."""
    posts = [_posts(incident) for incident in incidents]
    ends = [_end(incident, as_of) for incident in incidents]
    reach = [
        (min([i.started_at, *at]) - REACH, max([end, *at]) + REACH)
        for i, end, at in zip(incidents, ends, posts, strict=True)
    ]
    order = sorted(range(len(incidents)), key=lambda n: reach[n][0])
    place, active = 0, list[tuple[datetime, int]]()
    # a span may be long, so that a later, shorter one reaches less far: what came in reach stays until it is over
    for number, span in enumerate(spans):
        until = _until(span, shortest_minutes)
        while place < len(order) and reach[order[place]][0] <= until:
            heapq.heappush(active, (reach[order[place]][1], order[place]))
            place += 1
        while active and active[0][0] < span.start:
            heapq.heappop(active)
        for _, n in active:
            fit = _fit(span.start, until, incidents[n].started_at, ends[n], posts[n])
            if fit is not None:
                yield _Pair(number, n, *fit)


def _fit(
    start: datetime, until: datetime, began: datetime, over: datetime, posts: Sequence[datetime]
) -> tuple[timedelta, timedelta] | None:
    """How much both overlap and how far the first post is from the start; None where they have nothing to do with each other."""
    overlap = min(until, over) - max(start, began)
    near = any(start - REACH <= at <= until + REACH for at in posts)
    if overlap < timedelta(0) and not near:
        return None
    return max(overlap, timedelta(0)), abs((posts[0] if posts else began) - start)


def _posts(incident: Incident) -> list[datetime]:
    """When something was posted while it mattered, oldest first; a post-mortem is no notice."""
    times = {update.posted_at for update in incident.updates if update.state != "postmortem"}
    if incident.first_posted_at is not None:
        times.add(incident.first_posted_at)
    return sorted(times)


def _end(incident: Incident, as_of: datetime) -> datetime:
    """When it ends for matching: stated or now, at most thirty days on; its start where nobody says."""
    if incident.end_known == "unknown":
        return incident.started_at
    return min(incident.resolved_at or as_of, incident.started_at + LONGEST)
