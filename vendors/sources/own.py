"""What the sources of one vendor's own page share: one known address, documents read one by one, one page state.

Such a page has no product behind it that could be recognised elsewhere: whatever the document, it belongs to the one page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from vendors.records import Access, Component, Page, PageState, Window
from vendors.sources.base import NOWHERE, Endpoint, Parsed, Quarantined, Raw, Reader, SourceChanged, is_web, on_host
from vendors.sources.ledger import EARLIEST, Ledger
from vendors.sources.plaintext import short
from vendors.sources.shapes import ROWS_CAP, peek, rows_of, typed
from vendors.sources.stamps import epoch

Time = Annotated[datetime, Meta(tz=True)]  # a time without a zone makes its row unreadable
Moment = Time | int | float | None  # as some servers write it: text with a zone, or seconds or milliseconds
Number = Annotated[int, Meta(ge=0, le=2**63 - 1)]  # an id a database gives
COMPONENTS_CAP = 5_000  # docs/limits.md: parts of one page; the longest known list has 1,528
FIELDS_CAP = 200  # docs/limits.md: fields of one object that are looked at
PRESENT_ONLY = "only the present was read: what is going on now, no history"
_T = TypeVar("_T")
_U = TypeVar("_U")


@dataclass(slots=True)
class Reading:
    """One read of the page, document after document.

    `unread`: rows of a list of present events that cannot be read, so that an "all is well" beside them is not believed.
    `times`: every time the documents state. `components`: by id, in the order met. `url` and `name`: what the documents
    call the page, "" where they do not. `lists_open`: see `Parsed`.
    """

    ledger: Ledger
    unread: int = 0
    url: str = ""
    name: str = ""
    access: Access = "public"
    lists_open: bool = True
    times: list[datetime] = field(default_factory=list)
    components: dict[str, Component] = field(default_factory=dict)

    def take(self, body: bytes, what: str) -> None:
        """Read one document. Raises SourceChanged if it is none of the page's; `what` names it in the message."""
        raise NotImplementedError

    def finish(self) -> None:
        """Put into the ledger what several documents tell together."""

    def banner(self) -> PageState:
        """The state the page itself states; "unknown" if no document states one."""
        return "unknown"

    def window(self) -> Window:
        """What the documents cover."""
        return Window(start=None, end=None, complete=False, reason=PRESENT_ONLY)

    def part(self, name: str | None, group: str | None = None, *, identity: str | None = None) -> None:
        """Note a part of the service that the page names, under its id or, where it has none, its name."""
        label = short(name, 200)
        key = (identity or label)[:200]
        if key and label and key not in self.components and len(self.components) < COMPONENTS_CAP:
            self.components[key] = Component(id=key, name=label, group=short(group, 200) or None)

    def named(self, identities: Iterable[str | None]) -> list[str]:
        """The names of the parts with those ids; an id that the page does not list is left out."""
        return [self.components[i].name for i in identities if i is not None and i in self.components]

    def note(self, *times: datetime | None) -> None:
        """Keep what the document states of its own age."""
        self.times.extend(at for at in times if at is not None)


class OwnPage(Reader):
    """A vendor's own page. `home` is its canonical address, `vendor` the page's name; `reading` its kind of Reading."""

    id: str
    name: str
    home: str
    vendor: str
    reading: type[Reading]

    def base_of(self, url: str) -> str | None:
        """The page's one address for any address of its hosts, the API's included; None for other hosts."""
        return self.home if on_host(url, self.about.hosts) else None

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """What a full read asks; the first is the one that must be this page's."""
        raise NotImplementedError

    def parse(self, page_url: str, documents: Mapping[str, Raw], *, as_of: datetime) -> Parsed:
        """The record in the documents; see `Source.parse`.

        A document that is not this page's raises SourceChanged if it came alone or is the one always given; else it is
        left out and named in `quarantined`.
        """
        ledger = Ledger(page_url=page_url if is_web(page_url) else self.home, as_of=as_of)
        reading = self.reading(ledger)
        self._take_all(documents, reading)
        reading.finish()
        self.settle(reading)
        incidents, maintenances, quarantined = ledger.in_order()
        url = ledger.page_url
        if url == NOWHERE and (url := origin_of(reading.url)) != NOWHERE:
            incidents = tuple(msgspec.structs.replace(incident, page=url) for incident in incidents)
        page = Page(
            url=url,
            platform=self.id,
            name=self.vendor or short(reading.name, 200) or urlsplit(url).hostname or "unknown",
            access=reading.access,
            state=_state(reading),
            components=tuple(sorted(reading.components.values(), key=lambda part: part.id)),
        )
        return Parsed(
            page=page,
            window=reading.window(),
            incidents=incidents,
            maintenances=maintenances,
            quarantined=quarantined,
            stated_at=newest([*reading.times, *_times(ledger)], as_of),
            lists_open=reading.lists_open,
        )

    def settle(self, reading: Reading) -> None:
        """What is only known once every document was read."""

    def _take_all(self, documents: Mapping[str, Raw], reading: Reading) -> None:
        served = sorted((name, raw) for name, raw in documents.items() if raw.status < 400 and raw.status != 304)
        always = self.endpoints(self.home)[0].name
        faults: list[SourceChanged] = []
        for name, raw in served:
            what = raw.url or name
            try:
                reading.take(raw.body, what)
            except SourceChanged as fault:
                if name == always:
                    raise
                faults.append(fault)
                reading.ledger.keep_out(what, str(fault))
        if len(faults) == len(served):
            raise faults[0] if faults else SourceChanged(f"{self.vendor} gave no document that could be read")


