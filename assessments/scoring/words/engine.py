"""measure(): which of the ten elements a status update states, where, and what that is worth.

The definitions of the elements are those of the labelling guideline (docs/words.md). Rules only: patterns of
lexicon.py, the vendor's own component names, a gazetteer, and a parser for promised times. Every pattern runs on RE2,
so the cost is linear in the text whatever it contains; texts are cut at MAX_CHARACTERS.
"""

from __future__ import annotations

import functools
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import re2

from assessments.scoring.words import lexicon
from assessments.scoring.words.canned import is_canned
from assessments.scoring.words.language import detect
from assessments.scoring.words.points import points_of
from assessments.scoring.words.promises import promised_time
from vendors.records import ELEMENTS, Element

MAX_CHARACTERS = 20_000  # the longest update of 20,000 seen is a 14,000-character post-mortem
LEAST_WORDS = 6  # of a line, to tell its language
WORDS_A_PATTERN = 200  # component names in one pattern; from about 400 on RE2 runs out of its memory
Span = tuple[int, int]
# Compiled once: re2's own functions look their pattern up by all its options at every call.
_VENDOR_WORD = re2.compile(r"\pL[\pL\d]+")
_SENTENCE_END = re2.compile(r"[.!?]+[\"')\]]*(?:\s+|$)|\n+|\s[•*]\s|;\s")
_NAME = re2.compile(
    r"[A-Z][A-Za-z0-9]*(?:[.+][A-Za-z0-9]+)*(?:[ -](?:[A-Z][A-Za-z0-9]*(?:[.+][A-Za-z0-9]+)*|\d[\d.]*))*"
)
_AIRPORT = re2.compile(r"\([A-Z]{3}\)")
_FOLLOWS_A_NAME = re2.compile(
    r"(?:is|are|was|were|has|have|may|users|customers|cloud|service|engineering)\b",
)
_PLACE = re2.compile(r"\b[A-Z][a-z]{2,}|\b(?:UK|USA|UAE)\b")


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found. `elements` maps each element found to its spans (start, end) in the text, in order, disjoint.

    `points` is 0-100, None where the language is not supported. `promised_at` is the time a next update is due, None
    if none was promised or it cannot be told (ambiguous zone, no post time given).
    """

    elements: dict[Element, tuple[Span, ...]]
    points: float | None
    canned: bool
    language: str
    promised_at: datetime | None


def measure(
    text: str, components: Sequence[str] = (), *, posted_at: datetime | None = None, vendor: str = ""
) -> Measured:
    """The elements `text` states, for an incident on a page of `vendor` that lists `components`.

    A vendor is no upstream of its own: its outage is a cause on other vendors' pages only.
    Cost: about 0.3 ms for a typical update. Unsupported languages give no elements and None points, never zero.
    """
    text = text[:MAX_CHARACTERS]
    language = detect(text)
    if language != "en":
        text = _english_part(text)
        if not text:
            return Measured({}, None, False, language, None)
    lowered = _lower(text)
    language = "en"
    sentences = _sentences(lowered)
    promises = _promises(lowered)
    regions = _regions(text, lowered)
    own = frozenset(_VENDOR_WORD.findall(vendor.lower()))
    found: dict[Element, list[Span]] = {
        "component": _components(text, lowered, components, regions),
        "symptom": _search("SYMPTOM", lowered, sentences),
        "scope_number": _search("SCOPE_NUMBER", lowered, sentences),
        "scope_vague": _search("SCOPE_VAGUE", lowered, sentences),
        "region": regions,
        "times": _outside(_hits("CLOCK", lowered), promises),
        "cause": [
            *_search("CAUSE", lowered, sentences),
            *(span for span in _hits("PROVIDER_DOWN", lowered) if not own & set(lowered[slice(*span)].split())),
        ],
        "action": _actions(lowered, sentences),
        "workaround": _search("WORKAROUND", lowered, sentences),
        "next_update": promises,
    }
    if found["scope_number"]:
        found["scope_vague"] = []  # the guideline: vague only where no number is given
    elements: dict[Element, tuple[Span, ...]] = {name: _joined(found[name]) for name in ELEMENTS if found[name]}
    canned = is_canned(lowered, has_elements=any(name != "symptom" for name in elements))
    promised_at = None
    if promises and posted_at is not None:
        promised_at = promised_time(lowered[slice(*promises[-1])], posted_at)
    return Measured(elements, points_of(elements, canned=canned), canned, language, promised_at)


def _english_part(text: str) -> str:
    """A text told in two languages with only its English lines kept, the rest blanked so that spans hold; else empty."""
    parts = re2.split(r"([|\n])", text)
    kept = [part if _is_english(part) else " " * len(part) for part in parts]
    return "".join(kept) if any(part.strip() for part in kept) else ""


def _is_english(part: str) -> bool:
    return len(part.split()) >= LEAST_WORDS and detect(part) == "en"


def _lower(text: str) -> str:
    """`text` in lower case with the same length, so that spans hold in the original; curly quotes made straight."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow when lowered; those stay as they are
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")


