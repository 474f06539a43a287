"""What a form or a list shows: every field with what was typed, its fault, its choices, and what the plan's check says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from assessments.continuity.plan import KINDS, Item, Kind, Plan
from assessments.planning import typed
from assessments.planning.editor import rows_in, values_of
from assessments.planning.fields import ORGANISATION, Field, field_at, fields_of, words_of
from assessments.planning.vendors import names_of
from riskboard.locales import duration, figure, figures, when

NOT_STATED = gettext_lazy("not stated")
ROWS_AT_FIRST = 1


@dataclass(slots=True)
class Input:
    """One field of a form. `parts` are the fields of a part; `rows` those of each row of a list, by number."""

    field: Field
    path: str
    value: str
    label: str
    fault: str = ""
    notes: tuple[Any, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    parts: list[Input] = field(default_factory=list)
    rows: list[tuple[int, list[Input]]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The element's id, and the anchor that leads to it."""
        return "f-" + self.path.replace(".", "-")

    @property
    def add_path(self) -> str:
        """What the button that adds a row is called, where the reader is sent to it."""
        return f"{self.path}.add"

    @property
    def is_used(self) -> bool:
        """Whether something stands in it, or is said about it: then it is shown open."""
        own = bool(self.value or self.fault or self.notes)
        return own or any(one.is_used for one in self.parts) or bool(self.fault or self.rows)

    @property
    def described_by(self) -> str:
        """The ids of help and fault, for the reader who hears the page."""
        hint = f"{self.id}-hint " if self.field.hint else ""
        return (hint + (f"{self.id}-fault" if self.fault else "")).strip()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the fields of one form are shown from."""

    plan: Plan
    values: Mapping[str, str]
    faults: Mapping[str, str]
    notes: Mapping[str, Sequence[Any]]
    extra: str


def inputs(
    kind: str,
    plan: Plan,
    values: Mapping[str, str],
    *,
    faults: Mapping[str, str] | None = None,
    notes: Mapping[str, Sequence[Any]] | None = None,
    extra: str = "",
) -> tuple[list[Input], list[Input]]:
    """The fields of a form, and those that open on demand. `extra`: the list that gets one more empty row."""
    asked = _Asked(plan, values, faults or {}, notes or {}, extra)
    made = [_input(one, one.name, asked) for one in fields_of(kind)]
    folded = words_of(kind).folded
    return [one for one in made if one.path not in folded], [one for one in made if one.path in folded]


def alone(one: Field, plan: Plan, values: Mapping[str, str], faults: Mapping[str, str]) -> Input:
    """A field that belongs to no item."""
    return _input(one, one.path, _Asked(plan, values, faults, {}, ""))


def _input(one: Field, path: str, asked: _Asked) -> Input:
    made = Input(
        one, path, asked.values.get(path, ""), _label(one, asked.plan), asked.faults.get(path, ""),
        tuple(asked.notes.get(path, ())), _options(one, asked.plan),
    )  # fmt: skip
    if one.widget == "part":
        made.parts = [_input(part, f"{path}.{part.name}", asked) for part in one.fields]
    elif one.widget == "rows":
        numbers = rows_in(asked.values, path)
        if asked.extra == path or not numbers:
            numbers = [*numbers, max(numbers, default=-1) + 1]
        made.rows = [
            (n, [_input(part, f"{path}.{n}.{part.name}", asked) for part in one.fields]) for n in numbers
        ]  # fmt: skip
    return made


def _label(one: Field, plan: Plan) -> str:
    unit = plan.organisation.currency if one.widget == "money" else one.unit
    return f"{one.label} ({unit})" if unit else one.label


def _options(one: Field, plan: Plan) -> tuple[tuple[str, str], ...]:
    """What a select offers, (value, word)."""
    nothing = ("", gettext("choose") if one.required else str(NOT_STATED))
    if one.widget == "choice":
        return (nothing, *((value, gettext(value)) for value in one.choices))
    if one.widget == "maybe":
        return (("", gettext("not known")), ("yes", gettext("yes")), ("no", gettext("no")))
    if one.widget == "reference" and one.target:
        return (nothing, *((item.id, title(item)) for item in getattr(plan, one.target)))
    return ()


def title(item: Any) -> str:
    """What an item is called: its name, else its id."""
    return str(getattr(item, "name", "") or item.id)


def names(plan: Plan) -> dict[str, dict[str, str]]:
    """The items' titles by kind and id."""
    return {kind: {item.id: title(item) for item in getattr(plan, kind)} for kind in KINDS}


