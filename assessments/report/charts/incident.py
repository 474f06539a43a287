"""One incident to scale: silences shaded, updates as ticks, promises as flags, the RTO as a line."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from assessments.report.charts.svg import line, picture, rect, text
from assessments.report.tokens import Theme
from assessments.scoring.metrics import human_updates
from riskboard.durations import hours_text
from vendors.records import Incident

SILENCE = timedelta(minutes=60)  # source: method, section 4.1 (cover-60)


def strip(incident: Incident, theme: Theme, *, rto_hours: float, as_of: datetime, width: float = 700) -> str:
    """From the claimed start to the end (or `as_of` while open). A hollow tick is a stock phrase."""
    updates = human_updates(incident)
    end = incident.resolved_at or max([as_of, *(u.posted_at for u in updates)])
    start = min([incident.started_at, *(u.posted_at for u in updates)])
    span = max(end - start, timedelta(minutes=1))

    def x(at: datetime) -> float:
        return 8 + (width - 16) * min(max((at - start) / span, 0), 1)

    top, tall = 22.0, 26.0
    body = [rect(x(incident.started_at), top, x(end) - x(incident.started_at), tall, theme.impact(incident.impact))]
    stops = [incident.started_at, *(u.posted_at for u in updates if u.posted_at <= end), end]
    for before, after in pairwise(stops):
        if after - before > SILENCE:
            body.append(
                rect(
                    x(before + SILENCE),
                    top,
                    x(after) - x(before + SILENCE),
                    tall,
                    theme.muted,
                )
            )
    for update in updates:
        at = x(update.posted_at)
        fill = theme.ground if update.canned else theme.ink
        body.append(line(at, top - 6, at, top + tall + 6, theme.ink, width=1.4))
        body.append(f'<circle cx="{at:.1f}" cy="{top - 8:.1f}" r="3.4" fill="{fill}" stroke="{theme.ink}"/>')
        if update.promised_at is not None:
            flag = x(update.promised_at)
            body.append(line(flag, top + tall, flag, top + tall + 12, theme.accent, width=1.4, dash="2 2"))
    limit = incident.started_at + timedelta(hours=rto_hours)
    if start < limit < end:
        body.append(line(x(limit), 4, x(limit), top + tall + 14, theme.grade_e, width=1.6, dash="5 3"))
        body.append(text(x(limit) + 4, 11, f"RTO {hours_text(rto_hours)}", theme.ink, size=10, weight=600))
    body.append(text(8, top + tall + 26, f"{start:%d %b %Y %H:%M} UTC", theme.muted, size=10))
    body.append(text(width - 8, top + tall + 26, f"{end:%d %b %Y %H:%M} UTC", theme.muted, size=10, anchor="end"))
    title = f"{incident.title}: {hours_text(span / timedelta(hours=1))}, {len(updates)} updates"
    return picture(
        width,
        top + tall + 32,
        title,
        "Ticks: updates, hollow where stock phrases. Dark: more than an hour without news. Dashed: promised times.",
        "".join(body),
    )
