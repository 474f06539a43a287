"""What the continuity plan prints: from a plan, its answer, its lint and its vendors' judgements alone. Nothing is worked out here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from assessments.continuity.answer_records import Answer, DependencyAnswer, Seen, Verdict
from assessments.continuity.commitments import conditions, promises
from assessments.continuity.judged import Judged
from assessments.continuity.lint import BY_ID as LINT_RULES
from assessments.continuity.lint import LEVELS, Message
from assessments.continuity.plan import IMPACT_HOURS, Plan, Service
from assessments.continuity.plan_file import sha256
from assessments.continuity.register import Entry, register
from assessments.continuity.rollup import service_needs
from assessments.planning.fields import ORGANISATION, field_at
from assessments.report import phrases, plan_figures
from assessments.report.charts import risk
from assessments.report.cited import Citations
from assessments.report.clauses import clause_context
from assessments.report.context import AdviceView, advice_view
from assessments.report.front import front_matter
from assessments.report.links import safe_link
from assessments.report.phrases import clean
from assessments.report.progress import Stand, progress_context, stand_of
from assessments.report.qr import code
from assessments.report.runbooks import critical_first, fallback, runbook, stated
from assessments.report.sections import plan_sections
from assessments.report.software import software
from assessments.report.steps import steps_context
from assessments.report.tokens import PRINT, Theme
from assessments.scoring.pipeline import method
from riskboard.locales import DAY, _, duration, figure, ngettext, when
from riskboard.phrasebook import said, word

WIDE = 656.0
LISTED = plan_figures.LISTED
LINTED, REGISTERED, TOLD = 60, 60, 40  # messages, recommendations, promises printed; all are attached
LOOKS: dict[Verdict, str] = {"kept": "pass", "at risk": "partial", "cannot be met": "fail", "not known": "unknown"}


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What a plan's report is made from. `version` names the revision; empty for a file."""

    plan: Plan
    judged: Mapping[str, Judged]
    answer: Answer
    messages: Sequence[Message]
    as_of: datetime
    version: str = ""
    history: Sequence[tuple[str, str, str]] = ()  # (number, author and day, summary), newest first
    before: Sequence[Stand] = ()  # how it stood at each milestone, oldest first
    live: str = ""  # the plan's address in this Riskboard, for the code on the control page; empty where it has none


def continuity_context(given: PlanReport, *, theme: Theme = PRINT) -> dict[str, Any]:
    """Everything the continuity plan shows."""
    plan, answer = given.plan, given.answer
    names = {one.id: clean(one.name, 90) for one in (*plan.processes, *plan.services, *plan.fallbacks, *plan.contacts)}
    found = promises(plan, given.judged, as_of=given.as_of)
    entries = register(plan, given.judged, as_of=given.as_of)
    links = sorted(answer.dependencies, key=lambda one: (not one.critical, not one.essential, one.id))[:LISTED]
    return {
        **head(given, _("Continuity plan")),
        "headline": plan_figures.sentence(answer),
        "totals": plan_figures.total_rows(answer),
        "tiles": _tiles(given),
        "money_sentence": plan_figures.money_sentence(answer),
        "processes": _processes(plan, answer, names),
        "impact_hours": [duration(hours) for hours in IMPACT_HOURS],
        "links": [_link(one, plan, names, theme) for one in links],
        "more_links": max(0, len(answer.dependencies) - LISTED),
        "worst": [_link(one, plan, names, theme) for one in links if one.now.verdict == "cannot be met"][:3],
        "first": first_actions(entries)[:5],
        "fallbacks": [fallback(one, names) for one in plan.fallbacks],
        "copies": [_copy(one, plan) for one in plan.services],
        "exercises": sorted(plan.exercises, key=lambda one: one.held_on, reverse=True)[:TOLD],
        "standing": _standing(plan),
        "levers": [(one.upstream, _("{points} points", points=figure(one.less * 100, ".1f"))) for one in answer.levers],
        "credits": [_credit(one, names, answer.currency) for one in answer.credits],
        "exits": [(names[one.id], one.exit, one.contract) for one in plan.services],
        "promises": found[:TOLD],
        "conditions": [said(one) for one in conditions(found)],
        **linted(given.messages, names),
        **registered(entries),
        "runbooks": [runbook(one, plan, names, entries) for one in critical_first(plan)],
        "copies_at": _copies_at(plan, names),
        "history": list(given.history)[:TOLD],
        "names": names,
        **beyond(given, entries, theme),
    }


