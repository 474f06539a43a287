"""resolution-notice: are customers told when it is over?"""

from __future__ import annotations

from datetime import timedelta

from assessments.scoring import curves, findings
from assessments.scoring.communication import human_updates
from assessments.scoring.model import CheckMeta, Context, Evidence, Finding
from assessments.scoring.rubric import number, thresholds
from vendors.records import Incident

META = CheckMeta(
    id="resolution-notice",
    pillar="timeliness",
    question="Is the end announced within an hour?",
    why="Staff who are not told go on working by hand.",
    how="Share of incidents with a stated end that have a post by a person from a minute before the end to an hour after it.",
    remedy="Probe the service yourself, and switch back by your own probe.",
    effort="S",
    thresholds=thresholds("resolution-notice"),
    references=("DORA Art. 30(3)(b)",),
)


def evaluate(context: Context) -> Finding:
    """The share itself. Unknown below five incidents whose end is stated."""
    if hidden := findings.no_word(context):
        return hidden
    ended = [i for i in findings.told(context) if i.end_known == "stated" and i.resolved_at is not None]
    least = number("checks", META.id, "least")
    if len(ended) < least:
        return findings.too_few(len(ended), least, "incidents with a stated end")
    late = [(i, 1.0) for i in ended if not _announced(i)]
    share = 1 - len(late) / len(ended)
    return findings.scored(
        curves.linear(share, good=number("checks", META.id, "good"), bad=number("checks", META.id, "bad")),
        f"the end of {share:.0%} of {len(ended)} incidents was announced within an hour",
        (
            Evidence(claim="share of ends announced within an hour", value=round(share, 4), unit="share"),
            *findings.incident_evidence(late, "no post within an hour of the end", "incident"),
        ),
    )


def _announced(incident: Incident) -> bool:
    end = incident.resolved_at
    assert end is not None
    within = timedelta(minutes=number("checks", META.id, "within_minutes"))
    return any(end - timedelta(minutes=1) <= post.posted_at <= end + within for post in human_updates(incident))
