"""Tables as files: numbers stay numbers, times stay times, and no text runs."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.files import tables
from assessments.files.tables import FileError, Sheet, to_csv, to_xlsx, workbook

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PAYLOADS = [
    *(start + rest for start in STARTS for rest in ("1+1", "HYPERLINK(\"http://x\")", "cmd|' /C calc'!A0")),
    " =1+1", "  @SUM(A1)", "\u00a0=1", "\x00=1+1", "\x0b=1+1", "\t=1", "#N/A", "#REF!",
]  # fmt: skip
AT = datetime(2024, 3, 1, 12, 30, tzinfo=timezone(timedelta(hours=2)))


def _read(data: bytes, title: str = "T") -> list[list[openpyxl.cell.Cell]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(data))[title].iter_rows()]


def _csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_runs_as_a_formula_in_either_format(payload):
    [head, [cell]] = _read(to_xlsx("T", [payload], [[payload]]))
    assert {head[0].data_type, cell.data_type} == {"s"}
    if not payload.startswith("#"):
        assert cell.quotePrefix, "it would run once somebody edits the cell"
        assert [row[0][0] for row in _csv(to_csv([payload], [[payload]]))] == ["'", "'"]


@pytest.mark.parametrize(
    ("cell", "in_csv", "in_xlsx"),
    [
        (-1.5, "-1.5", -1.5),
        (0, "0", 0),
        (12, "12", 12),
        (float("nan"), "", None),
        (float("inf"), "", None),
        (None, "", None),
        (True, "yes", "yes"),
        (False, "no", "no"),
        (AT, "2024-03-01T10:30:00Z", datetime(2024, 3, 1, 10, 30)),  # noqa: DTZ001
        (date(2024, 3, 1), "2024-03-01", datetime(2024, 3, 1)),  # noqa: DTZ001
        ("007", "007", "007"),
        ("a\x07b\ud800", "ab", "ab"),
    ],
)
def test_a_cell_keeps_its_kind_and_the_unknown_stays_empty(cell, in_csv, in_xlsx):
    assert _csv(to_csv(["n", "x"], [["row", cell]]))[1] == ["row", in_csv]
    row = _read(to_xlsx("T", ["n", "x"], [["row", cell]]))[1]
    assert (row[1].value if len(row) > 1 else None) == in_xlsx


@pytest.mark.parametrize("text", ["x" * 40_000, "\U0001f600" * 20_000, "x" + "\U0001f600" * 20_000])
def test_a_text_too_long_for_a_cell_is_cut_between_characters(text):
    kept = _read(to_xlsx("T", ["x"], [[text]]))[1][0].value
    assert text.startswith(kept)
    assert tables.MAX_TEXT - 1 <= len(kept.encode("utf-16-le")) // 2 <= tables.MAX_TEXT


@given(
    st.lists(
        st.lists(st.integers(-(10**9), 10**9) | st.text(alphabet="ab=+,;\"'\n é", max_size=9), min_size=2, max_size=2),
        max_size=4,
    )
)
def test_the_same_cells_give_the_same_bytes_and_come_back(rows):
    data = to_xlsx("T", ["a", "b"], rows)
    assert data == to_xlsx("T", ["a", "b"], rows)
    back = [[cell.value for cell in row] for row in _read(data)[1:]]
    assert [row + [None] * (2 - len(row)) for row in back if any(cell is not None for cell in row)] == [
        [None if cell == "" else cell for cell in row] for row in rows if any(cell != "" for cell in row)
    ]


def test_a_file_made_later_has_the_same_bytes_and_no_hour_in_it():
    with zipfile.ZipFile(io.BytesIO(to_xlsx("T", ["a"], [[1]]))) as made:
        assert {entry.date_time for entry in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert str(datetime.now(UTC).year).encode() not in made.read("docProps/core.xml")


def test_a_table_that_is_too_long_or_crooked_is_refused_with_its_place(monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    assert len(_csv(to_csv(["a"], [[1], [2]]))) == 3
    with pytest.raises(FileError, match="more than 2 rows") as told:
        to_xlsx("Vendors", ["a"], [[1], [2], [3]])
    assert told.value.place == "Vendors"
    with pytest.raises(FileError, match="row 1 has 2 cells under 1 columns"):
        to_csv(["a"], [[1, 2]])


@pytest.mark.parametrize(("title", "shown"), [("a/b:c", "a b c"), ("", "Table"), ("'x'", "x"), ("y" * 50, "y" * 31)])
def test_a_title_is_made_one_that_the_format_allows(title, shown):
    assert openpyxl.load_workbook(io.BytesIO(to_xlsx(title, ["a"], []))).sheetnames == [shown]


def test_two_sheets_of_one_title_are_refused():
    with pytest.raises(FileError, match="two sheets"):
        workbook([Sheet("One", ["a"], []), Sheet("one", ["a"], [])])
