"""The shapes Statuspage serves, typed: one decode per answer, only the fields that are kept, each of them checked.

An answer is decoded in one typed pass. Only where that fails for a row (a time that is none, a number for a name) is it
decoded again row by row, so that one bad row is kept out with its reason instead of taking the page with it. What is no
answer of this product at all raises SourceChanged with one sentence.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, TypeVar, cast

import msgspec
from msgspec import Meta, Raw, Struct, field

from vendors.sources.base import Quarantined, SourceChanged
from vendors.sources.shapes import UNREADABLE, refuse_what_is_no_json

Time = Annotated[datetime, Meta(tz=True)]


class WireAffected(Struct, gc=False):
    """A component named by an update: its id, and its name with the group in front."""

    code: str | None = None
    name: str | None = None


class WireUpdate(Struct):
    """One post. `created_at` is the server's, `display_at` the vendor's own and may be backdated.

    Fields with a leading underscore in JSON come from collectors of snapshots, not from the page: when the post was first
    seen, and its earlier texts if it was changed.
    """

    id: str | None = None
    status: str | None = None
    body: str | None = None
    created_at: Time | None = None
    display_at: Time | None = None
    updated_at: Time | None = None
    affected_components: list[WireAffected] | None = None
    first_seen: Time | None = field(default=None, name="_first_seen")
    edits: list[Any] | None = field(default=None, name="_edits")


class WireComponent(Struct):
    """A part of the page; `group` True marks a heading, not a part."""

    id: str | None = None
    name: str | None = None
    group_id: str | None = None
    group: bool | None = None
    created_at: Time | None = None


class WireIncident(Struct):
    """An incident or a scheduled maintenance: one object, told apart by what it says."""

    id: str
    name: str | None = None
    status: str | None = None
    impact: str | None = None
    created_at: Time | None = None
    updated_at: Time | None = None
    started_at: Time | None = None
    resolved_at: Time | None = None
    scheduled_for: Time | None = None
    scheduled_until: Time | None = None
    shortlink: str | None = None
    page_id: str | None = None
    incident_updates: list[WireUpdate] | None = None
    components: list[WireComponent | str] | None = None  # collectors keep the names only
    postmortem_published_at: Time | None = None
    first_seen: Time | None = field(default=None, name="_first_seen")
    last_seen: Time | None = field(default=None, name="_last_seen")
    gone_at: Time | None = field(default=None, name="_gone_at")


class ReadIncident(WireIncident):
    """An incident read from a page or feed rather than from the API.

    `guess` says what of its times is our reading of a display text, None where the text left no choice. `partial`: the
    source gives no updates, so none being there says nothing.
    """

    guess: str | None = None
    partial: bool = False


class WirePage(Struct):
    """The page itself."""

    id: str | None = None
    name: str | None = None
    url: str | None = None
    time_zone: str | None = None
    updated_at: Time | None = None


class WireBanner(Struct):
    """The page's own verdict."""

    indicator: str | None = None
    description: str | None = None


class WireHistoryIncident(Struct):
    """An incident of /history.json: the times are display text without a year, the message is the last one only."""

    code: str
    name: str | None = None
    impact: str | None = None
    timestamp: str | None = None
    message: str | None = None


class WireMonth(Struct):
    """A month of /history.json; an incident stands in the month in which it ended."""

    name: str
    year: int
    incidents: list[WireHistoryIncident] = []


class WirePageStatus(Struct):
    """Where /history.json hides the page."""

    page: WirePage | None = None


class WireAnswer(Struct):
    """Any JSON answer of a page: each endpoint fills some of these."""

    page: WirePage | None = None
    status: WireBanner | None = None
    components: list[WireComponent] | None = None
    incidents: list[WireIncident] | None = None
    scheduled_maintenances: list[WireIncident] | None = None
    incident: WireIncident | None = None
    months: list[WireMonth] | None = None
    page_status: WirePageStatus | None = None


class _LooseMonth(Struct):
    name: str
    year: int
    incidents: list[Raw] = []


class _LooseAnswer(Struct):
    page: Raw = field(default_factory=Raw)  # empty: not in the answer
    status: Raw = field(default_factory=Raw)
    components: list[Raw] | None = None
    incidents: list[Raw] | None = None
    scheduled_maintenances: list[Raw] | None = None
    incident: Raw = field(default_factory=Raw)
    months: list[_LooseMonth] | None = None
    page_status: Raw = field(default_factory=Raw)


class _LooseIncident(Struct):
    incident_updates: list[Raw] | None = None


_T = TypeVar("_T")
_ANSWER = msgspec.json.Decoder(WireAnswer)
_LOOSE = msgspec.json.Decoder(_LooseAnswer)
_INCIDENT = msgspec.json.Decoder(WireIncident)


def decode(body: bytes, what: str) -> tuple[WireAnswer, list[Quarantined]]:
    """The JSON answer in `body` and the rows that could not be read; `what` names the answer in messages.

    Raises SourceChanged for a web page, cut-off JSON, another shape, or an object that holds nothing of a status page.
    Cost: one pass over the bytes; a second one only for an answer with broken rows.
    """
    refuse_what_is_no_json(body, what)
    faults: list[Quarantined] = []
    try:
        answer = _ANSWER.decode(body)
    except msgspec.ValidationError as fault:
        bare = _bare_incident(body)
        answer = WireAnswer(incident=bare) if bare else _decode_row_by_row(body, what, str(fault), faults)
    except UNREADABLE as fault:
        raise SourceChanged(f"{what} is cut off or no JSON at all: {fault}") from fault
    parts = (answer.page, answer.status, answer.components, answer.incidents, answer.scheduled_maintenances)
    if all(part is None for part in (*parts, answer.incident, answer.months)):
        raise SourceChanged(f"{what} is JSON, but holds nothing that a status page serves")
    return answer, faults


