"""silent-edits: are posts reworded after the fact?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.communication import human_updates
from assessments.scoring.model import CheckMeta, Context, Evidence, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="silent-edits",
    pillar="timeliness",
    question="Do posts keep the words they were published with?",
    why="A post that was changed afterwards cannot show what customers knew at the time.",
    how="Share of posts by people whose words were changed after posting, where our own polling or the collector's saw them first.",
    remedy="Archive the page during an outage, so that you know what you were told and when.",
    effort="S",
    thresholds=thresholds("silent-edits"),
    references=("ISO/IEC 27001:2022 A.5.28",),
)


def evaluate(context: Context) -> Finding:
    """Linear to one in five. Unknown below fifty posts watched from their first hour."""
    if hidden := findings.hidden_record(context):
        return hidden
    watched = [(i, u) for i in findings.told(context) for u in human_updates(i) if u.first_seen_at is not None]
    least = number("checks", META.id, "least")
    if len(watched) < least:
        return findings.too_few(len(watched), least, "posts watched from the start")
    edited = [(i, 1.0) for i, u in watched if u.edited]
    share = len(edited) / len(watched)
    return findings.scored(
        curves.linear(share, good=number("checks", META.id, "good"), bad=number("checks", META.id, "bad")),
        f"{len(edited)} of {len(watched)} posts were reworded after they were published",
        (
            Evidence(claim="share of posts reworded", value=round(share, 4), unit="share"),
            *findings.incident_evidence(edited, "a post was reworded", "post"),
        ),
    )
