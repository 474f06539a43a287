"""What was said during an outage, and when: silences, fresh news, promises, and which incidents speak for the habit. Pure.

Everything here looks at the record as it was known at `as_of`, its words already read (`reading.read_words`): the
pipeline sees to both. Method, section 4.1. Minutes unless a name says otherwise.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assessments.scoring.metrics import YEAR_DAYS, elapsed_hours, is_stale_open, qualifies
from assessments.scoring.rubric import number, rubric
from vendors.records import Incident, Update, VendorFacts

YEAR = timedelta(days=YEAR_DAYS)


def lately(facts: VendorFacts, incidents: Iterable[Incident], as_of: datetime) -> list[Incident]:
    """Those that speak for the vendor's habit today: of the last 24 months of the record, or the ten latest if those are fewer.

    Falling silent therefore wipes nothing out: the last ten stand however old they grow (docs/adr/0009).
    """
    end = min(as_of, facts.window.end or as_of)
    since = end - YEAR * (number("timeliness", "months") / 12)
    newest = sorted(incidents, key=lambda one: (one.started_at, one.page, one.id), reverse=True)
    young = sum(one.started_at >= since for one in newest)
    return newest[: max(young, int(number("timeliness", "enough")))]


def recency(incident: Incident, as_of: datetime) -> float:
    """How much an incident counts for today's habit, 0-1: halved with every half-life of the rubric (a year)."""
    age = max(0.0, (as_of - incident.started_at) / YEAR)
    return float(2.0 ** (-age / number("timeliness", "half_life_years")))


def weighted_quantile(pairs: Sequence[tuple[float, float]], share: float) -> float | None:
    """The value below which that share of the weight lies; None without pairs of (value, weight > 0).

    Where the share falls between two values, their mean: the usual median for equal weights. A step function on purpose:
    raising any value never lowers it, which interpolation between unequal weights cannot promise.
    """
    ordered = sorted(pairs)
    goal = share * sum(weight for _, weight in ordered)
    reached, below = 0.0, None
    for value, weight in ordered:
        reached += weight
        if below is not None:
            return (below + value) / 2
        if abs(reached - goal) <= 1e-9 * goal:
            below = value
        elif reached > goal:
            return value
    return ordered[-1][0] if ordered else None


def human_updates(incident: Incident) -> list[Update]:
    """Updates written by people, oldest first; post-mortems come after the event and are left out."""
    return [update for update in incident.updates if not update.automated and update.state != "postmortem"]


def talked_about(facts: VendorFacts, as_of: datetime) -> list[Incident]:
    """Incidents whose communication is judged: an outage of 15 minutes or more, not posted after the fact.

    One about which no person wrote a word belongs here too, as silence from its notice to its end: left out, silence
    would pay (docs/adr/0003). Empty where the source carries no posts at all.
    """
    if not any(incident.updates for incident in facts.incidents):
        return []
    return lasting(facts, as_of)


def lasting(facts: VendorFacts, as_of: datetime) -> list[Incident]:
    """Outages of 15 minutes or more that were under way when first posted, whether or not anything was said.

    Only those the vendor's own page tells: one learnt elsewhere may be the same event, and says nothing of its posts. An
    incident whose posts were not read, because the page lists incidents without them, is left out.
    """
    lists = set(rubric()["outages"]["posts_elsewhere"])
    bare = {page.url for page in facts.pages if page.platform in lists}
    return [
        incident
        for incident in facts.incidents
        if not incident.backfilled
        and (incident.updates or incident.page not in bare)
        and not incident.is_reported
        and (elapsed_hours(incident, as_of) or 0) * 60 >= number("outages", "told_minutes")
        and qualifies(incident, as_of)
        and not is_stale_open(incident, as_of)
    ]


def gaps_minutes(incident: Incident, as_of: datetime) -> list[float]:
    """Minutes of silence while the incident was under way: from its first notice, between posts, to the stated end.

    Posts count if a person wrote them; the first notice starts the clock whoever wrote it. One more post can only
    shorten the longest gap. An end that is only an upper bound closes the last gap half an hour
    earlier: the page was read until then without a newer post, and what came after may not have been collected.
    """
    end = incident.resolved_at or as_of
    posts = [update.posted_at for update in human_updates(incident)]
    notice = min([incident.first_posted_at or incident.started_at, *(update.posted_at for update in incident.updates)])
    times = sorted({at for at in (notice, *posts) if at <= end})
    if not times:
        return []
    if incident.end_known == "upper_bound":
        end -= timedelta(minutes=number("outages", "bound_minutes"))
    if incident.end_known != "unknown" and end > times[-1]:
        times.append(end)
    return [(later - earlier) / timedelta(minutes=1) for earlier, later in itertools.pairwise(times)]


def silence_minutes(incident: Incident, as_of: datetime) -> float | None:
    """The longest gap, in minutes a major outage would be judged by; None where there is none to measure.

    A critical outage is due news twice as often and a minor one half as often (method, section 4.1: 30, 60, 120 min).
    """
    gaps = gaps_minutes(incident, as_of)
    if not gaps:
        return None
    due = rubric()["cadence"]
    return max(gaps) * float(due["major"]) / float(due[incident.impact or "major"])


def cover_share(incident: Incident, as_of: datetime, *, minutes: float = 60.0) -> float | None:
    """Share of the incident's time with an update in the last `minutes`; None where it has no length."""
    gaps = gaps_minutes(incident, as_of)
    total = sum(gaps)
    return sum(min(gap, minutes) for gap in gaps) / total if total > 0 else None


@dataclass(frozen=True, slots=True)
class Promise:
    """A next update promised for `due_at`; `kept` True if something was posted by then plus the slack, None if undecided."""

    incident: Incident
    made_at: datetime
    due_at: datetime
    kept: bool | None


def promises(facts: VendorFacts, as_of: datetime, *, slack_minutes: float) -> list[Promise]:
    """Every timed promise of the record and whether the next post kept it. One whose time has not come is undecided."""
    slack = timedelta(minutes=slack_minutes)
    found = []
    for incident in facts.incidents:
        posts = sorted(update.posted_at for update in incident.updates)
        for update in incident.updates:
            if update.promised_at is None or update.automated:
                continue
            following = next((at for at in posts if at > update.posted_at), None)
            limit = update.promised_at + slack
            kept = following <= limit if following is not None else (False if as_of > limit else None)
            if following is None and incident.end_known == "upper_bound":
                kept = None  # the last post may simply not have been collected
            found.append(Promise(incident, update.posted_at, update.promised_at, kept))
    return found


def promised_share(incident: Incident, as_of: datetime) -> float | None:
    """Share of the incident's time during which a next update was promised for a stated time, 0-1.

    None where it has no length, or no post whose words were read.
    """
    end = incident.resolved_at or as_of
    posts = [update for update in human_updates(incident) if update.posted_at <= end]
    if incident.end_known == "unknown" or not any(elements_of(post) is not None for post in posts):
        return None
    total = (end - incident.started_at) / timedelta(minutes=1)
    if total <= 0:
        return None
    covered, reach = timedelta(0), incident.started_at
    for post in sorted(posts, key=lambda update: update.posted_at):
        if post.promised_at is not None:
            until = min(post.promised_at, end)
            covered += max(timedelta(0), until - max(post.posted_at, reach))
            reach = max(reach, until)
    return covered / timedelta(minutes=1) / total


def elements_of(update: Update) -> frozenset[str] | None:
    """The elements an update states; None where its words were not read: no rules for its language, or none given."""
    return None if update.elements is None else frozenset(update.elements)
