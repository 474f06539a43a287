"""What the sections of each report hold, for the clause index: "" where one answers its question, else what is missing. Pure.

A section that is printed but says only that nothing is known does not answer a clause. The reasons are halves of a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assessments.continuity.answer_records import Answer
from assessments.continuity.judged import Judged
from assessments.continuity.plan import Plan
from assessments.continuity.register import Entry
from assessments.report.phrases import clean
from assessments.scoring.model import Assessment
from riskboard.locales import _

NAMED = 3  # items named in a reason, the rest counted


def vendor_sections(a: Assessment, *, was_told: bool, was_quoted: bool, has_fallback: bool) -> dict[str, str]:
    """The vendor report. `was_told`: an incident's updates are drawn; `was_quoted`: a best update is named."""
    known = {pillar.id: pillar.coverage > 0 for pillar in a.pillars}
    covered = a.record.window_years > 0
    return {
        "control": "",
        "gaps": "",
        "signoff": _("the lines are for signing by hand"),
        "record": _unless(covered, _("the record covers no span of time")),
        "counting": _unless(covered, _("the record covers no span of time")),
        "forecast": _unless(a.forecast.confidence != "insufficient", "the record is too thin for an estimate"),
        "told": _unless(was_told, _("no incident with updates is on record")),
        "quoted": _unless(was_quoted, _("the words of no update were read")),
        "pillar-openness": _unless(known["openness"], "nothing of the page could be judged"),
        "pillar-timeliness": _unless(known["timeliness"], "no update could be judged"),
        "pillar-backup": _unless(known["backup"], "no question about backups is answered"),
        "recommendations": _unless(bool(a.recommendations), _("no recommendation fired")),
        "fallback": _unless(has_fallback, _("no second system is named")),
    }  # fmt: skip


def portfolio_sections(pairs: Sequence[Assessment], *, shares: bool) -> dict[str, str]:
    """The portfolio report. `shares`: of some vendor it is known what it stands on."""
    return {
        "control": "",
        "gaps": "",
        "signoff": _("the lines are for signing by hand"),
        "table": _unless(bool(pairs), _("no vendor is judged")),
        "trend": _unless(any(a.record.window_years >= 2 for a in pairs), _("no record covers two years")),
        "shared": _unless(shares, _("of no vendor is it known what it stands on")),
    }  # fmt: skip


def comparison_sections(pairs: Sequence[Assessment]) -> dict[str, str]:
    """The comparison."""
    totals = sum(a.score.value is not None for a in pairs)
    return {
        "control": "",
        "signoff": _("the lines are for signing by hand"),
        "differences": "",
        "firm": _unless(totals > 1, _("fewer than two of them have a total")),
    }


def plan_sections(
    plan: Plan, judged: Mapping[str, Judged], answer: Answer, entries: Sequence[Entry], *, has_history: bool
) -> dict[str, str]:
    """The continuity plan and the improvement plan."""
    return {
        **_front(plan, has_history=has_history),
        **_business(plan),
        "answer": _unless(bool(judged) and bool(plan.dependencies), _("no vendor that a process relies on is judged")),
        "register": _unless(bool(entries), _("no recommendation fired")),
        "lint": "",
        "promised": _unless(bool(plan.commitments), _("no promise of a vendor is recorded")),
        **_recovery(plan, answer),
        **_pages(plan),
    }


def _front(plan: Plan, *, has_history: bool) -> dict[str, str]:
    head = plan.organisation
    missing = [
        name
        for name, value in (
            (_("author"), head.prepared_by),
            (_("reviewer"), head.reviewed_by),
            (_("approver"), head.approved_by),
            (_("day of the next review"), head.next_review_on),
        )
        if not value
    ]
    return {
        "control": _unless(not missing, _("not stated: {names}", names=", ".join(missing))),
        "signoff": _unless(bool(head.approved_by), _("not approved yet")),
        "changes": _unless(has_history, _("a plan in a file carries no history")),
        "gaps": "",
    }


def _business(plan: Plan) -> dict[str, str]:
    critical = [one for one in plan.processes if one.critical]
    no_times = [one.name for one in plan.processes if None in (one.rto_hours, one.rpo_hours, one.mtd_hours)]
    no_steps = [one.name for one in plan.processes if any(severity is None for _, severity in one.impact.steps())]
    no_minimum = [one.name for one in critical if not (one.minimum_service.strip() and one.workaround.strip())]
    none = _("no process is entered")
    return {
        "impact": none if not plan.processes else _named(_("RTO, RPO or MTD of"), no_times),
        "over-time": none if not plan.processes else _named(_("the impact over time of"), no_steps),
        "minimum": _("no critical process is entered") if not critical else _named(_("minimum or workaround of"), no_minimum),
    }  # fmt: skip


def _recovery(plan: Plan, answer: Answer) -> dict[str, str]:
    alone = [one.name for one in plan.services if not one.stands_on]
    no_copy = [one.name for one in plan.services if one.own_copy is None and one.holds_data is not False]
    no_exit = [one.name for one in plan.services if one.exit is None]
    bare = [one.service for one in answer.credits if one.promised is None]
    none = _("no service is entered")
    return {
        "chain": none if not plan.services else _named(_("the upstreams of"), alone),
        "copies": none if not plan.services else _named(_("a copy of the data in"), no_copy),
        "exit": none if not plan.services else _named(_("an exit plan for"), no_exit),
        "contracts": _("no contract is judged") if not answer.credits else _named(_("a promised availability for"), bare),
        "fallbacks": _unless(bool(plan.fallbacks), _("nothing takes over")),
        "exercises": _unless(bool(plan.exercises), _("nothing was ever exercised")),
    }  # fmt: skip


def _pages(plan: Plan) -> dict[str, str]:
    """The runbook pages: one for each service a critical process stops without."""
    critical = {one.id for one in plan.processes if one.critical}
    needed = {one.service for one in plan.dependencies if one.essential and one.process in critical}
    written = {
        one.service for one in plan.runbooks if one.activation.strip() and one.deactivation.strip() and one.steps
    }
    told = {one.service for one in plan.runbooks if {"staff", "customers"} <= {text.audience for text in one.messages}}
    names = {one.id: one.name for one in plan.services}
    deaf = [one.name for one in plan.contacts if not one.channels]
    unwritten = sorted(names[one] for one in needed - written)
    untold = sorted(names[one] for one in needed - told)
    none = _("no runbook is needed or written")
    return {
        "runbooks": none if not needed | written else _named(_("a whole runbook (start, steps, end) for"), unwritten),
        "texts": none if not needed | told else _named(_("texts to staff and customers for"), untold),
        "callable": _("no contact is entered") if not plan.contacts else _named(_("a channel to"), deaf),
    }


def _unless(holds: bool, why: str) -> str:
    return "" if holds else why


def _named(what: str, items: Sequence[str]) -> str:
    """What is missing of which items; "" where of none."""
    if not items:
        return ""
    names = ", ".join(clean(one, 40) for one in items[:NAMED])
    if len(items) <= NAMED:
        return _("{what} {names}", what=what, names=names)
    return _("{what} {names} and {number} more", what=what, names=names, number=len(items) - NAMED)
