"""An assessment as a workbook: what the document and its facts say, cell by cell. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.files.tables import Cell, Sheet, workbook
from assessments.scoring.model import Assessment, CheckResult, Evidence
from vendors.facts_file import normalise
from vendors.records import VendorFacts

Row = tuple[Cell, ...]


def assessment_workbook(assessment: Assessment, facts: VendorFacts) -> bytes:
    """XLSX of six sheets: summary, checks, incidents, forecast, recommendations, and the evidence with its sources.

    An empty cell is not known. Points are 0 to 100, shares and chances 0 to 1, times UTC. Where the record is too thin to
    forecast, the forecast's figures stay empty. Raises FileError with more incidents than a sheet holds.
    """
    checks = [(pillar.id, check) for pillar in assessment.pillars for check in pillar.checks]
    return workbook(
        [
            Sheet("Summary", ["What", "Value", "Unit"], _summary(assessment)),
            Sheet("Checks", _CHECKS, [_check(pillar, check) for pillar, check in checks]),
            Sheet("Incidents", _INCIDENTS, _incidents(facts)),
            Sheet("Forecast", ["What", "Value", "Unit"], _forecast(assessment)),
            Sheet("Recommendations", _ADVICE, _advice(assessment)),
            Sheet("Evidence", _EVIDENCE, _evidence(assessment)),
        ]
    )


_CHECKS = ["Pillar", "Check", "Outcome", "Score 0-1", "Weight", "Points", "Reason", "What to do"]
_INCIDENTS = [
    "Id", "Title", "Impact", "Status", "Started (UTC)", "First posted (UTC)", "Resolved (UTC)", "End known", "Hours",
    "Updates", "Components", "Source",
]  # fmt: skip
_ADVICE = ["Rule", "Action", "Why", "Effort", "Reference", "Because", "Figure", "Before", "After", "In place"]
_EVIDENCE = ["Belongs to", "Claim", "Value", "Unit", "Observed (UTC)", "Source"]


def _summary(a: Assessment) -> Iterator[Row]:
    score, record = a.score, a.record
    judged: list[Row] = [
        ("Vendor", a.vendor.name, None),
        ("Category", a.vendor.category, None),
        ("As of", a.as_of, "UTC"),
        ("Readiness", score.value, "points of 100"),
        ("Readiness, at least", score.low, "points of 100"),
        ("Readiness, at most", score.high, "points of 100"),
        ("Grade", score.grade, None),
        ("Evidence known", score.coverage, "share"),
        ("Confidence", score.confidence, None),
        ("RTO", a.needs.rto_hours, "hours"),
        ("RPO", a.needs.rpo_hours, "hours"),
        ("Parts relied on", "; ".join(a.needs.components), None),
    ]
    yield from judged
    for pillar in a.pillars:
        yield f"Pillar {pillar.id}", pillar.value, "points of 100"
    for profile in a.profiles:
        yield f"Under the weights {profile.name}", profile.value, "points of 100"
    for cap in (*score.caps, *(cap for pillar in a.pillars for cap in pillar.caps)):
        yield f"Cap {cap.id}: {cap.reason}", cap.ceiling, "points at most"
    yield from [
        ("Incidents", record.incidents, "in the window"),
        ("Outages that count", record.outages, "in the window"),
        ("Outages longer than the RTO", record.over_rto, "in the window"),
        ("Longest outage", record.longest_hours, "hours"),
        ("Median outage", record.median_hours, "hours"),
        ("Nine in ten outages at most", record.p90_hours, "hours"),
        ("Window", record.window_years, "years"),
    ]
    for dispute in a.disputes:
        yield f"Disputed by the vendor: {dispute.about}", dispute.statement, dispute.kind
    yield "Method", a.method.version, None
    yield "Facts, SHA-256", a.facts_sha256, None


def _check(pillar: str, check: CheckResult) -> Row:
    figures = check.score, check.weight, check.contribution
    return pillar, check.id, check.outcome, *figures, check.reason, check.remedy


def _incidents(facts: VendorFacts) -> Iterator[Row]:
    for i in normalise(facts).incidents:
        times = i.started_at, i.first_posted_at, i.resolved_at
        counts = i.end_known, i.duration_hours(), len(i.updates)
        yield i.id, i.title, i.impact, i.status, *times, *counts, "; ".join(i.components), i.url


def _forecast(a: Assessment) -> Iterator[Row]:
    f = a.forecast
    yield from [
        ("RTO", f.rto_hours, "hours"),
        ("Horizon", f.horizon_days, "days"),
        ("Confidence", f.confidence, None),
        ("Major outages it rests on", f.n, None),
        ("Years watched", f.exposure_years, "years"),
        ("Assumed share published", f.disclosure_mean, "share"),
        ("Of which parts", f.view, None),
        ("Read with care", "; ".join(f.flags), None),
    ]
    known = f.confidence != "insufficient"
    figures: list[tuple[str, float | None, str]] = [
        ("Chance of an outage longer than the RTO", f.p_exceed, "chance"),
        ("80 % band, from", f.band80[0], "chance"),
        ("80 % band, to", f.band80[1], "chance"),
        ("Of any part at all", f.p_any, "chance"),
        ("By a simple rate", f.p_baseline, "chance"),
        ("Within working hours", f.p_in_hours, "chance"),
        ("Outage hours, mean", f.hours.mean, "hours"),
        ("Outage hours, one in ten below", f.hours.p10, "hours"),
        ("Outage hours, half below", f.hours.p50, "hours"),
        ("Outage hours, nine in ten below", f.hours.p90, "hours"),
        ("Longest outage, half below", f.worst.p50, "hours"),
        ("Longest outage, nine in ten below", f.worst.p90, "hours"),
        *((f"Chance of an outage longer than {point.hours:g} h", point.p, "chance") for point in f.curve),
    ]
    for what, value, unit in figures:
        yield what, value if known else None, unit


def _advice(a: Assessment) -> Iterator[Row]:
    """A row for each figure a recommendation moves; one row where its effect was not computed."""
    for item in a.recommendations:
        because = "; ".join(f"{name} {value}" for name, value in item.trigger.items() if value is not None)
        words = item.rule, item.action, item.why, item.effort, item.reference, because
        for name in item.after or [None]:
            figure = (name, item.before.get(name), item.after[name]) if name else (None, None, None)
            yield *words, *figure, item.in_place


def _evidence(a: Assessment) -> Iterator[Row]:
    for pillar in a.pillars:
        for check in pillar.checks:
            yield from (_claim(check.id, evidence) for evidence in check.evidence)
    for item in a.recommendations:
        yield from (_claim(item.rule, evidence) for evidence in item.evidence)


def _claim(belongs: str, e: Evidence) -> Row:
    return belongs, e.claim, e.value, e.unit, e.observed_at, e.url
