"""The continuity plan and the improvement plan on paper: every figure holds, every page is whole, hostile text ends in time."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pikepdf
import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from assessments import plans
from assessments.continuity import plan as p
from assessments.continuity.answer import answer
from assessments.continuity.examples import load
from assessments.continuity.lint import lint
from assessments.continuity.plan_file import checked
from assessments.plan_reports import given_of, make_plan_report
from assessments.report import pdf
from assessments.report.continuity import PlanReport, continuity_context
from assessments.report.page_text import page_texts
from assessments.report.plan_figures import printed_in_plan
from assessments.report.verify import squeezed, verify_report
from riskboard.jobs import queue
from tests.assessments.test_answer import judged

needs_pdf = pytest.mark.skipif(
    pdf.missing_library() is not None, reason=f"PDF engine: {pdf.missing_library()} is missing"
)
THEN = datetime(2011, 5, 20, 23, 59, 59, tzinfo=UTC)
BPOS = "microsoft-bpos-2011"


def given(plan: p.Plan | None = None, *slugs: str, at: datetime = THEN) -> PlanReport:
    plan = load(BPOS) if plan is None else checked(plan)
    known = judged(*slugs) if slugs else judged(BPOS)
    made = answer(plan, known, as_of=at)
    return PlanReport(plan=plan, judged=known, answer=made, messages=lint(plan, known, as_of=at, answer=made), as_of=at)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, bytes]:
    """Both kinds for the customer of 2011."""
    if pdf.missing_library() is not None:
        pytest.skip(f"PDF engine: {pdf.missing_library()} is missing")
    return {kind: pdf.render_plan(given(), kind=kind) for kind in ("continuity", "improvement")}


def text_of(data: bytes) -> list[str]:
    return [squeezed(text) for text in page_texts(data)]


@pytest.mark.parametrize("kind", ["continuity", "improvement"])
def test_every_figure_is_worked_out_again_from_what_the_file_carries(made, tmp_path, kind):
    path = tmp_path / "plan.pdf"
    path.write_bytes(made[kind])
    verdict = verify_report(path)
    assert verdict.differences == ()
    assert verdict.agreeing > 1000


def changed(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        was = document.attachments[name].get_file().read_bytes()
        assert old in was
        document.attachments[name] = pikepdf.AttachedFileSpec(document, was.replace(old, new, 1), filename=name)
        document.save(out)
    return out.getvalue()


TAMPERED = [
    ("answer.json", b'"verdict":"cannot be met"', b'"verdict":"kept"', "answer.json $.dependencies[0].plain.verdict"),
    ("answer.json", b'"money_known_for":2', b'"money_known_for":3', "answer.json $.money_known_for"),
    ("lint.json", b'"level":"error"', b'"level":"advice"', "lint.json $[0].level"),
    ("plan.json", b'"rto_hours":4.0', b'"rto_hours":9.0', "answer.json $"),
    ("register.csv", b"R26", b"R27", "manifest hash of register.csv"),
]


@pytest.mark.parametrize(("name", "old", "new", "what"), TAMPERED)
def test_a_changed_figure_is_caught(made, tmp_path, name, old, new, what):
    path = tmp_path / "plan.pdf"
    path.write_bytes(changed(made["continuity"], name, old, new))
    found = [str(one) for one in verify_report(path).differences]
    assert any(one.startswith(what) for one in found), found[:5]


def test_a_figure_overwritten_on_the_page_is_caught(made, tmp_path, monkeypatch):
    from assessments.report import verify

    path = tmp_path / "plan.pdf"
    path.write_bytes(made["continuity"])
    pages = verify._pages(made["continuity"], path)
    monkeypatch.setattr(verify, "_pages", lambda data, at: [page.replace("83%", "38%") for page in pages])
    assert any("chance: another text on the pages" in str(one) for one in verify.verify_report(path).differences)


def test_what_the_pages_print_of_the_answer_stands_on_them(made):
    pages = text_of(made["continuity"])
    for path, text in printed_in_plan(given().answer):
        assert any(squeezed(text) in page for page in pages), path


@needs_pdf
def test_the_same_plan_is_the_same_file(made):
    assert pdf.render_plan(given(), kind="continuity") == made["continuity"]


@pytest.mark.parametrize("kind", ["continuity", "improvement"])
def test_the_file_is_tagged_titled_and_has_its_outline(made, kind):
    with pikepdf.open(io.BytesIO(made[kind])) as document:
        root = document.Root
        assert str(root.Lang) == "en"
        assert root.MarkInfo.Marked
        assert "Example wholesaler" in str(document.docinfo["/Title"])
        assert {"plan.json", "answer.json", "lint.json", "register.csv", "manifest.json"} <= set(document.attachments)
        with document.open_outline() as outline:
            assert "Summary" in [heading(str(one.title)) for one in outline.root[0].children]
        figures, heads = [], []
        _walk(root.StructTreeRoot, figures, heads)
        assert all(figures)
        assert heads
        if kind == "continuity":
            assert len(figures) == 5, "the impact over time, and one ladder for each dependency"


def _walk(node, figures: list[bool], heads: list[str]) -> None:
    if isinstance(node, pikepdf.Dictionary):
        if node.get("/S") == "/Figure":
            figures.append(bool(str(node.get("/Alt", "")).strip()))
        if node.get("/S") == "/TH":
            heads.append("th")
        kids = node.get("/K")
        if kids is not None:
            _walk(kids, figures, heads)
    elif isinstance(node, pikepdf.Array):
        for kid in node:
            _walk(kid, figures, heads)


def heading(title: str) -> str:
    """An outline's title without its number."""
    return title.lstrip("0123456789. \u2002\u2003")


