"""forecast(): the chance of an outage longer than the RTO, the hours to expect, and how sure that is.

Method, section 2; the choices made here are told in docs/method-forecast.md and docs/adr/0004.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf, log

from assessments.forecast import arrivals, durations, exceedance
from assessments.forecast.arrivals import Rate
from assessments.forecast.durations import LogDuration
from assessments.forecast.exceedance import Mixture
from assessments.forecast.hours import hours as hours_of
from assessments.scoring.metrics import (
    YEAR_DAYS,
    Outage,
    as_known,
    is_stale_open,
    outages,
    seen_against_told,
    window_years,
)
from assessments.scoring.model import Confidence, CurvePoint, Forecast, Hours, Worst
from assessments.scoring.rubric import number, rubric
from vendors.evidence.matching import Agreement, posterior
from vendors.records import VendorFacts

YEAR = timedelta(days=YEAR_DAYS)
HORIZON_YEAR_DAYS = 365.0  # a horizon of 365 d is one year to whoever asks
CURVE_HOURS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 24.0, 48.0, 96.0, 168.0)  # what the exceedance picture shows
MOSTLY_HIDDEN = 0.5  # source: method, section 2.5 d iii: below that share published, not better than the median
PRESS = "press"  # `Page.platform` of a record compiled from independent reports, not from the vendor's own page
_TIERS = ("open", "partial", "sparse", "none")


@dataclass(frozen=True, slots=True)
class Model:
    """Everything fitted from one vendor's record; any RTO and horizon can be asked of it."""

    mixture: Mixture
    duration: LogDuration
    count: int
    exposure_years: float
    disclosure_mean: float
    flags: tuple[str, ...]
    share: float  # mean part of the service lost in an outage, 0-1
    confidence: Confidence

    def chance(self, over_hours: float, horizon_years: float = 1.0) -> float:
        """P(at least one core outage longer than that within the horizon), 0-1, unclamped."""
        return exceedance.chance(self.mixture, self.duration.longer_than(over_hours), horizon_years)

    def curve(self, hours: Sequence[float], horizon_years: float = 1.0) -> tuple[CurvePoint, ...]:
        """The chance at each length, with its 80 % band, clamped to what may be printed."""
        low, high = exceedance.rates(self.mixture)
        points = []
        for length in hours:
            over = self.duration.longer_than(length)
            points.append(
                CurvePoint(
                    hours=length,
                    p=clamp(self.chance(length, horizon_years)),
                    low=clamp(exceedance.chance_at(low, over, horizon_years)),
                    high=clamp(exceedance.chance_at(high, over, horizon_years)),
                )
            )
        return tuple(points)


def forecast(facts: VendorFacts, *, as_of: datetime, rto_hours: float, horizon_days: float = 365.0) -> Forecast:
    """What the record up to `as_of` implies for the next `horizon_days`. Figures unrounded but for the chances' clamp.

    Cost: about 60 ms, most of it the simulation of hours.
    """
    model = fit(facts, as_of=as_of)
    years = horizon_days / HORIZON_YEAR_DAYS
    here, *curve = model.curve((rto_hours, *CURVE_HOURS), years)
    return Forecast(
        rto_hours=rto_hours,
        horizon_days=horizon_days,
        p_exceed=here.p,
        band80=(here.low, here.high),
        hours=_hours(model, years),
        worst=Worst(
            p50=exceedance.worst(model.mixture, model.duration, years, 0.5),
            p90=exceedance.worst(model.mixture, model.duration, years, 0.9),
        ),
        n=model.count,
        exposure_years=model.exposure_years,
        disclosure_mean=model.disclosure_mean,
        flags=model.flags,
        confidence=model.confidence,
        curve=tuple(curve),
    )


def clamp(chance: float) -> float:
    """The chance between the rubric's floor and ceiling: no model knows more than that."""
    return min(max(chance, number("forecast", "chance_floor")), number("forecast", "chance_ceiling"))


def fit(facts: VendorFacts, *, as_of: datetime) -> Model:
    """The model of one vendor from what was known at `as_of`."""
    facts = as_known(facts, as_of)
    end = min(as_of, facts.window.end or as_of)
    broken = reporting_break(facts, end)
    settled = end if broken is None else broken
    core = [outage for outage in outages(facts, as_of, core_only=True) if outage.start <= settled]
    years = _exposure_years(facts, settled)
    if facts.window.start is None and core:
        core, years = core[1:], max(0.0, (settled - core[0].start) / YEAR)  # the first event only opened the record
    half_life = number("forecast", "half_life_years")
    if years <= half_life:
        half_life = inf  # fitted on records of many years; on a shorter one it only throws evidence away
    ages = [max(0.0, (settled - outage.start) / YEAR) for outage in core]
    weights = arrivals.weights(ages, half_life)
    count, exposure = sum(weights), arrivals.exposure(years, half_life)
    tier = disclosure_tier(facts)
    if broken is not None and tier is not None:
        tier = _TIERS[min(_TIERS.index(tier) + 1, len(_TIERS) - 1)]
    moved = _trend(ages, count, exposure, half_life)
    seen = Agreement() if tier is None else seen_against_told(facts, as_of)
    published = None if tier is None else _published(tier, seen)
    mixture = _mixture(count, exposure, published, moved)
    disclosure = 1.0 if published is None else published[0] / sum(published)
    duration = _duration(core, weights)
    if disclosure < MOSTLY_HIDDEN:
        mixture = _no_better_than_unknown(mixture, duration)
    return Model(
        mixture=mixture,
        duration=duration,
        count=len(core),
        exposure_years=years,
        disclosure_mean=disclosure,
        flags=_flags(facts, as_of, core, years, broken, seen),
        share=_mean_share(core),
        confidence=_confidence(years, len(core), disclosure, broken=broken is not None),
    )


