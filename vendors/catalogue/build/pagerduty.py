"""PagerDuty's status page: the whole record is JSON inside one script element of the page."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from lxml import html
from msgspec import Struct, convert

from vendors.catalogue.build.captures import Captured
from vendors.catalogue.build.rows import Draft, Post, Reading, names, phase
from vendors.records import IMPACT_ORDER, Component, Impact
from vendors.sources.base import SourceChanged

PAGE = "https://status.pagerduty.com"
_IMPACTS: dict[str, Impact] = {"all_good": "none", "minor": "minor", "major": "major", "outage": "critical"}


class _Service(Struct):
    name: str


class _Update(Struct):
    reported_at: datetime
    severity: str
    status: str
    message: str
    next_update_in_ms: int | None = None
    impacted_business_services: list[_Service] = []


class _Postmortem(Struct):
    reported_at: datetime
    message: str


class _Incident(Struct):
    id: str
    updates: list[_Update]
    postmortem: _Postmortem | None = None


class _Part(Struct):
    id: str
    name: str
    is_active: bool = True


class _Summary(Struct):
    open_incidents: list[_Incident]
    resolved_incidents: list[_Incident]
    post_status_page_services: list[_Part]


def summary_of(captured: Captured) -> _Summary:
    """The record inside the page. Raises SourceChanged when the element is not there."""
    elements = html.fromstring(captured.body).xpath("//script[@id='data']")
    if len(elements) != 1:
        raise SourceChanged("the page holds no data element: it is no PagerDuty status page of 2023")
    return convert(msgspec.json.decode(elements[0].text)["summary"], _Summary)


def components_of(captured: Captured) -> tuple[Component, ...]:
    """The services listed on the page, active ones."""
    return tuple(
        Component(id=part.id, name=part.name)
        for part in summary_of(captured).post_status_page_services
        if part.is_active
    )


def read(reading: Reading, captured: Captured) -> None:
    """Add the open and the resolved incidents of the page. The capture shows no address of a single incident."""
    reading.sources.append(captured.note("the record inside the captured page"))
    summary = summary_of(captured)
    reading.drafts.extend(_draft(item, is_open=True) for item in summary.open_incidents)
    reading.drafts.extend(_draft(item, is_open=False) for item in summary.resolved_incidents)


def _draft(item: _Incident, *, is_open: bool) -> Draft:
    updates = sorted(item.updates, key=lambda update: update.reported_at)
    worst = max((_IMPACTS[update.severity] for update in updates), key=IMPACT_ORDER.index)
    ended = [update.reported_at for update in updates if update.status == "resolved"]
    posts = [
        Post(
            posted_at=update.reported_at,
            state=phase(update.status),
            text=update.message,
            promised_at=_promise(update),
        )
        for update in updates
    ]
    if item.postmortem is not None:
        posts.append(Post(posted_at=item.postmortem.reported_at, state="postmortem", text=item.postmortem.message))
    return Draft(
        id=item.id,
        impact=worst,
        raw_impact=next(update.severity for update in updates if _IMPACTS[update.severity] == worst),
        started_at=updates[0].reported_at,
        resolved_at=None if is_open or not ended else ended[-1],
        end_known="open" if is_open else "stated" if ended else "unknown",
        components=names(part.name for update in updates for part in update.impacted_business_services),
        posts=tuple(posts),
        postmortem_url=PAGE if item.postmortem else None,  # told on the page itself
    )


def _promise(update: _Update) -> datetime | None:
    """The page states in figures when the next update is due."""
    if not update.next_update_in_ms or update.status == "resolved":
        return None
    return update.reported_at + timedelta(milliseconds=update.next_update_in_ms)
