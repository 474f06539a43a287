"""Any address of a status page to the page and its product, and a full read of it.

People paste what is in front of them: the home page, its history, one incident, a feed, an address of the API, the
page's short link or its id. What answers decides, not what the address looks like. `fetch` is a parameter, so that all of
this runs without a socket.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from riskboard.errors import Refused
from vendors.sources.base import Parsed, Quarantined, Raw, Source, SourceChanged
from vendors.sources.registry import LEAST_SURE, SOURCES, by_id

Fetch = Callable[[str], Raw]

MOST_TRIES = 8  # docs/limits.md: addresses asked before giving up
MOST_ANSWERS = 120  # docs/limits.md: addresses asked in one full read
READ_SECONDS = 120.0  # docs/limits.md: after this no further archive page is asked for
_PAGE_ID = re.compile(r"[a-z0-9]{12}")
_BELOW_THE_PAGE = re.compile(r"/(?:api/v\d+|history(?:\.(?:atom|rss|json))?|incidents|uptime|subscriptions)(?:/|$)")
_FEED_LINK = re.compile(rb"""https?://[^\s"'<>]{1,200}/history\.(?:atom|rss)""")


@dataclass(frozen=True, slots=True)
class Found:
    """A status page: where it is read, the source that reads it, how sure that is, and what was answered on the way."""

    page_url: str
    source: Source
    sureness: float
    documents: Mapping[str, Raw]
    tried: tuple[str, ...]


@dataclass(slots=True)
class _Search:
    """What was asked so far, so that nothing is asked twice and a refusal can list it."""

    fetch: Fetch
    answers: dict[str, Raw] = field(default_factory=dict)
    tried: dict[str, str] = field(default_factory=dict)

    def ask(self, url: str) -> Raw | None:
        """The answer of that address; None where there is none, or where enough was tried."""
        if url in self.answers:
            return self.answers[url]
        if url in self.tried or len(self.tried) >= MOST_TRIES:
            return None
        try:
            raw = self.fetch(url)
        except Refused as fault:
            self.tried[url] = str(fault).rstrip(".")
            return None
        self.tried[url] = f"status {raw.status}" if raw.status >= 400 else "no status page"
        if raw.status >= 400:
            return None
        self.answers[url] = raw
        return raw


def discover(address: str, *, fetch: Fetch, platform: str | None = None) -> Found:
    """The status page that address belongs to.

    `platform` names the product where recognition should be skipped. Raises Refused for what is no web address, and
    where nothing was found: the sentence lists what was tried. Cost: at most MOST_TRIES requests.
    """
    start = as_url(address)
    sources = (_named(platform),) if platform else SOURCES
    search = _Search(fetch)
    for base in page_bases(start):
        if (found := _at_base(base, sources, search)) is not None:
            return found
    if (found := _at_address(start, sources, search)) is not None:
        return found
    raise Refused(_nothing_found(start, search))


def read_page(
    address: str, *, fetch: Fetch, as_of: datetime, platform: str | None = None
) -> tuple[Parsed, dict[str, Raw]]:
    """Everything the page at that address tells, and the answers it was read from, by endpoint name.

    Raises Refused where there is no page, or where what it serves is not understood.
    """
    found = discover(address, fetch=fetch, platform=platform)
    documents, missing = collect(found, fetch=fetch)
    try:
        parsed = found.source.parse(found.page_url, documents, as_of=as_of)
    except SourceChanged as fault:
        raise Refused(f"{found.page_url} is a status page that cannot be read now: {fault}") from fault
    return replace(parsed, quarantined=parsed.quarantined + missing), documents


def collect(found: Found, *, fetch: Fetch) -> tuple[dict[str, Raw], tuple[Quarantined, ...]]:
    """All answers of a full read, by endpoint name, and what did not answer.

    What does not answer is left out and told; the record is then shorter, never better. Cost: at most MOST_ANSWERS
    requests, and no further ones begun after READ_SECONDS.
    """
    documents = dict(found.documents)
    failed: dict[str, Quarantined] = {}
    deadline = time.monotonic() + READ_SECONDS
    wanted = found.source.endpoints(found.page_url)
    while wanted:
        for endpoint in wanted:
            if endpoint.name in documents or endpoint.name in failed:
                continue
            if time.monotonic() > deadline or len(documents) + len(failed) >= MOST_ANSWERS:
                reason = "the read took too long or too many requests: what is older was not asked for"
                failed[endpoint.name] = Quarantined(where=endpoint.url, reason=reason)
                return documents, tuple(failed.values())
            try:
                raw = fetch(endpoint.url)
            except Refused as fault:
                failed[endpoint.name] = Quarantined(where=endpoint.url, reason=str(fault))
                continue
            documents[endpoint.name] = raw
        wanted = tuple(
            e for e in found.source.more(found.page_url, documents) if e.name not in documents and e.name not in failed
        )
    return documents, tuple(failed.values())


