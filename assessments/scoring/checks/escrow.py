"""escrow: Does the service go on if the vendor fails?"""

from __future__ import annotations

from assessments.scoring.answered import from_answer
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="escrow",
    pillar="backup",
    question="Does the service go on if the vendor fails?",
    why="A bankrupt vendor gives no notice.",
    how="Questionnaire item B16: SaaS escrow, or a funded run-off. Half without a link or file as evidence.",
    remedy="Ask for SaaS escrow or a funded run-off of at least 90 days.",
    effort="L",
    thresholds=thresholds("backup"),
    references=("DORA Art. 28(8)", "ISO 22301:2019 8.3"),
)


def evaluate(context: Context) -> Finding:
    """The answer to B16: yes 1, partial half, no or withheld 0; unknown if nobody asked, stale after a year."""
    return from_answer(context, "B16", "escrow or a funded run-off keeps the service going")
