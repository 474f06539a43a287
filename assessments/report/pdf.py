"""Reports as PDF/UA: the only module that loads the PDF engine. Same input, same bytes; no network, no files.

The engine may load two things: `data:` addresses and the bundled font. Everything else is refused and fails the render.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from assessments.report import glyphs
from assessments.report.attachments import attachments
from assessments.report.comparison import LEAST, MOST, comparison_context
from assessments.report.context import vendor_context
from assessments.report.continuity import PlanReport, continuity_context
from assessments.report.plan_files import plan_attachments
from assessments.report.portfolio import portfolio_context
from assessments.scoring.model import Assessment
from riskboard.embedded import font_dir
from riskboard.errors import Refused
from vendors.records import VendorFacts

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration

Paper = Literal["a4", "letter"]
SIDES = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}  # mm, upright
LESS_HIGH = "17mm 18mm 14mm 18mm"  # margins where a page is less high than A4, so that the summary still fits one
EDITION = "2"  # raised when the layout changes, so that finished files are made anew
FONT = "riskboard:font/inter"
WEIGHTS = (400, 500, 600, 700)
LONGEST_PAGES = 300
_LIBRARIES = (
    "libgobject-2.0.so.0", "libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libfontconfig.so.1", "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
)  # fmt: skip
INSTALL = "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def missing_library() -> str | None:
    """The first system library the PDF engine would not find, by loading each; None when all are there."""
    import ctypes
    import sys

    if not sys.platform.startswith("linux"):
        return None  # names differ; the engine's own error is then shown
    for name in _LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            return name
    return None


def render_vendor(assessment: Assessment, facts: VendorFacts, *, paper: Paper = "a4") -> bytes:
    """The readiness report on one vendor. Raises Refused where the PDF engine cannot run. About a second when warm."""
    context = vendor_context(assessment, facts) | {"paper": paper}
    if not glyphs.is_showable(context["name"]):  # a row of boxes is no heading
        slug = assessment.vendor.slug
        context |= {"name": slug, "title": f"Readiness report: {slug}", "running": f"Readiness report: {slug}"}
    files = attachments([(assessment, facts)], kind="vendor")
    return _render("report/vendor.html", context, files, at=assessment.as_of)


def render_portfolio(pairs: list[tuple[Assessment, VendorFacts]], *, paper: Paper = "a4") -> bytes:
    """The report over several vendors, with every vendor's facts and assessment attached."""
    context = portfolio_context(pairs) | {"paper": paper}
    return _render("report/portfolio.html", context, attachments(pairs, kind="portfolio"), at=context["at"])


def render_comparison(pairs: list[tuple[Assessment, VendorFacts]], *, paper: Paper = "a4") -> bytes:
    """Two to five vendors beside each other, on paper turned sideways. Raises Refused for more or fewer, and as `render_vendor`."""
    if not LEAST <= len(pairs) <= MOST:
        raise Refused(f"{LEAST} to {MOST} vendors fit beside each other; these are {len(pairs)}")
    context = comparison_context(pairs) | {"paper": paper}
    return _render("report/comparison.html", context, attachments(pairs, kind="comparison"), at=context["at"])


def render_plan(
    given: PlanReport, *, kind: Literal["continuity", "improvement"] = "continuity", paper: Paper = "a4"
) -> bytes:
    """The continuity plan with its runbooks, or the plan of what is to be mended. Raises Refused as `render_vendor`."""
    context = continuity_context(given) | {"paper": paper}
    if kind == "improvement":
        context |= {"what": "Improvement plan", "title": f"Improvement plan: {context['name']}",
                    "running": f"Improvement plan: {context['name'][:60]}"}  # fmt: skip
    return _render(f"report/{kind}.html", context, plan_attachments(given, kind=kind), at=given.as_of)


def html_of(template: str, context: dict[str, Any]) -> str:
    """The report as HTML, complete in itself but for the font; the same whatever time zone or language its reader works in."""
    from django.template.loader import render_to_string
    from django.utils import timezone, translation

    sheets = stylesheet("print.css")
    sides = SIDES[context.get("paper", "a4")]
    if context.get("landscape"):
        sides = sides[::-1]
    if sides != SIDES["a4"]:  # for which the sheet is written
        sheets += f"@page {{ size: {sides[0]}mm {sides[1]}mm; margin: {LESS_HIGH} }} @page :first {{ margin: 0 }} "
        sheets += f".cover {{ height: {sides[1]}mm }}"
    if context.get("html_only"):
        sheets += stylesheet("print-screen.css")
    with timezone.override(UTC), translation.override("en"):
        return render_to_string(template, context | {"stylesheet": sheets})