def origin_of(url: str) -> str:
    """A web address without its query and last slash; NOWHERE for what is none, or carries a user name."""
    text = (url or "").strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return NOWHERE
    if not is_web(text) or len(text) > 500 or not parts.hostname or parts.username is not None:
        return NOWHERE
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _state(reading: Reading) -> PageState:
    """The banner, but never better than what is seen: with an incident open, or an event unread, nothing is "ok"."""
    banner = reading.banner()
    is_open = any(incident.end_known == "open" for incident in reading.ledger.incidents.values())
    if is_open and banner != "maintenance":
        return "issue"
    return "unknown" if banner == "ok" and reading.unread else banner


def _times(ledger: Ledger) -> Iterable[datetime]:
    for incident in ledger.incidents.values():
        yield incident.started_at
        if incident.resolved_at is not None:
            yield incident.resolved_at
        yield from (update.posted_at for update in incident.updates)
    for window in ledger.maintenances.values():
        yield from (at for at in (window.announced_at, window.completed_at) if at is not None)


class _Numbered(Struct):
    id: Number | str


def next_page(documents: Mapping[str, Raw], name: str, url_of: Callable[[int], str], most: int) -> tuple[Endpoint, ...]:
    """The page of a list that follows those answered, "incidents" then "incidents-2" and on; () when it is done.

    It is done after `most` pages, and after one that is empty, is no list, or repeats what is known: some servers give the
    same page for every number.
    """
    known: set[str] = set()
    for number in range(1, most + 1):
        key = name if number == 1 else f"{name}-{number}"
        raw = documents.get(key)
        if raw is None:
            return (Endpoint(name=key, url=url_of(number)),) if number > 1 else ()
        rows = None if raw.status >= 400 else peek(raw.body, list[_Numbered])
        ids = {str(row.id) for row in rows or ()}
        if ids <= known:
            return ()
        known |= ids
    return ()


def newest(times: Iterable[datetime], as_of: datetime) -> datetime | None:
    """The newest of the times that is not after `as_of`, in UTC to the second; None if there is none."""
    sound = [at for at in times if EARLIEST <= at <= as_of]
    return max(sound).astimezone(UTC).replace(microsecond=0) if sound else None


def oldest(times: Iterable[datetime | None], as_of: datetime) -> datetime | None:
    """The oldest of the times that can be true, in UTC to the second; None if there is none."""
    sound = [at for at in times if at is not None and EARLIEST <= at <= as_of]
    return min(sound).astimezone(UTC).replace(microsecond=0) if sound else None


def moment(value: datetime | float | None) -> datetime | None:
    """The time a server wrote as text with a zone or as a Unix time in (milli)seconds; None for one that is no time."""
    if value is None or isinstance(value, datetime):
        return value
    return epoch(f"{value:.0f}")


def instant(text: object) -> datetime | None:
    """The time in an ISO text with a zone, "+0000" included, or in a Unix time; None for anything else."""
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        return moment(text)
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        at = datetime.fromisoformat(text.strip())
        return at.astimezone(UTC) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def plainly(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The fields by their names in lower case without separators, so that startedAt and started_at are one; at most 200."""
    fields = list(attributes.items())[:FIELDS_CAP]
    return {"".join(c for c in name[:100].lower() if c.isalnum()): value for name, value in fields}


def text_under(told: Mapping[str, Any], *names: str) -> str:
    """The first text under one of the names; "" if there is none."""
    return next((value for name in names if isinstance(value := told.get(name), str)), "")


def either(body: bytes, whole: type[_T], pieces: type[_U], what: str) -> _T | _U:
    """The JSON as `whole`; where a field is of another type, as `pieces`, whose rows are still undecoded.

    Raises SourceChanged where it is neither. Cost: one decode, two only for a document with a fault in it.
    """
    try:
        return typed(body, whole, what)
    except SourceChanged as fault:
        if not isinstance(fault.__cause__, msgspec.ValidationError):
            raise
        return typed(body, pieces, what)


def readable(rows: list[Any], shape: type[_T], where: str, faults: list[Quarantined]) -> list[_T]:
    """The rows of `either`: decoded ones as they are, undecoded ones one by one; what cannot be is kept out.

    Raises SourceChanged if there are rows and none can be read: that is another shape, no empty list.
    """
    if len(rows) > ROWS_CAP:
        faults.append(Quarantined(where=where, reason=f"{len(rows)} rows; only the first {ROWS_CAP} are read"))
        rows = rows[:ROWS_CAP]
    if not rows or isinstance(rows[0], shape):
        return rows
    known = len(faults)
    good = rows_of(rows, shape, where, faults)
    if not good:
        raise SourceChanged(f"{where} holds {len(rows)} rows and none can be read: {faults[known].reason}")
    return good
