"""Which Riskboard made a report."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from riskboard.locales import _


def software() -> str:
    """Name and version, as printed on the control page; says so where it runs without being installed."""
    try:
        return f"Riskboard {version('riskboard')}"
    except PackageNotFoundError:
        return _("Riskboard, run from its source")
