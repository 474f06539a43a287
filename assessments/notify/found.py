"""What is worth telling the workspace now. The same findings as on its portfolio page, each with a key that tells it once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext_lazy

from assessments import plans
from assessments.board.listing import open_now
from assessments.board.portfolio import LATELY
from assessments.continuity.plan import Plan
from assessments.continuity.rollup import service_needs
from assessments.models import Answer, Followed, Notice
from assessments.notify import wording
from assessments.planning import judging, ledger
from assessments.questionnaire.views import WARNED
from assessments.scoring.moved import Moved, sentence
from assessments.scoring.rubric import number
from vendors.models import Incident, StatusPage

KINDS = {
    "incident-opened": gettext_lazy("An incident opens at a vendor you follow"),
    "incident-closed": gettext_lazy("An incident you were told of ends"),
    "rto-clock": gettext_lazy("Half of your recovery time is gone, or all of it (at once, day and night)"),
    "score-drop": gettext_lazy("A vendor's score drops"),
    "source-stale": gettext_lazy("A status page cannot be read any more"),
    "plan-due": gettext_lazy("Something in the plan is overdue"),
    "answers-expire": gettext_lazy("What a vendor answered about backup expires"),
}
GRAVE = ("major", "critical")
CLOCK = (0.5, 1.0)  # shares of the RTO at which the clock is told of
FAILURES = 3  # looks in a row, as on the portfolio page


@dataclass(frozen=True, slots=True)
class Found:
    """One thing worth telling. `vendor`: its key, None for the plan's; `data`: what a program is told."""

    key: str
    kind: str
    title: str
    path: str
    at: datetime
    text: str = ""
    vendor: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


def found(*, now: datetime) -> list[Found]:
    """Everything worth telling, whether it was told or not. The number of queries does not grow with the vendors."""
    rows = list(Followed.objects.shown())
    plan = plans.current().parsed()
    return [
        *_incidents(rows, plan, now),
        *_closed(now),
        *_dropped(rows),
        *_stale(),
        *_plan(plan, now),
        *_expiring(rows, now),
    ]


def _incidents(rows: list[Followed], plan: Plan, now: datetime) -> Iterator[Found]:
    """Grave incidents that are open, and how much of the time the business has is gone."""
    followed = {row.vendor_id: row for row in rows}
    for one in open_now().filter(page__vendor__in=followed, started_at__gt=now - LATELY).select_related("page__vendor"):
        if one.impact is not None and one.impact not in GRAVE:
            continue
        vendor = one.page.vendor
        path = reverse("incident", args=[vendor.slug, one.pk])
        data = _data(one)
        yield Found(
            f"opened {one.pk}", "incident-opened", wording.opened(vendor.name), path, one.started_at,
            str(one.document.get("title", ""))[:500], vendor.pk, data,
        )  # fmt: skip
        hours, used_for = _needed(plan, vendor.slug, followed[vendor.pk])
        gone = (now - one.started_at) / timedelta(hours=1)
        reached = [share for share in CLOCK if gone >= share * hours]
        if reached:
            yield Found(
                f"clock {one.pk} {reached[-1]:g}", "rto-clock", wording.clock(gone, hours, used_for), reverse("plan"), now,
                wording.still_open(vendor.name), vendor.pk,
                data | {"rto_hours": hours, "hours_gone": round(gone, 2)},
            )  # fmt: skip


def _closed(now: datetime) -> Iterator[Found]:
    """Incidents that were told of and have ended."""
    told = Notice.objects.filter(kind="incident-opened", created_at__gt=now - LATELY).values_list("key", flat=True)
    ids = [int(key.rpartition(" ")[2]) for key in told]
    for one in Incident.objects.filter(pk__in=ids, resolved_at__isnull=False).select_related("page__vendor"):
        vendor = one.page.vendor
        yield Found(
            f"closed {one.pk}", "incident-closed", wording.closed(vendor.name, one.resolved_at - one.started_at),
            reverse("incident", args=[vendor.slug, one.pk]), one.resolved_at, str(one.document.get("title", ""))[:500], vendor.pk,
            _data(one),
        )  # fmt: skip


