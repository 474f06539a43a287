"""Does the order of vendors hang on the weights? Every weight drawn anew within ±20 %, again and again. Pure."""

from __future__ import annotations

import random
from collections.abc import Sequence

from msgspec import Struct

from assessments.scoring.model import Assessment
from assessments.scoring.rubric import number

_SEED = 20110510


class Standing(Struct, frozen=True):
    """One vendor among those compared. Ranks count from 1, the best total; `first` is the share of draws it was first.

    `low` and `high` hold nine in ten of the ranks drawn.
    """

    slug: str
    rank: int
    low: int
    high: int
    first: float


class Stability(Struct, frozen=True):
    """`order_holds`: share of draws with the very order printed; `pairs`: for each two neighbours in it, share that kept theirs."""

    standings: tuple[Standing, ...]
    order_holds: float
    pairs: tuple[float, ...]


def stability(assessments: Sequence[Assessment]) -> Stability:
    """The order of those that show a total, best first, and how often it survives other weights.

    Each check's weight is multiplied by a factor drawn evenly from the rubric's span, the same for every vendor; the caps
    that bind today keep their ceiling. Cost: about 2 ms per vendor and thousand checks drawn; 0.3 s for fifteen vendors.
    """
    shown = sorted(
        (a for a in assessments if a.score.value is not None), key=lambda a: (-(a.score.value or 0.0), a.vendor.slug)
    )
    lines = [_line(a) for a in shown]
    names = sorted({check for line, _ in lines for check in line})
    draws, span = int(number("score", "weight_draws")), number("score", "weight_span")
    source = random.Random(_SEED)  # noqa: S311 - a simulation, not a secret
    ranks: list[list[int]] = [[] for _ in shown]
    held, kept = 0, [0] * max(0, len(shown) - 1)
    for _ in range(draws):
        factor = {name: 1 + span * (2 * source.random() - 1) for name in names}
        totals = [_total(line, ceiling, factor) for line, ceiling in lines]
        order = sorted(range(len(totals)), key=lambda n: (-totals[n], n))
        for rank, n in enumerate(order, 1):
            ranks[n].append(rank)
        held += order == list(range(len(totals)))
        for n in range(len(kept)):
            kept[n] += totals[n] >= totals[n + 1]
    return Stability(
        standings=tuple(_standing(a, n + 1, sorted(ranks[n])) for n, a in enumerate(shown)),
        order_holds=round(held / draws, 4) if shown else 1.0,
        pairs=tuple(round(count / draws, 4) for count in kept),
    )


def _line(a: Assessment) -> tuple[dict[str, tuple[float, float]], float]:
    """(weight, score) of each conclusive check, and the lowest ceiling of the caps that bind."""
    checks = {c.id: (c.weight, c.score) for p in a.pillars for c in p.checks if c.score is not None}
    return checks, min((cap.ceiling for cap in a.score.caps), default=100.0)


def _total(line: dict[str, tuple[float, float]], ceiling: float, factor: dict[str, float]) -> float:
    weight = sum(w * factor[name] for name, (w, _) in line.items())
    return min(ceiling, 100 * sum(w * s * factor[name] for name, (w, s) in line.items()) / weight)


def _standing(a: Assessment, rank: int, drawn: list[int]) -> Standing:
    return Standing(
        slug=a.vendor.slug,
        rank=rank,
        low=drawn[int(0.05 * len(drawn))],
        high=drawn[int(0.95 * (len(drawn) - 1))],
        first=round(drawn.count(1) / len(drawn), 4),
    )
