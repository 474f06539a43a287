"""The plan as tables: a sheet for each kind, or one CSV of a kind. What a person types in a form is what stands in a cell.

A column is a field's path; rows of a list are numbered from 1 ("channels.1.address"). What a table leaves out stays: columns,
items and whole kinds. An item is found by its id, or where that is blank by what it is about, so the same table again
changes nothing. Every fault names its cell.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from msgspec.structs import replace

from assessments.continuity import plan_file
from assessments.continuity.plan import KINDS, Kind, Plan
from assessments.continuity.plan_file import PlanError
from assessments.files.reading import MAX_BYTES, is_workbook, read_book
from assessments.files.tables import Cell, Sheet, to_csv, to_json, workbook
from assessments.planning import editor, typed
from assessments.planning.fields import Field, field_at, fields_of, words_of
from riskboard.errors import Refused
from riskboard.locales import LANGUAGES, _, speaking
from riskboard.output import bare_cell
from vendors.evidence.tables import cell_place, read_table

MOST_ROWS = 2_000  # docs/limits.md: of one kind
MOST_COLUMNS = 700  # two hundred steps of a runbook
FREE_ROWS = 2  # columns for so many rows of a list, where the plan has fewer
MOST_FAULTS = 300
_NUMBERED = re.compile(r"\.(\d{1,3})(?=\.|$)")


class TableError(PlanError):
    """A table cannot be used; `faults` are (cell, what is wrong), every one of them."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        place, what = faults[0]
        super().__init__(f"{place}: {what}" if place else what)
        self.faults = tuple(faults)


@dataclass(slots=True)
class _Row:
    """One row: where it stands, its cells by column, and what it becomes."""

    kind: Kind
    place: Any
    cells: dict[str, str]
    id: str = ""
    item: Any = None


@dataclass(slots=True)
class _Reading:
    plan: Plan
    rows: list[_Row] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)

    def fault(self, row: _Row, column: str, what: str) -> None:
        self.faults.append((row.place(column), what))


def columns_of(kind: Kind, plan: Plan) -> list[str]:
    """The columns of a kind: its id, then every field, with as many rows of each list as the plan needs."""
    return ["id", *_columns(fields_of(kind), getattr(plan, kind), "")]


def _columns(fields: Sequence[Field], items: Sequence[Any], before: str) -> Iterator[str]:
    for one in fields:
        path, below = f"{before}{one.name}", [getattr(item, one.name) for item in items if item is not None]
        if one.widget == "part":
            yield from _columns(one.fields, below, f"{path}.")
        elif one.widget == "rows":
            for n in range(max([FREE_ROWS, *(len(rows) for rows in below)])):
                nth = [rows[n] for rows in below if n < len(rows)]
                yield from _columns(one.fields, nth, f"{path}.{n + 1}.")
        else:
            yield path


def rows_of(kind: Kind, plan: Plan, columns: Sequence[str]) -> list[list[Cell]]:
    """The items of a kind in those columns, in the order of their ids."""
    return [_cells(kind, item, columns) for item in getattr(plan, kind)]


def _cells(kind: Kind, item: Any, columns: Sequence[str]) -> list[Cell]:
    values = editor.values_of(kind, item)
    return [item.id if name == "id" else _cell(kind, name, values.get(_inside(name), "")) for name in columns]


def _cell(kind: Kind, column: str, value: str) -> Cell:
    """A value as its cell: shares carry their sign, and what is not so is said, since an empty cell is not known."""
    one = field_at(kind, _NUMBERED.sub("", column))
    if one is None:
        return value or None
    if one.widget == "flag":
        return value or "no"
    if one.widget == "share":
        return f"{value}%" if value else None
    if one.widget == "date" and value:
        return date.fromisoformat(value)
    if one.widget in ("money", "count") and value:
        number = float(value)
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    return value or None


def _inside(column: str) -> str:
    """A column's name as the editor counts it, from 0."""
    return _NUMBERED.sub(lambda found: f".{int(found[1]) - 1}", column)


