"""Answers of the large clouds' own pages as their formats are documented, with words of our own."""

from __future__ import annotations

import json

from tests.vendors.own_page_answers import at


def seconds(time: str) -> int:
    """2026-05-01 10:00 as a Unix time."""
    return int(at(f"2026-05-01 {time}").timestamp())


def google_update(time: str, status: str | None = "SERVICE_DISRUPTION", **changes: object) -> dict:
    return {
        "created": f"2026-05-01T{time}:00+00:00",
        "modified": f"2026-05-01T{time}:00+00:00",
        "when": f"2026-05-01T{time}:00+00:00",
        "text": f"**Summary:** as of {time.replace(':', ' ')}.",
        "status": status,
        "affected_locations": [],
    } | changes


def google_incident(identity: str = "Ab1", *, end: str | None = "11:00", **changes: object) -> dict:
    updates = [google_update("10:00"), google_update("10:20")]
    if end:
        updates.insert(0, google_update(end, "AVAILABLE"))
    return {
        "id": identity,
        "number": "123",
        "begin": "2026-05-01T09:00:00+00:00",
        "created": "2026-05-01T10:00:00+00:00",
        **({"end": f"2026-05-01T{end}:00+00:00"} if end else {}),
        "modified": "2026-05-01T11:00:00+00:00",
        "external_desc": "Queries are slow",
        "updates": updates,
        "most_recent_update": updates[0],
        "status_impact": "SERVICE_DISRUPTION",
        "severity": "medium",
        "service_key": "k",
        "service_name": "Multiple Products",
        "affected_products": [{"id": "p2", "title": "Queries"}, {"id": "p1", "title": "Batches"}],
        "uri": f"incidents/{identity}",
    } | changes


def google_of_2020(number: int = 20009, **changes: object) -> dict:
    """The shape before 2021: a number instead of an id, a key with hyphens, no states."""
    return {
        "begin": "2020-05-01T09:00:00Z",
        "created": "2020-05-01T10:00:00Z",
        "end": "2020-05-01T11:00:00Z",
        "external_desc": "Queries are slow",
        "modified": "2020-05-01T11:00:00Z",
        "most-recent-update": {"created": "2020-05-01T11:00:00Z", "text": "Over."},
        "number": number,
        "public": True,
        "service_key": "queries",
        "service_name": "Queries",
        "severity": "high",
        "updates": [
            {"created": "2020-05-01T11:00:00Z", "text": "Over.", "when": "2020-05-01T11:00:00Z"},
            {"created": "2020-05-01T10:00:00Z", "text": "We look.", "when": "2020-05-01T10:00:00Z"},
        ],
        "uri": f"/incident/queries/{number}",
    } | changes


def aws_entry(time: str, *, summary: str = "Errors", status: int | str = 1) -> dict:
    return {"summary": summary, "message": f"As of {time.replace(':', ' ')}.", "status": status,
            "timestamp": seconds(time)}  # fmt: skip


def aws_event(tail: str = "QUEUE_1", *entries: dict, **changes: object) -> dict:
    return {
        "date": str(seconds("10:00")),
        "arn": f"arn:aws:health:us-east-1::event/QUEUE/{tail}",
        "region_name": "Ohio",
        "status": "1",
        "service": "queue-us-east-2",
        "service_name": "Queue",
        "summary": "Errors",
        "event_log": list(entries) or [aws_entry("10:00"), aws_entry("10:30", status=2)],
        "impacted_services": {"queue-us-east-2": {"service_name": "Queue", "current": "1", "max": "2"}},
    } | changes


def aws_old(time: str = "10:00", **changes: object) -> dict:
    """An event of the retired data.json; 10:00 UTC on 1 May is 3:00 AM PDT."""
    posts = ((" 3:00 AM PDT", "We look."), (" 3:40 AM PDT", "Between 2:10 AM and 3:30 AM PDT it was slow."))
    return {
        "service": "queue-us-east-2",
        "service_name": "Queue (Ohio)",
        "summary": "[RESOLVED] Errors",
        "date": str(seconds(time)),
        "status": "2",
        "details": "",
        "description": "".join(
            f'<div><span class="yellowfg">{clock}</span>&nbsp;{text}</div>' for clock, text in posts
        ),
    } | changes


def azure_item(guid: str = "slow-queue", time: str = "Fri, 01 May 2026 10:00:00 Z", title: str = "Slow queue ") -> str:
    return (
        f'<item><guid isPermaLink="false">{guid}</guid><link>https://azure.status.microsoft/en-us/status/</link>'
        f"<category>Queue</category><category>West US</category><title>{title}</title>"
        f"<description>&lt;p&gt;We look.&lt;/p&gt;</description><pubDate>{time}</pubDate></item>"
    )


