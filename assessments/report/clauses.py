"""The clause index: what laws, standards and questionnaires ask, and where a report answers it, by what it really contains. Pure.

The clauses are data (`clauses.toml`), each with the sections that answer it in each kind of report. A report hands over what its
sections hold; nobody writes "addressed" by hand.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from riskboard.locales import N_, _

Stands = Literal["addressed", "in part", "not addressed"]
Sections = Mapping[str, str]  # section id -> "" where it holds something, else why it is empty, as half a sentence
TITLES = {
    "vendor": N_("readiness report on each vendor"),
    "continuity": N_("continuity plan"),
    "improvement": N_("improvement plan"),
    "portfolio": N_("portfolio report"),
    "comparison": N_("comparison"),
}
TO_VERIFY = N_("to be verified")
_STANDS = (N_("addressed"), N_("in part"), N_("not addressed"))


class Document(Struct, frozen=True, forbid_unknown_fields=True):
    """What is cited. `unsure` says what of it was never checked; empty where its text was read."""

    name: str
    full: str
    unsure: str = ""


class Clause(Struct, frozen=True, forbid_unknown_fields=True):
    """One clause: what it asks in our words, and by kind of report the ids of the sections that answer it."""

    document: str
    ref: str
    asks: Annotated[str, Meta(min_length=5, max_length=90)]
    mark: Literal["read", "title"]
    vendor: tuple[str, ...] = ()
    continuity: tuple[str, ...] = ()
    improvement: tuple[str, ...] = ()
    portfolio: tuple[str, ...] = ()
    comparison: tuple[str, ...] = ()

    def sections(self, kind: str) -> tuple[str, ...]:
        """Ids of the sections of that kind of report which answer it; empty where another report does."""
        found: tuple[str, ...] = getattr(self, kind)
        return found


class Index(Struct, frozen=True, forbid_unknown_fields=True):
    """The file: documents by key, the clauses in order, and the headings linked to by id of their section."""

    documents: dict[str, Document]
    clause: tuple[Clause, ...]
    sections: dict[str, str]


class Line(Struct, frozen=True):
    """One line of the index as printed: `held` are sections that answer it, `why` says what is missing."""

    ref: str
    asks: str
    stands: Stands
    held: tuple[str, ...]
    why: str

    @property
    def where(self) -> tuple[tuple[str, str], ...]:
        """(id, heading) of the sections that answer it."""
        return tuple((name, _(index().sections[name])) for name in self.held)

    @property
    def said(self) -> str:
        """How it stands, in the language spoken."""
        return _(self.stands)

    @property
    def look(self) -> str:
        """The badge of the standing."""
        return {"addressed": "pass", "in part": "partial", "not addressed": "fail"}[self.stands]


@functools.cache
def index() -> Index:
    """The clauses. Raises msgspec.ValidationError for a file that is not one."""
    text = Path(__file__).with_name("clauses.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Index)


def lines(kind: str, sections: Sections) -> tuple[Line, ...]:
    """The clauses this kind of report is to answer, each held against what its sections hold.

    Raises KeyError for a clause that names a section the report does not speak of.
    """
    return tuple(_line(one, one.sections(kind), sections) for one in index().clause if one.sections(kind))


def elsewhere(kind: str) -> tuple[tuple[str, str], ...]:
    """(report, its clauses) of what this kind of report does not answer; the first other report that does."""
    found: dict[str, list[str]] = {}
    for one in index().clause:
        if not one.sections(kind):
            other = next(name for name in TITLES if one.sections(name))
            found.setdefault(_(TITLES[other]), []).append(_ref(one))
    return tuple((title, "; ".join(refs)) for title, refs in found.items())


def documents() -> tuple[tuple[str, str], ...]:
    """(short name, full name with what is unsure of it) of every document cited."""
    return tuple(
        (one.name, f"{_(one.full)} ({_(one.unsure)}: {_(TO_VERIFY)})" if one.unsure else _(one.full))
        for one in index().documents.values()
    )


def counted(found: tuple[Line, ...]) -> str:
    """How they stand, in a sentence."""
    of: dict[Stands, int] = {"addressed": 0, "in part": 0, "not addressed": 0}
    for one in found:
        of[one.stands] += 1
    return _(
        "Of {all} clauses this report is to answer, {whole} are addressed, {part} in part and {none} not.",
        all=len(found), whole=of["addressed"], part=of["in part"], none=of["not addressed"],
    )  # fmt: skip


def clause_context(kind: str, sections: Sections) -> dict[str, Any]:
    """What the partial `_clauses.html` shows."""
    found = lines(kind, sections)
    return {"lines": found, "counted": counted(found), "elsewhere": elsewhere(kind), "documents": documents()}


def printed_clauses(kind: str, sections: Sections) -> list[tuple[str, str]]:
    """(path, text on the page) of the index."""
    found = lines(kind, sections)
    rows = [(f"clauses[{one.ref}]", f"{one.ref} {one.asks} {one.said}") for one in found]
    return [("clauses", counted(found)), *rows]


def _line(one: Clause, wanted: tuple[str, ...], sections: Sections) -> Line:
    held = tuple(name for name in wanted if not sections[name])
    why = "; ".join(dict.fromkeys(sections[name] for name in wanted if sections[name]))
    stands: Stands = "addressed" if len(held) == len(wanted) else "in part" if held else "not addressed"
    asks = _(one.asks) if one.mark == "read" else f"{_(one.asks)} ({_(TO_VERIFY)})"
    return Line(ref=_ref(one), asks=asks, stands=stands, held=held, why=why)


def _ref(one: Clause) -> str:
    return f"{index().documents[one.document].name} {one.ref}"
