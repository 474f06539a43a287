"""The comparison on paper: sideways, the same bytes each time, every figure checked, and only two to five fit."""

from __future__ import annotations

import io

import pikepdf
import pytest
from pypdf import PdfReader

from assessments.models import AssessmentRow, Report
from assessments.report import comparison, pdf
from assessments.report.page_text import page_texts
from assessments.report.verify import verify_report
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from assessments.verbs import assess_vendor, make_report
from riskboard.errors import Refused
from tests.assessments.report_samples import make_facts
from tests.records import short
from vendors.catalogue import index
from vendors.ingest import ingest_facts

pytestmark = pytest.mark.skipif(
    pdf.missing_library() is not None, reason="the PDF engine's libraries are not installed"
)
SLUGS = ("github", "slack", "cloudflare")


@pytest.fixture(scope="module")
def pairs():
    records = [index.load(slug) for slug in SLUGS]
    return [(assess(facts, Needs(rto_hours=4.0), as_of=facts.as_of), facts) for facts in records]


@pytest.fixture(scope="module")
def made(pairs):
    return pdf.render_comparison(pairs)


def test_the_same_comparison_is_the_same_bytes_and_every_figure_holds(pairs, made, tmp_path):
    assert pdf.render_comparison(pairs) == made
    path = tmp_path / "comparison.pdf"
    path.write_bytes(made)
    verdict = verify_report(path)
    assert verdict.differences == ()
    assert verdict.agreeing > 1000
    with pikepdf.open(path) as document:
        assert set(document.attachments) == {"manifest.json"} | {
            f"{slug}.{kind}.json" for slug in SLUGS for kind in ("facts", "assessment")
        }


@pytest.mark.parametrize(("paper", "sides"), [("a4", [842, 595]), ("letter", [792, 612])])
def test_its_pages_lie_sideways(pairs, paper, sides):
    pages = PdfReader(io.BytesIO(pdf.render_comparison(pairs[:2], paper=paper))).pages
    assert {tuple(round(float(side)) for side in page.mediabox[2:]) for page in pages} == {tuple(sides)}


def test_it_says_who_leads_how_firm_that_is_and_what_differs(made, pairs):
    text = " ".join(" ".join(page_texts(made)).split())
    told = comparison.comparison_context(pairs)
    assert told["headline"].split(";")[0] in text
    assert "this very order holds in" in text
    shown = [row.label for _, rows, _ in told["groups"] for row in rows]
    assert all("".join(label.split())[:40] in "".join(text.split()) for label in shown)
    assert told["hidden"] > 0


@pytest.mark.parametrize("many", [1, 6])
def test_one_or_six_vendors_do_not_fit(pairs, many):
    with pytest.raises(Refused, match="2 to 5 vendors fit"):
        pdf.render_comparison((pairs * 2)[:many])


def test_vendors_of_whom_nothing_is_known_are_compared_without_a_rank():
    empty = [make_facts(name=f"V {n} " + "long " * 40) for n in range(2)]
    nothing = [(assess(facts, Needs(), as_of=facts.as_of), facts) for facts in empty]
    text = "".join(page_texts(pdf.render_comparison(nothing)))
    assert "Nototalisknownforanyofthem" in "".join(text.split())


@pytest.mark.django_db
def test_a_report_is_made_once_for_each_paper_and_named_by_it():
    rows: list[AssessmentRow] = []
    for slug in SLUGS[:2]:
        facts = short(slug)
        rows.append(assess_vendor(ingest_facts(facts), needs=Needs(rto_hours=4.0), as_of=facts.as_of))
    first, again = (make_report(rows, compared=True) for _ in range(2))
    letter = make_report(rows, compared=True, paper="letter")
    assert first == again
    assert [(one.kind, one.name) for one in (first, letter)] == [
        ("comparison", "comparison"),
        ("comparison", "comparison-letter"),
    ]
    assert Report.objects.count() == 2
