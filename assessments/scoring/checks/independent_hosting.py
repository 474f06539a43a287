"""independent-hosting: would the status page stand if the product fell?"""

from __future__ import annotations

from assessments.scoring import findings
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.observed import from_observations
from assessments.scoring.rubric import thresholds

META = CheckMeta(
    id="independent-hosting",
    pillar="openness",
    question="Would the status page stand if the product fell?",
    why="On 28 February 2017 a cloud's dashboard could not turn red, because it depended on the storage that had failed.",
    how="Zone, addresses and certificate of the page against the vendor's own host: all apart is full marks, some part of them, shared addresses none. Staying up during an outage and the way of signing in are not measured.",
    remedy="Subscribe by SMS or mail, and mirror the feed elsewhere.",
    effort="S",
    thresholds=thresholds("independent-hosting"),
    references=("CSA CCM BCR-11", "ISO/IEC 27001:2022 A.8.14"),
)


def evaluate(context: Context) -> Finding:
    """As observed when the page was read. Unknown where it was not looked at; withheld where the page is closed."""
    seen = from_observations(context, META.id)
    if seen is None and findings.is_closed(context):
        return findings.withheld("nothing can be read without signing in", findings.page_evidence(context))
    return seen or findings.unknown("where the page and the product are hosted was not looked at")
