"""Known status pages: which vendor's page lies where, beyond the vendors that are bundled. Reads one file beside it."""

from __future__ import annotations

import csv
import difflib
import functools
from dataclasses import dataclass
from pathlib import Path

KNOWN_PAGES = Path(__file__).with_name("known_pages.tsv")


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A vendor's public status page somebody has listed. `category` may open with "~" (a guess); `platform` may be ""."""

    vendor: str
    category: str
    url: str
    platform: str


@functools.cache
def known_pages() -> tuple[KnownPage, ...]:
    """Every listed status page, by vendor name (about 1,450; 20 ms)."""
    with KNOWN_PAGES.open(newline="", encoding="utf-8") as lines:
        return tuple(KnownPage(**row) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def pages_like(name: str, limit: int = 3) -> tuple[KnownPage, ...]:
    """Known pages of vendors whose name is, or resembles, `name`, best first; () where none does."""
    by_name: dict[str, KnownPage] = {}
    for page in known_pages():
        by_name.setdefault(page.vendor.casefold(), page)
    close = difflib.get_close_matches(name.strip().casefold(), list(by_name), n=limit, cutoff=0.75)
    return tuple(by_name[word] for word in close)
