"""access: can anyone read the status page?"""

from __future__ import annotations

from assessments.scoring import findings
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="access",
    pillar="openness",
    question="Can anyone read the status page, without paying or signing in?",
    why="In 2011 the dashboard was open to paying customers only; those who were choosing a vendor saw nothing.",
    how="The page is asked for without cookies: public is full marks, log-in only a quarter, no page nothing.",
    remedy="Set up your own probe and a feed of user reports; ask the vendor to open the page.",
    effort="S",
    thresholds=thresholds("access"),
    references=("DORA Art. 10", "DORA Art. 30(2)(e)"),
)


def evaluate(context: Context) -> Finding:
    """By the most open page of the vendor. Unknown where access was not looked at."""
    evidence = findings.page_evidence(context)
    access = {page.access for page in context.facts.pages}
    if "public" in access:
        return findings.scored(1.0, "anyone can read the status page", evidence)
    if "login" in access:
        share = number("checks", "access", "login_share")
        return findings.scored(share, "the status page is for customers who sign in", evidence)
    if access == {"none"}:
        return findings.withheld("there is no status page", evidence)
    return findings.unknown("nobody looked whether the status page is public", evidence)
