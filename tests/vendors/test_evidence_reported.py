"""Incidents learnt elsewhere: which tables are read, what is refused with which sentence, and what comes back safe."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskboard.errors import Refused
from vendors.evidence.reported import KINDS, Report, read_csv, read_row, write_csv
from vendors.evidence.tables import MAX_BYTES, MAX_ROWS
from vendors.facts_file import dumps, loads
from vendors.records import Vendor, VendorFacts, Window

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ROW = {
    "title": "Mail was down",
    "started_at": "2026-03-01T10:00:00Z",
    "ended_at": "2026-03-01T12:30:00+01:00",
    "impact": "major",
    "components": "Mail|Calendar",
    "source_url": "https://news.example/mail",
    "source_kind": "press",
    "note": "page 3",
}


def table(*rows: dict[str, str], delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    columns = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def test_a_row_becomes_an_incident_that_says_where_it_was_learnt() -> None:
    ((report,), faults) = (read_csv(table(ROW), as_of=NOW).reports, read_csv(table(ROW), as_of=NOW).faults)
    one = report.incident
    assert faults == ()
    assert (one.title, one.impact, one.components) == ("Mail was down", "major", ("Mail", "Calendar"))
    assert one.started_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert one.resolved_at == datetime(2026, 3, 1, 11, 30, tzinfo=UTC)
    assert (one.page, one.reported, one.end_known) == ("https://news.example/mail", "press", "stated")
    assert one.updates == ()
    assert one.first_posted_at is None
    assert report.note == "page 3"


def test_reported_incidents_are_facts_whose_rules_hold() -> None:
    reports = read_csv(table(ROW, ROW | {"title": "Other", "ended_at": ""}), as_of=NOW).reports
    facts = VendorFacts(
        vendor=Vendor(name="V", slug="v"), as_of=NOW, pages=(),
        window=Window(start=None, end=None, complete=False, reason="none"),
        incidents=tuple(report.incident for report in reports),
    )  # fmt: skip
    assert len(loads(dumps(facts)).incidents) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\r\n", b"\n"),
        lambda data: data.replace(b"started_at", b"Started At").replace(b"source_url", b"SOURCE-URL"),
        lambda data: b"\r\n" + data + b"\r\n,,,\r\n",
        lambda data: table(ROW, delimiter=";"),
        lambda data: table(ROW, delimiter="\t"),
    ],
    ids=["byte-order mark", "LF", "spelling of the header", "blank rows", "semicolons", "tabs"],
)
def test_tables_as_spreadsheets_write_them_give_the_same(change) -> None:
    assert read_csv(change(table(ROW)), as_of=NOW) == read_csv(table(ROW), as_of=NOW)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "needed"),
        ("title", "x" * 501, "500"),
        ("started_at", "", "needed"),
        ("started_at", "yesterday", "write it like"),
        ("started_at", "2026-03-01", "write it like"),
        ("started_at", "2026-03-01 10:00", "names no zone"),
        ("started_at", "1826-03-01T10:00Z", "before 1995"),
        ("started_at", "2027-03-01T10:00Z", "future"),
        ("started_at", "0001-01-01T00:00:00+14:00", "calendar"),
        ("started_at", "9" * 5000, "no time"),
        ("ended_at", "2026-03-01T09:00:00Z", "before the start"),
        ("ended_at", "later", "write it like"),
        ("impact", "dire", "none, minor, major, critical"),
        ("source_kind", "gossip", "login-dashboard"),
        ("source_url", "javascript:alert(1)", "https://"),
        ("source_url", "https://user:pw@news.example/", "user name"),
        ("source_url", "https://[::1", "no web address"),
        ("source_url", "", "press report"),
        ("source_url", "https://news.example/" + "a" * 2000, "2000"),
        ("zone", "Mars/Base", "IANA"),
        ("zone", "../../etc/passwd", "IANA"),
        ("components", "|".join(f"part {n}" for n in range(51)), "50"),
        ("note", "x" * 501, "500"),
    ],
)
def test_what_is_wrong_names_its_row_and_column_and_nothing_of_the_row_is_taken(field, value, words) -> None:
    reading = read_csv(table(ROW, ROW | {"title": "second"} | {field: value}), as_of=NOW)
    assert [(fault.row, fault.column) for fault in reading.faults] == [(3, field)]
    assert words in str(reading.faults[0])
    assert len(reading.reports) == 1


def test_every_fault_of_every_row_is_listed_at_once() -> None:
    reading = read_csv(table(ROW | {"title": "", "impact": "dire"}, ROW, ROW | {"started_at": "soon"}), as_of=NOW)
    assert [(fault.row, fault.column) for fault in reading.faults] == [(2, "impact"), (2, "title"), (4, "started_at")]


def test_a_time_without_offset_stands_in_the_zone_of_its_row_before_that_of_the_file() -> None:
    naive = ROW | {"started_at": "2026-03-01 10:00", "ended_at": "2026-03-01 11:00"}
    (by_file,) = read_csv(table(naive), zone="Europe/Berlin", as_of=NOW).reports
    (by_row,) = read_csv(table(naive | {"zone": "Asia/Tokyo"}), zone="Europe/Berlin", as_of=NOW).reports
    assert by_file.incident.started_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert by_row.incident.started_at == datetime(2026, 3, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-10-25 02:30", ("twice", "2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00")),
        ("2026-03-29 02:30", ("never was", "offset")),
    ],
)
def test_an_hour_the_clocks_showed_twice_or_never_is_refused_with_how_to_write_it(text, words) -> None:
    _, wrong = read_row(ROW | {"started_at": text, "ended_at": ""}, zone="Europe/Berlin", as_of=NOW)
    assert all(word in wrong["started_at"] for word in words)
    found, _ = read_row(ROW | {"started_at": "2026-10-25T02:30:00+01:00", "ended_at": ""}, as_of=NOW)
    assert found is not None
    assert found.incident.started_at.hour == 1


@pytest.mark.parametrize(("text", "known"), [("", "unknown"), ("open", "open"), ("Ongoing", "open")])
def test_an_empty_end_is_not_known_and_open_is_open(text, known) -> None:
    found, _ = read_row(ROW | {"ended_at": text}, as_of=NOW)
    assert found is not None
    assert (found.incident.end_known, found.incident.resolved_at) == (known, None)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "press"])
def test_a_source_without_an_address_is_named_by_its_kind(kind) -> None:
    found, _ = read_row(ROW | {"source_url": "", "source_kind": kind}, as_of=NOW)
    assert found is not None
    assert (found.incident.page, found.incident.url) == (f"about:{kind}", None)


def test_the_same_report_has_the_same_id_however_its_time_is_written() -> None:
    first, _ = read_row(ROW, as_of=NOW)
    again, _ = read_row(ROW | {"started_at": "2026-03-01T11:00:00+01:00", "title": "  mail WAS down "}, as_of=NOW)
    assert first is not None
    assert again is not None
    assert first.incident.id == again.incident.id
    assert "row 2" in str(read_csv(table(ROW, ROW), as_of=NOW).faults[0])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"title,severity\nx,y\n", "known are"),
        (b"title,impact\nx,major\n", "started_at is missing"),
        (b"title,title,started_at\n", "twice"),
        ("title,started_at\nä,b\n".encode("latin-1"), "UTF-8"),
        ("title,started_at\n".encode("utf-16"), "UTF-8"),
        (b"title,started_at\n\x00,x\n", "not text"),
        (b'title,started_at\n"x,2026-01-01T00:00Z\n', "quote"),
        (b"x" * (MAX_BYTES + 1), "larger than"),
        (b"title,started_at\n" + b"x,y\n" * (MAX_ROWS + 1), "rows"),
        (b"title,started_at\n" + b"x" * 200_000 + b",y\n", "CSV"),
    ],
)
def test_what_is_no_such_table_is_refused_with_one_sentence(data, words) -> None:
    with pytest.raises(Refused, match=words):
        read_csv(data, as_of=NOW)


def test_an_unknown_zone_for_the_whole_file_is_refused() -> None:
    with pytest.raises(Refused, match="IANA"):
        read_csv(table(ROW), zone="Nowhere", as_of=NOW)


def test_a_cell_beyond_the_last_column_is_a_fault_of_its_row() -> None:
    reading = read_csv(b"title,started_at\nMail, down,2026-03-01T10:00Z\n", as_of=NOW)
    assert "quotes" in str(reading.faults[0])


formulas = st.sampled_from(["=", "+", "-", "@", "'", "'="]).flatmap(
    lambda start: st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20).map(
        start.__add__
    )
)


@settings(max_examples=80)
@given(formulas | st.text(min_size=1, max_size=40), formulas | st.text(max_size=40), st.integers(0, 10**6))
def test_what_is_written_opens_as_text_and_reads_back_the_same(title: str, note: str, minutes: int) -> None:
    found, _ = read_row(
        ROW
        | {"title": title, "note": note, "started_at": (NOW - timedelta(minutes=minutes)).isoformat(), "ended_at": ""},
        as_of=NOW,
    )
    if found is None:
        return
    data = write_csv([found])
    cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert read_csv(data, as_of=NOW).reports == (found,)


@settings(max_examples=100)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_whatever_do_more_than_be_refused(data: bytes) -> None:
    for body in (data, b"title,started_at,zone\n" + data):
        try:
            reading = read_csv(body, as_of=NOW)
        except Refused:
            continue
        assert all(isinstance(report, Report) for report in reading.reports)
