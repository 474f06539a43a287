"""What the elements of one update are worth: points 0-100, from the rubric's specificity table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from vendors.records import Element

POINTS: Final[dict[Element, int]] = {
    "component": 15, "symptom": 15, "scope_number": 10, "scope_vague": 4, "region": 10, "times": 10, "cause": 10,
    "action": 10, "workaround": 10, "next_update": 10,
}  # fmt: skip
# source: method.md section 4.2 (specificity rubric); scope counts once, numbered or vague
CANNED_CEILING: Final = 10  # source: method.md section 4.2, modifiers


def points_of(elements: Iterable[Element], *, canned: bool) -> float:
    """Points 0-100 for the set of elements; a canned text never earns more than CANNED_CEILING."""
    present = set(elements)
    if "scope_number" in present:
        present.discard("scope_vague")
    total = sum(POINTS[name] for name in present)
    return float(min(total, CANNED_CEILING) if canned else total)
