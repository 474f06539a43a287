"""Which upstream several services stand on, and what speaks for it. Method, section 2.6. Nothing known is not independent."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import Any

import re2
from msgspec import Struct

from assessments.forecast.portfolio_records import Attachment, Rung
from assessments.scoring.rubric import number, rubric

# "not caused by AWS", "unrelated to the Cloudflare outage", "the status of AWS", "without impact on Okta"
_DENIED = re2.compile(
    r"(?i)\b(?:(?:not|n't|never) (?:been )?(?:(?:caused|triggered) by|due to|because of|related to|an? \w+ (?:with|of|at|in))"
    r"|unrelated to|independent of|rather than|status(?: page)? of|no (?:impact|issues?|problems?) (?:on|with|at))"
    r" (?:[\w'-]+ ){0,3}$"
)


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


def named_upstreams(texts: Iterable[str]) -> dict[str, int]:
    """How many of the texts name each upstream of the rubric's list, by id; those that deny it are left out.

    Linear in the length of the texts. A denial reaches over three words: not caused by the latest AWS outage.
    """
    pattern, names = _gazetteer()
    reach = int(number("shared_fate", "blame_reach"))
    counts: dict[str, int] = {}
    for text in texts:
        named: set[str] = set()
        for found in pattern.finditer(text):
            upstream = names[found.group(1).lower()]
            before = text[max(0, found.start() - reach) : found.start()]
            inside = before.endswith("-") or text[found.end() : found.end() + 1] == "-"  # "my-aws-tool"
            if upstream not in named and not inside and not _DENIED.search(before):
                named.add(upstream)
        for upstream in named:
            counts[upstream] = counts.get(upstream, 0) + 1
    return dict(sorted(counts.items()))


def share_a_fate(main: Sequence[Attachment], fallback: Sequence[Attachment]) -> SharedFate:
    """The upstreams both are attached to, by id; not known where either's dependencies are not known at all."""
    if not main or not fallback:
        return SharedFate(known=False)
    ladder: list[Rung] = rubric()["shared_fate"]["rungs"]
    others = {link.upstream: link for link in fallback if link.share > 0}
    shared = [
        SharedUpstream(upstream=link.upstream, rung=max(link.rung, others[link.upstream].rung, key=ladder.index))
        for link in sorted(main, key=lambda link: link.upstream)
        if link.share > 0 and link.upstream in others
    ]
    return SharedFate(known=True, shared=tuple(shared))
