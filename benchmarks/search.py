"""A query in the catalogue of vendors as it is typed, against looking for it in every vendor's name once."""

from __future__ import annotations

from benchmarks.table import Row, median_of
from vendors.catalogue.pages import known_vendors
from vendors.catalogue.search import search

QUERIES = ("s", "status", "gihtub", "amazon web services", "zzzzzzzz")
AIM = 120.0  # five milliseconds for 1,340 vendors; every name, alias and host, and a slip in each, is looked at


def rows() -> list[Row]:
    """One row: the slowest of the queries."""
    names = [vendor.name.casefold() for vendor in known_vendors()]
    slowest, query = max((median_of(lambda query=query: search(query)), query) for query in QUERIES)
    floor = median_of(lambda: [name for name in names if query in name])
    return [Row(f"search in {len(names):,} vendors, slowest of {len(QUERIES)} queries", slowest, floor, AIM)]
