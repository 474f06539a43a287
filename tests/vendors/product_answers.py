"""Answers of status-page products as their formats are documented, with words of our own: (name, document, expected state)."""

from __future__ import annotations

import json
from typing import Any

T = "2026-05-01T{}:00Z".format
ULID = "01KABCDEFGHJKMNPQRSTVWXYZ{}".format


def js(document: object) -> bytes:
    return json.dumps(document).encode()


def flight_page(summary: dict[str, Any], **more: Any) -> bytes:
    """A page as React lays its data out: JSON in a text in a call."""
    text = "6:" + json.dumps(["$", "div", None, {"summary": summary, **more}])
    call = f"self.__next_f.push([1,{json.dumps(text)}])"
    marks = '<link href="https://x/incident-io-status-page-logos/a.png"><i data-x="expose_status_summary_api"></i>'
    return f"<!doctype html><html><head>{marks}</head><body><script>{call}</script></body></html>".encode()


def incidentio_summary(*incidents: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "id": ULID(0), "name": "Example", "page_type": "standalone", "public_url": "https://status.example.com/",
        "components": [{"id": ULID(1), "name": "API"}, {"id": ULID(2), "name": "Search"}],
        "affected_components": [], "ongoing_incidents": list(incidents), "scheduled_maintenances": [],
        "structure": {"items": [{"group": {"name": "Core", "components": [{"component_id": ULID(1)}]}}]}, **changes,
    }  # fmt: skip


INCIDENTIO_OPEN = {
    "id": ULID(5), "name": "Search is slow", "status": "identified", "type": "incident", "published_at": T("10:05"),
    "updates": [
        {"id": ULID(6), "published_at": T("10:00"), "to_status": "investigating", "automated_update": True,
         "message": {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "We look."}]}]}},
        {"id": ULID(7), "published_at": T("10:20"), "to_status": "identified", "automated_update": False,
         "message_string": "We know.", "message": "$undefined"},
    ],
    "component_impacts": [{"component_id": ULID(2), "start_at": T("09:50"), "end_at": "$undefined", "status": "partial_outage"}],
}  # fmt: skip
INSTATUS_OPEN = {
    "id": "cl0000000000000000000001", "name": {"en": "Search is slow", "default": "Suche"}, "started": T("10:00"), "resolved": None,
    "status": "MONITORING", "impact": "OPERATIONAL", "components": [{"id": "c2", "name": {"default": "Search"}, "status": "MAJOROUTAGE"}],
    "updates": [{"id": "u1", "started": T("10:00"), "status": "INVESTIGATING", "message": {"default": "Look.", "en": "We look."}}],
}  # fmt: skip


def betterstack(state: str, *included: dict[str, Any]) -> bytes:
    page = {"company_name": "Example", "subdomain": "example", "custom_domain": "status.example.com", "aggregate_state": state,
            "updated_at": T("12:00")}  # fmt: skip
    parts = [
        {"id": "9", "type": "status_page_section", "attributes": {"name": "Core"}},
        {
            "id": "1",
            "type": "status_page_resource",
            "attributes": {"public_name": "API", "status": state, "status_page_section_id": 9},
        },
    ]
    return js({"data": {"id": "7", "type": "status_page", "attributes": page}, "included": [*parts, *included]})


def report(identity: str, **changes: Any) -> dict[str, Any]:
    told = {"title": "API is down", "report_type": "manual", "starts_at": T("10:00"), "ends_at": None, "aggregate_state": "downtime",
            "affected_resources": [{"status_page_resource_id": "1", "status": "downtime"}], **changes}  # fmt: skip
    return {"id": identity, "type": "status_report", "attributes": told}


BETTERSTACK_UPDATE = {
    "id": "31", "type": "status_update",
    "attributes": {"message": "API went down.", "published_at": T("10:01"), "status_report_id": 30},
}  # fmt: skip