@functools.cache
def _pattern(name: str) -> re2._Regexp:
    """The compiled alternation of one word list of the lexicon."""
    words = getattr(lexicon, name)
    parts = (words,) if isinstance(words, str) else words
    return re2.compile("|".join(f"(?:{part.replace('’', chr(39))})" for part in parts))


def _hits(name: str, text: str) -> list[Span]:
    return [(a, b) for a, b in _spans(_pattern(name), text) if b > a]


def _spans(pattern: re2._Regexp, text: str) -> Iterator[Span]:
    """Where the pattern matches. In ASCII a byte is a character, so re2 need not count characters up to each match."""
    return (match.span() for match in pattern.finditer(text.encode() if text.isascii() else text))


def _sentences(text: str) -> list[Span]:
    """The spans of sentences: split at . ! ? followed by space, at line ends and bullets; decimals stay whole."""
    ends = [end for _, end in _spans(_SENTENCE_END, text)]
    starts = [0, *ends]
    return [(a, b) for a, b in zip(starts, [*ends, len(text)], strict=True) if b > a]


def _search(name: str, text: str, sentences: Sequence[Span]) -> list[Span]:
    """Hits of a word list that no veto of the same list overlaps; vetoes are looked for in the sentences hit only."""
    hits = _hits(name, text)
    if not hits or not hasattr(lexicon, f"{name}_VETO"):
        return hits
    vetoes: dict[Span, list[Span]] = {}
    kept = []
    for hit in hits:
        sentence = _sentence_of(hit, sentences)
        if sentence not in vetoes:
            begin, end = sentence
            vetoes[sentence] = [(begin + a, begin + b) for a, b in _hits(f"{name}_VETO", text[begin:end])]
        kept += _outside([hit], vetoes[sentence])
    return kept


def _sentence_of(hit: Span, sentences: Sequence[Span]) -> Span:
    """The sentence a hit begins in."""
    return sentences[bisect_right(sentences, hit[0], key=lambda sentence: sentence[0]) - 1]


def _actions(text: str, sentences: Sequence[Span]) -> list[Span]:
    """Actions done or under way: a hit counts unless the words before it in its sentence make it a plan or advice."""
    kept: list[Span] = []
    for a, b in _hits("ACTION", text):
        begin, end = _sentence_of((a, b), sentences)
        planned = _pattern("ACTION_VETO").search(text[max(begin, a - 60) : a])
        empty = _pattern("ACTION_VAGUE").match(text[a:b]) and _pattern("ACTION_EMPTY").search(
            text[a : min(end, b + 40)]
        )
        if not planned and not empty:
            kept.append((a, b))
    return kept


def _promises(text: str) -> list[Span]:
    """Spans that promise a next update with a time."""
    kept: list[Span] = []
    for a, b in (*_hits("NEXT_UPDATE", text), *_hits("NEXT_UPDATE_EXTRA", text)):
        before = text[max(0, a - 25) : b]
        if not _pattern("NEXT_UPDATE_VETO").search(before):
            kept.append((a, b))
    return sorted(kept)