@functools.cache
def stylesheet(name: str) -> str:
    """That style sheet. Raises Refused where it is missing."""
    from django.contrib.staticfiles import finders

    path = finders.find(f"css/{name}")
    if path is None:
        raise Refused(f"the style sheet of reports is missing; restore riskboard/static/css/{name}")
    with open(path, encoding="utf-8") as sheet:
        return sheet.read()


def warm_up() -> None:
    """Load the engine, so that the first report of a process is as quick as the next. Quiet where it cannot run."""
    if missing_library() is None:
        _engine()


def _render(template: str, context: dict[str, Any], files: dict[str, bytes], *, at: datetime) -> bytes:
    library = missing_library()
    if library is not None:
        raise Refused(f"PDF reports need the system library {library}; install it with: {INSTALL}")
    return render_html(glyphs.showable(html_of(template, context)), files, at=at)


def render_html(html: str, files: dict[str, bytes], *, at: datetime) -> bytes:
    """The PDF of that HTML with those attachments. Raises Refused if the engine warns of anything or it grows too long."""
    from weasyprint.urls import FatalURLFetchingError

    with _Complaints() as complaints, _font_clock(at):
        try:
            pdf = _written(html, files, at=at)
        except FatalURLFetchingError as fault:  # not an Exception: left alone it would end the worker
            raise Refused(str(fault)) from fault
    if complaints.lines:
        raise Refused(f"the report was not made: {complaints.lines[0]}")
    return pdf


def _written(html: str, files: dict[str, bytes], *, at: datetime) -> bytes:
    weasyprint = _engine()
    document = weasyprint.HTML(string=html, base_url="riskboard:", url_fetcher=_fetcher()).render(
        font_config=_fonts(), optimize_images=False
    )
    if len(document.pages) > LONGEST_PAGES:
        raise Refused(f"the report would have {len(document.pages)} pages; at most {LONGEST_PAGES} are made")
    document.metadata.attachments = [
        weasyprint.Attachment(
            string=data, name=name, description=_DESCRIPTIONS.get(name.rsplit(".", 2)[-2], name),
            created=at, modified=at, relationship="Data",
        )
        for name, data in files.items()
    ]  # fmt: skip
    pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=at.isoformat().encode())
    return pdf


_DESCRIPTIONS = {
    "facts": "The facts this report was made from (riskboard.facts/1)",
    "assessment": "The assessment printed in this report (riskboard.assessment/1)",
    "incidents": "Every incident of the record, one a row",
    "plan": "The continuity plan this report was made from (riskboard.plan/1)",
    "answer": "What the plan's dependencies risk (riskboard.answer/1)",
    "lint": "What is wrong with the plan, message by message",
    "register": "Every recommendation with what was decided",
    "manifest": "Hashes of the attached files, and the figures printed on the pages",
}


@functools.cache
def _engine() -> Any:
    import weasyprint

    return weasyprint


def _fonts() -> FontConfiguration:
    """The bundled font, declared anew for every report: one that is used twice remembers glyphs of the first."""
    from weasyprint.text.fonts import FontConfiguration

    configuration = FontConfiguration()
    faces = "".join(
        f"@font-face {{ font-family: Inter; font-weight: {weight}; src: url('{FONT}') }}" for weight in WEIGHTS
    )
    _engine().CSS(string=faces, font_config=configuration, url_fetcher=_fetcher())
    return configuration


@functools.cache
def _fetcher() -> Any:
    """A fetcher that knows the bundled fonts and `data:`, and nothing else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class BundledOnly(URLFetcher):
        """No network, no files."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            """The font of that name; `data:` as it is; anything else ends the render."""
            if url == FONT:
                return URLFetcherResponse(
                    url, (font_dir() / glyphs.FILE).read_bytes(), {"Content-Type": "font/ttf"}, 200
                )
            if url.startswith("data:"):
                return super().fetch(url, headers)
            raise FatalURLFetchingError(f"a report may not load {url[:100]}")

    return BundledOnly(allowed_protocols=("data",))


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


class _Complaints(logging.Handler):
    """Collects what the engine warns of while the block runs."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.lines: list[str] = []
        self._log = logging.getLogger("weasyprint")

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())

    def __enter__(self) -> _Complaints:
        self._before = self._log.level
        self._log.setLevel(logging.WARNING)  # whatever the operator's log level is, complaints are heard
        self._log.addHandler(self)
        return self

    def __exit__(self, *exception: object) -> None:
        self._log.removeHandler(self)
        self._log.setLevel(self._before)
