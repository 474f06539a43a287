"""Is a text nothing but stock phrases?"""

from __future__ import annotations

import functools

import re2

from assessments.scoring.words import lexicon

_BREAK = re2.compile(r"[.!?;]+(?:\s+|$)|\s[-–—]\s")


def is_canned(lowered: str, *, has_elements: bool) -> bool:
    """Whether every sentence of the (lower-cased) text is a stock phrase, or it is too short to say anything.

    `has_elements`: whether it states anything beyond a symptom word; such a text is never canned for its length alone.
    """
    words = " ".join(lowered.split())
    if not words:
        return True
    sentences = [part.strip(" \t-*•\"'") for part in _BREAK.split(words)]
    if all(not part or _stock_phrase().fullmatch(part) for part in sentences):
        return True
    return len(words) < lexicon.SHORTEST_MEANING and not has_elements


@functools.cache
def _stock_phrase() -> re2._Regexp:
    return re2.compile("|".join(f"(?:{phrase.replace('’', chr(39))})" for phrase in lexicon.CANNED))
