"""exit-terms: Are notice, transition, help and charges of leaving in the contract?"""

from __future__ import annotations

from assessments.scoring.answered import from_answer
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="exit-terms",
    pillar="backup",
    question="Are notice, transition, help and charges of leaving in the contract?",
    why="A plan to leave that rests on goodwill is no plan.",
    how="Questionnaire item B15: notice of at most two months, transition within 30 days, help, and no switching charges. Half without a link or file as evidence.",
    remedy="Add an annex on switching; from 12 January 2027 the EU Data Act forbids switching charges.",
    effort="M",
    thresholds=thresholds("backup"),
    references=("EU Data Act Art. 25", "EU Data Act Art. 29", "DORA Art. 28(8)"),
)


def evaluate(context: Context) -> Finding:
    """The answer to B15: yes 1, partial half, no or withheld 0; unknown if nobody asked, stale after a year."""
    return from_answer(context, "B15", "the contract states notice, transition, help and charges of leaving")
