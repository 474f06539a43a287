"""The vendor report whole: the context of the judgement, and the sections that stand beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assessments.report.beside import NOTHING, Beside, beside_context
from assessments.report.charts import risk
from assessments.report.cited import Citations
from assessments.report.clauses import clause_context
from assessments.report.context import vendor_context
from assessments.report.links import safe_link
from assessments.report.qr import code
from assessments.report.quoted import told_context
from assessments.report.software import software
from assessments.report.tokens import PRINT, Theme
from assessments.report.whole import sections_of_vendor
from assessments.scoring.model import Assessment
from riskboard.locales import _
from vendors.records import VendorFacts


def report_context(
    assessment: Assessment, given: VendorFacts, beside: Beside = NOTHING, *, theme: Theme = PRINT
) -> dict[str, Any]:
    """Everything the vendor report shows; the same whatever order the incidents arrive in."""
    context = vendor_context(assessment, given, theme=theme)
    facts: VendorFacts = context["facts"]  # normalised, its words read
    more, made = beside_context(assessment, facts, beside)
    if made is not None:
        more["curve"] = risk.exceedance(assessment.forecast, theme, left=made.curve_left, width=450, height=190)
    citations = Citations()
    told = told_context(facts, assessment.as_of, theme, width=310)
    cited = _cite(context, told, citations)
    precedents = [citations.of_landmark(one.precedent) for one in assessment.recommendations]
    return {
        **context,
        **more,
        **told,
        **cited,
        "advice": [replace(view, cited=numbers) for view, numbers in zip(context["advice"], precedents, strict=True)],
        "citations": citations.rows,
        **live(beside.live, next((link for page in facts.pages if (link := safe_link(page.url))), "")),
        "software": software(),
        "clauses": clause_context("vendor", sections_of_vendor(assessment, facts, beside)),
    }


def _cite(context: dict[str, Any], told: dict[str, Any], citations: Citations) -> dict[str, Any]:
    """The numbers of the incident that is drawn and of the updates that are quoted, in the order of the pages."""
    drawn = context["longest"]
    first = citations.number(drawn.title, drawn.url) if drawn and drawn.url else 0
    quotes = told["said"].quotes if told["said"] else ()
    return {
        "longest_cited": first,
        "quotes": [(one, citations.number(one.title, one.url) if one.url else 0) for one in quotes],
    }


def live(here: str, page: str) -> dict[str, str]:
    """The code on the control page: this Riskboard's page where its address is set, else the vendor's status page."""
    address = safe_link(here) or page
    what = _("This vendor in Riskboard, as it stands today") if safe_link(here) else _("The vendor's status page")
    return {"live_url": address, "live_what": what, "live_code": code(address, f"{what}: {address}")}
