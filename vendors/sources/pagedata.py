"""Data laid inside a page as plain objects (React's wire text, Next.js): cleaned, and read as typed rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from vendors.sources.base import Quarantined

_UNDEFINED = "$undefined"  # how React writes a value that is not there
_DEPTH = 60
_T = TypeVar("_T")


def without_undefined(value: Any, depth: int = _DEPTH) -> Any:
    """The value with every "$undefined" as None, and React's dates ("$D2026-…") as the text they carry.

    What lies deeper than 60 levels becomes None.
    """
    if depth < 0 or value == _UNDEFINED:
        return None
    if isinstance(value, str):
        return value[2:] if value.startswith("$D") and value[2:6].isdigit() else value
    if isinstance(value, dict):
        return {key: without_undefined(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [without_undefined(item, depth - 1) for item in value]
    return value


def rows_in(values: Iterable[Any], shape: type[_T], where: str, faults: list[Quarantined]) -> list[_T]:
    """Each object as `shape`; one that cannot be is kept out with its reason."""
    rows: list[_T] = []
    for n, value in enumerate(values):
        try:
            rows.append(msgspec.convert(value, shape))
        except (msgspec.ValidationError, RecursionError, OverflowError) as fault:
            faults.append(Quarantined(where=f"{where}[{n}]", reason=str(fault)[:300]))
    return rows
