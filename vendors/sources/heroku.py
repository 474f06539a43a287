"""Heroku's own page: versions 3 and 4 of its status interface. Newer tools read Salesforce Trust instead.

A version 4 answer is `{status: [{system, status}], incidents, scheduled}`, of version 3 `{status: {Production, Development},
issues}`; lists of incidents are bare arrays. Colours are green, yellow, red, and blue for maintenance.
Source: devcenter.heroku.com/articles/heroku-status.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from vendors.records import IMPACT_ORDER, Impact, PageState, Phase, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import Number, OwnPage, Reading, Time, either, next_page, oldest, readable
from vendors.sources.plaintext import plain

HISTORY_PAGES = 20  # docs/limits.md: of the list of incidents, the newest
_IMPACTS: dict[str | None, Impact] = {"green": "none", "yellow": "minor", "red": "major"}
_STATES: dict[str | None, PageState] = {"green": "ok", "yellow": "issue", "red": "issue", "blue": "maintenance"}
_PHASES: dict[str | None, Phase] = {
    "investigating": "investigating",
    "issue": "identified",
    "identified": "identified",
    "update": "update",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "postmortem": "postmortem",
    "followup": "postmortem",
}


class _Update(Struct):
    created_at: Time | None = None
    contents: str | None = None
    update_type: str | None = None
    status_prod: str | None = None
    status_dev: str | None = None
    status_apps: str | None = None
    status_data: str | None = None
    status_tools: str | None = None


class _Issue(Struct):
    """One incident ("issue" in version 3) or scheduled window; the colours on it are those of its last update."""

    id: Number | str
    title: str
    created_at: Time | None = None
    updated_at: Time | None = None
    resolved: bool | None = None
    resolved_at: Time | None = None
    state: str | None = None
    scheduled_for: Time | None = None
    scheduled_until: Time | None = None
    full_url: str | None = None
    updates: list[_Update] | None = None
    status_prod: str | None = None
    status_dev: str | None = None
    status_apps: str | None = None
    status_data: str | None = None
    status_tools: str | None = None


_PARTS = {
    "status_apps": "Apps", "status_data": "Data", "status_tools": "Tools", "status_prod": "Production",
    "status_dev": "Development",
}  # fmt: skip


class _System(Struct):
    system: str
    status: str | None = None


class _Current(Struct):
    status: list[_System] | dict[str, str | None]
    incidents: list[_Issue] | None = None
    issues: list[_Issue] | None = None
    scheduled: list[_Issue] | None = None


class _CurrentPieces(Struct):
    status: list[_System] | dict[str, str | None]
    incidents: list[msgspec.Raw] | None = None
    issues: list[msgspec.Raw] | None = None
    scheduled: list[msgspec.Raw] | None = None


@dataclass(slots=True)
class HerokuReading(Reading):
    """What the documents tell: the systems' colours, and every incident once, the newest telling of it."""

    colours: list[str | None] = field(default_factory=list)
    issues: dict[str, _Issue] = field(default_factory=dict)
    current: set[str] = field(default_factory=set)
    windows: dict[str, _Issue] = field(default_factory=dict)
    oldest: datetime | None = None

    def take(self, body: bytes, what: str) -> None:
        """Read the current status, a list of incidents, or one incident."""
        first = body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        if first == b"[":
            rows = either(body, list[_Issue], list[msgspec.Raw], what)
            issues = readable(rows, _Issue, what, self.ledger.quarantined)
            if issues and all(issue.updates is None and issue.created_at is None for issue in issues):
                raise SourceChanged(f"{what} is a list, but of no incidents of Heroku")
            for issue in issues:
                self._keep(issue)
            self.oldest = oldest([self.oldest, *(issue.created_at for issue in issues)], self.ledger.as_of)
        elif b'"status"' not in body and b'"updates"' in body:
            self._keep(either(body, _Issue, _Issue, what))
        else:
            self._take_current(body, what)

    def finish(self) -> None:
        """Every incident once; what only ever was blue was maintenance."""
        for identity, issue in self.windows.items():
            self._add_window(identity, issue)
        for identity, issue in self.issues.items():
            if identity in self.windows:
                continue
            colours = {colour for colour in _colours(issue) if colour not in (None, "green")}
            if colours == {"blue"}:
                self._add_window(identity, issue)
            else:
                self._add(identity, issue)

    def banner(self) -> PageState:
        """The worst system; "unknown" where none is told or one tells something else."""
        states = {_STATES.get(colour, "unknown") for colour in self.colours}
        order: tuple[PageState, ...] = ("issue", "unknown", "maintenance", "ok")
        return next((state for state in order if state in states), "unknown")

    def window(self) -> Window:
        """The list of incidents, if it was asked."""
        if self.oldest is None:
            reason = "the current status tells only what is going on now"
            return Window(start=None, end=None, complete=False, reason=reason)
        reason = "the newest pages of the list of incidents"
        return Window(start=self.oldest, end=self.ledger.as_of, complete=True, reason=reason)

    def _take_current(self, body: bytes, what: str) -> None:
        answer = either(body, _Current, _CurrentPieces, what)
        if answer.incidents is None and answer.issues is None:
            raise SourceChanged(f"{what} is JSON, but no status of Heroku: it lists neither incidents nor issues")
        pairs = (
            list(answer.status.items())
            if isinstance(answer.status, dict)
            else [(system.system, system.status) for system in answer.status]
        )
        for name, colour in pairs:
            self.part(name)
            self.colours.append(colour)
        known = len(self.ledger.quarantined)
        for issue in self._rows([*(answer.incidents or ()), *(answer.issues or ())], f"{what} incidents"):
            self.current.add(self._keep(issue))
        self.unread += len(self.ledger.quarantined) - known
        for issue in self._rows(list(answer.scheduled or ()), f"{what} scheduled"):
            self.windows.setdefault(str(issue.id), issue)

    def _rows(self, rows: list[Any], where: str) -> list[_Issue]:
        return readable(rows, _Issue, where, self.ledger.quarantined)

    def _keep(self, issue: _Issue) -> str:
        identity = str(issue.id)
        known = self.issues.get(identity)
        if known is None or _weight(issue) > _weight(known):
            self.issues[identity] = issue
        return identity

    def _add(self, identity: str, issue: _Issue) -> None:
        self.note(issue.updated_at)
        colours = [colour for colour in _colours(issue) if colour in _IMPACTS]
        impacts = [_IMPACTS[colour] for colour in colours]
        is_over = issue.resolved is True or issue.state == "resolved"
        is_open = issue.resolved is False or issue.state == "open"
        self.ledger.add(
            Draft(
                id=identity,
                title=issue.title,
                impact=max(impacts, key=IMPACT_ORDER.index, default=None),
                raw_impact=", ".join(dict.fromkeys(c for c in colours if c and c != "green")) or None,
                status=issue.state or ("resolved" if is_over else ""),
                created_at=issue.created_at,
                resolved_at=issue.resolved_at,
                open=False if is_over else True if is_open or identity in self.current else None,
                posts=[
                    Post(posted_at=u.created_at, text=plain(u.contents), state=_PHASES.get(u.update_type, "unknown"))
                    for u in issue.updates or ()
                ],
                components=_parts(issue),
                url=issue.full_url or f"https://status.heroku.com/incidents/{identity}",
            )
        )

    def _add_window(self, identity: str, issue: _Issue) -> None:
        self.note(issue.updated_at)
        self.ledger.add_maintenance(
            DraftMaintenance(
                id=identity,
                title=issue.title,
                announced_at=issue.created_at,
                scheduled_for=issue.scheduled_for,
                scheduled_until=issue.scheduled_until,
                completed_at=issue.resolved_at,
                components=_parts(issue),
                url=issue.full_url or f"https://status.heroku.com/incidents/{identity}",
            )
        )


