"""What a plan says of one vendor, as the recommendations ask it: money, tests, shared ground, and what is in place already. Pure."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from assessments.continuity.fates import copy_shares
from assessments.continuity.plan import Plan, Runbook, Service
from assessments.continuity.rollup import service_needs
from assessments.continuity.rules import RULES
from assessments.scoring.model import Own
from assessments.scoring.rubric import number

EU = frozenset(  # members in 2026
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
        "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip
_TAKES_OVER = {
    "standby",
    "bypass",
    "mirror",
    "second_mail",
    "second_channel",
    "local_sign_in",
}  # effects a drilled fallback has
_BY_HAND = {"manual", "work_by_hand"}
_COPIES = {"daily_copy": 24.0, "weekly_copy": 168.0}


def own_view(plan: Plan, vendor: str, *, today: date) -> Own | None:
    """What the plan says of that vendor on that day; None where it relies on nothing of it.

    The age of a restore test counts in whole months of 30 days, so that a judgement does not change by the day alone.
    """
    services = [one for one in plan.services if one.vendor == vendor]
    if not services:
        return None
    costs = [cost for one in services if (cost := service_needs(plan, one.id).cost_per_hour) is not None]
    tested = [_last(plan, one, today) for one in services if one.own_copy is not None]
    newest = max((day for day in tested if day is not None), default=None)
    country = plan.organisation.country
    return Own(
        cost_per_hour=sum(costs) if costs else None,
        restore_tested=newest is not None if tested else None,
        restore_test_days=None if newest is None else float((today - newest).days // 30 * 30),
        copy_shares=next((shared for one in services if (shared := copy_shares(one))), None),
        critical_together=_together(plan, services),
        in_eu=country in EU if country else None,
        in_place=_in_place(plan, services, today),
    )


def _last(plan: Plan, service: Service, today: date) -> date | None:
    held = [one.held_on for one in plan.exercises if one.kind == "restore" and one.service == service.id]
    return max((day for day in held if day <= today), default=None)


def _together(plan: Plan, services: list[Service]) -> tuple[str, ...]:
    """The critical services that stand on one upstream with one of these: of the upstream that most share."""
    on: dict[str, list[str]] = defaultdict(list)
    for one in plan.services:
        if service_needs(plan, one.id).critical:
            for name in one.stands_on:
                on[name].append(one.name)
    ours = {name for one in services if service_needs(plan, one.id).critical for name in one.stands_on}
    shared = sorted((on[name] for name in sorted(ours)), key=len)
    return tuple(sorted(shared[-1])) if shared else ()


def _in_place(plan: Plan, services: list[Service], today: date) -> tuple[str, ...]:
    """Rules that every one of the vendor's services shows as done: a fallback that was drilled, a copy, a runbook."""
    done = [_done(plan, one, today) for one in services]
    return tuple(rule.id for rule in RULES if all(rule.id in each for each in done))


def _done(plan: Plan, service: Service, today: date) -> set[str]:
    books = [one for one in plan.runbooks if one.service == service.id]
    spares = {one.id for one in plan.fallbacks if one.service == service.id and one.takeover_hours is not None}
    drilled = any(
        one.kind == "switchover" and one.fallback in spares and one.result == "passed"
        and 0 <= (today - one.held_on).days <= number("lint", "exercise_days")
        for one in plan.exercises
    )  # fmt: skip
    by_hand = [process for process in plan.processes if process.id in service_needs(plan, service.id).processes]
    effects: set[str] = set()
    if drilled:
        effects |= _TAKES_OVER
    if by_hand and all(one.workaround.strip() for one in by_hand):
        effects |= _BY_HAND
    kept = service.own_copy
    if kept is not None and kept.every_hours is not None and kept.usable_without_vendor:
        effects |= {name for name, hours in _COPIES.items() if kept.every_hours <= hours}
    found = {rule.id for rule in RULES if rule.effect in effects} - {
        "R14",
        "R17",
        "R50",
    }  # these ask for more than a copy
    if any(_is_playbook(one) for one in books):
        found.add("R1")
    if kept is not None and kept.own_account and (kept.immutable_days or 0) >= number("lint", "immutable_days"):
        found.add("R17")
    return found


def _is_playbook(book: Runbook) -> bool:
    """Whether it says who decides, when to switch, and how to go back."""
    return (
        book.decides is not None
        and book.switch_after_hours is not None
        and any(s.phase == "return" for s in book.steps)
    )