def statusio(code: int, *incidents: dict[str, Any], part: int = 100) -> bytes:
    return js(
        {"result": {
            "status_overall": {"updated": T("12:00"), "status": "x", "status_code": code},
            "status": [{"id": "a" * 24, "name": "API", "status_code": part, "containers": [
                {"id": "b" * 24, "name": "Frankfurt", "status_code": part}, {"id": "c" * 24, "name": "Ohio", "status_code": 100}]}],
            "incidents": list(incidents),
            "maintenance": {"active": [], "upcoming": [{"_id": "d" * 24, "name": "Work", "datetime_open": T("08:00"),
                "datetime_planned_start": "2026-06-09T02:00:00Z", "datetime_planned_end": "2026-06-09T03:00:00Z", "messages": [],
                "components_affected": [{"name": "API"}], "containers_affected": []}]},
        }}
    )  # fmt: skip


STATUSIO_OPEN = {
    "_id": "e" * 24, "name": "API is slow", "datetime_open": T("10:00"),
    "messages": [{"details": "We look.", "state": 100, "status": 300, "datetime": T("10:00")},
                 {"details": "We know.", "state": 200, "status": 500, "datetime": T("10:30")}],
    "components_affected": [{"name": "API", "_id": "a" * 24}], "containers_affected": [{"name": "Frankfurt", "_id": "b" * 24}],
}  # fmt: skip


def cstate(word: str, *issues: dict[str, Any], status: str = "ok") -> bytes:
    return js({"is": "index", "cStateVersion": "6.0", "title": "Example status", "baseURL": "https://status.example.com/",
               "summaryStatus": word, "pinnedIssues": [], "buildDate": "2026-05-01 12:00:00 +0200 CEST",
               "systems": [{"name": "API", "category": "Core", "status": status, "unresolvedIssues": list(issues)}]})  # fmt: skip


CSTATE_OPEN = {
    "is": "issue", "title": "API is slow", "createdAt": "2026-05-01 12:00:00 +0200 +0200", "lastMod": "2026-05-01 12:10:00 +0200 +0200",
    "permalink": "https://status.example.com/issues/2026-05-01-api/", "severity": "down", "resolved": False, "informational": False,
    "resolvedAt": "<no value>", "affected": ["API"], "filename": "2026-05-01-api.md",
}  # fmt: skip


def kuma_beats(*statuses: int) -> bytes:
    beats = [
        {"status": s, "time": f"2026-05-01 10:{n:02d}:00.000", "msg": "", "ping": 9} for n, s in enumerate(statuses)
    ]
    return js({"heartbeatList": {"1": beats}, "uptimeList": {"1_24": 1}})


def firehydrant(*incidents: dict[str, Any]) -> bytes:
    return js({"config": {"companyName": "Example", "title": "Example", "operationalMessage": "Fine.", "uiVersion": 2},
               "conditions": {"Operational": "OPERATIONAL"}, "components": [{"id": "c1", "name": "API"}], "incidents": list(incidents)})  # fmt: skip


FIREHYDRANT_OPEN = {
    "id": "f1", "title": "API is slow", "severitySlug": "SEV2", "timestamps": {"started": T("10:00"), "detected": T("10:00")},
    "timeline": [{"time": T("10:10"), "occurredAt": T("10:08"), "details": {"note": "➡️ **Investigating** — We *look*."}},
                 {"time": T("10:11"), "details": {"milestoneUpdate": {"currentMilestone": "investigating"}}}],
}  # fmt: skip


def pagerduty(opened: list[Any], resolved: list[Any]) -> bytes:
    data = {"summary": {"open_incidents": opened, "resolved_incidents": resolved, "posts": [],
                        "post_status_page_services": [{"id": "S1", "name": "API", "is_active": True}]}}  # fmt: skip
    script = f'<script id="data" type="application/json">{json.dumps(data)}</script>'
    return f"<!doctype html><html><head><title>Example Status Page</title></head><body>{script}</body></html>".encode()


def pagerduty_incident(*statuses: str) -> dict[str, Any]:
    updates = [
        {"id": f"U{n}", "reported_at": T(f"10:{n}0"), "created_at": T(f"10:{n}1"), "severity": "minor", "status": status,
         "message": "<p>Words.</p>", "next_update_in_ms": 900_000, "impacted_business_services": [{"name": "API"}]}
        for n, status in enumerate(statuses)
    ]  # fmt: skip
    return {"id": "P1", "title": "API is slow", "updates": updates, "postmortem": None}


