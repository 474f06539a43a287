"""Zendesk's own page, by its JSON:API: `data` with `attributes`, the updates and services in `included`.

The interface lists what is active now; nothing in it says that all is well. Names of fields are read whether they are
written startedAt, started_at or started-at. Source: developer.zendesk.com on the Status API.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec import Struct

from vendors.records import IMPACT_ORDER, Impact
from vendors.sources.base import About, Endpoint, Raw, SourceChanged, on_host
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import OwnPage, Reading, either, instant, plainly, readable, text_under
from vendors.sources.plaintext import plain

_ENDED = frozenset({"resolved", "closed", "completed"})
_Key = tuple[str, str]


class _Link(Struct):
    type: str
    id: str


class _Links(Struct):
    data: list[_Link] | _Link | None = None


class _Object(Struct):
    type: str
    id: str
    attributes: dict[str, Any] | None = None
    relationships: dict[str, _Links] | None = None


class _Answer(Struct):
    data: list[_Object] | _Object
    included: list[_Object] | None = None


class _Pieces(Struct):
    data: list[msgspec.Raw]
    included: list[msgspec.Raw] | None = None


@dataclass(slots=True)
class ZendeskReading(Reading):
    """What the documents tell: incidents, and the objects they refer to."""

    incidents: dict[str, _Object] = field(default_factory=dict)
    objects: dict[_Key, _Object] = field(default_factory=dict)

    def take(self, body: bytes, what: str) -> None:
        """Read incidents or components."""
        answer = either(body, _Answer, _Pieces, what)
        rows: list[Any] = answer.data if isinstance(answer.data, list) else [answer.data]
        faults = self.ledger.quarantined
        for row in readable(list(answer.included or ()), _Object, f"{what} included", faults):
            self.objects[_word(row), row.id] = row
        for row in readable(rows, _Object, f"{what} data", faults):
            kind = _kind(row)
            if kind in ("incident", "maintenance"):
                self.incidents.setdefault(row.id, row)
            elif kind in ("component", "service"):
                self.part(_name(row))
            else:
                raise SourceChanged(f"{what} lists {row.type[:40]!r}, which Zendesk's page does not")

    def finish(self) -> None:
        """Every incident once, with the posts and services it refers to."""
        for identity, row in self.incidents.items():
            self._add(identity, row, plainly(row.attributes or {}))

    def _add(self, identity: str, row: _Object, told: dict[str, Any]) -> None:
        related = list(self._related(row))
        parts = [name for other in related if _kind(other) in ("service", "component") and (name := _name(other))]
        for name in parts:
            self.part(name)
        start, end = instant(told.get("startedat")), instant(told.get("resolvedat"))
        title = text_under(told, "title", "name")
        if _kind(row) == "maintenance" or told.get("maintenance") is True:
            self.ledger.add_maintenance(
                DraftMaintenance(
                    id=identity,
                    title=title,
                    announced_at=instant(told.get("createdat")),
                    scheduled_for=instant(told.get("maintenancestarttime")) or start,
                    scheduled_until=instant(told.get("maintenanceendtime")),
                    completed_at=end,
                    components=parts,
                )
            )
            return
        status = text_under(told, "status")
        is_over = end is not None or status.lower() in _ENDED
        impact, raw = _impact(told)
        self.ledger.add(
            Draft(
                id=identity,
                title=title,
                impact=impact,
                raw_impact=raw,
                status=status or ("resolved" if is_over else "active"),
                started_at=start,
                created_at=instant(told.get("createdat")),
                resolved_at=end,
                open=not is_over,
                posts=[_post(other) for other in related if _kind(other) == "update"],
                components=parts,
            )
        )

    def _related(self, row: _Object) -> Iterator[_Object]:
        """What it refers to, and what that refers to (a link between an incident and a service is an object of its own)."""
        for first in self._linked(row):
            yield first
            if _kind(first) != "update":
                yield from self._linked(first)

    def _linked(self, row: _Object) -> Iterator[_Object]:
        for links in (row.relationships or {}).values():
            refs = links.data if isinstance(links.data, list) else [links.data] if links.data is not None else []
            for ref in refs:
                found = self.objects.get((_word(ref), ref.id))
                if found is not None:
                    yield found


def _word(row: _Object | _Link) -> str:
    """The type in lower case, in the singular and without separators."""
    return "".join(c for c in row.type[:100].lower() if c.isalpha()).removesuffix("s")


def _kind(row: _Object | _Link) -> str:
    """What its type comes to: "incidentUpdates" and "incident_update" are "update"."""
    word = _word(row)
    return next((kind for kind in ("update", "service", "component") if word.endswith(kind)), word)


def _name(row: _Object) -> str:
    return text_under(plainly(row.attributes or {}), "name", "servicename", "title")


def _post(row: _Object) -> Post:
    told = plainly(row.attributes or {})
    return Post(
        posted_at=instant(told.get("createdat")),
        text=plain(text_under(told, "description", "body", "message")),
        state="update",
    )


def _impact(told: dict[str, Any]) -> tuple[Impact | None, str | None]:
    """By its own word if that is a known one, else by its flags."""
    word = text_under(told, "impact", "severity").lower()
    known = next((level for level in IMPACT_ORDER if level == word), None)
    if known is not None or word:
        return known, word
    if told.get("outage") is True:
        return "major", "outage"
    return ("minor", "degradation") if told.get("degradation") is True else (None, None)


class Zendesk(OwnPage):
    """Reads status.zendesk.com through its interface."""

    id = "zendesk"
    name = "Zendesk Status"
    home = "https://status.zendesk.com"
    vendor = "Zendesk"
    reading = ZendeskReading
    about = About(
        kind="own",
        tested="written",
        reads="/api/incidents/active, /api/components",
        depth="what is active now, no history",
        start="`startedAt`",
        impact="a word, or flags: outage (major), degradation (minor)",
        hosts=("status.zendesk.com",),
        traps="an empty list of active incidents does not say that all is well",
    )

    def recognise(self, raw: Raw) -> float:
        """0.9 for its incidents in JSON:API with their updates, 0.6 for other lists from its host, an empty one included, 0 else."""
        body = raw.body
        head = body[:100_000]
        if raw.status >= 400 or head[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{" or b'"data"' not in head:
            return 0.0
        if b'"status_page"' in head:
            return 0.0
        if b'"relationships"' in head and (b'"incidentUpdate' in head or b'"incident_update' in head):
            return 0.9
        return 0.6 if on_host(raw.final_url or raw.url, self.about.hosts) else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """What is active, and the parts."""
        base = page_url.rstrip("/")
        return (
            Endpoint(name="active", url=f"{base}/api/incidents/active", required=True),
            Endpoint(name="components", url=f"{base}/api/components"),
        )


ZENDESK = Zendesk()
