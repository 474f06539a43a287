"""Is a text nothing but stock phrases?"""

from __future__ import annotations

import functools
from collections.abc import Iterator

import re2

from assessments.scoring.words import lexicon
from assessments.scoring.words.matching import lower

_ORNAMENT = " \t-*•\"'"
_BREAK = re2.compile(r"[.!?;]+(?:\s+|$)|\s[-–—]\s")


def is_stock(piece: str) -> bool:
    """Whether every sentence of a piece of text is a stock phrase, or empty."""
    return all(not part or _is_stock(part) for part in _sentences(" ".join(lower(piece).split())))


def is_short(text: str) -> bool:
    """Whether a text is too short to say anything; never so of one that states an element beyond a symptom."""
    return len(" ".join(text.split())) < lexicon.SHORTEST_MEANING


def _sentences(words: str) -> Iterator[str]:
    """One sentence after the other, so that the first that is no stock phrase ends the search."""
    begin = 0
    for end in _BREAK.finditer(words.encode() if words.isascii() else words):
        yield words[begin : end.start()].strip(_ORNAMENT)
        begin = end.end()
    yield words[begin:].strip(_ORNAMENT)


@functools.lru_cache(maxsize=4096)
def _is_stock(sentence: str) -> bool:
    return _stock_phrase().fullmatch(sentence) is not None


@functools.cache
def _stock_phrase() -> re2._Regexp:
    return re2.compile("|".join(f"(?:{phrase.replace('’', chr(39))})" for phrase in lexicon.CANNED))
