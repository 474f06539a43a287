"""scheduled-export: Can exports run daily into storage of your own?"""

from __future__ import annotations

from assessments.scoring.answered import from_answer
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="scheduled-export",
    pillar="backup",
    question="Can exports run daily into storage of your own?",
    why="A copy somebody must remember to make is missing on the day it is needed.",
    how="Questionnaire item B4: an automatic export at least daily to the customer's storage. Half without a link or file as evidence.",
    remedy="Schedule an extractor of your own until the vendor offers one.",
    effort="M",
    thresholds=thresholds("backup"),
    references=("CSA CCM BCR-08",),
)


def evaluate(context: Context) -> Finding:
    """The answer to B4: yes 1, partial half, no or withheld 0; unknown if nobody asked, stale after a year."""
    return from_answer(context, "B4", "exports run at least daily into the customer's storage")
