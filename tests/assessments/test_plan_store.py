"""The stored plan: each change a revision, nobody's work overwritten, anything taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from assessments import plans
from assessments.continuity.examples import load
from assessments.continuity.plan import Contact, Organisation, Plan, Process, Service
from assessments.continuity.plan_file import PlanError, item_sha256, sha256
from assessments.models import Milestone, PlanJudgement, PlanRevision
from assessments.models.assessment import Immutable
from assessments.models.plan import read_at

pytestmark = pytest.mark.django_db
ORDERS = Process(id="orders", name="Order intake", rto_hours=4)
DESK = Contact(id="desk", name="Service desk")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def add(kind, item, seen=None, author="IT manager"):
    return plans.save_item(kind, item, seen=seen and item_sha256(seen), author=author)


def test_before_anything_is_saved_the_plan_is_empty_and_nothing_is_stored():
    assert plans.current().parsed() == Plan()
    assert plans.current().pk is None


def test_a_change_is_a_revision_with_its_author_and_what_was_done():
    made = add("processes", ORDERS)
    assert (made.number, made.author, made.summary) == (1, "IT manager", "added process orders")
    assert made.parsed().processes == plans.current().parsed().processes == (ORDERS,)
    assert made.version == f"1 ({sha256(Plan(processes=(ORDERS,)))[:8]})"


def test_saving_what_stands_already_makes_no_revision():
    add("processes", ORDERS)
    assert add("processes", ORDERS, seen=ORDERS).number == 1
    assert PlanRevision.objects.count() == 1


def test_who_saves_second_hears_what_the_first_saved():
    add("processes", ORDERS)
    theirs = replace(ORDERS, rto_hours=8)
    add("processes", theirs, seen=ORDERS)
    with pytest.raises(plans.Conflict) as caught:
        add("processes", replace(ORDERS, rto_hours=2), seen=ORDERS)
    assert caught.value.theirs == theirs
    assert plans.current().parsed().processes == (theirs,)


def test_two_people_may_change_different_items_at_once():
    add("processes", ORDERS)
    add("contacts", DESK)
    add("processes", replace(ORDERS, rto_hours=8), seen=ORDERS)
    add("contacts", replace(DESK, role="takes calls"), seen=DESK)
    assert plans.current().revision == 4


@pytest.mark.parametrize("taken", [True, False])
def test_a_new_item_takes_no_taken_id_and_a_removed_one_is_not_saved_again(taken):
    add("processes", ORDERS)
    if not taken:
        plans.remove_item("processes", "orders", seen=item_sha256(ORDERS), author="a")
    with pytest.raises(plans.Conflict) as caught:
        add("processes", replace(ORDERS, name="New"), seen=None if taken else ORDERS)
    assert caught.value.theirs == (ORDERS if taken else None)


def test_what_does_not_fit_changes_nothing():
    add("processes", ORDERS)
    with pytest.raises(PlanError):
        add("processes", replace(ORDERS, owner="nobody"), seen=ORDERS)
    assert plans.current().revision == PlanRevision.objects.count() == 1


def test_a_change_is_taken_back_and_later_work_stays():
    add("processes", ORDERS)
    add("processes", replace(ORDERS, rto_hours=8), seen=ORDERS)
    add("contacts", DESK)
    made = plans.undo(2, author="IT manager")
    assert made.summary == "took back: changed process orders"
    assert (made.parsed().processes, made.parsed().contacts) == ((ORDERS,), (DESK,))


def test_a_removal_and_an_addition_are_taken_back():
    add("processes", ORDERS)
    plans.remove_item("processes", "orders", seen=item_sha256(ORDERS), author="a")
    assert plans.undo(2, author="a").parsed().processes == (ORDERS,)
    assert plans.undo(1, author="a").parsed().processes == ()


def test_what_was_changed_again_since_is_not_taken_back():
    add("processes", ORDERS)
    later = replace(ORDERS, rto_hours=8)
    add("processes", later, seen=ORDERS)
    with pytest.raises(plans.Conflict) as caught:
        plans.undo(1, author="a")
    assert caught.value.theirs == later


def test_the_organisation_is_saved_and_taken_back_like_an_item():
    own = Organisation(name="Works", currency="GBP")
    first = plans.save_head(own, date(2011, 5, 20), seen=item_sha256(Organisation()), author="a").parsed()
    assert (first.organisation, first.as_of) == (own, date(2011, 5, 20))
    with pytest.raises(plans.Conflict):
        plans.save_head(Organisation(), None, seen=item_sha256(Organisation()), author="b")
    assert plans.undo(1, author="a").parsed() == Plan()


def test_a_whole_plan_takes_the_place_of_the_one_that_was_seen_only():
    add("processes", ORDERS)
    with pytest.raises(plans.Conflict):
        plans.replace_plan(Plan(), seen_revision=0, author="a", summary="imported")
    assert plans.replace_plan(Plan(), seen_revision=1, author="a", summary="imported").parsed() == Plan()
    assert plans.undo(2, author="a").parsed().processes == (ORDERS,)


def test_history_is_never_changed_or_deleted():
    made = add("processes", ORDERS)
    for change in (
        made.save,
        made.delete,
        lambda: PlanRevision.objects.update(author="x"),
        PlanRevision.objects.all().delete,
    ):
        with pytest.raises(Immutable):
            change()


def test_a_milestone_keeps_the_plan_it_was_frozen_with():
    add("processes", ORDERS)
    frozen = plans.freeze("Before the audit", author="a", as_of=NOW)
    add("contacts", DESK)
    kept = Milestone.objects.get()
    assert kept.revision.parsed() == Plan(processes=(ORDERS,))
    assert frozen.cited == f"Before the audit (2026-03-01, {sha256(Plan(processes=(ORDERS,)))[:8]})"


def test_a_case_of_the_past_is_read_as_of_its_own_day():
    assert read_at(Plan(), NOW) == NOW
    assert read_at(Plan(as_of=date(2011, 5, 20)), NOW) == datetime(2011, 5, 20, 23, 59, 59, tzinfo=UTC)


def bpos() -> PlanRevision:
    return plans.replace_plan(load("microsoft-bpos-2011"), seen_revision=0, author="a", summary="example")


def test_a_plan_is_judged_for_what_it_needs_of_its_vendors():
    made = plans.judge_plan(bpos(), now=NOW)
    row = made.assessments.get()
    assert (row.vendor.slug, row.rto_hours) == ("microsoft-bpos-2011", 1.0)
    assert made.as_of == datetime(2011, 5, 20, 23, 59, 59, tzinfo=UTC)
    answered = made.parsed()
    assert answered.plan_sha256 == made.revision.sha256
    assert {one.id: one.verdict for one in answered.processes}["order-intake"] == "cannot be met"
    assert plans.judged(made)["microsoft-bpos-2011"].assessment == row.parsed()


def test_the_same_plan_is_judged_once_a_day_and_again_when_it_changed():
    revision = bpos()
    assert plans.judge_plan(revision, now=NOW) == plans.judge_plan(revision, now=NOW)
    desk = next(one for one in revision.parsed().contacts if one.id == "it-manager")
    later = add("contacts", replace(desk, role="decides"), seen=desk)
    assert plans.judge_plan(later, now=NOW) == plans.newest_judgement()
    assert PlanJudgement.objects.count() == 2


def test_a_vendor_nobody_knows_is_left_unjudged_and_unknown_parts_are_left_out():
    parts = Service(id="mail", name="Mail", vendor="microsoft-bpos-2011", components=("No such part",))
    made = plans.replace_plan(
        Plan(services=(parts, Service(id="x", name="X", vendor="nobody-knows"))),
        seen_revision=0,
        author="a",
        summary="s",
    )
    judgement = plans.judge_plan(made, now=NOW)
    assert judgement.parsed().not_judged == ("nobody-knows",)
    assert judgement.assessments.get().parsed().needs.components == ()


def test_a_worker_judges_the_revision_it_was_asked_for(run_jobs):
    revision = bpos()
    job = plans.judge_later(revision)
    assert plans.judge_later(revision) == job
    assert run_jobs() == 1
    job.refresh_from_db()
    assert job.result == {"judgement": str(plans.newest_judgement().uid)}


def test_a_milestone_keeps_the_assessments_it_was_judged_by():
    judgement = plans.judge_plan(bpos(), now=NOW)
    frozen = plans.freeze("May 2011", author="a", as_of=NOW, judgement=judgement)
    assert list(frozen.assessments.all()) == list(judgement.assessments.all())
