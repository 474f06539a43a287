"""One incident to scale: silences shaded, updates as ticks, promises as flags, the RTO as a line."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from assessments.report.charts.svg import circle, legend, line, path, picture, rect, text
from assessments.report.tokens import Theme
from assessments.scoring.communication import human_updates
from riskboard.locales import MINUTE, _, duration, ngettext, when
from vendors.records import Incident, Update

SILENCE = timedelta(minutes=60)  # source: method, section 4.1 (cover-60)
SLACK = timedelta(minutes=5)  # source: method, section 4.1 (promises-kept)
HOUR = timedelta(hours=1)
_STEPS = (0.25, 0.5, 1, 2, 4, 6, 12, 24, 48, 72, 168, 336, 720)
_MOST_TICKS = 400  # more updates than that are one grey band anyway


def strip(
    incident: Incident, theme: Theme, *, rto_hours: float, as_of: datetime, width: float = 700, key: str = ""
) -> str:
    """From the claimed start to the end (or `as_of` while open). A hollow tick is a stock phrase."""
    updates = sorted(human_updates(incident), key=lambda update: update.posted_at)[:_MOST_TICKS]
    end = max([incident.resolved_at or as_of, *(u.posted_at for u in updates if incident.resolved_at is None)])
    start = min([incident.started_at, *(u.posted_at for u in updates)])
    span = max(end - start, timedelta(minutes=1))

    def x(at: datetime) -> float:
        return 8 + (width - 16) * min(max((at - start) / span, 0), 1)

    top, tall = 46.0, 26.0
    body = [rect(x(incident.started_at), top, x(end) - x(incident.started_at), tall, theme.impact(incident.impact))]
    body += [
        rect(x(before + SILENCE), top + 4, x(after) - x(before + SILENCE), tall - 8, theme.muted)
        for before, after in silences(incident, updates, end)
    ]
    limit = incident.started_at + timedelta(hours=rto_hours)
    if start < limit < end:
        body.append(line(x(limit), 14, x(limit), top + tall + 8, theme.grade_e, width=1.6, dash="5 3"))
        side = "end" if x(limit) > width * 0.75 else "start"
        at, label = x(limit) + (4 if side == "start" else -4), _("your RTO {rto}", rto=duration(rto_hours))
        body.append(text(at, 12, label, theme.ink, size=10.5, anchor=side, weight=600))
    for update in updates:
        at = x(update.posted_at)
        body.append(line(at, top - 8, at, top + tall, theme.ink, width=1.1))
        body.append(circle(at, top - 11, 3.2, theme.ground if update.canned else theme.ink, stroke=theme.ink))
        if update.promised_at is not None and start <= update.promised_at:
            body.append(_flag(x(update.promised_at), top + tall, theme, kept=_kept(update, updates, as_of)))
    body.append(_axis(incident, x, end, top + tall + 16, theme))
    swatches = [
        (theme.muted, "none", _("more than an hour without news")),
        (theme.ink, theme.ink, _("an update")),
        (theme.ground, theme.ink, _("a stock phrase")),
    ]
    if any(update.promised_at for update in updates):
        swatches += [
            (theme.accent, theme.accent, _("promised time, kept")),
            (theme.ground, theme.accent, _("not kept")),
        ]
    body.append(legend(8, top + tall + 50, swatches, theme))
    silent = sum(((after - before - SILENCE) for before, after in silences(incident, updates, end)), timedelta())
    length = duration((end - incident.started_at) / HOUR)
    title = ngettext(
        "{length} long, {n} updates, {silent} beyond an hour without news",
        "{length} long, {n} updates, {silent} beyond an hour without news",
        len(updates), length=length, silent=duration(silent / HOUR),
    )  # fmt: skip
    description = _(
        "To scale from the claimed start. Dots: updates, hollow where stock phrases. "
        "Dark: more than an hour without news. Flags: promised times."
    )
    return picture(width, top + tall + 54, title, description, "".join(body), theme=theme, key=key)


def silences(incident: Incident, updates: list[Update], end: datetime) -> list[tuple[datetime, datetime]]:
    """Stretches of more than an hour without an update, from the claimed start to the end: (since, until)."""
    stops = [incident.started_at, *(u.posted_at for u in updates if incident.started_at <= u.posted_at <= end), end]
    return [(before, after) for before, after in pairwise(stops) if after - before > SILENCE]


def rows(incident: Incident, *, as_of: datetime) -> list[tuple[str, str, str, str]]:
    """The figures of the strip: (posted, minutes since the last, kind, promised next)."""
    found, last = [], incident.started_at
    for update in sorted(human_updates(incident), key=lambda update: update.posted_at):
        kind = {True: _("stock phrase"), False: _("written for the event"), None: _("not measured")}[update.canned]
        gap = max(0.0, (update.posted_at - last) / timedelta(minutes=1))
        promise = "" if update.promised_at is None else when(update.promised_at, MINUTE)
        found.append((when(update.posted_at, MINUTE), f"{gap:.0f}", kind, promise))
        last = update.posted_at
    return found


def _kept(update: Update, updates: list[Update], as_of: datetime) -> bool | None:
    """Whether the next update came by the promised time; None while that has not come."""
    assert update.promised_at is not None
    following = next((later.posted_at for later in updates if later.posted_at > update.posted_at), None)
    if following is None:
        return False if as_of > update.promised_at + SLACK else None
    return following <= update.promised_at + SLACK


def _flag(at: float, foot: float, theme: Theme, *, kept: bool | None) -> str:
    """A pennant below the bar: filled kept, hollow and broken when late, hollow while undecided."""
    pole = line(at, foot, at, foot + 11, theme.accent, width=1.2, dash="2 2" if kept is False else "")
    cloth = f"M{at:.2f} {foot + 11:.2f}l7 -2.6l-7 -2.6z"
    return pole + path(cloth, fill=theme.accent if kept else theme.ground, stroke=theme.accent)


def _axis(incident: Incident, x, end: datetime, y: float, theme: Theme) -> str:  # type: ignore[no-untyped-def]
    """Hours since the claimed start, in a step that leaves at most nine labels, and the two times in full."""
    hours = max((end - incident.started_at) / HOUR, 0.05)
    step = next((s for s in _STEPS if hours / s <= 8), hours / 8)
    body = [line(x(incident.started_at), y, x(end), y, theme.line)]
    for number in range(int(hours / step) + 1):
        at = x(incident.started_at + number * step * HOUR)
        body.append(line(at, y, at, y + 4, theme.muted))
        if 0 < number * step < hours * 0.92:
            body.append(text(at, y + 13, duration(number * step), theme.muted, size=9, anchor="middle"))
    body.append(text(x(incident.started_at), y + 13, "0", theme.muted, size=9))
    body.append(text(x(end), y + 13, duration(hours), theme.muted, size=9, anchor="end"))
    return "".join(body)
