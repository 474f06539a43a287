"""What the app gives a report besides its judgement, and the change since a milestone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from assessments import plans
from assessments.continuity.examples import load
from assessments.continuity.plan import Process
from assessments.plan_reports import given_of
from assessments.report import steps
from assessments.report.continuity import continuity_context
from assessments.report.front import front_matter
from assessments.report.plan_printed import printed_on_plan
from assessments.report.progress import printed_progress, rows, sentence
from assessments.report_beside import beside_for, digest, live_address, stands_before
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from tests.assessments.test_report_continuity import THEN, given

BPOS = "microsoft-bpos-2011"


@pytest.mark.parametrize(
    ("site", "address"),
    [
        ("http://127.0.0.1:8765", ""),
        ("http://localhost:8000", ""),
        ("http://[::1]:8000", ""),
        ("https://board.example", "https://board.example/vendors/github/"),
        ("https://board.example/", "https://board.example/vendors/github/"),
        ("http://192.0.2.7:8765", "http://192.0.2.7:8765/vendors/github/"),
    ],
)
@pytest.mark.django_db
def test_a_code_leads_to_the_live_page_only_where_another_machine_can_reach_it(settings, site, address):
    settings.SITE_URL = site
    assert live_address("vendor", "github") == address


@pytest.fixture
def judged_twice(db):
    """The plan of 2011 judged, frozen as a milestone, mended, and judged again a month later."""
    plan = load(BPOS)
    first = plans.judge_plan(plans.replace_plan(plan, seen_revision=0, author="IT", summary="began"), now=THEN)
    plans.freeze("Before the outage", author="IT", as_of=first.as_of, judgement=first)
    mended = replace(
        plan, as_of=None, organisation=replace(plan.organisation, approved_by="Managing director"), runbooks=()
    )
    revision = plans.replace_plan(mended, seen_revision=1, author="IT", summary="mended")
    return first, plans.judge_plan(revision, now=THEN + timedelta(days=40))


def test_a_report_says_what_changed_since_the_last_milestone_and_the_first_that_there_was_none(judged_twice):
    first, second = judged_twice
    assert stands_before(first) == []
    (before,) = stands_before(second)
    now = given_of(second)
    assert (before.label, before.critical) == ("Before the outage", 3)
    context = continuity_context(now)
    assert "Since the milestone Before the outage of 2011-05-20" in context["progress_sentence"]
    assert f"Left to do: {before.left} on" in context["burndown"]
    then = continuity_context(given_of(first))
    assert "No milestone was frozen before this" in then["progress_sentence"]
    assert not then["burndown"]


def test_every_line_of_the_change_is_promised_to_who_verifies(judged_twice):
    now = given_of(judged_twice[1])
    printed = dict(
        printed_on_plan(now.plan, now.judged, now.answer, kind="improvement", before=now.before, has_history=True)
    )
    context = continuity_context(now)
    assert printed["progress"] == context["progress_sentence"]
    for name, cells in context["progress_rows"]:
        assert printed[f"progress.{name}"] == " ".join((name, *cells))


def test_a_vendors_report_carries_the_plans_word_on_it_and_the_judgement_before(judged_twice):
    (old,) = judged_twice[0].assessments.all()
    later = assess_vendor(old.vendor, needs=Needs(rto_hours=old.rto_hours), as_of=old.as_of + timedelta(days=30))
    found = beside_for(later)
    assert found.since is not None
    assert found.since[0].as_of == old.as_of
    assert {one.vendor for one in found.commitments} == {BPOS}
    assert beside_for(old).since is None
    assert digest(found) != digest(beside_for(old)) != ""


def test_nothing_changed_is_said_as_such():
    stand = continuity_context(given())  # no milestone
    assert stand["progress_rows"] == []
    from assessments.report.progress import now_of

    one = given()
    now = now_of(one.plan, one.judged, one.answer)
    assert "as many as then" in sentence([now], now)
    assert all(was == became for _, (was, became) in rows([now], now))
    assert len(printed_progress([now], now)) == 1 + len(rows([now], now))


IMPACTS = [
    ({}, "the impact over time was not assessed"),
    ({"h1": "none", "d5": "none"}, "no impact within 5 d"),
    ({"h1": "minimal", "h4": "severe"}, "severe after 4 h, before its RTO of 8 h is over"),
    ({"h24": "severe"}, "severe after 1 d, its RTO is 8 h"),
]


@pytest.mark.parametrize(("impact", "says"), IMPACTS)
def test_the_step_curve_says_from_when_on_it_hurts(impact, says):
    from assessments.continuity.plan import Impact

    process = Process(id="p", name="Orders", rto_hours=8.0, impact=Impact(**impact))
    assert says in steps.sentence(process).replace("\u00a0", " ")


def test_what_the_front_matter_lacks_is_left_to_fill_in():
    labels = dict(front_matter(load(BPOS)))
    assert list(labels) == ["Author", "Reviewed by", "Approved by", "Classification", "Valid until"]
    assert labels["Approved by"] == ""
    assert dict(front_matter(load("complete")))["Valid until"].startswith("20")
