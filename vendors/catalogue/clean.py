"""From a collected list of vendors' status pages to one row per vendor. Pure, and the same rows give the same file.

The list has a row per page, in every spelling anybody used. Here spellings are joined, hosts that belong together are
joined, categories and products become words of closed lists, and rows that cannot be used are told with their reason.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from vendors.catalogue import corrections as fixed
from vendors.catalogue.categories import UNKNOWN, category_of
from vendors.catalogue.pages import KnownPage, KnownVendor

COLUMNS = ("vendor", "category", "status_page_url", "platform")
_TAIL = re.compile(r"\s+(?:service\s+|system\s+)?status(?:\s+page)?$", re.IGNORECASE)
_BRACKET = re.compile(r"^(.*\S)\s*\(([^()]*)\)$")
_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,61}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not used: its line in the file (the heading is line 1), its vendor and the reason in words."""

    line: int
    vendor: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Row:
    """A usable row: the name shown, the name as written, a category with whether it is a guess, and the page."""

    name: str
    written: str
    category: str
    guessed: bool
    page: KnownPage


def clean(text: str) -> tuple[tuple[KnownVendor, ...], tuple[Refusal, ...]]:
    """The vendors of that list by slug, and the rows that were refused, by line.

    `text` is tab-separated with a heading; columns beyond COLUMNS are not read. Raises ValueError where one is missing.
    """
    lines = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    missing = [column for column in COLUMNS if column not in (lines.fieldnames or ())]
    if missing:
        raise ValueError(f"the list has no column {' nor '.join(missing)}")
    kept: list[_Row] = []
    refused: list[Refusal] = []
    for number, fields in enumerate(lines, start=2):
        cells = {column: (fields[column] or "").strip() for column in COLUMNS}
        try:
            kept.append(_row(cells))
        except ValueError as fault:
            refused.append(Refusal(number, cells["vendor"], str(fault)))
    vendors = sorted((_vendor(rows) for rows in _joined(kept)), key=lambda vendor: vendor.slug)
    return tuple(vendors), tuple(refused)


def _row(cells: dict[str, str]) -> _Row:
    """The row, corrected. Raises ValueError with the reason where it cannot be used."""
    written = cells["vendor"]
    url = _address(cells["status_page_url"])
    host = urlsplit(url).hostname or ""
    if host in fixed.THIRD_PARTY_HOSTS:
        raise ValueError(f"{host} is a third party's view, not the vendor's own page")
    if url in fixed.NO_STATUS_PAGE:
        raise ValueError(f"no status page: {fixed.NO_STATUS_PAGE[url]}")
    name = fixed.NAME_BY_HOST.get((written, host)) or display_name(written)
    if not key_of(name):
        raise ValueError("the row names no vendor")
    try:
        category, guessed = category_of(cells["category"])
    except KeyError:
        raise ValueError(f"{cells['category']!r} is no known category") from None
    if cells["platform"] not in fixed.PLATFORMS:
        raise ValueError(f"{cells['platform']!r} is no known product")
    platform = fixed.PLATFORMS[cells["platform"]]
    if platform == "unknown":
        platform = _product_of(host) or platform
    alias = written if name != fixed.NAME_BY_HOST.get((written, host)) else name
    return _Row(name, alias, category, guessed, KnownPage(url, platform))


def _address(text: str) -> str:
    """The address in one spelling: host in lower case, no fragment, no slash at the end. Raises ValueError."""
    text = fixed.ADDRESSES.get(text, text)
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        plain = parts.port is None and parts.username is None
    except ValueError as fault:
        raise ValueError(f"{text!r} is no web address: {fault}") from fault
    if parts.scheme not in ("http", "https") or not plain or not _HOST.fullmatch(host):
        raise ValueError(f"{text!r} is no public web address")
    if any(char <= " " or char == "|" for char in text):
        raise ValueError(f"{text!r} holds a character no address has")
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{host}{parts.path.rstrip('/')}{query}"


def display_name(written: str) -> str:
    """The name as it is shown: corrected, without "status", without a region, and not as an identifier."""
    name = written
    if (bracket := _BRACKET.match(name)) and bracket[2] in fixed.REGIONS:
        name = bracket[1]
    name = fixed.NAMES.get(name, name)
    name = fixed.NAMES.get(trimmed := _TAIL.sub("", name), trimmed)
    if "-" in name and name == name.lower():
        words = [word for word in name.split("-") if word]
        name = " ".join(fixed.WORDS.get(word, word.capitalize()) for word in words)
    return fixed.WORDS.get(name, name)


