"""integrity: does what was published stay published?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.model import CheckMeta, Context, Evidence, Finding
from assessments.scoring.observed import from_observations
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="integrity",
    pillar="openness",
    question="Do published incidents and posts stay on the page?",
    why="A record from which the bad days vanish is no record.",
    how="Incidents removed and posts taken back, seen by our own polling over at least 90 days; Riskboard keeps what was removed.",
    remedy="Keep an archive of the page yourself; ask why entries were removed.",
    effort="S",
    thresholds=thresholds("integrity"),
    references=("ISO/IEC 27001:2022 A.5.28",),
)


def evaluate(context: Context) -> Finding:
    """Linear in the share removed. Unknown on less than a quarter of our own polling; withheld where nothing is public."""
    incidents = [i for i in context.facts.incidents if not i.is_reported]
    removed = [i for i in incidents if i.gone_at is not None or any(u.withdrawn_at for u in i.updates)]
    if removed:
        share = len(removed) / len(incidents)
        return findings.scored(
            curves.linear(share, good=0.0, bad=number("checks", META.id, "bad")),
            f"{len(removed)} of {len(incidents)} incidents were removed, or posts of theirs taken back",
            (
                Evidence(claim="share of incidents removed or shortened", value=round(share, 4), unit="share"),
                *findings.incident_evidence([(i, 1.0) for i in removed], "removed or shortened", "incident"),
            ),
        )
    seen = from_observations(context, META.id)
    return seen or findings.hidden_record(context) or findings.unknown("too little polling of our own to tell")
