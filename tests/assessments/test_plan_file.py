"""A plan as a document: equal plans are equal bytes, references hold, and what is wrong is named."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from assessments.continuity import plan as p
from assessments.continuity import plan_file as f


def small() -> p.Plan:
    return f.checked(
        p.Plan(
            contacts=(p.Contact(id="desk", name="Service desk"),),
            processes=(p.Process(id="orders", name="Order intake", owner="desk", rto_hours=4),),
            services=(p.Service(id="mail", name="Hosted e-mail", vendor="microsoft-bpos-2011"),),
            dependencies=(p.Dependency(id="orders-mail", process="orders", service="mail"),),
            fallbacks=(p.Fallback(id="fax", name="Fax", service="mail"),),
        )
    )


def test_a_plan_survives_its_file():
    assert f.loads(f.dumps(small())) == small()


def test_equal_plans_are_equal_bytes_in_any_order():
    two = (p.Contact(id="b", name="B"), p.Contact(id="a", name="A"))
    assert f.dumps(p.Plan(contacts=two)) == f.dumps(p.Plan(contacts=two[::-1]))
    assert f.sha256(p.Plan(contacts=two)) == f.sha256(p.Plan(contacts=two[::-1]))


def test_a_hand_written_file_may_be_toml():
    text = (
        '[[contacts]]\nid = "desk"\nname = "Service desk"\n[[commitments]]\nid = "x"\nvendor = "v"\nkind = "notice"\n'
    )
    text += 'said = "a week ahead"\nsource = "contract"\nmade_on = 2011-05-13\n'
    read = f.checked(msgspec.toml.decode(text, type=p.Plan))
    assert (read.contacts[0].name, read.commitments[0].made_on) == ("Service desk", date(2011, 5, 13))


FAULTS = {
    "an id twice": (
        {"contacts": (p.Contact(id="a", name="A"), p.Contact(id="a", name="B"))},
        "'a' is used twice among the contacts (at $.contacts[1].id)",
    ),
    "a process without its owner": (
        {"processes": (p.Process(id="orders", name="O", owner="nobody"),)},
        "'orders' names 'nobody', which is not among the contacts (at $.processes[0].owner)",
    ),
    "a step by nobody": (
        {
            "services": (p.Service(id="mail", name="M", vendor="v"),),
            "runbooks": (
                p.Runbook(id="r", service="mail", steps=(p.Step(phase="return", text="x", who="nobody"),)),
            ),
        },
        "'r' names 'nobody', which is not among the contacts (at $.runbooks[0].steps[0].who)",
    ),
    "a decision twice": (
        {"decisions": (p.Decision(id="a", rule="R1", vendor="v"), p.Decision(id="b", rule="R1", vendor="v"))},
        "R1 is decided twice for 'v' (at $.decisions[1])",
    ),
    "a promise due before it was made": (
        {
            "commitments": (
                p.Commitment(
                    id="c", vendor="v", kind="notice", said="s", source="c",
                    made_on=date(2011, 5, 13), due_on=date(2011, 5, 12),
                ),
            )
        },
        "'c' is due before it was made (at $.commitments[0].due_on)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_what_does_not_fit_is_named_with_its_place(case):
    parts, message = FAULTS[case]
    with pytest.raises(f.PlanError) as caught:
        f.checked(p.Plan(**parts))
    assert str(caught.value) == message


def test_a_service_is_depended_on_once_by_a_process():
    again = p.Dependency(id="again", process="orders", service="mail")
    with pytest.raises(f.PlanError, match="depends on 'mail' twice"):
        f.put(small(), "dependencies", again)


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "not readable as JSON"),
        (b'{"schema":"riskboard.plan/2"}', r"Invalid enum value 'riskboard.plan/2' - at `\$.schema`"),
        (b'{"processes":[{"id":"Orders","name":"O"}]}', "matching regex"),
        (b'{"processes":[{"id":"o","name":"O","rto_hours":0}]}', r"> 0.0 - at `\$.processes\[0\].rto_hours`"),
        (b'{"processes":[{"id":"o","name":"O","rto":4}]}', "unknown field `rto`"),
        (b" " * (f.MAX_BYTES + 1), "at most"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_with_the_place(raw, what):
    with pytest.raises(f.PlanError, match=what):
        f.loads(raw)


def test_an_item_takes_the_place_of_the_one_with_its_id():
    renamed = f.put(small(), "services", p.Service(id="mail", name="E-mail", vendor="other"))
    assert [one.vendor for one in renamed.services] == ["other"]


def test_what_is_still_used_is_not_removed_and_its_users_are_named():
    with pytest.raises(f.PlanError, match="'mail' is still used by 2: dependencies orders-mail, fallbacks fax"):
        f.remove(small(), "services", "mail")
    freed = f.remove(f.remove(f.remove(small(), "dependencies", "orders-mail"), "fallbacks", "fax"), "services", "mail")
    assert freed.services == ()


def test_the_steps_of_the_impact_curve_carry_their_hours():
    impact = p.Impact(h1="none", h24="severe")
    assert impact.steps() == ((1, "none"), (4, None), (24, "severe"), (72, None), (120, None))


def test_whole_hours_are_the_same_however_they_are_written():
    whole, exact = p.Process(id="o", name="O", rto_hours=4), p.Process(id="o", name="O", rto_hours=4.0)
    assert f.item_sha256(whole) == f.item_sha256(exact)
    assert f.dumps(p.Plan(processes=(whole,))) == f.dumps(p.Plan(processes=(exact,)))
