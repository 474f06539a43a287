"""incident.io status pages: a Next.js page that carries its record, an interface that looks like Statuspage's, a widget.

The page names no impact for an incident, only how each part fared from when to when; the worst of them is the impact. An
update's `published_at` may lie before the incident was published at all: then it is the time the vendor shows for it.
Incidents that are over come as a link with a name and the time of their publication, without updates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import re2

from vendors.records import IMPACT_ORDER, Impact, PageState, Phase, Window
from vendors.sources.base import About, Endpoint, Raw, SourceChanged
from vendors.sources.hosted import HostedPage
from vendors.sources.incidentio.wire import (
    Incident,
    Link,
    Part,
    PartImpact,
    Proxy,
    Status,
    Update,
    Widget,
    WidgetIncident,
)
from vendors.sources.ledger import Draft, DraftMaintenance, Post
from vendors.sources.own import Reading, oldest
from vendors.sources.pagedata import rows_in, without_undefined
from vendors.sources.plaintext import plain
from vendors.sources.richtext import prosemirror
from vendors.sources.shapes import kind_of, typed
from vendors.sources.statuspage.wire import WireIncident, decode
from vendors.sources.webpage import flight, objects_with

# The page's own words for a part, and the impact they amount to (formats §2: "full_outage" is Statuspage's major one).
STATES: dict[str | None, Impact] = {
    "operational": "none",
    "degraded_performance": "minor",
    "partial_outage": "major",
    "full_outage": "critical",
}
PHASES: dict[str | None, Phase] = {
    "investigating": "investigating",
    "identified": "identified",
    "monitoring": "monitoring",
    "resolved": "resolved",
    "maintenance_in_progress": "update",
    "maintenance_complete": "resolved",
}
# A page over several pages draws their states, but its data tells only its own.
_ICON = re2.compile(rb"text-icon-(operational|degraded-performance|partial-outage|full-outage|under-maintenance)\b")
_MARKS = (
    b"incident-io-status-page",
    b"status_page_incident_id",
    b"statuspage.incident.io",
    b"expose_status_summary_api",
)


@dataclass(slots=True)
class IncidentIoReading(Reading):
    """The fullest telling of each incident, how the parts fared, and what the page says of itself.

    `whole`: the page's own summary was read, not only its widget. `silent`: the page does not tell how its parts are, or is
    one over several pages, whose own lists are empty.
    """

    told: bool = False
    whole: bool = False
    incidents: dict[str, Incident] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    impacts: dict[str, dict[str, PartImpact]] = field(default_factory=dict)
    open_now: set[str] = field(default_factory=set)
    alike: dict[str, WireIncident] = field(default_factory=dict)
    affected: bool = False
    working: bool = False
    silent: bool = False
    reach: datetime | None = None

    def take(self, body: bytes, what: str) -> None:
        """Read the page, the widget, or the summary as the page's own script asks for it."""
        if kind_of(body) == "home":
            self._take_page(body, what)
        elif b'"ongoing_incidents"' in body and b'"in_progress_maintenances"' in body:
            self._take_widget(typed(body, Widget, what), what)
        elif b'"incident_updates"' in body or b'"page"' in body[:2000]:
            answer, faults = decode(body, what)  # at Statuspage's address, in Statuspage's shape
            self.ledger.quarantined += faults
            if answer.incidents is None:
                raise SourceChanged(f"{what} is JSON, but lists no incidents of a page of incident.io")
            self.alike |= {row.id: row for row in answer.incidents}
        else:
            self._take_summary(typed(body, Proxy, what).summary, what)

    def _take_page(self, body: bytes, what: str) -> None:
        text = flight(body)
        summaries = [
            value for value in objects_with(text, "summary") if isinstance(value, dict) and "components" in value
        ]
        if not summaries:
            raise SourceChanged(f"{what} is a web page, but no status page of incident.io")
        faults = self.ledger.quarantined
        links = max((v for v in objects_with(text, "incident_links") if isinstance(v, list)), key=len, default=[])
        self.links |= {row.id: row for row in rows_in(without_undefined(links), Link, f"{what} incident_links", faults)}
        impacts = max((v for v in objects_with(text, "component_impacts") if isinstance(v, list)), key=len, default=[])
        for row in rows_in(without_undefined(impacts), PartImpact, f"{what} component_impacts", faults):
            if row.status_page_incident_id:
                self._impact(row.status_page_incident_id, row)
        self._take_summary(summaries[0], what)
        for listed in objects_with(text, "incidents"):  # beside the summary: those over, whole
            rows = listed if isinstance(listed, list) else []
            known = [row for row in without_undefined(rows) if isinstance(row, dict) and "updates" in row]
            for event in rows_in(known, Incident, f"{what} incidents", faults):
                old = self.incidents.get(event.id)
                if old is None or len(event.updates) > len(old.updates):
                    self.incidents[event.id] = event
        icons = {match.decode() for match in _ICON.findall(body)}
        self.affected |= bool(icons & {"degraded-performance", "partial-outage", "full-outage"})
        self.working |= "under-maintenance" in icons

    def _take_summary(self, raw: Mapping[str, Any], what: str) -> None:
        summary = without_undefined(raw)
        going_on = summary.get("ongoing_incidents")
        if not isinstance(summary.get("components"), list) or "ongoing_incidents" not in summary:
            raise SourceChanged(f"{what} holds a summary of another shape than incident.io's")
        self.told = self.whole = True
        self.name = summary.get("name") if isinstance(summary.get("name"), str) else ""
        self.url = summary.get("public_url") if isinstance(summary.get("public_url"), str) else ""
        for part in rows_in(summary["components"], Part, f"{what} components", self.ledger.quarantined):
            self.part(part.name, _groups(summary).get(part.id), identity=part.id)
        hit = summary.get("affected_components")
        self.silent |= (
            not isinstance(hit, list) or not isinstance(going_on, list) or summary.get("page_type") != "standalone"
        )
        known = len(self.ledger.quarantined)
        for status in rows_in(
            hit if isinstance(hit, list) else [], Status, f"{what} affected", self.ledger.quarantined
        ):
            now = status.current_status or status.status
            self.affected |= STATES.get(now, "none") != "none"
            self.working |= now == "under_maintenance"
            self.silent |= now not in STATES and now != "under_maintenance"
        self.unread += len(self.ledger.quarantined) - known
        for listed, is_open in (("ongoing_incidents", True), ("scheduled_maintenances", False)):
            values = summary.get(listed)
            values = values if isinstance(values, list) else []
            known = len(self.ledger.quarantined)
            for row in rows_in(values, Incident, f"{what} {listed}", self.ledger.quarantined):
                self.incidents[row.id] = row
                if is_open:
                    self.open_now.add(row.id)
                impacts = rows_in(row.component_impacts or [], PartImpact, f"{what} {row.id}", self.ledger.quarantined)
                for impact in impacts:
                    self._impact(row.id, impact)
            self.unread += len(self.ledger.quarantined) - known

    def _take_widget(self, widget: Widget, what: str) -> None:
        self.told = True
        self.name, self.url = self.name or widget.page_title or "", self.url or widget.page_url or ""
        known = len(self.ledger.quarantined)
        for row in rows_in(widget.ongoing_incidents, WidgetIncident, f"{what} ongoing", self.ledger.quarantined):
            self.open_now.add(row.id)
            if row.id not in self.incidents:
                self._add_short(row)
        for listed in (widget.in_progress_maintenances, widget.scheduled_maintenances):
            for row in rows_in(listed, WidgetIncident, f"{what} maintenance", self.ledger.quarantined):
                window = DraftMaintenance(
                    id=row.id, title=row.name, scheduled_for=row.started_at, scheduled_until=row.ends_at
                )
                self.ledger.add_maintenance(window)
        self.affected |= bool(widget.in_progress_maintenances)
        self.unread += len(self.ledger.quarantined) - known

    def _add_short(self, row: WidgetIncident) -> None:
        posts = [
            Post(
                posted_at=row.last_update_at,
                text=plain(row.last_update_message),
                state=PHASES.get(row.status, "unknown"),
            )
        ]
        impact = STATES.get(row.current_worst_impact)
        self.ledger.add(
            Draft(id=row.id, title=row.name, impact=impact, raw_impact=row.current_worst_impact, status=row.status or "",
                  open=True, posts=posts if row.last_update_at else [], created_at=row.started_at, url=row.url)
        )  # fmt: skip

    def _impact(self, incident: str, impact: PartImpact) -> None:
        key = f"{impact.component_id} {impact.start_at} {impact.status}"
        self.impacts.setdefault(incident, {})[key] = impact

    def finish(self) -> None:
        """Every incident once: with its updates where the page gives them, else by its link."""
        for identity, row in self.incidents.items():
            self._add(identity, row, self.links.get(identity))
        for identity, link in self.links.items():
            if identity not in self.incidents:
                self._add(identity, _bare(identity, link.name, link.status, link.published_at), link)
        for identity, wire in self.alike.items():
            if identity not in self.incidents and identity not in self.links:
                self._add(identity, _bare(identity, wire.name or "", wire.status, wire.created_at), None)
        told = [link.published_at for link in self.links.values() if not _is_work(link.status)]
        self.reach = oldest([*told, *(wire.created_at for wire in self.alike.values())], self.ledger.as_of)

    def _add(self, identity: str, row: Incident, link: Link | None) -> None:
        self.note(row.published_at)
        impacts = list(self.impacts.get(identity, {}).values())
        url = link.permalink if link is not None else None
        if row.type == "maintenance" or _is_work(row.status):
            begin = oldest([row.starts_at, *(i.start_at for i in impacts)], self.ledger.as_of) or row.starts_at
            ends = [i.end_at for i in impacts if i.end_at is not None]
            done = row.status == "maintenance_complete"
            self.ledger.add_maintenance(
                DraftMaintenance(
                    id=identity, title=row.name, announced_at=row.published_at, scheduled_for=begin,
                    scheduled_until=row.ends_at or max(ends, default=None),
                    completed_at=max(ends, default=None) if done else None,
                    components=self.named(i.component_id for i in impacts), url=url,
                )
            )  # fmt: skip
            return
        hurt = [i for i in impacts if STATES.get(i.status, "none") != "none"]
        worst = max((STATES[i.status] for i in hurt), key=IMPACT_ORDER.index, default="none" if row.updates else None)
        ends = [i.end_at for i in hurt if i.end_at is not None]
        over = row.status == "resolved"
        self.ledger.add(
            Draft(
                id=identity,
                title=row.name,
                impact=worst,
                raw_impact=next((i.status for i in hurt if STATES[i.status] == worst), None),
                status=row.status or "",
                started_at=min((i.start_at for i in hurt if i.start_at is not None), default=None),
                created_at=row.published_at,
                resolved_at=max(ends, default=None) if over and len(ends) == len(hurt) else None,
                open=not over and (identity in self.open_now or row.status in PHASES),
                posts=self._posts(row) or _posts_alike(self.alike.get(identity)),
                components=self.named(i.component_id for i in impacts),
                url=url,
                postmortem_url=row.write_up_url,
            )
        )

    def _posts(self, row: Incident) -> list[Post]:
        posts = []
        for update in rows_in(row.updates, Update, f"incident {row.id} updates", self.ledger.quarantined):
            shown = update.published_at
            public = shown if shown is None or row.published_at is None else max(shown, row.published_at)
            text = prosemirror(update.message) or plain(update.message_string)
            state = PHASES.get(update.to_status, "unknown")
            posts.append(
                Post(posted_at=public, shown_at=shown, text=text, state=state, automated=bool(update.automated_update))
            )
        return posts

    def banner(self) -> PageState:
        """The page prints no word: it is well where nothing is open and no part is hurt."""
        if not self.told:
            return "unknown"
        statuses = {row.status for row in self.incidents.values()} | {link.status for link in self.links.values()}
        if "maintenance_in_progress" in statuses:
            return "maintenance"
        if self.open_now or self.affected:
            return "issue"
        if self.working:
            return "maintenance"
        strange = any(status not in PHASES and not _is_work(status) for status in statuses)
        return "unknown" if self.silent or strange or not self.whole else "ok"

    def window(self) -> Window:
        """Back to the oldest incident linked on the page, which shows about ninety days."""
        if self.reach is None:
            reason = "the page links no incident that is over" if self.told else "only the present was read"
            return Window(start=None, end=None, complete=False, reason=reason)
        reason = f"the page links {len(self.links)} incidents, of about ninety days"
        return Window(start=self.reach, end=self.ledger.as_of, complete=True, reason=reason)


