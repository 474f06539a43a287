"""export-self-service: Can you export all your data yourself?"""

from __future__ import annotations

from assessments.scoring.answered import from_answer
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="export-self-service",
    pillar="backup",
    question="Can you export all your data yourself?",
    why="During an outage or a dispute, a ticket queue is no way to get your data.",
    how="Questionnaire item B1: by UI or API, no ticket, within 24 hours. Half without a link or file as evidence.",
    remedy="Buy a third-party backup or build an extractor; make export a condition of renewal.",
    effort="M",
    thresholds=thresholds("backup"),
    references=("CSA CAIQ IPY-04", "EU Data Act Art. 25"),
)


def evaluate(context: Context) -> Finding:
    """The answer to B1: yes 1, partial half, no or withheld 0; unknown if nobody asked, stale after a year."""
    return from_answer(context, "B1", "all customer data can be exported without a ticket")
