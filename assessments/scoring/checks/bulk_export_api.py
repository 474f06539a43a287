"""bulk-export-api: Is there an interface fit for a full copy of your data?"""

from __future__ import annotations

from assessments.scoring.answered import from_answer
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="bulk-export-api",
    pillar="backup",
    question="Is there an interface fit for a full copy of your data?",
    why="An export button is no backup; a daily copy needs an interface whose limits allow it.",
    how="Questionnaire item B2: a documented interface whose limits allow a full copy within 24 hours. Half without a link or file as evidence.",
    remedy="Measure one full copy with your own account; ask for the limits to be raised or for a bulk interface.",
    effort="M",
    thresholds=thresholds("backup"),
    references=("CSA CAIQ IPY-02", "EU Data Act Art. 30"),
)


def evaluate(context: Context) -> Finding:
    """The answer to B2: yes 1, partial half, no or withheld 0; unknown if nobody asked, stale after a year."""
    return from_answer(context, "B2", "a full copy by interface takes less than 24 hours")
