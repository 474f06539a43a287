"""sla-credits: Does an SLA of at least 99.9 % carry credits and a right to leave?"""

from __future__ import annotations

from assessments.scoring.answered import from_answer
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="sla-credits",
    pillar="backup",
    question="Does an SLA of at least 99.9 % carry credits and a right to leave?",
    why="Credits never cover a loss, but a right to terminate after repeated failures moves a vendor.",
    how="Questionnaire item B13: an SLA of at least 99.9 %, automatic credits, and termination for chronic failure. Half without a link or file as evidence.",
    remedy="Price the risk yourself: expected hours times your cost per hour, beside the credit.",
    effort="S",
    thresholds=thresholds("backup"),
    references=("DORA Art. 30(2)(e)",),
)


def evaluate(context: Context) -> Finding:
    """The answer to B13: yes 1, partial half, no or withheld 0; unknown if nobody asked, stale after a year."""
    return from_answer(context, "B13", "an SLA of 99.9 % carries credits and a right to terminate")
