"""From what a capture says to rows of facts: the rules every shape shares. Pure.

A reader (one module per shape) turns a capture into a `Reading` of drafts; `finish` turns drafts into records. The
vendor's sentences stop here: texts are measured and dropped, titles are made from impact and component names.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import nh3
import re2
from msgspec import UNSET

from assessments.forecast.shared_fate import named_upstreams, others
from assessments.scoring.words import measure
from vendors.records import (
    Component,
    Conflict,
    EndKnown,
    Impact,
    Incident,
    Maintenance,
    Page,
    Phase,
    SourceNote,
    Update,
)
from vendors.sources.base import Quarantined

SLACK = timedelta(minutes=5)  # claimed and posted times this close are one time (method, section 0, result 7)
MOMENT = timedelta(minutes=1)
LARGEST_VOCABULARY = 200  # longer lists are of places (data centres): one pattern of them all outgrows its automaton
NAMED = 3  # component names in a title; the rest is counted
_IMPACT_WORDS: dict[Impact | None, str] = {
    "critical": "Critical incident",
    "major": "Major incident",
    "minor": "Minor incident",
    "none": "Incident without impact",
    None: "Incident",
}
_PHASES: dict[str, Phase] = {
    "investigating": "investigating",
    "detected": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "verifying": "monitoring",
    "update": "update",
    "resolved": "resolved",
    "postmortem": "postmortem",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post about an incident, its text still there to be measured."""

    posted_at: datetime
    state: Phase
    text: str
    first_seen_at: datetime | None = None
    promised_at: datetime | None = None
    automated: bool = False
    edited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One incident as a capture tells it. `published` False: when it first became public is not known."""

    id: str
    started_at: datetime
    posts: tuple[Post, ...]
    resolved_at: datetime | None
    end_known: EndKnown
    impact: Impact | None = None
    raw_impact: str | None = None
    start_stated: bool = False
    components: tuple[str, ...] = ()
    url: str | None = None
    postmortem_url: str | None = None
    published: bool = True
    backfilled: bool | None = None
    conflicts: tuple[Conflict, ...] = ()


@dataclass(slots=True)
class Reading:
    """What one vendor's captures say, and what was set aside on the way. `vendor`: its name, who is no upstream of its own."""

    page: Page
    vendor: str = ""
    drafts: list[Draft] = field(default_factory=list)
    maintenances: list[Maintenance] = field(default_factory=list)
    set_aside: list[Quarantined] = field(default_factory=list)
    sources: list[SourceNote] = field(default_factory=list)


def phase(word: str) -> Phase:
    """The phase a source's word names; "unknown" for any other word."""
    return _PHASES.get(word.strip().lower(), "unknown")


def title_of(impact: Impact | None, components: Sequence[str]) -> str:
    """A title made of facts only: the impact, and which parts were named."""
    return f"{_IMPACT_WORDS[impact]}{_parts(components)}"


def maintenance_title(components: Sequence[str]) -> str:
    """The title of a maintenance window, made of facts only."""
    return f"Maintenance{_parts(components)}"


def _parts(components: Sequence[str]) -> str:
    if not components:
        return ", components not named"
    more = len(components) - NAMED
    return ": " + ", ".join(components[:NAMED]) + (f" and {more} more" if more > 0 else "")


def names(values: Iterable[str | None]) -> tuple[str, ...]:
    """Component names in the source's order, trimmed, each once; empty ones dropped."""
    return tuple(dict.fromkeys(value.strip()[:500] for value in values if value and value.strip()))


def plain(body: str) -> str:
    """The words of an HTML body; a body without tags comes back as it is."""
    if "<" not in body:
        return html.unescape(body) if "&" in body else body
    spaced = re2.sub(r"<(/?[a-zA-Z])", r" <\1", body)  # so that words of neighbouring blocks do not run together
    return html.unescape(nh3.clean(spaced, tags=set())).strip()


def finish(reading: Reading, *, as_of: datetime) -> tuple[tuple[Incident, ...], tuple[Component, ...]]:
    """The incidents of a reading as records, and the page's components.

    Rows whose times cannot be are put into `reading.set_aside`. Cost: the measuring of every post, about 0.3 ms each.
    """
    groups = names(part.group for part in reading.page.components)
    vocabulary = names(
        [part.name for part in reading.page.components]
        + [name for draft in reading.drafts for name in draft.components]
        + list(groups)
    )
    incidents = []
    for draft in reading.drafts:
        if draft.started_at > as_of:
            reading.set_aside.append(Quarantined(where=draft.id, reason="starts after the capture"))
            continue
        words = vocabulary if len(vocabulary) <= LARGEST_VOCABULARY else (*groups, *draft.components)
        incidents.append(_incident(_sound(draft, reading, as_of), reading, words))
    return tuple(incidents), reading.page.components


