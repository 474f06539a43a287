"""Days of the record: ninety bars, a calendar of two years, and a strip of weeks. Days are cut in UTC."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from assessments.report.charts.svg import HATCH, HATCH_DARK, box, hover, legend, line, path, picture, text
from assessments.report.tokens import SCREEN, Theme
from riskboard.locales import FULL, MONTH, MONTH_ALONE, N_, _, figure, when
from vendors.records import IMPACT_ORDER, Incident, Window

DAY = timedelta(days=1)
SHADES = ("clear", "minor", "major", "critical", "not stated", "not covered")
LABELS = {
    "clear": N_("nothing published"), "minor": N_("minor"), "major": N_("major"), "critical": N_("critical"),
    "not stated": N_("impact not stated"), "not covered": N_("not covered by the record"),
}  # fmt: skip
_INSET = {"minor": 0.24, "major": 0.1}  # share left free on each side of a day: size tells severity without colour


@dataclass(frozen=True, slots=True)
class Day:
    """One day: hours with an incident (overlaps once), the worst impact, and whether the record covers it.

    `impact` is None where nothing happened or none is stated; `hours` and `stated` tell the two apart.
    """

    day: date
    hours: float
    impact: str | None
    stated: bool
    covered: bool

    @property
    def shade(self) -> str:
        """Which of SHADES it is."""
        if not self.covered:
            return "not covered"
        if self.impact is not None and self.impact != "none":
            return self.impact
        return "not stated" if self.hours > 0 else "clear"


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
    return [
        Day(day, _union_hours(spans.get(day, [])), worst.get(day), worst.get(day) is not None, _covers(window, day))
        for day in (first + number * DAY for number in range(count))
    ]


def fills(theme: Theme) -> dict[str, str]:
    """The fill of each shade."""
    return {
        "clear": theme.quiet, "minor": theme.impact_minor, "major": theme.impact_major, "critical": theme.impact_critical,
        "not stated": HATCH_DARK, "not covered": HATCH,
    }  # fmt: skip


def ninety(days: list[Day], theme: Theme, *, width: float = 700, height: float = 132, key: str = "") -> str:
    """One bar a day: height is the share of the day with an incident, fill the worst impact, hatched where not covered."""
    left, floor, top = 34.0, height - 38, 6.0
    step = (width - left) / len(days)
    body, told = [], ""
    for hours in (0, 12, 24):
        y = floor - (floor - top) * hours / 24
        body.append(line(left, y, width, y, theme.line, width=0.7))
        body.append(text(left - 5, y + 3.2, f"{hours} h", theme.muted, size=9, anchor="end"))
    shapes: dict[str, list[str]] = {}
    for number, day in enumerate(days):
        x, shade = left + number * step, day.shade
        tall = floor - top if shade == "not covered" else 2.0
        if shade not in ("clear", "not covered"):
            tall = max(4.0, (floor - top) * min(day.hours / 24, 1))
        shapes.setdefault(shade, []).append(box(x + 0.5, floor - tall, step - 1, tall))
        told += _hovered(day, x, top, step, floor - top, theme)
        if day.day.day == 1:
            body.append(line(x, floor, x, floor + 5, theme.muted))
            if x < width - 50:
                body.append(text(x + 3, floor + 12, when(day.day, MONTH), theme.muted, size=9))
    body += [path("".join(shapes[shade]), fill=fills(theme)[shade]) for shade in SHADES if shade in shapes]
    body.append(told)
    seen = [s for s in SHADES[1:] if s in shapes]
    body.append(legend(left, height - 3, [(fills(theme)[s], "none", _(LABELS[s])) for s in seen], theme))
    title = _ninety_title(days)
    description = _(
        "One bar a day. Bar height: hours of the day with an incident. Hatched: the record does not cover the day."
    )
    return picture(width, height, title, description, "".join(body), theme=theme, key=key)


def _hovered(day: Day, x: float, y: float, width: float, height: float, theme: Theme) -> str:
    """What a pointer is told on a page where something happened that day; "" elsewhere, and on paper."""
    if theme is not SCREEN or day.shade in ("clear", "not covered"):
        return ""
    said = f"{when(day.day, FULL)}: {_(LABELS[day.shade])}, {figure(day.hours, '.1f')} h"
    return hover(x, y, width, height, said)


def _ninety_title(days: Sequence[Day]) -> str:
    hit = sum(day.hours > 0 for day in days if day.covered)
    covered, until = sum(day.covered for day in days), when(days[-1].day, FULL)
    if not covered:
        return _("The record covers none of the {days} days up to {until}", days=len(days), until=until)
    if covered == len(days):
        return _("{hit} of the {days} days up to {until} had an incident", hit=hit, days=len(days), until=until)
    return _("{hit} of the {covered} covered days up to {until} had an incident", hit=hit, covered=covered, until=until)


def calendar(days: list[Day], theme: Theme, *, cell: float = 12.4, years: int = 2, key: str = "") -> str:
    """Weeks across, weekdays down, one block a year above the other; one path per shade."""
    blocks = [list(days[len(days) * n // years : len(days) * (n + 1) // years]) for n in range(years)]
    shapes: dict[str, list[str]] = {}
    body, told, top, widest = [], "", 0.0, 0.0
    for block in blocks:
        start = block[0].day - timedelta(days=block[0].day.weekday())
        for name, row in ((_("Mon"), 0), (_("Wed"), 2), (_("Fri"), 4)):
            body.append(text(0, top + 14 + row * cell + cell * 0.72, name, theme.muted, size=8.5))
        for day in block:
            week, weekday = divmod((day.day - start).days, 7)
            x, y, shade = 28 + week * cell, top + 14 + weekday * cell, day.shade
            widest = max(widest, x + cell)
            inset = _INSET.get(shade, 0.0) * (cell - 1.2)
            if inset:
                shapes.setdefault("clear", []).append(box(x, y, cell - 1.2, cell - 1.2))
            shapes.setdefault(shade, []).append(
                box(x + inset, y + inset, cell - 1.2 - 2 * inset, cell - 1.2 - 2 * inset)
            )
            told += _hovered(day, x, y, cell, cell, theme)
            if day.day.day == 1 and x < 28 + 50 * cell:
                body.append(
                    text(x, top + 9, when(day.day, MONTH if day.day.month == 1 else MONTH_ALONE), theme.muted, size=8.5)
                )
        top += 14 + 7 * cell + 8
    body += [path("".join(shapes[shade]), fill=fills(theme)[shade]) for shade in SHADES if shade in shapes]
    body.append(told)
    counts = Counter(day.shade for day in days)
    numbers = [f"{counts[shade]} {_(LABELS[shade])}" for shade in SHADES if counts[shade]]
    body.append(
        legend(
            28,
            top + 10,
            [(fills(theme)[s], "none", f"{_(LABELS[s])} ({counts[s]})") for s in SHADES if counts[s]],
            theme,
        )
    )
    title = _(
        "{days} days up to {until}: {told}", days=len(days), until=when(days[-1].day, FULL), told=", ".join(numbers)
    )
    description = _(
        "One square a day, by the worst impact of that day: small minor, larger major, full critical. Columns are weeks."
    )
    return picture(widest, top + 14, title, description, "".join(body), theme=theme, key=key)


def calendar_rows(days: Sequence[Day]) -> list[tuple[str, int]]:
    """The figures of the calendar: (shade in words, days)."""
    counts = Counter(day.shade for day in days)
    return [(_(LABELS[shade]), counts[shade]) for shade in SHADES if counts[shade]]


def day_rows(days: Sequence[Day]) -> list[tuple[str, str, str]]:
    """The figures of the bars: (day, hours, shade in words), days with something to say only."""
    return [(when(day.day), figure(day.hours, ".1f"), _(LABELS[day.shade])) for day in days if day.shade != "clear"]


def weeks(days: list[Day], theme: Theme, *, width: float = 700, height: float = 74, key: str = "") -> str:
    """One bar a week: height by the hours of the week with an incident (root scale), fill the worst impact."""
    groups = [days[max(0, n - 7) : n] for n in range(len(days), 0, -7)][::-1]
    floor, step = height - 16, width / len(groups)
    shapes: dict[str, list[str]] = {}
    body = [line(0, floor, width, floor, theme.ink, width=0.8)]
    for number, group in enumerate(groups):
        covered = [day for day in group if day.covered]
        shade = max((day.shade for day in covered), key=_rank, default="not covered")
        hours = sum(day.hours for day in covered)
        tall = floor * 0.2 if shade == "not covered" else floor * min(hours / 168, 1) ** 0.5
        if shade != "clear":
            shapes.setdefault(shade, []).append(
                box(number * step + 0.6, floor - max(tall, 2), step - 1.2, max(tall, 2))
            )
    body += [path("".join(shapes[shade]), fill=fills(theme)[shade]) for shade in SHADES if shade in shapes]
    body.append(text(0, height - 3, when(days[0].day, MONTH), theme.muted, size=9))
    body.append(text(width, height - 3, when(days[-1].day, MONTH), theme.muted, size=9, anchor="end"))
    hit = sum(any(day.hours > 0 for day in group if day.covered) for group in groups)
    title = _(
        "{hit} of {weeks} weeks up to {until} had an incident",
        hit=hit,
        weeks=len(groups),
        until=when(days[-1].day, FULL),
    )
    description = _(
        "One bar a week. Height: hours with an incident, on a root scale. Colour: worst impact. Hatched: not covered."
    )
    return picture(width, height, title, description, "".join(body), theme=theme, key=key)


def _rank(shade: str) -> int:
    return ("clear", "not stated", "minor", "major", "critical").index(shade)


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
