"""Words, numbers and dates in the reader's language; one place for all of them. No Django of its own.

English is what the code says, byte for byte, and costs nothing but a look at which language is spoken. Where `speaking` names no
language, a request's language (Django's) is spoken, if Django is there at all: `riskboard verify` runs without.
"""

from __future__ import annotations

import contextlib
import functools
import gettext as standard
import re
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import date, datetime
from pathlib import Path
from typing import Any

from riskboard.durations import hours_text
from riskboard.errors import Refused

LOCALE = Path(__file__).resolve().parents[1] / "locale"
ENGLISH = "en"
LANGUAGES = (ENGLISH, "de", "fr")
PSEUDO = "en-xa"  # for tests: every text of ours in brackets, made from the texts themselves
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)

# How a date is written: the English pattern, as strftime knows it, and Babel's for the others.
DAY, MINUTE, SECOND, LONG, FULL, SHORT, MONTH, MONTH_ALONE, MOMENT = range(9)
_ENGLISH = (
    "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%-d %B %Y", "%d %B %Y", "%-d %b %Y", "%b %Y", "%b", "%-d %b %Y, %H:%M",
)  # fmt: skip
_BABEL = {
    "de": (
        "dd.MM.yyyy", "dd.MM.yyyy HH:mm", "dd.MM.yyyy HH:mm:ss", "d. MMMM yyyy", "d. MMMM yyyy", "d. MMM yyyy", "MMM yyyy", "LLL",
        "d. MMM yyyy, HH:mm",
    ),
    "fr": (
        "dd/MM/yyyy", "dd/MM/yyyy HH:mm", "dd/MM/yyyy HH:mm:ss", "d MMMM yyyy", "d MMMM yyyy", "d MMM yyyy", "MMM yyyy", "LLL",
        "d MMM yyyy, HH:mm",
    ),
}  # fmt: skip
_FIGURE = re.compile(
    r"(?P<date>\b\d{4}-\d\d-\d\d\b)(?P<clock> \d\d:\d\d(?::\d\d)?\b)?"
    r"|(?<![\w.,:/])(?<!\w-)(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+)"
    r"(?P<percent>\s?%)?(?P<days> ?d\b)?(?![\w:/-]|[.,]\d)"
)


def language() -> str:
    """The code of the language spoken now, one of LANGUAGES (or PSEUDO in tests)."""
    chosen = _spoken.get()
    if chosen is not None:
        return chosen
    translation = sys.modules.get("django.utils.translation")
    active = translation.get_language() if translation is not None and _has_settings() else None
    return active if active in LANGUAGES else ENGLISH


def _has_settings() -> bool:
    return bool(sys.modules["django.conf"].settings.configured)


@contextlib.contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak that language meanwhile, templates included. Raises Refused for one there is none of."""
    if code not in (*LANGUAGES, PSEUDO):
        raise Refused(f"there is no language {code[:20]!r}; there are {', '.join(LANGUAGES)}")
    before = _spoken.set(code)
    try:
        translation = sys.modules.get("django.utils.translation")
        if translation is not None and _has_settings():
            with translation.override(code):
                yield
        else:
            yield
    finally:
        _spoken.reset(before)


def _(text: str, /, **named: object) -> str:
    """That text in the language spoken, its {places} filled in."""
    code = language()
    if code != ENGLISH:
        text = bracketed(text) if code == PSEUDO else _catalogue(code).gettext(text)
    return text.format(**named) if named else text


def N_(text: str) -> str:
    """Mark a text that is translated later, where it is shown."""
    return text


def pgettext(context: str, text: str) -> str:
    """A word that needs to be told apart, in the language spoken."""
    code = language()
    if code == ENGLISH:
        return text
    return bracketed(text) if code == PSEUDO else _catalogue(code).pgettext(context, text)


def ngettext(one: str, many: str, count: float, /, **named: object) -> str:
    """The text for that many: {n} is the number as it is written; other {places} are filled in."""
    code = language()
    if code in (ENGLISH, PSEUDO):
        text = one if count == 1 else many
        text = bracketed(text) if code == PSEUDO else text
    else:
        text = _catalogue(code).ngettext(one, many, int(count) if count == int(count) else 2)
    return text.format(n=figure(count, ","), **named)


@functools.cache
def _catalogue(code: str, domain: str = "django") -> standard.NullTranslations:
    """The catalogue; one that translates nothing where it is not compiled (`riskboard doctor` says so)."""
    return standard.translation(domain, LOCALE, [code], fallback=True)


def bracketed(text: str) -> str:
    """The pseudo-locale: longer by a third, as German and French are, and plainly ours."""
    return f"⟦{text}{'·' * (len(text) // 3)}⟧" if text.strip() else text


def room(characters: int) -> int:
    """How many characters a text may have where so many are enough in English: German and French take a third more."""
    return characters if language() == ENGLISH else characters * 4 // 3


def figure(value: float, form: str = "") -> str:
    """`format(value, form)` as the language writes it: 1,234.5 is 1.234,5; 83% is 83 %."""
    return figures(format(value, form))


def duration(hours: float) -> str:
    """A length of time: "4 h 30 min", "3 d 2 h" (in German "3 Tage 2 h")."""
    return figures(hours_text(hours))


def when(at: date | datetime, form: int = DAY) -> str:
    """A date or time, as one of DAY, MINUTE, SECOND, LONG, FULL, SHORT, MONTH, MONTH_ALONE, MOMENT."""
    code = language()
    if code not in _BABEL:
        return at.strftime(_ENGLISH[form])
    from babel import dates

    pattern = _BABEL[code][form]
    if isinstance(at, datetime):
        return dates.format_datetime(at, pattern, locale=code)
    return dates.format_date(at, pattern, locale=code)


def figures(text: str) -> str:
    """English figures within a text (numbers, shares, lengths in days, ISO dates) as the language writes them."""
    code = language()
    return text if code not in _BABEL else _FIGURE.sub(functools.partial(_rewritten, code), text)


def _rewritten(code: str, found: re.Match[str]) -> str:
    if found["date"]:
        try:
            day = date.fromisoformat(found["date"])
        except ValueError:
            return found[0]
        return when(day) + (found["clock"] or "")
    point, group, percent = _symbols(code)
    number = found["number"].replace(",", "\0").replace(".", point).replace("\0", group)
    if found["percent"]:
        number += percent
    if found["days"]:
        unit = ("Tag" if found["number"] == "1" else "Tage") if code == "de" else "j"
        return f"{number}{found['days'].replace('d', unit) if found['days'] != 'd' else unit}"
    return number


@functools.cache
def _symbols(code: str) -> tuple[str, str, str]:
    """(decimal point, sign between thousands, what follows the number of a percentage) of that language, from CLDR."""
    from babel import Locale

    locale = Locale.parse(code)
    symbols: Any = locale.number_symbols["latn"]
    pattern = locale.percent_formats[None].pattern
    return symbols["decimal"], symbols["group"], pattern[pattern.rindex("0") + 1 :]
