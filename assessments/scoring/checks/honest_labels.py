"""honest-labels: is an outage called an outage?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.model import CheckMeta, Context, Evidence, Finding
from assessments.scoring.observed import evidence_of, latest
from assessments.scoring.rubric import number, thresholds
from vendors.sources.prose import tells_of_total_outage

META = CheckMeta(
    id="honest-labels",
    pillar="openness",
    question="Does the impact a vendor states fit the words it uses?",
    why="In 2011 a customer objected that the dashboard said degradation while nothing worked.",
    how="Share of incidents called none or minor whose own words tell of an outage for all.",
    remedy="Judge an incident by what you see, not by its label; raise wrong labels at the next review.",
    effort="S",
    thresholds=thresholds("honest-labels"),
    references=("DORA Art. 30(2)(e)",),
)


def evaluate(context: Context) -> Finding:
    """Linear in the share, from the words on record, else as observed. Unknown below five incidents with both."""
    if hidden := findings.no_word(context):
        return hidden
    labelled = [i for i in context.facts.incidents if i.impact is not None and any(u.text for u in i.updates)]
    least = number("checks", META.id, "least")
    if len(labelled) >= least:
        wrong = [
            i
            for i in labelled
            if i.impact in ("none", "minor") and any(tells_of_total_outage(u.text or "") for u in i.updates)
        ]
        share, count = len(wrong) / len(labelled), len(labelled)
        evidence = findings.incident_evidence([(i, 1.0) for i in wrong], "called less than its words say", "incident")
    else:
        seen = latest(context, META.id)
        if seen is None or not isinstance(seen.value, float):
            return findings.too_few(len(labelled), least, "incidents with an impact and words")
        share, evidence = seen.value, evidence_of([seen])
        count = 0
    good, bad = (number("checks", META.id, name) for name in ("good", "bad"))
    told = f"{share:.1%} of incidents are called none or minor while their words tell of an outage for all"
    if count:
        told = f"{share:.1%} of {count} incidents are called none or minor while their words tell of an outage for all"
    return findings.scored(
        curves.linear(share, good=good, bad=bad),
        told,
        (
            Evidence(claim="share of incidents labelled below their words", value=round(share, 4), unit="share"),
            *evidence,
        ),
    )
