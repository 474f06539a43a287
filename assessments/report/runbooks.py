"""Runbook pages: one for each service a critical process stops without, complete in itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.continuity.plan import PHASES, Contact, Fallback, Plan, Runbook, Service
from assessments.continuity.register import Entry
from assessments.continuity.rollup import service_needs
from assessments.report.phrases import clean
from assessments.report.plan_figures import LISTED
from riskboard.locales import N_, _, duration, figure
from riskboard.phrasebook import said, word

FEW = 8  # contacts that every runbook prints; of more, those with a part in it
CLOCK = {
    "first 15 minutes": N_("0 to 15 minutes"), "first hour": N_("to 60 minutes"), "first four hours": N_("to 4 hours"),
    "first day": N_("to 24 hours"), "several days": N_("several days"),
    "return": N_("return to normal"), "exit": N_("if it does not end"),
}  # fmt: skip


def stated(hours: float | None) -> str:
    """A length, or that none is stated."""
    return _("not stated") if hours is None else duration(hours)


def fallback(one: Fallback, names: Mapping[str, str]) -> dict[str, Any]:
    """A fallback as printed."""
    return {
        "fallback": one,
        "name": names[one.id],
        "service": names[one.service],
        "takeover": stated(one.takeover_hours),
        "capacity": _("not stated") if one.capacity is None else figure(one.capacity, ".0%"),
        "trained": _("not stated") if one.people_trained is None else str(one.people_trained),
        "stands_on": ", ".join(one.stands_on) or _("not stated"),
    }


def critical_first(plan: Plan) -> list[Service]:
    """Services that get runbook pages: those a critical process stops without, and any with a runbook of its own."""
    booked = {one.service for one in plan.runbooks}
    wanted = [one for one in plan.services if service_needs(plan, one.id).critical or one.id in booked]
    return sorted(wanted, key=lambda one: (not service_needs(plan, one.id).critical, one.id))[:LISTED]


def runbook(service: Service, plan: Plan, names: Mapping[str, str], entries: Sequence[Entry]) -> dict[str, Any]:
    """One runbook, complete in itself. What the customer did not write is left to fill in by hand, or suggested by a rule."""
    book = next((one for one in plan.runbooks if one.service == service.id), None) or Runbook(
        id="none", service=service.id
    )
    steps = {phase: [one for one in book.steps if one.phase == phase] for phase in PHASES}
    contacts = {one.id: one for one in plan.contacts}
    decider = contacts.get(book.decides or "")
    needs = service_needs(plan, service.id)
    called = _called(plan, service, book, needs.processes)
    suggested = [
        (one.rule, said(one.recommendation.action))
        for one in entries
        if one.vendor == service.vendor and one.recommendation is not None and one.state in ("open", "planned")
        and (one.recommendation.trigger.get("category") or one.rule in ("R1", "R3", "R9"))
    ]  # fmt: skip
    return {
        "service": service,
        "name": names[service.id],
        "book": book,
        "written": book.id != "none",
        "rto": stated(needs.rto_hours),
        "mtd": "" if needs.mtd_hours is None else duration(needs.mtd_hours),
        "processes": ", ".join(names[one] for one in needs.processes),
        "decides": _reach(decider, service) if decider else None,
        "deputy": _reach(contacts[decider.deputy], service) if decider and decider.deputy else None,
        "switch_after": stated(book.switch_after_hours),
        "clock": [
            (_(CLOCK[phase]), [(clean(one.text, 600), names.get(one.who or "", "")) for one in steps[phase]])
            for phase in PHASES
        ],
        "fallbacks": [fallback(one, names) for one in plan.fallbacks if one.service == service.id],
        "copy": service.own_copy,
        "contacts": [_reach(one, service) for one in called],
        "more_contacts": len(plan.contacts) - len(called),
        "untold": [name for name in ("staff", "customers") if name not in {one.audience for one in book.messages}],
        "messages": [
            (word("audience", one.audience), clean(one.text, 1500), clean(one.channel, 120)) for one in book.messages
        ],
        "suggested": suggested[:5],
        "workarounds": [
            (names[one.id], clean(one.minimum_service, 400), clean(one.workaround, 400))
            for one in plan.processes
            if one.id in needs.processes and (one.minimum_service.strip() or one.workaround.strip())
        ],
    }


def _reach(one: Contact, service: Service) -> dict[str, Any]:
    """A contact with the channels that work while the service is down, and those that fall with it."""
    works = [channel for channel in one.channels if service.vendor not in channel.via]
    down = [channel for channel in one.channels if service.vendor in channel.via]
    return {
        "name": clean(one.name, 90),
        "role": clean(one.role, 120),
        "works": [(word("channel", channel.kind), clean(channel.address, 120)) for channel in works],
        "down": [(word("channel", channel.kind), clean(channel.address, 120)) for channel in down],
    }


def _called(plan: Plan, service: Service, book: Runbook, processes: Sequence[str]) -> list[Contact]:
    """Who has a part in this: everybody in a small plan, else those who decide, act, own, deputise, or speak for the vendor."""
    if len(plan.contacts) <= FEW:
        return list(plan.contacts)
    spare = [one for one in plan.fallbacks if one.service == service.id]
    parts = {book.decides, service.owner, *(one.who for one in book.steps), *(one.owner for one in spare)}
    parts |= {one.owner for one in plan.processes if one.id in processes}
    parts |= {one.deputy for one in plan.contacts if one.id in parts}
    speaks = {service.vendor, *(one.by_vendor for one in spare if one.by_vendor)}
    found = [one for one in plan.contacts if one.id in parts or _speaks_for(one, speaks)]
    return found or list(plan.contacts[:FEW])


def _speaks_for(one: Contact, vendors: set[str]) -> bool:
    return any(one.id.startswith(vendor) or vendor in one.organisation.lower() for vendor in vendors)