def plan_context(given: PlanReport, *, kind: Literal["continuity", "improvement"]) -> dict[str, Any]:
    """Everything the report of that kind shows."""
    context = continuity_context(given)
    if kind == "continuity":
        return context
    what, name = _("Improvement plan"), context["name"]
    return context | {
        "what": what,
        "title": _("{what}: {name}", what=what, name=name),
        "running": _("{what}: {name}", what=what, name=name[:60]),
        "clauses": clause_context("improvement", context["sections"]),
    }


def beyond(given: PlanReport, entries: Sequence[Entry], theme: Theme) -> dict[str, Any]:
    """The sections that have modules of their own."""
    plan, answer = given.plan, given.answer
    sections = plan_sections(plan, given.judged, answer, entries, has_history=bool(given.history))
    now = stand_of(plan, given.judged, answer, given.messages, "now")
    return {
        **steps_context(plan, theme, width=WIDE),
        **progress_context(given.before, now, theme, width=WIDE),
        "software": software(),
        "front": front_matter(plan),
        "live_what": _("This plan in Riskboard, as it stands today"),
        "sections": sections,
        "clauses": clause_context("continuity", sections),
        "gaps": [why for why in dict.fromkeys(sections.values()) if why],
        "live_url": safe_link(given.live),
        "live_code": code(safe_link(given.live), f"The plan in Riskboard: {given.live}"),
    }