def heading(kind: Kind, item: Any, plan: Plan) -> str:
    """What an item is about, for a heading: its name, or what it ties together."""
    known = names(plan)
    match kind:
        case "dependencies":
            process, service = known["processes"].get(item.process, ""), known["services"].get(item.service, "")
            return gettext("%(process)s on %(service)s") % {"process": process, "service": service}
        case "runbooks":
            return gettext("Runbook for %(service)s") % {"service": known["services"].get(item.service, item.service)}
        case "exercises":
            return gettext("%(exercise)s of %(day)s") % {
                "exercise": gettext(item.kind).capitalize(),
                "day": item.held_on,
            }
        case "commitments":
            return gettext("%(what)s promised by %(vendor)s") % {
                "what": gettext(item.kind).capitalize(),
                "vendor": item.vendor,
            }
        case "decisions":
            return gettext("%(rule)s for %(vendor)s") % {"rule": item.rule, "vendor": item.vendor}
        case _:
            return title(item)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a list. `order` is what it is sorted by; None stands last."""

    text: str
    order: Any
    number: bool = False


def rows(kind: Kind, plan: Plan) -> list[tuple[Any, list[Cell]]]:
    """Every item of a kind with its list's cells. One query, however many items."""
    columns = [field_at(kind, path) for path in words_of(kind).list]
    known, unstated = names(plan), words_of(kind).unstated
    vendors = names_of(
        value for item in getattr(plan, kind) for one in columns if one and one.widget == "vendor"
        if (value := getattr(item, one.name))
    )  # fmt: skip
    return [
        (item, [cell(one, getattr(item, one.name), plan, known, vendors, unstated) for one in columns if one])
        for item in getattr(plan, kind)
    ]


def cell(
    one: Field, value: Any, plan: Plan, known: Mapping[str, Mapping[str, str]], vendors: Mapping[str, str],
    unstated: Mapping[str, str],
) -> Cell:  # fmt: skip
    """A value in words. Unknown says so."""
    if value is None or value == "":
        word = unstated.get(one.path, gettext("not known") if one.widget == "maybe" else str(NOT_STATED))
        return Cell(word, None, one.widget in _NUMBERS)
    match one.widget:
        case "hours":
            return Cell(duration(value), value, True)
        case "money":
            return Cell(f"{figure(value, ',.0f')} {plan.organisation.currency}", value, True)
        case "share":
            return Cell(f"{figures(typed.shown(one, value))} %", value, True)
        case "flag" | "maybe":
            return Cell(gettext("yes") if value else gettext("no"), not value)
        case "reference":
            return Cell(known[one.target or ""].get(value, value), value)
        case "vendor":
            return Cell(vendors.get(value, value), vendors.get(value, value).casefold())
        case "date":
            return Cell(when(value) if isinstance(value, date) else str(value), str(value))
        case _:
            return Cell(str(value), str(value).casefold(), one.widget == "count")


_NUMBERS = ("hours", "money", "share", "count")


def differences(kind: str, mine: Item | None, theirs: Item | None) -> list[tuple[str, str, str]]:
    """(field, mine, theirs) of every field in which two states of an item differ, in the form's order."""
    left, right = (values_of(kind, one) if one else {} for one in (mine, theirs))
    paths = dict.fromkeys([*left, *right])
    return [
        (path_label(kind, path), left.get(path, ""), right.get(path, ""))
        for path in paths
        if left.get(path, "") != right.get(path, "")
    ]


def path_label(kind: str, path: str) -> str:
    """A path in words: "channels.1.address" is "Ways to reach them, row 2: Number or address"."""
    said, so_far = [], []
    for part in path.split("."):
        if part.isdecimal():
            said[-1] += gettext(", row %(n)s") % {"n": int(part) + 1}
            continue
        so_far.append(part)
        one = field_at(kind, ".".join(so_far))
        said.append(one.label if one else part)
    return ": ".join(said)


def kinds_nav() -> list[tuple[str, str]]:
    """(kind, its name) of every kind that has a list of its own in the plan's navigation."""
    return [(kind, words_of(kind).many) for kind in KINDS if kind not in ("commitments", "decisions")]


__all__ = [
    "ORGANISATION", "Cell", "Input", "cell", "differences", "heading", "inputs", "kinds_nav", "names", "rows", "title",
]  # fmt: skip
