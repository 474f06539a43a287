"""longest-outage: how does the longest outage on record compare with the RTO?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.metrics import outages
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import number, thresholds
from riskboard.durations import hours_text

META = CheckMeta(
    id="longest-outage",
    pillar="outage-history",
    question="Has the longest outage on record stayed within your RTO?",
    why="What has happened can happen again; a plan must at least survive the past.",
    how="Longest joined major outage of the record divided by the RTO.",
    remedy="Rehearse the longest outage seen: can the work go on that long without the vendor?",
    effort="M",
    thresholds=thresholds("longest-outage"),
    references=("ISO 22301 8.5", "DORA Art. 11(6)"),
)


def evaluate(context: Context) -> Finding:
    """Full marks within the RTO, none from six times it. No outage on a record of a year or more is a pass."""
    joined = [o for o in outages(context.facts, context.as_of, core_only=True) if o.hours is not None]
    if not joined:
        if hidden := findings.hidden_record(context):
            return hidden
        if context.forecast.exposure_years < number("confidence", "medium", "years"):
            return findings.unknown(
                f"no major outage in {context.forecast.exposure_years:.1f} years: too short a record to tell"
            )
        return findings.scored(1.0, f"no major outage in {context.forecast.exposure_years:.1f} years of record")
    longest = max(joined, key=lambda outage: outage.hours or 0.0)
    hours = longest.hours or 0.0
    times = hours / context.needs.rto_hours
    score = curves.linear(
        times, good=number("checks", "longest-outage", "good"), bad=number("checks", "longest-outage", "bad")
    )
    if score > 0 and (thin := findings.too_thin(context)):
        return thin  # a short record can show how bad it gets, not how good it stays
    return findings.scored(
        score,
        f"the longest major outage lasted {hours_text(hours)}, {times:.1f} times the RTO of {hours_text(context.needs.rto_hours)}",
        findings.incident_evidence([(o.incidents[0], o.hours or 0.0) for o in joined], "hours of major outage", "h"),
    )
