"""Exports of monitoring products as an independent observer: when did somebody outside see the service fail? Pure.

The plain CSV is ours. The products' formats are written from their documented shapes (docs/evidence.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import msgspec
import re2

from riskboard.errors import Refused
from vendors.evidence.spans import joined
from vendors.evidence.tables import Fault, Table, read_table, write_table
from vendors.evidence.times import BadTime, read_time, zone_named
from vendors.records import ObservedSpan

MAX_BYTES = 8 * 1024 * 1024  # docs/limits.md: half a year of one probe a minute
MAX_ROWS, MAX_SPANS = 300_000, 5_000
LONGEST = timedelta(days=366)
UNDERSTOOD = (
    "understood are: an Uptime Kuma export (JSON with heartbeats), Better Stack incidents (JSON or CSV), an UptimeRobot "
    "log (CSV with Event and Date-Time), and a CSV with the columns start,end and optionally zone and monitor"
)
PLAIN = ("start", "end", "monitor")
_NAME = 200
_DURATION = re2.compile(r"(\d{1,6})\s*(d|h|m|s)[a-z]*")
_UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}


@dataclass(frozen=True, slots=True)
class Export:
    """What an export holds: its format in words, the failures seen, and every fault. With a fault nothing may be imported."""

    format: str
    spans: tuple[ObservedSpan, ...]
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Reader:
    """What all formats need: the zone of naive times, the name of the observer, the latest time possible, the faults."""

    zone: tzinfo | None
    observer: str | None
    as_of: datetime
    note: str
    faults: list[Fault]

    def at(self, row: int, column: str, text: str, zone: tzinfo | None = None) -> datetime | None:
        """The time, or None with a fault noted."""
        try:
            return read_time(text, zone or self.zone, as_of=self.as_of)
        except BadTime as fault:
            self.faults.append(Fault(row, column, str(fault)))
            return None

    def span(self, row: int, start: datetime | None, end: datetime | None, monitor: str) -> Iterator[ObservedSpan]:
        """The span, if its times are possible."""
        if start is None:
            return
        if end is not None and not timedelta(0) <= end - start <= LONGEST:
            self.faults.append(Fault(row, "end", "the end lies before the start, or more than a year after it"))
            return
        yield ObservedSpan(start=start, end=end, observer=plain(self.observer or monitor) or "monitor", note=self.note)


def read(
    data: bytes, *, zone: str | None = None, observer: str | None = None, as_of: datetime, name: str = ""
) -> Export:
    """The failures in an export, those of one monitor that overlap or nearly touch made one; short ones are kept.

    `zone` (an IANA name) places times the format gives without one; `observer` names who watched, else the monitors' own
    names do; `name` is the file's. Raises Refused: too large, or a shape none of the understood ones has.
    """
    if len(data) > MAX_BYTES:
        raise Refused(f"the export is larger than {MAX_BYTES // 2**20} MiB; export a shorter time")
    try:
        place = zone_named(zone) if zone else None
    except BadTime as fault:
        raise Refused(str(fault)) from fault
    reader = _Reader(place, observer, as_of, "", [])
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    kind, rows = _json(data, reader) if start in (b"{", b"[") else _csv(data, reader)
    reader.note = plain(f"{kind}: {name}" if name else kind)
    spans = joined(rows(reader))
    if len(spans) > MAX_SPANS:
        raise Refused(f"the export holds more than {MAX_SPANS:,} failures; export a shorter time")
    return Export(kind, spans, tuple(sorted(reader.faults, key=lambda fault: (fault.row, fault.column))))


def plain(text: str) -> str:
    """Outside text as a name: no control or direction marks, single blanks, at most 200 characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[: 2 * _NAME]).split())[:_NAME]


def write_plain(spans: Iterable[ObservedSpan]) -> bytes:
    """The spans as the plain CSV that `read` understands, times in UTC."""
    rows = (
        {"start": s.start.isoformat(), "end": s.end.isoformat() if s.end else "", "monitor": s.observer} for s in spans
    )
    return write_table(PLAIN, rows)


_Rows = Callable[[_Reader], Iterator[ObservedSpan]]


def _csv(data: bytes, reader: _Reader) -> tuple[str, _Rows]:
    table = read_table(data, what="export", max_bytes=MAX_BYTES, max_rows=MAX_ROWS)
    reader.faults += table.faults
    columns = set(table.columns)
    if {"event", "date_time"} <= columns:
        return "UptimeRobot log", lambda using: _uptime_robot(table, using)
    if "started_at" in columns and columns & {"resolved_at", "acknowledged_at", "cause"}:
        return "Better Stack incidents", lambda using: _started(table, using, "started_at", "resolved_at")
    if {"start", "end"} <= columns and columns <= {"start", "end", "zone", "monitor"}:
        return "plain CSV", lambda using: _started(table, using, "start", "end")
    raise Refused(f"this is no export Riskboard knows; {UNDERSTOOD}")


def _started(table: Table, reader: _Reader, first: str, last: str) -> Iterator[ObservedSpan]:
    """Rows that state start and end; an empty end is an open one."""
    for number, cells in table.rows:
        try:
            zone = zone_named(cells["zone"]) if cells.get("zone", "").strip() else None
        except BadTime as fault:
            reader.faults.append(Fault(number, "zone", str(fault)))
            continue
        before = len(reader.faults)
        start = reader.at(number, first, cells.get(first, ""), zone)
        told = cells.get(last, "").strip()
        end = reader.at(number, last, told, zone) if told else None
        if len(reader.faults) == before:
            yield from reader.span(number, start, end, _first(cells, "monitor", "name", "url"))


