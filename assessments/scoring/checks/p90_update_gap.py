"""p90-update-gap: how long is the silence in the worst tenth of incidents?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.metrics import gaps_minutes, quantile
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="p90-update-gap",
    pillar="timeliness",
    question="Even in bad incidents, are customers told something every hour?",
    why="The long silences fall in the long outages, when customers need to know most.",
    how="90 % point over all gaps between updates during incidents, human updates only.",
    remedy="Ask for an update interval by severity in the contract.",
    effort="M",
    thresholds=thresholds("p90-update-gap"),
    references=("DORA Art. 30(3)(b)", "CSA CCM BCR-07"),
)


def evaluate(context: Context) -> Finding:
    """The log-normal curve of the 90 % point of all gaps. Unknown below ten gaps."""
    if hidden := findings.hidden_record(context):
        return hidden
    gaps = [(i, gap) for i in findings.told(context) for gap in gaps_minutes(i, context.as_of)]
    least = number("checks", "p90-update-gap", "least")
    if len(gaps) < least:
        return findings.too_few(len(gaps), least, "gaps between updates")
    long = quantile(sorted(gap for _, gap in gaps), 0.9) or 0.0
    score = curves.log_normal(
        long, p10=number("checks", "p90-update-gap", "p10"), median=number("checks", "p90-update-gap", "median")
    )
    return findings.scored(
        score,
        f"one gap in ten lasted {long:.0f} minutes or more ({len(gaps)} gaps)",
        findings.incident_evidence(gaps, "silence in minutes", "min"),
    )
