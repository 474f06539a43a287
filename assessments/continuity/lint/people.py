"""Rules on people, runbooks, exercises and leaving: P30 to P50."""

from __future__ import annotations

from collections.abc import Iterable

from assessments.continuity.lint.rule import Fault, Rule, View, is_spoken, works_without
from assessments.continuity.plan import Contact, Service
from assessments.scoring.rubric import number
from riskboard.durations import hours_text


def _needed(v: View) -> Iterable[tuple[Contact, Service]]:
    """Who has a part when a critical service fails: the runbook's people, its decider, and owners."""
    for service in v.critical_services():
        book = v.runbook(service)
        ids = {service.owner}
        if book is not None:
            ids |= {book.decides, *(step.who for step in book.steps)}
        for link in v.plan.dependencies:
            if link.service == service.id:
                ids.add(v.process(link.process).owner)
        for contact_id in sorted(one for one in ids if one):
            contact = v.contact(contact_id)
            if contact is not None:
                yield contact, service


def _unreachable(v: View) -> Iterable[Fault]:
    seen = set()
    for contact, service in _needed(v):
        if contact.channels and (contact.id, service.id) not in seen:
            seen.add((contact.id, service.id))
            if not any(works_without(channel, {service.vendor}) for channel in contact.channels):
                text = f"{contact.name} can be reached only by what fails with {service.name}."
                yield Fault("contacts", contact.id, text, "channels")


def _no_channel(v: View) -> Iterable[Fault]:
    for one in v.plan.contacts:
        if not one.channels:
            yield Fault("contacts", one.id, f"How to reach {one.name} is not stated.", "channels")


def _no_phone(v: View) -> Iterable[Fault]:
    seen = set()
    for contact, _ in _needed(v):
        if contact.id not in seen and contact.channels and not any(is_spoken(one) for one in contact.channels):
            seen.add(contact.id)
            yield Fault("contacts", contact.id, f"{contact.name} has no telephone number in the plan.", "channels")


def _no_deputy(v: View) -> Iterable[Fault]:
    deciding = {one.decides for one in v.plan.runbooks}
    for one in v.plan.contacts:
        if one.id in deciding and one.deputy in (None, one.id):
            yield Fault("contacts", one.id, f"{one.name} decides whether to switch, and has no deputy.", "deputy")


def _no_runbook(v: View) -> Iterable[Fault]:
    for one in v.critical_services():
        if v.runbook(one) is None:
            yield Fault("services", one.id, f"What to do when {one.name} fails is not written down.")


def _no_decider(v: View) -> Iterable[Fault]:
    for one in v.plan.runbooks:
        if one.decides is None:
            yield Fault(
                "runbooks",
                one.id,
                f"Who decides to switch away from {v.service(one.service).name} is not named.",
                "decides",
            )


def _no_trigger(v: View) -> Iterable[Fault]:
    for one in v.plan.runbooks:
        name = v.service(one.service).name
        if not one.activation.strip():
            yield Fault("runbooks", one.id, f"When the runbook of {name} starts is not stated.", "activation")
        if not one.deactivation.strip():
            yield Fault("runbooks", one.id, f"When the runbook of {name} ends is not stated.", "deactivation")


def _late_switch(v: View) -> Iterable[Fault]:
    for one in v.plan.runbooks:
        rto = v.needs(v.service(one.service)).rto_hours
        takeover = min(
            (f.takeover_hours for f in v.fallbacks(v.service(one.service)) if f.takeover_hours is not None),
            default=None,
        )
        if one.switch_after_hours is None or rto is None or takeover is None:
            continue
        if one.switch_after_hours + takeover > rto:
            text = (
                f"Switching after {hours_text(one.switch_after_hours)} and taking over in {hours_text(takeover)} is later than "
                f"the RTO of {hours_text(rto)}."
            )
            yield Fault("runbooks", one.id, text, "switch_after_hours")


def _no_first_hour(v: View) -> Iterable[Fault]:
    for one in v.plan.runbooks:
        phases = {step.phase for step in one.steps}
        if not phases & {"first 15 minutes", "first hour"}:
            yield Fault(
                "runbooks",
                one.id,
                f"The runbook of {v.service(one.service).name} has no step for the first hour.",
                "steps",
            )


def _no_return(v: View) -> Iterable[Fault]:
    for one in v.plan.runbooks:
        if one.steps and not any(step.phase == "return" for step in one.steps):
            text = f"The runbook of {v.service(one.service).name} does not say how to go back to normal work."
            yield Fault("runbooks", one.id, text, "steps")


def _kept_in_it(v: View) -> Iterable[Fault]:
    for one in v.plan.runbooks:
        service = v.service(one.service)
        place = one.kept_at.casefold()
        if not place.strip():
            yield Fault(
                "runbooks", one.id, f"Where the printed runbook of {service.name} lies is not stated.", "kept_at"
            )
        elif _names(place, service):
            text = f"The runbook of {service.name} is kept in what it is about: {one.kept_at}."
            yield Fault("runbooks", one.id, text, "kept_at")


