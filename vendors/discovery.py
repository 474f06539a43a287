"""Any address of a status page to the page and its product, and a full read of it.

People paste what is in front of them: the vendor's home page, the status page, its history, one incident, a feed, an
address of the API, the page's short link or its id. What answers decides, not what the address looks like. In order: a
host that belongs to one product; the commonest interface; what the address itself answers; the links of the page; the
other products' interfaces; the usual names of a status page. `fetch` is a parameter, so that all of this runs
without a socket.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import re2

from riskboard.errors import NotNow, Refused
from vendors.addresses import registrable
from vendors.openness import PRODUCT_HOSTS, Host, observe
from vendors.sources.base import Parsed, Quarantined, Raw, Source, SourceChanged, is_web
from vendors.sources.registry import SOURCES, by_id, judge
from vendors.sources.shapes import kind_of
from vendors.standing import Look, stands_on

Fetch = Callable[[str], Raw]

MOST_TRIES = 24  # docs/limits.md: addresses asked before giving up
MOST_LINKS = 4  # links of a page that are followed
MOST_ANSWERS = 120  # docs/limits.md: addresses asked in one full read
READ_SECONDS = 120.0  # docs/limits.md: after this no further archive page is asked for
SURE = 0.6  # an answer this sure ends the search; a less sure one waits for a better
TRIED = ". Tried: "  # what comes after it is the list of addresses asked, for whoever wants to know
COMMONEST = "statuspage"  # three of four hosted pages answer its interface, look-alikes included
_PAGE_ID = re.compile(r"[a-z0-9]{12}")
_BELOW_THE_PAGE = re.compile(
    r"/(?:api/(?:v\d+|widget|status-page|getMonitorList|public)|history(?:\.(?:atom|rss|json))?|incidents?|issues|notices|events"
    r"|uptime|subscriptions|maintenances?|feed(?:\.(?:rss|atom|json))?|summary\.json|index\.(?:json|xml)|status\.json"
    r"|data/payload\.json|v2/components\.json|rss(?:\.xml)?|atom(?:\.xml)?|pages/(?:incident|maintenance|history))(?:/|$)"
)
_HREF = re2.compile(
    rb"""(?i)<(?:a|link)\b[^<>]{0,500}?href\s*=\s*["']?([^"'\s<>]{4,500})[^<>]{0,500}>\s*([^<>]{0,60})"""
)
_STATUS_HOST = re.compile(
    r"(?:^|[.-])status(?:page)?(?:[.-]|$)|^[a-z0-9-]{1,50}status\.[a-z]{2,20}$"
    r"|statuspage\.io$|\.instatus\.com$|betteruptime\.com$"
)
_STATUS_WORDS = re.compile(
    r"^\W*(?:(?:system|service|server|platform|network|our|api)\s+)?status(?:\s+page)?\W*$", re.IGNORECASE
)
_STATUS_PATH = re.compile(r"/(?:system-?)?status(?:page)?/?$", re.IGNORECASE)
_FEED = re.compile(r"(?:\.(?:atom|rss|xml)|/(?:feed|rss|atom))/?$", re.IGNORECASE)


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
    """What was asked so far, so that nothing is asked twice and a refusal can list it; the best found that is not sure."""

    fetch: Fetch
    sources: tuple[Source, ...]
    answers: dict[str, Raw] = field(default_factory=dict)
    tried: dict[str, str] = field(default_factory=dict)
    second_best: Found | None = None

    def ask(self, url: str) -> Raw | None:
        """The answer of that address; None where there is none, or where enough was tried."""
        if url in self.answers:
            return self.answers[url]
        if url in self.tried or len(self.tried) >= MOST_TRIES:
            return None
        try:
            raw = self.fetch(url)
        except NotNow:
            raise
        except Refused as fault:
            self.tried[url] = str(fault).rstrip(".")
            return None
        self.tried[url] = _why_not(raw.status)
        if raw.status >= 400:
            return None
        self.answers[url] = raw
        return raw

    def judge(self, raw: Raw | None, base: str) -> Found | None:
        """The page that answer belongs to, if a source is sure of it; one that is less sure is remembered."""
        if raw is None:
            return None
        source, sureness = judge(raw, self.sources)
        if source is None:
            return None
        page = source.base_of(raw.final_url or raw.url) or base
        name = next((e.name for e in source.endpoints(page) if e.url in (raw.url, raw.final_url)), kind_of(raw.body))
        found = Found(page, source, sureness, {name: raw}, tuple(self.tried))
        if sureness >= SURE:
            return found
        if self.second_best is None or sureness > self.second_best.sureness:
            self.second_best = found
        return None


