"""The lint of a plan: silent on a plan that is in order, and each rule on the one thing it is about, at its very field."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from assessments.continuity import plan as p
from assessments.continuity.examples import load
from assessments.continuity.lint import BY_ID, LEVELS, RULES, document, lint
from assessments.continuity.plan_file import checked
from tests.assessments.test_answer import judged

AS_OF = datetime(2026, 9, 1, tzinfo=UTC)
DAY = AS_OF.date()
LAST = DAY - timedelta(days=30)


def complete() -> p.Plan:
    """A plan in order: one critical process on one service that hardly fails, with a drilled fallback."""
    phone = p.Channel(kind="phone", address="555-0101")
    return checked(
        p.Plan(
            organisation=p.Organisation(name="Works", approved_by="Managing director"),
            contacts=(
                p.Contact(id="it", name="IT manager", deputy="desk", channels=(phone,)),
                p.Contact(id="desk", name="Service desk", channels=(phone,)),
            ),
            processes=(
                p.Process(
                    id="orders", name="Orders", owner="desk", critical=True, mtd_hours=24, rto_hours=4, rpo_hours=24,
                    cost_per_hour=100, minimum_service="twenty customers", workaround="by telephone",
                    impact=p.Impact(h1="none", h4="severe", h24="severe"), reviewed_on=LAST,
                    working_hours="mon-fri 8-18 Europe/Berlin",
                ),
            ),
            services=(
                p.Service(
                    id="alerts", name="Alerting", vendor="pagerduty", stands_on=("aws",), holds_data=True,
                    own_copy=p.OwnCopy(
                        every_hours=12, last_on=DAY, provider="Hetzner", own_account=True, immutable_days=30,
                        usable_without_vendor=True,
                    ),
                    exit=p.ExitPlan(strategy="the other alerting", days=30, tested_on=LAST),
                    contract=p.Contract(rto_hours=4, notice_days=30, transition_days=30, ends_on=DAY + timedelta(days=400)),
                ),
            ),
            dependencies=(p.Dependency(id="orders-alerts", process="orders", service="alerts"),),
            fallbacks=(
                p.Fallback(
                    id="sms", name="SMS gateway", service="alerts", takeover_hours=1, capacity=0.8, people_trained=2,
                    stands_on=("azure",), by_vendor="slack", sign_in_by="own passwords", data_age_hours=12,
                ),
            ),
            exercises=(
                p.Exercise(id="drill", kind="switchover", held_on=LAST, fallback="sms", actual_hours=1, result="passed"),
                p.Exercise(id="restore", kind="restore", held_on=LAST, service="alerts", actual_hours=2, result="passed"),
            ),
            runbooks=(
                p.Runbook(
                    id="book", service="alerts", activation="no alert for 15 minutes", deactivation="an hour without fault",
                    decides="it", switch_after_hours=0.5, kept_at="the red folder", crisis_channel="telephone tree",
                    steps=(p.Step(phase="first 15 minutes", text="test", who="it"), p.Step(phase="return", text="back")),
                    messages=(p.Message(audience="staff", text="x"), p.Message(audience="customers", text="x")),
                    reviewed_on=LAST,
                ),
            ),
        )
    )  # fmt: skip


KNOWN = ("pagerduty", "slack")


def found(plan: p.Plan, *slugs: str) -> set[str]:
    return {one.rule for one in lint(checked(plan), judged(*(slugs or KNOWN)), as_of=AS_OF)}


def change(kind: str, **fields) -> p.Plan:
    """The complete plan with the first item of that kind changed."""
    whole = complete()
    items = getattr(whole, kind)
    return replace(whole, **{kind: (replace(items[0], **fields), *items[1:])})


def part(kind: str, name: str, **fields) -> p.Plan:
    """The same with a part of that item changed."""
    return change(kind, **{name: replace(getattr(getattr(complete(), kind)[0], name), **fields)})


def add(kind: str, *items) -> p.Plan:
    whole = complete()
    return replace(whole, **{kind: (*getattr(whole, kind), *items)})


def without(*kinds: str) -> p.Plan:
    return replace(complete(), **dict.fromkeys(kinds, ()))


def promise(**fields) -> p.Plan:
    return add(
        "commitments",
        p.Commitment(**({"id": "c", "vendor": "pagerduty", "kind": "post-mortem", "said": "s", "source": "press",
                         "made_on": LAST, "due_on": DAY} | fields)),
    )  # fmt: skip


def decided(**fields) -> p.Plan:
    return add("decisions", p.Decision(**({"id": "d", "rule": "R1", "vendor": "pagerduty"} | fields)))


def exercised(**fields) -> p.Plan:
    return add(
        "exercises", p.Exercise(**({"id": "x", "kind": "tabletop", "held_on": DAY, "result": "passed"} | fields))
    )


def standing_on_one(count: int) -> p.Plan:
    """So many critical services on AWS, all in order otherwise."""
    whole = complete()
    others = [str(n) for n in range(count - 1)]

    def again(kind, **fields):
        return tuple(
            replace(one, id=f"{one.id}-{n}", **{name: f"{value}-{n}" for name, value in fields.items()})
            for n in others
            for one in getattr(whole, kind)
        )

    drills = tuple(
        replace(one, id=f"{one.id}-{n}", service=one.service and f"alerts-{n}", fallback=one.fallback and f"sms-{n}")
        for n in others
        for one in whole.exercises
    )
    return replace(
        whole,
        services=whole.services + again("services"),
        dependencies=whole.dependencies + again("dependencies", service="alerts"),
        fallbacks=whole.fallbacks + again("fallbacks", service="alerts"),
        runbooks=whole.runbooks + again("runbooks", service="alerts"),
        exercises=whole.exercises + drills,
    )


# rule: (a plan in which it finds something, the nearest plan in which it does not)
CASES = {
    "P01": (change("processes", owner=None), complete()),
    "P02": (change("processes", rto_hours=None), complete()),
    "P03": (change("processes", mtd_hours=None), change("processes", mtd_hours=None, critical=False)),
    "P04": (change("processes", mtd_hours=3.9), change("processes", mtd_hours=4)),
    "P05": (change("processes", rpo_hours=None), change("services", holds_data=False)),
    "P06": (change("processes", cost_per_hour=None), change("processes", cost_per_hour=0)),
    "P07": (change("processes", impact=p.Impact()), change("processes", impact=p.Impact(d5="none"))),
    "P08": (
        change("processes", workaround=" ", minimum_service=""),
        change("processes", workaround="", minimum_service="", impact=p.Impact(h4="moderate", h24="severe")),
    ),
    "P09": (change("dependencies", rto_hours=5), change("dependencies", rto_hours=4)),
    "P10": (change("processes", working_hours="always"), change("processes", working_hours="")),
    "P11": (without("dependencies"), complete()),
    "P12": (replace(change("processes", rto_hours=0.5), fallbacks=(), exercises=()), change("processes", rto_hours=2)),
    "P13": (change("fallbacks", takeover_hours=4.1), change("fallbacks", takeover_hours=3.9)),
    "P14": (change("services", vendor="nobody-knows"), complete()),
    "P16": (without("fallbacks", "exercises"), complete()),
    "P17": (change("fallbacks", takeover_hours=None), change("fallbacks", takeover_hours=3.5)),
    "P18": (change("fallbacks", capacity=0.49), change("fallbacks", capacity=0.5)),
    "P19": (change("fallbacks", stands_on=("aws",)), complete()),
    "P20": (change("fallbacks", stands_on=()), complete()),
    "P21": (change("fallbacks", people_trained=1), change("fallbacks", people_trained=2)),
    "P22": (change("services", own_copy=None), change("services", own_copy=None, holds_data=False)),
    "P23": (part("services", "own_copy", every_hours=25), part("services", "own_copy", every_hours=24)),
    "P24": (part("services", "own_copy", provider="AWS"), complete()),
    "P25": (part("services", "own_copy", usable_without_vendor=None), complete()),
    "P26": (part("services", "own_copy", immutable_days=29), part("services", "own_copy", immutable_days=30)),
    "P27": (standing_on_one(3), standing_on_one(2)),
    "P28": (change("services", stands_on=()), complete()),
    "P29": (part("services", "contract", rto_hours=4.5), part("services", "contract", rto_hours=None)),
    "P30": (
        change("contacts", channels=(p.Channel(kind="chat", address="x", via=("pagerduty",)),)),
        change("contacts", channels=(p.Channel(kind="phone", address="x", via=("slack",)),)),
    ),
    "P31": (change("contacts", channels=()), complete()),
    "P32": (
        change("contacts", channels=(p.Channel(kind="e-mail", address="x"),)),
        change("contacts", channels=(p.Channel(kind="sms", address="x"),)),
    ),
    "P33": (replace(complete(), contacts=tuple(replace(one, deputy=None) for one in complete().contacts)), complete()),
    "P34": (without("runbooks"), complete()),
    "P35": (change("runbooks", decides=None), complete()),
    "P36": (change("runbooks", deactivation=""), complete()),
    "P37": (change("runbooks", switch_after_hours=3.1), change("runbooks", switch_after_hours=3)),
    "P38": (
        change("runbooks", steps=(p.Step(phase="first day", text="x"), p.Step(phase="return", text="x"))),
        change("runbooks", steps=(p.Step(phase="first hour", text="x"), p.Step(phase="return", text="x"))),
    ),
    "P39": (change("runbooks", steps=(p.Step(phase="first hour", text="x"),)), complete()),
    "P40": (change("runbooks", kept_at="in PagerDuty's notes"), complete()),
    "P41": (change("runbooks", crisis_channel="the alerting itself"), complete()),
    "P42": (change("runbooks", messages=(p.Message(audience="staff", text="x"),)), complete()),
    "P43": (
        change("exercises", held_on=DAY - timedelta(days=366)), change("exercises", held_on=DAY - timedelta(days=365)),
    ),
    "P44": (replace(complete(), exercises=complete().exercises[:1]), complete()),
    "P45": (
        exercised(result="failed", held_on=DAY - timedelta(days=2)),
        replace(
            complete(),
            exercises=(
                *exercised(result="failed", held_on=DAY - timedelta(days=2)).exercises,
                p.Exercise(id="y", kind="tabletop", held_on=DAY, result="passed"),
            ),
        ),
    ),
    "P46": (change("exercises", actual_hours=4.1), change("exercises", actual_hours=4)),
    "P47": (exercised(deficiencies="late"), exercised(deficiencies="late", reported_to="the board")),
    "P48": (part("services", "exit", tested_on=None), complete()),
    "P49": (part("services", "exit", days=61), part("services", "exit", days=60)),
    "P50": (
        part("services", "contract", ends_on=DAY + timedelta(days=90)),
        part("services", "contract", ends_on=DAY + timedelta(days=91)),
    ),
    "P51": (change("runbooks", reviewed_on=None), change("runbooks", reviewed_on=DAY - timedelta(days=365))),
    "P52": (replace(complete(), organisation=p.Organisation()), complete()),
    "P53": (promise(due_on=DAY - timedelta(days=1)), promise(due_on=DAY)),
    "P54": (
        decided(state="accepted", approver="MD", accepted_until=DAY - timedelta(days=1)),
        decided(state="accepted", approver="MD", accepted_until=DAY),
    ),
    "P55": (part("services", "own_copy", every_hours=None), change("services", own_copy=None)),
    "P56": (
        part("services", "own_copy", last_on=DAY - timedelta(days=3)), part("services", "own_copy", last_on=DAY - timedelta(days=2)),
    ),
    "P57": (change("fallbacks", data_age_hours=24.1), change("fallbacks", data_age_hours=24)),
    "P58": (change("exercises", lost_hours=24.1), change("exercises", lost_hours=24)),
    "P59": (
        change("runbooks", switch_after_hours=None),
        replace(change("runbooks", switch_after_hours=None), fallbacks=(), exercises=()),
    ),
    "P60": (part("services", "exit", days=None), change("services", exit=None)),
    "P61": (part("services", "contract", rto_hours=None), part("services", "contract", rto_hours=4.5)),
}  # fmt: skip


def test_a_plan_in_order_gives_no_message():
    assert lint(complete(), judged(*KNOWN), as_of=AS_OF) == ()


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_finds_what_it_is_about_and_stops_at_its_border(rule):
    bad, good = CASES[rule]
    assert rule in found(bad)
    assert rule not in found(good)


MORE = [
    ("P17", change("fallbacks", takeover_hours=4.5)),
    ("P18", change("fallbacks", capacity=None)),
    ("P21", change("fallbacks", people_trained=None)),
    ("P24", part("services", "own_copy", own_account=False)),
    ("P25", part("services", "own_copy", usable_without_vendor=False)),
    ("P26", part("services", "own_copy", immutable_days=None)),
    ("P36", change("runbooks", activation="")),
    ("P40", change("runbooks", kept_at="")),
    ("P41", change("runbooks", crisis_channel=" ")),
    ("P43", replace(complete(), exercises=complete().exercises[1:])),
    ("P44", exercised(id="restore2", kind="restore", service="alerts", held_on=DAY + timedelta(days=1))),
    ("P48", change("services", exit=None)),
    ("P51", change("processes", reviewed_on=DAY - timedelta(days=366))),
    ("P53", promise(broken_on=DAY)),
    ("P54", decided(state="accepted", approver="MD")),
    ("P54", decided(state="accepted", accepted_until=DAY)),
    ("P54", decided(state="planned")),
    ("P54", decided(state="planned", due_on=DAY - timedelta(days=1))),
    ("P54", decided(state="done")),
    ("P33", replace(complete(), contacts=tuple(replace(one, deputy=one.id) for one in complete().contacts))),
    ("P53", promise(kind="rto", limit_hours=0.01, made_on=date(2022, 1, 1), due_on=None)),
    ("P55", part("services", "own_copy", provider=" ")),
    ("P55", part("services", "own_copy", own_account=None)),
    ("P56", part("services", "own_copy", last_on=None)),
    ("P57", change("fallbacks", data_age_hours=None)),
    ("P60", part("services", "contract", notice_days=None, transition_days=None)),
]


@pytest.mark.parametrize(("rule", "bad"), MORE)
def test_what_is_missing_is_found_as_well_as_what_is_wrong(rule, bad):
    if rule == "P44":  # a test of tomorrow is none
        bad = replace(bad, exercises=tuple(one for one in bad.exercises if one.id != "restore"))
    assert rule in found(bad)


QUIET = [promise(kept_on=DAY, due_on=LAST), promise(due_on=None), decided(), decided(state="planned", due_on=DAY),
         decided(state="done", evidence="https://example.org/report"),
         promise(kind="open-dashboard", due_on=DAY - timedelta(days=1)),  # the page is public: the record shows it kept
         exercised(kind="exit", service="alerts", actual_hours=200),  # leaving takes days; no RTO is asked of it
         exercised(kind="switchover", fallback="sms", actual_hours=9, held_on=LAST - timedelta(days=30)),  # faster since
         exercised(result="failed", held_on=DAY + timedelta(days=1))]  # not held yet  # fmt: skip


@pytest.mark.parametrize("plan", QUIET)
def test_what_was_kept_decided_or_is_not_due_gives_no_message(plan):
    assert found(plan) == set()


def test_thin_evidence_on_a_critical_vendor_is_named():
    assert "P15" in found(change("services", vendor="google-cloud"), "google-cloud", "slack") or (
        judged("google-cloud")["google-cloud"].assessment.score.coverage >= 0.5
    )
    thin = judged("pagerduty", "slack")
    score = replace(thin["pagerduty"].assessment.score, coverage=0.49)
    case = replace(thin["pagerduty"].assessment, score=score)
    known = thin | {"pagerduty": type(thin["pagerduty"])(case, thin["pagerduty"].facts)}
    assert "P15" in {one.rule for one in lint(complete(), known, as_of=AS_OF)}
    half = replace(case, score=replace(score, coverage=0.5))
    known["pagerduty"] = type(thin["pagerduty"])(half, thin["pagerduty"].facts)
    assert "P15" not in {one.rule for one in lint(complete(), known, as_of=AS_OF)}


def test_every_rule_has_its_number_its_words_and_a_case():
    assert [rule.id for rule in RULES] == [f"P{n:02}" for n in range(1, len(RULES) + 1)]
    assert len(RULES) >= 50
    assert set(CASES) | {"P15"} == set(BY_ID)
    for rule in RULES:
        assert rule.question.endswith("?"), rule.id
        assert rule.why.endswith("."), rule.id
        assert rule.mend.endswith("."), rule.id


def test_errors_come_first_and_every_message_names_a_place_that_exists():
    plan = load("microsoft-bpos-2011")
    messages = lint(plan, judged("microsoft-bpos-2011"), as_of=datetime(2011, 5, 20, tzinfo=UTC))
    ranks = [LEVELS.index(one.level) for one in messages]
    assert all(a <= b for a, b in pairwise(ranks))
    for one in messages:
        if one.kind != "organisation":
            item = next(item for item in getattr(plan, one.kind) if item.id == one.item)
            assert not one.field or hasattr(item, one.field), one


def test_the_customer_of_2011_is_told_what_the_outage_showed():
    plan = load("microsoft-bpos-2011")
    messages = lint(plan, judged("microsoft-bpos-2011"), as_of=datetime(2011, 5, 20, tzinfo=UTC))
    said = {one.rule: one.text for one in messages if one.level == "error"}
    assert set(said) == {"P08", "P12", "P13", "P16", "P30", "P40", "P41"}
    assert said["P30"] == "Head of sales can be reached only by what fails with Hosted e-mail and calendars (BPOS)."


def test_an_empty_plan_is_linted_without_a_word():
    assert lint(p.Plan(), {}, as_of=AS_OF) == ()


def test_the_page_of_rules_is_what_the_code_says():
    assert document.PATH.read_text(encoding="utf-8") == document.text()
