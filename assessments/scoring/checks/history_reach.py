"""history-reach: how far back does the published record go?"""

from __future__ import annotations

from datetime import timedelta

from assessments.scoring import findings
from assessments.scoring.model import CheckMeta, Context, Evidence, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="history-reach",
    pillar="openness",
    question="Does the published record reach back two years?",
    why="A forecast needs years; a page that forgets its outages cannot be judged by them.",
    how="Days from the oldest incident or covered day the vendor's own page shows: 24 months 1.0, 12 months 0.7, 90 days 0.3.",
    remedy="Ask in writing for the incident list of 24 months, under NDA if need be.",
    effort="S",
    thresholds=thresholds("history-reach"),
    references=("DORA Art. 28(4)",),
)


def evaluate(context: Context) -> Finding:
    """By what the page was seen to reach, else by the covered window. Unknown where neither is known."""
    days = _days(context)
    if days is None:
        return findings.hidden_record(context) or findings.unknown("how far back the page reaches was not looked at")
    full, most, some = (number("checks", "history-reach", name) for name in ("full", "most", "some"))
    most_share, some_share = (number("checks", "history-reach", name) for name in ("most_share", "some_share"))
    score = 1.0 if days >= full else most_share if days >= most else some_share if days >= some else 0.0
    page = context.facts.pages[0].url if context.facts.pages else None
    return findings.scored(
        score,
        f"the published record reaches back {days:.0f} days",
        (Evidence(claim="days the published record reaches back", url=page, value=round(days), unit="d"),),
    )


def _days(context: Context) -> float | None:
    seen = [
        float(o.value) - max(0.0, (o.observed_at - context.as_of) / timedelta(days=1))  # reached less far back then
        for o in context.facts.openness
        if o.check == META.id and isinstance(o.value, int | float) and not isinstance(o.value, bool)
    ]
    if seen:
        return max(0.0, *seen)
    if context.facts.window.length is None or not any(page.access == "public" for page in context.facts.pages):
        return None
    return context.facts.window.length / timedelta(days=1)
