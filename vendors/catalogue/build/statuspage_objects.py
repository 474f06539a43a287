"""Complete Statuspage v2 incident objects, one per line: resolved ones too, with the resolution as stated."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import re2

from vendors.catalogue.build.captures import Captured
from vendors.catalogue.build.rows import Draft, Post, Reading, plain
from vendors.catalogue.build.statuspage_snapshots import StatuspageIncident, decode, draft_of, maintenance_of
from vendors.records import Phase

_PACKED = re2.compile(r"(?s)<li><strong>(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)</strong> - (.*?)</li>")


def read(reading: Reading, files: list[Captured], remark: str | None = None) -> None:
    """Add every incident of the files to the reading; those the page itself calls maintenance are kept apart."""
    for captured in files:
        reading.sources.append(captured.note(remark))
        for row in captured.lines():
            item = decode(row)
            if item.impact == "maintenance":
                reading.maintenances.append(maintenance_of(item, reading.page.url))
            else:
                reading.drafts.append(full_draft(item, reading.page.url))


def full_draft(item: StatuspageIncident, page: str) -> Draft:
    """One incident; an imported one (several posts packed into one body) is unpacked first."""
    packed = _packed_posts(item)
    draft = draft_of(item, page)
    return draft if packed is None else _unpacked(draft, packed)


def _packed_posts(item: StatuspageIncident) -> list[tuple[datetime, str]] | None:
    """The (time, words) pairs of a packed body, oldest first; None for an ordinary incident. Times there are UTC."""
    if len(item.incident_updates) != 1:
        return None
    found = _PACKED.findall(item.incident_updates[0].body or "")
    if not found:
        return None
    return sorted((datetime.fromisoformat(when).replace(tzinfo=UTC), plain(words)) for when, words in found)


def _unpacked(draft: Draft, packed: list[tuple[datetime, str]]) -> Draft:
    """An incident carried over from an earlier page: its posts are as dated in the body.

    The carried-over object was created years later, and sets start and end to the same time; so the last of several
    posts is the end, one alone tells no end, and when it first became public is not known from this page.
    """
    last = len(packed) - 1
    posts = tuple(
        Post(posted_at=when, state=_packed_phase(n, last), text=words) for n, (when, words) in enumerate(packed)
    )
    return replace(
        draft,
        started_at=min(draft.started_at, packed[0][0]),
        start_stated=False,
        resolved_at=packed[-1][0] if last else None,
        end_known="stated" if last else "unknown",
        posts=posts,
        published=False,
        backfilled=True,
    )


def _packed_phase(position: int, last: int) -> Phase:
    if position == last and last:
        return "resolved"
    return "update" if position else "investigating"
