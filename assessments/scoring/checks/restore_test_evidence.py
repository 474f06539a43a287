"""restore-test-evidence: Is there evidence of a restore test in the last twelve months?"""

from __future__ import annotations

from assessments.scoring.answered import from_answer
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="restore-test-evidence",
    pillar="backup",
    question="Is there evidence of a restore test in the last twelve months?",
    why="Only a test with a stopwatch proves that a backup can be restored in time.",
    how="Questionnaire item B17: a report with timings, at most 12 months old. Half without a link or file as evidence.",
    remedy="Ask for the report, and run a restore drill of your own with a stopwatch.",
    effort="M",
    thresholds=thresholds("backup"),
    references=("CSA CCM BCR-08", "CSA CCM BCR-10", "ISO/IEC 27001:2022 A.5.30"),
)


def evaluate(context: Context) -> Finding:
    """The answer to B17: yes 1, partial half, no or withheld 0; unknown if nobody asked, stale after a year."""
    return from_answer(context, "B17", "a restore test of the last twelve months is documented with its timings")
