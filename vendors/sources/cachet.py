"""Cachet, version 1 to 3: components with a number for their state, incidents with another.

Versions 1 and 2 print times without a zone, in the application's own, which the interface does not tell: such an incident
cannot be dated and is kept out, unless the answer carries the time with its offset as well (version 3, `iso` fields). In
versions before 2.4 a new message overwrites the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec import Struct

from vendors.records import Impact, PageState, Phase, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.hosted import HostedPage
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import Reading, instant, oldest
from vendors.sources.pagedata import rows_in
from vendors.sources.richtext import markdown
from vendors.sources.shapes import typed

COMPONENT_STATES: dict[int, PageState] = {1: "ok", 2: "issue", 3: "issue", 4: "issue", 5: "maintenance"}
IMPACTS: dict[int, Impact] = {1: "none", 2: "minor", 3: "major", 4: "critical"}
PHASES: dict[int, Phase] = {1: "investigating", 2: "identified", 3: "monitoring", 4: "resolved"}
SCHEDULED, FIXED = 0, 4
_ORDER: tuple[PageState, ...] = ("ok", "unknown", "maintenance", "issue")


class _Row(Struct):
    """A component, an incident or a schedule, of version 1 and 2; of version 3 what stands under `attributes`."""

    id: int | str | None = None
    name: str | None = None
    message: str | None = None
    status: Any = None
    component_id: int | None = None
    visible: Any = None
    created_at: Any = None
    updated_at: Any = None
    occurred_at: Any = None
    scheduled_at: Any = None
    completed_at: Any = None
    created: Any = None
    occurred: Any = None
    updated: Any = None
    permalink: str | None = None
    updates: list[Any] | None = None


class _Envelope(Struct):
    data: list[Any] | str


@dataclass(slots=True)
class CachetReading(Reading):
    """Components by their number, incidents by theirs."""

    lists_open: bool = False
    worst: PageState | None = None
    incidents: int = 0
    undated: int = 0
    oldest: datetime | None = None

    def take(self, body: bytes, what: str) -> None:
        """Read the components, the incidents, or the answer to a ping."""
        data = typed(body, _Envelope, what).data
        if isinstance(data, str):
            if data != "Pong!":
                raise SourceChanged(f"{what} is no answer of Cachet")
            return
        rows = rows_in([_flat(row) for row in data], _Row, what, self.ledger.quarantined)
        if data and not rows:
            raise SourceChanged(f"{what} is a list of another shape than Cachet's")
        if rows and all(row.message is None and row.occurred_at is None and row.occurred is None for row in rows):
            self._take_components(rows)
        else:
            self.lists_open = True
            for row in rows:
                self._add(row)

    def _take_components(self, rows: list[_Row]) -> None:
        for row in rows:
            self.part(row.name, identity=None if row.id is None else str(row.id))
            state = COMPONENT_STATES.get(_number(row.status) or 0, "unknown")
            if self.worst is None or _ORDER.index(state) > _ORDER.index(self.worst):
                self.worst = state

    def _add(self, row: _Row) -> None:
        self.incidents += 1
        identity = str(row.id)
        begun, posted, changed = (
            _time(v)
            for v in (row.occurred or row.occurred_at, row.created or row.created_at, row.updated or row.updated_at)
        )
        status = _number(row.status)
        if posted is None and begun is None:
            self.undated += 1
            self.unread += status not in (FIXED, None)
            self.ledger.keep_out(f"incident {identity}", "its times carry no zone, and the page does not tell its own")
            return
        parts = self.named([None if row.component_id is None else str(row.component_id)])
        if status == SCHEDULED or row.scheduled_at is not None:
            window = DraftMaintenance(
                id=identity, title=row.name or "", announced_at=posted, scheduled_for=_time(row.scheduled_at),
                completed_at=_time(row.completed_at), components=parts, url=row.permalink,
            )  # fmt: skip
            self.ledger.add_maintenance(window)
            return
        first = "investigating" if row.updates else PHASES.get(status or 0, "unknown")
        posts = [Post(posted_at=posted, text=markdown(row.message), state=first)]
        faults = self.ledger.quarantined
        for update in rows_in([_flat(u) for u in row.updates or []], _Row, f"incident {identity} updates", faults):
            state = PHASES.get(_number(update.status) or 0, "unknown")
            at = _time(update.created or update.created_at)
            posts.append(Post(posted_at=at, text=markdown(update.message), state=state))
        over = status == FIXED
        self.ledger.add(
            Draft(
                id=identity, title=row.name or "", raw_impact=None if status is None else str(status), started_at=begun,
                created_at=posted, resolved_at=changed if over and not row.updates else None,
                open=None if over and row.updates else not over, posts=[p for p in posts if p.posted_at is not None],
                components=parts, url=row.permalink,
            )
        )  # fmt: skip
        self.oldest = oldest([self.oldest, begun, posted], self.ledger.as_of)

    def banner(self) -> PageState:
        """The worst of the components; unknown without them."""
        return self.worst or "unknown"

    def window(self) -> Window:
        """Back to the oldest incident that can be dated."""
        if self.oldest is None:
            reason = "no incident was listed"
            if self.undated:
                reason = f"{self.undated} incidents cannot be dated: their times carry no zone"
            return Window(start=None, end=None, complete=False, reason=reason)
        reason = f"one page of {self.incidents} incidents"
        return Window(start=self.oldest, end=self.ledger.as_of, complete=not self.undated, reason=reason)


def _flat(row: Any) -> Any:
    """A row of version 3 with its attributes on top, others as they are."""
    if isinstance(row, dict) and isinstance(row.get("attributes"), dict):
        return {"id": row.get("id"), **row["attributes"]}
    return row


def _number(status: Any) -> int | None:
    value = status.get("value") if isinstance(status, dict) else status
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 3:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _time(value: Any) -> datetime | None:
    """The time, if it carries its offset: version 3 gives `{"iso": …}`; a bare local time is nobody's."""
    return instant(value.get("iso") or value.get("timestamp")) if isinstance(value, dict) else instant(value)


