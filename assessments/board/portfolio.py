"""The portfolio page: the sentence, what needs somebody today, where each vendor stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext, gettext_lazy, ngettext

from assessments import plans
from assessments.board import table
from assessments.board.listing import lines, listed, open_now
from assessments.continuity.plan import Plan
from assessments.forecast.shared_fate import provider_of
from assessments.models import Followed
from assessments.planning import judging, ledger
from assessments.report.charts.matrix import Dot, initials, matrix, shared
from assessments.report.tokens import SCREEN
from assessments.scoring.moved import Moved, sentence
from assessments.scoring.rubric import number
from riskboard.phrasebook import said
from vendors.models import Observation, StatusPage
from vendors.standing import CHECK

SHOWN = 20  # vendors of the table on the portfolio page; the list has all
TODAY = 5
DRAWN = 60  # dots the matrix has room for
LATELY = timedelta(days=30)  # an incident open for longer is a page forgotten, not news
OLD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that needs somebody: what, since or until when, and the one thing to press."""

    what: str
    when: datetime | None
    action: str
    url: str


def used_for(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The plan's services by vendor slug."""
    found: dict[str, list[str]] = {}
    for service in plan.services:
        if service.vendor:
            found.setdefault(service.vendor, []).append(service.name)
    return {vendor: tuple(names) for vendor, names in found.items()}


def portfolio(*, now: datetime) -> dict[str, Any]:
    """What the page shows. The number of queries does not grow with the vendors."""
    rows = list(listed({"sort": "-chance"}).qs[:DRAWN])
    count = counted()
    plan = plans.current().parsed()
    made = lines(rows[:SHOWN], used_for(plan))
    due = today(now=now, plan=plan)
    dots = _dots(rows)
    return {
        "lines": made, "count": count["all"], "more": max(0, count["all"] - SHOWN),
        "headline": headline(count["all"], likely=count["likely"], unknown=count["unknown"]),
        "today": due[:TODAY], "more_today": max(0, len(due) - TODAY),
        "columns": table.known(table.USUAL),
        "matrix": matrix(dots, SCREEN) if dots else "", "standing": bool(shared(dots)),
        "left_out": max(0, count["all"] - DRAWN), "has_plan": bool(plan.services),
    }  # fmt: skip


def counted() -> dict[str, int]:
    """How many vendors are shown (`all`), are likelier than not to keep one waiting (`likely`), and are not known (`unknown`)."""
    shown = Followed.objects.filter(archived_at=None)
    likely, unknown = Count("pk", Q(chance__gte=0.5)), Count("pk", Q(chance=None))
    found: dict[str, int] = shown.aggregate(all=Count("pk"), likely=likely, unknown=unknown)
    return found


def today(*, now: datetime, plan: Plan | None = None) -> list[Due]:
    """Everything that needs somebody; at most a handful of each kind. `plan`: that of now, where it was read."""
    plan = plan or plans.current().parsed()
    return [*_open(now), *_dropped(), *_stale(now), *_plan_due(plan, now), *_old(now)]


def headline(count: int, *, likely: int, unknown: int) -> str:
    """How many vendors are likelier than not to be down for longer than the workspace can wait, in a sentence."""
    if count == 1:
        if unknown:
            return gettext("Of your one vendor, too little is known to say.")
        return (
            gettext("Your one vendor is likelier than not to be down for longer than you can wait, within a year.")
            if likely
            else gettext(
                "Your one vendor is not likelier than not to be down for longer than you can wait, within a year."
            )
        )
    told = {"few": _spelled(likely).capitalize(), "all": _spelled(count)}
    if likely:
        text = ngettext(
            "%(few)s of your %(all)s vendors is likelier than not to be down for longer than you can wait, within a year.",
            "%(few)s of your %(all)s vendors are likelier than not to be down for longer than you can wait, within a year.",
            likely,
        )
    else:
        text = gettext(
            "None of your %(all)s vendors are likelier than not to be down for longer than you can wait, within a year."
        )
    said = text % told
    if unknown:
        few = {"few": _spelled(unknown)}
        said += (
            " "
            + ngettext("Of %(few)s, too little is known to say.", "Of %(few)s, too little is known to say.", unknown)
            % few
        )
    return said


_NUMBERS = (
    "0", gettext_lazy("one"), gettext_lazy("two"), gettext_lazy("three"), gettext_lazy("four"), gettext_lazy("five"),
    gettext_lazy("six"), gettext_lazy("seven"), gettext_lazy("eight"), gettext_lazy("nine"), gettext_lazy("ten"),
    gettext_lazy("eleven"), gettext_lazy("twelve"),
)  # fmt: skip


def _spelled(number: int) -> str:
    """A small number in letters, as a sentence has it."""
    return str(_NUMBERS[number]) if number < len(_NUMBERS) else localize(number)


def _open(now: datetime) -> Iterator[Due]:
    """Incidents going on at vendors that are followed, the newest first."""
    shown = Followed.objects.filter(archived_at=None).values("vendor")
    found = open_now().filter(page__vendor__in=shown, started_at__gt=now - LATELY).order_by("-started_at")
    for one in found.select_related("page__vendor")[: TODAY + 1]:
        vendor = one.page.vendor
        yield Due(
            gettext("An incident is open at %(vendor)s") % {"vendor": vendor.name[:60]}, one.started_at, gettext("See it"),
            reverse("incident", args=[vendor.slug, one.pk]),
        )  # fmt: skip


def _dropped() -> Iterator[Due]:
    """Vendors whose total fell with their newest assessment, by more than what a letter is held back for."""
    fell = Followed.objects.shown().filter(fell__lte=-number("score", "hysteresis")).order_by("fell", "vendor__name")
    for row in fell[: TODAY + 1]:
        moved = msgspec.convert(row.newest.moved, Moved, strict=False)
        yield Due(
            f"{row.vendor.name[:60]}: {said(sentence(moved))}", row.newest.as_of, gettext("See why"),
            reverse("vendor", args=[row.vendor.slug]),
        )  # fmt: skip


def _stale(now: datetime) -> Iterator[Due]:
    """Pages that could not be read for a day or more."""
    shown = Followed.objects.filter(archived_at=None).values("vendor")
    pages = (
        StatusPage.objects.exclude(fault="").filter(vendor__in=shown, watch__failures__gte=3).select_related("vendor")
    )
    for page in pages.order_by("fetched_at", "pk")[: TODAY + 1]:
        yield Due(
            gettext("The page of %(vendor)s cannot be read: %(fault)s")
            % {"vendor": page.vendor.name[:60], "fault": page.fault[:120]},
            page.fetched_at,
            gettext("Look at it"),
            reverse("vendor", args=[page.vendor.slug]) + "#pages",
        )


def _plan_due(plan: Plan, now: datetime) -> Iterator[Due]:
    """What the plan's register, promises and exercises ask for."""
    for one in ledger.due(plan, judging.vendors(), now=now)[: TODAY + 1]:
        yield Due(f"{said(one.reminder.text)} ({one.when})", None, gettext("Open it"), one.url)


def _old(now: datetime) -> Iterator[Due]:
    """Vendors not looked at for a long time. Those of a finished record stay as they are."""
    old = Followed.objects.filter(archived_at=None, judged_at__lt=now - OLD).order_by("-chance", "vendor__name")
    found = [name[:40] for name in old.values_list("vendor__name", flat=True)[:4]]
    if found:
        said = (
            gettext("Not assessed for three months: %(names)s and others")
            if len(found) > 3
            else gettext("Not assessed for three months: %(names)s")
        )
        yield Due(
            said % {"names": ", ".join(found[:3])}, None, gettext("See them"), reverse("vendors") + "?sort=judged"
        )


def standing_on() -> dict[str, list[str]]:
    """Which vendors that are shown stand on each provider, as far as their own hosts told: slugs by provider. Two queries."""
    slugs = dict(Followed.objects.filter(archived_at=None).values_list("vendor", "vendor__slug"))
    found: dict[str, list[str]] = {}
    for vendor, providers in _standing(list(slugs)).items():
        for provider in providers:
            found.setdefault(provider, []).append(slugs[vendor])
    return {provider: sorted(found[provider]) for provider in sorted(found)}


def _standing(vendors: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The providers each vendor's own hosts were seen to lead to, regions taken together. One query."""
    seen = Observation.objects.filter(check_id=CHECK, page__vendor__in=vendors).values_list("page__vendor", "document")
    found: dict[int, set[str]] = {}
    for vendor, document in seen:
        if document.get("outcome") == "pass" and document.get("value"):
            found.setdefault(vendor, set()).add(provider_of(str(document["value"])))
    return {vendor: tuple(sorted(providers)) for vendor, providers in found.items()}


def _dots(rows: Sequence[Followed]) -> list[Dot]:
    standing = _standing([row.vendor_id for row in rows])
    return [
        Dot(
            row.vendor.name[:40], initials(row.vendor.name), row.rto_hours, row.value, row.grade,
            standing.get(row.vendor_id, ()),
        )
        for row in rows
    ]  # fmt: skip