def _sound(draft: Draft, reading: Reading, as_of: datetime) -> Draft:
    """The draft with every impossible time set aside: counted in the reading, told in the incident's conflicts."""
    posts = tuple(sorted((p for p in draft.posts if p.posted_at <= as_of), key=lambda post: post.posted_at))
    if len(posts) < len(draft.posts):
        reading.set_aside.append(Quarantined(where=draft.id, reason="a post dated after the capture"))
    draft = replace(draft, posts=posts)
    if draft.resolved_at is not None and draft.resolved_at > as_of:
        reading.set_aside.append(Quarantined(where=draft.id, reason="an end dated after the capture"))
        draft = replace(draft, resolved_at=None, end_known="open")
    draft = _start_not_after_post(draft, reading)
    if draft.end_known == "upper_bound" and posts and posts[-1].state == "resolved":
        draft = replace(draft, resolved_at=posts[-1].posted_at, end_known="stated")
    if draft.resolved_at is not None and draft.resolved_at < draft.started_at:
        return _end_before_start(draft, reading)
    return _only_an_end(draft)


def _start_not_after_post(draft: Draft, reading: Reading) -> Draft:
    """A start claimed later than the first post about it cannot be: the post stands."""
    first = draft.posts[0].posted_at if draft.posts and draft.published else None
    if first is None or draft.started_at <= first:
        return draft
    if draft.started_at - first <= SLACK:
        return replace(draft, started_at=first)
    reading.set_aside.append(Quarantined(where=draft.id, reason="a start claimed after the first post about it"))
    conflict = Conflict(
        field="started_at",
        used=first.isoformat(),
        instead_of=draft.started_at.isoformat(),
        why="the source claims a start later than the first post about the incident; the post is used",
    )
    return replace(draft, started_at=first, start_stated=False, conflicts=(*draft.conflicts, conflict))


def _end_before_start(draft: Draft, reading: Reading) -> Draft:
    """An incident posted only after its claimed end: it counts from that end on the record, its length is not known."""
    ended = draft.resolved_at
    assert ended is not None
    reading.set_aside.append(Quarantined(where=draft.id, reason="an end before the start"))
    conflict = Conflict(
        field="started_at",
        used=ended.isoformat(),
        instead_of=draft.started_at.isoformat(),
        why="the source claims an end before the start; the end dates the incident, its length is taken as not known",
    )
    return replace(
        draft,
        started_at=ended,
        start_stated=False,
        resolved_at=None,
        end_known="unknown",
        backfilled=True,
        conflicts=(*draft.conflicts, conflict),
    )


def _only_an_end(draft: Draft) -> Draft:
    """A record that starts with its own resolution and lasts under a minute tells no length: 0 h would flatter."""
    opens_resolved = bool(draft.posts) and draft.posts[0].state == "resolved"
    instant = draft.resolved_at is not None and draft.resolved_at - draft.started_at < MOMENT
    if not (opens_resolved and instant):
        return draft
    return replace(draft, resolved_at=None, end_known="unknown", backfilled=True)


def _incident(draft: Draft, reading: Reading, vocabulary: Sequence[str]) -> Incident:
    first = draft.posts[0].posted_at if draft.posts and draft.published else None
    late = first is not None and draft.resolved_at is not None and first >= draft.resolved_at
    ended = draft.resolved_at is not None or draft.end_known == "unknown"
    return Incident(
        id=draft.id,
        page=reading.page.url,
        title=title_of(draft.impact, draft.components),
        impact=draft.impact,
        raw_impact=draft.raw_impact,
        status="resolved" if ended else (draft.posts[-1].state if draft.posts else "unknown"),
        started_at=draft.started_at,
        start_stated=draft.start_stated,
        first_posted_at=first,
        resolved_at=draft.resolved_at,
        end_known=draft.end_known,
        components=draft.components,
        url=draft.url,
        postmortem_url=draft.postmortem_url,
        backfilled=late if draft.backfilled is None else draft.backfilled,
        updates=tuple(_update(post, vocabulary, reading.vendor) for post in draft.posts),
        conflicts=draft.conflicts,
    )


def _update(post: Post, vocabulary: Sequence[str], vendor: str) -> Update:
    text = plain(post.text)
    measured = measure(text, vocabulary, posted_at=post.posted_at)
    understood = measured.points is not None
    return Update(
        posted_at=post.posted_at,
        state=post.state,
        first_seen_at=post.first_seen_at,
        elements=tuple(measured.elements),
        canned=measured.canned if understood else None,
        promised_at=post.promised_at or measured.promised_at,
        automated=post.automated,
        edited=post.edited,
        upstreams=others(named_upstreams([text]), vendor) or UNSET,
    )
