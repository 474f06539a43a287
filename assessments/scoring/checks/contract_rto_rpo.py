"""contract-rto-rpo: Are RTO and RPO committed in the contract?"""

from __future__ import annotations

from assessments.scoring.answered import from_answer
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="contract-rto-rpo",
    pillar="backup",
    question="Are RTO and RPO committed in the contract?",
    why="Numbers in a contract bind; numbers on a web page do not.",
    how="Questionnaire item B12: numeric RTO and RPO per service in the contract. Half without a link or file as evidence.",
    remedy="Negotiate RTO, RPO and a right to leave after two breaches.",
    effort="M",
    thresholds=thresholds("backup"),
    references=("ISO/IEC 27001:2022 A.5.30", "DORA Art. 12(6)", "DORA Art. 30(3)"),
)


def evaluate(context: Context) -> Finding:
    """The answer to B12: yes 1, partial half, no or withheld 0; unknown if nobody asked, stale after a year."""
    return from_answer(context, "B12", "RTO and RPO are committed in the contract")
