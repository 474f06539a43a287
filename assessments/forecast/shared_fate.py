"""Which upstream several services stand on, and what speaks for it. Method, section 2.6. Nothing known is not independent."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import Any

import re2
from msgspec import Struct

from assessments.forecast.portfolio_records import Attachment, Rung
from assessments.scoring.rubric import number, rubric

# Before a name. "not caused by AWS", "unrelated to the Cloudflare outage", "no services are impacted by the AWS outage"
_DENIED = re2.compile(
    r"(?i)\b(?:(?:not|n't|never) (?:been )?(?:(?:caused|triggered) by|due to|because of|related to|an? \w+ (?:with|of|at|in))"
    r"|unrelated to|independent of|rather than|no (?:impact|issues?|problems?) (?:on|with|at)"
    r"|no (?:[\w'-]+ ){1,4}(?:impacted|affected) by)"
    r" (?:[\w'-]+ ){0,3}$"
)
# Before a name: whose trouble it is. "for customers hosted on AWS", "SSO with Okta", "while using it with Azure Storage"
_CUSTOMERS_OWN = re2.compile(
    r"(?i)\b(?:customers?|users?|those|accounts|workloads|origins?|endpoints|integrations?|us(?:e|es|ing)|logg?ing in)\b"
    r" (?:[\w'-]+ ){0,4}$"
)
_TROUBLE = (
    r"(?:outage|incident|issue|problem|failure|disruption|degradation|trouble|fault|error|downtime|availability)s?"
)
# Before a name: "due to", "our CDN provider", "an outage at"; after it: "outage", "is reporting", "fails"
_BLAMED_BEFORE = re2.compile(
    r"(?i)(?:\b(?:due to|but to|caused by|because of|result of|related to|triggered by|traced to|stemm?(?:s|ing|ed) from"
    r"|(?:impacted|affected|blocked) by|(?:working|coordinat\w+|collaborat\w+|engaged)(?: \w+)? with|dependen\w+ on"
    r"|upstream|third[- ]party|(?:our|the) (?:[\w-]+ ){0,3}(?:provider|cdn|host|vendor|partner))"
    rf"|\b{_TROUBLE},? (?:\w+ing )?(?:at|with|in|within|of|from|on|impacting|affecting))"
    r"[ ,:(]+(?:[\w'’-]+,? ){0,4}\(?$"
)
_BLAMED_AFTER = re2.compile(
    rf"(?i)^(?:['’]s)?\)?,?(?: [\w()/.'’-]+,?){{0,4}}? (?:{_TROUBLE}\b"
    r"|(?:is|are|was|were|has|have|went|going) (?:\w+ )?(?:down|unavailable|degraded|experienc|report|hav|investigat|fail|confirm"
    r"|been down|(?:an? )?(?:\w+ )?outage|trouble)"
    r"|report(?:s|ed)\b|fail(?:s|ed|ing)?\b)"
    r"|(?i)^\)? (?:is|are|continues?)(?: actively| still| currently)? (?:to work|working) (?:to|on|towards?)\b"
)
_STATUS_PAGE = re2.compile(r"(?i)https?://([\w.-]*status[\w.-]*)\S*")
_SENTENCE_END = re2.compile(r"[.!?]\s|\n")


class SharedUpstream(Struct, frozen=True, kw_only=True):
    """An upstream that both stand on; `rung` is the weaker of the two pieces of evidence."""

    upstream: str
    rung: Rung


class SharedFate(Struct, frozen=True, kw_only=True):
    """What two services share. `known` False: nothing is known of one of them, so sharing nothing would be a guess."""

    known: bool
    shared: tuple[SharedUpstream, ...] = ()


@functools.cache
def _gazetteer() -> tuple[Any, dict[str, str]]:
    names = {name: key for key, (_, *names) in rubric()["shared_fate"]["upstreams"].items() for name in names}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    words = "|".join(re2.escape(name) for name in longest_first)
    return re2.compile(rf"(?i)\b({words})\b"), names


def kind_of(upstream: str) -> str | None:
    """The kind of an upstream the rubric lists, None for any other."""
    listed = rubric()["shared_fate"]["upstreams"].get(upstream)
    return None if listed is None else str(listed[0])


def provider_of(upstream: str) -> str:
    """The upstream of the rubric's list that this one is a region of; itself for any other."""
    return next((whole for whole in rubric()["shared_fate"]["regional"] if upstream.startswith(f"{whole}-")), upstream)


