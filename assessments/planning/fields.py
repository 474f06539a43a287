"""The fields of every kind of a plan, read from its types: what a form asks and how each answer is typed."""

from __future__ import annotations

import tomllib
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import msgspec
from django.utils.translation import gettext

from assessments.continuity import plan as nouns
from assessments.continuity.plan import KINDS, Item, Kind
from assessments.continuity.plan_file import REFERENCES

Widget = Literal[
    "line", "note", "link", "code", "hours", "money", "share", "count", "date", "choice", "flag", "maybe",
    "reference", "vendor", "lines", "slugs", "part", "rows",
]  # fmt: skip
ORGANISATION = "organisation"
_ALIASES: tuple[tuple[Any, Widget], ...] = (
    (nouns.Name, "line"), (nouns.Line, "line"), (nouns.Note, "note"), (nouns.Link, "link"), (nouns.HoursOf, "hours"),
    (nouns.Wait, "hours"), (nouns.Share, "share"), (nouns.Money, "money"), (nouns.Count, "count"),
)  # fmt: skip
_VENDORS = ("vendor", "by_vendor")
_LONGEST: dict[Widget, int] = {"line": 500, "note": 5_000, "link": 2_000}


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `path` as "contract.credits.below"; `fields` are those of a part, or of each row of a list.

    `asked` and `told` are its label and help as the table has them; `label` and `hint` the same in the reader's language.
    """

    path: str
    widget: Widget
    asked: str
    told: str
    required: bool
    default: Any
    optional: bool
    longest: int = 0
    choices: tuple[str, ...] = ()
    target: Kind | None = None
    fields: tuple[Field, ...] = ()
    struct: type[Item] | None = None

    @property
    def name(self) -> str:
        """The attribute's name."""
        return self.path.rpartition(".")[2]

    @property
    def label(self) -> str:
        """What the form asks."""
        return _said(self.asked)

    @property
    def hint(self) -> str:
        """What stands below it."""
        return _said(self.told)

    @property
    def unit(self) -> str:
        """What the label adds in brackets; empty where the field has no unit."""
        days = self.widget == "count" and self.name.endswith("days")
        return gettext("days") if days else {"share": "%", "hours": gettext("like 4h or 3d")}.get(self.widget, "")


@dataclass(frozen=True, slots=True)
class KindWords:
    """What a kind is called, what its list says first and shows, and which of its fields open on demand.

    `unstated`: what the list says of a field left empty, where that is more than "not stated".
    """

    one: str
    many: str
    lead: str
    list: tuple[str, ...]
    folded: tuple[str, ...] = ()
    folded_name: str = ""
    unstated: dict[str, str] = field(default_factory=dict)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "fields.toml").read_text(encoding="utf-8"))


def struct_of(kind: str) -> type[Item]:
    """The type of a kind's items, or of the organisation."""
    return nouns.Organisation if kind == ORGANISATION else KINDS[kind]  # type: ignore[index]


def words_of(kind: str) -> KindWords:
    """The words of a kind, in the reader's language."""
    words = _words(kind)
    return replace(
        words, one=_said(words.one), many=_said(words.many), lead=_said(words.lead), folded_name=_said(words.folded_name),
        unstated={path: _said(word) for path, word in words.unstated.items()},
    )  # fmt: skip


@cache
def _words(kind: str) -> KindWords:
    return msgspec.convert(_table()["kinds"][kind], KindWords)


def _said(text: str) -> str:
    return gettext(text) if text else ""


@cache
def fields_of(kind: str) -> tuple[Field, ...]:
    """Every field of a kind but its id, in the order of the type."""
    return tuple(one for one in _fields(struct_of(kind), kind, "") if one.path != "id")


@cache
def field_at(kind: str, path: str) -> Field | None:
    """The field of that path ("contract.availability"; rows are named without their number), None where there is none."""
    found = [one for one in _walk(fields_of(kind)) if one.path == path]
    return found[0] if found else None


def _walk(fields: tuple[Field, ...]) -> Iterator[Field]:
    for one in fields:
        yield one
        yield from _walk(one.fields)


def _fields(struct: type[Item], kind: str, before: str) -> Iterator[Field]:
    hints = typing.get_type_hints(struct, include_extras=True)
    for info in msgspec.structs.fields(struct):
        yield _field(kind, f"{before}{info.name}", hints[info.name], info)


def _field(kind: str, path: str, hint: Any, info: Any) -> Field:
    """One field from its annotation."""
    name = path.rpartition(".")[2]
    optional = get_origin(hint) in (Union, types.UnionType)
    inner = next(one for one in get_args(hint) if one is not type(None)) if optional else hint
    label, help_text = _table()[kind].get(path, (name.replace("_", " ").capitalize(), ""))
    made = Field(
        path=path,
        widget="line",
        asked=label,
        told=help_text,
        required=info.required,
        default=None if info.required else info.default,
        optional=optional,
    )
    return replace(made, **_kind_of_widget(kind, path, name, inner, optional))


def _kind_of_widget(kind: str, path: str, name: str, inner: Any, optional: bool) -> dict[str, Any]:
    """What the annotation says of the widget."""
    target = _target(kind, path)
    if target is not None:
        return {"widget": "reference", "target": target}
    if name in _VENDORS:
        return {"widget": "vendor", "longest": 2_000}
    for alias, widget in _ALIASES:
        if inner == alias:
            longest = 200 if inner == nouns.Name else _LONGEST.get(widget, 40)
            return {"widget": widget, "longest": longest}
    if inner is bool:
        return {"widget": "maybe" if optional else "flag"}
    if inner is date:
        return {"widget": "date"}
    if get_origin(inner) is Literal:
        return {"widget": "choice", "choices": get_args(inner)}
    if get_origin(inner) is tuple:
        return _of_tuple(kind, path, get_args(inner)[0])
    if isinstance(inner, type) and issubclass(inner, Item):
        return {"widget": "part", "struct": inner, "fields": tuple(_fields(inner, kind, f"{path}."))}
    return {"widget": "code", "longest": 80}


def _of_tuple(kind: str, path: str, of: Any) -> dict[str, Any]:
    if isinstance(of, type) and issubclass(of, Item):
        return {"widget": "rows", "struct": of, "fields": tuple(_fields(of, kind, f"{path}."))}
    return {"widget": "slugs" if of == nouns.Slug else "lines", "longest": 20_000}


def _target(kind: str, path: str) -> Kind | None:
    """The kind whose items the field names, None where it names none."""
    if (kind, path) == ("runbooks", "steps.who"):
        return "contacts"
    return next((target for source, field, target in REFERENCES if (source, field) == (kind, path)), None)
