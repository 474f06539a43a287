"""A `Plan` from and to bytes, and whether its parts fit together. Pure; no Django."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from typing import Any

import msgspec

from assessments.continuity.plan import KINDS, Item, Keyed, Kind, Plan

MAX_BYTES = 8 * 1024 * 1024  # some ten thousand items; a plan of 200 services is under 300 kB

# Which field of which kind names an item of another: the references that must hold.
REFERENCES: tuple[tuple[Kind, str, Kind], ...] = (
    ("processes", "owner", "contacts"),
    ("services", "owner", "contacts"),
    ("dependencies", "process", "processes"),
    ("dependencies", "service", "services"),
    ("fallbacks", "service", "services"),
    ("fallbacks", "owner", "contacts"),
    ("exercises", "service", "services"),
    ("exercises", "fallback", "fallbacks"),
    ("contacts", "deputy", "contacts"),
    ("runbooks", "service", "services"),
    ("runbooks", "decides", "contacts"),
    ("decisions", "owner", "contacts"),
)


class PlanError(ValueError):
    """A plan cannot be used; the message names the place of the first fault."""


def loads(raw: bytes) -> Plan:
    """The plan in `raw` (JSON), every type checked and every reference kept. Raises PlanError naming the first fault."""
    if len(raw) > MAX_BYTES:
        raise PlanError(f"the plan is {len(raw)} bytes; at most {MAX_BYTES} are read")
    try:
        plan = msgspec.json.decode(raw, type=Plan)
    except msgspec.ValidationError as fault:
        raise PlanError(f"not a riskboard.plan/1 document: {fault}") from fault
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise PlanError(f"not readable as JSON: {fault}") from fault
    return checked(plan)


def loads_toml(raw: bytes) -> Plan:
    """The plan in `raw` (TOML), checked as `loads` does. Raises PlanError naming the first fault."""
    if len(raw) > MAX_BYTES:
        raise PlanError(f"the plan is {len(raw)} bytes; at most {MAX_BYTES} are read")
    try:
        plan = msgspec.toml.decode(raw, type=Plan)
    except msgspec.ValidationError as fault:
        raise PlanError(f"not a riskboard.plan/1 document: {fault}") from fault
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as fault:
        raise PlanError(f"not readable as TOML: {fault}") from fault
    return checked(plan)


def dumps_toml(plan: Plan) -> bytes:
    """The plan as TOML: what is not stated is left out, for the format has no word for it. `loads_toml` gives it back."""
    return msgspec.toml.encode(_stated(msgspec.to_builtins(normalise(plan), builtin_types=(date,))))


def _stated(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _stated(value) for name, value in part.items() if value is not None}
    return [_stated(one) for one in part] if isinstance(part, list | tuple) else part


def dumps(plan: Plan) -> bytes:
    """The canonical bytes: fixed field and item order. Equal plans, equal bytes."""
    return _encoded(normalise(plan)) + b"\n"


def sha256(plan: Plan) -> str:
    """Hex digest of the canonical bytes."""
    return hashlib.sha256(dumps(plan)).hexdigest()


def item_sha256(item: Item) -> str:
    """Hex digest of one item: what an editor hands back to show which state was changed."""
    return hashlib.sha256(_encoded(item)).hexdigest()


def _encoded(part: Item) -> bytes:
    """JSON in which 4 hours and 4.0 hours are the same: numbers are read as their field's type first."""
    return msgspec.json.encode(msgspec.json.decode(msgspec.json.encode(part), type=type(part)))


def normalise(plan: Plan) -> Plan:
    """The same plan with the items of each kind in order of their ids. Idempotent."""
    ordered = {kind: tuple(sorted(getattr(plan, kind), key=lambda item: item.id)) for kind in KINDS}
    return msgspec.structs.replace(plan, **ordered)


def checked(plan: Plan) -> Plan:
    """The normalised plan. Raises PlanError for the first fault."""
    for path, what in faults(plan):
        raise PlanError(f"{what} (at {path})")
    return normalise(plan)


