"""deletion-grace: Can deleted data be brought back for at least 30 days, whoever deleted it?"""

from __future__ import annotations

from assessments.scoring.answered import from_answer
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="deletion-grace",
    pillar="backup",
    question="Can deleted data be brought back for at least 30 days, whoever deleted it?",
    why="An administrator's mistake and a stolen administrator's account look the same to a service.",
    how="Questionnaire item B14: deleted data kept at least 30 days, safe from administrators, legal hold possible. Half without a link or file as evidence.",
    remedy="Raise an alarm on mass deletion, and keep a copy outside the platform.",
    effort="S",
    thresholds=thresholds("backup"),
    references=("ISO/IEC 27001:2022 A.8.10", "EU Data Act Art. 25"),
)


def evaluate(context: Context) -> Finding:
    """The answer to B14: yes 1, partial half, no or withheld 0; unknown if nobody asked, stale after a year."""
    return from_answer(context, "B14", "deleted data can be brought back for at least 30 days")