def _bare(identity: str, name: str, status: str | None, published_at: datetime | None) -> Incident:
    return Incident(id=identity, name=name, status=status, published_at=published_at)


def _is_work(status: str | None) -> bool:
    return (status or "").startswith("maintenance")


def _posts_alike(wire: WireIncident | None) -> list[Post]:
    """The posts that the Statuspage look-alike gives of an incident the page itself only links."""
    updates = wire.incident_updates if wire is not None else None
    return [
        Post(
            posted_at=update.created_at,
            shown_at=update.display_at,
            text=plain(update.body),
            state=PHASES.get(update.status, "unknown"),
        )
        for update in updates or []
    ]


def _groups(summary: Mapping[str, Any]) -> dict[str, str]:
    """Component id -> the name of the group it stands in, for those that stand in one."""
    groups: dict[str, str] = {}
    structure = summary.get("structure")
    items = structure.get("items") if isinstance(structure, dict) else None
    for item in items if isinstance(items, list) else []:
        group = item.get("group") if isinstance(item, dict) else None
        if not isinstance(group, dict) or not isinstance(group.get("components"), list):
            continue
        for part in group["components"]:
            if (
                isinstance(part, dict)
                and isinstance(part.get("component_id"), str)
                and isinstance(group.get("name"), str)
            ):
                groups[part["component_id"]] = group["name"]
    return groups


