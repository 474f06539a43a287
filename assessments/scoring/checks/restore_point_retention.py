"""restore-point-retention: Are restore points kept for at least 30 days?"""

from __future__ import annotations

from assessments.scoring.answered import from_answer
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="restore-point-retention",
    pillar="backup",
    question="Are restore points kept for at least 30 days?",
    why="Damage is often found weeks later; a copy of last night then holds the damage, too.",
    how="Questionnaire item B6: restore points kept for at least 30 days. Half without a link or file as evidence.",
    remedy="Keep monthly copies of your own outside the vendor.",
    effort="M",
    thresholds=thresholds("backup"),
    references=("ISO/IEC 27001:2022 A.8.13", "CSA CCM BCR-08"),
)


def evaluate(context: Context) -> Finding:
    """The answer to B6: yes 1, partial half, no or withheld 0; unknown if nobody asked, stale after a year."""
    return from_answer(context, "B6", "restore points are kept for at least 30 days")
