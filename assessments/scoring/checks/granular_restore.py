"""granular-restore: Can you restore one item, one site or one point in time yourself?"""

from __future__ import annotations

from assessments.scoring.answered import from_answer
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="granular-restore",
    pillar="backup",
    question="Can you restore one item, one site or one point in time yourself?",
    why="In April 2022 a vendor deleted 775 customers' sites; without bulk restore some waited 14 days.",
    how="Questionnaire item B8: self-service restore of an item, a site and a point in time, tried. Half without a link or file as evidence.",
    remedy="Try an item restore through a third-party product, and note how long the vendor's queue is.",
    effort="M",
    thresholds=thresholds("backup"),
    references=("ISO/IEC 27001:2022 A.5.30", "CSA CCM BCR-08"),
)


def evaluate(context: Context) -> Finding:
    """The answer to B8: yes 1, partial half, no or withheld 0; unknown if nobody asked, stale after a year."""
    return from_answer(context, "B8", "items and points in time can be restored without a ticket")
