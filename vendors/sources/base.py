"""What every status-page source offers: recognise, endpoints, parse. Pure: no I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from vendors.records import Incident, Maintenance, Observation, Page, Window


class SourceChanged(ValueError):
    """The bytes are not what this product serves (HTML with status 200, cut-off JSON, another shape).

    The message is one sentence for people. Never read as "no incidents": the page is unknown until understood.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One fetched document: the address asked and answered, its bytes, and when they were fetched (aware UTC)."""

    url: str
    body: bytes
    fetched_at: datetime
    final_url: str | None = None
    status: int = 200
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One address to ask. `name` is the key under which `parse` expects the answer; `required` fails the whole read."""

    name: str
    url: str
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A row kept out of the record, with where it stood and why (end before start, in the future, ...)."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What one read of a page says. `window` is what this read alone covers; rows are in the source's order.

    `stated_at` is the newest time the documents themselves state: a saved document cannot be older. None if they state
    none.
    """

    page: Page
    window: Window
    incidents: tuple[Incident, ...] = ()
    maintenances: tuple[Maintenance, ...] = ()
    observations: tuple[Observation, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    stated_at: datetime | None = None


class Source(Protocol):
    """One status-page product."""

    id: str  # "statuspage": the `platform` of the facts
    name: str  # "Atlassian Statuspage"

    def recognise(self, raw: Raw) -> float:
        """How sure we are that `raw` was served by this product, 0 (no) to 1 (certain)."""
        ...

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The addresses to ask for a full read of the page, the most telling first."""
        ...

    def more(self, page_url: str, documents: Mapping[str, Raw]) -> tuple[Endpoint, ...]:
        """Further addresses that the answers so far call for (older pages, single incidents); () when done."""
        ...

    def parse(self, page_url: str, documents: Mapping[str, Raw], *, as_of: datetime) -> Parsed:
        """The record in `documents` (endpoint name -> answer; missing ones were not served).

        Raises SourceChanged if the bytes are not this product's.
        """
        ...
