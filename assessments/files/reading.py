"""Any table that people bring: CSV or XLSX to rows of text, with a place for every fault. Pure, and wary of both.

A workbook is a zip of XML: it is looked at before any of it is unpacked or parsed, so that none unpacks to more than
MOST_UNPACKED, holds an entity, or keeps the reader busy.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from riskboard.errors import Refused
from vendors.evidence.tables import Fault, Table, column_name, read_table

MAX_BYTES = 2 * 2**20  # docs/limits.md: of an upload
MAX_ROWS = 2_000
MAX_COLUMNS = 60
MOST_UNPACKED = 40 * 2**20
MOST_PARTS = 200
MOST_TIMES = 200  # how many times larger one part may be unpacked than packed
LONGEST_CELL = 4_000
_ZIP = b"PK\x03\x04"
_FORBIDDEN = (b"<!doctype", b"<!entity")


def read_any(data: bytes, *, what: str, max_rows: int = MAX_ROWS) -> Table:
    """The table in an upload: a CSV, or the first sheet of a workbook. Raises Refused with one sentence for anything else."""
    if len(data) > MAX_BYTES:
        raise Refused(f"the {what} is larger than {MAX_BYTES // 2**20} MiB; split it")
    if not data.startswith(_ZIP):
        return read_table(data, what=what, max_bytes=MAX_BYTES, max_rows=max_rows)
    _checked(data, what)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        cells = [
            [_text(cell) for cell in row[:MAX_COLUMNS]]
            for row in sheet.iter_rows(max_row=max_rows + 2, values_only=True)
        ]
        book.close()
    except (
        InvalidFileException,
        KeyError,
        ValueError,
        IndexError,
        TypeError,
        zipfile.BadZipFile,
        SyntaxError,
        EOFError,
    ) as fault:
        raise Refused(f"the {what} is no workbook that can be read; save it as CSV and try that") from fault
    return _table(cells, what, max_rows)


def _checked(data: bytes, what: str) -> None:
    """Raises Refused for a zip that is no plain workbook, or one made to harm whoever unpacks it. Unpacks at most MOST_UNPACKED."""
    bad = Refused(f"the {what} is no workbook that can be read; save it as CSV and try that")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or "xl/workbook.xml" not in packed.namelist():
                raise bad
            if any(part.flag_bits & 1 for part in parts):
                raise Refused(f"the {what} is locked with a password; save it without one")
            told = sum(part.file_size for part in parts)
            greedy = any(part.file_size > MOST_TIMES * max(part.compress_size, 100) for part in parts)
            if told > MOST_UNPACKED or greedy:
                raise Refused(f"the {what} unpacks to far more than it holds; save it as CSV and try that")
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


def _text(value: Any) -> str:
    """A cell as people see it: whole numbers without a point, dates as ISO, yes and no."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = str(value).strip()
    return text[1:] if text.startswith("'") and text[1:2] in ("=", "+", "-", "@") else text
