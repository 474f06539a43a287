"""Tables that people bring: what a spreadsheet writes is read, and nothing a file holds does harm."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from assessments.files.reading import MAX_BYTES, MOST_PARTS, read_any
from assessments.files.tables import to_csv, to_xlsx
from riskboard.errors import Refused

ROWS = [("GitHub", "4h", "code, ci", "=not a formula"), ("Slack", "", "", "Größe “ok”")]
COLUMNS = ("Vendor", "RTO", "Tags", "Note")


def of(data: bytes) -> list[dict[str, str]]:
    return [cells for _, cells in read_any(data, what="file").rows]


def book(*rows: tuple[object, ...]) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def rezipped(change: dict[str, bytes] | None = None, *, extra: int = 0) -> bytes:
    """A workbook with some parts changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(("vendor",), ("GitHub",)))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, (change or {}).get(part.filename, old.read(part)))
        for number in range(extra):
            new.writestr(f"xl/extra{number}.xml", b"<x/>")
    return out.getvalue()


def test_what_is_written_is_read_back_the_same_from_both_formats() -> None:
    assert of(to_csv(COLUMNS, ROWS)) == of(to_xlsx("Vendors", COLUMNS, ROWS))
    assert of(to_csv(COLUMNS, ROWS))[0] == {
        "vendor": "GitHub",
        "rto": "4h",
        "tags": "code, ci",
        "note": "=not a formula",
    }


@pytest.mark.parametrize(
    "text", ["vendor;rto\r\nGitHub;4h\r\n", "vendor\trto\nGitHub\t4h", "\ufeffVendor,RTO\nGitHub,4h\n\n,\n"]
)
def test_a_csv_is_read_whatever_separates_its_cells(text: str) -> None:
    assert of(text.encode()) == [{"vendor": "GitHub", "rto": "4h"}]


def test_cells_of_a_workbook_are_read_as_people_see_them() -> None:
    made = book(
        (None, None),
        ("Vendor", "Rank", "Since", "Kept"),
        ("GitHub", 4.0, date(2026, 1, 2), True),
        (None, None),
        ("Slack", 1.5),
    )
    assert of(made) == [
        {"vendor": "GitHub", "rank": "4", "since": "2026-01-02", "kept": "yes"},
        {"vendor": "Slack", "rank": "1.5", "since": "", "kept": ""},
    ]
    assert [row for row, _ in read_any(made, what="file").rows] == [3, 5], "as the spreadsheet numbers them"


BILLION = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><sst>&b;</sst>"""
SHEET = "xl/worksheets/sheet1.xml"
HOSTILE = {
    "entities": rezipped({SHEET: BILLION}),
    "entities in other letters": rezipped(
        {SHEET: BILLION.replace(b"DOCTYPE", b"doctype").replace(b"ENTITY", b"Entity")}
    ),
    "entities hidden in UTF-16": rezipped({SHEET: BILLION.decode().encode("utf-16")}),
    "entities hidden in an odd encoding": rezipped({SHEET: BILLION.replace(b'"1.0"', b'"1.0" encoding="utf-7"', 1)}),
    "a bomb": rezipped({SHEET: b"<a>" + b" " * 30_000_000 + b"</a>"}),
    "too many parts": rezipped(extra=MOST_PARTS + 1),
    "no workbook inside": (lambda out: (zipfile.ZipFile(out, "w").writestr("a.txt", "a"), out.getvalue())[1])(
        io.BytesIO()
    ),
    "no zip at all": b"PK\x03\x04 and then nothing",
    "cut off": book(("vendor",), ("GitHub",))[:-40],
    "broken xml": rezipped({SHEET: b"<worksheet><sheetData><row"}),
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00",
    "nothing": b"",
    "too large": b"a" * (MAX_BYTES + 1),
    "the same column twice": b"vendor,Vendor\na,b",
    "an open quote": b'vendor\n"GitHub',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_table_is_refused_in_one_sentence_and_in_time(name: str) -> None:
    begun = time.process_time()
    with pytest.raises(Refused) as refusal:
        read_any(HOSTILE[name], what="file")
    assert time.process_time() - begun < 5
    assert "file" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_more_rows_than_are_read_are_refused() -> None:
    rows = [(f"v{n}",) for n in range(12)]
    for data in (to_csv(("vendor",), rows), to_xlsx("V", ("vendor",), rows)):
        assert len(read_any(data, what="file", max_rows=12).rows) == 12
        with pytest.raises(Refused, match="more than 11 rows"):
            read_any(data, what="file", max_rows=11)
