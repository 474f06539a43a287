"""Rules on what the business says it needs: P01 to P09."""

from __future__ import annotations

from collections.abc import Iterable

from assessments.continuity.lint.rule import Fault, Rule, View
from assessments.forecast.calendar import parse
from assessments.scoring.rubric import number
from riskboard.durations import hours_text
from riskboard.errors import Refused


def _no_owner(v: View) -> Iterable[Fault]:
    for one in v.plan.processes:
        if one.owner is None:
            yield Fault("processes", one.id, f"{one.name} has no owner.", "owner")


def _no_rto(v: View) -> Iterable[Fault]:
    for one in v.plan.processes:
        asked = any(link.process == one.id and link.essential for link in v.plan.dependencies)
        if asked and one.rto_hours is None:
            yield Fault(
                "processes", one.id, f"{one.name} states no RTO, so nothing can be held against it.", "rto_hours"
            )


def _no_mtd(v: View) -> Iterable[Fault]:
    for one in v.plan.processes:
        if one.critical and one.mtd_hours is None:
            yield Fault("processes", one.id, f"{one.name} states no maximum tolerable downtime.", "mtd_hours")


def _rto_over_mtd(v: View) -> Iterable[Fault]:
    for one in v.plan.processes:
        if one.rto_hours is not None and one.mtd_hours is not None and one.rto_hours > one.mtd_hours:
            text = f"{one.name} is to be back after {hours_text(one.rto_hours)}, but can bear only {hours_text(one.mtd_hours)}."
            yield Fault("processes", one.id, text, "rto_hours")


def _no_rpo(v: View) -> Iterable[Fault]:
    for service in v.plan.services:
        if service.holds_data is False:
            continue
        for link in v.plan.dependencies:
            process = v.process(link.process)
            if link.service == service.id and process.critical and process.rpo_hours is None and link.rpo_hours is None:
                text = f"{process.name} relies on data in {service.name} and states no RPO."
                yield Fault("processes", process.id, text, "rpo_hours")


def _no_cost(v: View) -> Iterable[Fault]:
    for one in v.plan.processes:
        if one.critical and one.cost_per_hour is None:
            yield Fault("processes", one.id, f"What an hour without {one.name} costs is not stated.", "cost_per_hour")


def _no_impact(v: View) -> Iterable[Fault]:
    for one in v.plan.processes:
        steps = [severity for _, severity in one.impact.steps()]
        if all(severity is None for severity in steps):
            yield Fault(
                "processes", one.id, f"How hard an interruption of {one.name} hits over time is not assessed.", "impact"
            )


def _no_minimum(v: View) -> Iterable[Fault]:
    for one in v.plan.processes:
        early = [severity for hours, severity in one.impact.steps() if hours <= number("lint", "early_hours")]
        if "severe" in early and not one.workaround.strip() and not one.minimum_service.strip():
            text = f"{one.name} is hit severely within hours, and neither a minimum service nor a workaround is written down."
            yield Fault("processes", one.id, text, "workaround")


def _looser_link(v: View) -> Iterable[Fault]:
    for link in v.plan.dependencies:
        process = v.process(link.process)
        if link.essential and link.rto_hours and process.rto_hours and link.rto_hours > process.rto_hours:
            text = (
                f"{process.name} is to be back after {hours_text(process.rto_hours)}, yet {v.service(link.service).name}, "
                f"without which it stops, only after {hours_text(link.rto_hours)}."
            )
            yield Fault("dependencies", link.id, text, "rto_hours")


def _hours_unreadable(v: View) -> Iterable[Fault]:
    for one in v.plan.processes:
        if not one.working_hours.strip():
            continue
        try:
            parse(one.working_hours)
        except Refused as refusal:
            yield Fault(
                "processes", one.id, f"The working hours of {one.name} cannot be read: {refusal}.", "working_hours"
            )


def _alone(v: View) -> Iterable[Fault]:
    used = {link.process for link in v.plan.dependencies}
    for one in v.plan.processes:
        if one.critical and one.id not in used:
            yield Fault("processes", one.id, f"Of {one.name} it is not stated which services it relies on.")


RULES: tuple[Rule, ...] = (
    Rule(
        id="P01", level="warning", question="Has every process an owner?", finds=_no_owner,
        why="Nobody decides for a process that is nobody's.", clause="ISO 22301 5.3",
        mend="Name the owner among the contacts.",
    ),
    Rule(
        id="P02", level="error", question="Has every process that relies on a vendor an RTO?", finds=_no_rto,
        why="Without it no fallback can be right or wrong.", clause="NIST SP 800-34 3.2; DORA Art. 11(5)",
        mend="State how long the process may be gone.",
    ),
    Rule(
        id="P03", level="warning", question="Has every critical process a maximum tolerable downtime?", finds=_no_mtd,
        why="The RTO is chosen inside it.", clause="ISO 22301 8.2.2", mend="State after how long the harm cannot be mended.",
    ),
    Rule(
        id="P04", level="error", question="Is the RTO within what the business can bear?", finds=_rto_over_mtd,
        why="A plan that comes back too late fails by design.", clause="ISO 22301 8.2.2",
        mend="Shorten the RTO, or correct the maximum tolerable downtime.",
    ),
    Rule(
        id="P05", level="warning", question="Is it stated how much data may be lost?", finds=_no_rpo,
        why="How often to copy follows from it.", clause="NIST SP 800-34 3.2; DORA Art. 12(6)",
        mend="State the RPO of the process, or that the service holds no data.",
    ),
    Rule(
        id="P06", level="advice", question="Is the cost of an hour known for critical processes?", finds=_no_cost,
        why="Without it no measure can be weighed against the loss.", clause="ISO 22301 8.2.2",
        mend="State a cost an hour; a careful guess is better than none.",
    ),
    Rule(
        id="P07", level="advice", question="Is the impact over time assessed?", finds=_no_impact,
        why="Priorities in an outage follow from it.", clause="ISO 22301 8.2.2; DORA Art. 12(6)",
        mend="Fill in the steps after 1 h, 4 h, 24 h, 3 days and 5 days.",
    ),
    Rule(
        id="P08", level="error", question="What is hit within hours: can it go on by hand?", finds=_no_minimum,
        why="Until something takes over, only what is written down is done.", clause="ISO 22301 8.3",
        mend="Write down the minimum service and how it is kept up by hand.",
    ),
    Rule(
        id="P09", level="error", question="Is every service back before the process it stops?", finds=_looser_link,
        why="A process is back when the last thing it needs is.", clause="NIST SP 800-34 3.2.2",
        mend="Tighten the RTO of the dependency, or say that the process goes on without it.",
    ),
    Rule(
        id="P10", level="warning", question="Can the working hours be read?", finds=_hours_unreadable,
        why="Hours that cannot be read count as around the clock.", clause="",
        mend="Write them like mon-fri 8-18 Europe/Berlin.",
    ),
    Rule(
        id="P11", level="advice", question="Is it known what each critical process relies on?", finds=_alone,
        why="What nobody wrote down is found out in the outage.", clause="DORA Art. 8(5)",
        mend="Add its dependencies.",
    ),
)  # fmt: skip
