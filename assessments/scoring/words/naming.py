"""What a text names: parts of a service, and regions, plans, platforms and places.

Three patterns run on the standard library's `re`, which is quicker where a capital letter begins each match. They cannot
backtrack: every repetition begins with a character that nothing before it takes, and none has to match for the rest to.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessments.scoring.words import gazetteer, lexicon
from assessments.scoring.words.matching import Span, Words, outside, pattern

MOST_COMPONENTS = 2000  # of a page; the largest of 1,400 pages seen lists 1,100
LONGEST_NAME = 80  # characters of a component's name that is looked for in full; a longer one is a sentence
LONGEST_REMEMBERED = 60  # characters of a name whose reading is kept for the next text
_NAME = re.compile(
    r"[A-Z][A-Za-z0-9]*(?:[.+][A-Za-z0-9]+)*(?:[ -](?:[A-Z][A-Za-z0-9]*(?:[.+][A-Za-z0-9]+)*|[0-9][0-9.]*))*"
)
_PLACE = re.compile(r"\b[A-Z][a-z]{2,}|\b(?:UK|USA|UAE)\b", re.ASCII)
_WORD = re.compile(r"[a-z0-9_]*")
_TOKEN = re.compile(r"\w+")
_SPEAKER = re.compile(lexicon.SPEAKER)  # on forty letters at a time: no more than those can be tried again
_TRIMMED = re.compile(r"^\W+|\W+$")
_APART = re.compile(r"[\s,/()&:|\-]+")
_FOLLOW_A_NAME = frozenset(
    ["is", "are", "was", "were", "has", "have", "may", "users", "customers", "cloud", "service", "engineering"]
)
_NO_REGION = frozenset(["us", "in", "me", "pro", "eu", "mac"])  # in lower case


def components_in(words: Words, listed: Listed, regions: Sequence[Span]) -> list[Span]:
    """Names of parts: the page's own components, common feature names, and proper names of products outside regions."""
    spans = words.hits("FEATURE")
    if listed.names:
        spans += _parts_listed(words, listed)
    if "TROUBLE_WITH" in words.possible:
        spans += outside(_parts_in_trouble(words), regions)
    if "WORKS_OR_NOT" in words.possible:
        spans += outside(_parts_that_work(words), regions)
    products = list(_product_names(words.text, words.lowered))
    if not spans and not products:
        return []
    vetoes = words.hits("FEATURE_VETO")
    return [*outside(spans, vetoes), *outside(products, [*vetoes, *regions])]


def regions_in(words: Words) -> list[Span]:
    """Regions, plans, platforms and places; the name of a time zone is none."""
    spans = words.hits("REGION")
    if "ANY_PLACE" in words.possible:
        places = (match.span() for match in _PLACE.finditer(words.text))
        spans += [span for span in places if words.lowered[slice(*span)] in gazetteer.PLACES]
    spans = [span for span in spans if words.text[slice(*span)] not in _NO_REGION]
    return outside(spans, words.hits("REGION_VETO")) if spans else []


def _parts_in_trouble(words: Words) -> Iterator[Span]:
    """What a text says it has trouble with, where that names a part: "a delay in the transaction data"."""
    for match in pattern("TROUBLE_WITH").finditer(words.flat):
        begin, end = match.span(1)
        named = list(itertools.takewhile(_is_of_a_name, words.lowered[begin:end].split(" ")))
        if named and not _is_no_part(named[0]):
            yield begin, begin + len(" ".join(named))


def _parts_that_work(words: Words) -> Iterator[Span]:
    """What a text says works or does not, where that names a part: "incidents are no longer delayed"."""
    for match in pattern("WORKS_OR_NOT").finditer(words.flat):
        begin, end = match.span(1)
        subject = words.lowered[begin:end]
        if subject not in gazetteer.NO_SUBJECT and not _is_no_part(subject):
            yield begin, end


def _is_of_a_name(word: str) -> bool:
    return word not in gazetteer.AFTER_A_PART


def _is_no_part(word: str) -> bool:
    return word in gazetteer.NO_PART or word in gazetteer.NOT_NAMES or word in gazetteer.PLACES