def cachet(rows: list[Any], *, new: bool = False) -> bytes:
    if new:
        return js(
            {
                "data": [
                    {"id": str(n), "type": "incidents" if "message" in r else "components", "attributes": r}
                    for n, r in enumerate(rows)
                ]
            }
        )
    return js({"meta": {"pagination": {"total": len(rows), "per_page": 100}}, "data": rows})


def gatus(*successes: bool, events: list[Any] | None = None) -> bytes:
    results = [{"status": 200, "hostname": "x", "duration": 9, "conditionResults": [{"condition": "[STATUS] == 200", "success": ok}],
                "success": ok, "timestamp": T(f"10:{n:02d}")} for n, ok in enumerate(successes)]  # fmt: skip
    return js([{"name": "api", "group": "core", "key": "core_api", "results": results, "events": events or []}])


def rss(title: str, *items: str, generator: str = "") -> bytes:
    made = f"<generator>{generator}</generator>" if generator else ""
    channel = f"<title>{title}</title><link>https://status.example.com</link>{made}{''.join(items)}"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}</channel></rss>'.encode()


def item(title: str, body: str, *, guid: str = "https://status.example.com/incident/100001", when: str = "Fri, 01 May 2026 11:00:00 GMT",
         categories: tuple[str, ...] = ()) -> str:  # fmt: skip
    named = "".join(f"<category>{c}</category>" for c in categories)
    text = body.replace("<", "&lt;").replace(">", "&gt;")
    return f"<item><title>{title}</title><guid>{guid}</guid><link>{guid}</link><pubDate>{when}</pubDate>{named}<description>{text}</description></item>"


def google(*changes: dict[str, Any]) -> bytes:
    rows = [
        {"id": f"id{n}", "number": str(n), "begin": T("09:30"), "created": T("10:00"), "end": T("12:00"), "modified": T("13:00"),
         "external_desc": "Storage is slow", "severity": "medium", "service_key": "k", "service_name": "Storage",
         "status_impact": "SERVICE_DISRUPTION", "uri": f"incidents/id{n}", "affected_products": [{"title": "Storage", "id": "k"}],
         "updates": [{"created": T("12:00"), "modified": T("12:00"), "when": T("12:00"), "text": "**Over** now.", "status": "AVAILABLE"},
                     {"created": T("10:00"), "modified": T("10:00"), "when": T("10:00"), "text": "We look.", "status": "SERVICE_DISRUPTION"}],
         **change}
        for n, change in enumerate(changes)
    ]  # fmt: skip
    return js(rows)


AWS_OPEN = {
    "date": "1777629600", "arn": "arn:aws:health:eu-central-1::event/EC2/AWS_EC2_ISSUE/AWS_EC2_ISSUE_1", "region_name": "Frankfurt", "status": "2",
    "service": "ec2-eu-central-1", "service_name": "Amazon EC2", "summary": "Increased Error Rates",
    "event_log": [{"summary": "Increased Error Rates", "message": "We look.", "status": 1, "timestamp": 1777629600}],
    "impacted_services": {"ec2-eu-central-1": {"service_name": "Amazon EC2", "current": "2", "max": "3"}},
}  # fmt: skip
AZURE_HISTORY = b"""<!doctype html><html><body><h2>Post Incident Review</h2><p>azure</p>
<div><h3>Network in West Europe (Tracking ID AB12-CD3)</h3><p>What happened? Between 01:13 UTC and 13:25 UTC on 13 November 2025,
customers saw errors.</p><p>More words.</p></div><div><h3>Storage (Tracking ID EF45-GH6)</h3><p>No times here.</p></div></body></html>"""


def graph_issue(**changes: Any) -> dict[str, Any]:
    return {"id": "EX1", "title": "Mail is late", "service": "Exchange Online", "classification": "incident", "status": "serviceDegradation",
            "startDateTime": T("09:00"), "endDateTime": None, "lastModifiedDateTime": T("11:00"), "isResolved": False,
            "posts": [{"createdDateTime": T("10:00"), "postType": "regular", "description": {"contentType": "html", "content": "<p>We look.</p>"}}],
            **changes}  # fmt: skip


