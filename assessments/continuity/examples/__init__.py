"""Plans to begin with, by name. The vendors' records and promises in them are real; the customers are examples."""

from __future__ import annotations

from importlib import resources

import msgspec

from assessments.continuity.plan import Plan
from assessments.continuity.plan_file import checked

SUFFIX = ".plan.toml"


def names() -> tuple[str, ...]:
    """The examples there are, in order."""
    found = (entry.name for entry in resources.files(__package__).iterdir() if entry.name.endswith(SUFFIX))
    return tuple(sorted(name.removesuffix(SUFFIX) for name in found))


def load(name: str) -> Plan:
    """That example. Raises KeyError for a name there is none of."""
    if name not in names():
        raise KeyError(name)
    raw = resources.files(__package__).joinpath(name + SUFFIX).read_bytes()
    return checked(msgspec.toml.decode(raw, type=Plan))
