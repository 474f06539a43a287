"""forecast(): the chance of an outage longer than the RTO, the hours to expect, and how sure that is.

Method, section 2; the choices made here are told in docs/method-forecast.md and docs/adr/0004, 0010.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assessments.forecast import exceedance
from assessments.forecast.arrivals import Rate
from assessments.forecast.baseline import laplace
from assessments.forecast.calendar import share_inside
from assessments.forecast.disclosure import is_press, lower, published, reporting_break, tier_of
from assessments.forecast.durations import LogDuration
from assessments.forecast.exceedance import Mixture
from assessments.forecast.fitting import Prior, Settings, fit_duration, fit_rate, panel_prior, shipped, sibling_prior
from assessments.forecast.history import History, View, counts_by_component, history, touching
from assessments.forecast.hours import hours as hours_of
from assessments.scoring.metrics import (
    YEAR_DAYS,
    Outage,
    as_known,
    component_names,
    is_stale_open,
    outages,
    seen_against_told,
)
from assessments.scoring.model import Confidence, CurvePoint, Forecast, Hours, WorkingHours, Worst
from assessments.scoring.rubric import number, rubric
from vendors.evidence.matching import Agreement
from vendors.records import VendorFacts

YEAR = timedelta(days=YEAR_DAYS)
HORIZON_YEAR_DAYS = 365.0  # a horizon of 365 d is one year to whoever asks
CURVE_HOURS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 24.0, 48.0, 96.0, 168.0)  # what the exceedance picture shows
MOSTLY_HIDDEN = 0.5  # source: method, section 2.5 d iii: below that share published, not better than the median
COMPARED_AT_HOURS = 4.0  # where two models of one vendor are compared: the default RTO


@dataclass(frozen=True, slots=True)
class Model:
    """Everything fitted from one vendor's record; any RTO and horizon can be asked of it."""

    mixture: Mixture
    duration: LogDuration
    drift: float  # standard deviation of what all of a year's ln hours have in common
    history: History
    outages: tuple[Outage, ...]  # what the history was made from
    count: int
    disclosure_mean: float
    flags: tuple[str, ...]
    share: float  # mean part of the service lost in an outage that counts, 0-1
    confidence: Confidence

    def chance(self, over_hours: float, horizon_years: float = 1.0) -> float:
        """P(at least one core outage longer than that within the horizon), 0-1, unclamped."""
        return exceedance.longer(self.mixture, self.duration, over_hours, horizon_years, self.drift)

    def curve(self, hours: Sequence[float], horizon_years: float = 1.0) -> tuple[CurvePoint, ...]:
        """The chance at each length, with its 80 % band, clamped to what may be printed."""
        spread = exceedance.spread_of(self.mixture)
        points = []
        for length in hours:
            low, high = exceedance.band(spread, self.duration, length, horizon_years, self.drift)
            points.append(
                CurvePoint(hours=length, p=clamp(self.chance(length, horizon_years)), low=clamp(low), high=clamp(high))
            )
        return tuple(points)


def forecast(
    facts: VendorFacts,
    *,
    as_of: datetime,
    rto_hours: float,
    horizon_days: float = 365.0,
    components: Sequence[str] = (),
    hours: WorkingHours | None = None,
    model: Model | None = None,
) -> Forecast:
    """What the record up to `as_of` implies for the next `horizon_days`. Figures unrounded but for the chances' clamp.

    `components`: those the customer relies on; none named: a typical part of the service. `hours`: when they work. `model`: what
    `fit` gave for the same arguments, where the caller has it. Cost: about 60 ms, most of it the simulation of hours.
    """
    model = model or fit(facts, as_of=as_of, components=components)
    years = horizon_days / HORIZON_YEAR_DAYS
    here, *curve = model.curve((rto_hours, *CURVE_HOURS), years)
    cap = number("outages", "cap_hours")
    p50, p90 = (
        exceedance.worst(model.mixture, model.duration, years, p, cap=cap, drift=model.drift) for p in (0.5, 0.9)
    )
    return Forecast(
        rto_hours=rto_hours,
        horizon_days=horizon_days,
        p_exceed=here.p,
        band80=(here.low, here.high),
        p_any=clamp(max(here.p, fit(facts, as_of=as_of, view="any").chance(rto_hours, years))),
        p_baseline=clamp(laplace(model.history, rto_hours, years)),
        p_in_hours=None if hours is None else clamp(_in_hours(model, hours, rto_hours, years)),
        view="named" if components else "typical",
        hours=_hours(model, years),
        worst=Worst(p50=p50, p90=p90),
        n=model.count,
        exposure_years=model.history.years,
        disclosure_mean=model.disclosure_mean,
        flags=model.flags,
        confidence=model.confidence,
        curve=tuple(curve),
    )


def clamp(chance: float) -> float:
    """The chance between the rubric's floor and ceiling: no model knows more than that."""
    return min(max(chance, number("forecast", "chance_floor")), number("forecast", "chance_ceiling"))


def fit(
    facts: VendorFacts,
    *,
    as_of: datetime,
    components: Sequence[str] = (),
    view: View = "typical",
    settings: Settings | None = None,
) -> Model:
    """The model of one vendor from what was known at `as_of`; of named `components` where there are any.

    `settings` None: what ships.

    Where publishing broke off, the rate of before is kept, unless what was published since makes it worse.
    """
    facts = as_known(facts, as_of)
    end = min(as_of, facts.window.end or as_of)
    broken = reporting_break(facts, end)
    if broken is None:
        return _fit(facts, as_of, end, tier_of(facts), broken, components=components, view=view, settings=settings)
    tier = lower(tier_of(facts))
    models = [
        _fit(facts, as_of, at, tier, broken, components=components, view=view, settings=settings)
        for at in (broken, end)
    ]
    return max(models, key=lambda model: model.chance(COMPARED_AT_HOURS))


