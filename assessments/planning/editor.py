"""One editor for every kind of item: what was typed, by path, becomes an item or a fault beside each field.

What is typed is a flat table, as a form sends it: "name", "contract.monthly_fee", "channels.0.address". A row in which
nothing was typed is no row; a part that may be missing and in which nothing was typed is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.utils.translation import gettext

from assessments.continuity import plan_file
from assessments.continuity.plan import Item, Kind, Plan
from assessments.planning import typed
from assessments.planning.fields import ORGANISATION, Field, fields_of, struct_of
from assessments.planning.vendors import vendor_slug

MOST_ROWS = 200
_PLACE = re.compile(r"at `\$\.?([^`]*)`")


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: the item, or why there is none. `faults` by path; "" is about the whole."""

    item: Any
    faults: dict[str, str]


@dataclass(slots=True)
class _Reading:
    values: Mapping[str, str]
    exact: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def part(self, fields: Iterable[Field], before: str) -> dict[str, Any]:
        """The values of those fields; faults are noted, their fields left out."""
        made: dict[str, Any] = {}
        for one in fields:
            path = f"{before}{one.name}"
            if one.widget == "part":
                if one.optional and self.is_blank(path, one.fields):
                    continue
                made[one.name] = self.part(one.fields, f"{path}.")
            elif one.widget == "rows":
                made[one.name] = self.rows(one, path)
            else:
                self.single(one, path, made)
        return made

    def rows(self, one: Field, path: str) -> list[dict[str, Any]]:
        numbers = rows_in(self.values, path)
        if len(numbers) > MOST_ROWS:
            self.faults[path] = gettext("These are %(numbers)s rows; at most %(most_rows)s are kept.") % {
                "numbers": len(numbers),
                "most_rows": MOST_ROWS,
            }
            return []
        filled = [n for n in numbers if not self.is_blank(f"{path}.{n}", one.fields)]
        return [self.part(one.fields, f"{path}.{n}.") for n in filled]

    def single(self, one: Field, path: str, made: dict[str, Any]) -> None:
        text = self.values.get(path, "")
        if (path, text) in self.exact:
            made[one.name] = self.exact[path, text]
            return
        try:
            value = typed.read(one, text)
            made[one.name] = vendor_slug(value) if one.widget == "vendor" and value else value
        except typed.Fault as fault:
            self.faults[path] = str(fault)

    def is_blank(self, path: str, fields: Iterable[Field]) -> bool:
        """Whether nothing was typed there. A choice that must be made is no typing: its field cannot be left empty."""
        asked = {one.name for one in fields if not (one.widget == "choice" and one.required)}
        return not any(
            key.startswith(f"{path}.") and key.removeprefix(f"{path}.").split(".")[0] in asked and value.strip()
            for key, value in self.values.items()
        )


def rows_in(values: Mapping[str, str], path: str) -> list[int]:
    """The numbers of the rows of a list, in order."""
    found = {key.removeprefix(f"{path}.").split(".")[0] for key in values if key.startswith(f"{path}.")}
    return sorted({int(number) for number in found if number.isdecimal() and len(number) < 6})


def read(kind: str, values: Mapping[str, str], *, item_id: str | None, plan: Plan) -> Read:
    """The item as typed. `item_id` None: a new one, named after what it is about and unlike the others of its kind."""
    before = plan_file.get(plan, kind, item_id) if item_id else None  # type: ignore[arg-type]
    reading = _Reading(values, _exact(kind, before) if before else {})
    data = reading.part(fields_of(kind), "")
    if not reading.faults and kind != ORGANISATION:
        data["id"] = item_id or free_id(kind, data, plan)  # type: ignore[arg-type]
    if reading.faults:
        return Read(None, reading.faults)
    try:
        return Read(msgspec.convert(data, struct_of(kind)), {})
    except msgspec.ValidationError as fault:
        place = _PLACE.search(str(fault))
        path = re.sub(r"\[(\d+)\]", r".\1", place.group(1)) if place else ""
        return Read(None, {path: gettext("This does not fit: %(fault)s.") % {"fault": str(fault).split(" - at")[0]}})


def _exact(kind: str, before: Item) -> dict[tuple[str, str], float]:
    """Lengths of the item as it stands, by path and as shown: a third of an hour left alone stays a third of an hour."""
    made: dict[tuple[str, str], float] = {}

    def note(fields: Iterable[Field], item: Any, path: str) -> None:
        for one in fields:
            value = getattr(item, one.name, None)
            if one.widget == "part" and value is not None:
                note(one.fields, value, f"{path}{one.name}.")
            elif one.widget == "hours" and value is not None:
                made[f"{path}{one.name}", typed.shown(one, value)] = value

    note(fields_of(kind), before, "")
    return made


def id_of(kind: Kind, data: Mapping[str, Any]) -> str:
    """An id made of what the item is about: "order-intake"."""
    parts = {
        "dependencies": ("process", "on", "service"),
        "exercises": ("kind", "held_on"),
        "runbooks": ("service",),
        "commitments": ("vendor", "kind", "made_on"),
        "decisions": ("rule", "vendor"),
    }.get(kind, ("name",))
    about = " ".join(str(data.get(part, part)) for part in parts)
    return typed.slug_of(about)[:74].strip("-") or kind.rstrip("s")


def free_id(kind: Kind, data: Mapping[str, Any], plan: Plan) -> str:
    """The same with a number where another of its kind has it: "order-intake", "order-intake-2"."""
    base = id_of(kind, data)
    taken = {one.id for one in getattr(plan, kind)}
    return next(name for n in range(1, len(taken) + 2) if (name := base if n == 1 else f"{base}-{n}") not in taken)


def values_of(kind: str, item: Item) -> dict[str, str]:
    """The item as the form shows it: `read` of it gives the item back."""
    made: dict[str, str] = {}
    _put(made, fields_of(kind), item, "")
    return made


def _put(made: dict[str, str], fields: Iterable[Field], item: Any, before: str) -> None:
    for one in fields:
        value, path = getattr(item, one.name, None), f"{before}{one.name}"
        if one.widget == "part":
            if value is not None:
                _put(made, one.fields, value, f"{path}.")
        elif one.widget == "rows":
            for n, row in enumerate(value or ()):
                _put(made, one.fields, row, f"{path}.{n}.")
        else:
            made[path] = typed.shown(one, value)


def defaults_of(kind: str) -> dict[str, str]:
    """What the form of a new item shows: the types' defaults."""
    made: dict[str, str] = {}
    for one in fields_of(kind):
        if one.widget not in ("part", "rows") and not one.required:
            made[one.path] = typed.shown(one, one.default)
    return made


def without_row(values: Mapping[str, str], row: str) -> dict[str, str]:
    """What was typed without that row ("channels.1")."""
    return {key: value for key, value in values.items() if not key.startswith(f"{row}.")}


def moved_up(values: Mapping[str, str], row: str) -> dict[str, str]:
    """What was typed with that row ("steps.2") and the one before it in each other's place; the first row stays."""
    path, _, number = row.rpartition(".")
    before = [n for n in rows_in(values, path) if number.isdecimal() and n < int(number)]
    if not before:
        return dict(values)
    other = f"{path}.{before[-1]}"
    turned = {}
    for key, value in values.items():
        here = next((place for place in (row, other) if key.startswith(f"{place}.")), "")
        turned[(other if here == row else row) + key.removeprefix(here) if here else key] = value
    return turned
