"""Answers of vendors' own pages as their formats are documented, with words of our own, and one way to read them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tests.captures import capture_of
from vendors.sources.base import Parsed, Raw
from vendors.sources.own import OwnPage
from vendors.sources.shapes import kind_of

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def at(text: str) -> datetime:
    """2026-05-01 10:00 in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def raw(body: bytes, url: str = "saved.json", status: int = 200) -> Raw:
    return Raw(url=url, body=body, fetched_at=NOW, status=status)


def as_bytes(document: object) -> bytes:
    return document if isinstance(document, bytes) else json.dumps(document).encode()


def read(source: OwnPage, document: object, *, page_url: str = "", as_of: datetime = NOW) -> Parsed:
    """One saved document, read alone."""
    body = as_bytes(document)
    return source.parse(page_url, {kind_of(body): raw(body)}, as_of=as_of)


def read_named(source: OwnPage, *, as_of: datetime = NOW, **documents: object) -> Parsed:
    """Several documents under the names of their endpoints, as a live read gives them."""
    named = {name: raw(as_bytes(body), f"{source.home}/{name}") for name, body in documents.items()}
    return source.parse(source.home, named, as_of=as_of)


def read_capture(source: OwnPage, file: str) -> Parsed:
    return read(source, capture_of(file).read(), as_of=datetime(2026, 9, 1, tzinfo=UTC))


def slack_event(identity: int = 1, **changes: object) -> dict:
    return {
        "id": identity,
        "date_created": "2026-05-01T10:00:00-07:00",
        "date_updated": "2026-05-01T11:00:00-07:00",
        "title": "Search is slow",
        "type": "incident",
        "status": "active",
        "url": f"https://slack-status.com/2026-05/{identity:016x}",
        "services": ["Search"],
        "notes": [
            {"date_created": "2026-05-01T11:00:00-07:00", "body": "<p>We look <b>further</b>.</p>"},
            {"date_created": "2026-05-01T10:00:00-07:00", "body": "We look.\r\n\r\nMore soon."},
        ],
    } | changes


def slack_current(*events: dict, status: str = "active") -> dict:
    return {
        "status": status,
        "date_created": "2026-05-01T11:00:00-07:00",
        "date_updated": "2026-05-01T11:00:00-07:00",
        "active_incidents": list(events),
    }


def trust_incident(identity: int = 7, *, ended: str | None = None, **changes: object) -> dict:
    impact = {
        "startTime": "2026-05-01T09:00:00.000Z",
        "endTime": ended,
        "type": "performanceDegradation",
        "severity": "minor",
    }
    return {
        "id": identity,
        "message": {"pathToResolution": None, "actionPlan": None, "rootCause": None},
        "createdAt": "2026-05-01T10:00:00.000Z",
        "updatedAt": "2026-05-01T11:00:00.000Z",
        "IncidentImpacts": [impact],
        "IncidentEvents": [],
        "instanceKeys": ["NA1"],
        "serviceKeys": ["coreService"],
    } | changes


def trust_maintenance(identity: int = 3) -> dict:
    return {
        "id": identity,
        "name": "Release",
        "createdAt": "2026-05-01T10:00:00.000Z",
        "plannedStartTime": "2026-07-01T10:00:00.000Z",
        "plannedEndTime": "2026-07-01T11:00:00.000Z",
        "MaintenanceImpacts": [],
        "instanceKeys": ["NA1"],
    }


def trust_instance(key: str = "NA1", status: str = "OK", **changes: object) -> dict:
    row = {"key": key, "location": "NA", "releaseVersion": "", "status": status, "isActive": True}
    return row | {"Incidents": [], "Maintenances": [], "Tags": []} | changes


def heroku_update(time: str, kind: str = "investigating", **changes: object) -> dict:
    update = {"created_at": f"2026-05-01T{time}:00.000Z", "update_type": kind, "contents": f"We are at {kind}."}
    return update | {"status_dev": "green", "status_prod": "yellow"} | changes


def heroku_issue(identity: int = 5, **changes: object) -> dict:
    return {
        "id": identity,
        "title": "Slow routing",
        "created_at": "2026-05-01T10:00:00.000Z",
        "updated_at": "2026-05-01T10:30:00.000Z",
        "duration": 99,
        "full_url": f"https://status.heroku.com/incidents/{identity}",
        "resolved": False,
        "resolved_at": None,
        "state": "open",
        "updates": [heroku_update("10:30", "issue"), heroku_update("10:00")],
    } | changes


def heroku_current(
    *issues: dict, colours: tuple[str, ...] = ("green", "green", "green"), scheduled: tuple = ()
) -> dict:
    systems = [
        {"system": name, "status": colour} for name, colour in zip(("Apps", "Data", "Tools"), colours, strict=False)
    ]
    return {"status": systems, "incidents": list(issues), "scheduled": list(scheduled)}


