"""Reading what people see in the pseudo-locale: what stands in no brackets cannot be translated."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from babel.messages.pofile import read_po
from django.utils import translation

from riskboard import locales

WORD = re.compile(r"[A-Za-zÀ-ÿ]{3,}")
SAID = ("alt", "aria-label", "title", "placeholder")  # attributes that are read aloud or shown
_BREAK = "\x1f"
_CUT_OFF = re.compile(r"⟦[^⟦⟧\x1f]*…")  # what was too long for its place lost its closing bracket


class Texts(HTMLParser):
    """The texts of a page, and what is read aloud of it; what is typed as it stands (code) is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._in: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in.append(tag)
        self.found += [value for name, value in attrs if name in SAID and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._in:  # what stood open within it ends with it; an end of nothing ends nothing
            del self._in[len(self._in) - 1 - self._in[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if data.strip() and not {"style", "script", "code", "textarea"} & set(self._in):
            self.found.append(" ".join(data.split()))


def texts(page: str) -> list[str]:
    """Every text of that page, in order."""
    reader = Texts()
    reader.feed(page)
    return reader.found


def outside_brackets(found: list[str]) -> list[str]:
    """What of the texts stands outside brackets, however deep, and whichever tags stand within them."""
    whole = _BREAK.join(found)
    while (shorter := _CUT_OFF.sub("…", re.sub(r"⟦[^⟦⟧]*⟧", " ", whole))) != whole:
        whole = shorter
    return [text for text in whole.split(_BREAK) if text.strip()]


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


def bracket_what_is_known(monkeypatch: Any) -> None:
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
