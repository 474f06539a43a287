"""language: does the page say what language it is in, and offer the product's others?"""

from __future__ import annotations

from assessments.scoring import findings
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.observed import from_observations
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="language",
    pillar="openness",
    question="Does the page say what language it is in, and offer the product's others?",
    why="A warning in a language the night shift does not read is no warning.",
    how="The page's own lang mark and its links to other languages.",
    remedy="Translate the page's words for your own people beforehand.",
    effort="S",
    thresholds=thresholds("language"),
    references=("WCAG 2.2 SC 3.1.1",),
)


def evaluate(context: Context) -> Finding:
    """As observed when the page was read. Unknown where it was not looked at; withheld where the page is closed."""
    seen = from_observations(context, META.id)
    if seen is None and findings.is_closed(context):
        return findings.withheld("nothing can be read without signing in", findings.page_evidence(context))
    return seen or findings.unknown("the page itself was not read")
