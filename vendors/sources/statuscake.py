"""StatusCake public reports: tests with a word for their state. No incident is listed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from vendors.records import PageState
from vendors.sources.base import About, Endpoint, Raw, SourceChanged, on_host
from vendors.sources.hosted import HostedPage
from vendors.sources.own import Reading
from vendors.sources.pagedata import rows_in
from vendors.sources.shapes import typed

STATES: dict[str, PageState] = {"up": "ok", "down": "issue"}
HANDLER = "https://app.statuscake.com/Workfloor/PublicReportHandler.php"


class _Test(Struct):
    name: str
    status: str = ""


class _Report(Struct):
    tests: list[Any]
    title: str = ""


@dataclass(slots=True)
class CakeReading(Reading):
    """The states of the tests."""

    states: set[PageState] = field(default_factory=set)
    lists_open: bool = False

    def take(self, body: bytes, what: str) -> None:
        """Read the report."""
        report = typed(body, _Report, what)
        known = len(self.ledger.quarantined)
        rows = rows_in([_lower(test) for test in report.tests], _Test, f"{what} tests", self.ledger.quarantined)
        if report.tests and not rows:
            raise SourceChanged(f"{what} holds tests of another shape than StatusCake's")
        self.name = report.title
        self.unread += len(self.ledger.quarantined) - known
        for test in rows:
            self.part(test.name)
            self.states.add(STATES.get(test.status.lower(), "unknown"))

    def banner(self) -> PageState:
        """Well only where every test is up."""
        if "issue" in self.states:
            return "issue"
        return "ok" if self.states == {"ok"} else "unknown"


def _lower(row: Any) -> Any:
    """The row with its names in lower case: the product has changed their case before."""
    return {str(key).lower(): value for key, value in row.items()} if isinstance(row, dict) else row


class StatusCake(HostedPage):
    """Reads a public report of StatusCake."""

    id = "statuscake"
    name = "StatusCake"
    reading = CakeReading
    about = About(
        kind="product",
        tested="written",
        reads="PublicReportHandler.php?PublicID=<id>",
        depth="the present",
        start="no",
        impact="no",
        automated="all of it",
        hosts=("statuscake.com",),
        traps="the report has no history",
        probed=False,
    )

    def recognise(self, raw: Raw) -> float:
        """0.9 for a report from its own host by its keys; 0 elsewhere, since other software names tests too."""
        head = raw.body[:50_000].lower()
        own = on_host(raw.final_url or raw.url, self.about.hosts)
        return 0.9 if raw.status < 400 and own and b'"tests"' in head and b'"status"' in head else 0.0

    def base_of(self, url: str) -> str | None:
        """The report's own address, for one that carries its id."""
        if not on_host(url, self.about.hosts):
            return None
        named = parse_qs(urlsplit(url).query).get("PublicID") or parse_qs(urlsplit(url).query).get("publicid")
        return f"{HANDLER}?PublicID={named[0]}" if named and named[0].isascii() and named[0].isalnum() else None

    def endpoints(self, page_url: str) -> tuple[Endpoint, ...]:
        """The report."""
        return (Endpoint(name="report", url=page_url, required=True),)


STATUSCAKE = StatusCake()
