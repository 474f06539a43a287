"""promises-kept: when a next update is promised for a time, does it come?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.communication import promises
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="promises-kept",
    pillar="timeliness",
    question="Are promised update times kept?",
    why="A kept promise lets customers do something else until then; a broken one costs trust when it is scarce.",
    how="Share of timed promises followed by a post at most five minutes late.",
    remedy="Record promises during an outage and raise the broken ones at the next review.",
    effort="S",
    thresholds=thresholds("promises-kept"),
    references=("DORA Art. 30(3)(b)",),
)


def evaluate(context: Context) -> Finding:
    """The share kept. Unknown below ten decided promises: few vendors make timed promises at all."""
    if hidden := findings.hidden_record(context):
        return hidden
    slack = number("checks", "promises-kept", "slack_minutes")
    made = [p for p in promises(context.facts, context.as_of, slack_minutes=slack) if p.kept is not None]
    recent = {(i.page, i.id) for i in findings.lately(context, findings.apart(p.incident for p in made))}
    decided = [p for p in made if (p.incident.page, p.incident.id) in recent]
    least = number("checks", "promises-kept", "least")
    if len(decided) < least:
        return findings.too_few(len(decided), least, "promised update times")
    kept = sum(p.kept is True for p in decided)
    share = findings.mean(context, [(p.incident, float(p.kept is True)) for p in decided])
    score = curves.linear(share, good=number("checks", META.id, "good"), bad=number("checks", META.id, "bad"))
    late = [(p.incident, 1.0) for p in decided if p.kept is False]
    return findings.scored(
        findings.cautious(score, META.id, len(decided)),
        f"{kept} of {len(decided)} promised update times were kept",
        findings.incident_evidence(late, "a promised update came late or not at all", "promise"),
    )
