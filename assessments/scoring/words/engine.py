"""measure(): which of the ten elements a status update states, where, and what that is worth.

The definitions of the elements are those of the labelling guideline (docs/words.md). Rules only: patterns of
lexicon.py, the vendor's own component names, a gazetteer, and a parser for promised times. Every pattern is matched in
time linear in the text whatever it contains; texts are cut at MAX_CHARACTERS.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import re2

from assessments.scoring.words.canned import is_short, is_stock
from assessments.scoring.words.language import detect
from assessments.scoring.words.matching import Span, Words, outside, pattern
from assessments.scoring.words.naming import Listed, components_in, listed, regions_in
from assessments.scoring.words.points import points_of
from assessments.scoring.words.promises import promised_time
from vendors.records import ELEMENTS, Element

MAX_CHARACTERS = 20_000  # the longest update of 20,000 seen is a 14,000-character post-mortem
LONGEST_REMEMBERED = 600  # characters: every second update of real pages says word for word what another said
LEAST_WORDS = 6  # of a line, to tell its language
_KEPT: tuple[tuple[Element, str], ...] = (
    ("symptom", "SYMPTOM"),
    ("scope_number", "SCOPE_NUMBER"),
    ("scope_vague", "SCOPE_VAGUE"),
    ("cause", "CAUSE"),
    ("workaround", "WORKAROUND"),
)
_PROMISING = frozenset(["NEXT_UPDATE", "NEXT_UPDATE_EXTRA"])
_PLACING = frozenset(["REGION", "ANY_PLACE"])
_HALF_A_LETTER = re.compile("[\ud800-\udfff]")  # a lone surrogate, which JSON can carry and UTF-8 cannot
_LINE_END = re.compile(r"([|\n])")
# A run of stops with what closes after it, then space; or a blank line. Linear: nothing is tried again within a run.
_PIECE_END = re.compile(r"(?<![.!?])[.!?]++[\"')\]]*+\s++|\n\s*+\n")
_VENDOR_WORD = re2.compile(r"\pL[\pL\d]+")


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
    Unsupported languages give no elements and None points, never zero.
    Cost: about 0.09 ms for an update of 240 characters read for the first time, 4 us for a short one that was read before;
    linear in the length up to the cap, where it is below 20 ms.
    """
    text = _HALF_A_LETTER.sub("\ufffd", text[:MAX_CHARACTERS])
    read = _remembered if len(text) <= LONGEST_REMEMBERED else _read
    found = read(text, listed(tuple(components)), vendor)
    promised_at = None
    if found.promise and posted_at is not None:
        promised_at = promised_time(found.promise, posted_at)
    return Measured(dict(found.elements), found.points, found.canned, found.language, promised_at)


class _Read(NamedTuple):
    """What a text says whenever it was posted; `promise`: the last words, in lower case, that promise an update."""

    elements: dict[Element, tuple[Span, ...]]
    points: float | None
    canned: bool
    language: str
    promise: str


class _Stated(NamedTuple):
    """What one piece of a text states, with spans that count from the piece's beginning; `promise` as in _Read."""

    elements: tuple[tuple[Element, tuple[Span, ...]], ...]
    promise: str


def _read(text: str, parts: Listed, vendor: str) -> _Read:
    language = detect(text)
    if language != "en":
        text = _english_part(text)
        if not text:
            return _Read({}, None, False, language, "")
    found: dict[Element, list[Span]] = {}
    promise, stock = "", True
    for begin, piece in _pieces(text):
        stated = (_stated_before if len(piece) <= LONGEST_REMEMBERED else _stated)(piece, parts, vendor)
        promise = stated.promise or promise
        stock = stock and is_stock(piece)
        for name, spans in stated.elements:
            found.setdefault(name, []).extend([(begin + a, begin + b) for a, b in spans] if begin else spans)
    if "scope_number" in found:
        found.pop("scope_vague", None)  # the guideline: only where no number is given
    elements: dict[Element, tuple[Span, ...]] = {name: tuple(found[name]) for name in ELEMENTS if name in found}
    canned = stock or (not elements.keys() - {"symptom"} and is_short(text))
    return _Read(elements, points_of(elements, canned=canned), canned, "en", promise)


