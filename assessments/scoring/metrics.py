"""What the record shows, in figures: outages joined, hours lost, delays of the first notice. Pure.

Everything here looks at the record as it was known at `as_of`: call `as_known` first (the pipeline does).
What was said about them is in `communication`. Method, section 2.1. Hours unless a name says otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from assessments.scoring.model import Accounting, PublishedRecord
from assessments.scoring.rubric import number, rubric
from vendors.evidence.matching import Agreement, agree
from vendors.records import Incident, ObservedSpan, VendorFacts

Preset = Literal["strict", "typical", "lenient"]
PRESETS: tuple[Preset, ...] = ("strict", "typical", "lenient")
HOUR = timedelta(hours=1)
YEAR_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class Outage:
    """One or several overlapping incidents joined. `end` is None while open; `hours` None when the length is not known.

    `core`: at least one incident of major or critical (or unstated) impact. `share` is the part of the service lost,
    0-1: the largest impact weight times the share of components named; `parts` the largest share of components alone.
    It lasted at least `least_hours` (to the last word, where no end is stated) and at most `most_hours` (None: no bound).
    An upper bound of an end counts as the end: pages are read every half-hour or oftener, so it is that much too long.
    """

    start: datetime
    end: datetime | None
    hours: float | None
    core: bool
    share: float
    parts: float
    least_hours: float
    most_hours: float | None
    incidents: tuple[Incident, ...]

    @property
    def is_open(self) -> bool:
        """Whether it was still open at `as_of`."""
        return self.end is None and any(incident.end_known == "open" for incident in self.incidents)


def as_known(facts: VendorFacts, as_of: datetime) -> VendorFacts:
    """The facts as they stood at `as_of`: nothing posted later remains, ends that lay ahead are open again.

    Observations of the page are not posts: where none is old enough, the later ones stand in (docs/adr/0003).
    """
    if as_of >= facts.as_of:
        return facts
    incidents = tuple(
        _incident_as_known(incident, as_of)
        for incident in facts.incidents
        if (incident.first_posted_at or incident.started_at) <= as_of
    )
    window = facts.window
    end = min(window.end, as_of) if window.end else None
    start = window.start if window.start and end and window.start <= end else None
    return msgspec.structs.replace(
        facts,
        as_of=as_of,
        pages=tuple(msgspec.structs.replace(page, state="unknown") for page in facts.pages),
        incidents=incidents,
        maintenances=tuple(
            m if m.completed_at is None or m.completed_at <= as_of else msgspec.structs.replace(m, completed_at=None)
            for m in facts.maintenances
            if (m.announced_at or m.scheduled_for or as_of) <= as_of
        ),
        backup=tuple(a for a in facts.backup if a.answered_at is None or a.answered_at <= as_of),
        openness=tuple(o for o in facts.openness if o.observed_at <= as_of) or facts.openness,
        replies=tuple(r for r in facts.replies or () if r.filed_at <= as_of) or msgspec.UNSET,
        observed=tuple(_span_as_known(span, as_of) for span in facts.observed if span.start <= as_of),
        window=msgspec.structs.replace(window, start=start, end=end if start else None),
    )


def _incident_as_known(incident: Incident, as_of: datetime) -> Incident:
    updates = tuple(update for update in incident.updates if update.posted_at <= as_of)
    still_open = incident.resolved_at is not None and incident.resolved_at > as_of
    if not still_open and len(updates) == len(incident.updates):
        return incident
    told_later = any(u.state == "postmortem" and u.posted_at > as_of for u in incident.updates)
    told = any(u.state == "postmortem" for u in updates)
    return msgspec.structs.replace(
        incident,
        updates=updates,
        postmortem_url=None if still_open or (told_later and not told) else incident.postmortem_url,
        resolved_at=None if still_open else incident.resolved_at,
        end_known="open" if still_open else incident.end_known,
        status="open" if still_open else incident.status,
    )


def _span_as_known(span: ObservedSpan, as_of: datetime) -> ObservedSpan:
    return span if span.end is None or span.end <= as_of else msgspec.structs.replace(span, end=None)


def seen_against_told(facts: VendorFacts, as_of: datetime) -> Agreement:
    """What independent observers saw against what the vendor published, in the covered window. Method, section 2.5 c."""
    return agree(
        facts.observed,
        facts.incidents,
        facts.maintenances,
        facts.window,
        as_of=as_of,
        shortest_minutes=number("outages", "shortest_minutes"),
    )


def notice_delays(facts: VendorFacts, as_of: datetime) -> list[tuple[Incident, float]]:
    """Minutes from the start of an outage to its first public post, for incidents whose start is known apart from it.

    The start is the one the source states; where it states none, the one an independent observer saw (below 0 where the
    vendor was first). Incidents posted after the fact are left out.
    """
    seen = {(m.incident.page, m.incident.id): m.delay_minutes for m in seen_against_told(facts, as_of).matches}
    delays = []
    for incident in facts.incidents:
        first = incident.first_posted_at
        if first is None or incident.backfilled or not qualifies(incident, as_of):
            continue
        if incident.start_stated:
            delays.append((incident, (first - incident.started_at) / timedelta(minutes=1)))
        elif (measured := seen.get((incident.page, incident.id))) is not None:
            delays.append((incident, measured))
    return delays


def impact_weight(incident: Incident, preset: Preset = "typical") -> float:
    """The share of the service an incident of that impact takes, 0-1, under an accounting preset."""
    return float(rubric()["presets"][preset][incident.impact or "unknown"])


def is_core(incident: Incident) -> bool:
    """Whether it belongs to the severity-floor core: major or critical, or an impact nobody states (docs/adr/0004)."""
    return incident.impact in ("major", "critical", None)


def qualifies(incident: Incident, as_of: datetime) -> bool:
    """Whether an incident is an outage for rates: some impact, at least five minutes, inside the record."""
    if incident.started_at > as_of or impact_weight(incident) <= 0:
        return False
    hours = elapsed_hours(incident, as_of)
    return hours is None or hours * 60 >= number("outages", "shortest_minutes")


def elapsed_hours(incident: Incident, as_of: datetime) -> float | None:
    """Hours from start to end, or to `as_of` while open; None when the end is not known at all."""
    if incident.end_known == "unknown":
        return None
    return max(0.0, ((incident.resolved_at or as_of) - incident.started_at) / HOUR)


def is_stale_open(incident: Incident, as_of: datetime) -> bool:
    """Open, and without a word for longer than the rubric allows: it counts up to its last word, and is flagged."""
    if incident.end_known != "open":
        return False
    return as_of - last_word(incident) > timedelta(days=number("outages", "stale_open_days"))


def last_word(incident: Incident) -> datetime:
    """When it was last spoken of while it lasted; its start where nothing was posted. A post-mortem comes after."""
    spoken = [update.posted_at for update in incident.updates if update.state != "postmortem"]
    return max((incident.started_at, *spoken))


def component_share(facts: VendorFacts, incident: Incident, *, listed: frozenset[str] | None = None) -> float:
    """Share of the service's parts the incident names, 0.05-1; 1 where it names none or fewer than 5 parts are known.

    `listed`: the result of `component_names(facts)`, for whoever asks about many incidents.
    """
    listed = component_names(facts) if listed is None else listed
    if not listed or not incident.components:
        return 1.0
    named = sum(name in listed for name in set(incident.components)) or len(set(incident.components))
    return min(1.0, max(named / len(listed), number("outages", "component_share_floor")))


def component_names(facts: VendorFacts) -> frozenset[str]:
    """The parts of the service: the components the pages list; where they list fewer than 5, those incidents name, too.

    Empty where fewer than 5 are known at all: a share of so few says little.
    """
    least = number("checks", "component-granularity", "least")
    listed = frozenset(component.name for page in facts.pages for component in page.components)
    if len(listed) < least:
        listed |= {name for incident in facts.incidents for name in incident.components}
    return listed if len(listed) >= least else frozenset()


def outages(facts: VendorFacts, as_of: datetime, *, core_only: bool = False) -> list[Outage]:
    """Qualifying incidents of the covered window by start, overlapping and adjoining ones joined.

    Cutting one incident into two that meet changes nothing: neither the count nor the longest.
    """
    start = facts.window.start
    chosen = [
        incident
        for incident in facts.incidents
        if qualifies(incident, as_of)
        and (not core_only or is_core(incident))
        and (start is None or incident.started_at >= start)
    ]
    chosen.sort(key=lambda incident: incident.started_at)
    joined: list[list[Incident]] = []
    reach: datetime | None = None
    for incident in chosen:
        end = _end(incident, as_of)
        if reach is not None and incident.started_at <= reach:
            joined[-1].append(incident)
            reach = max(reach, end)
        else:
            joined.append([incident])
            reach = end
    listed = component_names(facts)
    return [_outage(facts, group, as_of, listed) for group in joined]


def _outage(facts: VendorFacts, group: list[Incident], as_of: datetime, listed: frozenset[str]) -> Outage:
    start = group[0].started_at
    is_open = any(incident.end_known == "open" for incident in group)
    ends = [_end(i, as_of) for i in group if i.end_known != "unknown" and not is_stale_open(i, as_of)]
    length = max(ends, default=None)
    shares = [component_share(facts, incident, listed=listed) for incident in group]
    bounded = all(incident.end_known in ("stated", "upper_bound") for incident in group)
    return Outage(
        start=start,
        end=None if is_open else length,
        hours=None if length is None else (length - start) / HOUR,
        core=any(is_core(incident) for incident in group),
        share=max(impact_weight(incident) * share for incident, share in zip(group, shares, strict=True)),
        parts=max(shares),
        least_hours=max(0.0, (max(_end(incident, as_of) for incident in group) - start) / HOUR),
        most_hours=(length - start) / HOUR if bounded and length is not None else None,
        incidents=tuple(group),
    )


def _end(incident: Incident, as_of: datetime) -> datetime:
    """When it ends for counting: stated or now, at most 30 days on (longer ones are known issues, not outages).

    Its last word, where it is open and nobody has spoken for too long; its start, where nobody says when it ended.
    """
    if incident.end_known == "unknown":
        return incident.started_at
    last = last_word(incident) if is_stale_open(incident, as_of) else as_of
    cap = timedelta(hours=number("outages", "cap_hours"))
    return min(incident.resolved_at or last, incident.started_at + cap)


def weighted_hours(facts: VendorFacts, as_of: datetime, preset: Preset) -> float:
    """Hours of the service lost in the window: the integral over time of the largest weight x component share in force.

    Overlaps count once, at the larger share; one incident split into two adds up to the same.
    """
    edges: list[tuple[datetime, int, float]] = []
    listed = component_names(facts)
    for incident in facts.incidents:
        share = impact_weight(incident, preset) * component_share(facts, incident, listed=listed)
        if share <= 0 or not elapsed_hours(incident, as_of) or incident.started_at > as_of:
            continue
        if facts.window.start and incident.started_at < facts.window.start:
            continue
        end = _end(incident, as_of)
        edges += [(incident.started_at, 1, share), (end, -1, share)]
    edges.sort(key=lambda edge: edge[0])
    total, active, previous = 0.0, _Highest(), None
    for at, sign, share in edges:
        if previous is not None and at > previous:
            total += active.value() * ((at - previous) / HOUR)
        active.change(share, sign)
        previous = at
    return total


class _Highest:
    """The largest of a changing handful of shares."""

    def __init__(self) -> None:
        self._counts: dict[float, int] = {}

    def change(self, share: float, sign: int) -> None:
        count = self._counts.get(share, 0) + sign
        if count:
            self._counts[share] = count
        else:
            del self._counts[share]

    def value(self) -> float:
        return max(self._counts, default=0.0)


def window_years(facts: VendorFacts) -> float:
    """Years the record covers; 0 when it covers nothing."""
    length = facts.window.length
    return 0.0 if length is None else max(0.0, length / timedelta(days=YEAR_DAYS))


def published_record(facts: VendorFacts, as_of: datetime, *, rto_hours: float) -> PublishedRecord:
    """The record in figures, unrounded. Lengths are of core outages: those a customer's plan must survive.

    `incidents` counts those the vendor published; outages and hours count those learnt elsewhere, too.
    """
    joined = outages(facts, as_of, core_only=True)
    lengths = sorted(outage.hours for outage in joined if outage.hours is not None)
    years = window_years(facts)
    accounting = []
    for preset in PRESETS:
        hours = weighted_hours(facts, as_of, preset)
        accounting.append(Accounting(preset=preset, hours=hours, hours_per_year=hours / years if years > 0 else None))
    return PublishedRecord(
        incidents=sum(i.started_at <= as_of and not i.is_reported for i in facts.incidents),
        outages=len(joined),
        over_rto=sum(length > rto_hours for length in lengths),
        open_now=sum(incident.end_known == "open" for incident in facts.incidents),
        longest_hours=lengths[-1] if lengths else None,
        median_hours=quantile(lengths, 0.5),
        p90_hours=quantile(lengths, 0.9),
        window_years=years,
        accounting=tuple(accounting),
    )


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """The value at that share of an ascending list, linear between neighbours; None for an empty list."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