def graph(*issues: dict[str, Any]) -> bytes:
    return js(
        {
            "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#admin/serviceAnnouncement/issues",
            "value": list(issues),
        }
    )


def graph_services(*statuses: str) -> bytes:
    context = "https://graph.microsoft.com/v1.0/$metadata#admin/serviceAnnouncement/healthOverviews"
    return js(
        {
            "@odata.context": context,
            "value": [{"service": f"S{n}", "status": s, "id": str(n)} for n, s in enumerate(statuses)],
        }
    )


def apple(*events: dict[str, Any]) -> bytes:
    services = [
        {"serviceName": name, "redirectUrl": None, "events": list(events)} for name in ("iCloud Mail", "iCloud Drive")
    ]
    return b"jsonCallback(" + js({"drpost": False, "drMessage": None, "services": services}) + b");"


APPLE_EVENT = {"messageId": 77, "statusType": "Outage", "eventStatus": "resolved", "message": "Mail was down.", "usersAffected": "Some",
               "epochStartDate": 1777629600000, "epochEndDate": 1777633200000, "startDate": "05/01/2026 03:00 PDT"}  # fmt: skip
UPTIMEROBOT = {"status": "ok", "data": [{"monitorId": 1, "name": "API", "statusClass": "success"}]}
STATUSIQ = {"data": {"statuspage_name": "Example", "current_status": [{"display_name": "API", "component_status": 1}]}}
STATUSPAL = {
    "status_page": {"name": "Example", "url": "https://example.statuspal.io", "time_zone": "Europe/Berlin", "current_incident_type": None},
    "services": [{"id": 1, "name": "Core", "current_incident_type": None, "children": [{"id": 2, "name": "API", "children": []}]}],
    "incidents": [], "maintenances": [], "upcoming_maintenances": [],
}  # fmt: skip
STATUSPAL_OPEN = {"id": 5, "title": "API is slow", "type": "major", "starts_at": "2026-05-01T12:00:00", "ends_at": None,
                  "updates": [{"type": "issue", "description": "We look.", "posted_at": "2026-05-01T12:05:00"}], "services": [{"name": "API"}]}  # fmt: skip
OPENSTATUS_REPORT = {"id": 3, "title": "API is slow", "status": "investigating", "monitors": [{"id": 1}],
                     "updates": [{"status": "investigating", "message": "We look.", "date": T("10:00")}]}  # fmt: skip
STATUSCAST_PAGE = """<html><head><title>Example Status</title></head><body><div>API
<span class="status-list-component-status-text component-{}">x</span></div></body></html>"""
HUND_PAGE = '<html><head><title>Example Status</title></head><body><div class="state-{}">x</div>Powered by <a href="https://hund.io">Hund</a></body></html>'
BETTERSTACK_PAGE = """<html><head><title>Example status</title><meta property="og:url" content="https://status.example.com/">
<link rel="icon" href="https://uptime.betterstack.com/assets/status_pages_v2/favicons/{}-4a98.png"></head>
<body data-controller="status-pages-v2--header"><div class="shrink truncate text-statuspage-neutral-800">API</div></body></html>"""

