"""Reading what updates tell, against the 20,000 a second that are aimed at."""

from __future__ import annotations

import itertools
import time

from assessments.scoring.words import measure
from assessments.scoring.words.engine import _remembered, _stated_before
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
    """A thousand updates none of whose sentences was read before; the same with sentences other updates told as well."""
    parts = list(itertools.product(_OPENINGS, _TROUBLES, _WHO, _WHY, _NEXT))
    repeated = [f"{who} {what} {whom}. {why} {then}" for who, what, whom, why, then in parts]
    new = [
        f"{who} {what} {whom} (no. {n}). {why.replace('.', f' in hall {n}.')} {then.replace('.', f' ({n}).')}"
        for n, (who, what, whom, why, then) in enumerate(parts)
    ]
    return [
        Row(
            f"{len(new)} updates of {_mean(new)} letters read, no sentence read before",
            _fastest(new),
            len(new) / AIM,
            1.0,
        ),
        Row(
            f"{len(repeated)} updates made of sentences said again and again",
            _fastest(repeated),
            len(repeated) / AIM,
            1.0,
        ),
    ]


def _mean(texts: list[str]) -> int:
    return round(sum(map(len, texts)) / len(texts))


def _fastest(texts: list[str], rounds: int = 5) -> float:
    seconds = []
    for _ in range(rounds):
        _remembered.cache_clear()
        _stated_before.cache_clear()
        begun = time.perf_counter()
        for text in texts:
            measure(text)
        seconds.append(time.perf_counter() - begun)
    return min(seconds)