def named_upstreams(texts: Iterable[str]) -> dict[str, int]:
    """How many of the texts lay trouble at the door of each upstream of the rubric's list, by id.

    A name alone says nothing: the words around it in its sentence must blame it, deny nothing, and not speak of what the
    customers themselves use. The address of an upstream's status page counts. Linear in the length of the texts.
    """
    counts: dict[str, int] = {}
    for text in texts:
        for upstream in _blamed(text):
            counts[upstream] = counts.get(upstream, 0) + 1
    return dict(sorted(counts.items()))


def others(upstreams: Iterable[str], vendor: str) -> tuple[str, ...]:
    """Those of the upstreams that are not of the vendor of that name, by id: who speaks of itself names no upstream."""
    own = set(re2.findall(r"[\pL\pN]+", vendor.lower()))
    owners = rubric()["shared_fate"]["owners"]
    return tuple(one for one in sorted(upstreams) if own.isdisjoint(owners.get(provider_of(one), [one])))


def is_upstream(vendor: str) -> bool:
    """Whether the vendor of that name is itself one of the list: its texts tell of clouds its customers use, too."""
    listed = rubric()["shared_fate"]["upstreams"]
    return len(others(listed, vendor)) < len(listed)


def _blamed(text: str) -> set[str]:
    pattern, names = _gazetteer()
    reach = int(number("shared_fate", "blame_reach"))
    told = _STATUS_PAGE.sub(_as_outage, text)
    blamed: set[str] = set()
    for found in pattern.finditer(told):
        upstream = names[found.group(1).lower()]
        before = _SENTENCE_END.split(told[max(0, found.start() - reach) : found.start()])[-1]
        after = _SENTENCE_END.split(told[found.end() : found.end() + reach])[0]
        if upstream in blamed or before.endswith(("-", "/", ".")) or after.startswith(("-", "/")):  # "my-aws-tool"
            continue
        if _DENIED.search(before) or _CUSTOMERS_OWN.search(before):
            continue
        if _BLAMED_BEFORE.search(before) or _BLAMED_AFTER.search(f"{after} "):
            blamed.add(upstream)
    return blamed


def _as_outage(address: Any) -> str:
    """An upstream's status page, pointed to in an incident, in words: its outage."""
    return f" {' '.join(filter(None, re2.split('(?i)status|[.]', address.group(1))))} outage "


def share_a_fate(main: Sequence[Attachment], fallback: Sequence[Attachment]) -> SharedFate:
    """The upstreams both are attached to, by id; not known where either's dependencies are not known at all.

    A region and its whole provider, of which no region is known, are taken as shared; two regions are not. Incident texts
    can tell that two share an upstream, never that they share none.
    """
    ladder: list[Rung] = rubric()["shared_fate"]["rungs"]
    shared: dict[str, Rung] = {}
    for link in main:
        for other in fallback:
            if link.share > 0 and other.share > 0 and reaches(link.upstream, other.upstream):
                narrower = max(link.upstream, other.upstream, key=len)
                rung = max(link.rung, other.rung, key=ladder.index)
                shared[narrower] = min(rung, shared.get(narrower, rung), key=ladder.index)
    stated = all(any(link.rung != "incident-text" for link in links) for links in (main, fallback))
    told = tuple(SharedUpstream(upstream=name, rung=shared[name]) for name in sorted(shared))
    return SharedFate(known=stated or bool(told), shared=told)


def reaches(one: str, other: str) -> bool:
    """Whether an outage of one may be one of the other: the same, or a region and the whole of its provider."""
    return one == other or provider_of(one) == other or one == provider_of(other)
