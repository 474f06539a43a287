"""Okta's own page: a web page that carries its incidents as Salesforce objects in the element `data-id="incidents"`.

Fields that end in `__c` are the page's own; `Id`, `Name` and `CreatedDate` are those every Salesforce object has.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct

from vendors.records import Impact
from vendors.sources.base import About, Endpoint, Raw, SourceChanged, on_host
from vendors.sources.ledger import Draft
from vendors.sources.own import OwnPage, Reading, instant, readable
from vendors.sources.shapes import UNREADABLE, kind_of
from vendors.sources.webpage import page_root

# The page's four categories, by what they say of the service.
_IMPACTS: dict[str, Impact] = {
    "major service disruption": "critical",
    "service disruption": "major",
    "service degradation": "minor",
    "feature disruption": "minor",
}
_ENDED = frozenset({"resolved", "closed", "completed"})
_MARKS = (b'data-id="incidents"', b"data-id='incidents'")


class _Incident(Struct, rename={"id": "Id", "name": "Name", "created": "CreatedDate", "status": "Status__c",
                                "category": "Category__c", "feature": "Service_Feature__c", "title": "Incident_Title__c",
                                "start": "Start_Time__c", "end": "End_Time__c"}):  # fmt: skip
    status: str
    category: str | None = None
    feature: str | None = None
    id: str | None = None
    name: str | None = None
    created: str | None = None
    title: str | None = None
    start: str | None = None
    end: str | None = None


@dataclass(slots=True)
class OktaReading(Reading):
    """The incidents of the page. Whether all is well it does not say in data: without an open incident, unknown."""

    def take(self, body: bytes, what: str) -> None:
        """Read the page, or its data alone. Raises SourceChanged where the data is not there."""
        rows = _rows(body, what)
        for incident in readable(rows, _Incident, f"{what} incidents", self.ledger.quarantined):
            self._add(incident)

    def _add(self, incident: _Incident) -> None:
        title = incident.title or incident.name or incident.category or "incident"
        start, created, end = instant(incident.start), instant(incident.created), instant(incident.end)
        key = f"{title}|{incident.start}|{incident.created}|{incident.feature}"
        self.part(incident.feature)
        self.ledger.add(
            Draft(
                id=incident.id or hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16],
                title=title,
                impact=_IMPACTS.get((incident.category or "").strip().lower()),
                raw_impact=incident.category,
                status=incident.status,
                started_at=start,
                created_at=created,
                resolved_at=end,
                open=incident.status.strip().lower() not in _ENDED and end is None,
                components=[incident.feature] if incident.feature else (),
            )
        )


def _rows(body: bytes, what: str) -> list[Any]:
    text = _carried(body, what) if kind_of(body) == "home" else body
    try:
        value = msgspec.json.decode(text)
    except UNREADABLE as fault:
        raise SourceChanged(f"{what} carries no readable incidents: {str(fault)[:200]}") from fault
    rows = [value] if isinstance(value, dict) else value
    if not isinstance(rows, list) or any(not isinstance(row, dict) or "Status__c" not in row for row in rows):
        raise SourceChanged(f"{what} carries something else than Okta's incidents where they should be")
    return rows


def _carried(body: bytes, what: str) -> bytes:
    """The JSON that the marked element carries, in an attribute or as its text; an empty list where it is empty."""
    for node in page_root(body, what).iter():
        if isinstance(node.tag, str) and node.get("data-id") == "incidents":
            texts = [node.get("value"), node.get("data-value"), node.get("content"), "".join(node.itertext())]
            found = next((text.strip() for text in texts if text and text.strip()), "[]")
            return found.encode("utf-8", "replace")
    raise SourceChanged(f"{what} is a web page without the incidents that Okta's page carries")


class Okta(OwnPage):
    """Reads status.okta.com from its home page."""

    id = "okta"
    name = "Okta Status"
    home = "https://status.okta.com"
    vendor = "Okta"
    reading = OktaReading
    about = About(
        kind="own",
        tested="written",
        reads="the data inside the home page",
        depth="what the home page carries",
        start="`Start_Time__c`, where given",
        impact="categories: major service disruption (critical), service disruption (major), degradation (minor)",
        hosts=("status.okta.com", "trust.okta.com"),
        traps="no word for the whole: without an open incident the state is unknown",
    )

    def recognise(self, raw: Raw) -> float:
        """0.9 for the marked element or JSON with the page's own fields, 0.6 for the element alone on the page's host."""
        if raw.status >= 400:
            return 0.0
        is_marked = any(mark in raw.body for mark in _MARKS)
        fields = (b"Status__c", b"Category__c", b"Service_Feature__c")
        if (is_marked or raw.body[:1] in (b"{", b"[")) and all(name in raw.body for name in fields):
            return 0.9
        return 0.6 if is_marked and on_host(raw.final_url or raw.url, self.about.hosts) else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The home page."""
        return (Endpoint(name="home", url=f"{page_url.rstrip('/')}/", required=True),)


OKTA = Okta()
