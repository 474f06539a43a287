"""measure(): which of the ten elements a status update states, where, and what that is worth.

The definitions of the elements are those of the labelling guideline (docs/words.md). Rules only: patterns of
lexicon.py, the vendor's own component names, a gazetteer, and a parser for promised times. Every pattern is matched in
time linear in the text whatever it contains; texts are cut at MAX_CHARACTERS.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import re2

from assessments.scoring.words.canned import is_canned
from assessments.scoring.words.language import detect
from assessments.scoring.words.matching import Span, Words, outside, pattern
from assessments.scoring.words.naming import components_in, regions_in
from assessments.scoring.words.points import points_of
from assessments.scoring.words.promises import promised_time
from vendors.records import ELEMENTS, Element

MAX_CHARACTERS = 20_000  # the longest update of 20,000 seen is a 14,000-character post-mortem
LONGEST_REMEMBERED = 600  # characters: every second update of real pages says word for word what another said
LEAST_WORDS = 6  # of a line, to tell its language
_HALF_A_LETTER = re.compile("[\ud800-\udfff]")  # a lone surrogate, which JSON can carry and UTF-8 cannot
_LINE_END = re.compile(r"([|\n])")
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
    found = read(text, tuple(components), vendor)
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


def _read(text: str, components: tuple[str, ...], vendor: str) -> _Read:
    language = detect(text)
    if language != "en":
        text = _english_part(text)
        if not text:
            return _Read({}, None, False, language, "")
    words = Words(text)
    times = words.hits("CLOCK")
    promises = _promises(words, times)
    regions = regions_in(words)
    number = words.kept("SCOPE_NUMBER")
    found: dict[Element, list[Span]] = {
        "component": components_in(words, components, regions),
        "symptom": words.kept("SYMPTOM"),
        "scope_number": number,
        "scope_vague": [] if number else words.kept("SCOPE_VAGUE"),  # the guideline: only where no number is given
        "region": regions,
        "times": outside(times, promises),
        "cause": [*words.kept("CAUSE"), *_providers_down(words, vendor)],
        "action": _actions(words),
        "workaround": words.kept("WORKAROUND"),
        "next_update": promises,
    }
    elements: dict[Element, tuple[Span, ...]] = {name: _joined(found[name]) for name in ELEMENTS if found[name]}
    canned = is_canned(words.lowered, has_elements=any(name != "symptom" for name in elements))
    promise = words.lowered[slice(*promises[-1])] if promises else ""
    return _Read(elements, points_of(elements, canned=canned), canned, "en", promise)


_remembered = functools.lru_cache(maxsize=8192)(_read)


def _english_part(text: str) -> str:
    """A text told in two languages with only its English lines kept, the rest blanked so that spans hold; else empty."""
    parts = _LINE_END.split(text)
    kept = [part if _is_english(part) else " " * len(part) for part in parts]
    return "".join(kept) if any(part.strip() for part in kept) else ""


def _is_english(part: str) -> bool:
    return len(part.split()) >= LEAST_WORDS and detect(part) == "en"


def _providers_down(words: Words, vendor: str) -> list[Span]:
    """Outages of well-known providers, but not of the vendor itself."""
    hits = words.hits("PROVIDER_DOWN")
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


def _promises(words: Words, times: Sequence[Span]) -> list[Span]:
    """Spans that promise a next update with a time: one of `times`, or a length of time."""
    kept: list[Span] = []
    timed = times or words.holds("SPAN_OF_TIME")
    for a, b in (*(words.hits("NEXT_UPDATE") if timed else ()), *words.hits("NEXT_UPDATE_EXTRA")):
        if not pattern("NEXT_UPDATE_VETO").search(words.flat[max(0, a - 25) : b]):
            kept.append((a, b))
    return sorted(kept)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return tuple(joined)
