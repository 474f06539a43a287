"""The pages themselves: whole, in order, inside their margins, for any record; and nothing loaded to make them."""

from __future__ import annotations

import functools
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pikepdf
import pytest

from assessments.continuity.rules import BY_ID
from assessments.report import pdf
from assessments.report.context import vendor_context
from assessments.report.files import make
from assessments.report.page_text import page_texts
from assessments.report.vendor import report_context
from assessments.report.verify import squeezed, verify
from assessments.scoring.model import Cap, Needs
from assessments.scoring.moved import CAUSES, Moved, sentence
from assessments.scoring.pipeline import assess
from riskboard.errors import Refused
from riskboard.locales import _, speaking
from riskboard.phrasebook import said
from tests.assessments.report_samples import NOW, cut_to_summary, make_facts, make_incident, rich_facts
from vendors.catalogue import index
from vendors.records import Page

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(
    pdf.missing_library() is not None and os.environ.get("CI") != "true",
    reason=f"the PDF engine lacks {pdf.missing_library()}; {pdf.INSTALL}",
)
LONG_WORD = "unbreakable" * 40


def judged(facts, **needs):
    return assess(facts, Needs(**needs), as_of=NOW), facts


def hostile_facts():
    """Names, titles, addresses and notes as an enemy would write them."""
    incidents = [
        make_incident(n, title=title, url=url, hours=3.0 + n)
        for n, (title, url) in enumerate(
            [
                (LONG_WORD, "https://status.vendor.example/" + "a" * 1800),
                ("</style></table><script>alert(1)</script>", "javascript:alert(1)"),
                ("{{ a.score.value }}{% load static %}", "file:///etc/passwd"),
                ("\u202egnp.exe \x00\x07 عطل في البريد 邮件延迟 🔥", "/relative"),
                ("url(http://127.0.0.1:9/x) @import", "https://[::1"),
            ],
            1,
        )
    ]
    page = Page(
        url="https://" + "x" * 1900 + ".example", platform=LONG_WORD[:200], name=LONG_WORD[:400], access="public"
    )
    return make_facts(
        incidents,
        name="<b>" + LONG_WORD[:200] + " البريد",
        pages=(*(make_facts().pages), *(msgspec.structs.replace(page, url=f"{page.url}{n}") for n in range(30))),
    )


RECORDS = {
    "rich": lambda: judged(rich_facts(), rpo_hours=1.0),
    "no incident": lambda: judged(make_facts()),
    "nothing known": lambda: judged(make_facts(days=None, pages=())),
    "one open": lambda: judged(make_facts([make_incident(hours=None)])),
    "young": lambda: judged(make_facts([make_incident(1, days_ago=3)], days=20)),
    "hostile": lambda: judged(hostile_facts()),
    "three thousand": lambda: judged(
        make_facts([make_incident(n, days_ago=n * 0.7, hours=1 + n % 11) for n in range(1, 3001)], days=2200)
    ),
}
KINDS = list(RECORDS)


class Reports:
    """Reports over records of every kind, each made once, when first asked for."""

    @functools.cache  # noqa: B019  (one instance, for the life of the process)
    def __getitem__(self, kind):
        pair = RECORDS[kind]()
        return pair, pdf.render_vendor(*pair)


@pytest.fixture(scope="session")
def reports():
    return Reports()


@pytest.mark.parametrize("kind", KINDS)
def test_every_report_verifies_and_stays_within_twenty_pages(reports, kind, tmp_path):
    _, made = reports[kind]
    path = tmp_path / "report.pdf"
    path.write_bytes(made)
    assert verify(path) == []
    assert 8 <= len(page_texts(made)) <= 20


@pytest.mark.parametrize("kind", KINDS)
def test_the_summary_is_one_page_and_no_page_is_blank(reports, kind):
    pages = [squeezed(text) for text in page_texts(reports[kind][1])]
    (summary,) = (n for n, text in enumerate(pages) if "Whatweighsmost" in text)
    assert "Decisionasked" in pages[summary]
    assert "3Thepublishedrecord" in pages[summary + 1].replace("\u2003", "")
    assert all(len(text) > 250 for text in pages[1:]), [len(text) for text in pages]


@pytest.mark.parametrize("kind", KINDS)
def test_contents_name_the_page_each_section_stands_on(reports, kind):
    made = reports[kind][1]
    pages = page_texts(made)
    contents = next(page for page in map(squeezed, pages) if "Contents" in page and "Sign-off" in page)
    with pikepdf.open(io.BytesIO(made)) as document:
        place = {page.objgen: number for number, page in enumerate(document.pages, 1)}
        with document.open_outline() as outline:
            found = {item.title: place[item.destination[0].objgen] for item in outline.root[0].children}
    assert len(found) == 12
    for title, number in found.items():
        short = {"The chance of an outage longer than your RTO": "The chance of a longer outage"}.get(title, title)
        assert re.search(re.escape(squeezed(short)) + rf"\.*{number}(?!\d)", contents), (title, number)
        assert squeezed(title) in squeezed(pages[number - 1])


