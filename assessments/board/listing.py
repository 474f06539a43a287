"""The list of followed vendors: searched, filtered and sorted by the address, the same for the page, its exports and the API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import django_filters
from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Lower, NullIf, RowNumber
from django.utils.translation import gettext_lazy

from assessments.models import AssessmentRow, Followed
from assessments.models.followed import LONGEST_OWNER, LONGEST_TAG, Criticality
from assessments.report.charts.spark import Point, sparkline
from assessments.report.tokens import SCREEN
from riskboard.locales import duration
from vendors.models import IMPACTS, Incident, StatusPage, Vendor

LONGEST_QUERY = 200
GRADES = ("A", "B", "C", "D", "E", "F")
SORTS = {
    "name": "vendor__name", "category": "vendor__category", "rto": "rto_hours", "readiness": "value",
    "chance": "chance", "known": "coverage", "incident": "last_incident_at", "judged": "judged_at",
    "owner": "owner", "criticality": "criticality",
}  # fmt: skip
TREND_POINTS = 24


# Words people say of a vendor: "" is not known, and levels have an order of their own.
_SAID: dict[str, Any] = {
    "owner": NullIf(Lower("owner"), Value("")),
    "criticality": Case(
        *(When(criticality=level, then=n) for n, level in enumerate(Criticality.values, 1)), output_field=IntegerField()
    ),
}  # fmt: skip


class FollowedFilter(django_filters.FilterSet):
    """What `?q= &category= &grade= &owner= &criticality= &tag= &over= &state= &away= &sort=` leave of
    the workspace's vendors. Faulty values raise nothing: they are faults of `form`.
    """

    q = django_filters.CharFilter(
        method="search", max_length=LONGEST_QUERY, label=gettext_lazy("Name, category, owner or tag")
    )
    category = django_filters.CharFilter(
        field_name="vendor__category", max_length=LONGEST_QUERY, label=gettext_lazy("Category")
    )
    grade = django_filters.ChoiceFilter(
        method="graded",
        label=gettext_lazy("Grade"),
        empty_label=gettext_lazy("any"),
        choices=[*((g, g) for g in GRADES), ("none", gettext_lazy("not known"))],
    )
    owner = django_filters.CharFilter(field_name="owner", max_length=LONGEST_OWNER, label=gettext_lazy("Owner"))
    criticality = django_filters.ChoiceFilter(
        method="of_criticality",
        label=gettext_lazy("Criticality"),
        empty_label=gettext_lazy("any"),
        choices=[*reversed(Criticality.choices), ("none", gettext_lazy("not stated"))],
    )
    tag = django_filters.CharFilter(method="tagged", max_length=LONGEST_TAG, label=gettext_lazy("Tag"))
    over = django_filters.NumberFilter(
        field_name="chance",
        lookup_expr="gte",
        min_value=0,
        max_value=1,
        label=gettext_lazy("Chance over the RTO of at least (0 to 1)"),
    )
    state = django_filters.ChoiceFilter(
        method="in_state",
        label=gettext_lazy("Now"),
        empty_label=gettext_lazy("any"),
        choices=[
            ("open", gettext_lazy("an incident is open")),
            ("stale", gettext_lazy("its page could not be read")),
            ("disputed", gettext_lazy("disputed by the vendor")),
        ],
    )
    away = django_filters.BooleanFilter(method="put_away", label=gettext_lazy("Put away"))
    sort = django_filters.ChoiceFilter(
        method="sorted_by",
        label=gettext_lazy("Sort"),
        empty_label=gettext_lazy("name"),
        choices=[(s + k, k) for s in ("", "-") for k in SORTS],
    )

    class Meta:
        model = Followed
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Followed], name: str, value: str) -> QuerySet[Followed]:
        """Every word must stand in the name, the category, a tag, or the owner."""
        for word in value.split()[:10]:
            at = Q(vendor__name__icontains=word) | Q(vendor__category__icontains=word) | Q(vendor__slug__icontains=word)
            rows = rows.filter(at | Q(tag_line__contains=word.casefold()) | Q(owner__icontains=word))
        return rows

    def graded(self, rows: QuerySet[Followed], name: str, value: str) -> QuerySet[Followed]:
        """Those whose grade is that letter, or a range that holds it; `none`: no grade is given."""
        return rows.filter(grade=None) if value == "none" else rows.filter(grade__contains=value)

    def of_criticality(self, rows: QuerySet[Followed], name: str, value: str) -> QuerySet[Followed]:
        """Those of that level; `none`: nobody stated one."""
        return rows.filter(criticality="" if value == "none" else value)

    def tagged(self, rows: QuerySet[Followed], name: str, value: str) -> QuerySet[Followed]:
        """Those with that whole tag."""
        return rows.filter(tag_line__contains=f",{value.strip().casefold()},")

    def in_state(self, rows: QuerySet[Followed], name: str, value: str) -> QuerySet[Followed]:
        """Those where that holds now."""
        if value == "disputed":
            return rows.filter(disputed=True)
        if value == "stale":
            return rows.filter(vendor__in=StatusPage.objects.exclude(fault="").values("vendor"))
        return rows.filter(vendor__in=open_now().values("page__vendor"))

    def put_away(self, rows: QuerySet[Followed], name: str, value: bool) -> QuerySet[Followed]:
        """Those put away instead of those shown (chosen before the filters run)."""
        return rows

    def sorted_by(self, rows: QuerySet[Followed], name: str, value: str) -> QuerySet[Followed]:
        """In that order; what is not known stands last either way."""
        name = value.removeprefix("-")
        field = _SAID[name] if name in _SAID else F(SORTS[name])
        order = field.desc(nulls_last=True) if value.startswith("-") else field.asc(nulls_last=True)
        return rows.order_by(order, "vendor__name", "pk")


def listed(query: Any) -> FollowedFilter:
    """The filter over the workspace's vendors for that query string; `.qs` are its rows, without documents. One query when read."""
    rows = Followed.objects.all()
    rows = rows.exclude(archived_at=None).with_newest() if _is_true(query.get("away")) else rows.shown()
    return FollowedFilter(query, queryset=rows)


