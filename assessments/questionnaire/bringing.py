"""Answers brought in as a file: what each row would change, who answered meanwhile, and taking it whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Literal

from django.db import transaction
from msgspec.structs import replace as record_with

from assessments.files.reading import is_workbook
from assessments.models import Answer, Followed
from assessments.questionnaire import caiq
from assessments.questionnaire.answer_files import Fault, Row, read, to_table
from assessments.questionnaire.answers import Conflict, answers_of, digest, save_answers
from assessments.questionnaire.items import items
from riskboard.errors import Refused
from riskboard.output import bare_cell
from vendors.models import Vendor
from vendors.records import BackupAnswer

Act = Literal["new", "change", "same", "blank", "conflict"]


@dataclass(frozen=True, slots=True)
class Line:
    """What one row would do. `seen`: the digest of what stands now; `reason` and `source`: where a mapping stands behind it."""

    row: Row
    vendor: Vendor
    question: str
    stands: BackupAnswer | None
    act: Act
    seen: str
    source: str = ""
    reason: str = ""

    @property
    def name(self) -> str:
        """How the form calls the line."""
        return f"{self.vendor.slug} {self.row.item}"

    @property
    def is_chosen(self) -> bool:
        """Whether it is taken unless somebody says no: what somebody else answered is not overwritten by itself."""
        return self.act in ("new", "change")


@dataclass(frozen=True, slots=True)
class Brought:
    """A file held against what stands: its lines, and every fault. Nothing is taken where there is any."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]

    def count(self, *acts: Act) -> int:
        """How many lines do that."""
        return sum(line.act in acts for line in self.lines)

    @property
    def changes(self) -> int:
        """How many lines would do something."""
        return self.count("new", "change", "conflict")

    @property
    def vendors(self) -> list[Vendor]:
        """Whose answers would change."""
        return list(
            {line.vendor.pk: line.vendor for line in self.lines if line.act in ("new", "change", "conflict")}.values()
        )


def look(data: bytes, vendor: Vendor | None) -> tuple[Brought, caiq.Workbook | None]:
    """A file held against what stands, and the CAIQ it is; None for one of ours. A workbook that is not ours is tried as a CAIQ.

    `vendor`: the file is about that vendor; None: each row names its own, and a CAIQ, which names none, is refused. Raises Refused.
    """
    try:
        reading = read(data)
    except Refused as ours:
        if vendor is None or not is_workbook(data):
            raise
        try:
            book = caiq.read(data)
        except Refused as theirs:
            raise (theirs if "CAIQ" in str(theirs) and "no CAIQ" not in str(theirs) else ours) from theirs
        return judge_caiq(book, vendor), book
    return judge(reading.rows, reading.faults, only=vendor), None


def judge(rows: Sequence[Row], faults: Iterable[Fault] = (), *, only: Vendor | None) -> Brought:
    """Each row held against what stands. `only`: the file is about that vendor; None: each row names its own.

    Three queries, however many rows.
    """
    wrong = list(faults)
    known = {} if only else {one.slug: one for one in Vendor.objects.filter(pk__in=Followed.objects.values("vendor"))}
    named = {one.name.casefold(): one for one in known.values()}
    questions = {item.item: item.question for item in items()}
    placed: list[tuple[Row, Vendor]] = []
    for row in rows:
        vendor = only or known.get(row.vendor) or named.get(row.vendor.casefold())
        if vendor is None:
            wrong.append(Fault(row.place, f"{row.vendor[:60] or 'no vendor'!r} is no vendor that is followed here"))
        elif only and row.vendor and row.vendor.casefold() not in (only.slug, only.name.casefold()):
            wrong.append(Fault(row.place, f"this row is about {row.vendor[:60]!r}, not about {only.name}"))
        else:
            placed.append((row, vendor))
    stands = _standing({vendor.pk for _, vendor in placed})
    lines = [_line(row, vendor, questions[row.item], stands.get((vendor.pk, row.item))) for row, vendor in placed]
    return Brought(tuple(lines), tuple(wrong))