@pytest.mark.parametrize("kind", KINDS)
def test_the_structure_is_sound_for_a_screen_reader(reports, kind):
    with pikepdf.open(io.BytesIO(reports[kind][1])) as document:
        nodes = list(walk(document.Root.StructTreeRoot))
        tags = [str(node.get("/S", "")) for node in nodes]
        assert str(document.Root.Lang) == "en"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        counts = Counter(tags)
        assert counts["/H1"] == 1
        headings = [int(tag[2:]) for tag in tags if re.fullmatch(r"/H[1-6]", tag)]
        assert all(later <= earlier + 1 for earlier, later in pairwise(headings))
        figures = [node for node in nodes if node.get("/S") == "/Figure"]
        assert len(figures) >= 8
        assert all(len(str(node.get("/Alt", "")).strip()) > 10 for node in figures)
        headers = {bytes(node.ID) for node in nodes if node.get("/S") == "/TH"}
        cells = [headers_of(node) for node in nodes if node.get("/S") == "/TD"]
        assert cells
        assert all(named and named <= headers for named in cells)


def walk(node):
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            yield child
            yield from walk(child)


def headers_of(cell) -> set[bytes]:
    """The header cells a data cell belongs to, as a screen reader tells them."""
    attributes = cell.get("/A", [])
    items = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    return {bytes(name) for item in items for name in item.get("/Headers", [])}


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not installed")
@pytest.mark.parametrize("kind", KINDS)
def test_no_word_leaves_the_page(reports, kind, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(reports[kind][1])
    boxes = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True).stdout
    words = re.findall(
        r'<word xMin="(-?[\d.]+)" yMin="(-?[\d.]+)" xMax="(-?[\d.]+)" yMax="(-?[\d.]+)">(.*?)</word>', boxes
    )
    assert len(words) > 500
    outside = [
        w for w in words if float(w[0]) < 40 or float(w[2]) > 595.3 - 40 or float(w[1]) < 10 or float(w[3]) > 842
    ]
    assert outside == []


def test_hostile_words_are_shown_not_obeyed(reports):
    made = reports["hostile"][1]
    with pikepdf.open(io.BytesIO(made)) as document:
        links = {
            str(note.A.URI)
            for page in document.pages
            for note in page.get("/Annots", [])
            if "/A" in note and "/URI" in note.A
        }
    assert all(link.startswith(("https://", "http://")) for link in links)
    text = squeezed(" ".join(page_texts(made)))
    assert "</style></table><script>alert(1)</script>" in text
    assert "{{a.score.value}}{%loadstatic%}" in text
    assert "□□□□" in text  # a script the font does not hold; the attached facts do


def test_the_same_report_whatever_order_the_incidents_arrived_in(reports):
    (assessment, facts), made = reports["rich"]
    shuffled = msgspec.structs.replace(facts, incidents=facts.incidents[::-1])
    assert pdf.render_vendor(assessment, shuffled) == made


def test_figures_of_the_portfolio_verify_and_every_vendor_is_attached(tmp_path):
    pairs = [
        (assess(facts, Needs(), as_of=facts.as_of), facts)
        for facts in map(index.load, ("modal", "together-ai", "trello"))
    ]
    made = pdf.render_portfolio(pairs)
    assert pdf.render_portfolio(pairs) == made
    path = tmp_path / "portfolio.pdf"
    path.write_bytes(made)
    assert verify(path) == []
    with pikepdf.open(path) as document:
        assert set(document.attachments) == {"manifest.json"} | {
            f"{slug}.{kind}.json" for slug in ("modal", "together-ai", "trello") for kind in ("facts", "assessment")
        }