def _parts_listed(words: Words, listed: Listed) -> Iterator[Span]:
    """Where the text names a part its page lists, in full or by a distinctive word; of several, the longest.

    Words are looked up one by one instead of in one pattern of all names: a page may list a thousand parts, each incident
    of it others, and no pattern of that size is worth making for a text or two.
    """
    text, found = words.lowered, []
    for first in listed.lengths.keys() & words.tokens():
        for begin in _places(text, first):
            for length in listed.lengths[first]:
                end = begin + length
                if text[begin:end] in listed.names and not _within_a_word(text, end):
                    found.append((begin, end))
                    break
    at = 0
    for begin, end in sorted(found):
        if begin >= at:
            at = end
            yield begin, end


def _places(text: str, word: str) -> Iterator[int]:
    """Where a word begins in the text, as a whole word or the beginning of one."""
    at = text.find(word)
    while at >= 0:
        if not _within_a_word(text, at):
            yield at
        at = text.find(word, at + len(word))


def _within_a_word(text: str, at: int) -> bool:
    """Whether the letters on both sides of that place are of one word."""
    return 0 < at < len(text) and text[at - 1 : at + 1].replace("_", "x").isalnum()


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """What a page's components are called: every name and distinctive word, and by first word their lengths, longest first.

    Two are never equal, so that what was read with one can be kept under it at the price of its address.
    """

    names: frozenset[str]
    lengths: dict[str, tuple[int, ...]]


@functools.lru_cache(maxsize=512)
def listed(components: tuple[str, ...]) -> Listed:
    """The names of those components made ready to be looked for; the same object for the same ones in any order."""
    return _listed(frozenset(components))


@functools.lru_cache(maxsize=512)
def _listed(components: frozenset[str]) -> Listed:
    names = frozenset().union(*map(_called, sorted(components)[:MOST_COMPONENTS]))
    lengths: dict[str, set[int]] = {}
    for name in names:
        first = _TOKEN.match(name)
        assert first is not None  # _called() cuts what is before the first word
        lengths.setdefault(first.group(), set()).add(len(name))
    return Listed(names, {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()})


@functools.lru_cache(maxsize=16384)
def _called(component: str) -> frozenset[str]:
    """The whole name in lower case, and its distinctive words (over 3 letters, not generic); empty where all is generic."""
    name = component.lower().strip()
    whole = _TRIMMED.sub("", name)
    called = {whole} if 2 < len(whole) <= LONGEST_NAME and name not in gazetteer.NOT_NAMES else set()
    for word in _APART.split(name):
        trimmed = _TRIMMED.sub("", word)
        if (
            len(trimmed) > 3
            and trimmed not in gazetteer.NOT_NAMES
            and trimmed not in gazetteer.PLACES
            and not trimmed.isdigit()
        ):
            called.add(trimmed)
    return frozenset(called)


def _product_names(text: str, lowered: str) -> Iterator[Span]:
    """Capitalised names inside a sentence, or opening one before "is", "are", "users"...: names a customer knows."""
    for match in _NAME.finditer(text):
        begin, end = match.span()
        name = lowered[begin:end]
        offset = _where_it_begins(name) if len(name) <= LONGEST_REMEMBERED else _where_it_begins.__wrapped__(name)
        if offset is None:
            continue
        begin += offset
        if _opens_a_sentence(lowered, begin):
            follows = _WORD.match(lowered[end : end + 24].lstrip())
            if follows is None or follows.group() not in _FOLLOW_A_NAME:
                continue
        if _is_airport(text, begin, end) or _SPEAKER.match(lowered, end, end + 40):
            continue
        yield begin, end


@functools.lru_cache(maxsize=8192)
def _where_it_begins(name: str) -> int | None:
    """How many characters of a capitalised run (in lower case) are words that name no product; None if all of them are."""
    words = [word.strip(".+") for word in name.replace("-", " ").split(" ")]
    offset = 0
    while words and (words[0] in gazetteer.NOT_NAMES or words[0] in gazetteer.PLACES):
        offset += len(words.pop(0)) + 1
    if all(word in gazetteer.NOT_NAMES or word in gazetteer.PLACES or len(word) < 2 for word in words):
        return None
    return offset


def _opens_a_sentence(lowered: str, begin: int) -> bool:
    at = begin
    while at > 0 and lowered[at - 1].isspace():
        at -= 1
    return at == 0 or lowered[at - 1] in ".!?:-*"


def _is_airport(text: str, begin: int, end: int) -> bool:
    """Whether it is three capitals in brackets, the code of an airport: (FRA)."""
    if end - begin != 3 or begin == 0:
        return False
    code = text[begin:end]
    return text[begin - 1] == "(" and text[end : end + 1] == ")" and code.isalpha() and code.isupper()
