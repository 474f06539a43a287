"""Answers as files: XLSX with guidance and lists to choose from, CSV, and TOML as `riskboard assess --answers` reads it. Pure.

One row an item. Every fault names its cell; a file with any is taken by nobody. A blank answer leaves what stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal, get_args

import msgspec

from assessments.files.reading import MAX_BYTES, Grid, is_workbook, read_book
from assessments.files.tables import Cell, Sheet, to_csv, workbook
from assessments.questionnaire.items import QuestionnaireItem, items
from riskboard.errors import Refused
from riskboard.locales import _, figure
from riskboard.phrasebook import said
from vendors.evidence.tables import cell_place, read_table
from vendors.records import BackupAnswer

Word = Literal["yes", "partial", "no", "withheld", "unknown"]
WORDS: tuple[Word, ...] = get_args(Word)
ALSO: dict[str, Word] = {  # what people write instead
    "partly": "partial", "partially": "partial", "y": "yes", "n": "no", "true": "yes", "false": "no",
    "the vendor would not say": "withheld", "would not say": "withheld", "we did not ask": "unknown", "not asked": "unknown",
}  # fmt: skip
COLUMNS = ("vendor", "item", "question", "answer", "evidence", "note", "answered_on", "state")
GUIDANCE = ("full_marks", "partly", "what_counts_as_evidence", "why")
NEEDED = ("item", "answer")
MOST_ROWS = 2_000  # docs/limits.md: some hundred vendors with every item
LONGEST_EVIDENCE, LONGEST_NOTE = 2_000, 500
_ITEM = re.compile(r"B([1-9]|1[0-7])")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: a cell ("Answers!D5"), a row and column of a CSV, or a table of TOML ("[B5] answer")."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


@dataclass(frozen=True, slots=True)
class Row:
    """One answer as a file gives it. `vendor` is "" where the file names none; `answer` None leaves what stands.

    `state` is the digest of the answer that stood when the file was taken, None where the file does not say.
    """

    place: str
    vendor: str
    item: str
    answer: Word | None
    evidence: str
    note: str
    answered_on: date | None
    state: str | None

    def record(self) -> BackupAnswer:
        """As an answer. Raises ValueError for a row without one."""
        if self.answer is None:
            raise ValueError("a blank row is no answer")
        at = None if self.answered_on is None else datetime.combine(self.answered_on, time(0), UTC)
        return BackupAnswer(
            item=self.item, answer=self.answer, evidence=self.evidence or None, note=self.note or None, answered_at=at
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was understood: its rows, and every fault."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]


def read(data: bytes, *, only_links: bool = True) -> Reading:
    """The answers in a workbook, a CSV or a TOML file, told apart by their bytes. Raises Refused for anything else.

    `only_links`: evidence must be a web address, as in the app; otherwise it may name a file.
    """
    if is_workbook(data):
        found = _in_book(data)
    elif (tables := _toml(data)) is not None:
        found = _in_toml(tables)
    else:
        found = _in_csv(data)
    rows: list[Row] = []
    faults: list[Fault] = []
    first: dict[tuple[str, str], str] = {}
    for place, cells in found:
        row, wrong = _row(place, cells, only_links=only_links)
        faults += wrong
        if row is None:
            continue
        before = first.setdefault((row.vendor, row.item), place("item"))
        if before != place("item"):
            faults.append(Fault(place("item"), f"{row.item} stands at {before} already"))
        rows.append(row)
    if not rows and not faults:
        raise Refused("the file holds no answer")
    return Reading(tuple(rows), tuple(faults))


def rows_of(vendor: str, answers: Mapping[str, BackupAnswer], states: Mapping[str, str]) -> Iterator[list[Cell]]:
    """The seventeen rows of one vendor, in COLUMNS; a blank answer where there is none."""
    for item in items():
        one = answers.get(item.item)
        at = one and one.answered_at
        yield [
            vendor, item.item, said(item.question), one and one.answer, one and one.evidence, one and one.note, at and at.date(),
            states.get(item.item, ""),
        ]  # fmt: skip


def to_workbook(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows with the guidance of each item beside them, the words of an answer to choose from, and a sheet that explains.

    Columns and the words of an answer are the same in every language, so that any file is read in any; questions, guidance and
    explanations are in the one spoken.
    """
    told = {item.item: _guidance(item) for item in items()}
    wide = [[*row, *told[str(row[1])]] for row in rows]
    return workbook(
        [
            Sheet(_("Answers"), (*COLUMNS, *GUIDANCE), wide, {"answer": WORDS}),
            Sheet(_("Read me"), (_("Column"), _("What goes there")), _explained()),
        ]
    )


