"""cover-60: how much of a long outage had news in the last hour?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.communication import cover_share
from assessments.scoring.metrics import elapsed_hours
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="cover-60",
    pillar="timeliness",
    question="In long outages, is there always news from the last hour?",
    why="A customer who opens the page at any moment should find something fresh.",
    how="For incidents longer than two hours: the share of their time with an update at most 60 minutes old; mean over incidents.",
    remedy="Ask for hourly updates for as long as an outage lasts.",
    effort="M",
    thresholds=thresholds("cover-60"),
    references=("CSA CCM BCR-07",),
)


def evaluate(context: Context) -> Finding:
    """The mean share itself. Unknown below three long incidents."""
    if hidden := findings.no_word(context):
        return hidden
    longer_than = number("checks", "cover-60", "longer_than_hours")
    shares = [
        (incident, share)
        for incident in findings.told(context)
        if (elapsed_hours(incident, context.as_of) or 0) > longer_than
        and (share := cover_share(incident, context.as_of)) is not None
    ]
    least = number("checks", "cover-60", "least")
    if len(shares) < least:
        return findings.too_few(len(shares), least, "incidents longer than two hours with updates")
    mean = findings.mean(context, shares)
    score = curves.linear(mean, good=number("checks", "cover-60", "good"), bad=number("checks", "cover-60", "bad"))
    return findings.scored(
        findings.cautious(score, META.id, len(shares)),
        f"{mean:.0%} of the time of {len(shares)} long incidents had news from the last hour",
        findings.incident_evidence([(i, 1 - s) for i, s in shares], "share of time without fresh news", "share"),
    )
