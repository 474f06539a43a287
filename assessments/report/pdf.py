"""Reports as PDF: which template and which files make each kind. The PDF itself is made by `engine`, in a process of its own.

Same input, same bytes: PDF/UA-1, or PDF/A-3a where an archive asks for it.
"""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import Any, Literal

from assessments.report import glyphs
from assessments.report.attachments import attachments
from assessments.report.beside import NOTHING, Beside
from assessments.report.comparison import LEAST, MOST, comparison_context
from assessments.report.continuity import PlanReport, plan_context
from assessments.report.engine import rendering
from assessments.report.engine.libraries import INSTALL, missing_library
from assessments.report.engine.order import Order
from assessments.report.engine.rendering import Hear, Rendered, nobody
from assessments.report.plan_files import plan_attachments
from assessments.report.portfolio import portfolio_context
from assessments.report.vendor import report_context
from assessments.scoring.model import Assessment
from riskboard.errors import Refused
from riskboard.locales import ENGLISH, N_, _, language, speaking
from vendors.records import VendorFacts

Paper = Literal["a4", "letter"]
SIDES = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}  # mm, upright
LESS_HIGH = "17mm 18mm 14mm 18mm"  # margins where a page is less high than A4, so that the summary still fits one
EDITION = "3"  # raised when the layout changes, so that finished files are made anew
LONGEST_PAGES = 300


def render_vendor(assessment: Assessment, facts: VendorFacts, **made: Any) -> bytes:
    """`vendor_report` as bytes alone."""
    return vendor_report(assessment, facts, **made).data


def vendor_report(
    assessment: Assessment,
    facts: VendorFacts,
    *,
    paper: Paper = "a4",
    archive: bool = False,
    beside: Beside = NOTHING,
    hear: Hear = nobody,
) -> Rendered:
    """The readiness report on one vendor, as PDF/A-3a if `archive`. About a second when warm.

    Raises Refused where the PDF engine cannot run, or as `render_html`.
    """
    context = report_context(assessment, facts, beside) | {"paper": paper}
    if not glyphs.is_showable(context["name"]):  # a row of boxes is no heading
        slug = assessment.vendor.slug
        context |= {
            "name": slug,
            "title": _("Readiness report: {name}", name=slug),
            "running": _("Readiness report: {name}", name=slug),
        }
    files = attachments([(assessment, facts)], kind="vendor", beside=beside)
    return _render("report/vendor.html", context, files, at=assessment.as_of, archive=archive, hear=hear)


def render_portfolio(pairs: list[tuple[Assessment, VendorFacts]], **made: Any) -> bytes:
    """`portfolio_report` as bytes alone."""
    return portfolio_report(pairs, **made).data


def portfolio_report(
    pairs: list[tuple[Assessment, VendorFacts]],
    *,
    paper: Paper = "a4",
    archive: bool = False,
    hear: Hear = nobody,
) -> Rendered:
    """The report over several vendors, with every vendor's facts and assessment attached. Otherwise as `vendor_report`."""
    context = portfolio_context(pairs) | {"paper": paper}
    files = attachments(pairs, kind="portfolio")
    return _render("report/portfolio.html", context, files, at=context["at"], archive=archive, hear=hear)


def render_comparison(pairs: list[tuple[Assessment, VendorFacts]], **made: Any) -> bytes:
    """`comparison_report` as bytes alone."""
    return comparison_report(pairs, **made).data


def comparison_report(
    pairs: list[tuple[Assessment, VendorFacts]],
    *,
    paper: Paper = "a4",
    archive: bool = False,
    hear: Hear = nobody,
) -> Rendered:
    """Two to five vendors beside each other, on paper turned sideways. Raises Refused for more or fewer, and as `vendor_report`."""
    if not LEAST <= len(pairs) <= MOST:
        raise Refused(f"{LEAST} to {MOST} vendors fit beside each other; these are {len(pairs)}")
    context = comparison_context(pairs) | {"paper": paper}
    files = attachments(pairs, kind="comparison")
    return _render("report/comparison.html", context, files, at=context["at"], archive=archive, hear=hear)


