"""docs/api-pages.md against the URLconf and the schema: what a page does, the API does, or the table says why not."""

from __future__ import annotations

import fnmatch
import re
from pathlib import Path

import pytest
import yaml
from django.urls import get_resolver

from tests.accounts.access_cells import read_table

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROW = re.compile(r"^\| (`[^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
CALL = re.compile(r"`(GET|POST|PUT|PATCH|DELETE) ([^`]*)`")
WRITES = {"POST", "PUT", "PATCH", "DELETE"}


def rows() -> list[tuple[list[str], list[tuple[str, str]], str]]:
    """(pages, calls, the cell) of each row."""
    text = (DOCS / "api-pages.md").read_text(encoding="utf-8")
    return [(re.findall(r"`([^`]+)`", pages), CALL.findall(by), by) for pages, _does, by in ROW.findall(text)]


def pages() -> dict[str, str]:
    """The pattern of every named route that is no endpoint, by its name."""

    def walk(resolver, prefix=""):
        for entry in resolver.url_patterns:
            text = prefix + str(entry.pattern).removeprefix("^").removesuffix("$")
            if hasattr(entry, "url_patterns"):
                yield from walk(entry, text)
            elif entry.name and not entry.name.startswith("api-"):
                yield entry.name, text

    return dict(walk(get_resolver()))


def operations() -> set[tuple[str, str]]:
    schema = yaml.safe_load((DOCS / "openapi.yaml").read_text(encoding="utf-8"))
    found = {
        (method.upper(), path.removeprefix("/api/v1/"))
        for path, methods in schema["paths"].items()
        for method in methods
    }
    return found - {("GET", "schema/")}


@pytest.mark.django_db
def test_every_page_stands_in_one_row_and_every_row_is_of_pages():
    named = [name for of, _, _ in rows() for name in of]
    assert len(named) == len(set(named)), "a page stands in two rows"
    known = pages()
    lost = [name for name in known if not any(fnmatch.fnmatchcase(name, one) for one in named)]
    assert lost == [], "say by which endpoint a program does it, or why none"
    assert [one for one in named if not fnmatch.filter(known, one)] == [], "there is no such page"


def test_every_endpoint_that_is_named_is_there_and_every_endpoint_is_named():
    told = {call for _, calls, _ in rows() for call in calls} | {("GET", "me/")}
    assert told - operations() == set(), "the schema has no such operation"
    assert operations() - told == set(), "no page does what these do; name them beside the nearest one"


@pytest.mark.django_db
def test_a_page_that_writes_has_an_endpoint_that_writes_or_a_reason():
    access, known = read_table(), pages()
    for of, calls, cell in rows():
        is_none = cell.startswith("none: ")
        assert bool(calls) != is_none or calls == [("GET", "me/")], cell
        assert not is_none or len(cell) > 25, "give the reason"
        takes = [
            name
            for name in of
            if name in known and "in" in access.get((known[name], "POST"), {}).values() and not is_none
        ]
        assert not takes or {method for method, _ in calls} & WRITES, (takes, "writes, and the endpoints only read")
