"""Every word of ours in every kind of report is one the catalogues know: read in the pseudo-locale, which brackets those.

What stays outside the brackets must be a word of the record or the plan, a name, a unit, a reference or a file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from babel.messages.pofile import read_po
from django.utils import translation

from assessments.report import pdf
from assessments.scoring.checks.registry import BY_ID
from riskboard import locales
from riskboard.locales import PSEUDO, speaking
from tests.assessments.test_report_checkers import pairs, rich
from tests.assessments.test_report_continuity import given

WORD = re.compile(r"[A-Za-zÀ-ÿ]{3,}")
# Names, units and what is typed as it stands; nothing a reader of German or French would want otherwise.
AS_THEY_ARE = """
    Riskboard UTC RTO RPO MTD SLA USD EUR SHA Gamma Poisson exp
    riskboard verify REPORT PLAN pdf json csv facts assessment assessments incidents manifest plan figures
    DORA Art RTS risk services ISO IEC NIST CSA CCM CAIQ PRA HECVAT BCR IPY BCPL DRPL iii min
    Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec
"""
NAMES = frozenset(AS_THEY_ARE.split())
IDENTITY = re.compile(r"\bRB-[0-9A-F]{12}\b|\b[0-9a-f]{8,64}\b")
BREAK = "\x1f"
KINDS = {
    "vendor": lambda: (pdf.vendor_report(*rich()), [rich()]),
    "portfolio": lambda: (pdf.portfolio_report(pairs()), [pairs()]),
    "comparison": lambda: (pdf.comparison_report(pairs()), [pairs()]),
    "continuity": lambda: (pdf.plan_report(given(), kind="continuity"), [given().plan, given().judged]),
    "improvement": lambda: (pdf.plan_report(given(), kind="improvement"), [given().plan, given().judged]),
}


class Texts(HTMLParser):
    """The texts of a page, and what is read aloud for a picture."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._in: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in.append(tag)
        self.found += [value for name, value in attrs if name in ("alt", "aria-label", "title") and value]

    def handle_endtag(self, tag: str) -> None:
        while self._in and self._in.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not {"style", "script", "code"} & set(self._in):
            self.found.append(" ".join(data.split()))


def outside_brackets(texts: list[str]) -> list[str]:
    """What of the texts stands outside brackets, however deep, and whichever tags stand within them."""
    whole = BREAK.join(texts)
    while (shorter := re.sub(r"⟦[^⟦⟧]*⟧", " ", whole)) != whole:
        whole = shorter
    return [text for text in whole.split(BREAK) if text.strip()]


def words_of(value: Any) -> Iterator[str]:
    """Every word in a record: those of its texts, however deep."""
    if isinstance(value, str):
        yield from WORD.findall(value)
    elif isinstance(value, dict):
        for one in value.values():
            yield from words_of(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from words_of(one)


def translatable() -> set[str]:
    """Every text the catalogue of German has."""
    data = (locales.LOCALE / "de" / "LC_MESSAGES" / "django.po").read_bytes()
    return {text for one in read_po(io.BytesIO(data)) for text in ([one.id] if isinstance(one.id, str) else one.id)}


def bracket_what_is_known(monkeypatch) -> None:
    """Brackets for what a catalogue holds, and for nothing else; Django's own tags look texts up as our own calls do."""
    known, brackets = translatable(), locales.bracketed

    def bracketed(text: str) -> str:
        return brackets(text) if text in known else text

    def one_or_many(one: str, many: str, count: float) -> str:
        return bracketed(one if count == 1 else many)

    monkeypatch.setattr(locales, "bracketed", bracketed)
    monkeypatch.setattr(translation._trans, "gettext", bracketed, raising=False)
    monkeypatch.setattr(translation._trans, "pgettext", lambda _, text: bracketed(text), raising=False)
    monkeypatch.setattr(translation._trans, "ngettext", one_or_many, raising=False)
    monkeypatch.setattr(translation._trans, "npgettext", lambda _, *given: one_or_many(*given), raising=False)


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_holds_no_word_of_ours_that_cannot_be_translated(kind, monkeypatch):
    pages: list[str] = []

    def keep(html: str, *_: Any, **__: Any) -> Any:
        pages.append(html)
        return SimpleNamespace(data=b"")

    monkeypatch.setattr(pdf, "render_html", keep)
    monkeypatch.setattr(pdf.glyphs, "showable", lambda html: html)  # the font holds no such brackets
    bracket_what_is_known(monkeypatch)
    with speaking(PSEUDO):
        _, records = KINDS[kind]()
    reader = Texts()
    reader.feed(pages[0])
    theirs = set(words_of(msgspec.to_builtins(records))) | NAMES | {part for name in BY_ID for part in name.split("-")}
    bare = [IDENTITY.sub(" ", text) for text in outside_brackets(reader.found)]
    assert len(reader.found) > 200
    assert [text for text in bare if set(WORD.findall(text)) - theirs] == []