def _outside(hits: Iterable[Span], vetoes: Sequence[Span]) -> list[Span]:
    return [hit for hit in hits if not any(hit[0] < veto[1] and veto[0] < hit[1] for veto in vetoes)]


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return tuple(joined)


def _components(text: str, lowered: str, components: Sequence[str], regions: Sequence[Span]) -> list[Span]:
    """Names of parts: the page's own components, common feature names, and proper names of products outside regions."""
    vetoes = _hits("FEATURE_VETO", lowered)
    spans = _hits("FEATURE", lowered)
    for names in _component_patterns(tuple(sorted({name.lower() for name in components if len(name) > 2}))):
        spans.extend(_spans(names, lowered))
    spans.extend(_parts_in_trouble(lowered))
    spans = _outside(spans, vetoes)
    spans.extend(_outside(_product_names(text, lowered), [*vetoes, *regions]))
    return spans


def _parts_in_trouble(lowered: str) -> Iterator[Span]:
    """What a text says it has trouble with, where that names a part: "a delay in the transaction data"."""
    for match in _pattern("TROUBLE_WITH").finditer(lowered):
        first = match.group(1).split()[0]
        if first not in lexicon.NO_PART and first not in lexicon.NOT_NAMES and first not in lexicon.PLACES:
            yield match.span(1)


@functools.lru_cache(maxsize=512)
def _component_patterns(names: tuple[str, ...]) -> tuple[re2._Regexp, ...]:
    """Patterns for a page's components: whole names, and their distinctive words (over 3 letters, not generic).

    Several small ones rather than one: a page may list a thousand parts, and RE2 gives up its fast path on such a pattern.
    """
    words: set[str] = set()
    for name in names[:2000]:
        if name.strip() not in lexicon.NOT_NAMES:
            words.add(name.strip())
        for word in re2.split(r"[\s,/()&:|\-]+", name):
            if len(word) > 3 and word not in lexicon.NOT_NAMES and word not in lexicon.PLACES and not word.isdigit():
                words.add(word)
    longest_first = sorted((word for word in words if len(word) > 2), key=lambda word: (-len(word), word))
    parts = [longest_first[n : n + WORDS_A_PATTERN] for n in range(0, len(longest_first), WORDS_A_PATTERN)]
    return tuple(re2.compile(r"\b(?:" + "|".join(re2.escape(word) for word in part) + r")\b") for part in parts)


def _product_names(text: str, lowered: str) -> Iterator[Span]:
    """Capitalised names inside a sentence, or opening one before "is", "are", "users"...: names a customer knows."""
    for begin, end in _spans(_NAME, text):
        words = [word.strip(".+") for word in lowered[begin:end].replace("-", " ").split(" ")]
        while words and (words[0] in lexicon.NOT_NAMES or words[0] in lexicon.PLACES):
            begin += len(words.pop(0)) + 1
        if not words or all(word in lexicon.NOT_NAMES or word in lexicon.PLACES or len(word) < 2 for word in words):
            continue
        if _pattern("SPEAKER").match(lowered[end : end + 40]) or _AIRPORT.fullmatch(text[begin - 1 : end + 1]):
            continue
        opens = not lowered[:begin].rstrip() or lowered[:begin].rstrip()[-1] in ".!?:\n-*"
        follows = lowered[end : end + 24].lstrip()
        if opens and not _FOLLOWS_A_NAME.match(follows):
            continue
        yield begin, end


def _regions(text: str, lowered: str) -> list[Span]:
    """Regions, plans, platforms and places; the name of a time zone is none."""
    spans = _hits("REGION", lowered)
    spans += [span for span in _spans(_PLACE, text) if lowered[slice(*span)] in lexicon.PLACES]
    spans = [span for span in spans if text[slice(*span)] not in ("us", "in", "me", "pro", "eu", "mac")]
    return _outside(spans, _hits("REGION_VETO", lowered))
