"""Every kind of report before independent checkers of PDF/UA, of the file's form, and a walk through its structure."""

from __future__ import annotations

import functools
import io
import os
from pathlib import Path

import pikepdf
import pytest

from assessments.report import pdf
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from riskboard.locales import ENGLISH, speaking
from tests.assessments.report_samples import NOW, rich_facts
from tests.assessments.test_report_continuity import given
from vendors.catalogue import index

pytestmark = [
    pytest.mark.skipif(
        pdf.missing_library() is not None and os.environ.get("CI") != "true",
        reason=f"the PDF engine lacks {pdf.missing_library()}; {pdf.INSTALL}",
    ),
    pytest.mark.xdist_group("report checkers"),
]
OFF = {
    # It takes a line that is no longer the same on every page for prose: our running header names the section.
    # `test_only_margins_are_kept_from_a_screen_reader` looks at where such lines stand instead.
    "TAG-002",
    # It counts header cells, and takes a table's head that is repeated on each page, or a heading of rows, for shredded ones.
    "TBL-010",
}


@functools.cache
def judged(slug: str):
    facts = index.load(slug)
    return assess(facts, Needs(), as_of=facts.as_of), facts


@functools.cache
def rich():
    facts = rich_facts(incidents=25)
    return assess(facts, Needs(rpo_hours=1.0), as_of=NOW), facts


def pairs():
    return [judged(slug) for slug in ("modal", "together-ai", "trello")]


