"""backfill-rate: how many incidents are first told when they are over?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.metrics import qualifies
from assessments.scoring.model import CheckMeta, Context, Evidence, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="backfill-rate",
    pillar="timeliness",
    question="Are outages posted while they last?",
    why="A notice after the fact helps the record, not the customer.",
    how="Share of outages whose first public post came at or after their own end.",
    remedy="Detect outages yourself; do not wait for the page.",
    effort="S",
    thresholds=thresholds("backfill-rate"),
    references=("DORA Art. 30(3)(b)",),
)


def evaluate(context: Context) -> Finding:
    """One minus the share. Unknown below five outages; silence about all of them is not timely either."""
    if hidden := findings.no_word(context):
        return hidden
    told = [
        i
        for i in findings.lately(context, context.facts.incidents)
        if not i.is_reported and qualifies(i, context.as_of) and (i.updates or i.backfilled)
    ]
    least = number("checks", META.id, "least")
    if len(told) < least:
        return findings.too_few(len(told), least, "outages with a first post")
    after = [(i, 1.0) for i in told if i.backfilled]
    share = len(after) / len(told)
    return findings.scored(
        curves.linear(share, good=number("checks", META.id, "good"), bad=number("checks", META.id, "bad")),
        f"{len(after)} of {len(told)} outages were first posted when they were over",
        (
            Evidence(claim="share of outages posted after the fact", value=round(share, 4), unit="share"),
            *findings.incident_evidence(after, "first posted after its end", "incident"),
        ),
    )