def discover(address: str, *, fetch: Fetch, platform: str | None = None) -> Found:
    """The status page that address belongs to.

    `platform` names the product where recognition should be skipped. Raises Refused for what is no web address, and
    where nothing was found: the sentence lists what was tried. Cost: at most MOST_TRIES requests, usually one or two.
    """
    start = as_url(address)
    search = _Search(fetch, (_named(platform),) if platform else SOURCES)
    for step in (_by_host, _by_commonest, _by_itself, _by_links, _by_probing, _by_usual_names):
        if (found := step(start, search)) is not None:
            return found
    if search.second_best is not None:
        return search.second_best
    raise Refused(_nothing_found(start, search))


def read_page(
    address: str,
    *,
    fetch: Fetch,
    as_of: datetime,
    platform: str | None = None,
    found: Found | None = None,
    look: Look | None = None,
) -> tuple[Parsed, dict[str, Raw]]:
    """Everything the page at that address tells, and the answers it was read from, by endpoint name.

    `found` saves the search for a page already known; `look` tells what name service and certificate say of a host (None:
    whether the page stands apart from the product is not looked at). Raises Refused where there is no page, or where what it serves is
    not understood.
    """
    if found is None:
        found = discover(address, fetch=fetch, platform=platform)
    documents, missing = collect(found, fetch=fetch)
    try:
        parsed = found.source.parse(found.page_url, documents, as_of=as_of)
    except SourceChanged as fault:
        raise Refused(f"{found.page_url} is a status page that cannot be read now: {fault}") from fault
    documents = _with_the_page_itself(parsed.page.url, documents, fetch)
    status, product = _hosts(parsed.page.url, look)
    seen = observe(parsed, documents, as_of=as_of, status=status, product=product, whole=not missing)
    seen += stands_on(parsed.page, look, as_of=as_of)
    return replace(parsed, quarantined=parsed.quarantined + missing, observations=parsed.observations + seen), documents


def _with_the_page_itself(url: str, documents: dict[str, Raw], fetch: Fetch) -> dict[str, Raw]:
    """The answers, with the page as people see it added where none of them is that; its openness shows there."""
    if not is_web(url) or any(kind_of(raw.body) == "home" for raw in documents.values()):
        return documents
    try:
        raw = fetch(f"{url.rstrip('/')}/")
    except NotNow:
        raise
    except Refused:
        return documents  # what the page alone shows stays unknown
    return documents | {"page": raw} if kind_of(raw.body) == "home" and raw.status < 400 else documents


def _hosts(url: str, look: Look | None) -> tuple[Host | None, Host | None]:
    """What is known of the page's host and of the vendor's own site; None each where it was not looked at."""
    host = urlsplit(url).hostname
    if look is None or host is None:
        return None, None
    own = registrable(host)
    foreign = any(host == known or host.endswith(f".{known}") for known in PRODUCT_HOSTS)
    found: list[Host | None] = []
    for name in (host, None if foreign or own == host else own):
        try:
            found.append(None if name is None else look(name))
        except Refused:
            found.append(None)
    return found[0], found[1]


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
            except NotNow:
                raise
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


def _by_host(url: str, search: _Search) -> Found | None:
    """A host that only one product or vendor uses: its own document is asked, and must be recognised all the same."""
    for source in search.sources:
        base = source.base_of(url)
        if base is not None:
            found = _at(base, source, search)
            if found is not None:
                return found
    return None


def _by_commonest(url: str, search: _Search) -> Found | None:
    source = by_id(COMMONEST)
    if source is None or (source not in search.sources and len(search.sources) > 1):
        return None
    for base in page_bases(url):
        asked = search.sources[0] if len(search.sources) == 1 else source
        if (found := _at(base, asked, search)) is not None:
            return found
    return None


def _by_itself(url: str, search: _Search) -> Found | None:
    """What the address answers, then the page above it; if one leads elsewhere, the page there."""
    for address in dict.fromkeys([url, *(f"{base}/" for base in page_bases(url))]):
        raw = search.ask(address)
        if raw is None:
            continue
        landed = raw.final_url or address
        if landed != address:
            for step in (_by_host, _by_commonest):
                if (found := step(landed, search)) is not None:
                    return found
        if (found := search.judge(raw, page_bases(landed)[0])) is not None:
            return found
    return None


