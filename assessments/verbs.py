"""The two writes of this app: judge a vendor, make a report. Both give back what already exists for the same input."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction

from assessments.following import follow
from assessments.forecast.history import known_components
from assessments.models import AssessmentRow, Report
from assessments.questionnaire.answers import judged_answers, with_replies
from assessments.report.files import Made
from assessments.report.pdf import Paper
from assessments.scoring.model import Assessment, Needs
from assessments.scoring.moved import moved
from assessments.scoring.pipeline import assess, encode, method
from riskboard.locales import ENGLISH
from riskboard.output import write_output
from vendors.facts import facts_of
from vendors.facts_file import pack, sha256
from vendors.models import Vendor
from vendors.records import VendorFacts
from vendors.snapshots import cite


def assess_vendor(vendor: Vendor, *, needs: Needs, as_of: datetime) -> AssessmentRow:
    """The judgement of the vendor's stored facts: a new row, or the one made from exactly this input before.

    Answers to the questionnaire that stand for the vendor join the needs, unless those bring their own; its objections join the
    facts.
    """
    facts = with_replies(vendor, facts_of(vendor, as_of=as_of))
    known_components(facts, needs.components)
    before = _last(vendor, needs.rto_hours, as_of)
    answers = needs.backup or judged_answers(vendor)
    needs = msgspec.structs.replace(needs, previous_grade=before and before.grade, backup=answers)
    facts_hash = sha256(facts)
    parts = [facts_hash.encode(), method().sha256.encode(), msgspec.json.encode(needs), as_of.isoformat().encode()]
    key = hashlib.sha256(b"\n".join(parts)).hexdigest()
    if (known := AssessmentRow.objects.filter(input_sha256=key).first()) is not None:
        follow(known)
        return known
    made = assess(facts, needs, as_of=as_of)
    cite(note.sha256 for note in facts.sources if note.sha256)
    row, _ = AssessmentRow.objects.get_or_create(
        input_sha256=key,
        defaults={
            "vendor": vendor,
            "as_of": as_of,
            "rto_hours": needs.rto_hours,
            "document": encode(made),
            "facts": pack(facts),
            "facts_sha256": facts_hash,
            "method_version": made.method.version,
            "method_sha256": made.method.sha256,
            "value": made.score.value,
            "low": made.score.low,
            "high": made.score.high,
            "coverage": made.score.coverage,
            "grade": made.score.grade,
            "p_exceed": made.forecast.p_exceed,
            "chance": None if made.forecast.confidence == "insufficient" else made.forecast.p_exceed,
            "pillars": {pillar.id: pillar.value for pillar in made.pillars},
            "disputed": bool(made.disputes),
            "last_incident_at": max((i.started_at for i in facts.incidents if i.started_at <= as_of), default=None),
            "moved": _moved(before, made, facts),
        },
    )
    follow(row)
    return row


def _last(vendor: Vendor, rto_hours: float, as_of: datetime) -> AssessmentRow | None:
    """The vendor's assessment before that time for the same RTO: its letter steadies ours, its total is what ours moved from."""
    earlier = AssessmentRow.objects.filter(vendor=vendor, rto_hours=rto_hours, as_of__lt=as_of)
    return earlier.order_by("-as_of", "-pk").first()


def _moved(before: AssessmentRow | None, made: Assessment, facts: VendorFacts) -> dict[str, Any] | None:
    change = moved(before.parsed(), before.parsed_facts(), made, facts) if before else None
    built: dict[str, Any] | None = msgspec.to_builtins(change)
    return built


def make_report(
    rows: Sequence[AssessmentRow],
    *,
    compared: bool = False,
    paper: Paper = "a4",
    archive: bool = False,
    language: str = ENGLISH,
    report: Callable[[int, str], None] = lambda percent, message: None,
) -> Report:
    """The report on one assessment, or on several as a portfolio or `compared`. The file is whole before the row points at it.

    Raises Refused when the disk is full or the folder cannot be written to, or when it meets a limit of the render process;
    nothing is half-written then. Whatever `report` raises ends the render at once.
    """
    from assessments.report import files
    from assessments.report.beside import NOTHING
    from assessments.report_beside import beside_for

    kind, form = kind_of(rows, compared=compared), form_of(paper, archive=archive, language=language)
    known = made_before(rows, compared=compared, paper=paper, archive=archive, language=language)
    if known is not None:
        return known
    report(70, "writing the report")
    pairs = [(row.parsed(), row.parsed_facts()) for row in rows]
    made = files.make(
        pairs,
        kind=kind,
        paper=paper,
        archive=archive,
        language=language,
        beside=beside_for(rows[0]) if kind == "vendor" else NOTHING,
        hear=files.hearer(report),
    )
    name = rows[0].vendor.slug if kind == "vendor" else kind
    return keep_report(_report_key(rows, kind, form), made, kind=kind, name=name + form, rows=rows)


def made_before(
    rows: Sequence[AssessmentRow],
    *,
    compared: bool = False,
    paper: Paper = "a4",
    archive: bool = False,
    language: str = ENGLISH,
) -> Report | None:
    """The report of exactly that input, where it was made and its file is there; a handful of queries."""
    key = _report_key(rows, kind_of(rows, compared=compared), form_of(paper, archive=archive, language=language))
    known = Report.objects.filter(key=key).first()
    return known if known is not None and known.path.is_file() else None


def kind_of(rows: Sequence[AssessmentRow], *, compared: bool) -> str:
    """Which kind of report those rows make."""
    return "comparison" if compared else "vendor" if len(rows) == 1 else "portfolio"


def _report_key(rows: Sequence[AssessmentRow], kind: str, form: str) -> str:
    from assessments.report import files
    from assessments.report_beside import beside_for, digest

    made_of = " ".join(row.input_sha256 for row in rows)
    more = digest(beside_for(rows[0])) if kind == "vendor" else ""
    return hashlib.sha256(f"{kind} {files.edition()}{form} {made_of}{more}".encode()).hexdigest()


def form_of(paper: Paper, *, archive: bool, language: str = ENGLISH) -> str:
    """What paper, archive and language add to a report's name and key: nothing for A4, PDF/UA and English."""
    spoken = "" if language == ENGLISH else f"-{language}"
    return ("" if paper == "a4" else f"-{paper}") + ("-archive" if archive else "") + spoken


def keep_report(key: str, made: Made, *, kind: str, name: str, rows: Sequence[AssessmentRow]) -> Report:
    """The row of a finished file, which is whole before the row points at it. Raises Refused as `make_report`."""
    digest = hashlib.sha256(made.data).hexdigest()
    path = Path(settings.MEDIA_ROOT) / "reports" / f"{digest}.{made.format}"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_output(path, made.data)
    with transaction.atomic():
        row, _ = Report.objects.update_or_create(
            key=key,
            defaults={
                "kind": kind,
                "format": made.format,
                "sha256": digest,
                "size": len(made.data),
                "pages": made.pages,
                "name": name,
            },
        )
        row.assessments.set(rows)
    return row
