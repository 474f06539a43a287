"""Atlassian Statuspage: by far the commonest product. Formats, section 1."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from vendors.records import Observation, Page, PageState, Window
from vendors.sources.base import Endpoint, Parsed, Raw, SourceChanged
from vendors.sources.statuspage.atom import parse_atom
from vendors.sources.statuspage.convert import Rows, components
from vendors.sources.statuspage.history import add_history, is_past_the_end
from vendors.sources.statuspage.wire import WireAnswer, decode_answer, decode_history, decode_lines

CAP = 50  # /incidents.json serves the newest fifty, whatever is asked
HISTORY_PAGES = 24  # six years of quarters: as far as a forecast looks
HYDRATED = 40  # incidents beyond the cap whose updates are fetched one by one in a single read
_STATES: dict[str, PageState] = {
    "none": "ok",
    "minor": "issue",
    "major": "issue",
    "critical": "issue",
    "maintenance": "maintenance",
}
_HOSTS = ("statuspage.io", "status.atlassian.com", "metastatuspage.com")


class Statuspage:
    """Reads any page of the product, and single saved answers of its endpoints."""

    id = "statuspage"
    name = "Atlassian Statuspage"

    def recognise(self, raw: Raw) -> float:
        """1 for a page of its own hosts, 0.9 for its API's answer, 0.8 for its feed or home page, else 0."""
        body = raw.body[:200_000]
        host = urlsplit(raw.final_url or raw.url).hostname or ""
        if any(host == known or host.endswith(f".{known}") for known in _HOSTS):
            return 1.0
        if body.lstrip()[:1] == b"{" and b'"page"' in body and (b'"indicator"' in body or b'"incident' in body):
            return 0.9
        if b":Incident/" in body and b"www.w3.org/2005/Atom" in body[:1000]:
            return 0.8
        return 0.8 if b"subscriptions.statuspage.io" in body or b"dka575ofm4ao0.cloudfront.net" in body else 0.0

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """What a full read asks first."""
        base = page_url.rstrip("/")
        return (
            Endpoint(name="summary", url=f"{base}/api/v2/summary.json", required=True),
            Endpoint(name="incidents", url=f"{base}/api/v2/incidents.json", required=True),
            Endpoint(name="scheduled-maintenances", url=f"{base}/api/v2/scheduled-maintenances.json"),
            Endpoint(name="atom", url=f"{base}/history.atom"),
            Endpoint(name="history-1", url=f"{base}/history.json?page=1"),
        )

    def more(self, page_url: str, documents: Mapping[str, Raw]) -> tuple[Endpoint, ...]:
        """The next older quarter, until the page began; then the single incidents that only history has told of."""
        base = page_url.rstrip("/")
        pages = sorted(int(name.removeprefix("history-")) for name in documents if name.startswith("history-"))
        if not pages:
            return ()
        last = documents[f"history-{pages[-1]}"]
        try:
            ended = is_past_the_end(decode_history(last.body, last.url))
        except SourceChanged:
            return ()
        if not ended and pages[-1] < HISTORY_PAGES:
            number = pages[-1] + 1
            return (Endpoint(name=f"history-{number}", url=f"{base}/history.json?page={number}"),)
        return self._single_incidents(base, documents)

    def _single_incidents(self, base: str, documents: Mapping[str, Raw]) -> tuple[Endpoint, ...]:
        if any(name.startswith("incident-") for name in documents):
            return ()
        told = {i.id for name in ("incidents", "summary") if name in documents for i in _incidents(documents[name])}
        codes = []
        for name in documents:
            if name.startswith("history-"):
                for month in decode_history(documents[name].body, name).months:
                    codes += [
                        w.code for w in month.incidents if w.code not in told and w.impact in ("major", "critical")
                    ]
        return tuple(
            Endpoint(name=f"incident-{code}", url=f"{base}/api/v2/incidents/{code}.json")
            for code in list(dict.fromkeys(codes))[:HYDRATED]
            if code.isalnum()
        )

    def parse(self, page_url: str, documents: Mapping[str, Raw], *, as_of: datetime) -> Parsed:
        """Everything the answers tell, each incident once. Raises SourceChanged if a required one is something else."""
        rows, told = Rows(), WireAnswer()
        feed_name = ""
        order = sorted(documents, key=lambda name: (name.startswith("history-"), name == "atom", name))
        answered: list[str] = []
        for name in order:
            raw = documents[name]
            if name.startswith("history-"):
                zone = told.page.time_zone if told.page else None
                add_history(decode_history(raw.body, raw.url), page_url, rows, as_of=as_of, page_zone=zone)
            elif name == "atom":
                feed_name = _add_feed(raw, page_url, rows, as_of)
            elif name == "lines":
                for wire in decode_lines(raw.body, raw.url):
                    rows.add(wire, page_url, as_of=as_of)
            else:
                answer = decode_answer(raw.body, raw.url)
                _take(answer, told)
                for wire in [*(answer.incidents or ()), *(answer.scheduled_maintenances or ()), *_one(answer)]:
                    rows.add(wire, page_url, as_of=as_of)
            answered.append(name)
        page = _page(page_url, told, feed_name, rows)
        return Parsed(
            page=page,
            window=_window(rows, documents, as_of),
            incidents=tuple(rows.incidents.values()),
            maintenances=tuple(rows.maintenances.values()),
            observations=_observations(page_url, documents, answered, rows, as_of),
            quarantined=tuple(rows.quarantined),
        )


