"""Whether a service and its fallback, or its copy, fall together, said in words. Nothing known is not independent."""

from __future__ import annotations

from assessments.continuity.answer_records import Fate
from assessments.continuity.plan import Fallback, Service


def fate_of(service: Service, spare: Fallback) -> Fate:
    """What the two share: the vendor, the sign-in, the provider of the customer's copy, and what both stand on."""
    shared = []
    if spare.by_vendor is not None and spare.by_vendor == service.vendor:
        shared.append(f"the vendor {service.vendor}")
    shared += [f"the upstream {name}" for name in sorted(set(service.stands_on) & set(spare.stands_on))]
    if _same(service.sign_in_by, spare.sign_in_by):
        shared.append(f"the sign-in by {spare.sign_in_by.strip()}")
    if shared:
        text = f"{service.name} and {spare.name} fall together: they share {_listed(shared)}."
        return Fate(known=True, bad=True, shared=tuple(shared), text=text)
    if spare.by_vendor is None and not spare.stands_on and not spare.sign_in_by.strip():
        text = f"{spare.name} works by your own means and names nothing it shares with {service.name}."
        return Fate(known=True, bad=False, shared=(), text=text)
    missing = [one.name for one in (service, spare) if not one.stands_on]
    if missing:
        text = f"Whether {service.name} and {spare.name} fall together is not known: what {_listed(missing)} stands on is not stated."
        return Fate(known=False, bad=False, shared=(), text=text)
    return Fate(known=True, bad=False, shared=(), text=f"{service.name} and {spare.name} share nothing that is stated.")


def copy_shares(service: Service) -> str | None:
    """What the own copy and the service have in common, in words; None where nothing is known to be."""
    kept = service.own_copy
    if kept is None:
        return None
    words = f"{kept.provider} {kept.region}".casefold().split()
    shared = [name for name in (service.vendor, *service.stands_on) if name.split("-")[0] in words]
    return f"the provider {kept.provider}" if shared else "the account" if kept.own_account is False else None


def _same(one: str, other: str) -> bool:
    return bool(one.strip()) and one.strip().casefold() == other.strip().casefold()


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
