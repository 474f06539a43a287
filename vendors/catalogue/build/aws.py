"""AWS's data.json (retired in 2023): one event per service and region; its clocks are read by the source."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import Struct, convert

from vendors.catalogue.build.captures import Captured
from vendors.catalogue.build.rows import Draft, Post, Reading, names
from vendors.sources.aws import IMPACTS, phase_of
from vendors.sources.aws_clock import posts_in, stated_window
from vendors.sources.base import Quarantined


class _Event(Struct):
    service: str
    service_name: str
    summary: str
    date: str
    status: str | int
    description: str


def read(reading: Reading, captured: Captured) -> None:
    """Add every event; one whose clocks cannot be dated is set aside."""
    reading.sources.append(captured.note("union of archive[] and current[] over snapshots of data.json"))
    for row in captured.lines():
        event = convert(row, _Event)
        told = list(posts_in(event.description, datetime.fromtimestamp(int(event.date), UTC)))
        if not told:
            reading.set_aside.append(Quarantined(where=f"{event.service}/{event.date}", reason="no post can be dated"))
            continue
        reading.drafts.append(_draft(event, told))


def _draft(event: _Event, told: list[tuple[datetime, str]]) -> Draft:
    over = "[RESOLVED]" in event.summary
    window = stated_window(told)
    started, ended = told[0][0], told[-1][0] if over else None
    stated = False
    if window is not None and window[0] <= started:
        stated = started - window[0] > timedelta(0)
        started, ended = window[0], window[1] if over else ended
    posts = [Post(posted_at=at, state=phase_of(n, len(told), over), text=text) for n, (at, text) in enumerate(told)]
    return Draft(
        id=f"{event.service}-{event.date}",
        impact=IMPACTS.get(str(event.status)),
        raw_impact=str(event.status),
        started_at=started,
        start_stated=stated,
        resolved_at=ended,
        end_known="stated" if over else "unknown",
        components=names([event.service_name]),
        posts=tuple(posts),
    )