def _crisis_channel(v: View) -> Iterable[Fault]:
    for one in v.plan.runbooks:
        service = v.service(one.service)
        channel = one.crisis_channel.casefold()
        if not channel.strip():
            yield Fault(
                "runbooks",
                one.id,
                f"By what channel you talk while {service.name} is down is not stated.",
                "crisis_channel",
            )
        elif _names(channel, service):
            text = f"While {service.name} is down you would talk by {one.crisis_channel}, which is down with it."
            yield Fault("runbooks", one.id, text, "crisis_channel")


def _names(text: str, service: Service) -> bool:
    """Whether the text names the service or what it is for."""
    words = {service.vendor.split("-")[0], *service.name.casefold().replace("(", " ").replace(")", " ").split()}
    own = {word for word in words if len(word) > 3} - {"hosted", "service", "cloud", "with", "from", "your"}
    own |= {"mail"} if any("mail" in word for word in own) else set()
    return any(word in text for word in own)


def _no_message(v: View) -> Iterable[Fault]:
    for one in v.plan.runbooks:
        told = {message.audience for message in one.messages}
        for audience in ("staff", "customers"):
            if audience not in told:
                text = f"No text to {audience} is ready for a failure of {v.service(one.service).name}."
                yield Fault("runbooks", one.id, text, "messages")


def _no_drill(v: View) -> Iterable[Fault]:
    most = number("lint", "exercise_days")
    for one in v.plan.fallbacks:
        held = v.exercises("switchover", fallback=one.id)
        if not held:
            yield Fault("fallbacks", one.id, f"Switching to {one.name} was never drilled.")
        elif v.days_since(held[0].held_on) > most:
            yield Fault("fallbacks", one.id, f"Switching to {one.name} was last drilled {v.ago(held[0].held_on)}.")


def _no_restore(v: View) -> Iterable[Fault]:
    most = number("lint", "exercise_days")
    for one in v.plan.services:
        if one.own_copy is None:
            continue
        held = v.exercises("restore", service=one.id)
        if not held:
            yield Fault("services", one.id, f"Restoring the data of {one.name} was never tested.", "own_copy")
        elif v.days_since(held[0].held_on) > most:
            yield Fault(
                "services",
                one.id,
                f"Restoring the data of {one.name} was last tested {v.ago(held[0].held_on)}.",
                "own_copy",
            )


def _failed(v: View) -> Iterable[Fault]:
    for one in v.plan.exercises:
        again = [
            other
            for other in v.exercises(one.kind, service=one.service, fallback=one.fallback)
            if other.held_on > one.held_on and other.result == "passed"
        ]
        if one.held_on <= v.today and one.result == "failed" and not again:
            text = f"The {one.kind} exercise of {one.held_on} failed, and was not passed since."
            yield Fault("exercises", one.id, text, "result")


def _slower(v: View) -> Iterable[Fault]:
    for one, service in v.newest_recoveries():
        rto = v.needs(service).rto_hours
        if one.actual_hours is not None and rto is not None and one.actual_hours > rto:
            text = f"The {one.kind} exercise of {one.held_on} took {hours_text(one.actual_hours)}; the RTO is {hours_text(rto)}."
            yield Fault("exercises", one.id, text, "actual_hours")


def _unreported(v: View) -> Iterable[Fault]:
    for one in v.plan.exercises:
        if one.deficiencies.strip() and not one.reported_to.strip():
            text = f"The deficiencies of the exercise of {one.held_on} were reported to nobody."
            yield Fault("exercises", one.id, text, "reported_to")


def _no_exit(v: View) -> Iterable[Fault]:
    for one in v.critical_services():
        if one.exit is None or not one.exit.strategy.strip():
            yield Fault("services", one.id, f"How to leave {v.vendor(one.vendor)} for good is not planned.", "exit")
        elif one.exit.tested_on is None:
            yield Fault("services", one.id, f"The exit from {v.vendor(one.vendor)} was never tested.", "exit")


def _short_transition(v: View) -> Iterable[Fault]:
    for one in v.plan.services:
        days = one.exit.days if one.exit else None
        given = [value for value in (one.contract.notice_days, one.contract.transition_days) if value is not None]
        if days is not None and given and days > sum(given):
            text = f"Leaving {v.vendor(one.vendor)} takes {days} days; the contract gives {sum(given)} days of notice and transition."
            yield Fault("services", one.id, text, "exit")


def _ending(v: View) -> Iterable[Fault]:
    for one in v.plan.services:
        ends = one.contract.ends_on
        if ends is not None and -number("lint", "ending_days") <= v.days_since(ends):
            over, soon = f"The contract of {one.name} ended on {ends}.", f"The contract of {one.name} ends on {ends}."
            yield Fault("services", one.id, over if ends < v.today else soon, "contract")