def yandex_item(identity: int = 9, **changes: object) -> dict:
    return {
        "id": identity,
        "title": "Network of new machines",
        "status": "resolved",
        "levelId": 1,
        "level": {"label": "Minor"},
        "startDate": "2026-05-01T09:00:00.000Z",
        "endDate": "2026-05-01T11:00:00.000Z",
        "createdAt": "2026-05-01T10:00:00.000Z",
        "updatedAt": "2026-05-01T11:00:05.000Z",
        "services": [{"name": "Compute"}],
        "installations": [{"zones": [{"id": "ru-central1-a"}]}],
        "comments": [
            {"createdAt": "2026-05-01T11:00:05.000Z", "type": "resolved", "content": "<p>Over.</p>"},
            {"createdAt": "2026-05-01T10:00:00.000Z", "type": "investigation", "content": "<p>We look.</p>"},
        ],
        "isReportPublished": False,
        "report": None,
        "reportPublishedTime": None,
    } | changes


def yandex_list(*items: dict) -> dict:
    return {"items": list(items), "count": 81}


def stripe_full(word: str = "up") -> dict:
    return {"message": "A sentence about the services.", "UptimeStatus": word}


def okta_incident(identity: str = "a9C000000000001", **changes: object) -> dict:
    return {
        "Id": identity,
        "Name": "INC-1",
        "CreatedDate": "2026-05-01T10:00:00.000+0000",
        "Status__c": "Open",
        "Category__c": "Service Disruption",
        "Service_Feature__c": "Sign-in",
    } | changes


def okta_page(*incidents: dict) -> bytes:
    data = json.dumps(list(incidents)).replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return f'<!DOCTYPE html><html><body><div data-id="incidents">{data}</div></body></html>'.encode()


def adobe_event(identity: str = "E1", **changes: object) -> dict:
    return {
        "id": identity,
        "title": "Sign-in fails",
        "severity": "Major",
        "status": "Investigating",
        "startTime": "2026-05-01T09:00:00Z",
        "createdAt": "2026-05-01T10:00:00Z",
        "updates": [{"createdAt": "2026-05-01T10:00:00Z", "status": "Investigating", "message": "We look."}],
    } | changes


def adobe_events(*ongoing: dict, history: tuple[dict, ...] = (), scheduled: tuple[dict, ...] = ()) -> dict:
    lists = {"ongoing": list(ongoing), "history": list(history), "scheduled": list(scheduled)}
    return {"products": [{"id": "1", "name": "Stock"} | lists, {"id": "2", "name": "Fonts"} | lists]}


def zendesk_active(identity: str = "11", **attributes: object) -> dict:
    told = {
        "title": "Slow tickets",
        "status": "active",
        "startedAt": "2026-05-01T09:00:00Z",
        "resolvedAt": None,
        "outage": True,
    }
    update = {
        "type": "incidentUpdate",
        "id": "1",
        "attributes": {"description": "We look.", "createdAt": "2026-05-01T10:00:00Z"},
    }
    link = {
        "type": "incidentService",
        "id": "1",
        "attributes": {},
        "relationships": {"service": {"data": {"type": "service", "id": "1"}}},
    }
    service = {"type": "service", "id": "1", "attributes": {"name": "Support"}}
    relations = {
        "incidentUpdates": {"data": [{"type": "incidentUpdate", "id": "1"}]},
        "incidentServices": {"data": [{"type": "incidentService", "id": "1"}]},
    }
    row = {"type": "incident", "id": identity, "attributes": told | attributes, "relationships": relations}
    return {"data": [row], "included": [update, link, service]}


def algolia_entry(time: str, status: str, body: str = "We look.", title: str = "Search is slow") -> dict:
    return {
        "t": int(at(f"2026-05-01 {time}").timestamp() * 1000),
        "v": {"title": title, "body": body, "status": status},
    }


def algolia_log(**clusters: list[dict]) -> dict:
    return {"incidents": {name.replace("_", "-"): rows for name, rows in clusters.items()}}


def dato_item(**changes: object) -> dict:
    return {
        "name": "Slow uploads",
        "impact": "minor",
        "updates": [
            {"date": "2026-05-01T10:00:00.000Z", "status": "investigating", "content": "We **look**."},
            {"date": "2026-05-01T11:00:00.000Z", "status": "resolved", "content": "Over."},
        ],
    } | changes


def dato_window(**changes: object) -> dict:
    return {
        "name": "Release",
        "scheduledTime": "2026-07-01T10:00:00.000Z",
        "minutes": "60",
        "content": "A release.",
        "components": ["cda"],
        "updates": [],
    } | changes


EXAMPLES: dict[str, tuple[object, ...]] = {
    "slack": (slack_current(slack_event()), [slack_event(2, status="resolved")], slack_event(3)),
    "salesforce": (
        [
            trust_instance(
                "NA1", "MINOR_INCIDENT_CORE", Incidents=[trust_incident()], Maintenances=[trust_maintenance()]
            )
        ],
        [trust_incident()],
        [trust_maintenance()],
    ),
    "heroku": (heroku_current(heroku_issue(), scheduled=(heroku_issue(6),)), [heroku_issue()], heroku_issue()),
    "yandex": (yandex_list(yandex_item()),),
    "stripe": (stripe_full(),),
    "okta": (okta_page(okta_incident()), [okta_incident()]),
    "adobe": (adobe_events(adobe_event(), scheduled=(adobe_event("E2"),)),),
    "zendesk": (zendesk_active(),),
    "algolia": (algolia_log(c1_de=[algolia_entry("10:00", "major_outage")]), {"status": {"c1-de": "operational"}}),
    "datocms": (dato_item(), dato_window(updates=dato_item()["updates"][:1])),
}
