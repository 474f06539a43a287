"""Which Riskboard made a report."""

from __future__ import annotations

import functools
from importlib.metadata import PackageNotFoundError, version


@functools.cache
def software() -> str:
    """Name and version, as printed on the control page; says so where it runs without being installed."""
    try:
        return f"Riskboard {version('riskboard')}"
    except PackageNotFoundError:
        return "Riskboard, run from its source"
