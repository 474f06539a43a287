"""What the elements of one update are worth: points 0-100, from the rubric's table of specificity."""

from __future__ import annotations

from collections.abc import Iterable

from assessments.scoring.rubric import number


def points_of(elements: Iterable[str], *, canned: bool = False) -> float:
    """Points 0-100 for the set of elements; a canned text never earns more than the rubric's ceiling."""
    present = set(elements)
    if "scope_number" in present:
        present.discard("scope_vague")
    total = sum(number("words", "points", name) for name in sorted(present))
    return min(total, number("words", "canned_ceiling")) if canned else total