def _needed(plan: Plan, slug: str, row: Followed) -> tuple[float, str]:
    """The strictest RTO of the plan's services of that vendor, with their names; else what it was judged by, and its name."""
    services = [one for one in plan.services if one.vendor == slug]
    needs = [hours for one in services if (hours := service_needs(plan, one.id).rto_hours) is not None]
    if needs:
        return min(needs), ", ".join(one.name for one in services)
    return row.newest.rto_hours, row.vendor.name


def _dropped(rows: list[Followed]) -> Iterator[Found]:
    for row in rows:
        moved = msgspec.convert(row.newest.moved, Moved, strict=False) if row.newest.moved else None
        if moved is not None and moved.now - moved.then <= -number("score", "hysteresis"):
            yield Found(
                f"drop {row.newest.uid}", "score-drop", wording.dropped(row.vendor.name),
                reverse("vendor", args=[row.vendor.slug]), row.newest.as_of, sentence(moved)[:1000], row.vendor_id,
                {"vendor": row.vendor.slug, "then": moved.then, "now": moved.now, "assessment": str(row.newest.uid)},
            )  # fmt: skip


def _stale() -> Iterator[Found]:
    shown = Followed.objects.filter(archived_at=None).values("vendor")
    pages = StatusPage.objects.exclude(fault="").filter(vendor__in=shown, watch__failures__gte=FAILURES)
    for page in pages.select_related("vendor"):
        since = page.fetched_at or page.facts_as_of
        yield Found(
            f"stale {page.pk} {since:%Y-%m-%dT%H:%M}", "source-stale", wording.unread(page.vendor.name),
            reverse("vendor", args=[page.vendor.slug]) + "#pages", since, page.fault[:500], page.vendor_id,
            {"vendor": page.vendor.slug, "page": page.url, "fault": page.fault},
        )  # fmt: skip


def _plan(plan: Plan, now: datetime) -> Iterator[Found]:
    if not plan.services:
        return
    for one in ledger.due(plan, judging.vendors(), now=now):
        reminder = one.reminder
        if reminder.days < 0:
            yield Found(
                f"plan {reminder.kind} {reminder.item} {reminder.on}"[:200], "plan-due", wording.overdue(reminder.text), one.url,
                now, wording.was_due(reminder.on), None, {"on": str(reminder.on), "kind": reminder.kind, "item": reminder.item},
            )  # fmt: skip


def _expiring(rows: list[Followed], now: datetime) -> Iterator[Found]:
    """Once a vendor, when the first of its answers expires within a month; and again when it has, if nobody asked anew."""
    counts = timedelta(days=number("checks", "backup", "expires_days"))
    followed = {row.vendor_id: row.vendor for row in rows}
    given = Answer.objects.filter(vendor__in=followed, answered_at__lt=now - counts + WARNED).exclude(answer="unknown")
    for one in given.values("vendor").annotate(first=Min("answered_at"), count=Count("pk")).order_by("vendor"):
        vendor, ends = followed[one["vendor"]], one["first"] + counts
        over = ends <= now
        yield Found(
            f"answers {vendor.pk} {ends:%Y-%m-%d} {'over' if over else 'soon'}", "answers-expire",
            wording.expiry(vendor.name, over=over), reverse("questionnaire", args=[vendor.slug]), now,
            wording.expiring(one["count"], ends), vendor.pk,
            {"vendor": vendor.slug, "answers": one["count"], "expires_on": f"{ends:%Y-%m-%d}"},
        )  # fmt: skip


def _data(one: Incident) -> dict[str, Any]:
    return {
        "vendor": one.page.vendor.slug,
        "incident": one.external_id,
        "title": str(one.document.get("title", ""))[:500],
        "impact": one.impact,
        "started_at": one.started_at.isoformat(),
        "resolved_at": one.resolved_at.isoformat() if one.resolved_at else None,
        "url": one.document.get("url"),
    }
