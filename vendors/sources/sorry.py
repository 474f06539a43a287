"""Sorry(TM): components with a word for their state, and notices with updates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import re2
from msgspec import Struct

from vendors.records import PageState, Phase, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged, on_host
from vendors.sources.hosted import HostedPage
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import Reading, instant, oldest
from vendors.sources.pagedata import rows_in
from vendors.sources.richtext import markdown
from vendors.sources.shapes import typed

STATES: dict[str, PageState] = {"operational": "ok", "degraded": "issue", "partially-degraded": "issue"}
PHASES: dict[str, Phase] = {
    "investigating": "investigating", "identified": "identified", "recovering": "monitoring", "resolved": "resolved",
    "complete": "resolved", "completed": "resolved",
}  # fmt: skip
API = "https://api.sorryapp.com/v1/pages"
_PAGE = re2.compile(r"/v1/pages/([A-Za-z0-9-]{1,60})")


class _Row(Struct):
    id: int | str | None = None
    name: str | None = None
    subject: str | None = None
    state: str | None = None
    type: str | None = None
    began_at: str | None = None
    ended_at: str | None = None
    begins_at: str | None = None
    ends_at: str | None = None
    created_at: str | None = None
    content: str | None = None
    url: str | None = None
    updates: list[Any] | None = None
    components: list[Any] | None = None


class _Answer(Struct):
    response: list[Any]


@dataclass(slots=True)
class SorryReading(Reading):
    """The components' words and the notices."""

    states: set[PageState] = field(default_factory=set)
    oldest: datetime | None = None
    notices: int = 0

    def take(self, body: bytes, what: str) -> None:
        """Read the components or the notices."""
        rows = rows_in(typed(body, _Answer, what).response, _Row, what, self.ledger.quarantined)
        for row in rows:
            if row.began_at is not None or row.begins_at is not None or row.updates is not None:
                self._add(row)
            elif row.name is not None and row.state is not None:
                self.part(row.name)
                self.states.add(STATES.get(row.state, "unknown"))
            else:
                raise SourceChanged(f"{what} is a list of another shape than Sorry's components or notices")

    def _add(self, row: _Row) -> None:
        self.notices += 1
        begun, created = instant(row.began_at or row.begins_at), instant(row.created_at)
        title = row.subject or row.name or ""
        if row.type == "planned":
            window = DraftMaintenance(
                id=f"notice-{row.id}", title=title, announced_at=created, scheduled_for=begun,
                scheduled_until=instant(row.ended_at or row.ends_at), url=row.url,
            )  # fmt: skip
            self.ledger.add_maintenance(window)
            return
        posts = []
        for update in rows_in(row.updates or [], _Row, f"notice {row.id} updates", self.ledger.quarantined):
            state = PHASES.get(update.state or "", "unknown")
            posts.append(Post(posted_at=instant(update.created_at), text=markdown(update.content), state=state))
        self.ledger.add(
            Draft(id=f"notice-{row.id}", title=title, started_at=begun, created_at=created, resolved_at=instant(row.ended_at),
                  open=row.ended_at is None and row.state not in ("resolved", "complete", "completed"), posts=posts, url=row.url)
        )  # fmt: skip
        self.oldest = oldest([self.oldest, begun, created], self.ledger.as_of)

    def banner(self) -> PageState:
        """The worst of the components."""
        if "issue" in self.states:
            return "issue"
        return "ok" if self.states == {"ok"} else "unknown"

    def window(self) -> Window:
        """Back to the oldest notice read."""
        if self.oldest is None:
            return Window(
                start=None, end=None, complete=False, reason="only the present was read: no notice was listed"
            )
        return Window(
            start=self.oldest, end=self.ledger.as_of, complete=False, reason=f"{self.notices} notices were listed"
        )


class Sorry(HostedPage):
    """Reads a page of Sorry through its interface."""

    id = "sorry"
    name = "Sorry"
    reading = SorryReading
    about = About(
        kind="product",
        tested="written",
        reads="api.sorryapp.com/v1/pages/<id>/components and notices",
        depth="the notices listed",
        start="`began_at`",
        impact="no",
        hosts=("sorryapp.com",),
        traps="the notices' shape is not confirmed by a real answer",
        probed=False,
    )

    def recognise(self, raw: Raw) -> float:
        """0.8 for an answer from its own host with its envelope; 0 elsewhere."""
        own = on_host(raw.final_url or raw.url, self.about.hosts)
        return 0.8 if raw.status < 400 and own and b'"response"' in raw.body[:2_000] else 0.0

    def base_of(self, url: str) -> str | None:
        """The interface's address of the page, for an address that carries its id."""
        found = _PAGE.search(url) if on_host(url, ("api.sorryapp.com",)) else None
        return None if found is None else f"{API}/{found.group(1)}"

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The components and the notices."""
        base = page_url.rstrip("/")
        return (
            Endpoint(name="components", url=f"{base}/components", required=True),
            Endpoint(name="notices", url=f"{base}/notices"),
        )


SORRY = Sorry()
