"""vendor-backup-rpo: Does the vendor state how much data its backups may lose (RPO)?"""

from __future__ import annotations

from assessments.scoring.answered import from_answer
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="vendor-backup-rpo",
    pillar="backup",
    question="Does the vendor state how much data its backups may lose (RPO)?",
    why="An RPO nobody states is an RPO nobody keeps.",
    how="Questionnaire item B5: a stated RPO of at most one hour. Half without a link or file as evidence.",
    remedy="Assume 24 hours, and copy your most valuable data daily.",
    effort="M",
    thresholds=thresholds("backup"),
    references=("CSA CCM BCR-08", "ISO/IEC 27001:2022 A.8.13", "DORA Art. 12(1)"),
)


def evaluate(context: Context) -> Finding:
    """The answer to B5: yes 1, partial half, no or withheld 0; unknown if nobody asked, stale after a year."""
    return from_answer(context, "B5", "a recovery point objective is stated for the vendor's backups")
