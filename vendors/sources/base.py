"""What every status-page source offers: recognise, endpoints, parse. Pure: no I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from urllib.parse import urlsplit

from vendors.records import Incident, Maintenance, Observation, Page, Window

NOWHERE = "about:unknown"  # the page of a saved answer that does not name it


class SourceChanged(ValueError):
    """The bytes are not what this product serves (HTML with status 200, cut-off JSON, another shape).

    The message is one sentence for people. Never read as "no incidents": the page is unknown until understood.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One fetched document: the address asked and answered, its bytes, and when they were fetched (aware UTC).

    `etag` and `last_modified` are the server's validators, "" where it gave none; `status` 304 means that nothing
    changed since the validators sent, and `body` is empty then.
    """

    url: str
    body: bytes
    fetched_at: datetime
    final_url: str | None = None
    status: int = 200
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""


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
    none. `lists_open`: every incident open now would be in this read, so one that is missing has ended; False for a read
    that may leave some out (a single incident, a feed of ended ones).
    """

    page: Page
    window: Window
    incidents: tuple[Incident, ...] = ()
    maintenances: tuple[Maintenance, ...] = ()
    observations: tuple[Observation, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    stated_at: datetime | None = None
    lists_open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a reader of docs/sources.md wants to know of a source; every field is one short phrase in plain words.

    `kind`: a "product" many vendors use, software they "host" themselves, or the "own" page of one vendor. `tested`:
    on real "captures", or only on fixtures "written" from the documented shape. `reads`: the documents. `depth`: how far
    back one read reaches. `start`, `impact`: whether the source states them. `automated`: whether posts can be written
    by a machine. `hosts`: host names (and their subdomains) that only serve this product. `traps`: what others fell into.
    `terms`: what robots.txt or the terms say of reading it, where known. `login`: the customer's own credentials needed.
    `probed`: its first document can be asked for on any host, to see whether the product is there.
    """

    kind: Literal["product", "host", "own"]
    tested: Literal["captures", "written"]
    reads: str
    depth: str
    start: str
    impact: str
    automated: str = "no"
    hosts: tuple[str, ...] = ()
    traps: str = ""
    terms: str = ""
    login: bool = False
    probed: bool = True


class Source(Protocol):
    """One status-page product."""

    id: str  # "statuspage": the `platform` of the facts
    name: str  # "Atlassian Statuspage"
    about: About

    def recognise(self, raw: Raw) -> float:
        """How sure we are that `raw` was served by this product, 0 (no) to 1 (certain)."""
        ...

    def base_of(self, url: str) -> str | None:
        """The page that address belongs to, where the address alone tells (a host of the product); else None."""
        ...

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The addresses to ask for a full read of the page, the most telling first."""
        ...

    def more(self, page_url: str, documents: Mapping[str, Raw]) -> tuple[Endpoint, ...]:
        """Further addresses that the answers so far call for (older pages, single incidents); () when done."""
        ...

    def parse(self, page_url: str, documents: Mapping[str, Raw], *, as_of: datetime) -> Parsed:
        """The record in `documents` (endpoint name -> answer; missing ones were not served).

        A saved document comes alone, under the name `shapes.kind_of` gives it; then `page_url` may be NOWHERE or "".
        Raises SourceChanged if the bytes are not this product's.
        """
        ...


class Reader:
    """What most sources share; a source overrides what is different about it."""

    about: About

    def base_of(self, url: str) -> str | None:
        """The origin of the address, if its host is one of `about.hosts`."""
        if not on_host(url, self.about.hosts):
            return None
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}"

    def more(self, page_url: str, documents: Mapping[str, Raw]) -> tuple[Endpoint, ...]:
        """Nothing more."""
        return ()


def on_host(url: str, hosts: tuple[str, ...]) -> bool:
    """Whether the address lies on one of those hosts or below it ("x.instatus.com" lies on "instatus.com")."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return False
    return any(host == known or host.endswith(f".{known}") for known in hosts)


def is_web(url: str) -> bool:
    """Whether it is an address, rather than "" or NOWHERE for a saved document."""
    return url.startswith(("http://", "https://"))
