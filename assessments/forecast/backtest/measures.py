"""How good a forecast was: proper scores, calibration, and how sure that is. Plain sums over rows; weights add up to 1."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from math import log
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[np.float64]]

DRAWS = 1000  # of the bootstrap
_SEED = 20110510


def brier(chance: float, happened: bool) -> float:
    """The squared error of a chance, 0-1; 0 is right and sure."""
    return (chance - happened) ** 2


def log_score(chance: float, happened: bool) -> float:
    """Minus ln of the chance given to what happened; chances are clamped before, so it is finite."""
    return -log(chance if happened else 1 - chance)


def skill(ours: Sequence[float], theirs: Sequence[float], weights: Sequence[float]) -> float:
    """1 - our mean score over theirs: above 0 where we are better. 0 where theirs is perfect, too."""
    mine = sum(w * s for w, s in zip(weights, ours, strict=True))
    rival = sum(w * s for w, s in zip(weights, theirs, strict=True))
    return 1 - mine / rival if rival > 0 else 0.0


def skill_interval(
    ours: Sequence[float], theirs: Sequence[float], weights: Sequence[float], blocks: Sequence[str]
) -> tuple[float, float]:
    """The 95 % interval of `skill` when whole vendors are drawn again with replacement: their rows are not independent."""
    mine: dict[str, float] = defaultdict(float)
    rival: dict[str, float] = defaultdict(float)
    for score, other, weight, block in zip(ours, theirs, weights, blocks, strict=True):
        mine[block] += weight * score
        rival[block] += weight * other
    names = sorted(mine)
    source = random.Random(_SEED)  # noqa: S311 - a resampling, not a secret
    found = []
    for _ in range(DRAWS):
        drawn = [names[source.randrange(len(names))] for _ in names]
        total = sum(rival[name] for name in drawn)
        found.append(1 - sum(mine[name] for name in drawn) / total if total > 0 else 0.0)
    found.sort()
    return found[int(0.025 * DRAWS)], found[int(0.975 * DRAWS)]


def balanced(blocks: Sequence[str]) -> list[float]:
    """Weights that give every vendor the same say, however many components it lists."""
    size: dict[str, int] = defaultdict(int)
    for block in blocks:
        size[block] += 1
    return [1 / size[block] / len(size) for block in blocks]


def crps(ordered: Array, value: float) -> float:
    """Continuous ranked probability score of ascending draws against a value, in its units; lower is better."""
    import numpy as np

    count = len(ordered)
    spread = float(np.dot(2 * np.arange(1, count + 1) - count - 1, ordered)) / count / count
    return float(np.abs(ordered - value).mean()) - spread


def place(ordered: Array, value: float) -> float:
    """Where the value falls among ascending draws, 0-1; the middle of those equal to it."""
    import numpy as np

    below, upto = np.searchsorted(ordered, value, "left"), np.searchsorted(ordered, value, "right")
    return float(below + upto) / 2 / len(ordered)


def reliability(
    chances: Sequence[float], happened: Sequence[bool], weights: Sequence[float], bins: int = 5
) -> list[tuple[float, float, int]]:
    """(mean chance said, share that happened, rows) of each of so many bins of equal width; empty ones left out."""
    lines: list[tuple[float, float, int]] = []
    for n in range(bins):
        inside = [
            (p, y, w)
            for p, y, w in zip(chances, happened, weights, strict=True)
            if n / bins <= p < (n + 1) / bins or (n == bins - 1 and p == 1)
        ]
        total = sum(w for *_, w in inside)
        if total > 0:
            said, seen = (sum(w * line[k] for line in inside for w in (line[2],)) / total for k in (0, 1))
            lines.append((said, seen, len(inside)))
    return lines


def rank_correlation(one: Sequence[float], two: Sequence[float]) -> float:
    """Spearman's rho, -1 to 1; 0 where either does not vary."""
    first, second = _ranks(one), _ranks(two)
    mean = (len(first) + 1) / 2
    above = sum((a - mean) * (b - mean) for a, b in zip(first, second, strict=True))
    below = (sum((a - mean) ** 2 for a in first) * sum((b - mean) ** 2 for b in second)) ** 0.5
    return above / below if below else 0.0


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    at = 0
    while at < len(order):
        upto = at
        while upto + 1 < len(order) and values[order[upto + 1]] == values[order[at]]:
            upto += 1
        for place_ in range(at, upto + 1):
            ranks[order[place_]] = (at + upto) / 2 + 1
        at = upto + 1
    return ranks