def faults(plan: Plan) -> Iterator[tuple[str, str]]:
    """Every broken rule that types cannot express: (place, what is wrong), in document order."""
    known: dict[Kind, set[str]] = {}
    for kind in KINDS:
        ids = known[kind] = set()
        for n, item in enumerate(getattr(plan, kind)):
            if item.id in ids:
                yield f"$.{kind}[{n}].id", f"{item.id!r} is used twice among the {kind}"
            ids.add(item.id)
    for kind, field, target in REFERENCES:
        for n, item in enumerate(getattr(plan, kind)):
            named = getattr(item, field)
            if named is not None and named not in known[target]:
                yield f"$.{kind}[{n}].{field}", f"{item.id!r} names {named!r}, which is not among the {target}"
    yield from _own_faults(plan, known)


def _own_faults(plan: Plan, known: dict[Kind, set[str]]) -> Iterator[tuple[str, str]]:
    for n, runbook in enumerate(plan.runbooks):
        for m, step in enumerate(runbook.steps):
            if step.who is not None and step.who not in known["contacts"]:
                what = f"{runbook.id!r} names {step.who!r}, which is not among the contacts"
                yield f"$.runbooks[{n}].steps[{m}].who", what
    pairs = [(link.process, link.service) for link in plan.dependencies]
    for n in _repeated(pairs):
        yield f"$.dependencies[{n}]", f"{pairs[n][0]!r} depends on {pairs[n][1]!r} twice"
    decided = [(one.rule, one.vendor) for one in plan.decisions]
    for n in _repeated(decided):
        yield f"$.decisions[{n}]", f"{decided[n][0]} is decided twice for {decided[n][1]!r}"
    for n, one in enumerate(plan.commitments):
        if one.due_on is not None and one.due_on < one.made_on:
            yield f"$.commitments[{n}].due_on", f"{one.id!r} is due before it was made"
        if one.kept_on is not None and one.kept_on < one.made_on:
            yield f"$.commitments[{n}].kept_on", f"{one.id!r} was kept before it was made"


def _repeated(keys: Sequence[Hashable]) -> list[int]:
    """The places of keys that stood before."""
    seen: set[Hashable] = set()
    places = []
    for n, key in enumerate(keys):
        if key in seen:
            places.append(n)
        seen.add(key)
    return places


def put(plan: Plan, kind: Kind, item: Keyed) -> Plan:
    """The plan with that item new or in place of the one with its id. Raises PlanError where it does not fit."""
    rest = tuple(other for other in getattr(plan, kind) if other.id != item.id)
    return checked(msgspec.structs.replace(plan, **{kind: (*rest, item)}))


def get(plan: Plan, kind: Kind, item_id: str) -> Any:
    """The item of that id, None where there is none."""
    return next((item for item in getattr(plan, kind) if item.id == item_id), None)


def remove(plan: Plan, kind: Kind, item_id: str) -> Plan:
    """The plan without that item. Raises PlanError naming what still refers to it, and how many do."""
    users = references_to(plan, kind, item_id)
    if users:
        named = ", ".join(users[:5]) + (" ..." if len(users) > 5 else "")
        raise PlanError(f"{item_id!r} is still used by {len(users)}: {named}; remove or change those first")
    rest = tuple(item for item in getattr(plan, kind) if item.id != item_id)
    return checked(msgspec.structs.replace(plan, **{kind: rest}))


def references_to(plan: Plan, kind: Kind, item_id: str) -> list[str]:
    """What refers to that item, as "dependencies orders-mail", in order."""
    found = [
        f"{source} {item.id}"
        for source, field, target in REFERENCES
        if target == kind
        for item in getattr(plan, source)
        if getattr(item, field) == item_id
    ]
    if kind == "contacts":
        found += [f"runbooks {one.id}" for one in plan.runbooks if any(step.who == item_id for step in one.steps)]
    return found
