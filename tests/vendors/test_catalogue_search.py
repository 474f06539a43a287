"""Finding a vendor while typing: what ranks before what, what a slip still finds, and how long a query takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vendors.catalogue.pages import KnownPage, KnownVendor
from vendors.catalogue.search import EXACT, PREFIX, SLIP, SUBSTRING, WORD, Index, begins_with_one_slip, search


def vendor(name: str, *, aliases: tuple[str, ...] = (), domain: str = "") -> KnownVendor:
    slug = name.casefold().replace(" ", "-")
    domain = domain or f"{slug}.example"
    page = KnownPage(f"https://status.{domain}", "unknown")
    return KnownVendor(slug, name, "unknown", False, aliases, (domain,), (page,))


NAMES = [vendor(name) for name in ("North", "Northern Mail", "Mail North", "Magnorth", "Norht Sea")]


def test_exact_comes_before_prefix_word_and_substring() -> None:
    hits = Index(NAMES).search("north")
    assert [(hit.vendor.name, hit.rank) for hit in hits] == [
        ("North", EXACT), ("Northern Mail", PREFIX), ("Mail North", WORD), ("Magnorth", SUBSTRING),
    ]  # fmt: skip
    assert hits[0].why == "its name is north"


def test_a_slip_counts_only_where_nothing_begins_with_what_was_typed() -> None:
    hits = Index(NAMES[3:]).search("north")
    assert [(hit.vendor.name, hit.rank) for hit in hits] == [("Magnorth", SUBSTRING), ("Norht Sea", SLIP)]
    assert hits[1].why == "its name is one slip from north"


@pytest.mark.parametrize(
    ("query", "field"),
    [("Blue", "name"), ("azure sky", "other spelling"), ("blue-sky.example", "domain"), ("status.blue-sky", "page")],
)
def test_a_vendor_is_found_by_name_other_spelling_domain_and_page(query: str, field: str) -> None:
    (hit,) = Index([vendor("Blue", aliases=("Azure Sky",), domain="blue-sky.example")]).search(query)
    assert hit.field == field


@pytest.mark.parametrize(
    "typed", ["gihtub", "githb", "gitthub", "gothub", "github ", "GITHUB", "gihub", "igthub", "githbu"]
)
def test_one_slip_and_any_case_still_find_github(typed: str) -> None:
    assert "github" in [hit.vendor.slug for hit in search(typed)]


@pytest.mark.parametrize("typed", ["clodfl", "cluodflare", "cloudfalre"])
def test_a_slip_in_an_unfinished_name_still_finds_it(typed: str) -> None:
    assert search(typed)[0].vendor.slug == "cloudflare"


@pytest.mark.parametrize("typed", ["", "   ", "x" * 101, "qqqqq"])
def test_a_blank_an_overlong_and_an_unknown_query_find_nothing(typed: str) -> None:
    assert search(typed) == ()


def test_no_more_than_asked_for_and_each_vendor_once() -> None:
    hits = search("s", limit=5)
    assert len({hit.vendor.slug for hit in hits}) == len(hits) == 5
    assert search("s", limit=0) == ()


@given(st.text("abc", min_size=4, max_size=9), st.data())
def test_any_single_edit_of_a_beginning_counts_as_one_slip(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcx"))
    edits = [word[:at] + letter + word[at:], word[:at] + word[at + 1 :], word[:at] + letter + word[at + 1 :]]
    if at + 1 < len(word):
        edits.append(word[:at] + word[at + 1] + word[at] + word[at + 2 :])
    for typed in edits:
        assert word.startswith(typed) or begins_with_one_slip(word + "tail", typed)


@given(st.text("ab", min_size=1, max_size=6), st.text("ab", min_size=1, max_size=6))
def test_two_edits_never_count_as_one(text: str, typed: str) -> None:
    if begins_with_one_slip(text, typed):
        assert min(_distance(text[:n], typed) for n in range(len(text) + 1)) <= 1


def _distance(one: str, other: str) -> int:
    """The edits between two words, a swap of neighbours counted as one."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


@given(st.text(max_size=120), st.integers(-1, 20))
def test_any_query_is_answered(text: str, limit: int) -> None:
    hits = search(text, limit)
    assert len(hits) <= max(limit, 0)
    assert [hit.rank for hit in hits] == sorted(hit.rank for hit in hits)