def decode_lines(body: bytes, what: str) -> tuple[WireAnswer, list[Quarantined]]:
    """Incident objects, one a line, as an answer without a page. Raises SourceChanged."""
    refuse_what_is_no_json(body, what)
    try:
        incidents = _INCIDENT.decode_lines(body)
        if all(map(_is_incident, incidents)):
            return WireAnswer(incidents=incidents), []
    except msgspec.ValidationError:
        pass  # read again below, row by row, so that each fault is told
    except UNREADABLE as fault:
        raise SourceChanged(f"{what} is cut off or no JSON lines: {fault}") from fault
    faults: list[Quarantined] = []
    lines = [line for line in body.split(b"\n") if line.strip()]
    incidents = []
    for n, row in enumerate(_rows(lines, WireIncident, f"{what} line", faults)):
        if _is_incident(row):
            incidents.append(row)
        else:
            faults.append(
                Quarantined(where=f"{what} row {n}", reason="it has neither updates nor a time of its making")
            )
    if not incidents and faults:
        raise SourceChanged(f"{what} holds no incident object of a status page: {faults[0].reason}")
    return WireAnswer(incidents=incidents), faults


def _decode_row_by_row(body: bytes, what: str, first_fault: str, faults: list[Quarantined]) -> WireAnswer:
    """The answer without its unreadable rows, each of them told. Raises SourceChanged if the shape itself is another."""
    try:
        loose = _LOOSE.decode(body)
        page = _part(loose.page, WirePage)
        page_status = _part(loose.page_status, WirePageStatus)
    except msgspec.ValidationError as fault:
        raise SourceChanged(f"{what} is JSON of another shape than a status page serves: {fault}") from fault
    except UNREADABLE as fault:
        raise SourceChanged(f"{what} is cut off or no JSON at all: {fault}") from fault
    answer = WireAnswer(page=page, page_status=page_status)
    try:
        answer.status = _part(loose.status, WireBanner)
    except msgspec.ValidationError as fault:
        faults.append(Quarantined(where=f"{what} $.status", reason=str(fault)))
    if loose.components is not None:
        answer.components = _rows(loose.components, WireComponent, f"{what} $.components", faults)
    if loose.incidents is not None:
        answer.incidents = _rows(loose.incidents, WireIncident, f"{what} $.incidents", faults)
    if loose.scheduled_maintenances is not None:
        answer.scheduled_maintenances = _rows(
            loose.scheduled_maintenances, WireIncident, f"{what} $.scheduled_maintenances", faults
        )
    if bytes(loose.incident) not in (b"", b"null"):
        answer.incident = next(iter(_rows([loose.incident], WireIncident, f"{what} $.incident", faults)), None)
    if loose.months is not None:
        answer.months = [
            WireMonth(
                name=month.name,
                year=month.year,
                incidents=_rows(month.incidents, WireHistoryIncident, f"{what} {month.name} {month.year}", faults),
            )
            for month in loose.months
        ]
    read = [*(answer.incidents or ()), *(answer.scheduled_maintenances or ()), *(answer.components or ())]
    read += [row for month in answer.months or () for row in month.incidents]
    if not read and answer.incident is None and faults:
        raise SourceChanged(f"{what} is JSON of another shape than a status page serves: {first_fault}")
    return answer


def _part(raw: Raw, shape: type[_T]) -> _T | None:
    return None if not bytes(raw) else msgspec.json.decode(raw, type=shape | None)


def _rows(raws: list[Any], shape: type[_T], where: str, faults: list[Quarantined]) -> list[_T]:
    """The rows that can be read; for the others a fault each."""
    decoder = msgspec.json.Decoder(shape)
    rows: list[_T] = []
    for n, raw in enumerate(raws):
        try:
            rows.append(decoder.decode(raw))
        except (msgspec.ValidationError, *UNREADABLE) as fault:
            kept = _without_broken_updates(raw, f"{where}[{n}]", faults) if shape is WireIncident else None
            if kept is not None:
                rows.append(cast(_T, kept))
            else:
                faults.append(Quarantined(where=f"{where}[{n}]", reason=str(fault)[:300]))
    return rows


def _without_broken_updates(raw: Any, where: str, faults: list[Quarantined]) -> WireIncident | None:
    """The incident with those of its updates that can be read; None if something else of it is broken."""
    try:
        updates = msgspec.json.decode(raw, type=_LooseIncident).incident_updates
        whole = msgspec.json.decode(raw)
        whole["incident_updates"] = None
        incident = msgspec.convert(whole, WireIncident)
    except (msgspec.ValidationError, *UNREADABLE):
        return None
    incident.incident_updates = _rows(list(updates or ()), WireUpdate, f"{where}.incident_updates", faults)
    return incident


def _bare_incident(body: bytes) -> WireIncident | None:
    """The incident object that is all of the answer (a line of a saved list); None if it is something else."""
    try:
        row = _INCIDENT.decode(body)
    except (msgspec.ValidationError, *UNREADABLE):
        return None
    return row if row.incident_updates is not None else None


def _is_incident(row: WireIncident) -> bool:
    """Whether a bare object is one of this product's incidents rather than any object with an id."""
    return row.incident_updates is not None or row.created_at is not None