def summary_pages(data: bytes) -> int:
    """How many pages lie between the summary's heading and the next section's."""
    reader = PdfReader(io.BytesIO(data))
    starts = {}
    for entry in reader.outline[1]:  # below the cover's title
        if not isinstance(entry, list):
            starts[heading(str(entry["/Title"]))] = reader.get_destination_page_number(entry)
    names = list(starts)
    return starts[names[names.index("Summary") + 1]] - starts["Summary"]


def test_the_summary_is_one_page_on_letter_too():
    letter = pdf.render_plan(given(), kind="continuity", paper="letter")
    assert summary_pages(letter) == 1
    assert [round(float(side)) for side in PdfReader(io.BytesIO(letter)).pages[0].mediabox[2:]] == [612, 792]


def test_the_summary_is_one_page(made):
    assert summary_pages(made["continuity"]) == 1
    assert summary_pages(made["improvement"]) == 1


def test_the_runbook_marks_who_cannot_be_reached_and_leaves_room_to_write(made):
    page = next(text for text in text_of(made["continuity"]) if "Whomtocallwhileitisdown" in text)
    assert "Headofsalesownsorderintakenotreachable" in page
    assert "555-0101" in page


def test_a_service_without_a_runbook_gets_a_page_to_fill_in():
    context = continuity_context(given(replace(load(BPOS), runbooks=())))
    book = context["runbooks"][0]
    assert not book["written"]
    assert [rule for rule, _ in book["suggested"]]
    assert all(steps == [] for _, steps in book["clock"])


# All in every field at once, since each kind alone takes another report; the formula first, where it would be one.
AT_ONCE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script><img src=http://192.0.2.1/x>{{ plan }}{% now %}",
    "a\x00b\x07c\n\n\td",
    "語" * 40,
    "\u202eabc\u2066<b>&amp;</b>\u2069",
)
HOSTILE = {
    "a word of a hundred thousand characters": "y" * 200,
    "a formula, markup, control characters, letters the font lacks, marks that turn the writing": "".join(AT_ONCE),
}
assert len("".join(AT_ONCE)) <= 190, "names are cut there"


