"""Any table that people bring: CSV or XLSX to rows of text, with a place for every fault. Pure, and wary of both.

A workbook is a zip of XML: it is looked at before any of it is unpacked or parsed, so that none unpacks to more than
MOST_UNPACKED, holds an entity or a macro, or keeps the reader busy.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from riskboard.errors import Refused
from riskboard.output import plain_cell
from vendors.evidence.tables import Fault, Table, column_name, read_table

MAX_BYTES = 2 * 2**20  # docs/limits.md: of an upload
MAX_ROWS = 2_000
MAX_COLUMNS = 60
MOST_UNPACKED = 40 * 2**20
MOST_PARTS = 200
MOST_TIMES = 100  # how many times larger one part may be unpacked than packed
SMALL_PART = 4_000  # packed bytes up to which a part is taken to be that large: a short sheet of like rows packs well
MOST_SHEETS = 40
MOST_CELLS = 2_000_000  # of all sheets, empty ones between others counted
LONGEST_CELL = 4_000
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"  # what a workbook locked with a password is wrapped in, and what .xls is
_UNREADABLE = (
    InvalidFileException,
    KeyError,
    ValueError,
    IndexError,
    TypeError,
    zipfile.BadZipFile,
    SyntaxError,
    EOFError,
)
_FORBIDDEN = (b"<!doctype", b"<!entity")


def read_any(data: bytes, *, what: str, max_rows: int = MAX_ROWS) -> Table:
    """The table in an upload: a CSV, or the first sheet of a workbook. Raises Refused with one sentence for anything else."""
    if len(data) > MAX_BYTES:
        raise Refused(f"the {what} is larger than {MAX_BYTES // 2**20} MiB; split it")
    _not_locked(data, what)
    if not data.startswith(_ZIP):
        return read_table(data, what=what, max_bytes=MAX_BYTES, max_rows=max_rows)
    first = next(iter(_sheets(data, what, max_rows=max_rows + 2)), None)
    cells = [] if first is None else [list(row) for row in first.rows]
    return _table(cells, what, max_rows)


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet as people see it: `rows` of text, the first being row 1, cut at the columns that are read, blank ones included."""

    title: str
    rows: tuple[tuple[str, ...], ...]

    def place(self, row: int, column: int) -> str:
        """How a spreadsheet calls that cell, both counted from 1: "Answers!C5"."""
        return f"{self.title}!{get_column_letter(max(1, column))}{row}"

    def head(self, *names: str, within: int = 20) -> tuple[int, dict[str, int]] | None:
        """(row, column by name) of the first row that has all those headings, both counted from 1; None where there is none."""
        for number, row in enumerate(self.rows[:within], start=1):
            found: dict[str, int] = {}
            for column, cell in enumerate(row, start=1):
                found.setdefault(column_name(cell), column)
            if all(name in found for name in names):
                return number, found
        return None


def read_book(
    data: bytes, *, what: str, max_bytes: int = MAX_BYTES, max_rows: int = MAX_ROWS, max_columns: int = MAX_COLUMNS
) -> tuple[Grid, ...]:
    """Every sheet of a workbook. Raises Refused with one sentence for anything that is none, or more than is read."""
    if len(data) > max_bytes:
        raise Refused(f"the {what} is larger than {max_bytes // 2**20} MiB; split it")
    _not_locked(data, what)
    if not data.startswith(_ZIP):
        raise Refused(f"the {what} is no workbook; save it as .xlsx")
    grids = tuple(_sheets(data, what, max_rows=max_rows + 1, max_columns=max_columns))
    long = next((grid for grid in grids if len(grid.rows) > max_rows), None)
    if long is not None:
        raise Refused(f"the sheet {long.title} of the {what} has more than {max_rows:,} rows; split it")
    return grids


def is_workbook(data: bytes) -> bool:
    """Whether it begins as a workbook does, locked ones and old ones included."""
    return data.startswith((_ZIP, _OLE))


def _not_locked(data: bytes, what: str) -> None:
    if data.startswith(_OLE):
        raise Refused(f"the {what} is locked with a password, or is of the old kind .xls; save it as .xlsx without one")