class Cachet(HostedPage):
    """Reads a Cachet page through its interface."""

    id = "cachet"
    name = "Cachet"
    reading = CachetReading
    about = About(
        kind="host",
        tested="written",
        reads="/api/v1/components and incidents; version 3 /api/components and incidents",
        depth="a hundred incidents",
        start="`occurred_at` from 2.4 on",
        impact="no: a component's state is not the incident's",
        traps="times without a zone are not dated; before 2.4 a message overwrites the one before; often switched off",
    )

    def recognise(self, raw: Raw) -> float:
        """0.9 for an envelope with its keys, 0.7 for the answer to a ping."""
        head = raw.body[:20_000]
        if raw.status >= 400 or b'"data"' not in head:
            return 0.0
        if b'"Pong!"' in head[:200]:
            return 0.7
        old = b'"human_status"' in head or (b'"per_page"' in head and b'"status_name"' in head)
        new = b'"attributes"' in head and b'"type":"components"' in head.replace(b" ", b"") and b'"human"' in head
        newer = b'"attributes"' in head and b'"type":"incidents"' in head.replace(b" ", b"") and b'"human"' in head
        return 0.9 if old or new or newer else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The components and incidents of version 1 and 2, then those of version 3."""
        base = page_url.rstrip("/")
        return (
            Endpoint(name="components", url=f"{base}/api/v1/components?per_page=100", required=True),
            Endpoint(name="incidents", url=f"{base}/api/v1/incidents?per_page=100&sort=id&order=desc"),
            Endpoint(name="components-3", url=f"{base}/api/components"),
            Endpoint(name="incidents-3", url=f"{base}/api/incidents?include=updates"),
        )


CACHET = Cachet()
