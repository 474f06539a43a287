"""accessibility: can everyone read the page: words beside colours, texts for pictures, without scripts?"""

from __future__ import annotations

from assessments.scoring import findings
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.observed import from_observations
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="accessibility",
    pillar="openness",
    question="Can everyone read the page: words beside colours, texts for pictures, without scripts?",
    why="One man in twelve cannot tell red from green; on a bad day scripts may not load.",
    how="Static signs in the page's source: state in words, names for pictures, a language mark. Contrast is not measured.",
    remedy="Read the feed with a tool of your own.",
    effort="S",
    thresholds=thresholds("accessibility"),
    references=("WCAG 2.2 SC 1.4.1", "EN 301 549 9.1.4.1"),
)


def evaluate(context: Context) -> Finding:
    """As observed when the page was read. Unknown where it was not looked at; withheld where the page is closed."""
    seen = from_observations(context, META.id)
    if seen is None and findings.is_closed(context):
        return findings.withheld("nothing can be read without signing in", findings.page_evidence(context))
    return seen or findings.unknown("the page itself was not read")
