"""One event told on several pages of a vendor, counted once. Pure.

Vendors with a page per product post one incident on several of them, under other ids. Two tellings are taken for one event
if they stand on different pages, bear the same title and were first posted within half an hour of each other; what is
only alike is left apart, because merging two outages hides one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from vendors.records import Incident

WITHIN = timedelta(minutes=30)  # docs/limits.md: between the first posts of one event on two pages


def counted_once(incidents: Sequence[Incident]) -> tuple[Incident, ...]:
    """The incidents with every event once, in the order of their first telling.

    The telling with the most posts stands for the event; the components of all are joined, and `also` names the others.
    Cost: one sort; linear otherwise. Idempotent.
    """
    if len({incident.page for incident in incidents}) < 2:
        return tuple(incidents)
    by_title: dict[str, list[Incident]] = {}
    for incident in sorted(incidents, key=lambda i: (_posted(i), i.page, i.id)):
        by_title.setdefault(" ".join(incident.title.casefold().split()), []).append(incident)
    merged: dict[tuple[str, str], Incident | None] = {}
    for title, tellings in by_title.items():
        for group in _groups(tellings) if title else ([one] for one in tellings):
            first, *others = sorted(group, key=lambda i: (-len(i.updates), _posted(i), i.page, i.id))
            merged[(first.page, first.id)] = _joined(first, others) if others else first
            merged |= {(other.page, other.id): None for other in others}
    return tuple(kept for one in incidents if (kept := merged[(one.page, one.id)]) is not None)


def _groups(tellings: list[Incident]) -> list[list[Incident]]:
    """Tellings of one event each: the first that is near enough and has none of that page yet takes it up."""
    groups: list[list[Incident]] = []
    for incident in tellings:
        for group in reversed(groups):
            near = _posted(incident) - _posted(group[0]) <= WITHIN
            if near and all(other.page != incident.page for other in group):
                group.append(incident)
                break
        else:
            groups.append([incident])
    return groups


def _joined(first: Incident, others: list[Incident]) -> Incident:
    parts = (*first.components, *(part for other in others for part in other.components))
    also = (*first.also, *(other.url or other.page for other in others))
    return msgspec.structs.replace(first, components=tuple(dict.fromkeys(parts)), also=tuple(dict.fromkeys(also)))


def _posted(incident: Incident) -> datetime:
    return incident.first_posted_at or incident.started_at