def _standing(vendors: set[int]) -> dict[tuple[int, str], BackupAnswer]:
    return {(row.vendor_id, row.item): row.record() for row in Answer.objects.filter(vendor__in=vendors)}


def _line(row: Row, vendor: Vendor, question: str, stands: BackupAnswer | None) -> Line:
    seen = digest(stands)
    return Line(row, vendor, question, stands, _act(row, stands, seen), seen)


def _act(row: Row, stands: BackupAnswer | None, seen: str) -> Act:
    if row.answer is None or (row.answer == "unknown" and stands is None):
        return "blank"
    if stands is not None and _said(row.record()) == _said(stands):
        return "same"
    if row.state is not None and row.state != seen:
        return "conflict"
    return "new" if stands is None else "change"


def _said(one: BackupAnswer) -> tuple[str, str, str]:
    """What an answer says, as a file can hold it: its day and odd blanks are no difference."""
    return one.answer, " ".join((one.evidence or "").split()), bare_cell(" ".join((one.note or "").split()))


def judge_caiq(book: caiq.Workbook, vendor: Vendor) -> Brought:
    """The mapping's proposals held against what stands. One that would replace an answer is taken only if somebody says so."""
    stands = {one.item: one for one in answers_of(vendor)}
    questions = {item.item: item.question for item in items()}
    lines = []
    for one in caiq.propose(book):
        known = stands.get(one.item)
        word = None if one.answer == "unknown" else one.answer
        row = Row(one.source, vendor.slug, one.item, word, "", one.note if word else "", None, "")
        line = _line(row, vendor, questions[one.item], known)
        lines.append(replace(line, source=one.source, reason=one.reason))
    return Brought(tuple(lines), book.faults)


def carried(found: Brought) -> bytes:
    """The lines that do something, as a table to be read again: its states are what stands now."""
    return to_table(
        (
            line.vendor.slug, line.row.item, line.question, line.row.answer, line.row.evidence, line.row.note, line.row.answered_on,
            line.seen,
        )
        for line in found.lines if line.act in ("new", "change", "conflict")
    )  # fmt: skip


def take_acts(found: Brought, *acts: Act, by: str, now: datetime, only: Vendor | None) -> list[str]:
    """Save the lines that do one of those, as they were held against what stood; otherwise as `take`."""
    lines = [line for line in found.lines if line.act in acts]
    rows = [replace(line.row, vendor=line.vendor.slug, state=line.seen) for line in lines]
    return take(rows, by=by, now=now, only=only, taken={line.name for line in lines})


def take(rows: Sequence[Row], *, by: str, now: datetime, only: Vendor | None, taken: set[str]) -> list[str]:
    """Save the rows whose lines are among `taken`, all or none; the names of what changed.

    Raises Conflict, with nothing saved, where somebody answered one of them since the rows were looked at.
    """
    found = judge([replace(row, state=None) for row in rows], only=only)
    done: list[str] = []
    theirs: dict[str, BackupAnswer | None] = {}
    with transaction.atomic():
        for vendor in found.vendors:
            lines = [line for line in found.lines if line.vendor.pk == vendor.pk and line.name in taken]
            given = {line.row.item: _dated(line, now) for line in lines if line.row.answer is not None}
            states = {row.item: row.state or "" for row in rows if only or row.vendor == vendor.slug}
            try:
                saved = save_answers(vendor, given, seen=states, by=by, now=now)
            except Conflict as conflict:
                theirs |= {f"{vendor.slug} {item}": one for item, one in conflict.theirs.items()}
                continue
            done += [f"{vendor.slug} {item}" for item in saved]
        if theirs:
            transaction.set_rollback(True)
    if theirs:
        raise Conflict(theirs)
    return done


def _dated(line: Line, now: datetime) -> BackupAnswer:
    """The answer with the day the file gives it; now, where that is only the day of the answer it replaces."""
    one = line.row.record()
    stood = line.stands and line.stands.answered_at
    if one.answered_at is None or (stood and one.answered_at == datetime.combine(stood.date(), time(0), UTC)):
        return record_with(one, answered_at=now)
    return one
