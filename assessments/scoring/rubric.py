"""The rubric as typed values: the one place numbers come from. Read once from rubric.toml beside this file."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any, cast

from assessments.scoring.model import Threshold

_PATH = Path(__file__).with_name("rubric.toml")


@functools.cache
def raw() -> bytes:
    """The bytes of rubric.toml: what the method's digest is taken over."""
    return _PATH.read_bytes()


@functools.cache
def rubric() -> dict[str, Any]:
    """The whole rubric, parsed once per process. Treat as read-only."""
    return tomllib.loads(raw().decode())


@functools.cache
def number(*path: str) -> float:
    """The number at that path of the rubric. Raises KeyError for an unknown one: a check may not invent its own."""
    value: Any = rubric()
    for name in path:
        value = value[name]
    return float(cast(float, value))


def thresholds(section: str) -> tuple[Threshold, ...]:
    """Every number of `[checks.<section>]` with its unit, source and date, for a check's META.

    `unit` is the unit of all of them but those that `units` names.
    """
    table = rubric()["checks"][section]
    units = table.get("units", {})
    return tuple(
        Threshold(
            name=name,
            value=float(value),
            unit=units.get(name, table["unit"]),
            source=table["source"],
            dated=table["dated"],
        )
        for name, value in table.items()
        if isinstance(value, int | float)
    )


def weight(check_id: str) -> float:
    """Points of 100 that a check carries in the default profile."""
    return float(rubric()["weights"][check_id])
