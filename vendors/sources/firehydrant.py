"""FireHydrant status pages: one file with everything the page ever told.

Where an incident stands is told in the words of its notes ("**Resolved** — …") or as a milestone. A note's `time` is when
it was stored, `occurredAt` when it is said to have happened: a page moved from elsewhere shows months between the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import re2
from msgspec import Struct

from vendors.records import Impact, PageState, Phase, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.hosted import HostedPage
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import Reading, Time, oldest
from vendors.sources.pagedata import rows_in
from vendors.sources.richtext import markdown
from vendors.sources.shapes import rows_of, typed

IMPACTS: dict[str, Impact] = {"SEV1": "critical", "SEV2": "major", "SEV3": "minor", "SEV4": "minor", "SEV5": "none"}
PHASES: dict[str, Phase] = {
    "started": "investigating",
    "detected": "investigating",
    "acknowledged": "investigating",
    "investigating": "investigating",
    "identified": "identified",
    "mitigated": "monitoring",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "closed": "resolved",
    "postmortem_completed": "postmortem",
}
_LEADING = re2.compile(
    r"^\W{0,4}\*{0,2}(Investigating|Identified|Monitoring|Mitigated|Resolved|Update)\*{0,2}\s*(?:—|-|–|:)\s*"
)


class _Times(Struct):
    started: Time | None = None
    detected: Time | None = None
    resolved: Time | None = None


class _Part(Struct):
    name: str
    id: str | None = None


class _Incident(Struct):
    id: str
    timestamps: _Times
    title: str = ""
    timeline: list[Any] = []
    severitySlug: str | None = None
    components: list[Any] = []


class _Event(Struct):
    time: Time
    details: dict[str, Any] = {}
    occurredAt: Time | None = None


class _Config(Struct):
    title: str | None = None
    companyName: str | None = None
    operationalMessage: str | None = None


class _Payload(Struct):
    config: _Config
    incidents: list[msgspec.Raw]
    components: list[msgspec.Raw] = []


@dataclass(slots=True)
class FireHydrantReading(Reading):
    """The file, and whether any of its incidents goes on."""

    told: bool = False
    opened: bool = False
    working: bool = False
    oldest: datetime | None = None

    def take(self, body: bytes, what: str) -> None:
        """Read the file."""
        payload = typed(body, _Payload, what)
        if payload.config.operationalMessage is None and payload.config.companyName is None:
            raise SourceChanged(f"{what} is JSON, but no file of a FireHydrant status page")
        self.told = True
        self.name = payload.config.companyName or payload.config.title or ""
        faults = self.ledger.quarantined
        for part in rows_of(list(payload.components), _Part, f"{what} components", faults):
            self.part(part.name, identity=part.id)
        known = len(faults)
        rows = rows_of(list(payload.incidents), _Incident, f"{what} incidents", faults)
        self.unread += len(faults) - known
        for row in rows:
            self._add(row)
        self.oldest = oldest([row.timestamps.started or row.timestamps.detected for row in rows], self.ledger.as_of)

    def _add(self, row: _Incident) -> None:
        events = rows_in(row.timeline, _Event, f"incident {row.id} timeline", self.ledger.quarantined)
        posts = [post for event in events if (post := _post(event)) is not None]
        times, is_open = row.timestamps, row.timestamps.resolved is None
        parts = [
            part.name
            for part in rows_in(row.components, _Part, f"incident {row.id} components", self.ledger.quarantined)
        ]
        if row.severitySlug == "MAINTENANCE":
            self.working |= is_open and (times.started or self.ledger.as_of) <= self.ledger.as_of
            announced = min((post.posted_at for post in posts if post.posted_at is not None), default=None)
            window = DraftMaintenance(
                id=row.id, title=row.title, announced_at=announced, scheduled_for=times.started,
                completed_at=times.resolved, components=parts,
            )  # fmt: skip
            self.ledger.add_maintenance(window)
            return
        self.opened |= is_open
        self.ledger.add(
            Draft(
                id=row.id, title=row.title, impact=IMPACTS.get(row.severitySlug or ""), raw_impact=row.severitySlug,
                started_at=times.started or times.detected, resolved_at=times.resolved, open=True if is_open else None,
                posts=posts, components=parts,
            )
        )  # fmt: skip

    def banner(self) -> PageState:
        """The file holds everything, so nothing open is what the page shows as its message of being operational."""
        if not self.told:
            return "unknown"
        return "issue" if self.opened else "maintenance" if self.working else "ok"

    def window(self) -> Window:
        """Back to the oldest incident: the file is the whole history."""
        if self.oldest is None:
            return Window(start=None, end=None, complete=False, reason="the file holds no incident")
        return Window(
            start=self.oldest, end=self.ledger.as_of, complete=True, reason="the page's file holds its whole history"
        )


def _post(event: _Event) -> Post | None:
    """The words of an event; None for one without (a milestone alone, a severity)."""
    note = event.details.get("note")
    text = note.get("note") if isinstance(note, dict) else note
    milestone = event.details.get("milestoneUpdate")
    state: Phase = "update"
    if not isinstance(text, str) or not text.strip():
        return None
    leading = _LEADING.match(text)
    if leading is not None:
        word = leading.group(1).lower()
        state, text = PHASES.get(word, "update"), text[leading.end() :]
    elif isinstance(milestone, dict):
        state = PHASES.get(str(milestone.get("currentMilestone")).lower(), "update")
    elif text.lower().startswith(("resolved", "this incident has been resolved")):
        state = "resolved"
    return Post(posted_at=event.time, shown_at=event.occurredAt, text=markdown(text), state=state)


class FireHydrant(HostedPage):
    """Reads a FireHydrant status page from its one file."""

    id = "firehydrant"
    name = "FireHydrant"
    reading = FireHydrantReading
    about = About(
        kind="product",
        tested="captures",
        reads="/data/payload.json",
        depth="the whole history",
        start="`timestamps.started`",
        impact="SEV1 to SEV5; severities an organisation made up are not known",
        traps="the phase stands in the note's words; `acknowledged` can lie weeks after the end; moved pages import",
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 for the file by its keys."""
        head = raw.body[:3_000_000]
        if raw.status >= 400 or raw.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
            return 0.0
        marks = (b'"operationalMessage"', b'"conditions"', b'"incidents"', b'"uiVersion"')
        return 0.95 if sum(mark in head for mark in marks) >= 3 else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The file."""
        return (Endpoint(name="payload", url=f"{page_url.rstrip('/')}/data/payload.json", required=True),)


FIREHYDRANT = FireHydrant()