def _colours(issue: _Issue) -> Iterable[str | None]:
    for holder in (issue, *(issue.updates or ())):
        yield from (getattr(holder, name) for name in _PARTS if getattr(holder, name) is not None)


def _parts(issue: _Issue) -> list[str]:
    """The systems that ever were not green in it."""
    holders = (issue, *(issue.updates or ()))
    return [title for name, title in _PARTS.items() if any(getattr(h, name) not in (None, "green") for h in holders)]


def _weight(issue: _Issue) -> tuple[float, int]:
    return (issue.updated_at.timestamp() if issue.updated_at else 0.0, len(issue.updates or ()))


class Heroku(OwnPage):
    """Reads status.heroku.com through its interface."""

    id = "heroku"
    name = "Heroku Status"
    home = "https://status.heroku.com"
    vendor = "Heroku"
    reading = HerokuReading
    about = About(
        kind="own",
        tested="captures",
        reads="/api/v4/current-status and incidents, /api/v3/current-status and issues",
        depth="the newest 20 pages of the incidents",
        start="no; the first update",
        impact="colours of the systems: yellow (minor), red (major)",
        hosts=("status.heroku.com",),
        traps="legacy: the vendor moves to Salesforce Trust; `duration` runs on while an incident is open",
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 by a system with a colour beside incidents, or an update with its colours; 0 else."""
        if raw.status >= 400 or raw.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
            return 0.0
        head = raw.body[:100_000]
        if b'"status_dev"' in head and b'"status_prod"' in head and b'"update_type"' in head:
            return 0.95
        if b'"system"' in head and b'"scheduled"' in head and b'"incidents"' in head:
            return 0.95 if any(b'"%s"' % colour in head for colour in (b"green", b"yellow", b"red", b"blue")) else 0.0
        marks = (b'"Production"', b'"Development"', b'"issues"')
        return 0.9 if all(mark in head for mark in marks) else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The present, and the newest incidents."""
        base = page_url.rstrip("/")
        return (
            Endpoint(name="current", url=f"{base}/api/v4/current-status", required=True),
            Endpoint(name="incidents", url=f"{base}/api/v4/incidents"),
        )

    def more(self, page_url: str, documents: Mapping[str, Raw]) -> tuple[Endpoint, ...]:
        """The next older page of the incidents."""
        base = page_url.rstrip("/")
        return next_page(documents, "incidents", lambda n: f"{base}/api/v4/incidents?page={n}", HISTORY_PAGES)


HEROKU = Heroku()
