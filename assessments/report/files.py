"""Report files: PDF where the engine runs, else HTML that says why."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from assessments.report import pdf
from assessments.report.beside import NOTHING, Beside
from assessments.report.comparison import comparison_context
from assessments.report.continuity import PlanReport, plan_context
from assessments.report.engine.rendering import Hear, nobody
from assessments.report.portfolio import portfolio_context
from assessments.report.vendor import report_context
from assessments.scoring.model import Assessment
from riskboard.errors import Refused
from riskboard.locales import ENGLISH, _, speaking
from vendors.records import VendorFacts


@dataclass(frozen=True, slots=True)
class Made:
    """A finished file. `pages` None for HTML."""

    data: bytes
    format: Literal["pdf", "html"]
    pages: int | None


def edition() -> str:
    """What a finished file depends on besides its input: the layout, and whether PDF can be made here."""
    return f"{pdf.EDITION}-{'html' if pdf.missing_library() else 'pdf'}"


def hearer(report: Callable[[int, str], None], *, start: int = 70) -> Hear:
    """Turns what the render tells into a job's progress from `start` to 99 per cent. How many pages come is not known before."""
    furthest = start

    def hear(doing: str, page: int) -> None:
        nonlocal furthest
        if doing == "laying out the pages":
            furthest = max(furthest, round(start + (92 - start) * (1 - math.exp(-page / 20))))
        elif page or doing == "drawing the pages":
            furthest = max(furthest, 93 if page else 96)
        report(furthest, f"{doing}: page {page:,}" if page else doing)

    return hear


def make(
    pairs: list[tuple[Assessment, VendorFacts]],
    *,
    kind: str,
    paper: pdf.Paper = "a4",
    archive: bool = False,
    language: str = ENGLISH,
    beside: Beside = NOTHING,
    hear: Hear = nobody,
) -> Made:
    """The report over those assessments, in the best form this machine can make. Raises Refused for a language there is none of.

    `beside` is for a vendor's report alone.
    """
    with speaking(language):
        return _made(pairs, kind=kind, paper=paper, archive=archive, beside=beside, hear=hear)


def _made(
    pairs: list[tuple[Assessment, VendorFacts]],
    *,
    kind: str,
    paper: pdf.Paper,
    archive: bool,
    beside: Beside,
    hear: Hear,
) -> Made:
    library = pdf.missing_library()
    if library is not None:
        several = comparison_context if kind == "comparison" else portfolio_context
        context = report_context(*pairs[0], beside) if kind == "vendor" else several(pairs)
        return _as_html(kind, context, library, archive=archive)
    if kind == "vendor":
        made = pdf.vendor_report(*pairs[0], paper=paper, archive=archive, beside=beside, hear=hear)
    else:
        several_of = pdf.comparison_report if kind == "comparison" else pdf.portfolio_report
        made = several_of(pairs, paper=paper, archive=archive, hear=hear)
    return Made(made.data, "pdf", made.pages)


def make_plan(
    given: PlanReport,
    *,
    kind: Literal["continuity", "improvement"],
    paper: pdf.Paper = "a4",
    archive: bool = False,
    language: str = ENGLISH,
    hear: Hear = nobody,
) -> Made:
    """The report on a plan, in the best form this machine can make. Raises Refused as `make`."""
    with speaking(language):
        library = pdf.missing_library()
        if library is not None:
            return _as_html(kind, plan_context(given, kind=kind), library, archive=archive)
        made = pdf.plan_report(given, kind=kind, paper=paper, archive=archive, hear=hear)
    return Made(made.data, "pdf", made.pages)


def _as_html(kind: str, context: dict[str, Any], library: str, *, archive: bool) -> Made:
    """The report as one page of HTML that says why it is no PDF. Raises Refused for an archive, which takes nothing else."""
    mend = f"it lacks {library}. To mend it: {pdf.INSTALL}"
    if archive:
        raise Refused(f"a report for an archive is a PDF, and this machine cannot make any: {mend}")
    context["html_only"] = _(
        "This machine cannot make PDF files: it lacks {library}. To mend it: {how}", library=library, how=pdf.INSTALL
    )
    return Made(pdf.html_of(f"report/{kind}.html", context).encode(), "html", None)
