"""What a judgement stored, said in the reader's language (ADR 14).

A stored sentence is matched, in linear time, against the templates of `phrases.po`; what fills its places is carried into the
translated template, figures rewritten, words in it looked up in turn. A sentence the book does not know stays English: a vendor's own
words, or a judgement of another version. English costs one look at which language is spoken.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import re2

from riskboard.locales import ENGLISH, LOCALE, PSEUDO, bracketed, figures, language, speaking

LONGEST = 2000  # characters of a stored sentence that are looked up; the documents cap theirs below
DEEPEST = 6  # sentences within sentences within sentences
_PLACE = re.compile(r"\{(\w+)(?::[^{}]*)?\}|\{\{|\}\}")
_NUMBER = r"([-+]?[0-9][0-9,]*(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?)"
_CHANGE = re.compile(r"([^,;:]{1,100}) ([-+][0-9][0-9,.]*)")  # "new incidents -2.90"
_JOINTS = (". ", "; ", ": ", ", ", " and ")


def said(text: str) -> str:
    """The stored sentence in the language spoken; as it is where the book does not know it."""
    code = language()
    if code == ENGLISH or not text:
        return text
    return _said(code, text) or text


def sentence(fault: object) -> str:
    """What was refused, as a sentence of its own in the language spoken: begun large but where an address begins it, and ended."""
    text = said(str(fault)).rstrip(".")
    first = text.partition(" ")[0]
    begun = text if "." in first or "/" in first else text[:1].upper() + text[1:]
    return begun if begun[-1:] in ("?", "!", "…") else f"{begun}."


def known(text: str) -> bool:
    """Whether the book of the language spoken knows the whole sentence; True in English."""
    code = language()
    return code == ENGLISH or not text or _said(code, text) is not None


def word(context: str, text: str) -> str:
    """A word of a closed list ("verdict", "impact"), in the language spoken; as it is where it is in no list."""
    code = language()
    if code == ENGLISH or not text:
        return text
    return _book(code).words.get((context, text.replace("_", " ")), text)


@dataclass(frozen=True, slots=True)
class _Template:
    """One translated template: what finds it, where its places go, and how much of it is fixed (the more, the surer)."""

    pattern: re2._Regexp
    names: tuple[str, ...]
    translation: str
    fixed: int


@dataclass(frozen=True, slots=True)
class _Book:
    """`whole`: sentences without places; `words`: (list, word); `loose`: words of any list; `find`: templates that fit a text."""

    whole: dict[str, str]
    words: dict[tuple[str, str], str]
    loose: dict[str, str]
    find: Callable[[str], list[_Template]]


@functools.lru_cache(maxsize=8192)
def _said(code: str, text: str) -> str | None:
    with speaking(code):
        return _looked_up(_book(code), text[:LONGEST].strip(), 0)


def _looked_up(book: _Book, text: str, depth: int) -> str | None:
    """The translation of the whole text; None where any part of ours in it is not known."""
    if not text or depth > DEEPEST:
        return None
    if (found := book.whole.get(text) or book.loose.get(text)) is not None:
        return found
    for template in book.find(text):
        match = template.pattern.fullmatch(text)
        if match is not None:
            return _filled(book, template, match.groups(), depth)
    if (found := book.whole.get(f"{text}.")) is not None:
        return found.rstrip(".")
    if text.endswith(".") and (found := _looked_up(book, text[:-1], depth + 1)) is not None:
        return f"{found}."
    if (change := _CHANGE.fullmatch(text)) and (found := _looked_up(book, change[1], depth + 1)) is not None:
        return f"{found} {figures(change[2])}"
    return _by_parts(book, text, depth)


def _filled(book: _Book, template: _Template, groups: tuple[str, ...], depth: int) -> str:
    values = {name: _value(book, name, value or "", depth) for name, value in zip(template.names, groups, strict=True)}
    return _PLACE.sub(lambda place: values[place[1]] if place[1] else place[0][0], template.translation)


def _value(book: _Book, name: str, text: str, depth: int) -> str:
    """What fills a place: a phrase of ours, a figure, or somebody's own words; always the last where the place is for a name."""
    if name.endswith("_name"):
        return text
    bare = text.strip()
    found = _looked_up(book, bare, depth + 1) if bare else None
    if found is not None:
        return text.replace(bare, found)
    return figures(text) if bare[:1].isdigit() or bare[:1] in "+-" else text


