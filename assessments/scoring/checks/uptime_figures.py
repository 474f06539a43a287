"""uptime-figures: does the page show uptime figures, by part, and say how they are worked out?"""

from __future__ import annotations

from assessments.scoring import findings
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.observed import from_observations
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="uptime-figures",
    pillar="openness",
    question="Does the page show uptime figures, by part, and say how they are worked out?",
    why="An uptime figure without its definition cannot be compared: products count a partial outage as anything from nothing to all.",
    how="Seen on the page: figures by part with the method told are full marks, figures alone part of them.",
    remedy="Ask how the figure is worked out, and count the record yourself.",
    effort="S",
    thresholds=thresholds("uptime-figures"),
    references=("DORA Art. 30(2)(e)",),
)


def evaluate(context: Context) -> Finding:
    """As observed when the page was read. Unknown where it was not looked at; withheld where the page is closed."""
    seen = from_observations(context, META.id)
    if seen is None and findings.is_closed(context):
        return findings.withheld("nothing can be read without signing in", findings.page_evidence(context))
    return seen or findings.unknown("the page itself was not read, so its figures were not seen")