def _one(answer: WireAnswer) -> tuple:  # type: ignore[type-arg]
    return () if answer.incident is None else (answer.incident,)


def _incidents(raw: Raw) -> list:  # type: ignore[type-arg]
    return decode_answer(raw.body, raw.url).incidents or []


def _take(answer: WireAnswer, told: WireAnswer) -> None:
    """Keep what the page says of itself: the first answer that says it wins."""
    for field in ("page", "status", "components"):
        if getattr(told, field) is None:
            setattr(told, field, getattr(answer, field))


def _add_feed(raw: Raw, page_url: str, rows: Rows, as_of: datetime) -> str:
    """The feed's incidents where the API has not told them: the API knows impact and components, the feed does not."""
    feed = Rows()
    name = parse_atom(raw.body, page_url, feed, as_of=as_of)
    for identity, incident in feed.incidents.items():
        rows.incidents.setdefault(identity, incident)
    for identity, maintenance in feed.maintenances.items():
        rows.maintenances.setdefault(identity, maintenance)
    if not rows.incidents:
        rows.quarantined += feed.quarantined
    return name


def _page(page_url: str, told: WireAnswer, feed_name: str, rows: Rows) -> Page:
    state: PageState = _STATES.get(told.status.indicator, "unknown") if told.status else "unknown"
    host = urlsplit(page_url).hostname or page_url
    return Page(
        url=page_url,
        platform=Statuspage.id,
        name=(told.page.name if told.page else "") or feed_name or host,
        access="public",
        state=state,
        components=components(told.components or ()),
    )


def _window(rows: Rows, documents: Mapping[str, Raw], as_of: datetime) -> Window:
    """What this read covers, and why it stops there."""
    starts = [incident.started_at for incident in rows.incidents.values()]
    oldest = min(starts, default=None)
    histories = [name for name in documents if name.startswith("history-")]
    if histories:
        last = max(histories, key=lambda name: int(name.removeprefix("history-")))
        if is_past_the_end(decode_history(documents[last].body, last)):
            return Window(
                start=oldest, end=as_of, complete=True, reason="the page's history was read back to its beginning"
            )
        reach = as_of - timedelta(days=91.31 * len(histories))
        start = min(reach, oldest) if oldest else reach
        return Window(
            start=start, end=as_of, complete=True, reason=f"{len(histories)} quarters of the page's history were read"
        )
    if "incidents" in documents:
        count = len(_incidents(documents["incidents"]))
        if count == CAP:
            return Window(
                start=oldest, end=as_of, complete=True, reason=f"the page's list stops at its newest {CAP} incidents"
            )
        return Window(
            start=oldest,
            end=as_of,
            complete=True,
            reason=f"all {count} incidents the page lists, fewer than its cap of {CAP}",
        )
    if "atom" in documents:
        return Window(start=oldest, end=as_of, complete=True, reason="the feed holds the newest 25 entries")
    if "lines" in documents:
        return Window(
            start=oldest, end=as_of, complete=False, reason="a saved list of incidents; how it was cut is not known"
        )
    return Window(
        start=None, end=None, complete=False, reason="only the present was read: unresolved incidents, no history"
    )


def _observations(
    page_url: str, documents: Mapping[str, Raw], answered: list[str], rows: Rows, as_of: datetime
) -> tuple[Observation, ...]:
    """What the read itself shows of the page's openness."""
    api = next(
        (documents[n] for n in answered if n not in ("atom", "lines") and documents[n].url.startswith("http")), None
    )
    feed = documents.get("atom")
    found = [Observation(check="access", outcome="pass", observed_at=as_of, value="public", url=page_url)]
    if api is not None:
        found.append(
            Observation(
                check="machine-readable-feed", outcome="pass", observed_at=as_of, value="JSON", url=api.url,
                note="A JSON interface answers without a key.",
            )
        )  # fmt: skip
    elif feed is not None:
        found.append(
            Observation(
                check="machine-readable-feed", outcome="partial", observed_at=as_of, value="Atom", url=feed.url,
                note="An Atom feed answers; no JSON was seen.",
            )
        )  # fmt: skip
    starts = [i.started_at for i in rows.incidents.values()]
    if starts and any(name.startswith("history-") or name in ("incidents", "atom") for name in answered):
        days = round((as_of - min(starts)) / timedelta(days=1))
        found.append(
            Observation(check="history-reach", outcome="pass", observed_at=as_of, value=float(days), url=page_url)
        )
    return tuple(found)