def to_workbook(plan: Plan) -> bytes:
    """A sheet for each kind, with the words of every choice to pick from, and a sheet that explains the columns.

    Its columns and the words to choose from are the same in every language; the sheets are named, and explained, in the one
    spoken, and found by their names in each.
    """
    sheets, told = [], []
    for kind in KINDS:
        columns = columns_of(kind, plan)
        choices: dict[str, Sequence[str]] = {}
        for name in columns:
            one = field_at(kind, _NUMBERED.sub("", name))
            if one is not None:
                choices[name] = one.choices or (("yes", "no") if one.widget in ("flag", "maybe") else ())
        sheets.append(Sheet(words_of(kind).many, columns, rows_of(kind, plan, columns), choices))
        told += list(_explained(kind))
    return workbook([*sheets, Sheet(_("Read me"), [_("Sheet"), _("Column"), _("Means"), _("How to write it")], told)])


def _explained(kind: Kind) -> Iterator[tuple[str, ...]]:
    many = words_of(kind).many
    yield (
        many,
        "id",
        _("Tells it from the others"),
        _("small letters, digits and hyphens; blank: made from what it is about"),
    )
    for path in _columns(fields_of(kind), (), ""):
        if ".2." in path:  # as the first row of its list
            continue
        one = field_at(kind, _NUMBERED.sub("", path))
        if one is not None:
            hint = f"{one.label}. {one.hint}" if one.hint else one.label
            yield many, path, hint, _how(one)


def _how(one: Field) -> str:
    if one.choices:
        return ", ".join(one.choices)
    if one.target is not None:
        return _("the id or the name of an entry of {sheet}", sheet=words_of(one.target).many)
    ways = {
        "hours": _("like 4h, 90m or 3d"), "share": _("like 60%"), "money": _("a number"), "count": _("a whole number"),
        "date": _("like 2026-08-22"), "flag": _("yes or no"), "maybe": _("yes or no; blank: not known"), "lines": _("one a line"),
        "slugs": _("between commas"), "vendor": _("a name, or the address of its status page"), "link": _("a web address"),
    }  # fmt: skip
    way = ways.get(one.widget, _("text"))
    return _("{way}; needed", way=way) if one.required else way


def to_table(kind: Kind, plan: Plan, form: str) -> bytes:
    """One kind as CSV or JSON."""
    columns = columns_of(kind, plan)
    return (to_json if form == "json" else to_csv)(columns, rows_of(kind, plan, columns))


def load(data: bytes, plan: Plan, *, name: str = "", removes: bool = False) -> Plan:
    """The plan with what a workbook or a CSV says put in. `name`: the file's, by which a CSV says its kind.

    `removes`: items that a sheet leaves out are taken out of its kind. Raises TableError with every fault, Refused for what
    cannot be read at all.
    """
    reading = _Reading(plan)
    kinds = _read(reading, data, name)
    _identify(reading)
    names = _names(reading)
    for row in reading.rows:
        _fill(reading, row, names)
    made = _together(reading, kinds if removes else ())
    if reading.faults:
        raise TableError(reading.faults[:MOST_FAULTS])
    return plan_file.checked(made)


def _read(reading: _Reading, data: bytes, name: str) -> list[Kind]:
    """Every row of every sheet that is a kind's; the kinds found. Raises Refused where there is none."""
    if not is_workbook(data):
        table = read_table(data, what="file", max_bytes=MAX_BYTES, max_rows=MOST_ROWS)
        kind = _kind_of(name, table.columns)
        reading.faults += [(cell_place(one.row, one.column), one.what) for one in table.faults]
        for number, cells in table.rows:
            reading.rows.append(_Row(kind, lambda column, n=number: cell_place(n, column), dict(cells)))
        _known_columns(reading, kind, table.columns, lambda column: f"row 1, {column}")
        return [kind]
    kinds: list[Kind] = []
    titles = _titles()
    for grid in read_book(data, what="file", max_bytes=MAX_BYTES, max_rows=MOST_ROWS + 1, max_columns=MOST_COLUMNS):
        kind = titles.get(grid.title.strip().casefold())
        if kind is None:
            continue
        if not grid.rows:
            continue
        kinds.append(kind)
        head = [_column(cell) for cell in grid.rows[0]]
        at = {column: n for n, column in enumerate(head, start=1) if column}
        if len(at) != sum(map(bool, head)):
            reading.faults.append((grid.place(1, 1), "a column is named twice"))
        _known_columns(reading, kind, list(at), lambda column, g=grid, a=at: g.place(1, a[column]))
        for number, cells in enumerate(grid.rows[1:], start=2):
            if any(cells):
                found = {column: cells[n - 1] if n <= len(cells) else "" for column, n in at.items()}
                place = lambda column, n=number, g=grid, a=at: g.place(n, a.get(column, 1))  # noqa: E731
                reading.rows.append(_Row(kind, place, found))
    if not kinds:
        sheets = ", ".join(words_of(kind).many for kind in KINDS)
        raise Refused(f"no sheet of the file is one of {sheets}; take the workbook of the plan and fill it")
    return kinds