@pytest.mark.renders
def test_a_warm_render_opens_no_socket_and_no_file_but_its_own(tmp_path):
    """In a process of its own, since an audit hook can never be taken off again."""
    code = """
import sys, json, django; django.setup()
from vendors.catalogue import index; from assessments.scoring.pipeline import assess
from assessments.scoring.model import Needs; from assessments.report import pdf
f = index.load("modal"); a = assess(f, Needs(), as_of=f.as_of); pdf.render_vendor(a, f)
seen = []
def hook(event, arguments):
    if event.startswith("socket.") or event in ("open", "subprocess.Popen", "os.system"):
        seen.append((event, str(arguments[0])))
sys.addaudithook(hook); pdf.render_vendor(a, f); out = list(seen)
print(json.dumps(out))
"""
    environ = os.environ | {
        "PYTHONPATH": str(ROOT),
        "RISKBOARD_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "riskboard.settings",
    }
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    own = (sys.prefix, sys.base_prefix, str(ROOT), "/tmp/", "/usr/share/")
    # The engine's own folder in the spool, which is named below a descriptor when it is removed.
    scratch = re.compile(r"weasyprint-\w+")
    assert [event for event in seen if event[0] != "open"] == []
    strange = [path for _, path in seen if not path.startswith(own) and not path.isdigit()]
    assert [path for path in strange if not scratch.fullmatch(path)] == []


def test_a_report_longer_than_any_board_reads_is_refused(monkeypatch):
    monkeypatch.setattr(pdf, "LONGEST_PAGES", 5)
    with pytest.raises(Refused, match="at most 5"):
        pdf.render_vendor(*judged(make_facts()))


def test_a_warning_of_the_engine_stops_the_report():
    with pytest.raises(Refused, match="the report was not made"):
        pdf.render_html("<html lang=en><title>t</title><style>p { colour: red }</style><body><h1>t</h1>", {}, at=NOW)


def test_where_no_pdf_can_be_made_the_report_is_one_html_file_that_says_why(monkeypatch):
    monkeypatch.setattr(pdf, "missing_library", lambda: "libpango-1.0.so.0")
    pair = judged(rich_facts(incidents=10))
    made = make([pair], kind="vendor")
    page = made.data.decode()
    assert (made.format, made.pages) == ("html", None)
    assert "lacks libpango-1.0.so.0" in page
    assert pdf.INSTALL in page
    assert page.count("<svg") >= 8
    assert not re.search(r'(?:src|href)="(?!#|https?://)', page)
    assert vendor_context(*pair)["headline"] in page
    with pytest.raises(Refused, match="libpango"):
        pdf.render_vendor(*pair)


def test_no_template_reads_a_clock():
    for path in [*(ROOT / "templates/report").glob("*.html"), *(ROOT / "assessments/report").rglob("*.py")]:
        assert not re.search(r"\{%\s*now|\bnow\(|utcnow|today\(|time\.time", path.read_text(encoding="utf-8")), (
            path.name
        )


def test_a_record_from_the_future_of_the_judgement_is_left_out():
    later = make_incident(1, days_ago=-20)
    facts = make_facts([later, make_incident(2, days_ago=30)])
    context = vendor_context(assess(facts, Needs(), as_of=NOW - timedelta(days=1)), facts)
    assert context["incident_count"] == 1


CAPS = (
    "good prose cannot hide a weak record or weak backups",
    "there is neither an export nor a separate backup of the data",
)


def fullest(context):
    """The same report with the longest of everything its summary can hold."""
    views = [view for *_, checks in context["pillars"] for view in checks]
    longest = max((view.question for view in views), key=len)
    judged_ones = [view for view in views if view.result.score is not None]
    findings = [replace(view, question=longest, finding="measured here and there " * 12) for view in judged_ones[:3]]
    rules = sorted(BY_ID.values(), key=lambda rule: -len(said(rule.action)))[: len(context["first"]) or 5]
    first = [replace(context["advice"][0], action=said(rule.action), rule=rule.id) for rule in rules]
    score = context["a"].score
    caps = [
        Cap(id=f"c{n}", ceiling=36.45, without=43.24, contribution=-6.79, reason=reason)
        for n, reason in enumerate(CAPS)
    ]
    moved = Moved(since=NOW, then=80.25, now=50.5, **{name: -12.25 for name, _ in CAUSES})
    return context | {
        "findings": findings,
        "first": first,
        "moved_sentence": said(sentence(moved)),
        "a": msgspec.structs.replace(context["a"], score=msgspec.structs.replace(score, caps=tuple(caps))),
    }


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_the_fullest_summary_stays_on_one_page(language, paper):
    pair = judged(rich_facts(incidents=25), rpo_hours=1.0)
    with speaking(language):
        context = fullest(report_context(*pair)) | {"paper": paper}
        made = pdf.render_html(cut_to_summary(pdf.html_of("report/vendor.html", context)), {}, at=NOW)
        begins, asked, record = (
            squeezed(_(text)) for text in ("What weighs most", "Decision asked:", "The published record")
        )
    pages = [squeezed(page) for page in page_texts(made.data)]
    (summary,) = (n for n, page in enumerate(pages) if begins in page)
    assert asked in pages[summary]
    assert record in pages[summary + 1]
