"""What changed between two plans, in words: for the history, for an import before it is accepted, and between milestones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from msgspec import Struct

from assessments.continuity.judged import Judged
from assessments.continuity.plan import KINDS, ONE, Item, Plan
from riskboard.durations import hours_text

LONGEST = 80  # characters of a text that are shown
NONE = "not stated"


class Change(Struct, frozen=True, kw_only=True):
    """One change. `field` is empty where the whole item came or went; `before` and `after` are in words."""

    did: Literal["added", "removed", "changed"]
    kind: str
    item: str
    name: str
    field: str = ""
    before: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        """A line: "process Orders: rto 4 h, now 8 h"."""
        what = f"{self.kind} {self.name}"
        return (
            f"{what} {self.did}" if self.did != "changed" else f"{what}: {self.field} {self.before}, now {self.after}"
        )


class Moved(Struct, frozen=True, kw_only=True):
    """One vendor between two milestones. None: not judged then, or no total was shown."""

    vendor: str
    value_before: float | None
    value_after: float | None
    grade_before: str | None
    grade_after: str | None
    chance_before: float | None
    chance_after: float | None


def changes(before: Plan, after: Plan) -> tuple[Change, ...]:
    """Every change, kind by kind, item by item, field by field, in the plan's order."""
    found = list(
        _fields("organisation", "organisation", before.organisation.name, before.organisation, after.organisation)
    )
    if before.as_of != after.as_of:
        found.append(_changed("plan", "plan", "the plan", "as of", before.as_of, after.as_of))
    for kind in KINDS:
        old = {one.id: one for one in getattr(before, kind)}
        new = {one.id: one for one in getattr(after, kind)}
        one_of = ONE[kind]
        for item_id in sorted({*old, *new}):
            was, became = old.get(item_id), new.get(item_id)
            if was is None:
                found.append(Change(did="added", kind=one_of, item=item_id, name=_name(became)))
            elif became is None:
                found.append(Change(did="removed", kind=one_of, item=item_id, name=_name(was)))
            else:
                found += _fields(one_of, item_id, _name(was), was, became)
    return tuple(found)


def moved(before: Mapping[str, Judged], after: Mapping[str, Judged]) -> tuple[Moved, ...]:
    """How the vendors' totals and chances moved between two milestones, by vendor."""
    return tuple(
        Moved(
            vendor=(after.get(slug) or before[slug]).facts.vendor.name,
            value_before=_of(before.get(slug), "value"),
            value_after=_of(after.get(slug), "value"),
            grade_before=_of(before.get(slug), "grade"),
            grade_after=_of(after.get(slug), "grade"),
            chance_before=_chance(before.get(slug)),
            chance_after=_chance(after.get(slug)),
        )
        for slug in sorted({*before, *after})
    )


def _of(one: Judged | None, field: str) -> Any:
    return None if one is None else getattr(one.assessment.score, field)


def _chance(one: Judged | None) -> float | None:
    if one is None or one.assessment.forecast.confidence == "insufficient":
        return None
    return one.assessment.forecast.p_exceed


def _name(item: Any) -> str:
    return str(getattr(item, "name", item.id))[:LONGEST]


def _fields(kind: str, item: str, name: str, was: Item, became: Item, prefix: str = "") -> Iterator[Change]:
    for field in was.__struct_fields__:
        old, new = getattr(was, field), getattr(became, field)
        if old == new:
            continue
        told = f"{prefix}{field.replace('_', ' ')}"
        if isinstance(old, Item) and isinstance(new, Item):
            yield from _fields(kind, item, name, old, new, prefix=f"{told}, ")
        else:
            yield _changed(kind, item, name, told, old, new)


def _changed(kind: str, item: str, name: str, field: str, was: Any, became: Any) -> Change:
    words = field.removesuffix(" hours") if field.endswith(" hours") else field
    return Change(
        did="changed", kind=kind, item=item, name=name, field=words,
        before=in_words(was, field), after=in_words(became, field),
    )  # fmt: skip


def in_words(value: Any, field: str = "") -> str:
    """A value as people read it; hours as a length, texts cut, lists counted."""
    if value is None or value == "" or value == ():
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | int):
        return hours_text(float(value)) if field.endswith("hours") else f"{value:,.10g}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        plain = [one for one in value if isinstance(one, str)]
        return ", ".join(plain)[:LONGEST] if len(plain) == len(value) else f"{len(value)} lines"
    if isinstance(value, Item):
        return "stated"
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
