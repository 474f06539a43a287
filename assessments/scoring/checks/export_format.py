"""export-format: Is the export open, documented and complete (rights, history, attachments)?"""

from __future__ import annotations

from assessments.scoring.answered import from_answer
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="export-format",
    pillar="backup",
    question="Is the export open, documented and complete (rights, history, attachments)?",
    why="An export nobody can read elsewhere is a promise, not a copy.",
    how="Questionnaire item B3: an open, documented format with metadata, permissions, history and attachments, re-import tried. Half without a link or file as evidence.",
    remedy="Export once a quarter and open it in another tool; list what is missing.",
    effort="M",
    thresholds=thresholds("backup"),
    references=("CSA CAIQ IPY-03", "EU Data Act Art. 30(5)", "ISO/IEC 27001:2022 A.8.13"),
)


def evaluate(context: Context) -> Finding:
    """The answer to B3: yes 1, partial half, no or withheld 0; unknown if nobody asked, stale after a year."""
    return from_answer(context, "B3", "the export is open, documented and complete")