def _titles() -> dict[str, Kind]:
    """The kinds by the names their sheet may have: those of every language, and their own."""
    titles: dict[str, Kind] = {}
    for code in LANGUAGES:
        with speaking(code):
            titles |= {words_of(kind).many.casefold(): kind for kind in KINDS}
    return titles | {str(kind): kind for kind in KINDS}


def _column(text: str) -> str:
    return "_".join(text.strip().casefold().split())


def _kind_of(name: str, columns: Sequence[str]) -> Kind:
    """The kind a CSV is of: by its file's name, else the only one that has all its columns. Raises Refused."""
    stem = name.rpartition(".")[0].casefold() or name.casefold()
    named = next((kind for kind in KINDS if stem.startswith(kind)), None)
    if named is not None:
        return named
    fitting = [kind for kind in KINDS if all(_is_column(kind, column) for column in columns)]
    if len(fitting) == 1:
        return fitting[0]
    raise Refused(f"name the file after what it holds, like processes.csv; the kinds are {', '.join(KINDS)}")


def _is_column(kind: Kind, column: str) -> bool:
    one = field_at(kind, _NUMBERED.sub("", column))
    return column == "id" or (one is not None and one.widget not in ("part", "rows"))


def _known_columns(reading: _Reading, kind: Kind, columns: Sequence[str], place: Any) -> None:
    for column in columns:
        if not _is_column(kind, column):
            reading.faults.append((place(column), f"{column[:60]!r} is no column of the {kind}"))


def _identify(reading: _Reading) -> None:
    """Give every row its id: the one it has, else one made of what it is about."""
    seen: dict[tuple[str, str], _Row] = {}
    for row in reading.rows:
        given = row.cells.get("id", "").strip()
        row.id = given or _about(row)
        if given and not typed.is_slug(given):
            reading.fault(
                row,
                "id",
                f"{given[:40]!r}: write small letters, digits and hyphens, like {typed.slug_of(given) or 'mail'}",
            )
        first = seen.setdefault((row.kind, row.id), row)
        if first is not row:
            what = "the same id" if given else "about the same; give each an id"
            reading.fault(row, "id", f"{what} as {first.place('id')}: {row.id}")


def _about(row: _Row) -> str:
    """What an item without an id is called: made of the same cells each time."""
    return editor.id_of(
        row.kind, {name: typed.slug_of(cell) if name != "name" else cell for name, cell in row.cells.items()}
    )


def _names(reading: _Reading) -> dict[str, dict[str, str]]:
    """Per kind, what a reference may be written as: an id, or a name that only one item has, of the plan or of the file."""
    found: dict[str, dict[str, set[str]]] = {kind: {} for kind in KINDS}
    for kind in KINDS:
        for item in getattr(reading.plan, kind):
            found[kind].setdefault(getattr(item, "name", item.id).casefold(), set()).add(item.id)
    for row in reading.rows:
        if name := row.cells.get("name", "").strip().casefold():
            found[row.kind].setdefault(name, set()).add(row.id)
    made = {
        kind: {name: next(iter(ids)) for name, ids in names.items() if len(ids) == 1} for kind, names in found.items()
    }
    for kind in KINDS:
        made[kind] |= {item.id: item.id for item in getattr(reading.plan, kind)}
    for row in reading.rows:
        made[row.kind][row.id] = row.id
    return made


