"""Days of the record: ninety bars, and a calendar of two years. Days are cut in UTC."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from assessments.report.charts.svg import HATCH, line, path, picture, rect, text
from assessments.report.tokens import Theme
from vendors.records import IMPACT_ORDER, Incident, Window

DAY = timedelta(days=1)
_SHADES = ("clear", "minor", "major", "critical", "not stated")


@dataclass(frozen=True, slots=True)
class Day:
    """One day: hours with an incident (overlaps once), the worst impact, and whether the record covers it.

    `impact` is None where nothing happened or none is stated; `stated` tells the two apart.
    """

    day: date
    hours: float
    impact: str | None
    stated: bool
    covered: bool


def days_of(incidents: Iterable[Incident], window: Window, *, end: date, count: int) -> list[Day]:
    """The `count` days up to and including `end`, oldest first. Notices (impact none) do not count as hours."""
    first = end - (count - 1) * DAY
    spans: dict[date, list[tuple[datetime, datetime]]] = {}
    worst: dict[date, str | None] = {}
    limit = datetime.combine(end, time(tzinfo=UTC)) + DAY
    for incident in incidents:
        if incident.impact == "none":
            continue
        until = incident.resolved_at or (limit if incident.end_known == "open" else incident.started_at)
        day = max(incident.started_at.date(), first)
        while day <= min(until.date(), end):
            midnight = datetime.combine(day, time(tzinfo=UTC))
            spans.setdefault(day, []).append((max(incident.started_at, midnight), min(until, midnight + DAY)))
            worst[day] = _worse(worst[day], incident.impact) if day in worst else incident.impact
            day += DAY
    rows = []
    for number in range(count):
        day = first + number * DAY
        rows.append(
            Day(day, _union_hours(spans.get(day, [])), worst.get(day), worst.get(day) is not None, _covers(window, day))
        )
    return rows


def ninety(days: list[Day], theme: Theme, *, width: float = 700, height: float = 84) -> str:
    """One bar a day: height is the share of the day with an incident, fill the worst impact, hatched where not covered."""
    step = width / len(days)
    floor = height - 18
    body = []
    for number, day in enumerate(days):
        x = number * step
        if not day.covered:
            body.append(rect(x, 0, step - 1, floor, HATCH))
            continue
        body.append(rect(x, floor - 3, step - 1, 3, theme.quiet))
        if day.hours > 0 or day.stated:
            tall = 6 + (floor - 10) * min(day.hours / 24, 1)
            body.append(
                rect(
                    x,
                    floor - tall,
                    step - 1,
                    tall,
                    theme.impact(day.impact),
                    stroke=theme.ink if day.impact == "critical" else "none",
                )
            )
        if day.day.day == 1:
            body.append(line(x, floor, x, floor + 4, theme.muted))
            body.append(text(x + 2, height - 3, f"{day.day:%b %Y}", theme.muted, size=10))
    hit = sum(day.hours > 0 for day in days if day.covered)
    covered = sum(day.covered for day in days)
    title = f"{hit} of the {covered} covered days up to {days[-1].day:%d %B %Y} had an incident"
    return picture(
        width,
        height,
        title,
        "Bar height: share of the day affected. Hatched: the record does not cover the day.",
        "".join(body),
    )


def calendar(days: list[Day], theme: Theme, *, cell: float = 6.4) -> str:
    """Weeks across, weekdays down; one path per shade, so that two years cost five shapes."""
    start = days[0].day - timedelta(days=days[0].day.weekday())
    cells: dict[str, list[str]] = {}
    body = []
    counts = dict.fromkeys(_SHADES, 0)
    for day in days:
        week, weekday = divmod((day.day - start).days, 7)
        x, y = 26 + week * cell, 14 + weekday * cell
        shade = _shade(day)
        if shade in counts:
            counts[shade] += 1
        cells.setdefault(shade, []).append(f"M{x:.1f} {y:.1f}h{cell - 1:.1f}v{cell - 1:.1f}h-{cell - 1:.1f}z")
        if day.day.day == 1 and day.day.month in (1, 4, 7, 10):
            body.append(text(x, 9, f"{day.day:%b %y}", theme.muted, size=9))
    fills = {
        "clear": theme.quiet, "minor": theme.impact_minor, "major": theme.impact_major, "critical": theme.impact_critical,
        "not stated": theme.unknown, "not covered": HATCH,
    }  # fmt: skip
    for shade, shapes in cells.items():
        body.append(path("".join(shapes), fill=fills[shade]))
    for name, row in (("Mon", 0), ("Wed", 2), ("Fri", 4)):
        body.append(text(0, 14 + row * cell + cell - 1.5, name, theme.muted, size=8))
    weeks = (days[-1].day - start).days // 7 + 1
    told = ", ".join(f"{count} {shade}" for shade, count in counts.items() if count)
    title = f"Two years day by day: {told}" if told else "Two years day by day: not covered by the record"
    return picture(
        26 + weeks * cell,
        14 + 7 * cell + 2,
        title,
        "One square a day, coloured by the worst impact of that day.",
        "".join(body),
    )


def _shade(day: Day) -> str:
    if not day.covered:
        return "not covered"
    if day.impact is not None:
        return day.impact if day.impact != "none" else "clear"
    return "not stated" if day.hours > 0 else "clear"


def _worse(one: str | None, other: str | None) -> str | None:
    """The worse of two impacts; an unstated one counts below a stated one."""
    known = [impact for impact in (one, other) if impact is not None]
    return max(known, key=lambda impact: IMPACT_ORDER.index(impact)) if known else None  # type: ignore[arg-type]


def _union_hours(spans: list[tuple[datetime, datetime]]) -> float:
    total, reach = timedelta(), None
    for begin, end in sorted(spans):
        if reach is not None:
            begin = max(begin, reach)
        if end > begin:
            total += end - begin
        reach = max(reach, end) if reach is not None else end
    return total / timedelta(hours=1)


def _covers(window: Window, day: date) -> bool:
    if window.start is None or window.end is None:
        return False
    return window.start.date() <= day <= window.end.date()
