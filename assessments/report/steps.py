"""How hard an interruption hits as it goes on: the step curve of each process, and what it says. Pure."""

from __future__ import annotations

from typing import Any

from assessments.continuity.plan import SEVERITIES, Plan, Process
from assessments.report.charts.impact import MOST, Steps, impact
from assessments.report.phrases import clean
from assessments.report.tokens import Theme
from riskboard.locales import _, duration
from riskboard.phrasebook import word


def sentence(one: Process) -> str:
    """From when on an interruption is severe, or the worst it gets; what was not assessed is said."""
    name = clean(one.name, 60)
    known = [(hours, severity) for hours, severity in one.impact.steps() if severity is not None]
    if not known:
        return _("{name}: the impact over time was not assessed.", name=name)
    worst = max(known, key=lambda row: (SEVERITIES.index(row[1]), -row[0]))
    if worst[1] == "none":
        return _("{name}: no impact within {length}.", name=name, length=duration(known[-1][0]))
    told = {"name": name, "severity": word("severity", worst[1]), "length": duration(worst[0])}
    if one.rto_hours is None:
        return _("{name}: {severity} after {length}, with no RTO.", **told)
    if one.rto_hours > worst[0]:
        return _(
            "{name}: {severity} after {length}, before its RTO of {rto} is over.", rto=duration(one.rto_hours), **told
        )
    return _("{name}: {severity} after {length}, its RTO is {rto}.", rto=duration(one.rto_hours), **told)


def steps_context(plan: Plan, theme: Theme, *, width: float) -> dict[str, Any]:
    """What the partial `_impact_steps.html` shows."""
    shown = ordered(plan)[:MOST]
    return {
        "step_sentences": [sentence(one) for one in shown],
        "step_curve": impact([_steps(one) for one in shown], theme, width=width) if shown else "",
        "more_steps": max(0, len(plan.processes) - MOST),
    }


def printed_steps(plan: Plan) -> list[tuple[str, str]]:
    """(path, text on the page) of what the curve says."""
    return [(f"steps.{one.id}", sentence(one)) for one in ordered(plan)[:MOST]]


def ordered(plan: Plan) -> list[Process]:
    """Critical ones first, then those with the shortest RTO."""
    return sorted(plan.processes, key=lambda one: (not one.critical, one.rto_hours or 1e9, one.id))


def _steps(one: Process) -> Steps:
    return Steps(clean(one.name, 60), one.impact.steps(), one.rto_hours, one.mtd_hours)
