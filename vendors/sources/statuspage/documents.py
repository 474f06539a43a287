"""Reading a set of answers: every answer to the same wire objects, and what span each of them covers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from vendors.sources.base import Quarantined, Raw, SourceChanged
from vendors.sources.shapes import ROWS_CAP
from vendors.sources.statuspage.collected import decode_collected, looks_collected
from vendors.sources.statuspage.history import is_past_the_end, lost_its_page, reaches_back_to, read_history
from vendors.sources.statuspage.home import Home
from vendors.sources.statuspage.wire import (
    WireAnswer,
    WireBanner,
    WireComponent,
    WireIncident,
    WirePage,
    decode,
    decode_lines,
)
from vendors.sources.zones import page_zone

CORE = ("summary", "status", "components", "incidents", "unresolved", "scheduled-maintenances")
NEEDED = {
    "summary": "incidents",
    "status": "status",
    "components": "components",
    "incidents": "incidents",
    "unresolved": "incidents",
    "scheduled-maintenances": "scheduled_maintenances",
}
LIST_CAP = 50  # /incidents.json: the newest fifty, whatever is asked
FEED_CAP = 25  # /history.atom


@dataclass(frozen=True, slots=True)
class Span:
    """What one answer covers on its own: from `start` (None: nothing) to the time of reading, and why it stops there.

    `final`: it tells where the page itself begins, so no other answer can reach further.
    """

    start: datetime | None
    complete: bool
    reason: str
    final: bool = False


@dataclass(slots=True)
class Told:
    """What all answers tell, not yet merged. `copies` holds every telling of an incident under its id."""

    page: WirePage | None = None
    banner: WireBanner | None = None
    home: Home | None = None
    feed_name: str = ""
    page_urls: list[str] = field(default_factory=list)
    components: dict[str, WireComponent] = field(default_factory=dict)
    copies: dict[str, list[WireIncident]] = field(default_factory=dict)
    announced: set[str] = field(default_factory=set)
    spans: list[Span] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    faults: list[Quarantined] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    archive: dict[int, WireAnswer] = field(default_factory=dict)  # the pages of /history.json, by their number

    def add(self, wires: list[WireIncident] | None, *, announced: bool = False) -> None:
        """Take down one telling of each incident."""
        for wire in wires or ():
            copies = self.copies.get(wire.id)
            if copies is None:
                self.copies[wire.id] = [wire]
            else:
                copies.append(wire)
            if announced:
                self.announced.add(wire.id)


def read_all(documents: Mapping[str, Raw], as_of: datetime) -> Told:
    """What the answers tell, read in an order that does not depend on theirs.

    Raises SourceChanged if one that the page always serves is something else, or if none can be read at all. An archive
    page, feed or home page that cannot be read is noted and left out: the record is shorter, never better, without it.
    """
    told = Told()
    problems: list[str] = []
    for name in sorted(documents, key=_reading_order):
        raw = documents[name]
        if raw.status >= 400:
            told.faults.append(Quarantined(where=raw.url or name, reason=f"answered with status {raw.status}"))
            problems.append(f"{raw.url or name} answered with status {raw.status}")
            continue
        try:
            _read(told, name, raw, as_of)
        except SourceChanged as fault:
            if name in CORE or name in ("document", "lines") or len(documents) == 1:
                raise
            told.faults.append(Quarantined(where=raw.url or name, reason=str(fault)))
            problems.append(str(fault))
            continue
        told.read.append(name)
    if not told.read:
        raise SourceChanged(problems[0] if problems else "no address of the page answered")
    if len(told.copies) > ROWS_CAP:
        raise SourceChanged(f"the answers hold {len(told.copies)} incidents, more than the {ROWS_CAP} any page has")
    _span_of_archive(told, as_of)
    return told


def own_zone(told: Told) -> tzinfo | None:
    """The page's own zone as far as the answers read so far tell it."""
    return page_zone(told.page.time_zone) if told.page is not None else None


def _reading_order(name: str) -> tuple[int, int, str]:
    """The API first (it tells the zone), then the archive by page, the feed, the home page."""
    if name.startswith("history-"):
        return 2, _page_number(name), name
    return {"summary": 0, "atom": 3, "home": 4}.get(name, 1), 0, name


def _page_number(name: str) -> int:
    digits = name.removeprefix("history-")
    return int(digits) if digits.isascii() and digits.isdigit() else 0


def _read(told: Told, name: str, raw: Raw, as_of: datetime) -> None:
    what = raw.url or name
    if name == "home":
        _read_home(told, raw, what, as_of)
    elif name == "atom":
        _read_feed(told, raw, what)
    elif name == "lines":
        collected = looks_collected(raw.body)
        answer, faults = decode_collected(raw.body, what) if collected else decode_lines(raw.body, what)
        told.faults += faults
        told.page = told.page or answer.page
        told.add(answer.incidents)
        told.spans.append(_span_of_lines(answer.incidents or []))
    else:
        answer, faults = decode(raw.body, what)
        needed = NEEDED.get(name)
        if needed is not None and getattr(answer, needed) is None and not _is_bare_summary(name, answer):
            raise SourceChanged(f"{what} is JSON, but has no `{needed}`, which this address always serves")
        told.faults += faults
        if name.startswith("history-"):
            if answer.months is None:
                raise SourceChanged(f"{what} is JSON, but has no `months`, which the archive always has")
            if lost_its_page(raw, _page_number(name)):
                raise SourceChanged(f"{what} was answered by another page of the archive: a redirect drops the number")
            told.archive[_page_number(name)] = answer
        _take(told, name, answer, what)