def _by_probing(url: str, search: _Search) -> Found | None:
    """The first document of each product that can be on any host, where the page would lie."""
    base = page_bases(url)[0] if _BELOW_THE_PAGE.search(urlsplit(url).path) else page_bases(url)[-1]
    for source in search.sources:
        if source.about.kind == "own" or source.id == COMMONEST or not source.about.probed:
            continue
        if (found := _at(base, source, search)) is not None:
            return found
    return None


def _by_links(url: str, search: _Search) -> Found | None:
    """Status pages and feeds that the pasted page links to."""
    homes = [url, *(f"{base}/" for base in page_bases(url))]
    for link in dict.fromkeys(
        link for home in homes if home in search.answers for link in _links(search.answers[home])
    ):
        for step in (_by_host, _by_commonest, _by_itself):
            if (found := step(link, search)) is not None:
                return found
    return None


def _by_usual_names(url: str, search: _Search) -> Found | None:
    """status.vendor.com for an address of vendor.com."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _STATUS_HOST.search(host) or parts.port is not None:
        return None
    domain = registrable(host)
    for guess in (f"https://status.{domain}/", f"https://{domain.split('.')[0]}.statuspage.io/"):
        for step in (_by_host, _by_commonest, _by_itself):
            if (found := step(guess, search)) is not None:
                return found
    return None


def _at(base: str, source: Source, search: _Search) -> Found | None:
    """The page at that base by the first document of that product; the answer may name another product."""
    endpoint = source.endpoints(base)[0]
    raw = search.ask(endpoint.url)
    if raw is None:
        return None
    moved = _base_of(raw, endpoint.url, base)
    found = search.judge(raw, moved)
    if found is not None and moved != base and found.source.id == source.id:
        return replace(found, page_url=moved, documents={})
    return found


def _base_of(raw: Raw, asked: str, base: str) -> str:
    """Where the page lies after redirects: the answering address without the endpoint's own path."""
    below = asked[len(base) :]
    final = raw.final_url or asked
    return final[: -len(below)] if final != asked and below and final.endswith(below) else base


def _links(raw: Raw) -> Iterator[str]:
    """Where the page links to that looks like a status page or a feed of one, each once, the likeliest first."""
    here = raw.final_url or raw.url
    own = urlsplit(here).hostname or ""
    found: dict[str, int] = {}
    for match in _HREF.finditer(raw.body[:1_000_000]):
        link = urljoin(here, match.group(1).decode("ascii", "ignore").replace("&amp;", "&")).partition("#")[0]
        parts = urlsplit(link)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or link == here:
            continue
        same = registrable(host) == registrable(own)
        named = _STATUS_WORDS.match(match.group(2).decode("utf-8", "ignore")) is not None
        if named and not _STATUS_HOST.search(own):
            found.setdefault(link, 0)
        elif _STATUS_HOST.search(host) and host != own:
            found.setdefault(f"{parts.scheme}://{parts.netloc}/", 0 if same else 1)
        elif _STATUS_PATH.search(parts.path) and same:
            found.setdefault(link, 2)
        elif _FEED.search(parts.path) and _STATUS_HOST.search(own):
            found.setdefault(link, 3)
    yield from sorted(found, key=lambda link: found[link])[:MOST_LINKS]


def _nothing_found(url: str, search: _Search) -> str:
    """What was asked and why each was no page, addresses of one reason together."""
    if not search.answers and len(set(search.tried.values())) == 1 and search.tried:
        return f"no status page could be read at {url}: {next(iter(search.tried.values()))}"
    by_reason: dict[str, list[str]] = {}
    for address, reason in search.tried.items():
        by_reason.setdefault(reason.replace(address, "").strip() or reason, []).append(address)
    tried = "; ".join(f"{', '.join(addresses)} ({reason})" for reason, addresses in by_reason.items())
    nothing = (
        f"no status page was found at {url}; paste the address of the page itself, or enter its outages as evidence"
    )
    return f"{nothing}{TRIED}{tried}"


def _why_not(status: int) -> str:
    return f"answers with HTTP {status}" if status >= 400 else "no status page"