def disclosure_tier(facts: VendorFacts) -> str | None:
    """How much of its core outages a vendor publishes, as a tier of the rubric, by what its pages show.

    None where the record was compiled from independent reports: the vendor's page is then not what thins it.
    """
    if facts.pages and all(page.platform == PRESS for page in facts.pages):
        return None
    access = {page.access for page in facts.pages}
    if "public" not in access:
        return "none" if not access or access == {"none"} else "sparse"
    feed = any(seen.check == "machine-readable-feed" and seen.outcome == "pass" for seen in facts.openness)
    learned = any(incident.postmortem_url for incident in facts.incidents)
    return "open" if feed and learned and window_years(facts) >= 2.0 else "partial"


def reporting_break(facts: VendorFacts, end: datetime) -> datetime | None:
    """When publishing fell off in a way luck does not explain: the start of the last six months, or None.

    Compares the six months before `end` with the eighteen before those. Fewer posts are then no evidence of fewer outages.
    """
    if facts.pages and all(page.platform == PRESS for page in facts.pages):
        return None
    recent = timedelta(days=number("forecast", "break_recent_months") * YEAR_DAYS / 12)
    prior = timedelta(days=number("forecast", "break_prior_months") * YEAR_DAYS / 12)
    start = facts.window.start
    if start is None or end - recent - prior < start:
        return None
    turn = end - recent
    shown = [one.started_at for one in facts.incidents if one.impact != "none" and not one.is_reported]
    few = exceedance.break_chance(
        sum(turn <= at <= end for at in shown),
        sum(turn - prior <= at < turn for at in shown),
        ratio=prior / recent,
        log_sd=number("forecast", "frailty_log_sd"),
    )
    return turn if few < number("forecast", "break_p") else None


def _published(tier: str, seen: Agreement) -> tuple[float, float]:
    """Beta(a, b) of the share published: the tier's, updated by what independent observers saw.

    Its mean never falls below that of no page at all. Method, section 2.5 c.
    """
    a, b = rubric()["forecast"]["disclosure"][tier]
    silent_a, silent_b = rubric()["forecast"]["disclosure"]["none"]
    return posterior(a, b, seen, floor=silent_a / (silent_a + silent_b))


def _mixture(count: float, exposure: float, published: tuple[float, float] | None, moved: float) -> Mixture:
    alpha, beta = number("forecast", "rate_alpha"), number("forecast", "rate_beta")
    discount = number("forecast", "discount")

    def rate_of(effective_years: float) -> Rate:
        return arrivals.posterior(count, effective_years, alpha=alpha, beta=beta, discount=discount, trend=moved)

    if published is None:
        return ((1.0, rate_of(exposure)),)
    a, b = published
    return exceedance.disclosed(count, exposure, alpha=alpha, beta=beta, beta_a=a, beta_b=b, rate_of=rate_of)


def _no_better_than_unknown(mixture: Mixture, duration: LogDuration) -> Mixture:
    """The mixture, or the panel's prior where that expects more: who publishes little is not below average for it."""
    prior: Mixture = ((1.0, Rate(number("forecast", "rate_alpha"), number("forecast", "rate_beta"))),)
    over = duration.longer_than(4.0)
    return max((mixture, prior), key=lambda one: exceedance.chance(one, over, 1.0))


def _trend(ages: Sequence[float], count: float, exposure: float, half_life: float) -> float:
    """The trend factor, 1 on records too short to have one."""
    if half_life == inf or exposure <= 0:
        return 1.0
    return arrivals.trend(
        sum(age <= 1 for age in ages),
        count / exposure,
        kappa=number("forecast", "trend_kappa"),
        floor=number("forecast", "trend_floor"),
        ceiling=number("forecast", "trend_ceiling"),
    )


def _duration(core: Sequence[Outage], weights: Sequence[float]) -> LogDuration:
    cap = number("outages", "cap_hours")
    closed = [
        (log(min(outage.hours, cap)), weight)
        for outage, weight in zip(core, weights, strict=True)
        if outage.hours and not outage.is_open
    ]
    return durations.pool(
        [value for value, _ in closed],
        [weight for _, weight in closed],
        mean=number("forecast", "log_mean"),
        variance=number("forecast", "log_variance"),
        between=number("forecast", "log_between"),
    )


def _hours(model: Model, years: float) -> Hours:
    return hours_of(
        model.mixture,
        model.duration,
        years,
        cap=number("outages", "cap_hours"),
        share=model.share,
        draws=int(number("forecast", "simulated_years")),
    )


def _exposure_years(facts: VendorFacts, end: datetime) -> float:
    start = facts.window.start
    return 0.0 if start is None else max(0.0, (end - start) / YEAR)


def _mean_share(core: Sequence[Outage]) -> float:
    """Mean part of the service lost; 1 where nothing is known."""
    return sum(outage.share for outage in core) / len(core) if core else 1.0


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
        "press-record": bool(facts.pages) and all(page.platform == PRESS for page in facts.pages),
        "independent-observer": seen.seen_count > 0,
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
