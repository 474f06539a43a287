"""CSV as spreadsheets write it (byte-order mark, semicolons, CRLF), read with its limits, written safe to open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from riskboard.errors import Refused
from riskboard.output import plain_cell, safe_cell

MAX_BYTES = 512 * 1024  # docs/limits.md: a table of incidents; a page of text holds about ten
MAX_ROWS = 2_000


def cell_place(number: int, column: str) -> str:
    """Where a cell of a text file stands, in words: files without sheets have no names for cells."""
    return f"row {number}, {column}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell: `row` as a spreadsheet numbers it (the header is 1), the column, one sentence."""

    row: int
    column: str
    what: str

    def __str__(self) -> str:
        return f"{cell_place(self.row, self.column)}: {self.what}"


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a CSV by column name (lower case, blanks as underscores), each with its number; and what does not fit."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    faults: tuple[Fault, ...]


def column_name(text: str) -> str:
    """A header cell as a column name: "Started at" and "started-at" are `started_at`."""
    return "_".join(text.strip().casefold().replace("-", " ").replace("_", " ").split())


def read_table(data: bytes, *, what: str, max_bytes: int = MAX_BYTES, max_rows: int = MAX_ROWS) -> Table:
    """The table in `data`. Blank rows are skipped but numbered. Raises Refused: too large, no text, no header."""
    text = _decoded(data, what, max_bytes)
    header = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max((",", ";", "\t"), key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: tuple[str, ...] = ()
    rows: list[tuple[int, dict[str, str]]] = []
    faults: list[Fault] = []
    try:
        for number, cells in enumerate(reader, start=1):
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _header(cells, what)
                continue
            if len(rows) >= max_rows:
                raise Refused(f"the {what} has more than {max_rows:,} rows; split it")
            if any(cell.strip() for cell in cells[len(columns) :]):
                faults.append(
                    Fault(number, "all", "more cells than columns; put text that holds a delimiter in quotes")
                )
            rows.append((number, {name: plain_cell(cell) for name, cell in zip(columns, cells, strict=False)}))
    except csv.Error as fault:
        raise Refused(f"the {what} is no readable CSV ({fault}); is a quote left open?") from fault
    if not columns:
        raise Refused(f"the {what} is empty")
    return Table(columns, tuple(rows), tuple(faults))


def write_table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """UTF-8 CSV with a byte-order mark. A cell that a spreadsheet would run as a formula is written as text ("'=1+1")."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe_cell(row.get(name, "")) for name in columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _decoded(data: bytes, what: str, max_bytes: int) -> str:
    if len(data) > max_bytes:
        raise Refused(f"the {what} is larger than {max_bytes // 1024} KiB; split it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise Refused(f"the {what} is not UTF-8 text; save it as CSV UTF-8") from fault
    if "\0" in text:
        raise Refused(f"the {what} is not text; save it as CSV UTF-8")
    return text


def _header(cells: Sequence[str], what: str) -> tuple[str, ...]:
    columns = tuple(column_name(cell) for cell in cells)
    while columns and not columns[-1]:  # trailing delimiters
        columns = columns[:-1]
    twice = next((name for n, name in enumerate(columns) if name in columns[:n]), None)
    if twice is not None:
        raise Refused(f"the {what} has the column {twice[:60]!r} twice")
    return columns
