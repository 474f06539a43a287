"""standby-failover: Is there a standby that takes over, tested at least once a year?"""

from __future__ import annotations

from assessments.scoring.answered import from_answer
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="standby-failover",
    pillar="backup",
    question="Is there a standby that takes over, tested at least once a year?",
    why="An untested standby is a hope.",
    how="Questionnaire item B11: multi-region active or warm standby, tested yearly, dated report. Half without a link or file as evidence.",
    remedy="Ask for the last failover report; until it comes, plan with an RTO of 24 hours.",
    effort="S",
    thresholds=thresholds("backup"),
    references=("CSA CCM BCR-10", "CSA CCM BCR-11", "ISO/IEC 27001:2022 A.5.30", "DORA Art. 11(6)"),
)


def evaluate(context: Context) -> Finding:
    """The answer to B11: yes 1, partial half, no or withheld 0; unknown if nobody asked, stale after a year."""
    return from_answer(context, "B11", "a standby takes over, tested within the year with a published result")
