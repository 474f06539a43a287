"""machine-readable-feed: can the record be computed with?"""

from __future__ import annotations

from assessments.scoring import findings
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.observed import from_observations
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="machine-readable-feed",
    pillar="openness",
    question="Is there a feed a program can read (JSON, RSS or Atom)?",
    why="A feed can be archived, checked and alarmed on; a web page can only be looked at.",
    how="Known addresses of the product are asked for; an answer that parses is full marks, an RSS or Atom feed alone most.",
    remedy="Ask for a public feed; until then poll and archive the page yourself.",
    effort="S",
    thresholds=thresholds("machine-readable-feed"),
    references=("CSA CCM BCR-07",),
)


def evaluate(context: Context) -> Finding:
    """As observed when the page was read. Unknown where no one looked; withheld behind a log-in."""
    seen = from_observations(context, META.id)
    if seen is None and findings.is_closed(context):
        return findings.withheld("nothing can be read without signing in", findings.page_evidence(context))
    return seen or findings.unknown("nobody looked for a feed")
