"""The readiness report: the same bytes, readable by everyone, nothing loaded, every figure verifiable."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pikepdf
import pytest

from assessments.report import pdf
from assessments.report.attachments import attachments, incidents_csv, safe_cell
from assessments.report.context import vendor_context
from assessments.report.figures import printed
from assessments.report.page_text import page_texts
from assessments.report.tokens import DARK, LIGHT, PRINT, css
from assessments.report.vendor import report_context
from assessments.report.verify import squeezed, verify_assessment, verify_report
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess, encode
from riskboard.errors import Refused
from tests.assessments.report_samples import cut_to_summary
from vendors.catalogue import index
from vendors.records import Incident, Page, Update, Vendor, VendorFacts, Window

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = "https://status.vendor.example"
needs_pdf = pytest.mark.skipif(
    pdf.missing_library() is not None and os.environ.get("CI") != "true",
    reason=f"the PDF engine lacks {pdf.missing_library()}; {pdf.INSTALL}",
)


def facts_with(incidents=(), name="Vendor", window=True) -> VendorFacts:
    return VendorFacts(
        vendor=Vendor(name=name, slug="vendor"),
        as_of=NOW,
        pages=(Page(url=PAGE, platform="statuspage", name="Vendor Status", access="public"),),
        window=Window(start=NOW - timedelta(days=800), end=NOW, complete=True, reason="made for a test")
        if window
        else Window(start=None, end=None, complete=False, reason="nothing was read"),
        incidents=tuple(incidents),
    )


def incident(number=1, *, title="Outage", hours: float | None = 5.0, **fields) -> Incident:
    start = NOW - timedelta(days=10 * number)
    return Incident(
        **(
            {
                "id": f"i{number}",
                "page": PAGE,
                "title": title,
                "impact": "major",
                "status": "resolved",
                "started_at": start,
                "first_posted_at": start,
                "resolved_at": None if hours is None else start + timedelta(hours=hours),
                "end_known": "open" if hours is None else "stated",
                "updates": (Update(posted_at=start, text="Mail is delayed."),),
            }
            | fields
        )
    )


@pytest.fixture(scope="module")
def bpos():
    facts = index.load("microsoft-bpos-2011")
    return assess(facts, Needs(), as_of=facts.as_of), facts


@pytest.fixture(scope="module")
def report(bpos):
    if pdf.missing_library() is not None:
        pytest.skip(f"the PDF engine lacks {pdf.missing_library()}; {pdf.INSTALL}")
    return pdf.render_vendor(*bpos)


@needs_pdf
def test_the_same_input_gives_the_same_bytes_whatever_the_machine_says(bpos, report, tmp_path):
    assert pdf.render_vendor(*bpos) == report
    code = (
        "import sys, django; django.setup()\n"
        "from vendors.catalogue import index; from assessments.scoring.pipeline import assess\n"
        "from assessments.scoring.model import Needs; from assessments.report import pdf\n"
        "f = index.load('microsoft-bpos-2011'); sys.stdout.buffer.write(pdf.render_vendor(assess(f, Needs(), as_of=f.as_of), f))"
    )
    environ = os.environ | {
        "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONPATH": str(ROOT), "RISKBOARD_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "riskboard.settings",
    }  # fmt: skip
    again = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, check=True).stdout
    assert again == report


@needs_pdf
def test_the_report_is_tagged_and_every_figure_has_words(report):
    with pikepdf.open(io.BytesIO(report)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "en"
        (top,) = document.open_outline().root
        assert len(top.children) >= 9
        figures = [node for node in walk(document.Root.StructTreeRoot) if node.get("/S") == "/Figure"]
        assert len(figures) >= 6
        assert all(str(figure.get("/Alt", "")).strip() for figure in figures)


def walk(node):
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            yield child
            yield from walk(child)


@needs_pdf
def test_the_report_carries_its_data(bpos, report):
    assessment, facts = bpos
    with pikepdf.open(io.BytesIO(report)) as document:
        names = set(document.attachments)
        assert names == {"facts.json", "assessment.json", "incidents.csv", "manifest.json"}
        assert document.attachments["assessment.json"].get_file().read_bytes() == encode(assessment)
    rows = list(csv.DictReader(io.StringIO(incidents_csv(facts).decode())))
    assert [row["id"] for row in rows] == [i.id for i in facts.incidents]


def test_rows_come_in_the_order_of_the_attached_facts_whatever_order_they_arrived_in():
    facts = facts_with([incident(n) for n in range(1, 9)])
    shuffled = msgspec.structs.replace(facts, incidents=facts.incidents[::-1])
    assert incidents_csv(shuffled) == incidents_csv(facts)


@needs_pdf
def test_every_listed_figure_is_on_the_pages(bpos, report):
    pages = pages_of(report)
    figures = printed(bpos[0])
    assert len(figures) > 50
    assert [path for path, figure in figures if not any(squeezed(figure) in page for page in pages)] == []


@needs_pdf
@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("size", [0, 1, 60], ids=["no incident", "one", "sixty"])
def test_the_summary_stays_on_one_page(size, paper):
    facts = facts_with([incident(n + 1, title="A long title " * 30, hours=3 + n) for n in range(size)], name="V" * 300)
    context = report_context(assess(facts, Needs(), as_of=NOW), facts) | {"paper": paper}
    html = cut_to_summary(pdf.html_of("report/vendor.html", context))
    pages = pages_of(pdf.render_html(html, {}, at=NOW).data)
    (summary,) = (n for n, text in enumerate(pages) if "Whatweighsmost" in text)
    assert "Decisionasked" in pages[summary]
    assert "Thepublishedrecord" in pages[summary + 1]


def pages_of(made: bytes) -> list[str]:
    return [squeezed(text) for text in page_texts(made)]


def render(facts: VendorFacts) -> bytes:
    return pdf.render_vendor(assess(facts, Needs(), as_of=NOW), facts)


@needs_pdf
@pytest.mark.parametrize(
    "facts",
    [
        facts_with(name="<script>alert(1)</script>"),
        facts_with(name="خدمة البريد"),
        facts_with([incident(hours=None)]),
        facts_with(window=False),
        facts_with([incident(title="<img src=x onerror=alert(1)>", url="javascript:alert(1)")]),
    ],
    ids=["markup in the name", "right to left", "one open incident", "nothing covered", "markup in a title"],
)
def test_awkward_records_still_make_a_whole_report(facts):
    made = render(facts)
    assert made.startswith(b"%PDF")
    assert b"javascript:" not in made


@needs_pdf
@pytest.mark.parametrize(
    "markup",
    [
        '<img src="file:///etc/hostname">',
        '<img src="http://127.0.0.1:9/x.png">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
        '<style>@import url("file:///etc/hostname");</style>',
    ],
)
def test_a_report_loads_nothing_from_disk_or_network(markup, monkeypatch):
    import socket

    def refused(*args, **options):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "create_connection", refused)
    with pytest.raises(Refused, match=r"may not load"):
        pdf.render_html(f"<html lang=en><title>t</title><body><h1>t</h1>{markup}</body></html>", {}, at=NOW)


@needs_pdf
def test_an_untouched_report_verifies(report, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(report)
    verdict = verify_report(path)
    assert verdict.differences == ()
    assert verdict.agreeing > 300


@needs_pdf
@pytest.mark.parametrize(
    ("name", "change", "named"),
    [
        ("assessment.json", lambda d: d["score"].update(value=99.0), "$.score.value"),
        ("assessment.json", lambda d: d["forecast"].update(n=1), "$.forecast.n"),
        (
            "facts.json",
            lambda d: d["incidents"][3].update(resolved_at="2011-05-13T01:00:00Z"),
            "manifest hash of facts.json",
        ),
        ("assessment.json", lambda d: d["method"].update(version="9.9"), "$.method"),
    ],
)
def test_a_changed_figure_is_named(report, tmp_path, name, change, named):
    path = tmp_path / "changed.pdf"
    with pikepdf.open(io.BytesIO(report)) as document:
        data = json.loads(document.attachments[name].get_file().read_bytes())
        change(data)
        document.attachments[name] = pikepdf.AttachedFileSpec(document, json.dumps(data).encode(), filename=name)
        document.save(path)
    differences = [str(difference) for difference in verify_report(path).differences]
    assert any(named in difference for difference in differences), differences


def test_a_pdf_without_data_is_refused_not_passed(tmp_path):
    path = tmp_path / "empty.pdf"
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(path)
    with pytest.raises(Refused, match="carries no data"):
        verify_report(path)
    path.write_bytes(b"no pdf at all")
    with pytest.raises(Refused, match="no readable PDF"):
        verify_report(path)


def test_an_assessment_file_verifies_against_the_bundled_facts(bpos, tmp_path):
    path = tmp_path / "assessment.json"
    path.write_bytes(encode(bpos[0]))
    assert verify_assessment(path).differences == ()
    changed = msgspec.structs.replace(bpos[0], needs=Needs(rto_hours=8.0))
    path.write_bytes(encode(changed))
    assert any("$.forecast.p_exceed" in str(d) for d in verify_assessment(path).differences)


@pytest.mark.parametrize("theme", [LIGHT, DARK, PRINT], ids=["light", "dark", "print"])
def test_pictures_are_well_formed_titled_and_free_of_css(bpos, theme):
    context = vendor_context(*bpos, theme=theme)
    for name in ("ring", "bars", "curve", "ladder", "ninety", "calendar"):
        root = ElementTree.fromstring(context[name])
        assert root.find("{http://www.w3.org/2000/svg}title").text.strip(), name
        assert "style=" not in context[name]
        assert "var(" not in context[name]


def test_unknown_is_worded_never_zero(bpos):
    context = vendor_context(*bpos)
    assert "not known" in context["bars"]
    assert all(view.points == "" for view in context["gaps"])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1"])
def test_cells_that_a_spreadsheet_would_run_are_quoted(text):
    assert safe_cell(text) == f"'{text}"


def test_attachments_of_several_vendors_carry_their_names(bpos):
    names = attachments([bpos, bpos], kind="portfolio")
    assert {"microsoft-bpos-2011.facts.json", "microsoft-bpos-2011.assessment.json", "manifest.json"} == set(names)


def test_the_web_tokens_are_those_of_the_pictures():
    assert (ROOT / "riskboard/static/css/tokens.css").read_text() == css()