RULES: tuple[Rule, ...] = (
    Rule(
        id="P30", level="error", question="Can everyone who is needed be reached without the failed service?", finds=_unreachable,
        why="The address book is down with the mail.", clause="RTS 2024/1774 Art. 26(1); ISO 22301 8.4.3",
        mend="Add a telephone number or another channel.",
    ),
    Rule(
        id="P31", level="warning", question="Is it stated how to reach each contact?", finds=_no_channel,
        why="A name alone calls nobody.", clause="ISO 22301 8.4.3", mend="Add at least one channel.",
    ),
    Rule(
        id="P32", level="warning", question="Has everyone who is needed a telephone number in the plan?", finds=_no_phone,
        why="Paper and telephones work when nothing else does.", clause="NIST SP 800-34 4.2",
        mend="Add the number, and print it.",
    ),
    Rule(
        id="P33", level="warning", question="Has everyone who decides a deputy?", finds=_no_deputy,
        why="An outage does not wait for one person.", clause="ISO 22301 8.4.2", mend="Name a deputy.",
    ),
    Rule(
        id="P34", level="error", question="Is it written down what to do when a critical service fails?", finds=_no_runbook,
        why="What is thought out in the outage is thought out late.", clause="ISO 22301 8.4.4; DORA Art. 11(2)",
        mend="Write a runbook, if only with the first hour.",
    ),
    Rule(
        id="P35", level="error", question="Is it named who decides?", finds=_no_decider,
        why="Everybody waits for somebody.", clause="ISO 22301 8.4.2", mend="Name who decides to switch.",
    ),
    Rule(
        id="P36", level="warning", question="Is it stated when the runbook starts and ends?", finds=_no_trigger,
        why="Too late is the usual mistake; never going back is the next.", clause="RTS 2024/1774 Art. 24(1)(a)",
        mend="State a sign that anyone can see, and a number.",
    ),
    Rule(
        id="P37", level="error", question="Is the switch early enough for the RTO?", finds=_late_switch,
        why="Waiting and taking over both count.", clause="ISO 22301 8.4.4", mend="Switch earlier, or take over faster.",
    ),
    Rule(
        id="P38", level="warning", question="Is the first hour written down?", finds=_no_first_hour,
        why="It decides the rest.", clause="ISO 22301 8.4.4", mend="Add steps for the first 15 minutes and the first hour.",
    ),
    Rule(
        id="P39", level="warning", question="Is it written down how to go back?", finds=_no_return,
        why="Work done meanwhile must come back in, once.", clause="ISO 22301 8.4.5", mend="Add steps for the return.",
    ),
    Rule(
        id="P40", level="error", question="Is the runbook readable when the service is down?", finds=_kept_in_it,
        why="Runbooks must not live in what failed.", clause="CSA CCM BCR-05", mend="Print it, and state where it lies.",
    ),
    Rule(
        id="P41", level="error", question="Is there a channel to talk by that does not fail with the service?", finds=_crisis_channel,
        why="The chat you need is the one that is down.", clause="CSA CCM BCR-07; ISO 22301 8.4.3",
        mend="Agree a channel at another vendor, or telephones.",
    ),
    Rule(
        id="P42", level="advice", question="Are the texts to staff and customers ready?", finds=_no_message,
        why="Nobody writes well in the first hour.", clause="DORA Art. 14(1)", mend="Write them now, with gaps for the times.",
    ),
    Rule(
        id="P43", level="warning", question="Was switching drilled in the last twelve months?", finds=_no_drill,
        why="An undrilled plan is hope.", clause="DORA Art. 11(6); CSA CCM BCR-10", mend="Drill it with a stopwatch, and record it.",
    ),
    Rule(
        id="P44", level="warning", question="Was restoring tested in the last twelve months?", finds=_no_restore,
        why="A backup that nobody restored is a hope.", clause="CSA CCM BCR-08; ISO/IEC 27001:2022 A.5.30",
        mend="Restore something, measure it, and record it.",
    ),
    Rule(
        id="P45", level="error", question="Was every failed exercise repeated until it passed?", finds=_failed,
        why="The next outage is the next attempt.", clause="ISO 22301 8.5", mend="Mend what failed, and repeat it.",
    ),
    Rule(
        id="P46", level="error", question="Was the latest recovery exercise of each kind within the RTO?", finds=_slower,
        why="An exercise is the fairest measure there is.", clause="RTS 2024/1774 Art. 25", mend="Make it faster, or agree another RTO.",
    ),
    Rule(
        id="P47", level="advice", question="Did the management hear of deficiencies?", finds=_unreported,
        why="Who answers for the risk must know it.", clause="DORA Art. 11(6)", mend="Report them, and write down to whom.",
    ),
    Rule(
        id="P48", level="warning", question="Is there a tested way to leave each critical vendor?", finds=_no_exit,
        why="An interruption may not end.", clause="DORA Art. 28(8)", mend="Write down the exit, and try its hardest part.",
    ),
    Rule(
        id="P49", level="warning", question="Does the contract give the time that leaving takes?", finds=_short_transition,
        why="After the last day the data are out of reach.", clause="DORA Art. 30(3)(f); EU Data Act Art. 25",
        mend="Negotiate a longer transition, or shorten the exit.",
    ),
    Rule(
        id="P50", level="warning", question="Do contracts run on?", finds=_ending,
        why="Terms are changed before the renewal, or not at all.", clause="DORA Art. 28(7)",
        mend="Decide on the renewal, with the conditions of this plan.",
    ),
)  # fmt: skip