def _is_true(text: str | None) -> bool:
    return (text or "").casefold() in ("true", "1", "on")


def open_now() -> QuerySet[Incident]:
    """Incidents that no read of their page has seen end, of pages that are read: in a finished record nothing is open now."""
    return Incident.objects.filter(
        resolved_at=None, document__end_known="open", gone_at=None, page__watch__due_at__isnull=False
    )


NO_IMPACT = "none-stated"


def incidents_of(vendor: Vendor, *, q: str = "", impact: str = "", is_open: bool = False) -> QuerySet[Incident]:
    """The incidents on the vendor's pages: those with that in their title, of that impact, still going on. "" asks nothing."""
    rows = Incident.objects.filter(page__vendor=vendor)
    query = q[:LONGEST_QUERY].replace("\0", "").strip()
    if query:
        rows = rows.filter(document__title__icontains=query)
    if impact in IMPACTS or impact == NO_IMPACT:
        rows = rows.filter(impact=None if impact == NO_IMPACT else impact)
    return rows.filter(pk__in=open_now().values("pk")) if is_open else rows


@dataclass(frozen=True, slots=True)
class Line:
    """One vendor of the list. Hours and points as stored; None: not known. `trend`: (when, total, method), in order."""

    followed: Followed
    used_for: tuple[str, ...]
    trend: tuple[Point, ...]
    last_incident_at: datetime | None
    open: bool
    stale: bool

    @property
    def row(self) -> AssessmentRow:
        """The newest assessment."""
        return self.followed.newest

    @property
    def spark(self) -> str:
        """Its totals as a small picture."""
        return sparkline(self.trend, SCREEN, width=96, height=24, key=self.followed.vendor.slug)

    @property
    def rto(self) -> str:
        """The RTO in words."""
        return duration(self.row.rto_hours)


def lines(rows: Iterable[Followed], used_for: dict[str, tuple[str, ...]]) -> list[Line]:
    """Those rows with what is shown beside them. Four queries, however many rows. `used_for`: services of the plan by vendor slug."""
    rows = list(rows)
    vendors = [row.vendor_id for row in rows]
    newest = Incident.objects.filter(page=OuterRef("pk")).order_by("-started_at").values("started_at")[:1]
    last: dict[int, datetime] = {}
    stale: set[int] = set()
    pages = StatusPage.objects.filter(vendor__in=vendors).annotate(last=Subquery(newest))
    for vendor, at, fault in pages.values_list("vendor", "last", "fault"):
        if at is not None:
            last[vendor] = max(at, last.get(vendor, at))
        if fault:
            stale.add(vendor)
    is_open = set(open_now().filter(page__vendor__in=vendors).values_list("page__vendor", flat=True))
    trend: dict[int, list[Point]] = {}
    place = Window(RowNumber(), partition_by="vendor", order_by=("-as_of", "-pk"))
    told = AssessmentRow.objects.filter(vendor__in=vendors).alias(place=place).filter(place__lte=TREND_POINTS)
    for vendor, *point in told.order_by("as_of", "pk").values_list("vendor", "as_of", "value", "method_version"):
        trend.setdefault(vendor, []).append(tuple(point))
    return [
        Line(
            followed=row, used_for=used_for.get(row.vendor.slug, ()), trend=tuple(trend.get(row.vendor_id, ())),
            last_incident_at=last.get(row.vendor_id), open=row.vendor_id in is_open, stale=row.vendor_id in stale,
        )
        for row in rows
    ]  # fmt: skip


def categories() -> list[str]:
    """The categories of the vendors shown, in order. One query."""
    found = Followed.objects.filter(archived_at=None).values_list("vendor__category", flat=True)
    return sorted(found.order_by().distinct())


def rated() -> bool:
    """Whether anybody stated a criticality, so that there is something to narrow by. One query."""
    return Followed.objects.filter(archived_at=None).exclude(criticality="").exists()


def tags() -> list[str]:
    """Every tag in use, in order. One query."""
    found = Followed.objects.filter(archived_at=None).exclude(tag_line="").values_list("tag_line", flat=True)
    return sorted({tag for line in found.order_by().distinct() for tag in line.split(",") if tag})