def _by_parts(book: _Book, text: str, depth: int) -> str | None:
    """Two parts joined by a mark, each of ours; or somebody's words, a colon, and a phrase of ours."""
    for joint in _JOINTS:
        at = text.rfind(joint)
        if at <= 0:
            continue
        left, right = text[: at + (joint == ". ")], text[at + len(joint) :]
        after = _looked_up(book, right, depth + 1)
        if after is None:
            continue
        before = _looked_up(book, left, depth + 1)
        if before is None and joint != ": ":
            continue
        between = joint.removeprefix(".")
        if joint == " and ":
            between = f" {book.loose.get('and', 'and')} "
        return f"{left if before is None else before}{between}{after}"
    return None


@functools.cache
def _book(code: str) -> _Book:
    """The phrasebook of a language, from its compiled catalogue; the pseudo-locale's, from the source itself."""
    return made_of(_pseudo() if code == PSEUDO else _compiled(LOCALE / code / "LC_MESSAGES" / "phrases.mo"))


def made_of(entries: Iterable[tuple[str | None, str, str]]) -> _Book:
    """A book of (list it is a word of or None, sentence, translation)."""
    whole: dict[str, str] = {}
    words: dict[tuple[str, str], str] = {}
    templates: list[tuple[str, str]] = []
    for context, source, translation in entries:
        if context:
            words[context, source] = translation
        elif "{" in source:
            templates.append((source, translation))
        else:
            whole[source] = translation
    loose = {source: translation for (_, source), translation in reversed(words.items())}
    return _Book(whole, words, loose, _finder(templates))


def _compiled(path: Path) -> Iterator[tuple[str | None, str, str]]:
    """The entries of a .mo; none where it is not compiled (`riskboard doctor` says so)."""
    from babel.messages.mofile import read_mo

    if path.is_file():
        with path.open("rb") as file:
            for message in read_mo(file):
                yield from ((message.context, *pair) for pair in _pairs(message.id, message.string))


def _pseudo() -> Iterator[tuple[str | None, str, str]]:
    from riskboard.sentences import sentences

    for one in sentences():
        for source in (one.text, one.many) if one.many else (one.text,):
            yield one.context, source, bracketed(source)


def _pairs(source: str | Sequence[str], translation: str | Sequence[str] | None) -> list[tuple[str, str]]:
    """Singular and plural are two sentences with a translation each."""
    if not source or not translation:
        return []
    if isinstance(source, str):
        return [(source, translation if isinstance(translation, str) else translation[0])]
    return list(zip(source, (translation[0], translation[-1]), strict=True))


def _finder(templates: list[tuple[str, str]]) -> Callable[[str], list[_Template]]:
    """A function from a text to the templates that fit it, the surest first. One pass over the text for all of them."""
    made, every = [], re2.Set.FullMatchSet()
    for source, translation in templates:
        template = _template(source, translation)
        every.Add(template.pattern.pattern)
        made.append(template)
    if not made:
        return lambda text: []
    every.Compile()
    return lambda text: sorted((made[n] for n in every.Match(text) or ()), key=lambda one: -one.fixed)


def _template(source: str, translation: str) -> _Template:
    pattern, names, fixed, at = [], [], 0, 0
    for place in _PLACE.finditer(source):
        text = source[at : place.start()] + ("" if place[1] else place[0][0])
        pattern.append(re2.escape(text))
        fixed += len(text)
        at = place.end()
        if place[1]:
            names.append(place[1])
            pattern.append(_NUMBER if place[1] == "n" else _place_pattern(place[0]))
    pattern.append(re2.escape(source[at:]))
    return _Template(re2.compile("(?s)" + "".join(pattern)), tuple(names), translation, fixed + len(source) - at)


def _place_pattern(place: str) -> str:
    """A number where the place says how it is written, else anything, as little as possible."""
    form = place.partition(":")[2].rstrip("}")
    if form.endswith("%"):
        return r"([-+]?[0-9.,]+%)"
    return _NUMBER if form[-1:] in ("f", "g", ",") and form else "(.+?)"
