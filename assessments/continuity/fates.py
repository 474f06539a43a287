"""Whether a service and its fallback, or its copy, fall together, said in words. Nothing known is not independent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assessments.continuity.answer_records import Fate
from assessments.continuity.plan import Fallback, Service
from assessments.forecast.inferred import Inferred
from assessments.forecast.shared_fate import provider_of, reaches


def fate_of(
    service: Service, spare: Fallback, shown: Sequence[Inferred] = (), spare_shown: Sequence[Inferred] = ()
) -> Fate:
    """What the two share: the vendor, the sign-in, the provider of the customer's copy, and what both stand on.

    `shown` and `spare_shown`: what the vendors' own records tell of their upstreams. It can show that two share one, never
    that they share none; where the plan states one of the same provider, that holds.
    """
    shared = []
    if spare.by_vendor is not None and spare.by_vendor == service.vendor:
        shared.append(f"the vendor {service.vendor}")
    shared += _upstreams(_sources(service, shown), _sources(spare, spare_shown))
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


def _sources(one: Service | Fallback, shown: Sequence[Inferred]) -> dict[str, str]:
    """What it stands on, by id: empty words where the plan states it, else what shows it."""
    stated = dict.fromkeys(one.stands_on, "")
    providers = {provider_of(name) for name in stated}
    return stated | {
        found.upstream: f"{len(found.incidents)} incidents of {one.name}"
        if found.incidents
        else f"what is seen of {one.name}"
        for found in shown
        if provider_of(found.upstream) not in providers
    }


def _upstreams(ours: dict[str, str], theirs: dict[str, str]) -> Iterator[str]:
    """Each upstream in both, in words, the narrower of a region and its provider, with what shows it."""
    pairs = {max(a, b, key=len): (ours[a], theirs[b]) for a in sorted(ours) for b in sorted(theirs) if reaches(a, b)}
    for name, why in sorted(pairs.items()):
        told = " and ".join(words for words in why if words)
        yield f"the upstream {name} (as {told} tell)" if told else f"the upstream {name}"


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
