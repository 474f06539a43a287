"""Atlassian Statuspage, by far the commonest product, and the pages that answer its API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from vendors.records import Access, Page, PageState, Window
from vendors.sources.base import NOWHERE, About, Endpoint, Parsed, Raw, Reader, SourceChanged
from vendors.sources.plaintext import short
from vendors.sources.shapes import kind_of
from vendors.sources.statuspage.collected import looks_collected
from vendors.sources.statuspage.convert import Rows, components, readable_names
from vendors.sources.statuspage.documents import Told, newest, read_all
from vendors.sources.statuspage.history import first_day, is_past_the_end, lost_its_page
from vendors.sources.statuspage.home import looks_like_home
from vendors.sources.statuspage.merge import merged
from vendors.sources.statuspage.wire import WireAnswer, decode

HISTORY_PAGES = 40  # docs/limits.md: ten years of quarters, as far as any page of this product reaches
HYDRATED = 50  # docs/limits.md: incidents beyond the list whose updates are fetched one by one in a single read
COMPATIBLE = "statuspage-compatible"  # the platform of a page that answers this API without being this product
PRESENT_ONLY = "only the present was read: what is unresolved or announced, no history"
LONG_AGO = datetime.min.replace(tzinfo=UTC)

_STATES: dict[str | None, PageState] = {
    "none": "ok",
    "minor": "issue",
    "major": "issue",
    "critical": "issue",
    "maintenance": "maintenance",
}
_HOSTS = ("statuspage.io", "status.atlassian.com", "metastatuspage.com")


class Statuspage(Reader):
    """Reads a page from any set of its answers, and any single saved one."""

    id = "statuspage"
    name = "Atlassian Statuspage"
    about = About(
        kind="product",
        tested="captures",
        reads="/api/v2/*.json, /history.json by quarter, single incidents, Atom or RSS, the home page in HTML",
        depth="the newest 50 incidents; with /history.json back to the page's beginning",
        start="`started_at`, set by the vendor; else the first post",
        impact="none, minor, major, critical",
        hosts=_HOSTS,
        traps="the feed's `published` is the last post; `created_at` can be edited; a deactivated page answers 200",
        terms="the JSON interface is public and keyless",
    )

    def recognise(self, raw: Raw) -> float:
        """How sure we are: 0.95 for an answer only this product gives, 0.4 for a look-alike of its API, 0 for others.

        A host of the product adds nothing where the answer is none of its own: such hosts also serve error pages.
        """
        if raw.status >= 400 or not raw.body:
            return 0.0
        kind = kind_of(raw.body)
        if kind == "home":
            return 0.95 if looks_like_home(raw.body) else 0.0
        if kind == "atom":
            marks = (b":Incident/" in raw.body, b"/incidents/" in raw.body and b"data-var=" in raw.body)
            return 0.9 if any(marks) else 0.5 if b"Incident History" in raw.body[:2000] else 0.0
        if kind == "lines":
            return 0.5 if b'"incident_updates"' in raw.body[:100_000] or looks_collected(raw.body) else 0.0
        try:
            answer, _ = decode(raw.body, raw.url)
        except SourceChanged:
            return 0.0
        return _sureness(answer, raw)

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """What a full read asks first."""
        base = page_url.rstrip("/")
        return (
            Endpoint(name="summary", url=f"{base}/api/v2/summary.json", required=True),
            Endpoint(name="incidents", url=f"{base}/api/v2/incidents.json", required=True),
            Endpoint(name="scheduled-maintenances", url=f"{base}/api/v2/scheduled-maintenances.json"),
            Endpoint(name="history-1", url=f"{base}/history.json?page=1"),
            Endpoint(name="atom", url=f"{base}/history.atom"),
            Endpoint(name="home", url=f"{base}/"),
        )

    def more(self, page_url: str, documents: Mapping[str, Raw]) -> tuple[Endpoint, ...]:
        """The next older quarter until the archive ends; then the incidents whose updates no answer gave yet, newest first."""
        base = page_url.rstrip("/")
        number = 0
        archive: list[WireAnswer] = []
        while (raw := documents.get(f"history-{number + 1}")) is not None:
            number += 1
            answer = _archive_page(raw, number)
            if answer is None:
                break
            archive.append(answer)
            if number < HISTORY_PAGES and f"history-{number + 1}" not in documents:
                return (Endpoint(name=f"history-{number + 1}", url=f"{base}/history.json?page={number + 1}"),)
        return _single_incidents(base, archive, documents)

    def parse(self, page_url: str, documents: Mapping[str, Raw], *, as_of: datetime) -> Parsed:
        """Everything the answers tell, each incident once, ordered by start and id.

        `page_url` is the address the page was read at; "" or "about:unknown" for a saved answer, where the answer's own
        word is taken. Raises SourceChanged if an answer the page always gives is something else.
        """
        told = read_all(documents, as_of)
        known_url = page_url.startswith(("http://", "https://"))
        url = page_url if known_url else _own_address(told)
        parts = components(list(told.components.values()))
        rows = Rows(page_url=url, as_of=as_of, names=readable_names(parts), quarantined=list(told.faults))
        for identity, copies in told.copies.items():
            rows.take(merged(copies), announced=identity in told.announced)
        incidents = tuple(sorted(rows.incidents.values(), key=lambda i: (i.started_at, i.id)))
        stated_at = newest(told, _times(told, rows), as_of)
        page = Page(
            url=url,
            platform=self.id if _is_genuine(told, documents) else COMPATIBLE,
            name=_page_name(told, url),
            access=_access(told, known_url),
            state=_state(told),
            components=parts,
        )
        return Parsed(
            page=page,
            window=_window(told, as_of),
            incidents=incidents,
            maintenances=tuple(rows.maintenances[key] for key in sorted(rows.maintenances)),
            quarantined=tuple(sorted(rows.quarantined, key=lambda row: (row.where, row.reason))),
            stated_at=stated_at,
            lists_open=bool({"summary", "incidents", "unresolved", "home"} & set(told.read)),
        )


def _sureness(answer: WireAnswer, raw: Raw) -> float:
    """By the page object: this product's ids have twelve characters and its pages name their time zone."""
    page = answer.page or (answer.page_status.page if answer.page_status else None)
    host = urlsplit(raw.final_url or raw.url).hostname or ""
    own_host = any(host == known or host.endswith(f".{known}") for known in _HOSTS)
    if page is None:
        rows = [*(answer.incidents or ()), *([answer.incident] if answer.incident else ())]
        return 0.5 if answer.months or any(row.incident_updates is not None for row in rows) else 0.0
    if not _is_own_id(page.id):
        return 0.4 if page.id and page.name else 0.2
    return 0.95 if page.time_zone or own_host else 0.7


