"""Rules on whether the promise can be kept: the record, the fallback, the copy. P12 to P27."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from assessments.continuity.fates import copy_shares
from assessments.continuity.lint.rule import Fault, Rule, View
from assessments.scoring.rubric import number
from riskboard.durations import hours_text


def _seen_longer(v: View) -> Iterable[Fault]:
    for link in v.links():
        p90 = link.seen.p90 if link.seen else None
        if link.rto_hours is None or p90 is None or p90 <= link.rto_hours or link.fallback is not None:
            continue
        text = (
            f"{v.process(link.process).name} is to be back after {hours_text(link.rto_hours)}. One outage in ten of "
            f"{v.service(link.service).name} lasted longer than {hours_text(p90)}, and nothing stands in for it."
        )
        yield Fault("dependencies", link.id, text, "rto_hours")


def _cannot_be_met(v: View) -> Iterable[Fault]:
    for link in v.links():
        if link.now.verdict == "cannot be met" and link.rto_hours is not None:
            text = f"The RTO of {v.process(link.process).name} cannot be met: {link.now.reason}."
            yield Fault("dependencies", link.id, text, "rto_hours")


def _not_judged(v: View) -> Iterable[Fault]:
    for one in v.plan.services:
        if one.vendor in v.answer.not_judged:
            yield Fault(
                "services",
                one.id,
                f"The vendor of {one.name}, {v.vendor(one.vendor)}, is not judged: its risk is not known.",
                "vendor",
            )


def _thin(v: View) -> Iterable[Fault]:
    for one in v.critical_services():
        judged = v.judged.get(one.vendor)
        if judged is not None and judged.assessment.score.coverage < number("lint", "coverage"):
            text = f"Of the evidence on {v.vendor(one.vendor)} only {judged.assessment.score.coverage:.0%} is known."
            yield Fault("services", one.id, text, "vendor")


def _no_fallback(v: View) -> Iterable[Fault]:
    for one in v.critical_services():
        if not v.fallbacks(one):
            yield Fault("services", one.id, f"Nothing takes over when {one.name} fails.")


def _late_takeover(v: View) -> Iterable[Fault]:
    for one in v.plan.fallbacks:
        rto = v.needs(v.service(one.service)).rto_hours
        if one.takeover_hours is None:
            yield Fault(
                "fallbacks",
                one.id,
                f"How soon {one.name} takes over is not stated, so it does not count.",
                "takeover_hours",
            )
        elif rto is not None and one.takeover_hours > rto:
            text = f"{one.name} takes over after {hours_text(one.takeover_hours)}, later than the RTO of {hours_text(rto)}."
            yield Fault("fallbacks", one.id, text, "takeover_hours")


def _small(v: View) -> Iterable[Fault]:
    for one in v.plan.fallbacks:
        if one.capacity is None:
            yield Fault(
                "fallbacks",
                one.id,
                f"How much of the work {one.name} carries is not stated; it is taken as all.",
                "capacity",
            )
        elif one.capacity < number("lint", "capacity"):
            yield Fault("fallbacks", one.id, f"{one.name} carries {one.capacity:.0%} of the work only.", "capacity")


def _shared_fate(v: View) -> Iterable[Fault]:
    seen = set()
    for link in v.answer.dependencies:
        if link.fate and link.fate.bad and link.fallback not in seen:
            seen.add(link.fallback)
            yield Fault("fallbacks", str(link.fallback), link.fate.text, "stands_on")


def _fate_unknown(v: View) -> Iterable[Fault]:
    seen = set()
    for link in v.answer.dependencies:
        if link.fate and not link.fate.known and link.fallback not in seen:
            seen.add(link.fallback)
            yield Fault("fallbacks", str(link.fallback), link.fate.text, "stands_on")


def _untrained(v: View) -> Iterable[Fault]:
    for one in v.plan.fallbacks:
        if one.people_trained is None or one.people_trained < number("lint", "people_trained"):
            nobody, one_alone = (
                f"Nobody is known to be trained on {one.name}.",
                f"Only one person is trained on {one.name}.",
            )
            yield Fault("fallbacks", one.id, one_alone if one.people_trained else nobody, "people_trained")


def _no_copy(v: View) -> Iterable[Fault]:
    for one in v.plan.services:
        if one.holds_data is not False and v.needs(one).critical and one.own_copy is None:
            yield Fault("services", one.id, f"There is no copy of your own of the data in {one.name}.", "own_copy")


def _slow_copy(v: View) -> Iterable[Fault]:
    for one in v.plan.services:
        rpo, every = v.needs(one).rpo_hours, one.own_copy.every_hours if one.own_copy else None
        if rpo is not None and every is not None and every > rpo:
            text = (
                f"The data in {one.name} are copied every {hours_text(every)}, but only {hours_text(rpo)} may be lost."
            )
            yield Fault("services", one.id, text, "own_copy")


def _copy_together(v: View) -> Iterable[Fault]:
    for one in v.plan.services:
        shared = copy_shares(one)
        if shared is not None:
            yield Fault("services", one.id, f"The copy of the data in {one.name} shares {shared} with it.", "own_copy")


def _copy_locked_in(v: View) -> Iterable[Fault]:
    for one in v.plan.services:
        if one.own_copy is not None and one.own_copy.usable_without_vendor is not True:
            text = f"The copy of the data in {one.name} is not known to be readable without the vendor."
            if one.own_copy.usable_without_vendor is False:
                text = f"The copy of the data in {one.name} cannot be read without the vendor."
            yield Fault("services", one.id, text, "own_copy")


def _copy_mutable(v: View) -> Iterable[Fault]:
    for one in v.plan.services:
        days = one.own_copy.immutable_days if one.own_copy else None
        if one.own_copy is not None and (days is None or days < number("lint", "immutable_days")):
            text = f"The copy of the data in {one.name} is not known to be protected against change."
            if days is not None:
                text = f"The copy of the data in {one.name} is protected for {days} days only."
            yield Fault("services", one.id, text, "own_copy")


def _together(v: View) -> Iterable[Fault]:
    standing: dict[str, list[str]] = defaultdict(list)
    for one in v.critical_services():
        for name in one.stands_on:
            standing[name].append(one.id)
    for name, services in sorted(standing.items()):
        if len(services) >= number("recommend", "shared_services"):
            listed = ", ".join(v.service(one).name for one in services)
            yield Fault(
                "services", services[0], f"{len(services)} critical services stand on {name}: {listed}.", "stands_on"
            )


def _stands_unknown(v: View) -> Iterable[Fault]:
    for one in v.critical_services():
        if not one.stands_on:
            yield Fault("services", one.id, f"What {one.name} itself stands on is not stated.", "stands_on")


def _weak_contract(v: View) -> Iterable[Fault]:
    for one in v.critical_services():
        rto, promised = v.needs(one).rto_hours, one.contract.rto_hours
        if rto is not None and promised is not None and promised > rto:
            text = f"The contract of {one.name} promises {hours_text(promised)}; you need {hours_text(rto)}."
            yield Fault("services", one.id, text, "contract")


RULES: tuple[Rule, ...] = (
    Rule(
        id="P12", level="error", question="Would the RTO have held in the record, without a fallback?", finds=_seen_longer,
        why="What one outage in ten already passed, the next will pass again.", clause="DORA Art. 28(4)",
        mend="Provide a fallback, or set an RTO the vendor can keep.",
    ),
    Rule(
        id="P13", level="error", question="Is the RTO kept in more years than it breaks?", finds=_cannot_be_met,
        why="A promise that breaks more often than not is none.", clause="ISO 22301 8.3; DORA Art. 11(6)",
        mend="Provide a faster fallback, or agree another RTO with the process owner.",
    ),
    Rule(
        id="P14", level="warning", question="Is every vendor judged?", finds=_not_judged,
        why="What is not looked at is not known, and unknown is no comfort.", clause="DORA Art. 28(4)",
        mend="Assess the vendor by its name or its status page.",
    ),
    Rule(
        id="P15", level="advice", question="Is enough known of the vendors that matter?", finds=_thin,
        why="On half of the evidence the score may be far off.", clause="DORA Art. 28(4)",
        mend="Send the vendor the questionnaire.",
    ),
    Rule(
        id="P16", level="error", question="Does something take over for each critical service?", finds=_no_fallback,
        why="Outages are normal; what saves the business is what takes over.", clause="DORA Art. 12(4); CSA CCM BCR-11",
        mend="Describe a fallback, if only one by hand.",
    ),
    Rule(
        id="P17", level="error", question="Does it take over in time?", finds=_late_takeover,
        why="A fallback after the RTO does not keep it.", clause="RTS 2024/1774 Art. 25(2)(c)",
        mend="Shorten the takeover, state it after a drill, or agree another RTO.",
    ),
    Rule(
        id="P18", level="warning", question="Does it carry enough of the work?", finds=_small,
        why="The rest of the work waits for the vendor.", clause="CSA CCM BCR-11",
        mend="State the capacity, raise it, or write down what is left undone.",
    ),
    Rule(
        id="P19", level="error", question="Does it stand when the service falls?", finds=_shared_fate,
        why="What falls together is one thing, however many contracts it has.", clause="DORA Art. 12(4), 29",
        mend="Choose a fallback at another provider, region and sign-in.",
    ),
    Rule(
        id="P20", level="warning", question="Is it known that it stands when the service falls?", finds=_fate_unknown,
        why="Nothing known is not independent.", clause="DORA Art. 29",
        mend="Ask both vendors which cloud, CDN, DNS and sign-in they stand on, and state it.",
    ),
    Rule(
        id="P21", level="warning", question="Do at least two people know how to use it?", finds=_untrained,
        why="One person is on holiday.", clause="ISO 22301 7.2; DORA Art. 13(6)",
        mend="Train a second person, and state how many are.",
    ),
    Rule(
        id="P22", level="warning", question="Is there a copy of the data of your own?", finds=_no_copy,
        why="A day without the vendor takes data, not patience.", clause="DORA Art. 12(1); CSA CCM BCR-08",
        mend="Set up an export, and state how often it runs and where it lies.",
    ),
    Rule(
        id="P23", level="error", question="Is the data copied often enough for the RPO?", finds=_slow_copy,
        why="What came in since the last copy is gone.", clause="DORA Art. 12(1)",
        mend="Copy more often, or agree another RPO.",
    ),
    Rule(
        id="P24", level="error", question="Does the copy lie elsewhere than the service?", finds=_copy_together,
        why="In 2021 three copies burned in one building; in 2024 one mistake deleted two regions.", clause="DORA Art. 12(3)",
        mend="Keep it with another provider, in another account.",
    ),
    Rule(
        id="P25", level="warning", question="Can the copy be read without the vendor?", finds=_copy_locked_in,
        why="A copy that only the vendor can open is no help while it is down.", clause="ISO/IEC 27001:2022 A.8.13",
        mend="Export to an open format, and open it once.",
    ),
    Rule(
        id="P26", level="warning", question="Is the copy protected against change?", finds=_copy_mutable,
        why="Ransom and mistakes reach what can be written to.", clause="ISO/IEC 27001:2022 A.8.13",
        mend="Make it unchangeable for 30 days.",
    ),
    Rule(
        id="P27", level="warning", question="Do many critical services stand on one provider?", finds=_together,
        why="They fail on the same day.", clause="DORA Art. 29",
        mend="Move one, or accept it in writing and drill that day.",
    ),
    Rule(
        id="P28", level="advice", question="Is it known what each critical service stands on?", finds=_stands_unknown,
        why="Shared fate cannot be seen otherwise.", clause="DORA Art. 8(5), 29",
        mend="Look at the vendor's list of sub-processors, and state the cloud, CDN, DNS and sign-in.",
    ),
    Rule(
        id="P29", level="warning", question="Does the contract promise what you need?", finds=_weak_contract,
        why="What is promised later than needed is no promise.", clause="DORA Art. 30(3)",
        mend="Negotiate the RTO, or plan with the contract's.",
    ),
)  # fmt: skip
