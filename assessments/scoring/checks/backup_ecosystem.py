"""backup-ecosystem: Do independent products back this service up?"""

from __future__ import annotations

from assessments.scoring.answered import from_answer
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="backup-ecosystem",
    pillar="backup",
    question="Do independent products back this service up?",
    why="A second company with a copy is what saved a pension fund in May 2024 when its cloud account was deleted.",
    how="Questionnaire item B9: at least two independent backup products. Half without a link or file as evidence.",
    remedy="Look for a product that backs the service up; where there is none, build an extractor.",
    effort="M",
    thresholds=thresholds("backup"),
    references=("ISO/IEC 27001:2022 A.8.13", "NIST SP 800-34 3.4"),
)


def evaluate(context: Context) -> Finding:
    """The answer to B9: yes 1, partial half, no or withheld 0; unknown if nobody asked, stale after a year."""
    return from_answer(context, "B9", "at least two independent products back it up")
