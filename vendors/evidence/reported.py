"""Incidents entered by hand or from a CSV: what the press, a letter, a ticket or a dashboard behind a login told. Pure.

Columns are documented in docs/evidence.md. A file is taken whole or not at all: every fault of every row is named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import cast, get_args
from urllib.parse import urlsplit

from riskboard.errors import Refused
from vendors.evidence.tables import MAX_BYTES, Fault, Table, read_table, write_table
from vendors.evidence.times import BadTime, read_time, zone_named
from vendors.records import IMPACT_ORDER, EndKnown, Impact, Incident, ReportKind

COLUMNS = (
    "title", "started_at", "ended_at", "impact", "components", "source_url", "source_kind", "note", "zone",
)  # fmt: skip
REQUIRED = ("title", "started_at")
KINDS: tuple[ReportKind, ...] = get_args(ReportKind)
MAX_TEXT, MAX_URL, MAX_COMPONENTS = 500, 2000, 50
_STILL = ("open", "ongoing")
LONGEST = timedelta(days=366)  # longer is a slip of the pen in a year


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One incident somebody entered: the record, and the note that goes with it ("" for none)."""

    incident: Incident
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds. With a single fault nothing may be imported."""

    reports: tuple[Report, ...]
    faults: tuple[Fault, ...]


def read_csv(data: bytes, *, zone: str | None = None, as_of: datetime, max_bytes: int = MAX_BYTES) -> Reading:
    """Every row as a report, and every fault of every row.

    `zone` (an IANA name) places times without an offset, where a row's own `zone` cell does not. Raises Refused for what
    is no such table at all: too large, not text, unknown or missing columns, an unknown zone.
    """
    return read_rows(read_table(data, what="table of incidents", max_bytes=max_bytes), zone=zone, as_of=as_of)


def read_rows(table: Table, *, zone: str | None = None, as_of: datetime) -> Reading:
    """The same of a table that was read already, whatever file it came in."""
    unknown = [name for name in table.columns if name not in COLUMNS]
    if unknown:
        raise Refused(f"there is no column {unknown[0][:60]!r}; known are: {', '.join(COLUMNS)}")
    missing = [name for name in REQUIRED if name not in table.columns]
    if missing:
        raise Refused(f"the column {missing[0]} is missing; known are: {', '.join(COLUMNS)}")
    reports: list[Report] = []
    faults = list(table.faults)
    first: dict[str, int] = {}
    for number, cells in table.rows:
        found, wrong = read_row(cells, zone=zone, as_of=as_of)
        faults += [Fault(number, column, what) for column, what in wrong.items()]
        if found is None:
            continue
        if (before := first.setdefault(found.incident.id, number)) != number:
            faults.append(Fault(number, "title", f"the same title, start and source as row {before}"))
        else:
            reports.append(found)
    return Reading(tuple(reports), tuple(sorted(faults, key=lambda fault: (fault.row, fault.column))))


def read_row(
    cells: Mapping[str, str], *, zone: str | None = None, as_of: datetime
) -> tuple[Report | None, dict[str, str]]:
    """The report in those cells, or None with what is wrong by column. Raises Refused where `zone` itself is no zone."""
    wrong: dict[str, str] = {}
    own = _zone(cells.get("zone", ""), zone, wrong)
    title = _text(cells.get("title", ""))
    if not title:
        wrong["title"] = "a title is needed"
    elif len(title) > MAX_TEXT:
        wrong["title"] = f"longer than {MAX_TEXT} characters"
    note = _text(cells.get("note", ""))
    if len(note) > MAX_TEXT:
        wrong["note"] = f"longer than {MAX_TEXT} characters"
    kind = (cells.get("source_kind", "").strip().casefold().replace("_", "-")) or "other"
    if kind not in KINDS:
        wrong["source_kind"] = f"{kind[:40]!r} is none of {', '.join(KINDS)}"
    impact = cells.get("impact", "").strip().casefold() or None
    if impact is not None and impact not in IMPACT_ORDER:
        wrong["impact"] = (
            f"{impact[:40]!r} is no impact; write one of none, minor, major, critical, or nothing if nobody says"
        )
    url = cells.get("source_url", "").strip()
    if fault := _url_fault(url, kind):
        wrong["source_url"] = fault
    components = _components(cells.get("components", ""), wrong)
    start, end, known = _span(cells, own, as_of, wrong)
    if wrong or start is None:
        return None, wrong
    page = url or f"about:{kind}"
    incident = Incident(
        id=_id(page, start, title),
        page=page,
        title=title,
        impact=cast("Impact | None", impact),
        status="open" if known == "open" else "reported",
        started_at=start,
        first_posted_at=None,
        resolved_at=end,
        end_known=known,
        components=components,
        url=url or None,
        reported=cast(ReportKind, kind),
    )
    return Report(incident=incident, note=note), {}


def write_rows(reports: Iterable[Report]) -> list[list[str]]:
    """The rows as `write_csv` writes them, in COLUMNS but the zone, for another format."""
    return [[cells[name] for name in COLUMNS[:-1]] for cells in map(_cells, reports)]


def write_csv(reports: Iterable[Report]) -> bytes:
    """The same columns as are read, times in UTC; reading it again gives the same reports."""
    return write_table(COLUMNS[:-1], (_cells(report) for report in reports))


def _cells(report: Report) -> dict[str, str]:
    one = report.incident
    end = "open" if one.end_known == "open" else one.resolved_at.isoformat() if one.resolved_at else ""
    return {
        "title": one.title,
        "started_at": one.started_at.isoformat(),
        "ended_at": end,
        "impact": one.impact or "",
        "components": "|".join(one.components),
        "source_url": one.url or "",
        "source_kind": str(one.reported),
        "note": report.note,
    }


def _zone(written: str, given: str | None, wrong: dict[str, str]) -> tzinfo | None:
    """The row's zone, else the given one. A row's own bad zone is a fault of the row."""
    try:
        if written.strip():
            return zone_named(written)
    except BadTime as fault:
        wrong["zone"] = str(fault)
    try:
        return zone_named(given) if given else None
    except BadTime as fault:
        raise Refused(str(fault)) from fault


def _span(
    cells: Mapping[str, str], zone: tzinfo | None, as_of: datetime, wrong: dict[str, str]
) -> tuple[datetime | None, datetime | None, EndKnown]:
    """Start, end and how the end is known: stated, open ("open"), or unknown (empty)."""
    times: dict[str, datetime] = {}
    known: EndKnown = "unknown"
    for column in ("started_at", "ended_at"):
        text = cells.get(column, "").strip()
        if column == "ended_at" and text.casefold() in ("", *_STILL):
            known = "open" if text else "unknown"
            continue
        if not text:
            wrong[column] = "a start is needed"
            continue
        try:
            times[column] = read_time(text, zone, as_of=as_of)
        except BadTime as fault:
            wrong.setdefault(column, str(fault))
    start, end = times.get("started_at"), times.get("ended_at")
    if start and end:
        known = "stated"
        if end < start:
            wrong["ended_at"] = "the end lies before the start"
        elif end - start > LONGEST:
            wrong["ended_at"] = "the end lies more than a year after the start; check the years"
    return start, end, known


def _components(text: str, wrong: dict[str, str]) -> tuple[str, ...]:
    names = [_text(name) for name in text.replace(";", "|").split("|")]
    found = tuple(dict.fromkeys(name for name in names if name))
    if len(found) > MAX_COMPONENTS or any(len(name) > MAX_TEXT for name in found):
        wrong["components"] = f"more than {MAX_COMPONENTS} names, or one longer than {MAX_TEXT} characters"
    return found


def _url_fault(url: str, kind: str) -> str | None:
    if not url:
        return "a press report needs the address it can be read at" if kind == "press" else None
    try:
        parts = urlsplit(url)
        host, user = parts.hostname, parts.username
    except ValueError:
        return "that is no web address"
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() or not c.isprintable() for c in url):
        return "write a web address that begins with https://, or leave it empty"
    if user is not None:
        return "leave the user name out of the address"
    return f"longer than {MAX_URL} characters" if len(url) > MAX_URL else None


def _text(text: str) -> str:
    """Without control and direction marks, single blanks."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _id(page: str, start: datetime, title: str) -> str:
    """The same report entered again has the same id: it is made from the source, the start and the title."""
    told = f"{page}\n{start.isoformat()}\n{title.casefold()}"
    return "reported-" + hashlib.sha256(told.encode()).hexdigest()[:16]
