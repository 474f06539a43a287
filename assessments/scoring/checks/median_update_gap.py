"""median-update-gap: how long are customers usually left in silence?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.communication import gaps_minutes, silence_minutes
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="median-update-gap",
    pillar="timeliness",
    question="During outages, does news come about every half hour?",
    why="Customers decide whether to switch over by what they are told; silence leaves them waiting.",
    how="Median over incidents of the longest silence from the first notice to the stated end, human updates only; a critical outage is due news twice as often as a major one, a minor one half as often.",
    remedy="Keep an escalation clock of your own: check at 15 minutes, ticket at 30, decide at 60.",
    effort="S",
    thresholds=thresholds("median-update-gap"),
    references=("DORA Art. 30(3)(b)", "CSA CCM BCR-07"),
)


def evaluate(context: Context) -> Finding:
    """The log-normal curve of the median over incidents of the longest silence. Unknown below five incidents."""
    if hidden := findings.no_word(context):
        return hidden
    at = context.as_of
    silences = [(i, minutes) for i in findings.told(context) if (minutes := silence_minutes(i, at)) is not None]
    least = number("checks", "median-update-gap", "least")
    if len(silences) < least:
        return findings.too_few(len(silences), least, "incidents whose silences can be measured")
    typical = findings.typical(context, silences)
    score = curves.log_normal(
        typical,
        p10=number("checks", "median-update-gap", "p10"),
        median=number("checks", "median-update-gap", "median"),
    )
    return findings.scored(
        findings.cautious(score, META.id, len(silences)),
        f"half of {len(silences)} incidents had a silence of {typical:.0f} minutes or more, counted as of a major outage",
        findings.incident_evidence([(i, max(gaps_minutes(i, at))) for i, _ in silences], "longest silence", "min"),
    )
