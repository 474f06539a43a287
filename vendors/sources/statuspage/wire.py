"""The shapes Statuspage serves, typed: only the fields kept are decoded, and every one of them is checked."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

import msgspec
from msgspec import Struct

from vendors.sources.base import SourceChanged


class WireComponent(Struct):
    """A component; `group` True marks a heading, not a part."""

    name: str
    id: str | None = None
    code: str | None = None
    group_id: str | None = None
    group: bool = False
    status: str | None = None


class WireAffected(Struct):
    """A component named by an update."""

    name: str


class WireUpdate(Struct):
    """One update. `display_at` is the vendor's own time for it and may be backdated."""

    id: str
    status: str
    created_at: datetime
    body: str | None = None
    updated_at: datetime | None = None
    display_at: datetime | None = None
    affected_components: list[WireAffected] | None = None


class WireIncident(Struct):
    """An incident or a scheduled maintenance: the same object, told apart by `scheduled_for`."""

    id: str
    name: str
    status: str
    created_at: datetime
    impact: str | None = None
    updated_at: datetime | None = None
    started_at: datetime | None = None
    resolved_at: datetime | None = None
    shortlink: str | None = None
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None
    incident_updates: list[WireUpdate] = []
    components: list[WireComponent] | None = None
    postmortem_published_at: datetime | None = None
    postmortem_ignored: bool | None = None


class WirePage(Struct):
    """The page itself."""

    id: str
    name: str
    url: str | None = None
    time_zone: str | None = None


class WireBanner(Struct):
    """The page's own verdict."""

    indicator: str
    description: str | None = None


class WireAnswer(Struct):
    """Any answer of /api/v2: each endpoint fills some of these."""

    page: WirePage | None = None
    status: WireBanner | None = None
    components: list[WireComponent] | None = None
    incidents: list[WireIncident] | None = None
    scheduled_maintenances: list[WireIncident] | None = None
    incident: WireIncident | None = None


class WireHistoryIncident(Struct):
    """An incident of /history.json: the times are display text without a year."""

    code: str
    name: str
    impact: str
    timestamp: str
    message: str | None = None


class WireMonth(Struct):
    """A month of /history.json; an incident stands in the month in which it ended."""

    name: str
    year: int
    incidents: list[WireHistoryIncident]


class WireHistory(Struct):
    """/history.json?page=N."""

    months: list[WireMonth]


_T = TypeVar("_T")
_ANSWER = msgspec.json.Decoder(WireAnswer)
_INCIDENT = msgspec.json.Decoder(WireIncident)
_HISTORY = msgspec.json.Decoder(WireHistory)


def decode_answer(body: bytes, what: str) -> WireAnswer:
    """An /api/v2 answer. Raises SourceChanged for HTML, cut-off JSON, another shape, or an answer that says nothing."""
    answer = _decode(_ANSWER, body, what)
    if all(getattr(answer, name) is None for name in WireAnswer.__struct_fields__):
        raise SourceChanged(f"{what} is JSON, but holds nothing a Statuspage serves")
    return answer


def decode_history(body: bytes, what: str) -> WireHistory:
    """A /history.json page. Raises SourceChanged."""
    return _decode(_HISTORY, body, what)


def decode_lines(body: bytes, what: str) -> list[WireIncident]:
    """Incident objects, one a line. Raises SourceChanged."""
    return [
        _decode(_INCIDENT, line, f"{what}, line {n}") for n, line in enumerate(body.splitlines(), 1) if line.strip()
    ]


def _decode(decoder: msgspec.json.Decoder[_T], body: bytes, what: str) -> _T:
    head = body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<") or head.startswith(b"```"):
        raise SourceChanged(f"{what} answered with a web page where JSON was expected: the page may have moved")
    if not head:
        raise SourceChanged(f"{what} answered with nothing")
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as fault:
        raise SourceChanged(f"{what} is JSON of another shape than a Statuspage serves: {fault}") from fault
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise SourceChanged(f"{what} is cut off or no JSON at all: {fault}") from fault
