"""The calendar feed: announced maintenance of the vendors followed, and the days of the plan. iCalendar, RFC 5545."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from icalendar import Calendar, Event

from assessments import plans
from assessments.models import Followed
from assessments.planning import judging, ledger
from vendors.models import Maintenance

BACK, AHEAD = timedelta(days=31), timedelta(days=400)
MOST_EVENTS = 500
UNTOLD = timedelta(hours=1)  # drawn for a window whose end the vendor does not state; the text says so


def feed(*, now: datetime) -> bytes:
    """The workspace's calendar as of `now`; the same rows give the same bytes within an hour."""
    calendar = Calendar()
    calendar.add("prodid", "-//Riskboard//maintenance and plan dates//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Riskboard")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    stamp = now.replace(minute=0, second=0, microsecond=0)
    for event in [*_windows(now), *_days(now)][:MOST_EVENTS]:
        event.add("dtstamp", stamp)
        calendar.add_component(event)
    return calendar.to_ical()


def _windows(now: datetime) -> Iterator[Event]:
    followed = Followed.objects.filter(archived_at=None).values("vendor")
    rows = Maintenance.objects.filter(
        page__vendor__in=followed, scheduled_for__gte=now - BACK, scheduled_for__lte=now + AHEAD
    ).select_related("page__vendor")
    for row in rows.order_by("scheduled_for", "pk")[:MOST_EVENTS]:
        told = row.document
        vendor = row.page.vendor.name
        until = row.scheduled_until or row.scheduled_for + UNTOLD
        end = "" if row.scheduled_until else "The vendor does not say until when. "
        event = _event(
            f"maintenance-{row.pk}",
            f"{vendor}: {told.get('title', 'maintenance')}",
            f"{end}{told.get('url') or row.page.url}",
        )
        event.add("dtstart", row.scheduled_for)
        event.add("dtend", max(until, row.scheduled_for))
        event.add("transp", "TRANSPARENT")
        yield event


def _days(now: datetime) -> Iterator[Event]:
    plan = plans.current().parsed()
    if not plan.services:
        return
    for one in ledger.due(plan, judging.vendors(), now=now):
        reminder = one.reminder
        key = hashlib.sha256(f"{reminder.kind} {reminder.item} {reminder.text}".encode()).hexdigest()[:16]
        event = _event(f"plan-{key}", reminder.text, f"{settings.SITE_URL}{one.url}")
        event.add("dtstart", reminder.on)
        event.add("dtend", reminder.on + timedelta(days=1))
        yield event


def _event(key: str, summary: str, description: str) -> Event:
    event = Event()
    event.add("uid", f"{key}@riskboard")
    event.add("summary", summary[:200])
    event.add("description", description[:1000])
    return event
