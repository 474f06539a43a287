"""same-for-all: is everybody told the same, whatever they pay?"""

from __future__ import annotations

from assessments.scoring import findings
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.observed import from_observations
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="same-for-all",
    pillar="openness",
    question="Are free, trial and paying customers told the same, about every product?",
    why="In 2011 the dashboard was open to paying customers only: who was on trial, or choosing, saw nothing.",
    how="Cannot be seen from outside: an observation entered by hand with its source. Behind a log-in it fails by itself.",
    remedy="Ask which products and which plans the page covers, and have it written into the contract.",
    effort="S",
    thresholds=thresholds("same-for-all"),
    references=("DORA Art. 30(2)(e)",),
)


def evaluate(context: Context) -> Finding:
    """As observed; a page that only signed-in customers see is not the same for all. Unknown where nobody asked."""
    if seen := from_observations(context, META.id):
        return seen
    if findings.is_closed(context):
        return findings.withheld("only customers who sign in are told anything", findings.page_evidence(context))
    return findings.unknown("whether customers without a paid plan see the same was not asked")