def _is_own_id(identity: str | None) -> bool:
    return (
        identity is not None
        and len(identity) == 12
        and identity.isascii()
        and identity.isalnum()
        and identity.islower()
    )


def _is_genuine(told: Told, documents: Mapping[str, Raw]) -> bool:
    """Whether the answers are this product's own; where none of them tells, they are taken to be."""
    if told.home is not None or told.page is None or told.page.id is None:
        return True
    return _is_own_id(told.page.id)


def _archive_page(raw: Raw, number: int) -> WireAnswer | None:
    """One page of the archive; None past its end, and where what answered is none."""
    if raw.status >= 400 or lost_its_page(raw, number):
        return None
    try:
        answer, _ = decode(raw.body, raw.url)
    except SourceChanged:
        return None
    return None if is_past_the_end(answer) else answer


def _single_incidents(base: str, archive: list[WireAnswer], documents: Mapping[str, Raw]) -> tuple[Endpoint, ...]:
    if not archive or any(name.startswith("incident-") for name in documents):
        return ()
    known: set[str] = set()
    for name in ("incidents", "summary"):
        if name in documents:
            try:
                answer, _ = decode(documents[name].body, name)
            except SourceChanged:
                continue
            known.update(i.id for i in answer.incidents or ())
    codes = [
        wire.code
        for answer in archive
        for month in sorted(answer.months or (), key=lambda month: first_day(month) or LONG_AGO, reverse=True)
        for wire in month.incidents
        if wire.code not in known and wire.impact != "maintenance" and wire.code.isascii() and wire.code.isalnum()
    ]
    wanted = list(dict.fromkeys(codes))[:HYDRATED]
    return tuple(Endpoint(name=f"incident-{code}", url=f"{base}/api/v2/incidents/{code}.json") for code in wanted)


def _own_address(told: Told) -> str:
    """The page's address by its own word; by its id where it gives none; else "about:unknown"."""
    stated = [told.page.url] if told.page is not None and told.page.url else []
    for url in [*stated, *told.page_urls]:
        parts = urlsplit(url.strip())
        if parts.scheme in ("http", "https") and parts.hostname and len(url) <= 500 and parts.username is None:
            return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    ids = {copy.page_id for copies in told.copies.values() for copy in copies if copy.page_id}
    identity = next(iter(ids)) if len(ids) == 1 else None
    return f"https://{identity}.statuspage.io" if identity is not None and _is_own_id(identity) else NOWHERE


def _page_name(told: Told, url: str) -> str:
    names = (told.page.name if told.page else None, told.feed_name, told.home.name if told.home else None)
    return next((short(name, 200) for name in names if name and short(name)), urlsplit(url).hostname or "unknown")


def _access(told: Told, known_url: bool) -> Access:
    if told.home is not None and told.home.inactive:
        return "none"
    return "public" if known_url or told.page is not None or told.home is not None or told.feed_name else "unknown"


def _state(told: Told) -> PageState:
    if told.banner is not None:
        return _STATES.get(told.banner.indicator, "unknown")
    return told.home.state if told.home is not None else "unknown"


def _times(told: Told, rows: Rows) -> list[datetime]:
    times = [update.posted_at for incident in rows.incidents.values() for update in incident.updates]
    times += [at for i in rows.incidents.values() for at in (i.started_at, i.first_posted_at, i.resolved_at) if at]
    times += [at for m in rows.maintenances.values() for at in (m.announced_at, m.completed_at) if at is not None]
    times += [
        at for copies in told.copies.values() for c in copies for at in (c.last_seen, c.gone_at, c.updated_at) if at
    ]
    return times


def _window(told: Told, as_of: datetime) -> Window:
    """The longest of what the answers cover; each of them reaches to the time of reading, none beyond the page's beginning."""
    reach = [span for span in told.spans if span.start is not None]
    if reach:
        best = min(reach, key=lambda span: (not span.final, not span.complete, span.start or as_of, span.reason))
        start = best.start or as_of
        return Window(
            start=min(start, as_of).replace(microsecond=0), end=as_of, complete=best.complete, reason=best.reason
        )
    reason = told.spans[0].reason if told.spans and told.banner is None else PRESENT_ONLY
    return Window(start=None, end=None, complete=False, reason=reason)


STATUSPAGE = Statuspage()