# source -> [(document, the page's state it tells)]
STATES: dict[str, list[tuple[bytes, str]]] = {
    "incidentio": [
        (flight_page(incidentio_summary()), "ok"),
        (flight_page(incidentio_summary(INCIDENTIO_OPEN)), "issue"),
        (flight_page(incidentio_summary(affected_components=[{"component_id": ULID(1), "current_status": "full_outage"}])), "issue"),
        (flight_page(incidentio_summary(), x='<i class="text-icon-under-maintenance">'), "maintenance"),
        (js({"ongoing_incidents": [], "in_progress_maintenances": [], "scheduled_maintenances": [], "page_title": "Example"}), "unknown"),
        (js({"summary": incidentio_summary(INCIDENTIO_OPEN)}), "issue"),
    ],
    "instatus": [
        (js({"page": {"name": "Example", "url": "https://status.example.com", "status": "UP"}}), "ok"),
        (js({"page": {"name": "Example", "url": "", "status": "UNDERMAINTENANCE"}}), "maintenance"),
        (js({"page": {"name": "Example", "url": "", "status": "UP"}, "activeIncidents": [INSTATUS_OPEN]}), "issue"),
        (js({"page": {"name": "Example", "url": "", "status": "HASISSUES"}, "activeIncidents": [{"id": 7}]}), "issue"),
    ],
    "betterstack": [
        (betterstack("operational"), "ok"),
        (betterstack("degraded", report("30")), "issue"),
        (betterstack("downtime", report("30", report_type="automatic"), BETTERSTACK_UPDATE), "issue"),
        (betterstack("maintenance", report("30", report_type="maintenance", ends_at="2026-06-09T03:00:00Z")), "maintenance"),
        (betterstack("not_monitored"), "unknown"),
        (BETTERSTACK_PAGE.format("operational").encode(), "ok"),
        (BETTERSTACK_PAGE.format("downtime").encode(), "issue"),
        (BETTERSTACK_PAGE.format("strange").encode(), "unknown"),
    ],
    "statusio": [
        (statusio(100), "ok"), (statusio(200), "maintenance"), (statusio(600, STATUSIO_OPEN), "issue"),
        (statusio(100, part=400), "issue"), (statusio(100, STATUSIO_OPEN), "issue"), (statusio(777), "unknown"),
    ],
    "cstate": [(cstate("ok"), "ok"), (cstate("down", CSTATE_OPEN, status="down"), "issue"), (cstate("ok", status="notice"), "issue"),
               (cstate("strange"), "unknown")],
    "uptime-kuma": [(kuma_beats(1, 1), "ok"), (kuma_beats(1, 0, 0), "issue"), (kuma_beats(1, 3), "maintenance"), (kuma_beats(2), "unknown"),
                    (js({"heartbeatList": {}, "uptimeList": {}}), "unknown")],
    "firehydrant": [(firehydrant(), "ok"), (firehydrant(FIREHYDRANT_OPEN), "issue")],
    "pagerduty": [(pagerduty([], [pagerduty_incident("detected", "resolved")]), "ok"), (pagerduty([pagerduty_incident("detected")], []), "issue")],
    "cachet": [
        (cachet([{"id": 1, "name": "API", "status": 1, "status_name": "Operational", "human_status": "x"}]), "ok"),
        (cachet([{"id": 1, "name": "API", "status": "4", "status_name": "Major", "human_status": "x"}]), "issue"),
        (cachet([{"id": 1, "name": "API", "status": 9, "status_name": "?", "human_status": "x"}]), "unknown"),
        (cachet([{"name": "API", "status": {"human": "Operational", "value": 1}}], new=True), "ok"),
        (cachet([{"name": "Slow", "message": "We look.", "status": {"human": "Investigating", "value": 1},
                  "created": {"iso": T("10:00")}, "occurred": {"iso": T("09:50")}}], new=True), "issue"),
        (cachet([{"id": 3, "name": "Slow", "message": "x", "status": 4, "human_status": "Fixed", "created_at": "2026-05-01 10:00:00"}]), "unknown"),
    ],
    "gatus": [(gatus(True, True), "ok"), (gatus(True, False, events=[{"type": "UNHEALTHY", "timestamp": T("10:01")}]), "issue"),
              (gatus(True), "ok")],
    "openstatus": [(js({"title": "Example", "status": "operational", "statusReports": []}), "ok"),
                   (js({"title": "Example", "status": "operational", "statusReports": [OPENSTATUS_REPORT]}), "issue"),
                   (js({"title": "Example", "status": "strange", "statusReports": []}), "unknown")],
    "upptime": [
        (js([{"name": "API", "slug": "api", "status": "up", "uptime": "99.9%", "dailyMinutesDown": {"2026-05-01": 12}}]), "ok"),
        (js([{"name": "API", "slug": "api", "status": "down", "uptime": "99.9%", "dailyMinutesDown": {}}]), "issue"),
        (b"url: https://api.example.com\nstatus: up\ncode: 200\nresponseTime: 9\nlastUpdated: 2026-05-01T10:00:00.000Z\n"
         b"startTime: 2026-01-01T00:00:00.000Z\ngenerator: Upptime <https://github.com/upptime/upptime>\n", "unknown"),
        (b"url: https://api.example.com\nstatus: down\ncode: 500\nlastUpdated: 2026-05-01T10:00:00.000Z\ngenerator: Upptime\n", "issue"),
    ],
    "uptimerobot": [(js(UPTIMEROBOT), "ok"), (js({"status": "ok", "data": [{"monitorId": 1, "name": "API", "statusClass": "danger"}]}), "issue"),
                    (js({"status": "ok", "data": [{"monitorId": 1, "name": "API", "statusClass": "paused"}]}), "unknown")],
    "statushub": [(js({"counters": {"count_status_1": 3, "count_status_2": 0, "count_status_3": 0}}), "ok"),
                  (js({"counters": {"count_status_1": 3, "count_status_2": 1, "count_status_3": 0}}), "issue"),
                  (js({"counters": {"count_status_1": 0, "count_status_2": 0, "count_status_3": 0}}), "unknown")],
    "statusiq": [(js(STATUSIQ), "ok")] + [
        (js({"data": {"current_status": [{"display_name": "API", "component_status": n}]}}), state)
        for n, state in ((2, "ok"), (3, "issue"), (4, "maintenance"), (5, "issue"), (6, "issue"), (9, "unknown"))
    ],
    "statuspal": [(js(STATUSPAL), "ok"),
                  (js({**STATUSPAL, "incidents": [STATUSPAL_OPEN]}), "issue"),
                  (js({**STATUSPAL, "status_page": {**STATUSPAL["status_page"], "current_incident_type": "scheduled"}}), "maintenance"),
                  (b'<html><head><title>Example Status</title></head><body>statuspal<div class="system-status type-major"></div></body></html>', "issue"),
                  (b'<html><head><title>Example Status</title></head><body>statuspal<div class="system-status type-new"></div></body></html>', "unknown")],
    "statuscast": [(STATUSCAST_PAGE.format(word).encode(), state) for word, state in
                   (("available", "ok"), ("unavailable", "issue"), ("maintenance", "maintenance"), ("informational", "unknown"), ("new", "unknown"))],
    "hund": [(HUND_PAGE.format(word).encode(), state) for word, state in (("operational", "ok"), ("outage", "issue"), ("new", "unknown"))],
    "google-cloud": [(google({}), "ok"), (google({"end": None}), "issue"), (google({"end": ""}, {}), "issue")],
    "aws": [(js([AWS_OPEN]), "issue"), (js({"ec2-eu-central-1": [{**AWS_OPEN, "end_time": "1777633200"}]}), "unknown")],
    "azure": [(rss("Azure Status"), "unknown"), (rss("Azure Status", item("Network ", "<p>We look.</p>", categories=("West US", "VPN"))), "issue"),
              (AZURE_HISTORY, "unknown")],
    "microsoft365": [(graph_services("serviceOperational"), "ok"), (graph_services("serviceOperational", "serviceInterruption"), "issue"),
                     (graph_services("newWord"), "unknown"), (graph(graph_issue()), "issue")],
    "apple": [(apple(), "ok"), (apple(APPLE_EVENT), "ok"), (apple({**APPLE_EVENT, "eventStatus": "ongoing", "epochEndDate": None}), "issue")],
    "ibm": [(rss("IBM Cloud notifications", item("Network", "RESOLVED: fine.", categories=("incident",))), "unknown"),
            (rss("IBM Cloud notifications", item("Network", "We look.", categories=("incident",))), "issue")],
    "feed": [
        (rss("Example Status", item("Search is slow", "<small>May 1, 11:00 UTC</small><br><strong>Resolved</strong> - Over."
             "<small>May 1, 10:00 UTC</small><br><strong>Investigating</strong> - We look.")), "unknown"),
        (rss("Example Status", item("[Investigating] Search is slow", "We look.")), "issue"),
        (rss("Example Status"), "unknown"),
    ],
}  # fmt: skip
