"""record-over-rto: how often did an outage outlast the RTO?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.metrics import outages, window_years
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import number, thresholds
from riskboard.durations import hours_text

META = CheckMeta(
    id="record-over-rto",
    pillar="outage-history",
    question="How often did an outage outlast your RTO?",
    why="The plain count of the record, beside the estimate: no model in between.",
    how="Joined major outages longer than the RTO, per covered year.",
    remedy="Count the switch-overs your plan would have needed, and whether it could have made them.",
    effort="S",
    thresholds=thresholds("record-over-rto"),
    references=("DORA Art. 28(4)",),
)


def evaluate(context: Context) -> Finding:
    """Linear in outages over the RTO per year. Unknown on less than a year of record without one."""
    years = window_years(context.facts)
    longer = [
        (o.incidents[0], o.hours)
        for o in outages(context.facts, context.as_of, core_only=True)
        if o.hours is not None and o.hours > context.needs.rto_hours
    ]
    if years < number("confidence", "medium", "years") and not longer:
        return findings.hidden_record(context) or findings.unknown(
            f"{years:.1f} years of record and no such outage: too short to tell"
        )
    rate = len(longer) / max(years, 1.0)
    score = curves.linear(
        rate, good=number("checks", "record-over-rto", "good"), bad=number("checks", "record-over-rto", "bad")
    )
    if score > 0 and (thin := findings.too_thin(context)):
        return thin
    return findings.scored(
        score,
        f"{findings.count(len(longer), 'major outage')} longer than {hours_text(context.needs.rto_hours)} in {years:.1f} years",
        findings.incident_evidence(longer, "hours of major outage", "h"),
    )
