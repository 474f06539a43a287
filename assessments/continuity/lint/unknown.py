"""Rules on data that come back too old, and on what other rules cannot judge while it is not stated: P55 to P61."""

from __future__ import annotations

from collections.abc import Iterable

from assessments.continuity.lint.rule import Fault, Rule, View
from riskboard.durations import hours_text


def _copy_unknown(v: View) -> Iterable[Fault]:
    for one in v.plan.services:
        kept = one.own_copy
        if kept is None:
            continue
        missing = [
            words
            for words, known in (
                ("how often it is taken", kept.every_hours is not None),
                ("with which provider it lies", bool(kept.provider.strip())),
                ("whether another account holds it", kept.own_account is not None),
            )
            if not known
        ]
        if missing:
            yield Fault(
                "services",
                one.id,
                f"Of the copy of the data in {one.name} it is not stated {', '.join(missing)}.",
                "own_copy",
            )


def _copy_stopped(v: View) -> Iterable[Fault]:
    for one in v.plan.services:
        kept = one.own_copy
        if kept is None:
            continue
        bound = max((value for value in (kept.every_hours, v.needs(one).rpo_hours) if value is not None), default=None)
        if kept.last_on is None:
            yield Fault("services", one.id, f"When the data in {one.name} were last copied is not stated.", "own_copy")
        elif bound is not None and (v.days_since(kept.last_on) - 1) * 24 > bound:
            text = f"The data in {one.name} were last copied {v.ago(kept.last_on)}, and are to be every {hours_text(bound)}."
            yield Fault("services", one.id, text, "own_copy")


def _stale_fallback(v: View) -> Iterable[Fault]:
    for one in v.plan.fallbacks:
        service = v.service(one.service)
        rpo = v.needs(service).rpo_hours
        if rpo is None or service.holds_data is False:
            continue
        if one.data_age_hours is None:
            yield Fault("fallbacks", one.id, f"How old the data in {one.name} are is not stated.", "data_age_hours")
        elif one.data_age_hours > rpo:
            text = (
                f"The data in {one.name} are {hours_text(one.data_age_hours)} old; only {hours_text(rpo)} may be lost."
            )
            yield Fault("fallbacks", one.id, text, "data_age_hours")


def _lost_too_much(v: View) -> Iterable[Fault]:
    for one, service in v.newest_recoveries():
        rpo = v.needs(service).rpo_hours
        if one.lost_hours is not None and rpo is not None and one.lost_hours > rpo:
            text = f"The {one.kind} exercise of {one.held_on} lost {hours_text(one.lost_hours)} of data; the RPO is {hours_text(rpo)}."
            yield Fault("exercises", one.id, text, "lost_hours")


def _no_switch_point(v: View) -> Iterable[Fault]:
    for one in v.plan.runbooks:
        service = v.service(one.service)
        if one.switch_after_hours is None and v.fallbacks(service):
            yield Fault(
                "runbooks",
                one.id,
                f"How long to wait for {service.name} before switching is not stated.",
                "switch_after_hours",
            )


def _exit_unmeasured(v: View) -> Iterable[Fault]:
    for one in v.critical_services():
        if one.exit is None or not one.exit.strategy.strip():
            continue
        if one.exit.days is None:
            yield Fault(
                "services", one.id, f"How many days leaving {v.vendor(one.vendor)} takes is not stated.", "exit"
            )
        if one.contract.notice_days is None and one.contract.transition_days is None:
            text = f"How long {v.vendor(one.vendor)} must serve on after notice is not stated."
            yield Fault("services", one.id, text, "contract")


def _nothing_promised(v: View) -> Iterable[Fault]:
    for one in v.critical_services():
        if one.contract.rto_hours is None:
            yield Fault(
                "services", one.id, f"No recovery time of {one.name} is known to be promised in writing.", "contract"
            )


RULES: tuple[Rule, ...] = (
    Rule(
        id="P55", level="advice", question="Is it known how and where the copy is kept?", finds=_copy_unknown,
        why="Whether it is fresh enough and stands apart cannot be judged otherwise.", clause="DORA Art. 12(1), 12(3)",
        mend="State how often it is taken, the provider, and whether another account holds it.",
    ),
    Rule(
        id="P56", level="warning", question="Was the data copied as lately as it should be?", finds=_copy_stopped,
        why="Copies stop quietly.", clause="DORA Art. 12(2); CSA CCM BCR-08",
        mend="See that the copy runs, have its failure reported, and note the day of the last one.",
    ),
    Rule(
        id="P57", level="warning", question="Are the data in the fallback young enough?", finds=_stale_fallback,
        why="What takes over works with what it has.", clause="DORA Art. 12(6)",
        mend="State how old they are, and copy more often where that is too old.",
    ),
    Rule(
        id="P58", level="error", question="Did the latest recovery exercise bring back enough of the data?", finds=_lost_too_much,
        why="An exercise is the fairest measure there is.", clause="DORA Art. 12(2), 12(6)",
        mend="Copy more often, or agree another RPO.",
    ),
    Rule(
        id="P59", level="advice", question="Is it stated how long to wait before switching?", finds=_no_switch_point,
        why="Without a number everyone waits a little longer.", clause="RTS 2024/1774 Art. 24(1)(a)",
        mend="State the hours: the RTO less the takeover at most.",
    ),
    Rule(
        id="P60", level="advice", question="Is it known how long leaving takes, and how long the vendor serves on?", finds=_exit_unmeasured,
        why="Whether the time is enough cannot be judged otherwise.", clause="DORA Art. 28(8), 30(3)(f)",
        mend="State the days of the move, and the days of notice and transition in the contract.",
    ),
    Rule(
        id="P61", level="advice", question="Does a contract promise a recovery time?", finds=_nothing_promised,
        why="An availability of the month binds nobody on the day.", clause="DORA Art. 30(3)(a)",
        mend="Ask for a recovery time in writing; where there is none, plan without the vendor.",
    ),
)  # fmt: skip
