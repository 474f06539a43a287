"""The translation catalogues under locale/: brought up to date with the source, checked, and compiled. Needs only Babel.

    python -m riskboard.messages update    # make messages: what the source says, into every locale/*/LC_MESSAGES/*.po
    python -m riskboard.messages check     # what is missing, left over, or breaks its placeholders; exit 1 if anything
    python -m riskboard.messages compile   # the .mo files that are read at run time; they are not in git

A catalogue names the files an entry comes from, not the lines, so that moving code changes nothing in it. Where two people's
catalogues met in a merge, `update` takes the translations of both.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import re
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "locale"
TRANSLATED = ("de", "fr")  # English is what the source is written in
# Two forms each. CLDR gives French a third one for whole millions, which nothing here counts.
PLURALS = {"de": "nplurals=2; plural=(n != 1);", "fr": "nplurals=2; plural=(n > 1);"}
PYTHON = ("riskboard", "vendors", "assessments")
KEYWORDS = {
    "_": None, "N_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3), "npgettext_lazy": ((1, "c"), 2, 3),
}  # fmt: skip
_MARK = re.compile(rb"\b(?:n?p?gettext(?:_lazy|_noop)?|N?_)\(")
_PLACEHOLDER = re.compile(r"%\((\w+)\)|\{(\w*)(?:![rsa])?(?::[^{}]*)?\}|%(?=[sd%])")
_SIDES = re.compile(r"^<{7} .*\n([\s\S]*?)^(?:\|{7} .*\n[\s\S]*?)?={7}\n([\s\S]*?)^>{7} .*\n", re.M)
Key = tuple[str | None, str | tuple[str, ...]]  # context; the words, or singular and plural


def main(argv: Sequence[str] | None = None) -> int:
    """Run one of the three; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m riskboard.messages", description=__doc__.splitlines()[0])
    parser.add_argument("act", choices=["update", "check", "compile"])
    act = parser.parse_args(argv).act
    if act == "check":
        found = list(faults())
        print("\n".join(found) or "every catalogue is up to date and complete")
        return 1 if found else 0
    done = update() if act == "update" else compile_all()
    for path in done:
        print(path.relative_to(ROOT))
    return 0


