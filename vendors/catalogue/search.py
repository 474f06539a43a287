"""Finding a listed vendor while its name is being typed: by name, other spelling, domain or page host. Pure.

The whole list lies in memory in lower case, and every query walks it: 1,340 vendors in about 1.5 ms.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from vendors.catalogue.pages import KnownVendor, known_vendors

LONGEST_QUERY: Final = 100
SHORTEST_WITH_A_SLIP: Final = 4  # one edit of three letters would match anything
EXACT, PREFIX, WORD, SUBSTRING, SLIP = range(5)
_WAYS = ("is", "begins with", "has a word that begins with", "contains", "is one slip from")
_FIELDS = ("name", "other spelling", "domain", "page")


@dataclass(frozen=True, slots=True)
class Hit:
    """A vendor that matches. `rank` is EXACT (best) to SLIP, `field` and `text` are what matched, `why` says it in words."""

    vendor: KnownVendor
    rank: int
    field: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class _Term:
    """One searchable text of a vendor: in lower case as typed, with where its words begin."""

    vendor: int
    field: int
    text: str
    shown: str
    words: tuple[str, ...]


class Index:
    """A list of vendors made ready for search; making it takes about 15 ms for 1,340 vendors."""

    def __init__(self, vendors: Iterable[KnownVendor]) -> None:
        self._vendors = tuple(vendors)
        self._terms = tuple(term for at, vendor in enumerate(self._vendors) for term in _terms(at, vendor))

    def search(self, text: str, limit: int = 8) -> tuple[Hit, ...]:
        """The vendors that match, best first, each once, at most `limit`; () for a blank or overlong query.

        Ranked by how (exact, prefix, word prefix, substring, one edit), then by where (name, other spelling, domain,
        page host), then the shorter text, then the slug. One edit is a letter more, less, other, or two swapped; it
        counts only where nothing begins with what was typed, which is then spelled right.
        """
        query = " ".join(text.casefold().split())
        if not query or len(query) > LONGEST_QUERY or limit < 1:
            return ()
        best: dict[int, tuple[int, int, int, _Term]] = {}
        for term in self._terms:
            rank = _rank(query, term)
            if rank is None:
                continue
            found = (rank, term.field, len(term.text), term)
            if term.vendor not in best or found[:3] < best[term.vendor][:3]:
                best[term.vendor] = found
        ordered = sorted(best.values(), key=lambda found: (*found[:3], self._vendors[found[3].vendor].slug))
        if ordered and ordered[0][0] <= WORD:
            ordered = [found for found in ordered if found[0] != SLIP]
        return tuple(self._hit(rank, term, query) for rank, _, _, term in ordered[:limit])

    def _hit(self, rank: int, term: _Term, query: str) -> Hit:
        why = f"its {_FIELDS[term.field]} {_WAYS[rank]} {query}"
        return Hit(self._vendors[term.vendor], rank, _FIELDS[term.field], term.shown, why)


@functools.cache
def _known() -> Index:
    return Index(known_vendors())


def search(text: str, limit: int = 8) -> tuple[Hit, ...]:
    """The listed vendors that match, as `Index.search` says. Reads the list at the first call (about 30 ms)."""
    return _known().search(text, limit)


def _terms(at: int, vendor: KnownVendor) -> Iterable[_Term]:
    seen: set[str] = set()
    hosts = [urlsplit(page.url).hostname or "" for page in vendor.pages]
    fields = ((vendor.name, vendor.slug), vendor.aliases, vendor.domains, hosts)
    for field, texts in enumerate(fields):
        for shown in texts:
            text = shown.casefold()
            if text not in seen:
                seen.add(text)
                parted = "".join(char if char.isalnum() else " " for char in text)
                yield _Term(at, field, text, shown, tuple(parted.split()[1:]))


def _rank(query: str, term: _Term) -> int | None:
    """How the query matches that text; None where it does not."""
    text = term.text
    if query in text:
        if text.startswith(query):
            return EXACT if len(text) == len(query) else PREFIX
        return WORD if any(word.startswith(query) for word in term.words) else SUBSTRING
    if len(query) >= SHORTEST_WITH_A_SLIP and term.field < 3:
        half = len(query) // 2
        near = text.startswith(query[: half - 1]) or query[half:] in text  # cheap: one half stands, or both but a swap
        if near and begins_with_one_slip(text, query):
            return SLIP
    return None


def begins_with_one_slip(text: str, typed: str) -> bool:
    """Whether `text` begins with something one edit from `typed`: a letter more, less, other, or two swapped."""
    same = 0
    for one, other in zip(text, typed, strict=False):
        if one != other:
            break
        same += 1
    rest = typed[same:]
    return (
        text.startswith(rest[1:], same + 1)  # another letter
        or text.startswith(rest[1:], same)  # one too many
        or text.startswith(rest, same + 1)  # one left out
        or (len(rest) > 1 and text.startswith(rest[1] + rest[0] + rest[2:], same))  # two swapped
    )
