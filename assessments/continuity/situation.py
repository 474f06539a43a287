"""What the recommendation rules may look at: one flat view of a judgement. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assessments.scoring.metrics import quantile
from assessments.scoring.model import CheckResult, Evidence, Forecast, Needs, Own, PillarResult, PublishedRecord
from vendors.catalogue.categories import CATEGORIES, SPELLINGS
from vendors.records import VendorFacts


@dataclass(frozen=True, slots=True)
class Situation:
    """One vendor as one customer sees it. `pillar` values and `check` scores are None where they are not known.

    `kind` is the category in the catalogue's closed list; what is spelt in no known way is as it stands. `own` None: no plan.
    """

    kind: str
    needs: Needs
    forecast: Forecast
    record: PublishedRecord
    pillar: dict[str, float | None]
    checks: dict[str, CheckResult]
    login_only: bool
    lead_hours: float | None

    @property
    def own(self) -> Own | None:
        """What the customer's plan says of the vendor."""
        return self.needs.own

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

    def word(self, check: str) -> str:
        """The first word or list of words in a check's evidence; empty where there is none."""
        result = self.checks.get(check)
        values = [] if result is None else [e.value for e in result.evidence if isinstance(e.value, str)]
        return values[0] if values else ""

    def evidence(self, check: str | None) -> tuple[Evidence, ...]:
        """The first pieces of evidence of that check."""
        result = self.checks.get(check) if check else None
        return () if result is None else result.evidence[:2]


def kind_of(category: str) -> str:
    """The catalogue's word for a category, in any spelling it has met; else the text in lower case."""
    text = category.removeprefix("~").strip()
    spelt = {name.casefold(): kind for name, kind in SPELLINGS.items()}
    return text.casefold() if text.casefold() in CATEGORIES else spelt.get(text.casefold(), text.casefold())


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
        kind=kind_of(facts.vendor.category),
        needs=needs,
        forecast=forecast,
        record=record,
        pillar={pillar.id: pillar.value for pillar in pillars},
        checks={check.id: check for pillar in pillars for check in pillar.checks},
        login_only=bool(facts.pages) and all(page.access == "login" for page in facts.pages),
        lead_hours=quantile(leads, 0.5),
    )
