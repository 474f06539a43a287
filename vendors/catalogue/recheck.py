"""Asking the listed pages again which product serves them: politely, one after the other, and resumable.

`fetch`, the clock and the waiting are parameters: nothing here opens a socket by itself.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

import msgspec

from riskboard.errors import Refused
from vendors.catalogue.pages import KnownVendor
from vendors.discovery import Fetch, discover
from vendors.sources.base import Raw

LEAST_PACE = 1.0  # seconds between two requests: what a page's owner does not notice
Outcome = Literal["as listed", "another product", "none listed", "not recognised", "not reachable"]
OUTCOMES: dict[Outcome, str] = {
    "as listed": "recognised as the product listed",
    "another product": "recognised as another product than listed",
    "none listed": "recognised; the list names no product",
    "not recognised": "answered, and is no page that can be read",
    "not reachable": "did not answer with a page",
}
assert tuple(OUTCOMES) == get_args(Outcome)


class Result(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one page turned out to be. `recognised` is a source's id, None where none was; `detail` says why not."""

    slug: str
    url: str
    listed: str
    outcome: Outcome
    recognised: str | None
    page_url: str | None
    detail: str


@dataclass(slots=True)
class Paced:
    """A fetch that leaves `pace` seconds between the starts of two requests, and knows whether anything answered."""

    fetch: Fetch
    pace: float
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    answered: bool = False
    _next: float = field(default=float("-inf"))

    def __call__(self, url: str) -> Raw:
        """The answer, after its turn has come. Raises what the fetch raises."""
        wait = self._next - self.clock()
        if wait > 0:
            self.sleep(wait)
        self._next = self.clock() + self.pace
        raw = self.fetch(url)
        self.answered = self.answered or raw.status < 400
        return raw


def pages_of(vendors: Iterable[KnownVendor]) -> Iterator[tuple[str, str, str]]:
    """Slug, address and listed product of every page of those vendors."""
    for vendor in vendors:
        for page in vendor.pages:
            yield vendor.slug, page.url, page.platform


def check_page(slug: str, url: str, listed: str, fetch: Paced) -> Result:
    """What that page is now. Never raises Refused: what could not be had is a result too. At most 8 requests."""
    fetch.answered = False
    try:
        found = discover(url, fetch=fetch)
    except Refused as refusal:
        outcome: Outcome = "not recognised" if fetch.answered else "not reachable"
        return Result(
            slug=slug,
            url=url,
            listed=listed,
            outcome=outcome,
            recognised=None,
            page_url=None,
            detail=str(refusal)[:500],
        )
    name = found.source.id
    outcome = "as listed" if name == listed else "none listed" if listed in ("unknown", "own") else "another product"
    return Result(
        slug=slug, url=url, listed=listed, outcome=outcome, recognised=name, page_url=found.page_url, detail=""
    )


def read_progress(path: Path) -> tuple[Result, ...]:
    """The results a former run wrote; () without a file. A last line that was cut off is left out.

    Raises Refused where another line is broken: somebody changed the file.
    """
    if not path.is_file():
        return ()
    lines = path.read_bytes().split(b"\n")
    results = []
    for number, line in enumerate(lines[:-1], start=1):  # what follows the last line feed was never finished
        try:
            results.append(msgspec.json.decode(line, type=Result))
        except msgspec.MsgspecError as fault:
            raise Refused(
                f"line {number} of {path} is no result ({fault}); run without --resume to begin anew"
            ) from fault
    return tuple(results)


def check_pages(
    pages: Iterable[tuple[str, str, str]], fetch: Paced, progress: Path, *, resume: bool
) -> Generator[tuple[Result, bool]]:
    """Every page's result with whether it was asked now, written to `progress` (JSON lines) before it is given out.

    With `resume`, results already there are given out again and not asked. Without, the file begins anew.
    """
    done = {(result.slug, result.url): result for result in read_progress(progress)} if resume else {}
    progress.parent.mkdir(parents=True, exist_ok=True)
    kept = b"".join(msgspec.json.encode(result) + b"\n" for result in done.values())
    progress.write_bytes(kept)  # also drops a line that was cut off
    with progress.open("ab") as out:
        for slug, url, listed in pages:
            if (slug, url) in done:
                yield done[slug, url], False
                continue
            result = check_page(slug, url, listed, fetch)
            out.write(msgspec.json.encode(result) + b"\n")
            out.flush()
            yield result, True


def table(results: Iterable[Result]) -> str:
    """The count of each outcome, one a line, and their sum."""
    counts = Counter(result.outcome for result in results)
    lines = [f"{counts[outcome]:>6,}  {words}" for outcome, words in OUTCOMES.items()]
    return "\n".join([*lines, f"{counts.total():>6,}  pages"]) + "\n"


def pace_line(done: int, asked: int, total: int, seconds: float) -> str:
    """How far a run is: pages done of all, pages asked per minute, and about how long the rest takes."""
    if not asked or seconds <= 0:
        return f"{done}/{total} pages"
    rate = asked / seconds
    return f"{done}/{total} pages, {rate * 60:.1f} a minute, about {(total - done) / rate / 60:.0f} min left"
