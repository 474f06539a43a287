"""What a contract's credits give back, against what the outages cost: by the months of the record, as if it had held all along."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from assessments.continuity.answer_records import CreditAnswer
from assessments.continuity.fitted import Fitted
from assessments.continuity.plan import Contract, Service
from assessments.scoring.rubric import number


def credits(service: Service, model: Fitted, cost_per_hour: float | None) -> CreditAnswer:
    """Credits and loss of a mean year, in the plan's currency. Only outages that count; each in the months it falls into.

    The whole service is taken as down in such an outage, as a customer who relies on it sees it. Months without an outage are
    whole. Credit is None without a fee or tiers, loss without a cost an hour.
    """
    contract, years = service.contract, model.model.history.years
    down = _down_by_month(model)
    whole = number("answer", "month_hours")
    months = max(len(down), round(years * 12))
    kept = [max(0.0, 1 - hours / whole) for hours in down.values()]
    broken = None if contract.availability is None else sum(share < contract.availability for share in kept)
    credit = loss = None
    if years > 0 and contract.monthly_fee is not None and contract.credits:
        credit = round(sum(_credit(contract, share) for share in kept) * contract.monthly_fee / years, 2)
    if years > 0 and cost_per_hour is not None:
        loss = round(sum(down.values()) / years * cost_per_hour, 2)
    return CreditAnswer(
        service=service.id,
        months=months,
        promised=contract.availability,
        broken_months=broken,
        worst=round(min(kept, default=1.0), 6) if months else None,
        credit=credit,
        loss=loss,
    )


def _credit(contract: Contract, availability: float) -> float:
    """The share of a month's fee that comes back: the largest tier reached, at most the cap."""
    share = max((tier.credit for tier in contract.credits if availability < tier.below), default=0.0)
    return min(share, contract.credit_cap if contract.credit_cap is not None else 1.0)


def _down_by_month(model: Fitted) -> dict[tuple[int, int], float]:
    """Hours of outage by (year, month), each outage at most as long as the method's cap."""
    down: dict[tuple[int, int], float] = defaultdict(float)
    for outage in model.model.outages:
        if outage.hours is None:
            continue
        at = outage.start
        end = at + timedelta(hours=min(outage.hours, number("outages", "cap_hours")))
        while at < end:
            turn = _next_month(at)
            down[at.year, at.month] += (min(turn, end) - at).total_seconds() / 3600
            at = turn
    return dict(down)


def _next_month(at: datetime) -> datetime:
    first = at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first.replace(year=at.year + 1, month=1) if at.month == 12 else first.replace(month=at.month + 1)
