"""What is worked out once of each vendor and set of components, and shared by all who depend on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.continuity.answer_records import Seen
from assessments.continuity.judged import Judged
from assessments.forecast.engine import COMPARED_AT_HOURS, Model, clamp, fit, forecast
from assessments.forecast.history import unknown_components
from assessments.forecast.inferred import Inferred, inferred_upstreams
from assessments.forecast.portfolio_fit import rate_and_length
from assessments.scoring.metrics import quantile
from assessments.scoring.model import Forecast


@dataclass(frozen=True, slots=True)
class Fitted:
    """The model of one vendor's parts, its forecast, and the upstreams its record shows, whoever declared them or not."""

    model: Model
    forecast: Forecast
    rates: dict[str, float]
    unknown_parts: bool
    shown: tuple[Inferred, ...] = ()

    @property
    def known(self) -> bool:
        """Whether a chance may be printed at all."""
        return self.forecast.confidence != "insufficient"

    def chance(self, hours: float | None) -> float | None:
        """P(an outage longer than that within 12 months), as printed; None where it is not known."""
        return None if hours is None or not self.known else clamp(self.model.chance(hours))

    def seen(self, rto_hours: float | None) -> Seen:
        """The record against an RTO."""
        lengths = sorted(one.hours for one in self.model.outages if one.hours is not None)
        return Seen(
            outages=len(self.model.outages),
            years=round(self.model.history.years, 2),
            longest=round(lengths[-1], 2) if lengths else None,
            p90=_rounded(quantile(lengths, 0.9)),
            median=_rounded(quantile(lengths, 0.5)),
            over=None if rto_hours is None else sum(length > rto_hours for length in lengths),
        )


def fitted(judged: Judged, components: Sequence[str]) -> Fitted:
    """The model of those parts, as of the judgement; parts the record does not know are left out. Cost: about 0.1 s."""
    facts, at = judged.facts, judged.assessment.as_of
    unknown = set(unknown_components(facts, components))
    known = tuple(name for name in components if name not in unknown)
    return Fitted(
        model=fit(facts, as_of=at, components=known),
        forecast=forecast(facts, as_of=at, rto_hours=COMPARED_AT_HOURS, components=known),
        rates=rate_and_length(facts, as_of=at, components=known),
        unknown_parts=bool(unknown),
        shown=inferred_upstreams(facts, as_of=at),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
