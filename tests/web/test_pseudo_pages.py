"""Every page in the pseudo-locale: what of it stands in no brackets must be a name, a unit, or the words of others.

Two pages are left out: what `doctor` says of an installation is for whoever administers it and stays English, as logs and commands do;
the API is described in English, as it answers (docs/languages.md). Pages of sign-in are allauth's, whose own catalogues know no
pseudo-locale: they are read in German and French and held against English.
"""

from __future__ import annotations

import re
import zoneinfo

import msgspec
import pytest
from django.test import Client

from assessments.continuity import examples
from assessments.scoring.checks.registry import BY_ID, CHECKS
from riskboard.locales import LANGUAGES, PSEUDO, speaking
from tests.browser.test_every_route import PAGES, SLUG, TOKEN, WITH_DATA, _furnished, flat
from tests.pseudo import WORD, bracket_what_is_known, outside_brackets, texts, translatable, words_of
from vendors.catalogue import index
from vendors.catalogue.pages import known_vendors
from vendors.sources.registry import SOURCES

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.any_database("it is about words on pages, which no database chooses"),
]
ELSEWHERE = ("/settings/operation/", "/account/", "/api-docs/")
SAME_IN_BOTH = frozenset(["Browser", "Sessions"])  # of sign-in's own words, in German or French
ISO = re.compile(r"\b\d{4}-\d\d-\d\d\b")
ENGLISH_FIGURE = re.compile(r"(?<![\d.,-])[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?(?![\d.,]| ?%)|(?<![\d.v-])\d+\.\d+ ?%")
# How a date is typed into a field, and how a milestone is cited.
AS_TYPED = re.compile(
    r"(?:wie|etwa|oder|comme|ou|par exemple) \d{4}-\d\d-\d\d|\(\d{4}-\d\d-\d\d, [0-9a-f]{8}\)", re.IGNORECASE
)
DIGEST = re.compile(r"\b[0-9a-f]{8,64}\b")
AS_THEY_ARE = """
    Riskboard English Deutsch Français Main Ctrl UTC RTO RPO MTD min localtime
    XLSX CSV JSON TOML PDF SHA URL HTTP HTTPS SMS API iCal CAIQ SLA LEI EUID USD EUR RSS Atom
    DORA Art RTS ISO IEC NIST CSA CCM PRA EBA Data Act WCAG ETSI SCIM BCR IPY
    Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec January February March April June July August September October November December
    default procurement operations regulated
"""
# Written by the test itself, or stored of who acted.
WRITTEN = "admin example org new https hooks call Before the drill Overdue disk full The this machine Began began with"
TYPED = frozenset(WRITTEN.split()) | {"Our", "organisation"}  # what an organisation is called until somebody names it


def theirs() -> set[str]:
    """The words of the records, the plan and the catalogue; names of time zones, checks and readers."""
    names = [
        [one.name, one.slug, *one.domains, [(page.url, page.platform) for page in one.pages]] for one in known_vendors()
    ]
    given = [
        msgspec.to_builtins([index.load(slug) for slug in (SLUG, "trello", "together-ai")]),
        msgspec.to_builtins(examples.load(SLUG)),
        names, [row.name for row in index.bundled()], sorted(zoneinfo.available_timezones()), sorted(BY_ID),
        [list(check.meta.references) for check in CHECKS], [(source.id, source.name) for source in SOURCES],
    ]  # fmt: skip
    return set(words_of(given)) | set(AS_THEY_ARE.split()) | TYPED


def furnished() -> tuple[Client, list[str]]:
    """A browser signed in as administrator, and every address with something behind it."""
    filled = _furnished()
    client = Client()
    client.cookies["sessionid"] = filled.pop("session")
    return client, [path.format(slug=SLUG, token=TOKEN, **filled) for path in flat(PAGES, WITH_DATA)]


def test_no_page_holds_a_word_of_ours_that_cannot_be_translated(monkeypatch):
    client, paths = furnished()
    bracket_what_is_known(monkeypatch)
    allowed, left = theirs(), []
    for path in paths:
        if path.startswith(ELSEWHERE):
            continue
        with speaking(PSEUDO):
            page = client.get(path).content.decode()
        found = [DIGEST.sub(" ", text) for text in outside_brackets(texts(page))]
        left += [f"{path}: {text[:150]}" for text in found if set(WORD.findall(text)) - allowed]
    assert left == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_page_writes_dates_and_figures_as_its_language_does_and_sign_in_is_translated(language):
    client, paths = furnished()
    allowed, known, dates, left = theirs() | SAME_IN_BOTH, translatable(), [], []
    for path in paths:
        client.cookies["django_language"] = language
        found = texts(client.get(path).content.decode())
        if not path.startswith(ELSEWHERE):
            dates += [f"{path}: {text[:150]}" for text in found if _is_english(text)]
        if path.startswith("/account/"):
            client.cookies["django_language"] = "en"
            english = set(texts(client.get(path).content.decode()))
            same = set(found) & english - known  # what our own catalogue knows may be the same word in both
            left += [f"{path}: {text}" for text in sorted(same) if set(WORD.findall(text)) - allowed]
    assert dates == []
    assert left == []


def _is_english(text: str) -> bool:
    return bool(ENGLISH_FIGURE.search(text) or ISO.search(AS_TYPED.sub("", text)))