def _copies_at(plan: Plan, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """(place, the runbooks whose printed copy lies there)."""
    at: dict[str, list[str]] = {}
    for one in plan.runbooks:
        at.setdefault(clean(one.kept_at, 120) or _("place not stated"), []).append(names[one.service])
    return [(place, ", ".join(found)) for place, found in at.items()]


def head(given: PlanReport, what: str) -> dict[str, Any]:
    """What every report on a plan carries on its first pages."""
    plan = given.plan
    digest = sha256(plan)
    name = clean(plan.organisation.name, 90)
    identity = f"RB-{digest[:12].upper()}"
    return {
        "plan": plan,
        "organisation": plan.organisation,
        "name": name,
        "title": _("{what}: {name}", what=what, name=name),
        "running": _("{what}: {name}", what=what, name=clean(name, 60)),
        "what": what,
        "at": given.as_of,
        "report_id": identity,
        "version": given.version or _("file"),
        "digest": digest,
        "method": method(),
        "identity": _(
            "{id} · plan {plan} · as of {at} · method {version}",
            id=identity,
            plan=given.version or digest[:8],
            at=when(given.as_of, DAY),
            version=method().version,
        ),
        "vendors": [
            (clean(one.facts.vendor.name, 60), one.assessment.as_of, phrases.verdict(one.assessment))
            for _, one in sorted(given.judged.items())
        ],
        "not_judged": ", ".join(given.answer.not_judged),
    }


def linted(messages: Sequence[Message], names: Mapping[str, str]) -> dict[str, Any]:
    """The lint as a report prints it: counts, and the first messages with their places and clauses."""
    shown = [
        (
            one,
            _(ORGANISATION) if one.kind == ORGANISATION else names.get(one.item, one.item),
            _asked(one),
            LINT_RULES[one.rule].clause,
        )
        for one in messages[:LINTED]
    ]
    counts = [(word("level of a message", level), sum(one.level == level for one in messages)) for level in LEVELS]
    return {"messages": shown, "more_messages": max(0, len(messages) - LINTED), "counts": counts}


def _asked(message: Message) -> str:
    """The field to mend, by the name its form gives it; empty where it is the item as a whole."""
    found = field_at(message.kind, message.field) if message.field else None
    return _(found.asked) if found and found.asked else message.field.replace("_", " ")


def registered(entries: Sequence[Entry]) -> dict[str, Any]:
    """The register as a report prints it."""
    citations = Citations()
    shown = [(one, _advice(one, citations)) for one in entries[:REGISTERED]]
    return {"entries": shown, "more_entries": max(0, len(entries) - REGISTERED), "citations": citations.rows}


def _advice(entry: Entry, citations: Citations) -> AdviceView | None:
    if entry.recommendation is None:
        return None
    return replace(advice_view(entry.recommendation), cited=citations.of_landmark(entry.recommendation.precedent))


def first_actions(entries: Sequence[Entry]) -> list[tuple[Entry, AdviceView]]:
    """Open recommendations in the order of their vendors' ranks: each vendor's first before any second; a rule once."""
    ranked: dict[str, int] = {}
    placed = []
    for one in entries:
        if one.recommendation is not None and one.state == "open":
            ranked[one.vendor] = ranked.get(one.vendor, 0) + 1
            placed.append((ranked[one.vendor], one.vendor, one))
    placed.sort(key=lambda row: row[:2])
    seen: set[str] = set()
    first = []
    for _rank, _vendor, one in placed:
        if one.rule not in seen and one.recommendation is not None:
            seen.add(one.rule)
            first.append((one, advice_view(one.recommendation)))
    return first


def _tiles(given: PlanReport) -> list[tuple[str, str, str]]:
    answer = given.answer
    critical = [one for one in answer.processes if one.critical]
    broken = sum(one.verdict == "cannot be met" for one in critical)
    errors = sum(one.level == "error" for one in given.messages)
    return [
        (_("Critical processes whose RTO cannot be met"), _("{number} of {all}", number=broken, all=len(critical)),
         _("with the fallbacks there are")),
        (_("Chance that one of them is stopped"), plan_figures.share(answer.any_critical_kept),
         _("within 12 months; without fallbacks {chance}", chance=plan_figures.share(answer.any_critical))),
        (_("What a year costs"), plan_figures.money(answer.money_kept, answer.currency),
         _("without fallbacks {cost}", cost=plan_figures.money(answer.money, answer.currency))),
        (_("Errors in the plan"), f"{errors}",
         ngettext("and {n} other things to mend", "and {n} other things to mend", len(given.messages) - errors)),
    ]  # fmt: skip


def _processes(plan: Plan, answer: Answer, names: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = [_process(one, answer, names, plan.organisation.currency) for one in plan.processes]
    told = next((row for row in rows if row["process"].minimum_service or row["process"].workaround), None)
    if told is not None:
        told["first_minimum"] = True
    return rows


def _process(one: Any, answer: Answer, names: Mapping[str, str], currency: str) -> dict[str, Any]:
    found = next(row for row in answer.processes if row.id == one.id)
    return {
        "process": one,
        "name": names[one.id],
        "owner": names.get(one.owner, _("not stated")),
        "mtd": stated(one.mtd_hours),
        "rto": stated(one.rto_hours),
        "rpo": stated(one.rpo_hours),
        "cost": _("not stated") if one.cost_per_hour is None else f"{figure(one.cost_per_hour, ',.0f')} {currency}",
        "verdict": word("verdict", found.verdict),
        "look": LOOKS[found.verdict],
        "chance": plan_figures.share(found.chance_kept),
        "over_mtd": plan_figures.share(found.chance_over_mtd_kept) if one.mtd_hours is not None else _("no MTD"),
        "weakest": names.get(found.weakest or "", ""),
        "steps": [_step(severity) for _at, severity in one.impact.steps()],
    }


def _step(severity: str | None) -> tuple[str, str]:
    """(severity for the style, severity in words) of one step over time."""
    return (severity, word("severity", severity)) if severity else ("not-assessed", _("not assessed"))


def _link(one: DependencyAnswer, plan: Plan, names: Mapping[str, str], theme: Theme) -> dict[str, Any]:
    seen = one.seen
    spare = next((found for found in plan.fallbacks if found.id == one.fallback), None)
    marks = [(_("your RTO"), one.rto_hours, "need")] if one.rto_hours else []
    process = next(found for found in plan.processes if found.id == one.process)
    if process.mtd_hours:
        marks.append((_("MTD"), process.mtd_hours, "need"))
    if seen and seen.p90:
        marks.append((_("one in ten over"), seen.p90, "seen"))
    if seen and seen.longest:
        marks.append((_("longest seen"), seen.longest, "seen"))
    if spare and spare.takeover_hours:
        marks.append((_("takeover"), spare.takeover_hours, "need"))
    return {
        "answer": one,
        "title": _("{process} on {service}", process=names[one.process], service=names[one.service]),
        "verdict": word("verdict", one.now.verdict),
        "rto": stated(one.rto_hours),
        "rpo": stated(one.rpo_hours),
        "look": LOOKS[one.now.verdict],
        "reason": phrases.clean(_upper(said(one.now.reason)), 400),
        "rows": plan_figures.standing_rows(one, plan.organisation.currency),
        "fallback": names.get(one.fallback or "", ""),
        "seen": None if seen is None else _seen(seen),
        "fate": said(one.fate.text) if one.fate else "",
        "ladder": risk.ladder(marks, theme, width=WIDE, key=one.id) if marks else "",
    }  # fmt: skip


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _seen(seen: Seen) -> str:
    """What the record shows of a dependency, in a sentence."""
    named = {
        "years": phrases.years(seen.years), "longest": plan_figures.length(seen.longest), "p90": plan_figures.length(seen.p90),
    }  # fmt: skip
    if seen.over is None:
        return ngettext(
            "In {years} of record {n} outage; the longest lasted {longest}, one in ten longer than {p90}.",
            "In {years} of record {n} outages; the longest lasted {longest}, one in ten longer than {p90}.",
            seen.outages, **named,
        )  # fmt: skip
    return ngettext(
        "In {years} of record {n} outage; the longest lasted {longest}, one in ten longer than {p90}; {over} outlasted the RTO.",
        "In {years} of record {n} outages; the longest lasted {longest}, one in ten longer than {p90}; {over} outlasted the RTO.",
        seen.outages, over=seen.over, **named,
    )  # fmt: skip


def _copy(one: Service, plan: Plan) -> dict[str, Any]:
    needs = service_needs(plan, one.id)
    return {"service": one, "name": clean(one.name, 90), "copy": one.own_copy, "rpo": stated(needs.rpo_hours)}


def _standing(plan: Plan) -> list[tuple[str, str]]:
    """(upstream, the services and fallbacks that stand on it), the most first."""
    on: dict[str, list[str]] = {}
    for one in (*plan.services, *plan.fallbacks):
        for name in one.stands_on:
            on.setdefault(name, []).append(clean(one.name, 60))
    rows = sorted(on.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    unknown = [clean(one.name, 60) for one in plan.services if not one.stands_on]
    return [(name, ", ".join(found)) for name, found in rows] + (
        [(_("not stated"), ", ".join(unknown))] if unknown else []
    )


def _credit(one: Any, names: Mapping[str, str], currency: str) -> tuple[str, ...]:
    broken = _("no availability is promised")
    if one.broken_months is not None:
        broken = _("{number} of {all}", number=one.broken_months, all=one.months)
    return (
        names[one.service],
        _("not stated") if one.promised is None else figure(one.promised, ".3%"),
        broken,
        plan_figures.money(one.credit, currency),
        plan_figures.money(one.loss, currency),
    )
