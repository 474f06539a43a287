"""A report in German: the same bytes twice, every figure checked in its language, a changed one named."""

from __future__ import annotations

import io

import pikepdf
import pytest

from assessments.report import pdf
from assessments.report.attachments import attachments
from assessments.report.verify import verify
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from riskboard.locales import speaking
from tests.assessments.report_samples import NOW, rich_facts

pytestmark = pytest.mark.skipif(
    pdf.missing_library() is not None, reason=f"the PDF engine lacks {pdf.missing_library()}"
)


@pytest.fixture(scope="module")
def made():
    facts = rich_facts(incidents=12)
    pair = assess(facts, Needs(), as_of=NOW), facts
    with speaking("de"):
        return pair, pdf.render_vendor(*pair)


def test_the_same_report_in_german_is_the_same_bytes_and_says_its_language(made):
    pair, data = made
    with speaking("de"):
        assert pdf.render_vendor(*pair) == data
    with pikepdf.open(io.BytesIO(data)) as document:
        assert str(document.Root.Lang) == "de"


def test_a_german_report_agrees_and_a_consistent_forgery_of_it_does_not(made, tmp_path):
    (_, facts), data = made
    path, forged = tmp_path / "report.pdf", tmp_path / "forged.pdf"
    path.write_bytes(data)
    assert verify(path) == []
    other = assess(facts, Needs(rto_hours=24.0), as_of=NOW)
    with speaking("de"), pikepdf.open(io.BytesIO(data)) as document:
        for name, content in attachments([(other, facts)], kind="vendor").items():
            document.attachments[name] = pikepdf.AttachedFileSpec(document, content, filename=name)
        document.save(forged)
    assert any("another text on the pages" in str(one) for one in verify(forged))
