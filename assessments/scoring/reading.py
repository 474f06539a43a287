"""The words of a record, read once: each update with the elements it states. Pure."""

from __future__ import annotations

import functools
from datetime import datetime

import msgspec

from assessments.scoring.words import Measured, measure
from vendors.records import Incident, Update, VendorFacts


def read_words(facts: VendorFacts) -> VendorFacts:
    """The facts with `elements`, `canned` and `promised_at` on every update whose text was given, its text kept.

    The names of the page's components, and those the incident itself names, are told to the engine. Where the language
    has no rules `elements` stays None: unknown, never zero. Facts that carry elements already are left as they are.
    Cost: about 0.1 ms for each text not read before.
    """
    if not any(update.text and update.elements is None for one in facts.incidents for update in one.updates):
        return facts
    listed = {page.url: tuple(part.name for part in page.components) for page in facts.pages}
    return msgspec.structs.replace(
        facts,
        incidents=tuple(
            read_incident(incident, listed.get(incident.page, ()), facts.vendor.name) for incident in facts.incidents
        ),
    )


def read_incident(incident: Incident, listed: tuple[str, ...], vendor: str) -> Incident:
    """One incident of `read_words`. `listed`: the names of its page's components."""
    names = _names(incident, listed)
    updates = tuple(
        update if update.text is None or update.elements is not None else _told(update, _found(update, names, vendor))
        for update in incident.updates
    )
    return msgspec.structs.replace(incident, updates=updates)


def measured(update: Update, incident: Incident, listed: tuple[str, ...], vendor: str) -> Measured:
    """What `read_incident` read in the words of one post of the incident, with their places in its text."""
    return _found(update, _names(incident, listed), vendor)


def _names(incident: Incident, listed: tuple[str, ...]) -> tuple[str, ...]:
    return listed if set(incident.components) <= set(listed) else (*listed, *incident.components)


def _found(update: Update, names: tuple[str, ...], vendor: str) -> Measured:
    return _measure(update.text or "", names, update.posted_at, vendor)


def _told(update: Update, found: Measured) -> Update:
    if found.points is None:
        return update
    return msgspec.structs.replace(
        update,
        elements=tuple(found.elements),
        canned=found.canned,
        promised_at=update.promised_at or found.promised_at,
    )


@functools.lru_cache(maxsize=20_000)
def _measure(text: str, names: tuple[str, ...], posted_at: datetime, vendor: str) -> Measured:
    return measure(text, names, posted_at=posted_at, vendor=vendor)