KINDS = {
    "vendor": lambda **form: pdf.vendor_report(*rich(), **form),
    "portfolio": lambda **form: pdf.portfolio_report(pairs(), **form),
    "comparison": lambda **form: pdf.comparison_report(pairs(), **form),
    "continuity": lambda **form: pdf.plan_report(given(), kind="continuity", **form),
    "improvement": lambda **form: pdf.plan_report(given(), kind="improvement", **form),
}
FORMS = {
    "a4": {"paper": "a4"},
    "letter": {"paper": "letter"},
    "archive": {"paper": "a4", "archive": True},
    "german": {"language": "de"},
    "french": {"language": "fr"},
}
CASES = [pytest.param(kind, form, id=f"{kind}-{form}") for kind in KINDS for form in FORMS]


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A function that gives the file of a kind in a form, made when first asked for."""
    folder = tmp_path_factory.mktemp("checked")

    @functools.cache
    def file(kind: str, form: str) -> Path:
        path = folder / f"{kind}-{form}.pdf"
        options = dict(FORMS[form])
        with speaking(options.pop("language", ENGLISH)):
            path.write_bytes(KINDS[kind](**options).data)
        return path

    return file


@pytest.mark.parametrize(("kind", "form"), CASES)
def test_two_checkers_of_pdf_ua_find_no_error(kind, form, made):
    outloud, pdfua = pytest.importorskip("outloud"), pytest.importorskip("pdfua")
    path = str(made(kind, form))
    heard = outloud.check(path, skip=OFF)
    assert heard.error is None
    assert [run.rule for run in heard.runs if run.status == "crashed"] == []
    assert [f"{one.rule} page {one.page}: {one.message}" for one in heard.findings if one.severity == "error"] == []
    assert sum(run.status == "ran" for run in heard.runs) > 50  # it did look
    found = pdfua.validate(path).findings
    assert [f"{one.rule_id}: {one.message}" for one in found if one.severity.name != "INFO"] == []


@pytest.mark.parametrize(("kind", "form"), CASES)
def test_qpdf_finds_the_file_sound(kind, form, made):
    job = pikepdf.Job(["qpdf", "--check", str(made(kind, form))])
    job.run()
    assert job.exit_code == 0
    with pikepdf.open(made(kind, form)) as document:
        assert document.check_pdf_syntax() == []


@pytest.mark.parametrize(("kind", "form"), CASES)
def test_the_structure_leads_a_screen_reader(kind, form, made):
    with pikepdf.open(made(kind, form)) as document:
        root = document.Root
        assert str(root.Lang) == FORMS[form].get("language", ENGLISH)
        assert root.MarkInfo.Marked
        assert root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as told:
            assert str(told["dc:title"]).strip()
            assert told["pdfuaid:part"] == "1"
        nodes = list(walk(root.StructTreeRoot))
        of = functools.partial(tagged, nodes)
        assert len(of("/H1")) == 1
        assert all(str(one.get("/Alt", "")).strip() for one in of("/Figure"))
        heads = of("/TH")
        assert heads
        assert {str(attribute(one, "/Scope")) for one in heads} <= {"/Row", "/Column"}
        for one in of("/L"):
            assert {str(kid.S) for kid in kids(one)} <= {"/LI", "/Caption", "/L"}
        links = [note for page in document.pages for note in page.get("/Annots", []) if note.Subtype == "/Link"]
        assert links
        assert all(int(note.F) & 4 and "/StructParent" in note for note in links)
        assert all(str(note.get("/Contents", "")).strip() for note in links)
        with document.open_outline() as outline:
            assert any(item.children for item in outline.root), "bookmarks have two levels"


def test_only_margins_are_kept_from_a_screen_reader(made):
    """What is marked as an artifact and has words stands above or below the text, on every page of every kind."""
    from outloud.model import Document

    for kind in KINDS:
        document = Document(str(made(kind, "a4")))
        try:
            words = 0
            for page in document.pages:
                height = float(page.height) if hasattr(page, "height") else None
                for line in document.content(page.index).lines:
                    if line.artifact_share < 0.5 or not line.text.strip():
                        continue
                    words += 1
                    top, bottom = line.bbox[3], line.bbox[1]
                    high = height or (595.3 if kind == "comparison" else 841.9)
                    assert bottom > high - 62 or top < 62, (kind, page.number, line.text, line.bbox)
            assert words > 4, kind
        finally:
            document.close()


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_finds_what_it_asks_for(kind, made):
    with pikepdf.open(made(kind, "archive")) as document:
        with document.open_metadata() as told:
            assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("3", "A")
            assert b"pdfaExtension:schemas" in document.Root.Metadata.read_bytes()
        (intent,) = document.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert len(intent.DestOutputProfile.read_bytes()) > 1000
        attached = document.Root.AF
        assert {str(one.AFRelationship) for one in attached} == {"/Data"}
        assert {str(one.UF) for one in attached} == set(document.attachments)
        assert all(one.EF.F.Subtype for one in attached)
        assert not document.is_encrypted
        fonts = [font for page in document.pages for font in page.Resources.Font.values()]
        assert all("/FontFile2" in one.DescendantFonts[0].FontDescriptor for one in fonts)


@pytest.mark.parametrize("kind", KINDS)
def test_only_who_asks_for_an_archive_gets_one(kind, made):
    with pikepdf.open(made(kind, "a4")) as document, document.open_metadata() as told:
        assert "pdfaid:part" not in told


def walk(node):
    for kid in kids(node):
        yield kid
        yield from walk(kid)


def kids(node):
    children = node.get("/K", [])
    listed = children if isinstance(children, pikepdf.Array) else [children]
    return [kid for kid in listed if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def tagged(nodes, name):
    return [node for node in nodes if node.get("/S") == name]


def attribute(node, name):
    attributes = node.get("/A", [])
    listed = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    return next((one[name] for one in listed if name in one), None)


def test_the_walk_would_notice(made):
    """A structure without scopes, figures' words or languages is not taken for sound."""
    with pikepdf.open(made("improvement", "a4")) as document:
        del document.Root.Lang
        for node in walk(document.Root.StructTreeRoot):
            if node.get("/S") == "/TH":
                del node.A
        out = io.BytesIO()
        document.save(out)
    with pikepdf.open(out) as document:
        heads = tagged(list(walk(document.Root.StructTreeRoot)), "/TH")
        assert {attribute(one, "/Scope") for one in heads} == {None}
        assert "/Lang" not in document.Root