def _sheets(data: bytes, what: str, *, max_rows: int, max_columns: int = MAX_COLUMNS) -> Iterator[Grid]:
    """The sheets, none longer than `max_rows`, after the archive was looked at. Raises Refused."""
    safe_archive(data, what=what, needs="xl/workbook.xml", noun="workbook")
    read = 0
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets[:MOST_SHEETS]:
            texts: list[tuple[str, ...]] = []
            for row in sheet.iter_rows(max_row=max_rows, max_col=max_columns):
                read += len(row)
                if read > MOST_CELLS:
                    raise Refused(f"the {what} holds more than {MOST_CELLS:,} cells; split it")
                texts.append(
                    tuple(_text(cell.value, cell.number_format or "", is_literal=_is_literal(cell)) for cell in row)
                )
            while texts and not any(texts[-1]):
                texts.pop()
            yield Grid(sheet.title, tuple(texts))
        book.close()
    except _UNREADABLE as fault:
        raise Refused(f"the {what} is no workbook that can be read; save it as CSV and try that") from fault


def safe_archive(data: bytes, *, what: str, needs: str, noun: str) -> None:
    """Raises Refused for a zip that is no plain office document, or one made to harm whoever unpacks it.

    `needs`: the part without which it is none of its kind. Unpacks at most MOST_UNPACKED.
    """
    bad = Refused(f"the {what} is no {noun} that can be read; save it anew and try again")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            names = {part.filename for part in parts}
            if len(parts) > MOST_PARTS or needs not in names:
                raise bad
            if any(part.flag_bits & 1 for part in parts):
                raise Refused(f"the {what} is locked with a password; save it without one")
            told = sum(part.file_size for part in parts)
            greedy = any(part.file_size > MOST_TIMES * max(part.compress_size, SMALL_PART) for part in parts)
            if told > MOST_UNPACKED or greedy:
                raise Refused(f"the {what} unpacks to far more than it holds; save it anew without pictures")
            if any(
                name.lower().endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in name for name in names
            ):
                raise Refused(f"the {what} holds macros; save it without them, as .xlsx or .docx")
            for part in parts:
                if part.filename.endswith((".xml", ".rels", ".vml")):
                    with packed.open(part) as opened:
                        _plain(opened.read(MOST_UNPACKED + 1), bad)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zipfile.LargeZipFile) as fault:
        raise bad from fault


def _plain(xml: bytes, bad: Refused) -> None:
    """Raises `bad` for XML with a document type or entity, or in an encoding that would hide one."""
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in xml[:64]:
        raise bad
    head = xml[:100].lower()
    if b"encoding" in head and b"utf-8" not in head and b"ascii" not in head:
        raise bad
    lowered = xml.lower()
    if any(word in lowered for word in _FORBIDDEN):
        raise bad


def _table(cells: list[list[str]], what: str, max_rows: int) -> Table:
    numbered = [(number, row) for number, row in enumerate(cells, start=1) if any(row)]
    if not numbered:
        raise Refused(f"the {what} is empty")
    columns = tuple(column_name(cell) for cell in numbered[0][1])
    named = [name for name in columns if name]
    if len(set(named)) != len(named):
        raise Refused(f"the {what} names a column twice")
    if len(numbered) - 1 > max_rows:
        raise Refused(f"the {what} has more than {max_rows:,} rows; split it")
    rows, faults = [], []
    for number, row in numbered[1:]:
        filled = row + [""] * (len(columns) - len(row))
        rows.append((number, {name: cell for name, cell in zip(columns, filled, strict=False) if name}))
        faults += [
            Fault(number, name, f"longer than {LONGEST_CELL:,} characters")
            for name, cell in zip(columns, filled, strict=False)
            if len(cell) > LONGEST_CELL
        ]
    return Table(tuple(named), tuple(rows), tuple(faults))


def _is_literal(cell: Any) -> bool:
    """Whether the format itself says that the text is no formula: then no apostrophe before it is a mark, as `tables` writes it."""
    style = getattr(cell, "style_array", None)  # an empty cell has none
    return style is not None and bool(style.quotePrefix)


def _text(value: Any, number_format: str = "", *, is_literal: bool = False) -> str:
    """A cell as people see it: whole numbers without a point, shares with their %, days as ISO, yes and no."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float) and "%" in number_format:
        return f"{float(value) * 100:.10g}%"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if _is_day(value, number_format) else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    return text if is_literal else plain_cell(text)


def _is_day(value: datetime, number_format: str) -> bool:
    """Whether the cell shows a day alone."""
    return value.time() == time(0) and "h" not in number_format.lower()
