"""outage-beyond-rto: how likely is a year without an outage longer than the RTO?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.metrics import outages
from assessments.scoring.model import CheckMeta, Context, Evidence, Finding
from assessments.scoring.rubric import number, thresholds
from riskboard.durations import hours_text

META = CheckMeta(
    id="outage-beyond-rto",
    pillar="outage-history",
    question="Would a year pass without an outage longer than your RTO?",
    why="An outage longer than the RTO is the event a continuity plan exists for.",
    how="100 x (1 - P), where P is the forecast chance that a typical part of the service, or a part the customer named, has "
    "at least one major outage longer than the RTO in 12 months.",
    remedy="Write an outage playbook, and run a second system for the processes that cannot wait.",
    effort="M",
    thresholds=thresholds("outage-beyond-rto"),
    references=("ISO/IEC 27001:2022 A.5.29", "DORA Art. 11", "NIST SP 800-34"),
)


def evaluate(context: Context) -> Finding:
    """1 - P(outage > RTO). Unknown on less than half a year; withheld where a closed page leaves nothing on record."""
    forecast = context.forecast
    if thin := findings.too_thin(context):
        return thin
    rto = context.needs.rto_hours
    longer = [
        (outage.incidents[0], outage.hours)
        for outage in outages(context.facts, context.as_of, core_only=True)
        if outage.hours is not None and outage.hours > rto
    ]
    seen = f"seen {len(longer)} times in {forecast.exposure_years:.1f} years of record"
    if forecast.p_any is not None:
        seen = (
            f"any part: {forecast.p_any:.0%}, seen {len(longer)} times in {forecast.exposure_years:.1f} years of record"
        )
    estimate = Evidence(
        claim="forecast chance of an outage longer than the RTO in 12 months",
        value=round(forecast.p_exceed, 4),
        unit="chance",
    )
    return findings.scored(
        curves.linear(
            forecast.p_exceed,
            good=number("checks", "outage-beyond-rto", "good"),
            bad=number("checks", "outage-beyond-rto", "bad"),
        ),
        f"{forecast.p_exceed:.0%} chance that {_of(context)} is down for longer than {hours_text(rto)} within 12 months ({seen})",
        (estimate, *findings.incident_evidence(longer, "hours of major outage", "h")),
    )


def _of(context: Context) -> str:
    return "a part you rely on" if context.forecast.view == "named" else "a typical part"
