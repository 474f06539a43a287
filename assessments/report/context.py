"""What the vendor report prints, from an assessment and its facts alone. Nothing is scored here: figures are only worded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any

from assessments.report import figures, phrases
from assessments.report.charts import days, incident, risk, score
from assessments.report.incidents import conflicts, incident_views, longest_told, told_words, view_of
from assessments.report.links import safe_link
from assessments.report.phrases import clean, hours
from assessments.report.tokens import PRINT, SCREEN, UNKNOWN_WORD, Theme
from assessments.scoring.checks.registry import BY_ID
from assessments.scoring.model import Assessment, CheckResult, Evidence, PillarResult, Recommendation
from assessments.scoring.reading import read_words
from assessments.scoring.rubric import rubric
from riskboard.locales import MINUTE, N_, _, figure, room, when
from riskboard.phrasebook import said, word
from vendors.facts_file import normalise
from vendors.records import Incident, VendorFacts

LISTED_PAGES = 6  # status pages listed on the control page
LISTED_SOURCES = 40
LISTED_CONFLICTS = 12
WIDE = 656.0  # the text's width on A4 in SVG pixels
NAME = 90  # characters of a vendor's name in headings; the control page prints more of it
_OUTCOME_ORDER = ("error", "fail", "partial", "stale", "unknown", "pass", "not_applicable")
OUTCOMES = {
    "pass": N_("pass"),
    "partial": N_("partly"),
    "fail": N_("fail"),
    "unknown": UNKNOWN_WORD,
    "stale": N_("out of date"),
    "not_applicable": N_("does not apply"),
    "error": N_("could not be judged"),
}


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One claim as printed. `url` empty where there is nothing safe to link to."""

    claim: str
    figure: str
    date: str
    url: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check as printed."""

    result: CheckResult
    question: str
    finding: str
    why: str
    how: str
    verdict: str
    points: str
    lost: str
    references: str
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class AdviceView:
    """A recommendation as printed."""

    rule: str
    action: str
    why: str
    effort: str
    reference: str
    trigger: str
    effect: str
    precedent: str
    in_place: bool
    cited: tuple[int, ...] = ()  # numbers of the precedent's sources in the report's list


def vendor_context(
    assessment: Assessment, facts: VendorFacts, *, theme: Theme = PRINT, pictures: Container[str] | None = None
) -> dict[str, Any]:
    """Everything the vendor report shows, or of its pictures those wanted; the same whatever order the incidents arrive in."""
    facts = read_words(normalise(facts))
    known = [i for i in facts.incidents if i.started_at <= assessment.as_of]
    return {
        "a": assessment,
        "facts": facts,
        **_named(assessment),
        **_said(assessment),
        **_judged(assessment),
        **_counted(assessment),
        **_evidenced(assessment, facts, known),
        **_pictures(assessment, facts, known, theme, pictures),
    }


def _named(assessment: Assessment) -> dict[str, Any]:
    """Which report this is, of whom, and as of when."""
    name = assessment.vendor.name
    at = when(assessment.as_of, MINUTE)
    return {
        "name": clean(name, NAME),
        "full_name": clean(name, 160),
        "category": clean(phrases.category(assessment.vendor.category), 60),
        "title": _("Readiness report: {name}", name=clean(name, NAME)),
        "running": _("Readiness report: {name}", name=clean(name, 60)),
        "at": assessment.as_of,
        "report_id": report_id(assessment),
        "identity": _(
            "{id} · data of {at} UTC · method {version}",
            id=report_id(assessment), at=at, version=assessment.method.version,
        ),
        "rubric": rubric(),
    }  # fmt: skip


def _said(assessment: Assessment) -> dict[str, Any]:
    """The judgement in sentences and tiles, and what was needed of the vendor."""
    needs, forecast = assessment.needs, assessment.forecast
    return {
        "headline": phrases.chance(forecast),
        "verdict": phrases.verdict(assessment),
        "record_sentence": phrases.record(assessment),
        "hundred_sentence": phrases.hundred_years(forecast),
        "rto": hours(needs.rto_hours),
        "rpo": _("not stated") if needs.rpo_hours is None else hours(needs.rpo_hours),
        "confidence_means": _(phrases.CONFIDENCE[assessment.score.confidence]),
        "flags": [_(phrases.FLAGS.get(flag, flag)) for flag in forecast.flags],
        "tiles": _tiles(assessment),
        "risk_now": _risk_now(assessment),
        "interval_sentence": figures.interval_sentence(assessment),
    }


def _judged(assessment: Assessment) -> dict[str, Any]:
    """The checks pillar by pillar, what they found, what they could not see, and what to do."""
    checks = {pillar.id: _ordered(pillar) for pillar in assessment.pillars}
    advice = [advice_view(item) for item in assessment.recommendations]
    return {
        "pillars": [
            (
                pillar,
                figures.pillar_heading(pillar),
                figures.pillar_sentence(pillar),
                figures.waiting_sentence(pillar),
                checks[pillar.id],
            )
            for pillar in assessment.pillars
        ],
        "advice": advice,
        "first": advice[: int(rubric()["recommend"]["shown"])],
        "findings": _worst(checks)[:3],
        "gaps": [view for views in checks.values() for view in views if view.result.score is None],
    }


def _counted(assessment: Assessment) -> dict[str, Any]:
    """The tables of figures."""
    return {
        "record": figures.record_rows(assessment),
        "forecast_rows": figures.forecast_rows(assessment),
        "curve_rows": risk.curve_rows(assessment.forecast),
        "accounting": figures.accounting_rows(assessment),
        "contributions": figures.contribution_rows(assessment),
        "total": figures.total_row(assessment),
        "profiles": figures.profile_rows(assessment),
        "disputes": [(*row[:4], safe_link(row[4])) for row in figures.dispute_rows(assessment)],
        "thresholds": figures.threshold_rows(),
        "weights": figures.weight_rows(assessment),
    }


def _evidenced(assessment: Assessment, facts: VendorFacts, known: list[Incident]) -> dict[str, Any]:
    """Where the facts come from: pages, sources, incidents, and where sources disagree."""
    disagreements = conflicts(known)
    return {
        "window": window_words(facts),
        "pages": [
            (safe_link(p.url), clean(p.url, 90), clean(p.platform, 40), word("access", p.access))
            for p in facts.pages[:LISTED_PAGES]
        ],
        "more_pages": max(0, len(facts.pages) - LISTED_PAGES),
        "incidents": incident_views(known, assessment),
        "incident_count": len(known),
        "conflicts": disagreements[:LISTED_CONFLICTS],
        "more_conflicts": max(0, len(disagreements) - LISTED_CONFLICTS),
        "sources": _sources(facts),
        "observations": _observations(facts),
    }


def _pictures(
    assessment: Assessment, facts: VendorFacts, known: list[Incident], theme: Theme, wanted: Container[str] | None
) -> dict[str, Any]:
    """Every picture of the vendor report, or those wanted, and the words that belong to one."""
    end = min(assessment.as_of, facts.window.end or assessment.as_of).date()
    two_years = days.days_of(known, facts.window, end=end, count=728)
    told = longest_told(known, assessment.as_of)
    made, rto = assessment.forecast, assessment.needs.rto_hours
    bars, curve = (
        (330, 340) if theme is SCREEN else (400, 450)
    )  # a phone shows 330 whole; where there is room, pages enlarge them
    drawn: dict[str, Callable[[], str]] = {
        "ring": lambda: score.ring(assessment.score, theme, size=178),
        "weeks": lambda: days.weeks(two_years, theme, width=626),
        "bars": lambda: score.pillar_bars(assessment.pillars, theme, width=bars, row=38),
        "bars_wide": lambda: score.pillar_bars(assessment.pillars, theme, width=WIDE, key="wide"),
        "hundred": lambda: risk.hundred(made, theme, width=132),
        "hundred_again": lambda: risk.hundred(made, theme, width=150, key="forecast"),
        "curve": lambda: risk.exceedance(made, theme, width=curve, height=190),
        "ladder": lambda: risk.ladder(_marks(assessment), theme, width=WIDE),
        "ninety": lambda: days.ninety(two_years[-90:], theme, width=WIDE),
        "calendar": lambda: days.calendar(two_years, theme, cell=11.8),
    }
    return {name: draw() for name, draw in drawn.items() if wanted is None or name in wanted} | {
        "longest": None if told is None else view_of(told, rto, assessment.as_of),
        "strip": "" if told is None else incident.strip(told, theme, rto_hours=rto, as_of=assessment.as_of, width=WIDE),
        "told": "" if told is None else told_words(told, assessment),
    }


def report_id(*assessments: Assessment) -> str:
    """A short name for the report, the same for the same input."""
    text = "".join(f"{a.facts_sha256}{a.method.sha256}{a.as_of.isoformat()}{a.needs}" for a in assessments)
    return "RB-" + hashlib.sha256(text.encode()).hexdigest()[:12].upper()


def check_view(result: CheckResult) -> CheckView:
    """A check with its words."""
    meta = BY_ID[result.id].meta
    return CheckView(
        result=result,
        question=said(meta.question),
        finding=_sentence(clean(said(result.reason), room(260))),
        why=said(meta.why),
        how=said(meta.how),
        verdict=_(OUTCOMES[result.outcome]),
        points="" if result.contribution is None else figure(result.contribution, ".2f"),
        lost="" if result.score is None else figure(result.weight * (1 - result.score), ".1f"),
        references="; ".join(meta.references),
        evidence=tuple(_evidence(item) for item in result.evidence[:3]),
    )


def advice_view(item: Recommendation) -> AdviceView:
    """A recommendation with its figures in words."""
    return AdviceView(
        rule=item.rule,
        action=said(item.action),
        why=said(item.why),
        effort=_(phrases.EFFORT[item.effort]),
        reference=item.reference,
        trigger=phrases.trigger(item.trigger),
        effect=phrases.effect(item.before, item.after),
        precedent=phrases.precedent(item.precedent),
        in_place=item.in_place,
    )


def _risk_now(a: Assessment) -> str:
    """What every recommendation is measured against."""
    if a.forecast.confidence == "insufficient":
        return _("The risk now is not known: the record is too thin.")
    return _(
        "The risk now: {chance} chance of an outage over your RTO within a year, {hours} h lost a year.",
        chance=figure(a.forecast.p_exceed, ".0%"), hours=figure(a.forecast.hours.mean, ",.1f"),
    )  # fmt: skip


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if not text or text[-1] in ".!?…" else text + "."


def _evidence(item: Evidence) -> EvidenceView:
    return EvidenceView(
        claim=clean(said(item.claim), room(130)),
        figure=phrases.measured(item.value, item.unit),
        date="" if item.observed_at is None else when(item.observed_at),
        url=safe_link(item.url),
    )


def _ordered(pillar: PillarResult) -> list[CheckView]:
    """Failed first."""
    views = [check_view(result) for result in pillar.checks]
    return sorted(views, key=lambda v: (_OUTCOME_ORDER.index(v.result.outcome), -v.result.weight))


def _worst(checks: dict[Any, list[CheckView]]) -> list[CheckView]:
    """Known checks by weight lost, most first; those that lost nothing are no worry."""
    views = [
        view for found in checks.values() for view in found if view.result.score is not None and view.result.score < 1
    ]
    return sorted(views, key=lambda v: -(v.result.weight * (1 - (v.result.score or 0))))


def _tiles(a: Assessment) -> list[tuple[str, str, str]]:
    """The four figures of the summary: (what, figure, its certainty)."""
    f, unknown = a.forecast, a.forecast.confidence == "insufficient"
    value = _(UNKNOWN_WORD) if a.score.value is None else figure(a.score.value, ".0f")
    thin = _("too thin a record")
    return [
        (_("Readiness, of 100"), value, _("between {low} and {high}; grade {grade}", low=figure(a.score.low, ".0f"),
                                          high=figure(a.score.high, ".0f"), grade=a.score.grade or _("none"))),
        (_("Chance of an outage over {rto}", rto=hours(f.rto_hours)), risk.chance_text(f),
         thin if unknown else _("80% band {low} to {high}", low=figure(f.band80[0], ".0%"), high=figure(f.band80[1], ".0%"))),
        (_("Hours lost a year"), _(UNKNOWN_WORD) if unknown else f"{figure(f.hours.mean, ',.0f')} h",
         thin if unknown else _("8 of 10 years: {low} to {high} h", low=figure(f.hours.p10, ",.0f"),
                                 high=figure(f.hours.p90, ",.0f"))),
        (_("Longest on record"), phrases.optional_hours(a.record.longest_hours),
         _("in {years} of record", years=phrases.years(a.record.window_years))),
    ]  # fmt: skip


def window_words(facts: VendorFacts) -> str:
    """What the record covers, and why it stops there."""
    window = facts.window
    if window.start is None or window.end is None:
        return _("no span of time: {reason}", reason=clean(said(window.reason), 300))
    reason, start, end = clean(said(window.reason), room(300)), when(window.start), when(window.end)
    if window.complete:
        return _("{start} to {end}: {reason}", start=start, end=end, reason=reason)
    return _("{start} to {end} (not complete): {reason}", start=start, end=end, reason=reason)


def _sources(facts: VendorFacts) -> list[tuple[str, str, str, str, str]]:
    """(name, link, retrieved, sha256, note) of every source, at most LISTED_SOURCES."""
    return [
        (clean(s.name, 160), safe_link(s.url), clean(s.retrieved, 40), s.sha256 or "", clean(said(s.note or ""), 240))
        for s in facts.sources[:LISTED_SOURCES]
    ]


def _observations(facts: VendorFacts) -> list[tuple[str, str, str, str, str]]:
    """What was looked at on the page: (check, seen, when, link, note)."""
    return [
        (
            o.check,
            _(OUTCOMES[o.outcome]),
            when(o.observed_at, MINUTE),
            safe_link(o.url),
            clean(said(o.note or ""), room(200)),
        )
        for o in facts.openness[:LISTED_SOURCES]
    ]


def _marks(a: Assessment) -> list[tuple[str, float, str]]:
    marks = [(_("your RTO"), a.needs.rto_hours, "need")]
    if a.record.p90_hours:
        marks.append((_("one in ten over"), a.record.p90_hours, "seen"))
    if a.record.longest_hours:
        marks.append((_("longest seen"), a.record.longest_hours, "seen"))
    return marks
