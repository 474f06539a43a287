"""HTML to PDF: the only module that imports WeasyPrint, and it runs in the render process alone.

Same input, same bytes. The engine may load two things: `data:` addresses and the bundled font.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from assessments.report import glyphs
from assessments.report.engine.archive import declare_accessible
from assessments.report.engine.order import Order
from assessments.report.engine.tagging import mend
from riskboard.errors import Refused

FONT = "riskboard:font/inter"
WEIGHTS = (400, 500, 600, 700)
Say = Callable[[str, int], None]
_HELD: list[FontConfiguration] = []


def typeset(order: Order, path: Path, *, say: Say) -> int:
    """Write the PDF of that order to `path`; returns its pages. `say` hears what is done, and on which page.

    Raises Refused where it would load anything, grows too long, or the engine warns of anything.
    """
    with _heard(order, say) as complaints, _font_clock(order.at):
        try:
            document = weasyprint.HTML(string=order.html.decode(), base_url="riskboard:", url_fetcher=fetcher()).render(
                font_config=fonts(), optimize_images=False
            )
            if len(document.pages) > order.most_pages:
                raise _too_long(order, len(document.pages))
            if complaints:
                raise Refused(f"the report was not made: {complaints[0]}")
            say("drawing the pages", 0)
            document.metadata.attachments = _attached(order)
            identifier = order.at.isoformat().encode()
            document.write_pdf(path, finisher=_finished(order), pdf_variant=order.variant, pdf_identifier=identifier)
        except FatalURLFetchingError as fault:  # not an Exception: left alone it would end the process
            raise Refused(str(fault)) from fault
    if complaints:
        raise Refused(f"the report was not made: {complaints[0]}")
    return len(document.pages)


def warm_up() -> None:
    """Load what a report needs besides this module, so that a child forked from here loads nothing."""
    import mimetypes
    import urllib.request  # noqa: F401 - the fetcher's own

    mimetypes.init()
    font()


def _finished(order: Order) -> Callable[[Any, Any], None]:
    """What is done to the drawn document before it is written."""

    def finish(document: Any, pdf: Any) -> None:
        mend(document, pdf)
        if order.variant == "pdf/a-3a":
            declare_accessible(pdf)

    return finish


def _attached(order: Order) -> list[Any]:
    return [
        weasyprint.Attachment(
            string=data, name=name, description=order.descriptions.get(name, name),
            created=order.at, modified=order.at, relationship="Data",
        )
        for name, data in sorted(order.files.items())  # the file's list of them has to be in order
    ]  # fmt: skip


@functools.cache
def font() -> bytes:
    """The bundled font."""
    from riskboard.fonts import font_dir

    return (font_dir() / glyphs.FILE).read_bytes()


def fonts() -> FontConfiguration:
    """The bundled font, declared anew for every report: one that is used twice remembers glyphs of the first.

    Kept until the process ends: it would remove its folder in its last moment, and that goes with the order anyway.
    """
    _HELD.append(configuration := FontConfiguration())
    faces = "".join(
        f"@font-face {{ font-family: Inter; font-weight: {weight}; src: url('{FONT}') }}" for weight in WEIGHTS
    )
    weasyprint.CSS(string=faces, font_config=configuration, url_fetcher=fetcher())
    return configuration


class _BundledOnly(URLFetcher):
    """No network, no files."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """The font of that name; `data:` as it is; anything else ends the render."""
        if url == FONT:
            return URLFetcherResponse(url, font(), {"Content-Type": "font/ttf"}, 200)
        if url.startswith("data:"):
            return super().fetch(url, headers)
        raise FatalURLFetchingError(f"a report may not load {url[:100]}")


@functools.cache
def fetcher() -> Any:
    """A fetcher that knows the bundled font and `data:`, and nothing else."""
    return _BundledOnly(allowed_protocols=("data",))


@contextlib.contextmanager
def _font_clock(at: datetime) -> Iterator[None]:
    """While the block runs, subset fonts are dated `at` instead of now: the font library writes a time into each."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(at.timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


class _Heard(logging.Handler):
    """Calls `hear` with what the engine says."""

    def __init__(self, hear: Callable[[logging.LogRecord], None], level: int) -> None:
        super().__init__(level=level)
        self.emit = hear  # type: ignore[method-assign]


@contextlib.contextmanager
def _heard(order: Order, say: Say) -> Iterator[list[str]]:
    """While the block runs, progress goes to `say`; what is yielded collects warnings. Too many pages end it at once."""
    complaints: list[str] = []
    doing = "laying out the pages"

    def progress(record: logging.LogRecord) -> None:
        nonlocal doing
        if "Repagination" in record.msg:
            doing = "numbering the pages"
        elif "Page %d" in record.msg and isinstance(record.args, tuple):
            page = int(record.args[0])  # type: ignore[call-overload]
            if page > order.most_pages:
                raise _too_long(order, page)
            say(doing, page)

    told = (
        (logging.getLogger("weasyprint"), logging.WARNING, lambda record: complaints.append(record.getMessage())),
        (logging.getLogger("weasyprint.progress"), logging.INFO, progress),
    )
    handlers = [(log, _Heard(hear, level), log.level) for log, level, hear in told]
    for (log, handler, _), (_, level, _) in zip(handlers, told, strict=True):
        log.setLevel(level)  # whatever the operator's log level is, complaints are heard
        log.addHandler(handler)
    try:
        yield complaints
    finally:
        for log, handler, before in handlers:
            log.removeHandler(handler)
            log.setLevel(before)


def _too_long(order: Order, pages: int) -> Refused:
    return Refused(f"the report would have {pages} pages or more; at most {order.most_pages} are made")