def render_plan(given: PlanReport, **made: Any) -> bytes:
    """`plan_report` as bytes alone."""
    return plan_report(given, **made).data


def plan_report(
    given: PlanReport,
    *,
    kind: Literal["continuity", "improvement"] = "continuity",
    paper: Paper = "a4",
    archive: bool = False,
    hear: Hear = nobody,
) -> Rendered:
    """The continuity plan with its runbooks, or the plan of what is to be mended. Raises Refused as `vendor_report`."""
    context = plan_context(given, kind=kind) | {"paper": paper}
    files = plan_attachments(given, kind=kind)
    return _render(f"report/{kind}.html", context, files, at=given.as_of, archive=archive, hear=hear)


def html_of(template: str, context: dict[str, Any]) -> str:
    """The report as HTML, complete in itself but for the font; the same whatever time zone or language its reader works in."""
    from django.template.loader import render_to_string
    from django.utils import timezone

    sheets = stylesheet("print.css")
    sides = SIDES[context.get("paper", "a4")]
    if context.get("landscape"):
        sides = sides[::-1]
    if sides != SIDES["a4"]:  # for which the sheet is written
        sheets += f"@page {{ size: {sides[0]}mm {sides[1]}mm; margin: {LESS_HIGH} }} @page :first {{ margin: 0 }} "
        sheets += f".cover {{ height: {sides[1]}mm }}"
    if language() != ENGLISH:
        pages = _("page {page} of {pages}", page='" counter(page) "', pages='" counter(pages) "')
        place = _(", page {page}", page='" target-counter(attr(href), page) "')
        sheets += f'@page {{ @bottom-right {{ content: "{pages}" }} }} .at::after {{ content: "{place}" }}'
    if context.get("html_only"):
        sheets += stylesheet("print-screen.css")
    with timezone.override(UTC), speaking(language()):
        return render_to_string(template, context | {"stylesheet": sheets, "language": language()})


@functools.cache
def stylesheet(name: str) -> str:
    """That style sheet. Raises Refused where it is missing."""
    from django.contrib.staticfiles import finders

    path = finders.find(f"css/{name}")
    if path is None:
        raise Refused(f"the style sheet of reports is missing; restore riskboard/static/css/{name}")
    with open(path, encoding="utf-8") as sheet:
        return sheet.read()


def _render(
    template: str, context: dict[str, Any], files: dict[str, bytes], *, at: datetime, archive: bool, hear: Hear
) -> Rendered:
    library = missing_library()
    if library is not None:
        raise Refused(f"PDF reports need the system library {library}; install it with: {INSTALL}")
    return render_html(glyphs.showable(html_of(template, context)), files, at=at, archive=archive, hear=hear)


def render_html(
    html: str, files: dict[str, bytes], *, at: datetime, archive: bool = False, hear: Hear = nobody
) -> Rendered:
    """The PDF of that HTML with those attachments. Raises Refused if it would load anything, if the engine warns of anything, and
    as `rendering.render`, which also tells what `hear` is for."""
    order = Order(
        html=html.encode(),
        files=files,
        descriptions={name: _(_DESCRIPTIONS.get(name.rsplit(".", 2)[-2], name)) for name in files},
        at=at,
        variant="pdf/a-3a" if archive else "pdf/ua-1",
        most_pages=LONGEST_PAGES,
    )
    return rendering.render(order, hear=hear)


_DESCRIPTIONS = {
    "facts": N_("The facts this report was made from (riskboard.facts/1)"),
    "assessment": N_("The assessment printed in this report (riskboard.assessment/1)"),
    "incidents": N_("Every incident of the record, one a row"),
    "plan": N_("The continuity plan this report was made from (riskboard.plan/1)"),
    "answer": N_("What the plan's dependencies risk (riskboard.answer/1)"),
    "lint": N_("What is wrong with the plan, message by message"),
    "register": N_("Every recommendation with what was decided"),
    "milestones": N_("How the plan stood at each milestone"),
    "beside": N_("What would take over, and what the vendor promised"),
    "manifest": N_("Hashes of the attached files, and the figures printed on the pages"),
}
