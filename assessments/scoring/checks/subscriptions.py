"""subscriptions: does news come to the customer, or must the customer come for it?"""

from __future__ import annotations

from assessments.scoring import findings
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.observed import evidence_of, latest
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="subscriptions",
    pillar="openness",
    question="Can customers subscribe by mail, feed, webhook or chat, SMS, and by part?",
    why="Nobody looks at a status page before something is wrong; minutes go by until somebody does.",
    how="Ways to subscribe seen on the page, each with its points: mail 2, webhook or chat 2, feed 1, SMS 1, by part 1, of 7.",
    remedy="Wire the vendor's webhook to chat and to SMS, on another provider.",
    effort="S",
    thresholds=thresholds("subscriptions"),
    references=("CSA CCM BCR-07",),
)
_POINTS = {"email": "mail", "RSS": "feed", "webhook": "push", "Slack": "push", "SMS": "sms", "per component": "by_part"}


def evaluate(context: Context) -> Finding:
    """Points of the ways seen, of those there are. Unknown where the page itself was not read."""
    seen = latest(context, META.id)
    if seen is None:
        if findings.is_closed(context):
            return findings.withheld("nothing can be subscribed to without signing in", findings.page_evidence(context))
        return findings.unknown("the page itself was not read, so its ways to subscribe were not seen")
    ways = [way for way in str(seen.value or "").split(", ") if way in _POINTS]
    kinds = sorted({_POINTS[way] for way in ways})
    most = sum(number("checks", META.id, kind) for kind in sorted(set(_POINTS.values())))
    score = sum(number("checks", META.id, kind) for kind in kinds) / most
    return findings.scored(score, f"ways to subscribe: {', '.join(ways) or 'none'}", evidence_of([seen]))
