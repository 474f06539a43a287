"""p90-update-gap: how long is the silence in the worst tenth of incidents?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.communication import gaps_minutes, silence_minutes
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="p90-update-gap",
    pillar="timeliness",
    question="Even in bad incidents, are customers told something every hour?",
    why="The long silences fall in the long outages, when customers need to know most.",
    how="90 % point over incidents of the longest silence from the first notice to the stated end, human updates only, weighed by impact as in median-update-gap.",
    remedy="Ask for an update interval by severity in the contract.",
    effort="M",
    thresholds=thresholds("p90-update-gap"),
    references=("DORA Art. 30(3)(b)", "CSA CCM BCR-07"),
)


def evaluate(context: Context) -> Finding:
    """The log-normal curve of the 90 % point over incidents of the longest silence. Unknown below ten incidents."""
    if hidden := findings.no_word(context):
        return hidden
    at = context.as_of
    silences = [(i, minutes) for i in findings.told(context) if (minutes := silence_minutes(i, at)) is not None]
    least = number("checks", "p90-update-gap", "least")
    if len(silences) < least:
        return findings.too_few(len(silences), least, "incidents whose silences can be measured")
    long = findings.typical(context, silences, 0.9)
    score = curves.log_normal(
        long, p10=number("checks", "p90-update-gap", "p10"), median=number("checks", "p90-update-gap", "median")
    )
    return findings.scored(
        findings.cautious(score, META.id, len(silences)),
        f"one incident in ten of {len(silences)} had a silence of {long:.0f} minutes or more, counted as of a major outage",
        findings.incident_evidence([(i, max(gaps_minutes(i, at))) for i, _ in silences], "longest silence", "min"),
    )
