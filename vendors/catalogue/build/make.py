"""Builds the bundled histories: captures in, facts files, their index and the list of known pages out.

Deterministic: the same captures give the same bytes. Nothing of a vendor's text is written (see `rows`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from vendors import facts_file
from vendors.catalogue.build.captures import Captures
from vendors.catalogue.build.plan import Entry, moment
from vendors.catalogue.build.rows import Draft, Reading, finish
from vendors.records import Incident, Observation, Page, SourceNote, Vendor, VendorFacts, Window
from vendors.sources.base import Quarantined


@dataclass(frozen=True, slots=True)
class Built:
    """One vendor's facts, and the times set aside while making them."""

    facts: VendorFacts
    set_aside: tuple[Quarantined, ...]


def build(entry: Entry, captures: Captures) -> Built:
    """The facts of one vendor. Raises Refused when a capture is missing, FactsError when the result breaks a rule."""
    reading = Reading(page=_page(entry, captures), vendor=entry.name)
    entry.read(reading, captures)
    _once(reading)
    as_of = moment(entry.as_of)
    as_of = max([as_of, *_sightings(reading)])
    incidents, _ = finish(reading, as_of=as_of)
    start = moment(entry.since) if entry.since else min(incident.started_at for incident in incidents)
    facts = VendorFacts(
        vendor=Vendor(name=entry.name, slug=entry.slug, category=entry.category),
        as_of=as_of,
        pages=(reading.page,),
        window=Window(start=start, end=as_of, complete=entry.complete, reason=entry.reason),
        incidents=incidents,
        maintenances=tuple(reading.maintenances),
        openness=tuple(_openness(entry, reading.page, incidents, reading, as_of)),
        sources=(*reading.sources, *_set_aside_note(reading)),
    )
    return Built(facts_file.loads(facts_file.dumps(facts)), tuple(reading.set_aside))


def _page(entry: Entry, captures: Captures) -> Page:
    return Page(
        url=entry.page,
        platform=entry.platform,
        name=entry.page_name,
        access="public",
        state=entry.state,
        components=entry.components(captures) if entry.components else (),
    )


def _once(reading: Reading) -> None:
    """Drop a second row of the same id (the fuller one stays); every drop is counted."""
    kept: dict[str, Draft] = {}
    for draft in reading.drafts:
        other = kept.get(draft.id)
        if other is not None:
            reading.set_aside.append(
                Quarantined(where=draft.id, reason="listed twice; the row with more posts is kept")
            )
        if other is None or len(draft.posts) > len(other.posts):
            kept[draft.id] = draft
    reading.drafts = list(kept.values())
    reading.maintenances = list({item.id: item for item in reading.maintenances}.values())


def _sightings(reading: Reading) -> Iterator[datetime]:
    """When the collectors saw things: the record reaches at least to the last of them."""
    for draft in reading.drafts:
        for post in draft.posts:
            if post.first_seen_at is not None:
                yield post.first_seen_at
        if draft.end_known == "upper_bound" and draft.resolved_at is not None:
            yield draft.resolved_at


def _set_aside_note(reading: Reading) -> Iterator[SourceNote]:
    if not reading.set_aside:
        return
    counted = Counter(row.reason for row in reading.set_aside)
    told = "; ".join(f"{count} x {reason}" for reason, count in sorted(counted.items()))
    yield SourceNote(name="Times set aside while building", retrieved="at building", note=told[:500])


def _openness(
    entry: Entry, page: Page, incidents: tuple[Incident, ...], reading: Reading, as_of: datetime
) -> Iterator[Observation]:
    """What the captures show about the page itself; what they do not show is left out, not denied."""
    yield Observation(
        check="access",
        outcome="pass",
        value="public",
        observed_at=as_of,
        url=page.url,
        note="the record was collected from the public page without an account",
    )
    if entry.feed is not None:
        yield Observation(
            check="machine-readable-feed",
            outcome="partial" if entry.feed.kind == "RSS" else "pass",
            value=entry.feed.kind,
            observed_at=moment(entry.feed.seen_at),
            url=page.url + entry.feed.path,
        )
    if entry.reach is not None:
        yield _reach(entry, page)
    if page.components and entry.components_read_at:
        yield Observation(
            check="component-granularity",
            outcome="pass" if len(page.components) >= 5 else "partial",
            value=float(len(page.components)),
            observed_at=moment(entry.components_read_at),
            url=page.url,
            note="components listed on the page",
        )
    yield _post_mortems(entry, page, incidents, as_of)
    # The outcome says that the section is there; the check itself judges the lead times.
    announced = [item for item in reading.maintenances if item.announced_at and item.scheduled_for]
    if announced:
        yield Observation(
            check="maintenance-notice",
            outcome="pass",
            value=float(len(announced)),
            observed_at=as_of,
            url=page.url,
            note="maintenance windows published with the time they were announced",
        )


def _post_mortems(entry: Entry, page: Page, incidents: tuple[Incident, ...], as_of: datetime) -> Observation:
    """How many incidents the record marks as explained; unknown where the source carries no such mark at all."""
    learned = [incident for incident in incidents if incident.postmortem_url]
    if not learned and not entry.shows_postmortems:
        return Observation(
            check="post-mortems",
            outcome="unknown",
            observed_at=as_of,
            url=page.url,
            note="the source read does not show whether post-mortems are published",
        )
    return Observation(
        check="post-mortems",
        outcome="pass" if learned else "fail",
        value=float(len(learned)),
        observed_at=as_of,
        url=learned[-1].postmortem_url if learned else page.url,
        note="incidents of the record followed by a post-mortem on the page",
    )


def _reach(entry: Entry, page: Page) -> Observation:
    reach = entry.reach
    assert reach is not None
    days = (moment(reach.read_at) - moment(reach.oldest)).days
    return Observation(
        check="history-reach",
        outcome="pass" if days >= 730 else "partial" if days >= 90 else "fail",
        value=float(days),
        observed_at=moment(reach.read_at),
        url=page.url + reach.path,
        note=f"days back to the oldest incident that document told; {reach.note}",
    )
