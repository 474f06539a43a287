"""What the recommendation rules may look at: one flat view of a judgement. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assessments.scoring.metrics import quantile
from assessments.scoring.model import CheckResult, Forecast, Needs, PillarResult, PublishedRecord
from vendors.records import VendorFacts


@dataclass(frozen=True, slots=True)
class Situation:
    """One vendor as one customer sees it. `pillar` values and `check` scores are None where they are not known."""

    category: str
    needs: Needs
    forecast: Forecast
    record: PublishedRecord
    pillar: dict[str, float | None]
    checks: dict[str, CheckResult]
    login_only: bool
    lead_hours: float | None

    def score(self, check: str) -> float | None:
        """Score 0-1 of a check; None where it is inconclusive or does not exist."""
        result = self.checks.get(check)
        return None if result is None else result.score

    def failed(self, check: str) -> bool:
        """Whether a check is known to have failed. Unknown is no failure."""
        result = self.checks.get(check)
        return result is not None and result.outcome == "fail"

    def unanswered(self, check: str) -> bool:
        """Whether a check is unknown or stale: nobody asked, or long ago."""
        result = self.checks.get(check)
        return result is None or result.outcome in ("unknown", "stale")

    def measured(self, check: str, unit: str) -> float | None:
        """The first figure of that unit in a check's evidence; None where there is none."""
        result = self.checks.get(check)
        values = [] if result is None else [e.value for e in result.evidence if e.unit == unit]
        return next((float(value) for value in values if isinstance(value, int | float)), None)


def situation(
    facts: VendorFacts,
    needs: Needs,
    *,
    forecast: Forecast,
    pillars: Sequence[PillarResult],
    record: PublishedRecord,
    as_of: datetime,
) -> Situation:
    """The view of one judgement."""
    leads = sorted(
        (m.scheduled_for - m.announced_at).total_seconds() / 3600
        for m in facts.maintenances
        if m.scheduled_for and m.announced_at and m.announced_at <= as_of
    )
    return Situation(
        category=facts.vendor.category.lower(),
        needs=needs,
        forecast=forecast,
        record=record,
        pillar={pillar.id: pillar.value for pillar in pillars},
        checks={check.id: check for pillar in pillars for check in pillar.checks},
        login_only=bool(facts.pages) and all(page.access == "login" for page in facts.pages),
        lead_hours=quantile(leads, 0.5),
    )
