"""Every source, in the order pages are tried against. Explicit: one that is not listed does not exist."""

from __future__ import annotations

from vendors.sources.base import Raw, Source
from vendors.sources.statuspage.source import Statuspage

SOURCES: tuple[Source, ...] = (Statuspage(),)
LEAST_SURE = 0.5


def by_id(platform: str) -> Source | None:
    """The source of that id; None if there is none."""
    return next((source for source in SOURCES if source.id == platform), None)


def recognise(raw: Raw) -> Source | None:
    """The source surest that it served `raw`; None where none is at least half sure."""
    sure, _, source = max((source.recognise(raw), -n, source) for n, source in enumerate(SOURCES))
    return source if sure >= LEAST_SURE else None
