"""Report files: PDF where the engine runs, else HTML that says why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assessments.report import pdf
from assessments.report.comparison import comparison_context
from assessments.report.context import vendor_context
from assessments.report.continuity import PlanReport, continuity_context
from assessments.report.portfolio import portfolio_context
from assessments.scoring.model import Assessment
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


def make(pairs: list[tuple[Assessment, VendorFacts]], *, kind: str, paper: pdf.Paper = "a4") -> Made:
    """The report over those assessments, in the best form this machine can make."""
    library = pdf.missing_library()
    if library is not None:
        several = comparison_context if kind == "comparison" else portfolio_context
        context = vendor_context(*pairs[0]) if kind == "vendor" else several(pairs)
        context["html_only"] = f"This machine cannot make PDF files: it lacks {library}. To mend it: {pdf.INSTALL}"
        return Made(pdf.html_of(f"report/{kind}.html", context).encode(), "html", None)
    if kind == "vendor":
        data = pdf.render_vendor(*pairs[0], paper=paper)
    else:
        data = (pdf.render_comparison if kind == "comparison" else pdf.render_portfolio)(pairs, paper=paper)
    return Made(data, "pdf", page_count(data))


def make_plan(given: PlanReport, *, kind: Literal["continuity", "improvement"], paper: pdf.Paper = "a4") -> Made:
    """The report on a plan, in the best form this machine can make."""
    library = pdf.missing_library()
    if library is not None:
        context = continuity_context(given)
        context["html_only"] = f"This machine cannot make PDF files: it lacks {library}. To mend it: {pdf.INSTALL}"
        return Made(pdf.html_of(f"report/{kind}.html", context).encode(), "html", None)
    data = pdf.render_plan(given, kind=kind, paper=paper)
    return Made(data, "pdf", page_count(data))


def page_count(data: bytes) -> int:
    """Pages of a PDF."""
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as document:
        return len(document.pages)