def as_url(address: str) -> str:
    """The address as an absolute web address: a scheme is added, a bare page id becomes its host.

    Raises Refused for anything that cannot be one.
    """
    text = address.strip()
    if _PAGE_ID.fullmatch(text):
        return f"https://{text}.statuspage.io/"
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as fault:
        raise Refused(f"{address!r} is no web address: {fault}") from fault
    if parts.scheme not in ("http", "https"):
        raise Refused(f"{address!r} is no web address: it must begin with https:// or http://")
    if parts.username is not None or parts.password is not None:
        raise Refused("an address with a user name or password in it is not asked; give the page's public address")
    if not host or len(text) > 2000 or any(c.isspace() or ord(c) < 32 for c in text) or port == 0:
        raise Refused(f"{address[:100]!r} is no web address: give one like https://status.example.com")
    return text


def _named(platform: str) -> Source:
    source = by_id(platform)
    if source is None:
        known = ", ".join(s.id for s in SOURCES)
        raise Refused(f"{platform!r} is no known platform; known are: {known}")
    return source


def page_bases(url: str) -> list[str]:
    """Where the page may lie, the likeliest first: in front of what is known to lie below a page, else the host."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    below = _BELOW_THE_PAGE.search(parts.path)
    prefix = parts.path[: below.start()] if below else parts.path.rstrip("/")
    return list(dict.fromkeys([origin + prefix, origin]))


def _at_base(base: str, sources: tuple[Source, ...], search: _Search) -> Found | None:
    """The page at that base, by the first answer each product gives."""
    for source in sources:
        endpoint = source.endpoints(base)[0]
        raw = search.ask(endpoint.url)
        if raw is None:
            continue
        sureness = source.recognise(raw)
        if sureness >= LEAST_SURE:
            moved = _base_of(raw, endpoint.url, base)
            documents = {endpoint.name: raw} if moved == base else {}
            return Found(moved, source, sureness, documents, tuple(search.tried))
    return None


def _base_of(raw: Raw, asked: str, base: str) -> str:
    """Where the page lies after redirects: the answering address without the endpoint's own path."""
    below = asked[len(base) :]
    final = raw.final_url or asked
    return final[: -len(below)] if final != asked and below and final.endswith(below) else base


def _at_address(url: str, sources: tuple[Source, ...], search: _Search) -> Found | None:
    """The page by what the address itself answers: a redirect to the page, its home page or feed, or a link to them."""
    raw = search.ask(url)
    if raw is None:
        return None
    elsewhere = page_bases(raw.final_url) if raw.final_url and raw.final_url != url else []
    for base in [*elsewhere, *_linked_bases(raw)]:
        if (found := _at_base(base, sources, search)) is not None:
            return found
    for source in sources:
        sureness = source.recognise(raw)
        if sureness >= LEAST_SURE:
            base = page_bases(raw.final_url or url)[0]
            name = "home" if b"<html" in raw.body[:4000].lower() else "atom" if b"<feed" in raw.body[:4000] else None
            return Found(base, source, sureness, {name: raw} if name else {}, tuple(search.tried))
    return None


def _linked_bases(raw: Raw) -> list[str]:
    """Pages whose feeds the answer links to, each once, at most three."""
    links = [match.decode("ascii", "replace") for match in _FEED_LINK.findall(raw.body[:500_000])]
    return list(dict.fromkeys(link.rsplit("/", 1)[0] for link in links))[:3]


def _nothing_found(url: str, search: _Search) -> str:
    tried = "; ".join(f"{address} ({reason})" for address, reason in search.tried.items())
    if not search.answers and len(set(search.tried.values())) == 1 and search.tried:
        reason = next(iter(search.tried.values()))
        return f"no status page could be read at {url}: {reason} (tried {', '.join(search.tried)})"
    return f"no status page was found at {url}; tried {tried}"
