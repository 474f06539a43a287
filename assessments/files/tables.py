"""Any table as a file to take away: CSV and JSON for programs, XLSX for people. Pure: cells in, bytes out; same cells, same bytes.

A cell is text, a number, a truth value, a time, a date, or None. Numbers stay numbers and times stay times, in UTC; None is an
empty cell, which means "not known"; True and False are "yes" and "no". No text runs as a formula, whoever wrote it.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import textwrap
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation

from riskboard.errors import Refused
from riskboard.output import safe_cell

Cell = str | int | float | bool | datetime | date | None

MAX_ROWS = 100_000  # docs/limits.md: of one sheet; a spreadsheet opens that in seconds
MOST_LISTED = 250  # characters of a list of words to choose from: the format's limit is 255 with its quotes
MORE_ROWS = 500  # empty rows below the table that offer the same words
PIECE = 64 * 1024  # characters written at once of a table of any length
MAX_TEXT = 32_767  # characters of one cell: the format's own limit, in UTF-16 units
CSV = "text/csv; charset=utf-8"
JSON = "application/json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NO_TITLE = re.compile(r"[\\/*?:\[\]\x00-\x1f]")
_MODIFIED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_WIDEST = 60


class FileError(Refused):
    """A file cannot be made or read. `place` says where: a sheet and cell like "Checks!B7", a sheet, or nothing."""

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.place = place


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its title, the header, and rows as long as the header.

    `choices`: by column, the words a cell of it may hold, offered as a list; other words are not refused by the spreadsheet.
    """

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte-order mark, lines end in CRLF, times are ISO 8601. Text that looks like a formula gets an apostrophe.

    Raises FileError with more than MAX_ROWS rows, or a row that is not as long as the header.
    """
    return b"".join(csv_pieces(columns, _checked(Sheet("table", columns, rows))))


def csv_pieces(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """What `to_csv` writes, piece by piece, of as many rows as there are: memory does not grow with them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    out.write("\ufeff")
    writer.writerow([safe_cell(_text(name)) for name in columns])
    for row in rows:
        writer.writerow([_in_csv(cell) for cell in row])
        if out.tell() > PIECE:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def to_json(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A list of objects by column, for programs: null is not known, times in UTC, and text stays as it is."""
    return b"".join(json_pieces(columns, _checked(Sheet("table", columns, rows))))


def json_pieces(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """What `to_json` writes, piece by piece, of as many rows as there are: memory does not grow with them."""
    parts, size, before = ["["], 0, "\n"
    for row in rows:
        told = {name: _in_json(cell) for name, cell in zip(columns, row, strict=True)}
        parts.append(before + textwrap.indent(json.dumps(told, ensure_ascii=False, indent=1), " "))
        before, size = ",\n", size + len(parts[-1])
        if size > PIECE:
            yield "".join(parts).encode()
            parts, size = [], 0
    parts.append("]" if before == "\n" else "\n]")
    yield "".join(parts).encode()


def to_xlsx(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet; see `workbook`."""
    return workbook([Sheet(title, columns, rows)])


def to_file(form: str, title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> tuple[bytes, str]:
    """The table as "csv", "xlsx" or "json", with its media type. Raises FileError as `to_csv` does."""
    if form == "json":
        return to_json(columns, rows), JSON
    if form == "xlsx":
        return to_xlsx(title, columns, rows), XLSX
    return to_csv(columns, rows), CSV


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as XLSX: header bold, frozen and filtered. Text stays text, also where it looks like a formula or an error.

    A title loses what the format forbids and what is beyond 31 characters. Raises FileError as `to_csv` does, with the sheet as
    its place, and where two titles are the same. Cost: about 25 us a cell.
    """
    ready: dict[str, tuple[str, Sheet, list[list[Cell]]]] = {}
    for sheet in sheets:  # every row is checked before the first is written
        title = _NO_TITLE.sub(" ", _text(sheet.title)).strip().strip("'")[:31] or "Table"
        if title.casefold() in ready:
            raise FileError("two sheets have this title", title)
        rows = [[_plain(cell) for cell in row] for row in _checked(sheet)]
        ready[title.casefold()] = (title, sheet, rows)
    book = Workbook(write_only=True)
    for title, sheet, rows in ready.values():
        made = book.create_sheet(title)
        _write(made, sheet.columns, rows)
        _offer(made, sheet, len(rows))
    out = io.BytesIO()
    book.save(out)
    return _timeless(out.getvalue())


def _write(made: WriteOnlyWorksheet, columns: Sequence[str], rows: list[list[Cell]]) -> None:
    for at, name in enumerate(columns):
        longest = max([len(name) + 3, *(_width(row[at]) for row in rows[:200])])
        made.column_dimensions[get_column_letter(at + 1)].width = min(longest + 2, _WIDEST)
    made.freeze_panes = "A2"
    made.auto_filter.ref = f"A1:{get_column_letter(max(1, len(columns)))}{len(rows) + 1}"
    made.append([_cell(made, _text(name), head=True) for name in columns])
    for row in rows:
        made.append([_cell(made, cell) for cell in row])


def _offer(made: WriteOnlyWorksheet, sheet: Sheet, rows: int) -> None:
    """A list to choose from, in the rows that are there and MORE_ROWS after them. What is longer than a list may be is left out."""
    for at, name in enumerate(sheet.columns):
        listed = ",".join(sheet.choices.get(name, ()))
        if not listed or len(listed) > MOST_LISTED or '"' in listed:
            continue
        offered = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
        offered.add(f"{get_column_letter(at + 1)}2:{get_column_letter(at + 1)}{rows + 1 + MORE_ROWS}")
        made.data_validations.append(offered)


def _checked(sheet: Sheet) -> Iterable[Sequence[Cell]]:
    for number, row in enumerate(sheet.rows, start=1):
        if number > MAX_ROWS:
            raise FileError(
                f"there are more than {MAX_ROWS:,} rows; narrow the list and export it in parts", sheet.title
            )
        if len(row) != len(sheet.columns):
            raise FileError(f"row {number} has {len(row)} cells under {len(sheet.columns)} columns", sheet.title)
        yield row


def _plain(cell: Cell) -> Cell:
    """The cell as both formats can hold it: times in UTC without a zone, no figure that is none."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and not math.isfinite(cell):
        return None
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).replace(tzinfo=None) if cell.tzinfo else cell
    return _text(cell) if isinstance(cell, str) else cell


def _in_csv(cell: Cell) -> str | int | float:
    plain = _plain(cell)
    if isinstance(plain, datetime):
        return f"{plain.isoformat()}Z"
    if isinstance(plain, date):
        return plain.isoformat()
    return safe_cell(plain) if isinstance(plain, str) else "" if plain is None else plain


def _in_json(cell: Cell) -> str | int | float | bool | None:
    if isinstance(cell, bool) or cell is None:
        return cell
    if isinstance(cell, float) and not math.isfinite(cell):
        return None
    if isinstance(cell, datetime):
        plain = _plain(cell)
        return f"{plain.isoformat()}Z" if isinstance(plain, datetime) else None
    return cell.isoformat() if isinstance(cell, date) else _UNWRITABLE.sub("", cell) if isinstance(cell, str) else cell


def _cell(made: WriteOnlyWorksheet, value: Cell, *, head: bool = False) -> SheetCell | None:
    if value is None or value == "":
        return None
    cell = WriteOnlyCell(made, value)
    if isinstance(value, str):
        cell.data_type = "s"  # the library takes "=..." for a formula and "#N/A" for an error
        cell.quotePrefix = safe_cell(value) != value  # and so it stays when somebody edits the cell
        cell.alignment = Alignment(vertical="top", wrap_text=len(value) > _WIDEST)
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "yyyy-mm-dd"
    if head:
        cell.font = Font(bold=True)
    return cell


def _text(text: str) -> str:
    """The text without what no XML can carry, cut to what a cell holds."""
    clean = _UNWRITABLE.sub("", text)
    if len(clean) * 2 > MAX_TEXT:  # only then may it be too long in UTF-16
        clean = clean.encode("utf-16-le")[: MAX_TEXT * 2].decode("utf-16-le", errors="ignore")
    return clean


def _width(cell: Cell) -> int:
    return 16 if isinstance(cell, date) else 0 if cell is None else len(str(cell))


def _timeless(data: bytes) -> bytes:
    """The same workbook without the hour it was made at, so that the same cells give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            part = made.read(name)
            if name == "docProps/core.xml":
                part = _MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z", part)
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, part)
    return out.getvalue()
