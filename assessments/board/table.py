"""Which columns the vendor list shows, in which order and how densely: by the address, else as the reader once chose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from riskboard.accounts.models import Profile

LIST = "vendors"
DENSITIES = ("roomy", "compact")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, what it sorts by ("" for nothing), and its look."""

    id: str
    label: str | Promise
    sort: str = ""
    look: str = ""


NAME = Column("name", _("Vendor"), "name")  # always the first: it heads its row
COLUMNS: dict[str, Column] = {
    one.id: one
    for one in (
        Column("used", _("Used for")), Column("rto", _("RTO"), "rto", "num"),
        Column("chance", _("Chance beyond it, a year"), "chance", "num"),
        Column("readiness", _("Readiness"), "readiness", "num"), Column("grade", _("Grade")),
        Column("known", _("Known"), "known", "num"), Column("trend", _("Trend")),
        Column("incident", _("Last incident"), "incident", "num"), Column("judged", _("Judged"), "judged", "num"),
        Column("category", _("Category"), "category"), Column("owner", _("Owner"), "owner"),
        Column("criticality", _("Criticality"), "criticality"), Column("note", _("Note")),
    )
}  # fmt: skip
USUAL = ("used", "rto", "chance", "readiness", "grade", "known", "trend", "incident", "judged")


@dataclass(frozen=True, slots=True)
class Shape:
    """How the list is shown. `own`: the reader's choice, or the address's, and not the usual one."""

    columns: tuple[Column, ...]
    density: str
    own: bool


def known(names: Iterable[Any]) -> tuple[Column, ...]:
    """The columns of those ids, each once, in that order; what is no column (any more) is left out."""
    found = dict.fromkeys(name for name in names if isinstance(name, str) and name in COLUMNS)
    return tuple(COLUMNS[name] for name in found)


def shape(request: HttpRequest, query: Mapping[str, str]) -> Shape:
    """The list's shape for that reader and address."""
    kept = _kept(request)
    named = known(query["cols"].split(",")) if query.get("cols") else ()
    stored = kept.get("cols")
    columns = named or known(stored if isinstance(stored, list) else ())
    density = query.get("density") or kept.get("density")
    density = density if density in DENSITIES else DENSITIES[0]
    usual = known(USUAL)
    return Shape(columns or usual, density, own=(columns or usual) != usual or density != DENSITIES[0])


def keep(request: HttpRequest, columns: Iterable[str], density: str) -> None:
    """Remember the reader's choice; nothing that can be used is the usual one again."""
    ids = [one.id for one in known(columns)]
    chosen = {"cols": ids, "density": density if density in DENSITIES else DENSITIES[0]} if ids else None
    _write(request, chosen)


def forget(request: HttpRequest) -> None:
    """The usual columns again."""
    _write(request, None)


def placed(typed: Mapping[str, str], ticked: Iterable[str]) -> list[str]:
    """The ticked columns in the order of the numbers typed beside them; without a number, last, as they stand."""
    order = {name: n for n, name in enumerate(COLUMNS)}

    def place(name: str) -> tuple[int, int]:
        text = typed.get(f"place-{name}", "")
        return (int(text) if text.isdecimal() and len(text) < 4 else 999, order.get(name, 999))

    return sorted(ticked, key=place)


def _kept(request: HttpRequest) -> dict[str, Any]:
    tables = request.session.get("tables") if _is_nobody(request) else request.profile.tables  # type: ignore[attr-defined]
    found = tables.get(LIST) if isinstance(tables, dict) else None
    return found if isinstance(found, dict) else {}


def _write(request: HttpRequest, chosen: dict[str, Any] | None) -> None:
    rest: Any
    if _is_nobody(request):  # this machine before any account: its browser remembers
        rest = request.session.get("tables", {})
        request.session["tables"] = _without(rest) | ({LIST: chosen} if chosen else {})
        return
    mine, _made = Profile.objects.get_or_create(user=request.who.user)  # type: ignore[attr-defined]
    mine.tables = _without(mine.tables) | ({LIST: chosen} if chosen else {})
    mine.save(update_fields=["tables"])


def _without(tables: Any) -> dict[str, Any]:
    return {name: one for name, one in tables.items() if name != LIST} if isinstance(tables, dict) else {}


def _is_nobody(request: HttpRequest) -> bool:
    return request.who.user is None  # type: ignore[attr-defined]