def _fill(reading: _Reading, row: _Row, names: Mapping[str, Mapping[str, str]]) -> None:
    """Make the row's item: what its cells say, over what stands."""
    stands = plan_file.get(reading.plan, row.kind, row.id)
    if stands is not None and _as_it_stands(row, stands):
        row.item = stands
        return
    values = editor.values_of(row.kind, stands) if stands is not None else editor.defaults_of(row.kind)
    for column, cell in row.cells.items():
        one = field_at(row.kind, _NUMBERED.sub("", column))
        if one is None or column == "id":
            continue
        try:
            values[_inside(column)] = _value(one, cell, names)
        except typed.Fault as fault:
            reading.fault(row, column, str(fault))
    read = editor.read(row.kind, values, item_id=row.id, plan=reading.plan)
    for path, what in read.faults.items():
        reading.fault(row, _outside(path), what)
    row.item = read.item


def _as_it_stands(row: _Row, item: Any) -> bool:
    """Whether every cell is as it would be written: then nothing is read anew, and nothing can change."""
    columns = [name for name in row.cells if _is_column(row.kind, name)]
    cells = _cells(row.kind, item, columns)
    return all(_is_same(row.cells[name], cell) for name, cell in zip(columns, cells, strict=True))


def _is_same(text: str, cell: Cell) -> bool:
    """Whether the text is how that cell comes back: a workbook keeps but fifteen digits of a number."""
    if isinstance(cell, int | float):
        try:
            return math.isclose(float(text), cell, rel_tol=1e-14)
        except ValueError:
            return False
    return _canon(text) == _canon(cell)


def _canon(cell: Cell) -> str:
    """A cell without what the two formats and a form do to its ends, and to marks before a formula, on the way out or back."""
    return "" if cell is None else bare_cell(typed.clean(str(cell)))


def _value(one: Field, cell: str, names: Mapping[str, Mapping[str, str]]) -> str:
    """The cell as a form would send it. Raises typed.Fault."""
    text = cell.strip()
    if one.widget == "flag":
        if not text:
            return "yes" if one.default else ""
        if text.casefold() not in ("yes", "no"):
            raise typed.Fault("Write yes or no.")
        return "yes" if text.casefold() == "yes" else ""
    if one.widget in ("maybe", "choice"):
        return text.casefold()
    if one.target is not None and text:
        known = names[one.target].get(text) or names[one.target].get(text.casefold())
        if known is None:
            raise typed.Fault(f"{text[:60]!r} is not among the {one.target}, neither here nor in the file.")
        return known
    return cell


def _outside(path: str) -> str:
    """A path of the editor as a column's name."""
    return _NUMBERED.sub(lambda found: f".{int(found[1]) + 1}", path)


_AT = re.compile(r"\$\.(\w+)\[(\d+)\](?:\.(.+))?")


def _together(reading: _Reading, replaced: Sequence[Kind]) -> Plan:
    """The plan with the rows put in; what does not fit together is named by its cell."""
    if reading.faults:
        return reading.plan
    by_kind: dict[Kind, dict[str, _Row]] = {kind: {} for kind in KINDS}
    for row in reading.rows:
        by_kind[row.kind][row.id] = row
    made: dict[str, tuple[Any, ...]] = {}
    for kind in KINDS:
        kept = () if kind in replaced else (one for one in getattr(reading.plan, kind) if one.id not in by_kind[kind])
        made[kind] = (*kept, *(row.item for row in by_kind[kind].values()))
    plan = replace(reading.plan, **made)
    for path, what in plan_file.faults(plan):
        at = _AT.match(path)
        item = made[at[1]][int(at[2])] if at else None
        row = by_kind[at[1]].get(item.id) if at and item is not None else None  # type: ignore[index]
        column = _outside(re.sub(r"\[(\d+)\]", r".\1", at[3] or "id")) if at else "id"
        reading.faults.append((row.place(column) if row else "", what))
    return plan
