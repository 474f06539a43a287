"""Salesforce Trust: instances with what goes on in each, and lists of incidents and maintenances.

An incident is repeated under every instance it touches; it is counted once, with all of them as its parts. Its start and
end are those of its impacts, which are stated apart from the post. Source: api.status.salesforce.com/v1/docs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, convert

from vendors.records import IMPACT_ORDER, Impact, PageState, Phase, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import Number, OwnPage, Reading, Time, either, next_page, oldest, readable
from vendors.sources.plaintext import plain
from vendors.sources.shapes import UNREADABLE, as_utf8

ROWS_ASKED = 100  # docs/limits.md: in one page of a list
HISTORY_PAGES = 10  # docs/limits.md: of the list of incidents
_API = "https://api.status.salesforce.com/v1"
_IMPACTS: dict[str | None, Impact] = {"minor": "minor", "major": "major"}
_PHASES: dict[str, Phase] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "update": "update",
    "resolved": "resolved",
    "rootcause": "postmortem",
}
_T = TypeVar("_T")


class _Impact(Struct, rename="camel"):
    start_time: Time | None = None
    end_time: Time | None = None
    type: str | None = None
    severity: str | None = None


class _Post(Struct, rename="camel"):
    created_at: Time | None = None
    type: str | None = None
    message: str | None = None


class _Message(Struct, rename="camel"):
    root_cause: str | None = None
    path_to_resolution: str | None = None
    action_plan: str | None = None


class _Incident(Struct, rename="camel"):
    id: Number | str
    impacts: list[_Impact] = msgspec.field(name="IncidentImpacts")
    created_at: Time | None = None
    updated_at: Time | None = None
    posts: list[_Post] | None = msgspec.field(default=None, name="IncidentEvents")
    message: _Message | None = None
    instance_keys: list[str] | None = None
    service_keys: list[str] | None = None


class _Maintenance(Struct, rename="camel"):
    id: Number | str
    name: str | None = None
    created_at: Time | None = None
    updated_at: Time | None = None
    planned_start_time: Time | None = None
    planned_end_time: Time | None = None
    impacts: list[_Impact] | None = msgspec.field(default=None, name="MaintenanceImpacts")
    instance_keys: list[str] | None = None


class _Instance(Struct, rename="camel"):
    key: str
    status: str | None = None
    location: str | None = None
    is_active: bool = True
    incidents: list[_Incident] = msgspec.field(default_factory=list, name="Incidents")
    maintenances: list[_Maintenance] = msgspec.field(default_factory=list, name="Maintenances")


class _Loose(Struct, rename="camel"):
    """An instance whose incidents or maintenances are not yet decoded, because one of them cannot be."""

    key: str
    status: str | None = None
    location: str | None = None
    is_active: bool = True
    incidents: list[Any] = msgspec.field(default_factory=list, name="Incidents")
    maintenances: list[Any] = msgspec.field(default_factory=list, name="Maintenances")


@dataclass(slots=True)
class TrustReading(Reading):
    """What the documents tell: the states of the instances, and every event once with the instances it touches."""

    statuses: set[str | None] = field(default_factory=set)
    incidents: dict[str, _Incident] = field(default_factory=dict)
    maintenances: dict[str, _Maintenance] = field(default_factory=dict)
    touched: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    oldest: datetime | None = None

    def take(self, body: bytes, what: str) -> None:
        """Read instances, incidents or maintenances (arrays), or one incident or instance."""
        first = body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        array = b"[" + as_utf8(body) + b"]" if first == b"{" else body
        head = body[:20_000]
        if b'"Incidents"' in head and b'"key"' in head:
            self._take_instances(array, what)
        elif b'"IncidentImpacts"' in body:
            self._take_incidents(array, what)
        elif b'"plannedStartTime"' in head or b'"MaintenanceImpacts"' in head:
            windows = readable(
                either(array, list[_Maintenance], list[msgspec.Raw], what), _Maintenance, what, self._faults
            )
            for window in windows:
                self._maintenance(window, ())
        elif either(array, list[msgspec.Raw], list[msgspec.Raw], what):
            raise SourceChanged(f"{what} is JSON, but no list of Salesforce's instances, incidents or maintenances")

    def finish(self) -> None:
        """Every event once."""
        for identity, incident in self.incidents.items():
            self._add(identity, incident)
        for identity, window in self.maintenances.items():
            self._add_maintenance(identity, window)

    def banner(self) -> PageState:
        """By the states of the active instances: "ok" only if every one of them says so."""
        words = {status or "" for status in self.statuses}
        if any("_INCIDENT" in word for word in words):
            return "issue"
        if not words or any(word != "OK" and not word.startswith("MAINTENANCE") for word in words):
            return "unknown"
        return "ok" if words == {"OK"} else "maintenance"

    def window(self) -> Window:
        """The list of incidents, if it was asked."""
        if self.oldest is None:
            reason = "the interface of the instances tells only what is going on now"
            return Window(start=None, end=None, complete=False, reason=reason)
        reason = "some pages of the list of incidents; their order is not documented"
        return Window(start=self.oldest, end=self.ledger.as_of, complete=False, reason=reason)

    @property
    def _faults(self) -> list[Any]:
        return self.ledger.quarantined

    def _take_instances(self, array: bytes, what: str) -> None:
        try:
            rows: list[_Instance] = msgspec.json.decode(as_utf8(array), type=list[_Instance])
        except UNREADABLE:
            rows = self._one_by_one(array, what)
        for row in rows:
            if row.is_active:
                self.statuses.add(row.status)
                self.part(row.key, row.location)
            for incident in row.incidents:
                self._incident(incident, (row.key,))
            for window in row.maintenances:
                self._maintenance(window, (row.key,))

    def _one_by_one(self, array: bytes, what: str) -> list[_Instance]:
        rows: list[_Instance] = []
        known = len(self._faults)
        raws = either(array, list[msgspec.Raw], list[msgspec.Raw], what)
        for loose in readable(raws, _Loose, what, self._faults):
            row = _Instance(key=loose.key, status=loose.status, location=loose.location, is_active=loose.is_active)
            where = f"{what} {loose.key[:40]}"
            row.incidents = _each(loose.incidents, _Incident, f"{where} Incidents", self.ledger.keep_out)
            row.maintenances = _each(loose.maintenances, _Maintenance, f"{where} Maintenances", self.ledger.keep_out)
            rows.append(row)
        self.unread += len(self._faults) - known
        return rows

    def _take_incidents(self, array: bytes, what: str) -> None:
        incidents = readable(either(array, list[_Incident], list[msgspec.Raw], what), _Incident, what, self._faults)
        for incident in incidents:
            self._incident(incident, ())
        self.oldest = oldest([self.oldest, *(incident.created_at for incident in incidents)], self.ledger.as_of)

    def _incident(self, incident: _Incident, instances: tuple[str, ...]) -> None:
        identity = str(incident.id)
        known = self.incidents.get(identity)
        if known is None or _age(incident.updated_at) > _age(known.updated_at):
            self.incidents[identity] = incident
        self.touched.setdefault(("incident", identity), []).extend((*(incident.instance_keys or ()), *instances))

    def _maintenance(self, window: _Maintenance, instances: tuple[str, ...]) -> None:
        identity = str(window.id)
        self.maintenances.setdefault(identity, window)
        self.touched.setdefault(("maintenance", identity), []).extend((*(window.instance_keys or ()), *instances))

    def _add(self, identity: str, incident: _Incident) -> None:
        self.note(incident.updated_at)
        starts = [impact.start_time for impact in incident.impacts if impact.start_time is not None]
        ends = [impact.end_time for impact in incident.impacts if impact.end_time is not None]
        is_over = bool(incident.impacts) and len(ends) == len(incident.impacts)
        severities = [_IMPACTS[i.severity] for i in incident.impacts if i.severity in _IMPACTS]
        kinds = {impact.type: None for impact in incident.impacts if impact.type}
        self.ledger.add(
            Draft(
                id=identity,
                title=_title(kinds, incident.service_keys),
                impact=max(severities, key=IMPACT_ORDER.index, default=None),
                raw_impact=", ".join(dict.fromkeys(i.severity for i in incident.impacts if i.severity)) or None,
                status="ended" if is_over else "ongoing",
                started_at=min(starts, default=None),
                created_at=incident.created_at,
                resolved_at=max(ends) if is_over else None,
                open=None if not incident.impacts else not is_over,
                posts=_posts(incident),
                components=sorted(set(self.touched["incident", identity])),
                url=f"https://status.salesforce.com/incidents/{identity}",
            )
        )

    def _add_maintenance(self, identity: str, window: _Maintenance) -> None:
        self.note(window.updated_at)
        impacts = window.impacts or []
        starts = [impact.start_time for impact in impacts if impact.start_time is not None]
        ends = [impact.end_time for impact in impacts if impact.end_time is not None]
        self.ledger.add_maintenance(
            DraftMaintenance(
                id=identity,
                title=window.name or "Maintenance",
                announced_at=window.created_at,
                scheduled_for=window.planned_start_time or min(starts, default=None),
                scheduled_until=window.planned_end_time or max(ends, default=None),
                components=sorted(set(self.touched["maintenance", identity])),
                url=f"https://status.salesforce.com/maintenances/{identity}",
            )
        )


def _each(rows: list[Any], shape: type[_T], where: str, keep_out: Callable[[str, str], None]) -> list[_T]:
    good: list[_T] = []
    for n, row in enumerate(rows):
        try:
            good.append(convert(row, shape))
        except msgspec.ValidationError as fault:
            keep_out(f"{where}[{n}]", str(fault))
    return good


def _posts(incident: _Incident) -> list[Post]:
    """The events that have words. The message has no time of its own: a root cause was there by the last change."""
    posts = [
        Post(posted_at=post.created_at, text=plain(post.message), state=_phase(post.type))
        for post in incident.posts or ()
        if post.message
    ]
    message = incident.message
    if message is not None and message.root_cause and posts:
        words = (message.root_cause, message.path_to_resolution, message.action_plan)
        text = "\n".join(plain(part) for part in words if part)
        posts.append(Post(posted_at=incident.updated_at, text=text, state="postmortem"))
    return posts


def _phase(kind: str | None) -> Phase:
    return _PHASES.get("".join(c for c in (kind or "").lower() if c.isalpha()), "unknown")


def _title(kinds: Iterable[str], services: list[str] | None) -> str:
    """From the keys the page shows words for: "performance degradation (core service)"."""
    what = "; ".join(_spaced(kind) for kind in kinds) or "incident"
    where = ", ".join(_spaced(key) for key in services or ())
    return f"{what} ({where})" if where else what


def _spaced(key: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in key[:200]).strip()


def _age(at: datetime | None) -> float:
    return at.timestamp() if at is not None else 0.0


class Salesforce(OwnPage):
    """Reads status.salesforce.com through its interface."""

    id = "salesforce"
    name = "Salesforce Trust"
    home = "https://status.salesforce.com"
    vendor = "Salesforce"
    reading = TrustReading
    about = About(
        kind="own",
        tested="captures",
        reads="api.status.salesforce.com/v1: /instances/status, /incidents, /maintenances",
        depth="what is going on now, and up to 1,000 of the list of incidents",
        start="of each impact, apart from the post",
        impact="minor, major",
        hosts=("status.salesforce.com", "trust.salesforce.com"),
        traps="one incident is repeated under every instance; among 1,500 instances one is nearly always in trouble",
        terms="public and keyless so far; a successor asks for a login",
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 by keys only this interface has, 0 else."""
        if raw.status >= 400 or raw.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
            return 0.0
        head = raw.body[:20_000]
        if b'"IncidentImpacts"' in head or b'"MaintenanceImpacts"' in head:
            return 0.95
        marks = (b'"key"', b'"Incidents"', b'"Maintenances"', b'"releaseVersion"')
        return 0.95 if all(mark in head for mark in marks) else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The interface lies on a host of its own, whatever the page's address."""
        return (
            Endpoint(name="instances", url=f"{_API}/instances/status", required=True),
            Endpoint(name="incidents", url=f"{_API}/incidents?limit={ROWS_ASKED}"),
            Endpoint(name="maintenances", url=f"{_API}/maintenances?limit={ROWS_ASKED}"),
        )

    def more(self, page_url: str, documents: Mapping[str, Raw]) -> tuple[Endpoint, ...]:
        """The next page of the incidents."""
        asked = f"{_API}/incidents?limit={ROWS_ASKED}&offset="
        return next_page(documents, "incidents", lambda n: f"{asked}{(n - 1) * ROWS_ASKED}", HISTORY_PAGES)


SALESFORCE = Salesforce()
