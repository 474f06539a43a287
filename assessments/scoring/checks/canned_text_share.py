"""canned-text-share: how many updates are stock phrases?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.metrics import canned_of, human_updates
from assessments.scoring.model import CheckMeta, Context, Evidence, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="canned-text-share",
    pillar="timeliness",
    question="Are updates written for the event, rather than stock phrases?",
    why="A stock phrase tells a customer nothing they could act on.",
    how="Share of human updates that consist of stock phrases only; machine-written updates are left out.",
    remedy="Ask the account manager for scope by region and feature during an outage; agree it in the SLA.",
    effort="S",
    thresholds=thresholds("canned-text-share"),
    references=("CSA CCM BCR-07",),
)


def evaluate(context: Context) -> Finding:
    """Linear in the share. Unknown below twenty updates of known wording."""
    if hidden := findings.hidden_record(context):
        return hidden
    per_incident = [(i, [canned_of(u) for u in human_updates(i)]) for i in context.facts.incidents]
    known = [flag for _, flags in per_incident for flag in flags if flag is not None]
    least = number("checks", "canned-text-share", "least")
    if len(known) < least:
        return findings.too_few(len(known), least, "updates of known wording")
    share = sum(known) / len(known)
    worst = [(i, float(sum(f is True for f in flags))) for i, flags in per_incident if any(flags)]
    return findings.scored(
        curves.linear(
            share, good=number("checks", "canned-text-share", "good"), bad=number("checks", "canned-text-share", "bad")
        ),
        f"{share:.0%} of {len(known)} updates are stock phrases",
        (
            Evidence(claim="share of updates that are stock phrases", value=round(share, 4), unit="share"),
            *findings.incident_evidence(worst, "stock-phrase updates", "updates"),
        ),
    )
