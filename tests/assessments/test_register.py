"""Promises followed up, decisions held against their days, and changes told in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from assessments.continuity import plan as p
from assessments.continuity.changes import changes, in_words, moved
from assessments.continuity.commitments import conditions, follow, promises
from assessments.continuity.examples import load
from assessments.continuity.judged import Judged
from assessments.continuity.plan_file import checked
from assessments.continuity.register import counts, decision_id, register, reminders
from assessments.scoring.model import Needs, Own
from assessments.scoring.pipeline import assess
from tests.assessments.making import NOW, PAGE, make_facts, make_incident
from tests.assessments.test_answer import judged
from vendors.records import Update

TODAY = NOW.date()
MADE = TODAY - timedelta(days=100)


def promised(kind="other", **fields) -> p.Commitment:
    return p.Commitment(
        **({"id": "c", "vendor": "v", "kind": kind, "said": "Said.", "source": "press", "made_on": MADE} | fields)
    )


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


RECORDED = [
    ("open", {}),
    ("open", {"due_on": day(15)}),
    ("due soon", {"due_on": day(14)}),
    ("due soon", {"due_on": TODAY}),
    ("late", {"due_on": day(-1)}),
    ("kept", {"due_on": day(-5), "kept_on": day(-5)}),
    ("kept late", {"due_on": day(-5), "kept_on": day(-4)}),
    ("kept", {"kept_on": day(-4)}),
    ("open", {"kept_on": day(1)}),
    ("broken", {"broken_on": day(-1)}),
    ("broken", {"broken_on": day(-1), "kept_on": day(-2)}),
]


@pytest.mark.parametrize(("state", "fields"), RECORDED)
def test_what_was_recorded_decides(state, fields):
    assert follow(promised(**fields), None, as_of=NOW).state == state


def test_a_late_promise_says_since_when():
    assert follow(promised(due_on=day(-3)), None, as_of=NOW).why == (
        f"Due on {day(-3)}, 3 days ago; nothing shows that it was kept."
    )


def since(count: int, *, hours: float = 2.0, gap: float = 30.0, **fields):
    """So many incidents after the promise."""
    return tuple(make_incident(n, days_ago=10.0 * n, hours=hours, gap=gap, **fields) for n in range(1, count + 1))


def before(count: int, **fields):
    return tuple(make_incident(50 + n, days_ago=110.0 + 10 * n, **fields) for n in range(count))


def worded(incidents, *elements):
    return tuple(
        replace(one, updates=tuple(replace(update, elements=elements) for update in one.updates)) for one in incidents
    )


SHOWN = [
    ("post-mortem", {}, before(1, postmortem_url=PAGE), "kept"),
    ("post-mortem", {"due_on": day(-1)}, before(1), "late"),
    ("post-mortem", {}, (make_incident(1, days_ago=131.0, postmortem_url=PAGE),), "open"),
    ("rto", {"limit_hours": 4.0}, since(3, hours=4.0), "open"),
    ("rto", {"limit_hours": 4.0}, since(3, hours=4.1), "broken"),
    ("rto", {}, since(3, hours=9.0), "open"),
    ("rto", {"limit_hours": 4.0}, before(3, hours=9.0), "open"),
    ("faster-updates", {"limit_hours": 0.5}, since(3, gap=30.0), "kept"),
    ("faster-updates", {"limit_hours": 0.5}, since(3, gap=31.0), "broken"),
    ("faster-updates", {"limit_hours": 0.5}, since(2, gap=31.0), "open"),
    ("specific-updates", {}, worded(since(3), "component", "cause") + worded(before(3), "symptom"), "kept"),
    ("specific-updates", {}, worded(since(3), "symptom") + worded(before(3), "symptom"), "broken"),
    ("specific-updates", {}, worded(since(3), "symptom") + worded(before(2), "symptom"), "open"),
    ("open-dashboard", {}, (), "kept"),
]


@pytest.mark.parametrize(("kind", "fields", "incidents", "state"), SHOWN)
def test_the_vendors_record_tells_where_it_can(kind, fields, incidents, state):
    found = follow(promised(kind, **fields), make_facts(incidents), as_of=NOW)
    assert found.state == state, found.why


def test_a_closed_page_does_not_keep_the_promise_to_open_it():
    found = follow(promised("open-dashboard", due_on=day(-1)), make_facts(access="login"), as_of=NOW)
    assert found.state == "late"
    assert "signed-in customers" in found.why


def test_a_record_that_ends_before_the_promise_tells_nothing_of_it():
    facts = make_facts()
    ended = replace(facts, window=replace(facts.window, end=NOW - timedelta(days=200)))
    assert follow(promised("rto", limit_hours=1.0), ended, as_of=NOW).why == "No day was named."
    assert (
        "The record shows no outage since then, up to "
        in follow(promised("rto", limit_hours=1.0), facts, as_of=NOW).why
    )


def test_what_came_later_than_the_day_asked_for_is_not_known_then():
    found = follow(promised("rto", limit_hours=1.0), make_facts(since(3, hours=9.0)), as_of=NOW - timedelta(days=95))
    assert found.state == "open"


def test_the_promises_of_may_2011_as_the_customer_saw_them():
    plan, known = load("microsoft-bpos-2011"), judged("microsoft-bpos-2011")
    then = promises(plan, known, as_of=datetime(2011, 5, 20, tzinfo=UTC))
    assert {one.commitment.id: one.followed.state for one in then} == {
        "post-mortem-of-19-may": "due soon", "earlier-and-more-specific": "open", "service-credits": "open",
    }  # fmt: skip
    assert conditions(then) == ()
    later = promises(plan, known, as_of=datetime(2011, 6, 1, tzinfo=UTC))
    assert later[0].followed.state == "late"
    assert conditions(later)[0].startswith(
        "Microsoft BPOS (May 2011) makes good what it promised on 2011-05-19 (late): A post-mortem"
    )


def bpos_register(*decisions: p.Decision, as_of=NOW, own: Own | None = None):
    plan = replace(load("microsoft-bpos-2011"), decisions=decisions)
    known = judged("microsoft-bpos-2011")["microsoft-bpos-2011"]
    if own:
        made = assess(known.facts, Needs(own=own), as_of=known.assessment.as_of)
        known = Judged(made, known.facts)
    return {one.rule: one for one in register(checked(plan), {"microsoft-bpos-2011": known}, as_of=as_of)}


def decision(rule: str, **fields) -> p.Decision:
    return p.Decision(id=decision_id(rule, "microsoft-bpos-2011"), rule=rule, vendor="microsoft-bpos-2011", **fields)


DECIDED = [
    ({}, "open", "", False),
    ({"state": "accepted", "approver": "MD", "accepted_until": TODAY}, "accepted", f"until {TODAY}, by MD", False),
    ({"state": "accepted", "approver": "MD", "accepted_until": day(-1)}, "open", f"the acceptance ended on {day(-1)}", False),
    ({"state": "accepted", "approver": "MD"}, "open", "the acceptance ended on no day that is stated", False),
    ({"state": "accepted", "accepted_until": day(9)}, "open", "accepted by nobody in particular", False),
    ({"state": "planned", "due_on": TODAY}, "planned", f"due on {TODAY}", False),
    ({"state": "planned", "due_on": day(-1)}, "planned", f"due on {day(-1)}", True),
    ({"state": "planned"}, "planned", "no day is stated", False),
    ({"state": "done"}, "done", "the rule fires still: what was done does not show in the record or the answers", False),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "state", "note", "overdue"), DECIDED)
def test_a_decision_holds_until_its_day(fields, state, note, overdue):
    one = bpos_register(decision("R26", **fields))["R26"]
    assert (one.state, one.note, one.overdue) == (state, note, overdue)


def test_a_decision_outlives_its_recommendation_and_says_so():
    one = bpos_register(decision("R40", state="done"))["R40"]
    assert (one.state, one.recommendation, one.note) == ("no longer needed", None, "the rule fires no more")


def test_what_the_plan_shows_as_in_place_is_done():
    assert bpos_register(own=Own(in_place=("R26",)))["R26"].state == "done"


def test_every_recommendation_stands_in_the_register_once():
    entries = tuple(bpos_register(decision("R26", state="planned")).values())
    assert sum(counts(entries).values()) == len(entries)
    assert counts(entries)["planned"] == 1
    rules = [one.rule for one in judged("microsoft-bpos-2011")["microsoft-bpos-2011"].assessment.recommendations]
    assert [one.rule for one in entries] == rules


def test_reminders_come_by_day_and_no_sooner_than_a_month_ahead():
    plan = checked(
        p.Plan(
            organisation=p.Organisation(next_review_on=day(30)),
            services=(
                p.Service(id="s", name="S", vendor="v", contract=p.Contract(ends_on=day(40), notice_days=20)),
                p.Service(id="t", name="T", vendor="v", contract=p.Contract(ends_on=day(31))),
            ),
            fallbacks=(p.Fallback(id="f", name="F", service="s"),),
            exercises=(
                p.Exercise(id="old", kind="switchover", fallback="f", held_on=day(-900), result="passed"),
                p.Exercise(id="new", kind="switchover", fallback="f", held_on=day(-400), result="passed"),
                p.Exercise(id="r", kind="restore", service="s", held_on=day(-10), result="passed"),
            ),
            decisions=(p.Decision(id="r1-v", rule="R1", vendor="v", state="planned", due_on=day(-2)),),
            commitments=(
                promised(due_on=day(-1)),
                promised(id="d", checked_on=day(-60)),
                promised(id="e", checked_on=day(-59)),
            ),
        )
    )
    found = [(one.days, one.kind, one.item) for one in reminders(plan, {}, as_of=NOW)]
    assert found == [
        (-35, "fallbacks", "f"), (-2, "decisions", "r1-v"), (-1, "commitments", "c"), (20, "services", "s"),
        (30, "commitments", "d"), (30, "organisation", "organisation"),
    ]  # fmt: skip


def test_changes_are_told_field_by_field():
    was = load("microsoft-bpos-2011")
    orders = next(one for one in was.processes if one.id == "order-intake")
    became = replace(
        was,
        processes=(
            *[one for one in was.processes if one.id != "order-intake"],
            replace(orders, rto_hours=8, owner=None),
        ),
        contacts=tuple(one for one in was.contacts if one.id != "managing-director"),
        services=(replace(was.services[0], contract=replace(was.services[0].contract, ends_on=None)),),
        fallbacks=(p.Fallback(id="fax", name="Fax", service="hosted-email"),),
        organisation=replace(was.organisation, currency="EUR"),
        as_of=None,
    )
    assert [one.text for one in changes(was, became)] == [
        "organisation Example wholesaler (200 staff): currency USD, now EUR",
        "plan the plan: as of 2011-05-20, now not stated",
        "process Order intake by e-mail: owner head-of-sales, now not stated",
        "process Order intake by e-mail: rto 4 h, now 8 h",
        "service Hosted e-mail and calendars (BPOS): contract, ends on 2012-01-31, now not stated",
        "fallback Fax added",
        "contact Managing director removed",
    ]
    assert changes(was, was) == ()


@pytest.mark.parametrize(
    ("value", "field", "text"),
    [(True, "", "yes"), (False, "", "no"), (0.0, "", "0"), (1800.0, "", "1,800"), (0.5, "takeover hours", "30 min"),
     ("", "", "not stated"), (("a", "b"), "", "a, b"), ((p.Step(phase="return", text="x"),), "", "1 lines"),
     ("x" * 200, "", "x" * 79 + "…"), (p.Impact(), "", "stated")],
)  # fmt: skip
def test_values_are_told_as_people_read_them(value, field, text):
    assert in_words(value, field) == text


def test_between_milestones_vendors_are_compared_and_one_that_is_new_has_no_before():
    first, second = judged("pagerduty"), judged("pagerduty", "slack")
    found = {one.vendor: one for one in moved(first, second)}
    assert found["PagerDuty"].value_before == found["PagerDuty"].value_after
    assert found["Slack"].value_before is None
    assert found["Slack"].chance_after == second["slack"].assessment.forecast.p_exceed


def test_an_update_counts_only_where_its_words_were_measured():
    silent = tuple(
        replace(one, updates=(Update(posted_at=one.started_at, text="", automated=True),)) for one in since(5)
    )
    assert follow(promised("specific-updates"), make_facts(silent), as_of=NOW).state == "open"


def test_days_at_the_end_of_the_calendar_are_reminded_of_without_a_fault():
    plan = load("complete")
    service = replace(
        plan.services[0], contract=replace(plan.services[0].contract, ends_on=date(2027, 1, 1), notice_days=10_000_000)
    )
    late = replace(plan.exercises[0], id="far", held_on=date.max, kind="switchover")
    looked = replace(plan.commitments[0], id="far", due_on=None, kept_on=None, checked_on=date.max)
    far = replace(
        plan,
        services=(service, *plan.services[1:]),
        exercises=(*plan.exercises, late),
        commitments=(*plan.commitments, looked),
    )
    found = reminders(far, {}, as_of=datetime(2026, 9, 1, tzinfo=UTC))
    assert [one.on for one in found if one.item == service.id] == [date.min]
    assert "far" not in {one.item for one in found}
