"""Findings from what was observed about the page when it was read."""

from __future__ import annotations

from assessments.scoring import findings
from assessments.scoring.model import Context, Evidence, Finding
from assessments.scoring.rubric import number

_SCORES = {"pass": 1.0, "partial": number("checks", "machine-readable-feed", "partial"), "fail": 0.0}


def from_observations(context: Context, check: str) -> Finding | None:
    """The finding of the latest observation for that check; None where there is none or it was inconclusive."""
    seen = [o for o in context.facts.openness if o.check == check and o.outcome in _SCORES]
    if not seen:
        return None
    latest = max(seen, key=lambda o: (o.observed_at, _SCORES[o.outcome]))
    evidence = tuple(
        Evidence(
            claim=o.note or f"{check}: {o.outcome}",
            url=o.url,
            observed_at=o.observed_at,
            value=o.value if not isinstance(o.value, bool) else str(o.value).lower(),
        )
        for o in seen
    )
    reason = latest.note or f"observed on the page: {latest.outcome}"
    return findings.scored(_SCORES[latest.outcome], reason.rstrip("."), evidence)
