"""A table of vendors: who is to be followed, for which RTO, with which words beside it. The same again changes nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext, pgettext

from assessments.models import Followed
from assessments.models.followed import LONGEST_NOTE, Criticality
from assessments.noted import Words
from riskboard import jobs
from riskboard.durations import hours_text, parse_duration
from riskboard.errors import Refused
from vendors.addresses import FetchPolicy, target_of
from vendors.catalogue import index
from vendors.catalogue.pages import known_vendors
from vendors.discovery import as_url
from vendors.evidence.tables import Fault, Table
from vendors.models import StatusPage, Vendor

COLUMNS = ("vendor", "rto", "tags", "note", "owner", "criticality")
MOST_ROWS = 2_000  # docs/limits.md
WOKEN = 20  # jobs whose workers are told at once; to tell a thousand takes ten seconds, and the ticks tell the others
DEFAULT_RTO = 4.0
Act = Literal["follow", "change", "same"]


@dataclass(frozen=True, slots=True)
class Line:
    """What one row asks for. `target`: a slug or an address; `rto_hours` None where the row states none (what is there stays)."""

    row: int
    name: str
    target: str
    rto_hours: float | None
    words: Words
    act: Act
    says: str


@dataclass(frozen=True, slots=True)
class Read:
    """A table as it was understood: its lines, and every fault. Nothing is taken where there is any."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]

    @property
    def changes(self) -> int:
        """How many lines do something."""
        return sum(line.act != "same" for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Known:
    """What names can mean, read once for the whole table."""

    followed: dict[str, Followed]
    slugs: dict[str, str]
    pages: dict[str, str]
    listed: dict[str, str]


def read(table: Table) -> Read:
    """Every row judged against what is followed now. Raises Refused without a vendor column. Queries do not grow with the rows."""
    if "vendor" not in table.columns:
        raise Refused(
            gettext("the table has no column “vendor”; its columns are %(columns)s") % {"columns": ", ".join(COLUMNS)}
        )
    strange = sorted(set(table.columns) - set(COLUMNS) - {"slug"})
    faults = list(table.faults)
    known = _known()
    lines: list[Line] = []
    seen: dict[str, int] = {}
    for row, cells in table.rows:
        try:
            line = _line(row, cells, known, columns=table.columns)
        except _Wrong as wrong:
            faults.append(Fault(row, wrong.column, str(wrong)))
            continue
        if line.target in seen:
            faults.append(
                Fault(row, "vendor", gettext("the same vendor as in row %(seen)s") % {"seen": seen[line.target]})
            )
            continue
        seen[line.target] = row
        lines.append(line)
    if not table.rows:
        faults.append(Fault(1, "vendor", gettext("there is no row below the header")))
    faults += [
        Fault(1, name, gettext("is not a column of this table: %(columns)s") % {"columns": ", ".join(COLUMNS)})
        for name in strange
        if name not in _EXPORTED
    ]
    return Read(tuple(lines), tuple(faults))


# Columns of the list as it is exported, which say what was judged: they are read over, so that the list can be brought back.
_EXPORTED = frozenset(
    [
        "category", "rto_hours", "chance_beyond_rto_a_year", "readiness", "low", "high", "grade", "known_share", "disputed",
        "last_incident_at", "as_of", "method",
    ]
)  # fmt: skip


class _Wrong(Exception):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def _known() -> _Known:
    rows = {row.vendor.slug: row for row in Followed.objects.with_newest()}
    slugs = {row.name.casefold(): row.slug for row in index.bundled()} | {row.slug: row.slug for row in index.bundled()}
    slugs |= {name.casefold(): slug for slug, name in Vendor.objects.values_list("slug", "name")}
    slugs |= {slug: slug for slug in Vendor.objects.values_list("slug", flat=True)}
    pages = {url.rstrip("/"): slug for url, slug in StatusPage.objects.values_list("url", "vendor__slug")}
    listed = {name: one.pages[0].url for one in reversed(known_vendors()) for name in (one.name.casefold(), one.slug)}
    return _Known(rows, slugs, pages, listed)


def _line(row: int, cells: dict[str, str], known: _Known, *, columns: Sequence[str]) -> Line:
    name = (cells.get("slug") or cells["vendor"]).strip()
    if not name:
        raise _Wrong("vendor", gettext("say which vendor: a name, or the address of its status page"))
    target = _target(name, known)
    rto = _rto(cells.get("rto") or (f"{cells['rto_hours']}h" if cells.get("rto_hours") else ""))
    words = _words(cells)
    followed = known.followed.get(target)
    if followed is None:
        told = gettext("is assessed for an RTO of %(rto)s and followed") % {"rto": hours_text(rto or DEFAULT_RTO)}
        return Line(row, cells["vendor"].strip()[:80] or name, target, rto, words, "follow", told)
    there = Words.of(followed)
    left = {name: getattr(there, name) for name in ("tags", "note", "owner", "criticality") if name not in columns}
    words = replace(words, **left)
    told = _difference(followed, rto, words)
    return Line(
        row,
        followed.vendor.name,
        target,
        rto,
        words,
        "change" if told else "same",
        told or gettext("stays as it is"),
    )


def _words(cells: dict[str, str]) -> Words:
    """What the row says of the vendor. Raises _Wrong with the column."""
    note = " ".join(cells.get("note", "").split())
    if len(note) > LONGEST_NOTE:
        raise _Wrong("note", gettext("longer than %(longest_note)s characters") % {"longest_note": LONGEST_NOTE})
    said = {"note": note}
    for name in ("tags", "owner", "criticality"):
        said[name] = cells.get(name, "")
        try:
            Words.typed(**{name: said[name]})
        except Refused as refusal:
            raise _Wrong(name, str(refusal)) from refusal
    return Words.typed(**said)


def _target(name: str, known: _Known) -> str:
    """The slug, or the address of a page nobody follows yet. Raises _Wrong with what to write."""
    slug = known.slugs.get(name.casefold())
    if slug is not None:
        return slug
    url = known.listed.get(name.casefold())  # before it is taken for an address: some names end in "Inc."
    if url is not None:
        return known.pages.get(url.rstrip("/"), url)
    if "." not in name and "/" not in name:
        raise _Wrong(
            "vendor",
            gettext("%(name)s is not in the catalogue; write the address of its status page")
            % {"name": f"{name[:60]!r}"},
        )
    try:
        url = as_url(name)
        target_of(url, FetchPolicy.from_env(os.environ))
    except Refused as refusal:
        raise _Wrong("vendor", str(refusal)) from refusal
    return known.pages.get(url.rstrip("/"), url)


def _rto(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        return parse_duration(text.strip()[:40], what="RTO")
    except Refused as refusal:
        raise _Wrong("rto", str(refusal)) from refusal


def _difference(followed: Followed, rto: float | None, words: Words) -> str:
    """What the row changes of a vendor that is followed, in words; "" for nothing."""
    told = []
    if followed.archived_at is not None:
        told.append(gettext("is brought back"))
    if rto is not None and rto != followed.newest.rto_hours:
        told.append(
            gettext("is judged for an RTO of %(rto)s instead of %(rto_hours)s")
            % {"rto": hours_text(rto), "rto_hours": hours_text(followed.newest.rto_hours)}
        )
    if list(words.tags) != followed.tags:
        none = pgettext("tags", "none")
        told.append(
            gettext("has the tags %(tags)s instead of %(before)s")
            % {"tags": ", ".join(words.tags) or none, "before": ", ".join(followed.tags) or none}
        )
    if words.note != followed.note:
        told.append(gettext("has another note"))
    if words.owner != followed.owner:
        nobody = pgettext("owner", "nobody")
        told.append(
            gettext("is looked after by %(owner)s instead of %(before)s")
            % {"owner": words.owner or nobody, "before": followed.owner or nobody}
        )
    if words.criticality != followed.criticality:
        none = pgettext("criticality", "not stated")
        told.append(
            gettext("has the criticality %(level)s instead of %(before)s")
            % {"level": _level(words.criticality) or none, "before": _level(followed.criticality) or none}
        )
    return "; ".join(told)


def _level(criticality: str) -> str:
    return str(Criticality(criticality).label) if criticality else ""


def take(found: Read) -> int:
    """Do what the lines say, all of it or nothing; how many did something. Raises Refused where the table has a fault."""
    if found.faults:
        raise Refused(gettext("nothing was taken: %(faults)s") % {"faults": found.faults[0]})
    done = 0
    with transaction.atomic():
        rows = {
            row.vendor.slug: row
            for row in Followed.objects.select_for_update(of=("self",)).select_related("vendor", "newest")
        }
        for line in found.lines:
            if line.act == "same":
                continue
            done += 1
            row, quietly = rows.get(line.target), done > WOKEN
            if row is None:
                _begin(line, quietly=quietly)
                continue
            row.archived_at = None
            row.save(update_fields=[*line.words.write(row), "archived_at"])
            if line.rto_hours is not None and line.rto_hours != row.newest.rto_hours:
                _judge(line.target, line.rto_hours, {}, quietly=quietly)
    return done


def _begin(line: Line, *, quietly: bool) -> None:
    """Have a vendor assessed; what is said of it is written once it is followed."""
    _judge(line.target, line.rto_hours or DEFAULT_RTO, line.words.as_args(), quietly=quietly)


def _judge(target: str, hours: float, more: dict[str, object], *, quietly: bool) -> None:
    args = {"target": target, "rto_hours": hours, "components": [], "report": False} | more
    jobs.enqueue("assess", args, queue="score", key=f"import {hours:g} {target}"[:200], quietly=quietly)
