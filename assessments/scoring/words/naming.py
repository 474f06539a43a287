"""What a text names: parts of a service, and regions, plans, platforms and places.

Three patterns run on the standard library's `re`, which is quicker where a capital letter begins each match. They cannot
backtrack: every repetition begins with a character that nothing before it takes, and none has to match for the rest to.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

import re2

from assessments.scoring.words import lexicon
from assessments.scoring.words.matching import Span, Words, outside, pattern

WORDS_A_PATTERN = 200  # component names in one pattern; from about 400 on RE2 runs out of its usual memory
LONGEST_REMEMBERED = 60  # characters of a name whose reading is kept for the next text
_NAME = re.compile(
    r"[A-Z][A-Za-z0-9]*(?:[.+][A-Za-z0-9]+)*(?:[ -](?:[A-Z][A-Za-z0-9]*(?:[.+][A-Za-z0-9]+)*|[0-9][0-9.]*))*"
)
_PLACE = re.compile(r"\b[A-Z][a-z]{2,}|\b(?:UK|USA|UAE)\b", re.ASCII)
_WORD = re.compile(r"[a-z0-9_]*")
_FOLLOW_A_NAME = frozenset(
    ["is", "are", "was", "were", "has", "have", "may", "users", "customers", "cloud", "service", "engineering"]
)
_NO_REGION = frozenset(["us", "in", "me", "pro", "eu", "mac"])  # in lower case


def components_in(words: Words, components: Sequence[str], regions: Sequence[Span]) -> list[Span]:
    """Names of parts: the page's own components, common feature names, and proper names of products outside regions."""
    spans = words.hits("FEATURE")
    for names, is_ascii in _component_patterns(tuple(components)):
        spans += [match.span() for match in names.finditer(words.flat if is_ascii else words.lowered)]
    spans += _parts_in_trouble(words)
    products = list(_product_names(words.text, words.lowered))
    if not spans and not products:
        return []
    vetoes = words.hits("FEATURE_VETO")
    return [*outside(spans, vetoes), *outside(products, [*vetoes, *regions])]


def regions_in(words: Words) -> list[Span]:
    """Regions, plans, platforms and places; the name of a time zone is none."""
    spans = words.hits("REGION")
    if words.holds("ANY_PLACE"):
        places = (match.span() for match in _PLACE.finditer(words.text))
        spans += [span for span in places if words.lowered[slice(*span)] in lexicon.PLACES]
    spans = [span for span in spans if words.text[slice(*span)] not in _NO_REGION]
    return outside(spans, words.hits("REGION_VETO")) if spans else []


def _parts_in_trouble(words: Words) -> Iterator[Span]:
    """What a text says it has trouble with, where that names a part: "a delay in the transaction data"."""
    if not words.holds("TROUBLE_WITH"):
        return
    for match in pattern("TROUBLE_WITH").finditer(words.flat):
        first = match.group(1).split()[0].decode()
        if first not in lexicon.NO_PART and first not in lexicon.NOT_NAMES and first not in lexicon.PLACES:
            yield match.span(1)


@functools.lru_cache(maxsize=512)
def _component_patterns(components: tuple[str, ...]) -> tuple[tuple[re2._Regexp, bool], ...]:
    """Patterns for a page's components: whole names, and their distinctive words (over 3 letters, not generic).

    Each with whether it is of ASCII alone. Several small ones rather than one: a page may list a thousand parts, and RE2
    gives up its fast path on such a pattern.
    """
    words: set[str] = set()
    for name in sorted({name.lower() for name in components if len(name) > 2})[:2000]:
        if name.strip() not in lexicon.NOT_NAMES:
            words.add(name.strip())
        for word in re2.split(r"[\s,/()&:|\-]+", name):
            if len(word) > 3 and word not in lexicon.NOT_NAMES and word not in lexicon.PLACES and not word.isdigit():
                words.add(word)
    longest_first = sorted((word for word in words if len(word) > 2), key=lambda word: (-len(word), word))
    parts = [longest_first[n : n + WORDS_A_PATTERN] for n in range(0, len(longest_first), WORDS_A_PATTERN)]
    return tuple(
        (re2.compile(rf"\b(?:{'|'.join(map(re2.escape, part))})\b"), all(map(str.isascii, part))) for part in parts
    )


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
        if _is_airport(text, begin, end) or pattern("SPEAKER").match(lowered[end : end + 40]):
            continue
        yield begin, end


@functools.lru_cache(maxsize=8192)
def _where_it_begins(name: str) -> int | None:
    """How many characters of a capitalised run (in lower case) are words that name no product; None if all of them are."""
    words = [word.strip(".+") for word in name.replace("-", " ").split(" ")]
    offset = 0
    while words and (words[0] in lexicon.NOT_NAMES or words[0] in lexicon.PLACES):
        offset += len(words.pop(0)) + 1
    if all(word in lexicon.NOT_NAMES or word in lexicon.PLACES or len(word) < 2 for word in words):
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