def paths() -> list[Path]:
    """Every catalogue that is kept, in order."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def from_source() -> Catalog:
    """Every marked text of the Python code and the templates, with the files it stands in."""
    catalog = Catalog(charset="utf-8")
    for path in _sources():
        name = path.relative_to(ROOT).as_posix()
        for _, function, words, comments in _extracted(path):
            context, given = _arguments(function, words)
            if given is not None:
                catalog.add(given, None, [(name, 0)], auto_comments=comments, context=context)
    for name, text in _of_tables():
        catalog.add(text, None, [(name, 0)])
    return catalog


def _of_tables() -> Iterator[tuple[str, str]]:
    """(file, text) of what the pages show out of tables: the plan's fields, the questionnaire's guidance, clauses, thresholds."""
    fields, guidance = "assessments/planning/fields.toml", "assessments/questionnaire/items.toml"
    clauses, rubric = "assessments/report/clauses.toml", "assessments/scoring/rubric.toml"
    if not (ROOT / fields).is_file():
        return
    from assessments.questionnaire.items import items
    from assessments.scoring.checks.registry import CHECKS

    table = tomllib.loads((ROOT / fields).read_text(encoding="utf-8"))
    for words in table.pop("kinds").values():
        said = [
            words["one"],
            words["many"],
            words["lead"],
            words.get("folded_name", ""),
            *words.get("unstated", {}).values(),
        ]
        yield from ((fields, text) for text in said if text)
    for kind in table.values():
        yield from ((fields, text) for said in kind.values() for text in said if text)
    for item in items():
        said = [item.full, item.ask, item.partly, item.evidence]
        yield from ((guidance, text) for text in said)
    index = tomllib.loads((ROOT / clauses).read_text(encoding="utf-8"))
    cited = [text for one in index["documents"].values() for text in (one["full"], one.get("unsure", "")) if text]
    yield from (
        (clauses, text) for text in (*cited, *index["sections"].values(), *(one["asks"] for one in index["clause"]))
    )
    yield from (
        (rubric, one["source"])
        for one in tomllib.loads((ROOT / rubric).read_text(encoding="utf-8"))["profiles"].values()
    )
    for check in CHECKS:
        for one in check.meta.thresholds:
            yield from ((rubric, text) for text in (one.name.replace("_", " "), one.unit, one.source))


def _sources() -> Iterator[Path]:
    for top in PYTHON:
        yield from sorted(path for path in (ROOT / top).rglob("*.py") if "migrations" not in path.parts)
    for suffix in ("html", "txt", "xml"):
        yield from sorted((ROOT / "templates").rglob(f"*.{suffix}"))


def _extracted(path: Path) -> Iterator[tuple[int, str, object, list[str]]]:
    data = path.read_bytes()
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        text = templatize(data.decode(), origin=str(path))
        data = "\n".join(line.strip() for line in text.splitlines()).encode()  # no block begins, no block ends
    elif not _MARK.search(data):
        return
    yield from extract_python(io.BytesIO(data), list(KEYWORDS), ["Translators:"], {"encoding": "utf-8"})


def _arguments(function: str, words: object) -> tuple[str | None, str | tuple[str, str] | None]:
    """(context, what is translated) of a call; None where its words are no literals."""
    given = list(words) if isinstance(words, tuple) else [words]
    context = given.pop(0) if function.startswith(("p", "np")) else None
    wanted = 2 if function.startswith("n") else 1
    texts = given[:wanted]
    if len(texts) < wanted or not all(isinstance(text, str) and text for text in texts):
        return None, None
    return context, tuple(texts) if wanted == 2 else texts[0]


def update(found: dict[str, Catalog] | None = None) -> list[Path]:
    """Write every catalogue anew: entries of the source, each with the translation it had. Returns the files that changed."""
    changed = []
    for domain, template in (found or domains()).items():
        for language in TRANSLATED:
            path = LOCALE / language / "LC_MESSAGES" / f"{domain}.po"
            before = path.read_text(encoding="utf-8") if path.is_file() else ""
            text = _written(_merged(template, language, before), before)
            if text != before:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                changed.append(path)
    return changed


def domains() -> dict[str, Catalog]:
    """By domain, what the source says: `django` is what pages and reports say themselves, `phrases` what judgements store."""
    from riskboard import sentences

    return {"django": from_source(), "phrases": sentences.catalogue()}


def _merged(template: Catalog, language: str, before: str) -> Catalog:
    known: dict[Key, Message] = {}
    for text in _each_side(before):
        for message in read_po(io.StringIO(text), locale=language) if text else ():
            if message.id and (_key(message) not in known or not _is_translated(known[_key(message)])):
                known[_key(message)] = message
    merged = Catalog(locale=language, charset="utf-8")
    merged.mime_headers = [("Plural-Forms", PLURALS[language])]
    for message in template:
        if not message.id:
            continue
        had = known.get(_key(message))
        entry = merged.add(
            message.id,
            _string(had),
            message.locations,
            flags={"fuzzy"} if had and had.fuzzy else (),
            auto_comments=message.auto_comments,
            user_comments=had.user_comments if had else (),
            context=message.context,
        )
        entry.flags.discard("python-format")  # guessed from any "%"; `faults` looks at the placeholders themselves
    return merged


def _string(had: Message | None) -> str | tuple[str, ...] | None:
    """The translation that was there; of a plural the two forms there are."""
    if had is None:
        return None
    return had.string if isinstance(had.string, str) else tuple(had.string)[:2]


def _each_side(text: str) -> list[str]:
    """The text, or where a merge left both sides in it, each of them whole."""
    if not _SIDES.search(text):
        return [text]
    return [_SIDES.sub(lambda found, side=side: found[side], text) for side in (1, 2)]


def _written(catalog: Catalog, before: str) -> str:
    """The catalogue as it is kept: the comment at the top as it was, no dates, sorted by file."""
    head = re.match(r"(?:#.*\n)*", _each_side(before)[0])
    out = io.BytesIO()
    write_po(out, catalog, width=110, omit_header=True, sort_by_file=True, include_lineno=False)
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {catalog.locale}\\n"\n"MIME-Version: 1.0\\n"\n'
        f'"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {PLURALS[str(catalog.locale)]}\\n"\n\n'
    )
    return (head[0] if head else "") + header + out.getvalue().decode()


def faults(found: dict[str, Catalog] | None = None) -> Iterator[str]:
    """A line for everything wrong with the catalogues: out of date, not translated, placeholders that differ, marks not seen."""
    yield from _unseen()
    for domain, template in (found or domains()).items():
        wanted = {_key(message) for message in template if message.id}
        for language in TRANSLATED:
            path = LOCALE / language / "LC_MESSAGES" / f"{domain}.po"
            name = path.relative_to(ROOT)
            if not path.is_file():
                yield f"{name} is missing: make messages"
                continue
            with path.open(encoding="utf-8") as file:
                kept = {_key(message): message for message in read_po(file, locale=language) if message.id}
            for key in sorted(wanted ^ kept.keys(), key=str):
                yield f"{name}: {_short(key)} is {'missing' if key in wanted else 'said nowhere'}: make messages"
            for key in sorted(wanted & kept.keys(), key=str):
                if not _is_translated(kept[key]):
                    yield f"{name}: {_short(key)} is not translated"
                elif wrong := _wrong_placeholders(kept[key]):
                    yield f"{name}: {_short(key)} has other placeholders: {wrong}"


def _unseen() -> Iterator[str]:
    """Marked texts within f-strings, which no extraction sees: they would stay English."""
    for path in _sources():
        data = path.read_bytes()
        if path.suffix == ".py" and _MARK.search(data):
            yield from (
                f"{path.relative_to(ROOT)}:{line}: a marked text inside an f-string is not seen"
                for line in unseen(data)
            )


def unseen(code: bytes) -> list[int]:
    """The lines where a text is marked for translation within an f-string."""
    lines = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.JoinedStr):
            for one in ast.walk(node):
                called = isinstance(one, ast.Call) and getattr(one.func, "id", getattr(one.func, "attr", ""))
                if (
                    called in KEYWORDS
                    and isinstance(one, ast.Call)
                    and any(isinstance(a, ast.Constant) for a in one.args[:1])
                ):
                    lines.append(one.lineno)
    return lines


def _key(message: Message) -> Key:
    return message.context, message.id


def _short(key: Key) -> str:
    words = key[1] if isinstance(key[1], str) else key[1][0]
    return repr(words if len(words) <= 70 else words[:69] + "…")


def _is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return bool(strings) and all(strings) and not message.fuzzy


def _wrong_placeholders(message: Message) -> str:
    """What a translation names and its source does not, or the other way round; a plural's "one" may leave its number out."""
    sources = message.id if isinstance(message.id, tuple) else (message.id,)
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    named = _placeholders(sources[-1])
    for place, text in enumerate(strings):
        here = _placeholders(text)
        if here - named or (named - here and (len(strings) == 1 or place)):
            return ", ".join(sorted(here ^ named))
    return ""


def _placeholders(text: str) -> set[str]:
    return {found[1] or found[2] or "" for found in _PLACEHOLDER.finditer(text)} - {""}


def compile_all() -> list[Path]:
    """Write the .mo of every catalogue whose .mo is missing or older. Returns those written."""
    done = []
    for path in stale():
        with path.open(encoding="utf-8") as file:
            catalog = read_po(file, locale=path.parts[-3])
        target = path.with_suffix(".mo")
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as out:
            write_mo(out, catalog)  # leaves out what is fuzzy
        os.chmod(out.name, 0o644)
        os.replace(out.name, target)  # whoever reads meanwhile finds the old one, whole
        done.append(target)
    return done


def stale() -> list[Path]:
    """The catalogues whose .mo is missing or older."""
    return [path for path in paths() if not _is_compiled(path)]


def _is_compiled(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return compiled.is_file() and compiled.stat().st_mtime_ns >= path.stat().st_mtime_ns


if __name__ == "__main__":
    raise SystemExit(main())
