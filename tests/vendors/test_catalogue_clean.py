"""The list of known vendors: how rows become vendors, what is refused and why, and that the shipped file is that."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.captures import ROOT, needs_captures
from vendors.catalogue import pages
from vendors.catalogue.categories import CATEGORIES, SPELLINGS
from vendors.catalogue.clean import Refusal, clean, display_name, key_of, registrable_domain, slug_of
from vendors.catalogue.pages import KnownVendor

HEADING = "vendor\tcategory\tstatus_page_url\tplatform\tsource\n"


def cleaned(*rows: str) -> tuple[tuple[KnownVendor, ...], tuple[Refusal, ...]]:
    """The rows (vendor, category, url, platform, parted by ";") as vendors and refusals."""
    return clean(HEADING + "".join("\t".join([*row.split(";"), "somewhere"]) + "\n" for row in rows))


def only(*rows: str) -> KnownVendor:
    vendors, refused = cleaned(*rows)
    assert len(vendors) == 1
    assert refused == ()
    return vendors[0]


def test_two_spellings_of_one_name_are_one_vendor_with_both_pages() -> None:
    vendor = only(
        "fly-ing;~cloud infra;https://status.flying.example;",
        "Flying;dev tools;https://flying.statuspage.io;statuspage",
        "Flying Status;;https://status.flying.example/;instatus",
    )
    assert (vendor.slug, vendor.name, vendor.category, vendor.guessed) == ("flying", "Flying", "dev-tools", False)
    assert [(page.url, page.platform) for page in vendor.pages] == [
        ("https://status.flying.example", "instatus"),
        ("https://flying.statuspage.io", "statuspage"),
    ]
    assert vendor.aliases == ("Flying Status",)
    assert vendor.domains == ("flying.example",)


def test_two_names_of_one_host_are_one_vendor() -> None:
    vendor = only("Acme;;https://status.acme.example/eu;", "Acme Cloud;dev tools;https://status.acme.example/us;")
    assert vendor.name == "Acme Cloud"  # the row that states a category is the better kept one
    assert vendor.aliases == ("Acme",)
    assert len(vendor.pages) == 2


def test_two_vendors_on_a_host_of_many_stay_two() -> None:
    vendors, _ = cleaned("Aa;;https://stats.pingdom.com/a;", "Bb;;https://stats.pingdom.com/b;")
    assert [vendor.slug for vendor in vendors] == ["aa", "bb"]
    assert [vendor.domains for vendor in vendors] == [(), ()]


def test_a_region_in_brackets_is_a_page_and_the_whole_vendors_page_comes_first() -> None:
    vendor = only("Aa (EU);;https://eu.aa.example;statuspage", "Aa;;https://status.aa.example;")
    assert vendor.name == "Aa"
    assert vendor.pages[0].url == "https://status.aa.example"


@pytest.mark.parametrize(
    ("row", "category", "guessed"),
    [
        ("A;email;https://a.example;", "email", False),
        ("A;~email;https://a.example;", "email", True),
        ("A;;https://a.example;", "unknown", False),
        ("A;marketing/SEO;https://a.example;", "crm-marketing", False),
    ],
)
def test_a_category_is_a_word_of_the_closed_list_and_a_guess_stays_one(row: str, category: str, guessed: bool) -> None:
    vendor = only(row)
    assert (vendor.category, vendor.guessed) == (category, guessed)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A;;ftp://a.example;", "no public web address"),
        ("A;;https://a.example:8080;", "no public web address"),
        ("A;;https://user@a.example;", "no public web address"),
        ("A;;https://10.0.0.1;", "no public web address"),
        ("A;;https://[::1;", "no web address"),
        ("A;;https://localhost;", "no public web address"),
        ("A;;;", "no public web address"),
        ("A;;https://a.example/x y;", "character"),
        ("A;;https://statusgator.com/services/a;", "third party"),
        ("SG Test;;https://sgtest1.statuspage.io;", "test page"),
        ("A;weather;https://a.example;", "no known category"),
        ("A;;https://a.example;abacus", "no known product"),
        ("...;;https://a.example;", "names no vendor"),
    ],
)
def test_a_row_that_cannot_be_used_is_told_with_its_line_and_reason(row: str, reason: str) -> None:
    vendors, refused = cleaned(row, "Good;;https://good.example;")
    assert [vendor.slug for vendor in vendors] == ["good"]
    assert [refusal.line for refusal in refused] == [2]
    assert reason in refused[0].reason


def test_a_list_without_a_column_is_refused_by_its_name() -> None:
    with pytest.raises(ValueError, match="platform"):
        clean("vendor\tcategory\tstatus_page_url\n")


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = [
        "B;~email;http://status.b.example;", "b;email;https://status.b.example/;statuspage", "C;;https://c.example;",
        "B Status;;https://b.status.io;", "C2;~gaming;https://c.example/x;",
    ]  # fmt: skip
    assert cleaned(*rows)[0] == cleaned(*reversed(rows))[0]


def test_a_page_takes_the_product_its_host_is_known_for() -> None:
    vendor = only(
        "A;;https://status.a.example/x/y;instatus", "A;;https://status.a.example/x;", "A;;https://a.example/s;"
    )
    assert [(page.url, page.platform) for page in vendor.pages] == [
        ("https://status.a.example/x", "instatus"),
        ("https://a.example/s", "unknown"),
        ("https://status.a.example/x/y", "instatus"),
    ]


def test_a_secure_address_stands_for_the_open_one() -> None:
    assert [page.url for page in only("A;;http://a.example;", "A;;https://a.example;").pages] == ["https://a.example"]


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("status.a.co.uk", "a.co.uk"),
        ("a.example", "a.example"),
        ("x.y.a.example", "a.example"),
        ("a.statuspage.io", None),
        ("www.statuspage.io", "statuspage.io"),
    ],
)
def test_the_domain_is_the_registered_one_and_never_a_products(host: str, domain: str | None) -> None:
    assert registrable_domain(host) == domain


@given(st.text(max_size=40))
def test_a_shown_name_keeps_its_key_when_shown_again_and_a_slug_is_plain(text: str) -> None:
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug_of(text))
    assert slug_of(text).replace("-", "") == key_of(text)
    assert display_name(display_name(text)) is not None


def test_every_category_has_a_meaning_and_every_spelling_a_category() -> None:
    assert len(CATEGORIES) <= 30
    assert set(SPELLINGS.values()) == set(CATEGORIES)
    assert all(CATEGORIES.values())


def test_the_shipped_list_holds_each_vendor_and_each_address_once() -> None:
    vendors = pages.known_vendors()
    slugs = [vendor.slug for vendor in vendors]
    urls = [page.url for vendor in vendors for page in vendor.pages]
    assert len(vendors) > 1_300
    assert slugs == sorted(set(slugs))
    assert len(urls) == len(set(urls)) > 1_400
    assert {vendor.category for vendor in vendors} <= set(CATEGORIES)
    assert pages.loads(pages.dumps(vendors).decode()) == vendors


@needs_captures
def test_the_shipped_list_is_what_cleaning_the_collected_one_gives() -> None:
    vendors, refused = clean((ROOT / "vendors.tsv").read_text(encoding="utf-8"))
    assert pages.dumps(vendors) == pages.KNOWN_VENDORS.read_bytes()
    assert len(refused) == 23


def test_a_known_vendor_is_found_by_a_nearly_right_name() -> None:
    assert [vendor.slug for vendor in pages.vendors_like("1pasword")][:1] == ["1password"]
    assert pages.vendors_like("no such vendor at all") == ()
    assert pages.find("github") is not None
    assert pages.find("no-such-vendor") is None


@pytest.mark.parametrize(
    "text", ["", "slug\tname\n", "\t".join(pages.HEADING) + "\na\tA\temail\tmaybe\t\t\thttps://a x\n"]
)
def test_a_file_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="vendors' file"):
        pages.loads(text)
