"""Is a text nothing but stock phrases?"""

from __future__ import annotations

import functools
from collections.abc import Iterator

import re2

from assessments.scoring.words import lexicon

_ORNAMENT = " \t-*•\"'"
_BREAK = re2.compile(r"[.!?;]+(?:\s+|$)|\s[-–—]\s")


def is_canned(lowered: str, *, has_elements: bool) -> bool:
    """Whether every sentence of the (lower-cased) text is a stock phrase, or it is too short to say anything.

    `has_elements`: whether it states anything beyond a symptom word; such a text is never canned for its length alone.
    """
    words = " ".join(lowered.split())
    if not words:
        return True
    if all(not part or _is_stock(part) for part in _sentences(words)):
        return True
    return len(words) < lexicon.SHORTEST_MEANING and not has_elements


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