def _uptime_robot(table: Table, reader: _Reader) -> Iterator[ObservedSpan]:
    """ "Down" rows with how long they lasted; other events say nothing about failures."""
    for number, cells in table.rows:
        if not cells.get("event", "").strip().casefold().startswith("down"):
            continue
        start = reader.at(number, "date_time", cells.get("date_time", ""))
        lasted = _lasted(cells)
        end = None if start is None or lasted is None else min(start + lasted, reader.as_of)
        yield from reader.span(number, start, end, _first(cells, "monitor", "monitor_name", "monitor_url"))


def _lasted(cells: Mapping[str, str]) -> timedelta | None:
    """The duration of a row: in words ("1 hrs, 5 mins, 10 secs") or in minutes; None where it has none."""
    parts = _DURATION.findall(cells.get("duration", "").casefold()[:80])
    if parts:
        return timedelta(seconds=sum(int(count) * _UNITS[unit] for count, unit in parts))
    text = next((cells[name].strip() for name in cells if name.startswith("duration_(in_mins")), "")
    return timedelta(minutes=int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _first(cells: Mapping[str, str], *columns: str) -> str:
    return next((cells[name].strip() for name in columns if cells.get(name, "").strip()), "monitor")


class _Heartbeat(msgspec.Struct):
    """One probe of Uptime Kuma: status 0 down, 1 up, 2 pending, 3 maintenance; `time` is UTC without saying so."""

    status: int
    time: str
    monitor: int | str | None = msgspec.field(default=None, name="monitorID")
    monitor_id: int | str | None = None


class _Monitor(msgspec.Struct):
    id: int | str
    name: str = ""


class _Kuma(msgspec.Struct):
    beats: list[_Heartbeat] | dict[str, list[_Heartbeat]] = msgspec.field(name="heartbeatList")
    monitors: list[_Monitor] | dict[str, _Monitor] = msgspec.field(default_factory=list, name="monitorList")


class _Attributes(msgspec.Struct):
    """One incident of Better Stack; times are ISO 8601 with their offset."""

    started_at: str
    resolved_at: str | None = None
    name: str | None = None


class _BetterStackRow(msgspec.Struct):
    attributes: _Attributes


class _BetterStack(msgspec.Struct):
    data: list[_BetterStackRow]


def _json(data: bytes, reader: _Reader) -> tuple[str, _Rows]:
    kinds: tuple[tuple[Any, str, Callable[[Any, _Reader], Iterator[ObservedSpan]]], ...] = (
        (_Kuma, "Uptime Kuma export", lambda found, using: _kuma(found.beats, _names(found.monitors), using)),
        (list[_Heartbeat], "Uptime Kuma heartbeats", lambda found, using: _kuma(found, {}, using)),
        (_BetterStack, "Better Stack incidents", _better_stack),
        (
            list[_BetterStackRow],
            "Better Stack incidents",
            lambda found, using: _better_stack(_BetterStack(found), using),
        ),
    )
    body = data.removeprefix(b"\xef\xbb\xbf")
    for shape, kind, rows in kinds:
        try:
            found = msgspec.json.decode(body, type=shape)
        except msgspec.ValidationError:
            continue
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
            raise Refused(f"the export is no readable JSON ({fault}); was it cut off?") from fault
        return kind, _bound(rows, found)
    raise Refused(f"this is no export Riskboard knows; {UNDERSTOOD}")


def _bound(rows: Callable[[Any, _Reader], Iterator[ObservedSpan]], found: Any) -> _Rows:
    return lambda using: rows(found, using)


def _better_stack(found: _BetterStack, reader: _Reader) -> Iterator[ObservedSpan]:
    for number, row in enumerate(found.data, start=1):
        one, before = row.attributes, len(reader.faults)
        start = reader.at(number, "started_at", one.started_at)
        end = reader.at(number, "resolved_at", one.resolved_at) if one.resolved_at else None
        if len(reader.faults) == before:
            yield from reader.span(number, start, end, one.name or "monitor")


def _names(monitors: list[_Monitor] | dict[str, _Monitor]) -> dict[str, str]:
    listed = monitors if isinstance(monitors, list) else monitors.values()
    return {str(one.id): one.name for one in listed}


def _kuma(
    beats: list[_Heartbeat] | dict[str, list[_Heartbeat]], names: Mapping[str, str], reader: _Reader
) -> Iterator[ObservedSpan]:
    """Each monitor's failures: from its first "down" to its next "up" or "maintenance"; "pending" changes nothing."""
    by_monitor: dict[str, list[tuple[datetime, int]]] = {}
    number = 0
    groups = beats.items() if isinstance(beats, dict) else [("", beats)]
    for group, rows in groups:
        for beat in rows:
            number += 1
            if number > MAX_ROWS:
                raise Refused(f"the export holds more than {MAX_ROWS:,} heartbeats; export a shorter time")
            at = reader.at(number, "time", beat.time, UTC)
            own = group or beat.monitor or beat.monitor_id
            if at is not None:
                by_monitor.setdefault("" if own is None else str(own), []).append((at, beat.status))
    for monitor, timeline in sorted(by_monitor.items()):
        name = names.get(monitor) or (f"monitor {monitor}" if monitor else "monitor")
        since: datetime | None = None
        for at, status in sorted(timeline):
            if status == 0:
                since = since or at
            elif status in (1, 3) and since is not None:
                yield from reader.span(0, since, at, name)
                since = None
        yield from reader.span(0, since, None, name)
