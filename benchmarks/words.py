"""Reading what updates tell, against the 20,000 a second that are aimed at."""

from __future__ import annotations

import itertools
import time

from assessments.scoring.words import measure
from assessments.scoring.words.engine import _remembered
from benchmarks.table import Row

AIM = 20_000  # updates a second
_OPENINGS = ("We are investigating", "Our engineers have identified", "We continue to work on", "A fix is in place for")
_TROUBLES = ("failed uploads", "slow answers of the search", "errors 503 from the mail API", "delays in the exports")
_WHO = ("for some customers", "for about 4 % of accounts", "in eu-west-1", "for everyone who signs in with a phone")
_WHY = (
    "",
    "It was caused by a failed switch.",
    "We rolled back the release of this morning.",
    "It began at 09:40 UTC.",
)
_NEXT = (
    "More will follow.",
    "Next update by 15:30 UTC.",
    "Please retry in a few minutes.",
    "We are sorry for the trouble.",
)


def rows() -> list[Row]:
    """A thousand different updates read for the first time; a record in which every second update repeats another."""
    parts = itertools.product(_OPENINGS, _TROUBLES, _WHO, _WHY, _NEXT)
    texts = [f"{who} {what} {whom}. {why} {then}" for who, what, whom, why, then in parts]
    return [
        Row(f"{len(texts)} updates read, none said before", _fastest(texts), len(texts) / AIM, 1.0),
        Row(f"{len(texts)} updates read, every second said before", _fastest(texts[::2] * 2), len(texts) / AIM, 1.0),
    ]


def _fastest(texts: list[str], rounds: int = 5) -> float:
    seconds = []
    for _ in range(rounds):
        _remembered.cache_clear()
        begun = time.perf_counter()
        for text in texts:
            measure(text)
        seconds.append(time.perf_counter() - begun)
    return min(seconds)
