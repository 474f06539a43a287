"""One report in a warm process, against the bare PDF engine on the same HTML."""

from __future__ import annotations

from assessments.report import pdf
from assessments.report.context import vendor_context
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from benchmarks.table import Row, median_of
from vendors.catalogue import index

AIM = 1.15


def rows() -> list[Row]:
    """The report of GitHub's record; nothing where the PDF engine cannot run."""
    if pdf.missing_library() is not None:
        return []
    import django
    import weasyprint

    django.setup()
    facts = index.load("github")
    made = assess(facts, Needs(), as_of=facts.as_of)
    html = pdf.html_of("report/vendor.html", vendor_context(made, facts))

    def bare() -> bytes:
        document: bytes = weasyprint.HTML(string=html, base_url="riskboard:", url_fetcher=pdf._fetcher()).write_pdf(
            font_config=pdf._fonts(), pdf_variant="pdf/ua-1"
        )
        return document

    ours = median_of(lambda: pdf.render_vendor(made, facts), rounds=3)
    return [Row("a report in a warm process, against the bare engine", ours, median_of(bare, rounds=3), AIM)]
