"""What the report prints, from an assessment and its facts alone. Nothing is scored here: figures are only worded.

Every figure that can be checked is also listed as printed: (path in the assessment, the text on the page). `verify`
works the list out again from recomputed figures and looks for each text in the PDF.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessments.report import phrases
from assessments.report.charts import days, incident, risk, score
from assessments.report.tokens import PRINT, UNKNOWN_WORD, Theme
from assessments.scoring.checks.registry import BY_ID
from assessments.scoring.metrics import elapsed_hours, human_updates, impact_weight
from assessments.scoring.model import Assessment, CheckResult, PillarResult
from assessments.scoring.rubric import rubric
from assessments.scoring.score import letter
from riskboard.durations import hours_text
from vendors.records import Incident, VendorFacts

LISTED = 24  # incidents printed; all are in the attached incidents.csv
_OUTCOME_ORDER = ("error", "fail", "partial", "stale", "unknown", "pass", "not_applicable")
OUTCOMES = {
    "pass": "pass",
    "partial": "partly",
    "fail": "fail",
    "unknown": UNKNOWN_WORD,
    "stale": "out of date",
    "not_applicable": "does not apply",
    "error": "could not be judged",
}


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check as printed."""

    result: CheckResult
    question: str
    why: str
    how: str
    verdict: str
    points: str
    lost: str
    references: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident as printed."""

    title: str
    start: str
    length: str
    impact: str
    updates: int
    url: str
    over_rto: bool


def vendor_context(assessment: Assessment, facts: VendorFacts, *, theme: Theme = PRINT) -> dict[str, Any]:
    """Everything the vendor report shows."""
    checks = {pillar.id: _ordered(pillar) for pillar in assessment.pillars}
    longest = _longest_told(facts.incidents, assessment.as_of)
    end = min(assessment.as_of, facts.window.end or assessment.as_of).date()
    known = [i for i in facts.incidents if i.started_at <= assessment.as_of]
    return {
        "a": assessment,
        "facts": facts,
        "title": f"Readiness report: {assessment.vendor.name}",
        "report_id": report_id(assessment),
        "headline": phrases.chance(assessment.forecast),
        "verdict": phrases.verdict(assessment),
        "record_sentence": phrases.record(assessment),
        "rto": hours_text(assessment.needs.rto_hours),
        "rpo": phrases.optional_hours(assessment.needs.rpo_hours),
        "confidence_means": phrases.CONFIDENCE[assessment.score.confidence],
        "flags": [phrases.FLAGS[flag] for flag in assessment.forecast.flags],
        "pillars": [(pillar, score.PILLAR_NAMES[pillar.id], checks[pillar.id]) for pillar in assessment.pillars],
        "first": assessment.recommendations[: int(rubric()["recommend"]["shown"])],
        "effort": phrases.EFFORT,
        "findings": _worst(checks)[:3],
        "gaps": [view for views in checks.values() for view in views if view.result.score is None],
        "record": _record_rows(assessment),
        "forecast_rows": _forecast_rows(assessment),
        "accounting": assessment.record.accounting,
        "ladder": risk.ladder(_marks(assessment), theme),
        "ring": score.ring(assessment.score, theme),
        "bars": score.pillar_bars(assessment.pillars, theme),
        "bars_again": score.pillar_bars(assessment.pillars, theme, width=441),  # a picture of its own: ids must differ
        "curve": risk.exceedance(assessment.forecast, theme),
        "ninety": days.ninety(days.days_of(known, facts.window, end=end, count=90), theme),
        "calendar": days.calendar(days.days_of(known, facts.window, end=end, count=728), theme),
        "longest": longest,
        "strip": incident.strip(longest, theme, rto_hours=assessment.needs.rto_hours, as_of=assessment.as_of)
        if longest
        else "",
        "incidents": incident_views(known, assessment),
        "incident_count": len(known),
        "contributions": _contributions(assessment),
        "rubric": rubric(),
        "access": sorted({page.access for page in facts.pages}),
    }


def portfolio_context(pairs: list[tuple[Assessment, VendorFacts]], *, theme: Theme = PRINT) -> dict[str, Any]:
    """Everything the portfolio report shows: vendors from the least to the best prepared, unknown first."""
    ordered = sorted(
        pairs, key=lambda pair: (pair[0].score.value is not None, pair[0].score.value or 0, pair[0].vendor.name)
    )
    latest = max(assessment.as_of for assessment, _ in pairs)
    likely = [a for a, _ in pairs if a.forecast.confidence != "insufficient" and a.forecast.p_exceed > 0.5]
    return {
        "title": f"Portfolio readiness: {phrases.count(len(pairs), 'vendor')}",
        "as_of": latest,
        "report_id": report_id(*[assessment for assessment, _ in ordered]),
        "headline": (
            f"{len(likely)} of {phrases.count(len(pairs), 'vendor')} will more likely than not "
            "have an outage longer than the RTO within a year."
        ),
        "vendors": [
            {
                "a": assessment,
                "facts": facts,
                "headline": phrases.chance(assessment.forecast),
                "verdict": phrases.verdict(assessment),
                "record_sentence": phrases.record(assessment),
                "rto": hours_text(assessment.needs.rto_hours),
                "coverage": f"{assessment.score.coverage:.0%}",
                "chance": UNKNOWN_WORD
                if assessment.forecast.confidence == "insufficient"
                else f"{assessment.forecast.p_exceed:.0%}",
                "ring": score.ring(assessment.score, theme, size=104),
                "bars": score.pillar_bars(assessment.pillars, theme, width=420),
                "first": assessment.recommendations[:3],
                "flags": [phrases.FLAGS[flag] for flag in assessment.forecast.flags],
            }
            for assessment, facts in ordered
        ],
        "effort": phrases.EFFORT,
        "rubric": rubric(),
        "method": pairs[0][0].method,
    }


def printed(assessment: Assessment) -> list[tuple[str, str]]:
    """(path, text) of every figure of the assessment that its report prints as text."""
    a, out = assessment, []
    if a.score.value is not None:
        out.append(("$.score.value", f"{a.score.value:.2f}"))
    out += [("$.score.low", f"{a.score.low:.2f}"), ("$.score.high", f"{a.score.high:.2f}")]
    out.append(("$.score.coverage", f"{a.score.coverage:.4f}"))
    for number, pillar in enumerate(a.pillars):
        if pillar.value is not None:
            out.append((f"$.pillars[{number}].value", f"{pillar.value:.2f}"))
        for place, check in enumerate(pillar.checks):
            if check.contribution is not None:
                out.append((f"$.pillars[{number}].checks[{place}].contribution", f"{check.contribution:.2f}"))
    out += [(f"$.forecast.{name}", text) for name, _, text in _forecast_rows(a)]
    out += [(f"$.record.{name}", text) for name, _, text in _record_rows(a)]
    return out


def report_id(*assessments: Assessment) -> str:
    """A short name for the report, the same for the same input."""
    import hashlib

    text = "".join(f"{a.facts_sha256}{a.method.sha256}{a.as_of.isoformat()}{a.needs}" for a in assessments)
    return "RB-" + hashlib.sha256(text.encode()).hexdigest()[:12].upper()


def incident_views(incidents: Iterable[Incident], assessment: Assessment) -> list[IncidentView]:
    """The incidents that cost most, largest first: impact weight times length; at most LISTED."""
    as_of = assessment.as_of
    ranked = sorted(
        incidents,
        key=lambda i: (-(impact_weight(i) * min(elapsed_hours(i, as_of) or 0, 720)), i.started_at, i.id),
    )[:LISTED]
    return [view_of(i, assessment.needs.rto_hours, as_of) for i in ranked]


def view_of(incident: Incident, rto_hours: float, as_of: datetime) -> IncidentView:
    """One incident in words."""
    hours = elapsed_hours(incident, as_of)
    length = UNKNOWN_WORD if hours is None else hours_text(hours)
    bound = {"upper_bound": "at most ", "open": "open for "}.get(incident.end_known, "")
    return IncidentView(
        title=incident.title,
        start=f"{incident.started_at:%Y-%m-%d %H:%M}",
        length=bound + length,
        impact=incident.impact or "not stated",
        updates=len(human_updates(incident)),
        url=incident.url or incident.page,
        over_rto=hours is not None and hours > rto_hours,
    )


def check_view(result: CheckResult) -> CheckView:
    """A check with its words."""
    meta = BY_ID[result.id].meta
    lost = "" if result.score is None else f"{result.weight * (1 - result.score):.1f}"
    return CheckView(
        result=result,
        question=meta.question,
        why=meta.why,
        how=meta.how,
        verdict=OUTCOMES[result.outcome],
        points="" if result.contribution is None else f"{result.contribution:.2f}",
        lost=lost,
        references="; ".join(meta.references),
    )


def _ordered(pillar: PillarResult) -> list[CheckView]:
    """Failed first."""
    views = [check_view(result) for result in pillar.checks]
    return sorted(views, key=lambda v: (_OUTCOME_ORDER.index(v.result.outcome), -v.result.weight))


def _worst(checks: dict[Any, list[CheckView]]) -> list[CheckView]:
    """Known checks by weight lost, most first."""
    views = [view for found in checks.values() for view in found if view.result.score is not None]
    return sorted(views, key=lambda v: -(v.result.weight * (1 - (v.result.score or 0))))


def _longest_told(incidents: Iterable[Incident], as_of: datetime) -> Incident | None:
    """The longest incident of the last two years that was talked about; None if there is none."""
    told = [i for i in incidents if i.resolved_at and len(human_updates(i)) > 1 and i.started_at <= as_of]
    recent = [i for i in told if (as_of - i.started_at).days <= 730 and (elapsed_hours(i, as_of) or 0) <= 72]
    return max(recent or told, key=lambda i: (elapsed_hours(i, as_of) or 0, i.id), default=None)


def _record_rows(a: Assessment) -> list[tuple[str, str, str]]:
    """(name, what it is, text) of the published record."""
    r = a.record
    return [
        ("incidents", "incidents published, of any impact", f"{r.incidents:,}"),
        ("outages", "major outages, overlapping ones joined", f"{r.outages:,}"),
        ("over_rto", f"of these longer than {hours_text(a.needs.rto_hours)}", f"{r.over_rto:,}"),
        ("open_now", "open when the record was taken", f"{r.open_now:,}"),
        ("longest_hours", "longest major outage", phrases.optional_hours(r.longest_hours)),
        ("median_hours", "half of them were longer than", phrases.optional_hours(r.median_hours)),
        ("p90_hours", "one in ten was longer than", phrases.optional_hours(r.p90_hours)),
        ("window_years", "years covered", f"{r.window_years:.2f}"),
    ]


def _forecast_rows(a: Assessment) -> list[tuple[str, str, str]]:
    """(name, what it is, text) of the forecast."""
    f = a.forecast
    return [
        ("p_exceed", f"chance of an outage longer than {hours_text(f.rto_hours)}", f"{f.p_exceed:.1%}"),
        ("band80[0]", "lower end of its 80 % band", f"{f.band80[0]:.1%}"),
        ("band80[1]", "upper end of its 80 % band", f"{f.band80[1]:.1%}"),
        ("hours.mean", "hours of service lost, on average", f"{f.hours.mean:.1f} h"),
        ("hours.p50", "hours lost in a middling year", f"{f.hours.p50:.1f} h"),
        ("hours.p90", "hours lost in a bad year (one in ten)", f"{f.hours.p90:.1f} h"),
        ("worst.p50", "longest outage of a middling year", hours_text(f.worst.p50)),
        ("worst.p90", "longest outage of a bad year (one in ten)", hours_text(f.worst.p90)),
        ("n", "major outages it rests on", f"{f.n:,}"),
        ("exposure_years", "years of record it rests on", f"{f.exposure_years:.2f}"),
        ("disclosure_mean", "share of outages assumed to be published", f"{f.disclosure_mean:.0%}"),
    ]


def _marks(a: Assessment) -> list[tuple[str, float, str]]:
    marks = [("your RTO", a.needs.rto_hours, "need")]
    if a.record.p90_hours:
        marks.append(("one in ten", a.record.p90_hours, "seen"))
    if a.record.longest_hours:
        marks.append(("longest", a.record.longest_hours, "seen"))
    return marks


def _contributions(a: Assessment) -> list[tuple[str, str, str, str]]:
    """(check, weight, score, points) and the caps: the lines that add up to the total."""
    lines = []
    for pillar in a.pillars:
        for check in pillar.checks:
            if check.contribution is not None:
                lines.append((check.id, f"{check.weight:g}", f"{check.score:.4f}", f"{check.contribution:.2f}"))
        lines += [(f"cap: {cap.id}", "", "", f"{cap.contribution:.2f}") for cap in pillar.caps]
    lines += [(f"cap: {cap.id}", "", "", f"{cap.contribution:.2f}") for cap in a.score.caps]
    return lines


__all__ = [
    "check_view",
    "incident_views",
    "letter",
    "portfolio_context",
    "printed",
    "report_id",
    "vendor_context",
    "view_of",
]