def azure_feed(*items: str, title: str = "Azure Status") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\r\n<rss version="2.0"><channel><title>{title}</title>'
        "<link>https://azure.status.microsoft/en-us/status/</link>"
        f"<lastBuildDate>Fri, 01 May 2026 11:00:00 Z</lastBuildDate>{''.join(items)}</channel></rss>"
    ).encode()


def azure_review(identity: str, words: str, title: str = "Slow queue") -> str:
    return (
        f'<div class="column"><h3>Post Incident Review (PIR) - {title} (Tracking ID {identity})</h3></div>'
        f"<div><p><strong>What happened?</strong></p><p>{words}</p></div>"
    )


def azure_history(*reviews: str) -> bytes:
    return f"<!DOCTYPE html><html><title>Azure status history</title><body>{''.join(reviews)}</body></html>".encode()


def graph_issue(identity: str = "EX1", **changes: object) -> dict:
    def post(time: str, words: str) -> dict:
        content = {"contentType": "html", "content": f"<p>{words}</p>"}
        return {"createdDateTime": f"2026-05-01T{time}:00.0000000Z", "postType": "regular", "description": content}

    return {
        "id": identity,
        "title": "Mail is slow",
        "service": "Mail",
        "feature": "Delivery",
        "classification": "incident",
        "status": "serviceRestored",
        "startDateTime": "2026-05-01T09:00:00Z",
        "endDateTime": "2026-05-01T11:00:00Z",
        "lastModifiedDateTime": "2026-05-01T11:05:00Z",
        "isResolved": True,
        "posts": [post("11:00", "It is over."), post("10:00", "We look.")],
    } | changes


def graph_issues(*issues: dict, **changes: object) -> dict:
    context = "https://graph.microsoft.com/v1.0/$metadata#admin/serviceAnnouncement/issues"
    return {"@odata.context": context, "value": list(issues)} | changes


def graph_overview(**states: str) -> dict:
    context = "https://graph.microsoft.com/v1.0/$metadata#admin/serviceAnnouncement/healthOverviews"
    return {"@odata.context": context, "value": [{"service": name, "status": word} for name, word in states.items()]}


def ibm_item(identity: str = "INC1", kind: str = "incident", title: str = "Slow queue", text: str = "We look.") -> str:
    return (
        f"<item><guid>https://cloud.ibm.com/status/{kind}/{identity}</guid><title>{title}</title>"
        f"<link>https://cloud.ibm.com/status/{kind}/{identity}</link><description>{text}</description>"
        f"<category>{kind}</category><category>Dallas</category>"
        "<pubDate>Fri, 01 May 2026 10:00:00 GMT</pubDate></item>"
    )


def ibm_feed(*items: str, title: str = "IBM Cloud Status") -> bytes:
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>https://cloud.ibm.com/status</link>{''.join(items)}</channel></rss>"
    ).encode()


def apple_event(identity: int | str = 2000000001, **changes: object) -> dict:
    return {
        "messageId": identity,
        "statusType": "Outage",
        "eventStatus": "resolved",
        "datePosted": "05/01/2026 03:30 PDT",
        "startDate": "05/01/2026 03:00 PDT",
        "epochStartDate": seconds("10:00") * 1000,
        "epochEndDate": seconds("11:00") * 1000,
        "usersAffected": "Some users were affected",
        "affectedServices": None,
        "message": "Users saw errors.",
    } | changes


def apple_data(**services: list[dict]) -> dict:
    rows = [{"serviceName": name, "redirectUrl": None, "events": events} for name, events in services.items()]
    return {"drpost": False, "drMessage": None, "services": rows}


def jsonp(document: object) -> bytes:
    return b"jsonCallback(" + json.dumps(document).encode() + b");\n"


CLOUD_EXAMPLES: dict[str, tuple[object, ...]] = {
    "google-cloud": ([google_incident(), google_incident("Ab2", end=None)], [google_of_2020()]),
    "aws": (
        [aws_event()],
        {"queue-us-east-2": [aws_event(end_time=str(seconds("11:00")))]},
        {"archive": [aws_old()], "current": [aws_old("12:00", summary="Errors")]},
    ),
    "azure": (azure_feed(azure_item()),),
    "microsoft365": (graph_overview(Mail="serviceOperational"), graph_issues(graph_issue())),
    "ibm": (ibm_feed(ibm_item()),),
    "apple": (apple_data(Mail=[apple_event()], Photos=[apple_event()]),),
}