def _is_bare_summary(name: str, answer: WireAnswer) -> bool:
    return name == "summary" and answer.status is not None and answer.page is not None


def _take(told: Told, name: str, answer: WireAnswer, what: str) -> None:
    page = answer.page or (answer.page_status.page if answer.page_status else None)
    if page is not None:
        if page.updated_at is not None:
            told.times.append(page.updated_at)
        if told.page is None or not told.page.name:
            told.page = page
    told.banner = told.banner or answer.status
    for component in answer.components or ():
        if component.id and answer.months is None:
            told.components.setdefault(component.id, component)
    told.add(answer.incidents)
    told.add(answer.scheduled_maintenances, announced=True)
    if answer.incident is not None:
        told.add([answer.incident])
        told.spans.append(Span(None, False, "single incidents were read: they say nothing of others"))
    if answer.months is not None:
        told.add(read_history(answer, what, own_zone(told), told.faults))
    if _is_the_list(name, what, answer):
        told.spans.append(_span_of_list(answer, told.components))


def _is_the_list(name: str, what: str, answer: WireAnswer) -> bool:
    """Whether this is the list of past incidents, rather than of the unresolved ones alone."""
    if name in ("summary", "unresolved") or answer.incidents is None or answer.status is not None:
        return False
    if name == "incidents":
        return True
    path = what.split("?", 1)[0]
    return not path.endswith("unresolved.json") and any(i.resolved_at is not None for i in answer.incidents)


def _span_of_list(answer: WireAnswer, parts: Mapping[str, WireComponent]) -> Span:
    incidents = answer.incidents or []
    posted = [at for i in incidents if (at := i.created_at or i.started_at) is not None]
    oldest = min(posted, default=None)
    count = len(incidents)
    if count == LIST_CAP:
        return Span(oldest, True, f"the page's list stops at its newest {LIST_CAP} incidents")
    if count > LIST_CAP:
        return Span(
            oldest,
            False,
            f"{count} incidents, more than the {LIST_CAP} a page lists: how they were gathered is not known",
        )
    births = [part.created_at for part in parts.values() if part.created_at is not None]
    start = min([*births, *posted], default=None)
    if start is None:
        return Span(None, False, "the page lists no incident and does not say since when it exists")
    since = "the oldest of its components" if births and start == min(births) else "the oldest of them"
    word = "incident" if count == 1 else "incidents"
    return Span(
        start, True, f"all {count} {word} the page lists, fewer than its cap of {LIST_CAP}; counted from {since}"
    )


def _span_of_lines(incidents: list[WireIncident]) -> Span:
    times = [at for i in incidents if (at := i.first_seen or i.created_at or i.started_at) is not None]
    times += [
        u.display_at for i in incidents for u in i.incident_updates or () if u.display_at and u.created_at is None
    ]
    count = len(incidents)
    return Span(min(times, default=None), False, f"a saved list of {count} rows; what it leaves out is not known")


def _read_feed(told: Told, raw: Raw, what: str) -> None:
    from vendors.sources.statuspage.atom import read_feed

    feed = read_feed(raw.body, what, own_zone(told))
    told.feed_name = feed.name
    told.faults += feed.faults
    told.times += [feed.updated_at] if feed.updated_at is not None else []
    told.page_urls += [feed.page_url] if feed.page_url else []
    told.add(feed.incidents)
    starts = [u.display_at for i in feed.incidents for u in i.incident_updates or () if u.display_at is not None]
    count = len(feed.incidents) + len(feed.faults)
    reason = (
        f"the feed holds the newest {FEED_CAP} entries" if count >= FEED_CAP else f"all {count} entries of the feed"
    )
    told.spans.append(Span(min(starts, default=None), bool(starts), reason))


def _read_home(told: Told, raw: Raw, what: str, as_of: datetime) -> None:
    from vendors.sources.statuspage.home import read_home

    home = told.home = read_home(raw.body, what, own_zone(told), as_of)
    told.faults += home.faults
    told.times += [home.made_at] if home.made_at is not None else []
    told.page_urls += [home.page_url] if home.page_url else []
    for component in home.components:
        if component.id:
            told.components.setdefault(component.id, component)
    told.add(home.incidents)
    told.add(home.scheduled, announced=True)
    if home.inactive:
        told.spans.append(Span(None, False, "the page is deactivated: nothing of it can be read"))
    elif home.days:
        told.spans.append(Span(home.first_day, True, f"the home page lists {home.days} days"))


def _span_of_archive(told: Told, as_of: datetime) -> None:
    """The span of the archive's pages as far as they follow each other without a gap."""
    number, start, ended = 1, None, False
    while (answer := told.archive.get(number)) is not None:
        if is_past_the_end(answer):
            ended = True
            break
        start = reaches_back_to(answer)
        number += 1
    if start is None or start > as_of:
        return
    if ended:
        told.spans.append(Span(start, True, "the page's archive was read back to its beginning", final=True))
    else:
        quarters = f"{number - 1} quarters" if number > 2 else "quarter"
        told.spans.append(Span(start, True, f"the newest {quarters} of the page's archive were read"))


def newest(told: Told, times: list[datetime], as_of: datetime) -> datetime | None:
    """The newest time the answers state, not after `as_of`: they cannot have been made before it. None if they state none."""
    latest = max((at for at in (*told.times, *times) if at <= as_of), default=None)
    return None if latest is None else latest.astimezone(UTC).replace(microsecond=0)
