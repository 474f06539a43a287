"""expected-hours: how many hours of service will be lost in a year?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.model import CheckMeta, Context, Evidence, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="expected-hours",
    pillar="outage-history",
    question="How many hours of the service will be lost in a year?",
    why="Hours lost, not the count of incidents, is what a business pays for.",
    how="Forecast mean of hours in 12 months, each outage weighted by impact and share of components, on a log-normal curve.",
    remedy="Price the hours against the contract's credits and decide what the second system must take over.",
    effort="S",
    thresholds=thresholds("expected-hours"),
    references=("DORA Art. 28(4)", "ISO 22301 8.2.3"),
)


def evaluate(context: Context) -> Finding:
    """The log-normal curve of the forecast mean. Unknown on less than half a year; withheld where a closed page hides all."""
    forecast = context.forecast
    if thin := findings.too_thin(context):
        return thin
    hours = forecast.hours.mean * 365.0 / forecast.horizon_days
    score = curves.log_normal(
        hours, p10=number("checks", "expected-hours", "p10"), median=number("checks", "expected-hours", "median")
    )
    return findings.scored(
        score,
        f"about {hours:.1f} hours a year expected (8 of 10 years between {forecast.hours.p10:.1f} and {forecast.hours.p90:.1f})",
        (Evidence(claim="expected hours of service lost in 12 months", value=round(hours, 2), unit="h"),),
    )