class IncidentIo(HostedPage):
    """Reads a page of incident.io from its HTML, its widget, or the summary its script asks for."""

    id = "incidentio"
    name = "incident.io"
    reading = IncidentIoReading
    about = About(
        kind="product",
        tested="captures",
        reads="the page (React's wire text), /api/widget, /proxy/<host>",
        depth="about ninety days; what is over comes without its updates",
        start="by part: when each was hurt",
        impact="by part only; the worst part is taken",
        automated="`automated_update` of each update",
        hosts=("statuspage.incident.io",),
        traps="it answers Statuspage's addresses too, often without components; `$undefined` stands for nothing; "
        "an update may be shown earlier than the incident was published",
        probed=False,
    )

    def recognise(self, raw: Raw) -> float:
        """0.95 for a page with its marks, 0.9 for the widget or the summary of its script.

        What it answers at Statuspage's addresses is recognised by that source alone: it cannot be told apart for certain.
        """
        body = raw.body
        if raw.status >= 400 or not body:
            return 0.0
        head = body[:2_000_000]
        if kind_of(body[:4000]) == "home":
            marks = sum(mark in head for mark in _MARKS)
            return 0.95 if b"self.__next_f" in head and marks >= 2 else 0.0
        if b'"ongoing_incidents"' not in head:
            return 0.0
        if b'"in_progress_maintenances"' in head and b'"scheduled_maintenances"' in head:
            return 0.9
        return 0.9 if b'"summary"' in head[:2000] and b'"affected_components"' in head else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The page itself, then the widget where it is switched on."""
        base = page_url.rstrip("/")
        return (
            Endpoint(name="home", url=f"{base}/", required=True),
            Endpoint(name="widget", url=f"{base}/api/widget"),
            Endpoint(name="incidents", url=f"{base}/api/v2/incidents.json"),
        )

    def base_of(self, url: str) -> str | None:
        """`statuspage.incident.io/<organisation>` for anything below it."""
        origin = super().base_of(url)
        if origin is None:
            return None
        first = url.split("://", 1)[1].partition("/")[2].split("/", 1)[0].split("?", 1)[0]
        return f"{origin}/{first}" if first else None


INCIDENTIO = IncidentIo()