@needs_pdf
@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_text_everywhere_ends_with_a_report(case, tmp_path):
    bad = HOSTILE[case]
    long = (bad * 3000)[:4900] if case.startswith("a word") else bad
    plan = replace(
        load(BPOS),
        organisation=p.Organisation(name=bad[:190], classification=bad[:190], approved_by=bad),
        processes=tuple(replace(one, name=bad[:190], workaround=long, minimum_service=long) for one in load(BPOS).processes),
        services=tuple(
            replace(one, name=bad[:190], exit=p.ExitPlan(strategy=long, alternatives=(bad,)))
            for one in load(BPOS).services
        ),
        contacts=tuple(
            replace(one, name=bad[:190], role=bad, channels=(p.Channel(kind="phone", address=bad, via=()),))
            for one in load(BPOS).contacts
        ),
        runbooks=tuple(
            replace(one, activation=long, kept_at=bad, crisis_channel=bad, messages=(p.Message(audience="staff", text=long),))
            for one in load(BPOS).runbooks
        ),
        commitments=tuple(replace(one, said=long, source=bad) for one in load(BPOS).commitments),
    )  # fmt: skip
    data = pdf.render_plan(given(plan))
    path = tmp_path / "plan.pdf"
    path.write_bytes(data)
    assert verify_report(path).differences == ()
    assert b"192.0.2.1/x" not in b"".join(
        str(page.get("/Annots", "")).encode() for page in PdfReader(io.BytesIO(data)).pages
    )
    assert summary_pages(data) == 1


@needs_pdf
def test_an_empty_plan_says_what_is_missing_and_what_to_do():
    data = pdf.render_plan(given(p.Plan(), at=datetime(2026, 9, 1, tzinfo=UTC)))
    told = "".join(text_of(data))
    assert squeezed("No process is entered yet") in told
    assert squeezed("Nothing was ever exercised") in told


@needs_pdf
def test_two_hundred_services_stay_within_the_pages_that_are_printed():
    many = p.Plan(
        processes=(p.Process(id="all", name="All", critical=True, rto_hours=4),),
        services=tuple(p.Service(id=f"s{n}", name=f"Service {n}", vendor="pagerduty") for n in range(200)),
        dependencies=tuple(p.Dependency(id=f"d{n}", process="all", service=f"s{n}") for n in range(200)),
    )
    context = continuity_context(given(many, "pagerduty", at=datetime(2026, 9, 1, tzinfo=UTC)))
    assert (len(context["links"]), context["more_links"], len(context["runbooks"])) == (40, 160, 40)
    assert context["more_messages"] > 0


@pytest.mark.django_db
@needs_pdf
def test_a_worker_writes_the_report_of_a_judged_plan_once(run_jobs):
    revision = plans.replace_plan(load(BPOS), seen_revision=0, author="IT manager", summary="began with the example")
    judgement = plans.judge_plan(revision, now=datetime(2026, 3, 1, tzinfo=UTC))
    job = queue.enqueue("report", {"kind": "continuity", "judgement": str(judgement.uid)}, queue="report", key="x")
    assert run_jobs() == 1
    job.refresh_from_db()
    report = make_plan_report(judgement, kind="continuity")
    assert job.result == {"report": str(report.uid)}
    assert (report.kind, report.name) == ("continuity", "plan")
    assert verify_report(report.path).differences == ()
    history = given_of(judgement).history
    assert history[0][2] == "began with the example"


@pytest.mark.django_db
def test_before_the_plan_is_judged_its_report_is_refused_with_what_to_do(client, run_jobs):
    answered = client.post("/reports/make/", {"kind": "continuity"})
    assert answered.status_code == 400
    assert "was not judged yet" in answered.content.decode()


def test_a_complete_plan_reads_without_an_error_or_a_gap():
    plan = load("complete")
    slugs = sorted({one.vendor for one in plan.services} | {one.by_vendor for one in plan.fallbacks if one.by_vendor})
    at = datetime(2026, 11, 24, tzinfo=UTC) if plan.as_of is None else datetime.combine(plan.as_of, THEN.time(), UTC)
    context = continuity_context(given(plan, *slugs, at=at))
    assert all(book["written"] for book in context["runbooks"])
    assert all(row["verdict"] != "cannot be met" for row in context["processes"])
    assert isinstance(plan.organisation.next_review_on, date)