def to_table(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows as CSV."""
    return to_csv(COLUMNS, rows)


def to_toml(answers: Iterable[BackupAnswer]) -> bytes:
    """The answers as `riskboard assess --answers` reads them: a table each, with the time it was given."""
    tables = {one.item: _table(one) for one in answers}
    return msgspec.toml.encode(tables) if tables else b'# [B1]\n# answer = "yes"\n'


def _table(one: BackupAnswer) -> dict[str, Any]:
    said = {"answer": one.answer, "evidence": one.evidence, "note": one.note, "answered_at": one.answered_at}
    return {name: value for name, value in said.items() if value is not None}


def _guidance(item: QuestionnaireItem) -> tuple[str, ...]:
    return (f"{_(item.ask)} {_(item.full)}.", _(item.partly), _(item.evidence), said(item.why))


def _explained() -> list[tuple[str, str]]:
    return [
        ("vendor", _("The vendor's short name. Leave it as it is.")),
        ("item", _("B1 to B17. Leave it as it is; rows may be left out.")),
        ("question", _("For reading only.")),
        (
            "answer",
            _(
                "yes, partial, no, withheld (the vendor would not say) or unknown (nobody asked). Blank leaves what stands."
            ),
        ),
        (
            "evidence",
            _("A web address. Without evidence an answer counts half. Files are uploaded on the vendor's page."),
        ),
        ("note", _("At most {most} characters.", most=figure(LONGEST_NOTE, ","))),
        ("answered_on", _("The day the answer was given; a changed answer counts from the day it is brought in.")),
        (
            "state",
            _(
                "What stood when this file was taken: by it Riskboard sees that somebody answered meanwhile. Leave it as it is."
            ),
        ),
        (_("all others"), _("Guidance; it is not read.")),
    ]


class _Place:
    """Names cells: of a sheet, of a CSV, of a TOML table."""

    def __init__(self, name: Any) -> None:
        self._name = name

    def __call__(self, column: str) -> str:
        return str(self._name(column))


Found = Iterator[tuple[_Place, dict[str, Any]]]


def _in_book(data: bytes) -> Found:
    for grid in read_book(data, what="file", max_rows=MOST_ROWS + 20):
        headed = grid.head(*NEEDED)
        if headed is not None:
            yield from _in_grid(grid, *headed)
            return
    raise Refused("no sheet of the file has the columns “item” and “answer”; take the template and fill it")


def _in_grid(grid: Grid, head: int, columns: dict[str, int]) -> Found:
    for number, row in enumerate(grid.rows[head:], start=head + 1):
        if not any(row):
            continue
        cells = {name: row[column - 1] if column <= len(row) else "" for name, column in columns.items()}
        yield _Place(lambda name, n=number: grid.place(n, columns.get(name, 1))), cells


def _in_csv(data: bytes) -> Found:
    table = read_table(data, what="file", max_bytes=MAX_BYTES, max_rows=MOST_ROWS)
    missing = next((name for name in NEEDED if name not in table.columns), None)
    if missing is not None:
        raise Refused(f"the file has no column “{missing}”; take the template and fill it")
    if table.faults:
        raise Refused(f"the file cannot be read: {table.faults[0]}")
    for number, cells in table.rows:
        yield _Place(lambda name, n=number: cell_place(n, name)), dict(cells)


def _toml(data: bytes) -> dict[str, Any] | None:
    """The tables of a TOML file; None for what is none."""
    if len(data) > MAX_BYTES:
        raise Refused(f"the file is larger than {MAX_BYTES // 2**20} MiB; split it")
    try:
        found = msgspec.toml.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _in_toml(tables: dict[str, Any]) -> Found:
    for item, table in tables.items():
        place = _Place(lambda name, i=item: f"[{str(i)[:20]}]" + ("" if name == "item" else f" {name}"))
        if not isinstance(table, dict):
            raise Refused(f'{place("item")} is no table; write tables like [B1] answer = "yes"')
        strange = next((name for name in table if name not in ("answer", "evidence", "note", "answered_at")), None)
        if strange is not None:
            raise Refused(
                f"{place(strange)[:80]}: there is no such field; known are answer, evidence, note, answered_at"
            )
        wrong = next(
            (name for name in ("answer", "evidence", "note") if not isinstance(table.get(name, ""), str)), None
        )
        if wrong is not None:
            raise Refused(f"{place(wrong)}: write it in quotes")
        at = table.get("answered_at")
        day = at.date() if isinstance(at, datetime) else at
        yield place, {"item": item, "answered_on": "" if day is None else str(day), **{k: table.get(k, "") for k in
            ("answer", "evidence", "note")}}  # fmt: skip


def _row(place: _Place, cells: Mapping[str, Any], *, only_links: bool) -> tuple[Row | None, list[Fault]]:
    wrong: list[Fault] = []

    def note(column: str, what: str) -> None:
        wrong.append(Fault(place(column), what))

    item = cells.get("item", "").strip().upper()
    if not _ITEM.fullmatch(item):
        note("item", f"{item[:20] or 'nothing'} is no item; they are B1 to B17")
    said = " ".join(cells.get("answer", "").split()).casefold()
    answer = ALSO.get(said, said)
    if answer and answer not in WORDS:
        note("answer", f"{said[:40]!r} is no answer; write yes, partial, no, withheld or unknown")
    evidence, remark = _line(cells.get("evidence", "")), _line(cells.get("note", ""))
    if fault := _evidence_fault(evidence, only_links=only_links):
        note("evidence", fault)
    if len(remark) > LONGEST_NOTE:
        note("note", f"has {len(remark)} characters; at most {LONGEST_NOTE} are kept")
    if not answer and (evidence or remark):
        note("answer", "there is evidence or a note, and no answer")
    on = _day(cells.get("answered_on", ""), note)
    if wrong:
        return None, wrong
    state = cells["state"].strip()[:16] if "state" in cells else None
    found = next((word for word in WORDS if word == answer), None)
    return Row(place("answer"), cells.get("vendor", "").strip(), item, found, evidence, remark, on, state), []


def _evidence_fault(evidence: str, *, only_links: bool) -> str:
    if len(evidence) > LONGEST_EVIDENCE:
        return f"is longer than {LONGEST_EVIDENCE:,} characters"
    odd = any(c.isspace() or c in '<>"\\^`{|}' for c in evidence)
    if only_links and evidence and (odd or not re.match(r"https?://[^/\s.:?#\[]", evidence)):
        return "evidence is a web address, like https://vendor.example/trust; files are uploaded on the vendor's page"
    return ""


def _day(text: str, note: Any) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        note("answered_on", f"{text[:40]!r} is no day; write it like 2026-08-22, or leave it empty")
        return None


def _line(text: str) -> str:
    """One line without control and direction marks."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
