"""canned-text-share: how many incidents were told in stock phrases only?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.communication import human_updates
from assessments.scoring.model import CheckMeta, Context, Evidence, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="canned-text-share",
    pillar="timeliness",
    question="Is every incident told in words written for it, rather than in stock phrases?",
    why="A stock phrase tells a customer nothing they could act on.",
    how="Share of incidents about which people posted nothing but stock phrases, or nothing at all; machine-written posts are left out.",
    remedy="Ask the account manager for scope by region and feature during an outage; agree it in the SLA.",
    effort="S",
    thresholds=thresholds("canned-text-share"),
    references=("CSA CCM BCR-07",),
)


def evaluate(context: Context) -> Finding:
    """Linear in the share; one more post never raises it. Unknown below ten incidents of known wording."""
    if hidden := findings.no_word(context):
        return hidden
    wording = [(i, [u.canned for u in human_updates(i)]) for i in findings.told(context)]
    known = [(i, flags) for i, flags in wording if not flags or any(flag is not None for flag in flags)]
    least = number("checks", "canned-text-share", "least")
    if len(known) < least:
        return findings.too_few(len(known), least, "incidents of known wording")
    bare = [(i, float(len(flags))) for i, flags in known if all(flags)]
    share = findings.mean(context, [(i, float(all(flags))) for i, flags in known])
    score = curves.linear(share, good=number("checks", META.id, "good"), bad=number("checks", META.id, "bad"))
    return findings.scored(
        findings.cautious(score, META.id, len(known)),
        f"{share:.0%} of {len(known)} incidents were told in stock phrases only, or not at all",
        (
            Evidence(claim="share of incidents told in stock phrases only", value=round(share, 4), unit="share"),
            *findings.incident_evidence(bare, "human updates, all stock phrases", "updates"),
        ),
    )