def _fit(
    facts: VendorFacts,
    as_of: datetime,
    settled: datetime,
    tier: str | None,
    broken: datetime | None,
    *,
    components: Sequence[str],
    view: View,
    settings: Settings | None,
) -> Model:
    """The model from the outages that began by `settled`."""
    seen = Agreement() if tier is None else seen_against_told(facts, as_of)
    shown = published(tier, seen)
    disclosure = 1.0 if shown is None else shown[0] / sum(shown)
    prior = panel_prior()
    if components:
        view, prior = "named", _named_prior(facts, as_of, settled, components, prior)
        facts = touching(facts, components)
    core = [outage for outage in outages(facts, as_of, core_only=True) if outage.start <= settled]
    past = history(facts, as_of, settled, view=view)
    mixture, duration = fit_rate(past, prior, shown, settings), fit_duration(past, prior, settings)
    if disclosure < MOSTLY_HIDDEN:
        mixture = _no_better_than_unknown(mixture, duration, prior)
    return Model(
        mixture=mixture,
        duration=duration,
        drift=(settings or shipped()).drift_of(past, prior),
        history=past,
        outages=tuple(core),
        count=len(past.events),
        disclosure_mean=disclosure,
        flags=_flags(facts, as_of, core, past.years, broken, seen),
        share=_mean_share(core, view),
        confidence=_confidence(past.years, len(past.events), disclosure, broken=broken is not None),
    )


def _in_hours(model: Model, hours: WorkingHours, rto_hours: float, years: float) -> float:
    """P(an outage longer than the RTO that falls into working hours): the share of such hours thins the outages."""
    inside = share_inside(model.outages, hours, over_hours=rto_hours)
    return exceedance.longer(model.mixture, model.duration, rto_hours, years * inside, model.drift)


def _named_prior(
    facts: VendorFacts, as_of: datetime, settled: datetime, components: Sequence[str], base: Prior
) -> Prior:
    """What the vendor's other components went through, for those the customer named."""
    wanted = {name.casefold() for name in components}
    others = sorted(name for name in component_names(facts) if name.casefold() not in wanted)
    whole = history(facts, as_of, settled, view="any")
    rate = sum(weight * one.mean for weight, one in fit_rate(whole, base))
    return sibling_prior(
        list(counts_by_component(facts, as_of, settled, others).values()),
        whole.years,
        parts=len(wanted),
        at_most=rate,
        base=base,
        duration=fit_duration(whole, base),
    )


def _no_better_than_unknown(mixture: Mixture, duration: LogDuration, prior: Prior) -> Mixture:
    """The mixture, or the prior where that expects more: who publishes little is not below average for it."""
    alone: Mixture = ((1.0, Rate(prior.alpha, prior.beta)),)
    over = duration.longer_than(COMPARED_AT_HOURS)
    return max((mixture, alone), key=lambda one: exceedance.chance(one, over, 1.0))


def _hours(model: Model, years: float) -> Hours:
    return hours_of(
        model.mixture,
        model.duration,
        years,
        cap=number("outages", "cap_hours"),
        share=model.share,
        draws=int(number("forecast", "simulated_years")),
        drift=model.drift,
    )


def _mean_share(core: Sequence[Outage], view: View) -> float:
    """Mean part of what counts that is lost in an outage: its impact alone where the rate already counts by parts.

    1 where nothing is known.
    """
    if not core:
        return 1.0
    if view == "any":
        return sum(outage.share for outage in core) / len(core)
    weights = [outage.parts if view == "typical" else 1.0 for outage in core]
    return sum(w * min(1.0, outage.share / outage.parts) for w, outage in zip(weights, core, strict=True)) / sum(
        weights
    )


def _flags(
    facts: VendorFacts,
    as_of: datetime,
    core: Sequence[Outage],
    years: float,
    broken: datetime | None,
    seen: Agreement,
) -> tuple[str, ...]:
    incidents = [incident for outage in core for incident in outage.incidents]
    flags = {
        "reporting-break": broken is not None,
        "short-record": years < number("confidence", "medium", "years"),
        "no-outages": not core,
        "open-now": any(incident.end_known == "open" for incident in facts.incidents),
        "stale-open": any(is_stale_open(incident, as_of) for incident in facts.incidents),
        "upper-bound-ends": sum(i.end_known == "upper_bound" for i in incidents) * 2 > len(incidents) > 0,
        "impact-not-stated": sum(i.impact is None for i in incidents) * 5 > len(incidents) > 0,
        "login-only": bool(facts.pages) and all(page.access == "login" for page in facts.pages),
        "press-record": is_press(facts),
        "independent-observer": seen.seen_count > 0,
        "unproven-kind": facts.vendor.category not in rubric()["forecast"]["proven"]["categories"],
        "record-ended": facts.window.end is not None and as_of - facts.window.end > timedelta(days=30),
    }
    return tuple(name for name, is_set in flags.items() if is_set)


def _confidence(years: float, count: int, disclosure: float, *, broken: bool) -> Confidence:
    """How much to trust the figures, by exposure, number of outages and disclosure. Method, section 8."""
    if years < number("confidence", "insufficient", "years") or disclosure < number(
        "confidence", "insufficient", "disclosure"
    ):
        return "insufficient"
    if broken:
        return "low"
    levels: tuple[Confidence, ...] = ("high", "medium")
    for level in levels:
        bar = rubric()["confidence"][level]
        if years >= bar["years"] and count >= bar["n"] and disclosure >= bar["disclosure"]:
            return level
    return "low"
