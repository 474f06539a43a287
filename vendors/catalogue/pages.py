"""Known status pages: which vendor's pages lie where, beyond the vendors that are bundled. Reads one file beside it."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

KNOWN_VENDORS = Path(__file__).with_name("vendors.tsv")
HEADING = ("slug", "name", "category", "guessed", "aliases", "domains", "pages")
_BETWEEN = " | "


@dataclass(frozen=True, slots=True)
class KnownPage:
    """One public status page. `platform` is the product's id, "own" for the vendor's own, or "unknown"."""

    url: str
    platform: str


@dataclass(frozen=True, slots=True)
class KnownVendor:
    """A vendor whose pages somebody has listed. `category` is a word of categories.CATEGORIES, `guessed` if so.

    `aliases` are other spellings met, `domains` the registered domains of its pages, `pages` the likeliest first.
    """

    slug: str
    name: str
    category: str
    guessed: bool
    aliases: tuple[str, ...]
    domains: tuple[str, ...]
    pages: tuple[KnownPage, ...]


@functools.cache
def known_vendors() -> tuple[KnownVendor, ...]:
    """Every listed vendor by slug (about 1,350; 10 ms)."""
    return loads(KNOWN_VENDORS.read_text(encoding="utf-8"))


def loads(text: str) -> tuple[KnownVendor, ...]:
    """The vendors of a file as `dumps` writes it. Raises ValueError naming the line that is not of that form."""
    lines = text.splitlines()
    if not lines or tuple(lines[0].split("\t")) != HEADING:
        raise ValueError(f"the first line of the vendors' file is not {' '.join(HEADING)}")
    return tuple(_vendor(number, line) for number, line in enumerate(lines[1:], start=2))


def _vendor(number: int, line: str) -> KnownVendor:
    cells = line.split("\t")
    if len(cells) != len(HEADING) or cells[3] not in ("yes", "no"):
        raise ValueError(f"line {number} of the vendors' file has not the {len(HEADING)} cells of its heading")
    pages = tuple(KnownPage(url, platform) for url, _, platform in (page.partition(" ") for page in _parts(cells[6])))
    if not pages or not all(page.platform for page in pages):
        raise ValueError(f"line {number} of the vendors' file has a page without its product")
    return KnownVendor(cells[0], cells[1], cells[2], cells[3] == "yes", _parts(cells[4]), _parts(cells[5]), pages)


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(_BETWEEN)) if cell else ()


def dumps(vendors: Iterable[KnownVendor]) -> bytes:
    """The bytes of the file: tab-separated, a line per vendor, in the order given."""
    out = ["\t".join(HEADING)]
    for vendor in vendors:
        pages = _BETWEEN.join(f"{page.url} {page.platform}" for page in vendor.pages)
        several = (_BETWEEN.join(vendor.aliases), _BETWEEN.join(vendor.domains), pages)
        out.append("\t".join((vendor.slug, vendor.name, vendor.category, "yes" if vendor.guessed else "no", *several)))
    return ("\n".join(out) + "\n").encode()


def find(slug: str) -> KnownVendor | None:
    """The listed vendor of that slug; None if there is none."""
    return next((vendor for vendor in known_vendors() if vendor.slug == slug), None)


def vendors_like(name: str, limit: int = 3) -> tuple[KnownVendor, ...]:
    """Listed vendors whose name or alias is, or resembles, `name`, best first; () where none does."""
    by_name: dict[str, KnownVendor] = {}
    for vendor in known_vendors():
        for text in (vendor.name, *vendor.aliases):
            by_name.setdefault(text.casefold(), vendor)
    close = difflib.get_close_matches(name.strip().casefold(), list(by_name), n=limit, cutoff=0.75)
    return tuple(dict.fromkeys(by_name[word] for word in close))
