"""How one dependency stands: chance, hours, money, gaps and the verdict, without and with its fallback."""

from __future__ import annotations

from assessments.continuity.answer_records import Seen, Standing, Verdict
from assessments.continuity.fitted import Fitted
from assessments.continuity.plan import Dependency, Fallback, Process, Service
from assessments.forecast.engine import clamp
from assessments.scoring.metrics import Outage
from assessments.scoring.rubric import number
from riskboard.durations import hours_text


def plain_standing(
    link: Dependency,
    process: Process,
    service: Service,
    model: Fitted | None,
    seen: Seen | None,
    *,
    rto: float | None,
    rpo: float | None,
    cost: float | None,
) -> Standing:
    """Without a fallback. `cost` is of an hour without the service; None: not known."""
    chance = model.chance(rto) if model else None
    hours = _rounded(model.forecast.hours.mean * _inside(process, model)) if model and model.known else None
    verdict, reason = _plain_verdict(chance, rto, seen, judged=model is not None)
    return Standing(
        verdict=verdict,
        reason=reason,
        chance=None if chance is None else round(chance, 4),
        hours=hours,
        money=None if hours is None or cost is None else round(hours * cost, 2),
        rto_gap=None if rto is None or seen is None or seen.longest is None else _gap(seen.longest, rto),
        rpo_gap=_rpo_gap(_lost_hours(service), rpo),
    )


def kept_standing(
    plain: Standing,
    spare: Fallback,
    *,
    rto: float | None,
    rpo: float | None,
    left: float | None,
    hours_left: float | None,
    cost: float | None,
) -> Standing:
    """With that fallback. `left`: the share of years beyond the RTO it leaves, `hours_left`: that of the hours; None: not known."""
    chance = None if plain.chance is None or left is None else clamp(plain.chance * left)
    hours = None if plain.hours is None or hours_left is None else _rounded(plain.hours * hours_left)
    takeover = spare.takeover_hours
    if takeover is None:
        verdict, reason = plain.verdict, f"how soon {spare.name} takes over is not stated, so it is not counted"
        chance, hours = plain.chance, plain.hours
    elif rto is not None and takeover > rto:
        verdict = "cannot be met"
        reason = f"{spare.name} takes over after {hours_text(takeover)}, later than the RTO of {hours_text(rto)}"
    elif rto is None:
        verdict, reason = "not known", "no RTO is stated"
    else:
        verdict, reason = by_chance(chance, rto, f"with {spare.name}")
    return Standing(
        verdict=verdict,
        reason=reason,
        chance=None if chance is None else round(chance, 4),
        hours=hours,
        money=None if hours is None or cost is None else round(hours * cost, 2),
        rto_gap=None if rto is None or takeover is None else _gap(takeover, rto),
        rpo_gap=_rpo_gap(spare.data_age_hours, rpo),
    )


def _plain_verdict(chance: float | None, rto: float | None, seen: Seen | None, *, judged: bool) -> tuple[Verdict, str]:
    if rto is None:
        return "not known", "no RTO is stated"
    if not judged:
        return "not known", "the vendor is not judged yet"
    verdict, reason = by_chance(chance, rto, "without a fallback")
    if verdict == "kept" and seen and seen.over:
        return "at risk", f"{_times(seen.over)} in the record it lasted longer than {hours_text(rto)}"
    if verdict == "not known" and seen and seen.over:
        return "at risk", f"the record is thin, and {_times(seen.over)} it lasted longer than {hours_text(rto)}"
    return verdict, reason


def by_chance(chance: float | None, rto: float, how: str) -> tuple[Verdict, str]:
    """The verdict on the chance that an RTO breaks within 12 months, by the rubric's two bars."""
    if chance is None:
        return "not known", "the record is too thin for a chance"
    told = f"{how} an outage longer than {hours_text(rto)} has a chance of {chance:.0%} within 12 months"
    if chance > number("answer", "broken_chance"):
        return "cannot be met", f"{told}: it breaks in more years than it holds"
    if chance > number("answer", "promise_chance"):
        return "at risk", f"{told}: more than one year in ten"
    return "kept", told


def _inside(process: Process, model: Fitted) -> float:
    """The share of outage hours that fall into the process's working hours; 1 where none are stated or they cannot be read."""
    from assessments.forecast.calendar import parse, share_inside
    from riskboard.errors import Refused

    if not process.working_hours.strip():
        return 1.0
    try:
        hours = parse(process.working_hours)
    except Refused:
        return 1.0  # around the clock: the lint names it
    known: tuple[Outage, ...] = model.model.outages
    return share_inside(known, hours, over_hours=0.0)


def _lost_hours(service: Service) -> float | None:
    """How old the data are that come back: the customer's own copy or what the contract states, the better of the two."""
    own = service.own_copy.every_hours if service.own_copy else None
    stated = [value for value in (own, service.contract.rpo_hours) if value is not None]
    return min(stated, default=None)


def _rpo_gap(lost: float | None, rpo: float | None) -> float | None:
    return None if lost is None or rpo is None else _gap(lost, rpo)


def _gap(value: float, need: float) -> float:
    return round(max(0.0, value - need), 2)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
