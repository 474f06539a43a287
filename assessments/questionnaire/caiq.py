"""A vendor's own CAIQ v4 workbook, read for what its BCR and IPY rows say about our items. Pure.

The mapping is data (`caiq.toml`), versioned, with a reason for each row and for each item that has none. What a vendor
ticked there is its own word: it counts as self-declared, and never for more than the question asked.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib import resources

import msgspec

from assessments.files.reading import Grid, read_book
from assessments.questionnaire.answer_files import LONGEST_NOTE, Fault, Word
from riskboard.errors import Refused

MAX_BYTES = 8 * 2**20  # docs/limits.md: the workbook as published is a few hundred kB
MAX_ROWS = 2_000
_QUESTION = re.compile(r"(BCR|IPY)-(\d{2})\.(\d{1,2})")
_VERSION = re.compile(r"(?:caiq|v|version)\s*\.?\s*(\d)\.(\d)(?:\.(\d+))?", re.IGNORECASE)
_IDS = ("question_id", "questionid", "question_#", "question")
_ANSWERS = ("csp_caiq_answer", "caiq_answer", "answer", "csp_answer")
_WORDS = ("csp_implementation_description", "implementation_description")
_OLDER = ("consensus_assessment_answers", "consensus_assessment_questions", "cai_v3")
Ticked = {"yes": "yes", "y": "yes", "no": "no", "n": "no", "na": "na", "n/a": "na", "not applicable": "na", "": ""}


class Map(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a yes and a no to that question are worth for our item, and why."""

    item: str
    question: str
    yes: Word
    no: Word
    reason: str


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table: its version, the major version of the questionnaire it reads, its rows, and the items without any."""

    version: str
    reads: str
    maps: tuple[Map, ...]
    none: dict[str, str]


@dataclass(frozen=True, slots=True)
class Ticks:
    """One row of the workbook: what was ticked ("yes", "no", "na", or "" for nothing), the vendor's words, and its cell."""

    question: str
    answer: str
    words: str
    place: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the workbook says of one item. `source` names the row; "unknown" where it proves nothing, or was not answered."""

    item: str
    answer: Word
    source: str
    note: str
    reason: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook as it was understood: its version as it says ("4.0.3", "" where it says none), its rows, and every fault."""

    version: str
    ticks: dict[str, Ticks]
    faults: tuple[Fault, ...]


@functools.cache
def mapping() -> Mapping:
    """The mapping table."""
    return msgspec.toml.decode(resources.files(__package__).joinpath("caiq.toml").read_bytes(), type=Mapping)


def read(data: bytes) -> Workbook:
    """The BCR and IPY rows, wherever their sheet and columns stand.

    Raises Refused with one sentence for what is no workbook, no CAIQ, one of another version, or one without an answer.
    """
    grids = read_book(data, what="workbook", max_bytes=MAX_BYTES, max_rows=MAX_ROWS)
    for grid in grids:
        found = _columns(grid)
        if found is not None:
            version = _version((grid, *(other for other in grids if other is not grid)))
            return _answered(grid, *found, version)
    if any(grid.head(name) for grid in grids for name in _OLDER):
        raise Refused(_other("3"))
    raise Refused(
        "the workbook is no CAIQ: no sheet has question ids beside answers (columns “Question ID” and “CSP CAIQ Answer”)"
    )


def propose(book: Workbook) -> list[Proposed]:
    """What the workbook says of each of our items, in their order; the items it cannot speak of are among them, unknown."""
    made: dict[str, Proposed] = {}
    called = f"CAIQ {book.version}".strip()
    for one in mapping().maps:
        ticks = book.ticks.get(one.question)
        if ticks is None or ticks.answer in ("", "na"):
            said = (
                "not in the workbook" if ticks is None else "not applicable" if ticks.answer == "na" else "not answered"
            )
            made.setdefault(one.item, Proposed(one.item, "unknown", f"{one.question}: {said}", "", one.reason))
            continue
        answer = one.yes if ticks.answer == "yes" else one.no
        source = f"{one.question}: {ticks.answer}"
        note = f"{called}, {source} ({ticks.place})" + (f". {ticks.words}" if ticks.words else "")
        made[one.item] = Proposed(one.item, answer, source, _cut(note), one.reason, ticks.words)
    for item, reason in mapping().none.items():
        made[item] = Proposed(item, "unknown", "no counterpart", "", reason)
    return [made[item] for item in sorted(made, key=lambda item: int(item[1:]))]


def _columns(grid: Grid) -> tuple[int, int, int, int | None] | None:
    """(row of the headings, columns of the ids, the answers and the vendor's words); None where this sheet has none."""
    for name in _IDS:
        headed = grid.head(name)
        if headed is None:
            continue
        row, columns = headed
        answers = next((columns[one] for one in _ANSWERS if one in columns), None)
        words = next((column for name, column in columns.items() if name.startswith(_WORDS)), None)
        ids = columns[name]
        if answers is not None and any(_id(cells, ids) for cells in grid.rows[row:]):
            return row, ids, answers, words
    return None


def _id(cells: tuple[str, ...], column: int) -> str:
    found = _QUESTION.fullmatch(cells[column - 1].strip().upper()) if column <= len(cells) else None
    return f"{found[1]}-{found[2]}.{int(found[3])}" if found else ""


def _version(grids: tuple[Grid, ...]) -> str:
    """The version the workbook names in a sheet's title or in its first rows. Raises Refused for one that is not read."""
    for grid in grids:
        for text in (grid.title, *(cell for row in grid.rows[:6] for cell in row if len(cell) < 120)):
            found = _VERSION.search(text)
            if found is not None:
                if found[1] != mapping().reads:
                    raise Refused(_other(found[1]))
                return ".".join(part for part in found.groups() if part)
    return ""


def _other(major: str) -> str:
    return f"the workbook is of CAIQ version {major}; version {mapping().reads} is read, whose questions are others"


def _answered(grid: Grid, head: int, ids: int, answers: int, words: int | None, version: str) -> Workbook:
    ticks: dict[str, Ticks] = {}
    faults: list[Fault] = []
    for number, cells in enumerate(grid.rows[head:], start=head + 1):
        question = _id(cells, ids)
        if not question:
            continue
        said = " ".join(_at(cells, answers).split()).casefold()
        place = grid.place(number, answers)
        if said not in Ticked:
            faults.append(Fault(place, f"{said[:40]!r} is neither Yes, No nor NA ({question})"))
            continue
        if question in ticks:
            faults.append(Fault(grid.place(number, ids), f"{question} stands at {ticks[question].place} already"))
            continue
        told = " ".join("".join(c if c.isprintable() else " " for c in _at(cells, words)).split())
        ticks[question] = Ticks(question, Ticked[said], told, place)
    if not faults and not any(one.answer for one in ticks.values()):
        raise Refused("the workbook answers none of the questions BCR and IPY; ask the vendor for the filled one")
    return Workbook(version, ticks, tuple(faults))


def _at(cells: tuple[str, ...], column: int | None) -> str:
    return cells[column - 1] if column is not None and column <= len(cells) else ""


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_NOTE else f"{text[: LONGEST_NOTE - 2]} …"
