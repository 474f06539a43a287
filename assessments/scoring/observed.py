"""Findings from what was observed about the page when it was read."""

from __future__ import annotations

from collections.abc import Iterable

from assessments.scoring import findings
from assessments.scoring.model import Context, Evidence, Finding
from assessments.scoring.rubric import number
from vendors.records import Observation

_CONCLUSIVE = ("pass", "partial", "fail")


def latest(context: Context, check: str) -> Observation | None:
    """The newest conclusive observation for that check, of equally new ones the best; None where there is none.

    A vendor with several pages is judged by the one that serves customers best.
    """
    seen = [one for one in context.facts.openness if one.check == check and one.outcome in _CONCLUSIVE]
    return max(seen, key=lambda one: (one.observed_at, -_CONCLUSIVE.index(one.outcome)), default=None)


def from_observations(context: Context, check: str) -> Finding | None:
    """The finding of the latest observation: pass 1, partial the rubric's share, fail 0; None where there is none."""
    newest = latest(context, check)
    if newest is None:
        return None
    share = {"pass": 1.0, "partial": number("checks", check, "partial"), "fail": 0.0}[newest.outcome]
    reason = newest.note or f"observed on the page: {newest.outcome}"
    seen = [one for one in context.facts.openness if one.check == check and one.outcome in _CONCLUSIVE]
    return findings.scored(share, reason.rstrip("."), evidence_of(seen))


def evidence_of(seen: Iterable[Observation]) -> tuple[Evidence, ...]:
    """Observations as evidence: what was seen, where and when."""
    return tuple(
        Evidence(
            claim=one.note or f"{one.check}: {one.outcome}",
            url=one.url,
            observed_at=one.observed_at,
            value=one.value if not isinstance(one.value, bool) else str(one.value).lower(),
        )
        for one in seen
    )
