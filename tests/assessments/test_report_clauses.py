"""The clause index: every clause names sections that exist, and an empty section answers nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from assessments.continuity import plan as p
from assessments.continuity.answer import answer
from assessments.continuity.examples import load
from assessments.continuity.lint import lint
from assessments.report import clauses, pdf
from assessments.report.beside import NOTHING, Beside
from assessments.report.comparison import comparison_context
from assessments.report.continuity import PlanReport, continuity_context, plan_context
from assessments.report.portfolio import portfolio_context
from assessments.report.vendor import report_context
from assessments.report.whole import sections_of_vendor
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from assessments.scoring.reading import read_words
from assessments.scoring.what_if import Standby
from tests.assessments.report_samples import NOW, make_facts, rich_facts
from tests.assessments.test_answer import judged
from vendors.catalogue import index
from vendors.facts_file import normalise

KINDS = ("vendor", "continuity", "improvement", "portfolio", "comparison")


def plan_given(plan: p.Plan, *slugs: str, at: datetime) -> PlanReport:
    known = judged(*slugs)
    made = answer(plan, known, as_of=at)
    return PlanReport(plan=plan, judged=known, answer=made, messages=lint(plan, known, as_of=at, answer=made), as_of=at)


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """The HTML of each kind of report, over records and a plan that lack nothing."""
    facts = rich_facts(incidents=60)
    pair = (assess(facts, Needs(rpo_hours=1.0), as_of=NOW), facts)
    others = [(assess(one, Needs(), as_of=one.as_of), one) for one in map(index.load, ("trello", "modal"))]
    plan = load("complete")
    slugs = sorted({one.vendor for one in plan.services} | {one.by_vendor for one in plan.fallbacks if one.by_vendor})
    assert plan.as_of is not None
    given = plan_given(plan, *slugs, at=datetime.combine(plan.as_of, NOW.timetz()))
    return {
        "vendor": pdf.html_of("report/vendor.html", report_context(*pair, Beside(Standby(1.0), "Second mail system"))),
        "continuity": pdf.html_of("report/continuity.html", plan_context(given, kind="continuity")),
        "improvement": pdf.html_of("report/improvement.html", plan_context(given, kind="improvement")),
        "portfolio": pdf.html_of("report/portfolio.html", portfolio_context([pair, *others])),
        "comparison": pdf.html_of("report/comparison.html", comparison_context(others)),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_clause_names_sections_that_stand_in_the_report_once(pages, kind):
    found = re.findall(r'id="([^"]+)"', pages[kind])
    wanted = {name for one in clauses.index().clause for name in one.sections(kind)} | {"clauses"}
    assert {name: found.count(name) for name in wanted} == dict.fromkeys(wanted, 1)
    assert wanted - {"clauses"} <= set(clauses.index().sections)


@pytest.mark.parametrize("kind", KINDS)
def test_every_link_of_the_index_leads_somewhere(pages, kind):
    ids = set(re.findall(r'id="([^"]+)"', pages[kind]))
    assert set(re.findall(r'class="at" href="#([^"]+)"', pages[kind])) <= ids


def test_no_clause_is_answered_by_no_report_and_each_is_listed_once():
    listed = [(one.document, one.ref) for one in clauses.index().clause]
    assert len(listed) == len(set(listed)) >= 40
    assert all(any(one.sections(kind) for kind in KINDS) for one in clauses.index().clause)


def test_what_was_never_read_is_printed_as_to_be_verified():
    unread = [one for one in clauses.index().clause if one.mark != "read"]
    assert {one.document for one in unread} == {"iso"}
    shown = {line.ref: line.asks for line in clauses.lines("continuity", everything("continuity"))}
    assert all("to be verified" in shown[f"ISO 22301 {one.ref}"] for one in unread if one.continuity)
    assert all(
        "to be verified" in full
        for name, full in clauses.documents()
        if name in ("RTS risk", "RTS services", "ISO 22301")
    )


def everything(kind: str) -> dict[str, str]:
    return {name: "" for one in clauses.index().clause for name in one.sections(kind)}


STANDS = [({}, "addressed"), ({"impact": "RTO of Orders"}, "in part"),
          ({"impact": "RTO of Orders", "over-time": "none is assessed"}, "not addressed")]  # fmt: skip


@pytest.mark.parametrize(("missing", "stands"), STANDS)
def test_an_empty_section_answers_nothing_and_says_what_is_missing(missing, stands):
    (line,) = (
        one for one in clauses.lines("continuity", everything("continuity") | missing) if one.ref == "DORA 11(5)"
    )
    assert line.stands == stands
    assert all(why in line.why for why in missing.values())
    assert [name for name, _ in line.where] == [name for name in ("impact", "over-time") if name not in missing]


def test_a_clause_of_an_unknown_section_is_an_error_not_a_gap():
    with pytest.raises(KeyError):
        clauses.lines("continuity", {})


def test_an_empty_record_addresses_little_and_a_rich_one_more():
    def standing(facts) -> dict[str, str]:
        judged_now = assess(facts, Needs(), as_of=NOW)
        return sections_of_vendor(judged_now, read_words(normalise(facts)), NOTHING)

    bare, rich = standing(make_facts(days=None, pages=())), standing(rich_facts())
    assert bare["record"] == "the record covers no span of time"
    assert all(bare[name] for name in ("forecast", "quoted", "told", "pillar-timeliness", "pillar-backup", "fallback"))
    assert [name for name, why in rich.items() if why] == ["signoff", "fallback"]


def test_the_plan_of_2011_addresses_few_clauses_and_the_complete_one_nearly_all():
    then = datetime(2011, 5, 20, 23, 59, 59, tzinfo=UTC)
    old = continuity_context(plan_given(load("microsoft-bpos-2011"), "microsoft-bpos-2011", at=then))
    lines = {line.ref: line for line in old["clauses"]["lines"]}
    assert lines["DORA 12(4)"].stands == "not addressed"
    assert lines["DORA 12(4)"].why == "nothing takes over"
    assert "RTO, RPO or MTD of" in lines["NIST 800-34 B 3.1.1"].why
    assert old["gaps"]
    empty = continuity_context(plan_given(p.Plan(), at=then))
    assert all(line.stands != "addressed" for line in empty["clauses"]["lines"] if line.ref.startswith("DORA 1"))


def test_a_runbook_without_texts_answers_no_clause_on_communication():
    plan = load("complete")
    bare = replace(plan, runbooks=tuple(replace(one, messages=()) for one in plan.runbooks))
    at = datetime.combine(plan.as_of, NOW.timetz())
    for given, held in ((plan, True), (bare, False)):
        context = continuity_context(plan_given(given, "pagerduty", at=at))
        assert (context["sections"]["texts"] == "") is held
