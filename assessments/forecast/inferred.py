"""What a vendor's own record tells of the upstreams its service stands on, each with the incidents that tell it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, UnsetType

from assessments.forecast.history import YEAR
from assessments.forecast.portfolio_records import Attachment, Rung
from assessments.forecast.shared_fate import is_upstream, kind_of, named_upstreams, others, provider_of
from assessments.scoring.rubric import number
from vendors.records import Incident, UtcTime, VendorFacts

OBSERVED = "stands-on"  # the observation of DNS or of a network's number: its value is the upstream's id


class Telling(Struct, frozen=True, kw_only=True):
    """One incident whose texts blame an upstream; `named` holds what they name of it, its regions too."""

    id: str
    started_at: UtcTime
    url: str | None
    named: tuple[str, ...]


class Inferred(Struct, frozen=True, kw_only=True):
    """An upstream a service is taken to stand on though nobody declared it.

    `share` (0-1) of the upstream's outages is taken to reach it. Evidence: `incidents`, oldest first, or what was `seen`.
    """

    upstream: str
    rung: Rung
    share: float
    incidents: tuple[Telling, ...] = ()
    seen: str | None = None


def inferred_upstreams(facts: VendorFacts, *, as_of: datetime) -> tuple[Inferred, ...]:
    """The upstreams the record shows, by id: observed in DNS or by network, else blamed by incidents on days enough.

    Regions are folded into their provider: texts rarely say which. The texts of a vendor that is an upstream itself are left
    aside. Incidents learnt elsewhere, and those older than the rubric's reach, are not counted. Linear in the texts.
    """
    seen = {one.upstream: one for one in _observed(facts, as_of)}
    providers = {provider_of(upstream) for upstream in seen}
    told = {one.upstream: one for one in _told(facts, as_of) if one.upstream not in providers}
    return tuple(one for _, one in sorted((told | seen).items()))


def joined(declared: Sequence[Attachment], inferred: Iterable[Inferred]) -> tuple[Attachment, ...]:
    """The declared attachments, and of the inferred those of providers nobody declared: what is declared wins."""
    stated = {provider_of(link.upstream) for link in declared}
    added = (Attachment(upstream=one.upstream, share=one.share, rung=one.rung) for one in inferred)
    return (*declared, *(link for link in added if link.upstream not in stated))


def _told(facts: VendorFacts, as_of: datetime) -> Iterable[Inferred]:
    vendor = f"{facts.vendor.name} {facts.vendor.slug}"
    if is_upstream(vendor):
        return
    since = as_of - YEAR * number("shared_fate", "reach_years")
    if facts.window.start is not None:
        since = max(since, facts.window.start)
    tellings: dict[str, list[Telling]] = {}
    for incident in facts.incidents:
        if incident.is_reported or not since <= incident.started_at <= as_of:
            continue
        named = sorted(_blamed_by(incident, as_of))
        for provider in {provider_of(one) for one in named}:
            tellings.setdefault(provider, []).append(
                Telling(
                    id=incident.id,
                    started_at=incident.started_at,
                    url=incident.url,
                    named=tuple(one for one in named if provider_of(one) == provider),
                )
            )
    for provider, incidents in tellings.items():
        days = len({one.started_at.date() for one in incidents})
        if days >= number("shared_fate", "least_days"):
            yield Inferred(
                upstream=provider,
                rung="incident-text",
                share=_share(days, as_of - since),
                incidents=tuple(sorted(incidents, key=lambda one: (one.started_at, one.id))),
            )


def _blamed_by(incident: Incident, as_of: datetime) -> set[str]:
    """Every upstream the incident's title and texts blame, as far as they were posted by then."""
    posted = [update for update in incident.updates if update.posted_at <= as_of]
    named = set(named_upstreams([incident.title, *(update.text for update in posted if update.text)]))
    for update in posted:
        if not isinstance(update.upstreams, UnsetType):
            named.update(one for one in update.upstreams if kind_of(one) is not None)
    return named


def _share(days: int, length: timedelta) -> float:
    """Days on which the upstream was blamed over its outages in that time, weighed against the rubric's pseudo-outages."""
    outages = number("portfolio", "upstream", "rate") * (length / YEAR)
    prior = number("shared_fate", "pseudo_outages")
    share = (days + prior * number("answer", "attachment_share")) / (outages + prior)
    return round(min(number("shared_fate", "most_share"), share), 3)


def _observed(facts: VendorFacts, as_of: datetime) -> Iterable[Inferred]:
    for seen in facts.openness:
        upstream = seen.value
        if (
            seen.check != OBSERVED
            or seen.outcome != "pass"
            or seen.observed_at > as_of
            or not isinstance(upstream, str)
        ):
            continue
        if kind_of(upstream) is not None and others([upstream], f"{facts.vendor.name} {facts.vendor.slug}"):
            told = seen.note or seen.url or "observed"
            yield Inferred(upstream=upstream, rung="dns", share=number("answer", "attachment_share"), seen=told)
