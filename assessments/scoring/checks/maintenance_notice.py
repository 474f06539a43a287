"""maintenance-notice: how long ahead is maintenance announced?"""

from __future__ import annotations

from datetime import timedelta

from assessments.scoring import curves, findings
from assessments.scoring.metrics import quantile
from assessments.scoring.model import CheckMeta, Context, Evidence, Finding
from assessments.scoring.observed import from_observations
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="maintenance-notice",
    pillar="openness",
    question="Is maintenance announced at least three days ahead?",
    why="Announced work can be planned around; BPOS failed days before an upgrade.",
    how="Median hours between the announcement and the scheduled start, on a log-normal curve: a week 90, three days 50, a day about 5.",
    remedy="Ask for seven days' notice in the contract, and freeze your own changes around it.",
    effort="S",
    thresholds=thresholds("maintenance-notice"),
    references=("DORA Art. 30(2)",),
)


def evaluate(context: Context) -> Finding:
    """The log-normal curve of the lead, longer is better. Unknown below three announced windows and no section seen."""
    leads = [
        (m.scheduled_for - m.announced_at) / timedelta(hours=1)
        for m in context.facts.maintenances
        if m.scheduled_for and m.announced_at
    ]
    least = number("checks", "maintenance-notice", "least")
    if len(leads) < least:
        seen = from_observations(context, META.id)
        return seen or findings.too_few(len(leads), least, "announced maintenance windows")
    typical = quantile(sorted(leads), 0.5) or 0.0
    p10, median = (number("checks", "maintenance-notice", name) for name in ("p10", "median"))
    return findings.scored(
        curves.log_normal(1 / typical, p10=1 / p10, median=1 / median) if typical > 0 else 0.0,
        f"maintenance is announced {typical:.0f} hours ahead (median of {len(leads)} windows)",
        (Evidence(claim="median hours between announcement and start", value=round(typical, 1), unit="h"),),
    )