_remembered = functools.lru_cache(maxsize=8192)(_read)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text cut after its sentences and at blank lines, each piece with where it begins; a wrapped line is not cut.

    Nothing is stated across two sentences. Two of five sentences of real pages were said before in another text.
    """
    begin = 0
    for match in _PIECE_END.finditer(text):
        yield begin, text[begin : match.end()]
        begin = match.end()
    if begin < len(text):
        yield begin, text[begin:]


def _stated(piece: str, parts: Listed, vendor: str) -> _Stated:
    words = Words(piece)
    may = words.possible
    found: dict[Element, list[Span]] = {name: words.kept(of) for name, of in _KEPT if of in may}
    found["next_update"] = promises = _promises(words) if may.keys() & _PROMISING else []
    found["region"] = regions = regions_in(words) if may.keys() & _PLACING else []
    found["component"] = components_in(words, parts, regions)
    if "CLOCK" in may:
        found["times"] = outside(words.hits("CLOCK"), promises)
    if "ACTION" in may:
        found["action"] = _actions(words)
    if "PROVIDER_DOWN" in may:
        elsewhere = _providers_down(words, vendor)
        found["cause"] = [*found.get("cause", ()), *elsewhere]
        found["symptom"] = outside(
            found.get("symptom", ()), elsewhere
        )  # the guideline: not the outage of somebody else
    promise = words.lowered[slice(*promises[-1])] if promises else ""
    return _Stated(tuple((name, _joined(spans)) for name, spans in found.items() if spans), promise)


_stated_before = functools.lru_cache(maxsize=16384)(_stated)


def _english_part(text: str) -> str:
    """A text told in two languages with only its English lines kept, the rest blanked so that spans hold; else empty."""
    parts = _LINE_END.split(text)
    kept = [part if _is_english(part) else " " * len(part) for part in parts]
    return "".join(kept) if any(part.strip() for part in kept) else ""


def _is_english(part: str) -> bool:
    return len(part.split()) >= LEAST_WORDS and detect(part) == "en"


def _providers_down(words: Words, vendor: str) -> list[Span]:
    """Outages of well-known providers, but not of the vendor itself."""
    hits = words.kept("PROVIDER_DOWN")
    own = _words_of(vendor) if hits else frozenset()
    return [span for span in hits if not own & set(words.lowered[slice(*span)].split())]


@functools.lru_cache(maxsize=512)
def _words_of(vendor: str) -> frozenset[str]:
    return frozenset(_VENDOR_WORD.findall(vendor.lower()))


def _actions(words: Words) -> list[Span]:
    """Actions done or under way: a hit counts unless the words before it in its sentence make it a plan or advice."""
    kept: list[Span] = []
    flat = words.flat
    for a, b in words.hits("ACTION"):
        begin, end = words.sentence_of((a, b))
        planned = pattern("ACTION_VETO").search(flat[max(begin, a - 60) : a])
        empty = pattern("ACTION_VAGUE").match(flat[a:b]) and pattern("ACTION_EMPTY").search(flat[a : min(end, b + 40)])
        if not planned and not empty:
            kept.append((a, b))
    return kept


def _promises(words: Words) -> list[Span]:
    """Spans that promise a next update with a time: of the clock, or a length of time."""
    kept: list[Span] = []
    timed = "CLOCK" in words.possible or "SPAN_OF_TIME" in words.possible
    for a, b in (*(words.hits("NEXT_UPDATE") if timed else ()), *words.hits("NEXT_UPDATE_EXTRA")):
        if not pattern("NEXT_UPDATE_VETO").search(words.flat[max(0, a - 25) : b]):
            kept.append((a, b))
    return sorted(kept)


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    if len(spans) == 1:
        return (spans[0],)
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return tuple(joined)