def key_of(name: str) -> str:
    """What two spellings of one name share: letters and digits, in lower case, without accents."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(char for char in folded if char.isascii() and char.isalnum())


def slug_of(name: str) -> str:
    """The name as an identifier: its letters and digits in lower case, parted by single hyphens."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(char for char in folded if char.isascii())
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _joined(rows: list[_Row]) -> Iterable[list[_Row]]:
    """The rows of each vendor: those of one name, and those of one host where the host is one vendor's."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for row in rows:
        host = urlsplit(row.page.url).hostname or ""
        first = root("name " + key_of(row.name))
        if host not in fixed.SHARED_HOSTS:
            parent[root("host " + host.removeprefix("www."))] = first
    groups: dict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        groups[root("name " + key_of(row.name))].append(row)
    return groups.values()


def _vendor(rows: list[_Row]) -> KnownVendor:
    name = _best_name(rows)
    category, guessed = _best_category(rows)
    spellings = {key_of(name): name}
    for row in sorted(rows, key=lambda row: (row.written.casefold(), row.written)):
        for spelling in (row.name, row.written):
            spellings.setdefault(key_of(spelling), spelling)
    aliases = tuple(sorted((text for text in spellings.values() if text != name), key=str.casefold))
    pages = _in_order(rows, name)
    domains = {d for page in pages if (d := registrable_domain(urlsplit(page.url).hostname or "")) is not None}
    return KnownVendor(slug_of(name), name, category, guessed, aliases, tuple(sorted(domains)), pages)


def _best_name(rows: list[_Row]) -> str:
    """The spelling that is no bare identifier, is used most, and is shortest; then by the alphabet."""
    counts = Counter(row.name for row in rows)
    stated = {row.name for row in rows if row.category != UNKNOWN and not row.guessed}
    return min(counts, key=lambda n: (n == n.lower(), n not in stated, -counts[n], len(n), n))


def _best_category(rows: list[_Row]) -> tuple[str, bool]:
    """The category most rows state; without one, the one most rows guess, "other" last; else unknown."""
    for guessed in (False, True):
        counts = Counter(row.category for row in rows if row.guessed is guessed and row.category != UNKNOWN)
        if counts:
            return min(counts, key=lambda word: (word == "other", -counts[word], word)), guessed
    return UNKNOWN, False


def _merged_pages(rows: list[_Row]) -> Iterable[KnownPage]:
    """Each address once (https before http), with the product any of its rows names."""
    found: dict[str, KnownPage] = {}
    for row in sorted(rows, key=lambda row: (row.page.url.startswith("http:"), row.page.url, row.page.platform)):
        bare = row.page.url.split("://", 1)[1]
        before = found.get(bare)
        if before is None or before.platform == "unknown":
            found[bare] = KnownPage(before.url if before else row.page.url, row.page.platform)
    return found.values()


def _with_the_hosts_product(pages: list[KnownPage]) -> Iterable[KnownPage]:
    """The pages; one without a product takes that of the other pages on its host, where those agree."""
    named: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        if page.platform != "unknown":
            named[urlsplit(page.url).hostname or ""].add(page.platform)
    for page in pages:
        products = named[urlsplit(page.url).hostname or ""]
        yield KnownPage(page.url, *products) if page.platform == "unknown" and len(products) == 1 else page


def _in_order(rows: list[_Row], name: str) -> tuple[KnownPage, ...]:
    """The vendor's pages, the likeliest first.

    Its own address before a product's; then the nearer to the top of its host; the whole vendor's before a region's; a
    known product before none; one listed under the shown name before another; then the shorter address.
    """
    regional = {row.page.url for row in rows if (found := _BRACKET.match(row.written)) and found[2] in fixed.REGIONS}
    named = {row.page.url for row in rows if key_of(row.written) == key_of(name)}

    def place(page: KnownPage) -> tuple[bool, int, bool, bool, bool, int, str]:
        parts = urlsplit(page.url)
        of_product = _product_of(parts.hostname or "") is not None
        unknown = page.platform == "unknown"
        url = page.url
        return of_product, parts.path.count("/"), url in regional, unknown, url not in named, len(url), url

    return tuple(sorted(_with_the_hosts_product(list(_merged_pages(rows))), key=place))


def _product_of(host: str) -> str | None:
    """The product whose own address that host is; None for a vendor's address."""
    for end, product in fixed.PRODUCT_HOSTS.items():
        if host == end or (end.startswith(".") and host.endswith(end) and host != f"www{end}"):
            return product
    return None


def registrable_domain(host: str) -> str | None:
    """The domain somebody registered (example.co.uk); None for a product's host, which says nothing of the vendor."""
    if _product_of(host) is not None:
        return None
    labels = host.split(".")
    length = 3 if ".".join(labels[-2:]) in fixed.TWO_LABEL_SUFFIXES else 2
    return ".".join(labels[-length:])
