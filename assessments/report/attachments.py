"""The data a report carries: facts, assessment, incidents as CSV, and a manifest with the hash of each."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable
from typing import Literal

import msgspec

from assessments.report.beside import NOTHING, Beside, beside_files
from assessments.report.figures import printed, printed_in_comparison, printed_in_portfolio
from assessments.report.whole import printed_on_whole
from assessments.scoring.model import Assessment, Method
from assessments.scoring.pipeline import encode, method
from riskboard.locales import ENGLISH, language
from riskboard.output import safe_cell
from vendors.facts_file import dumps, normalise
from vendors.records import VendorFacts

MANIFEST = "manifest.json"
Kind = Literal["vendor", "portfolio", "comparison", "continuity", "improvement"]
PRINTED: dict[str, Callable[[Assessment], list[tuple[str, str]]]] = {
    "vendor": printed,
    "portfolio": printed_in_portfolio,
    "comparison": printed_in_comparison,
    "continuity": lambda assessment: [],  # a plan's report prints figures of its answer
    "improvement": lambda assessment: [],
}


class Printed(msgspec.Struct, frozen=True):
    """One figure on a page: where it stands in the assessment, and its text."""

    path: str
    text: str


class Entry(msgspec.Struct, frozen=True):
    """One vendor's files: names of its attachments, and what the pages print of it."""

    facts: str
    assessment: str
    printed: tuple[Printed, ...]


class PlanPart(msgspec.Struct, frozen=True):
    """What a plan's report carries besides its vendors: names of its attachments, and what the pages print of the answer.

    `has_history`: its changes are printed. `milestones`: how it stood before, carried as it was frozen; empty where it was not.
    """

    plan: str
    answer: str
    lint: str
    printed: tuple[Printed, ...]
    has_history: bool = False
    milestones: str = ""


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`riskboard.manifest/1`: sha256 by attachment name, the kind of report, the method, and the vendors in order.

    `whole` is what the pages print beyond each vendor's own figures.
    `plan` is there only in reports on a plan, `language` ("de", "fr") only where the pages are not in English.
    """

    sha256: dict[str, str]
    kind: Kind
    method: Method
    vendors: tuple[Entry, ...]
    schema: str = "riskboard.manifest/1"
    whole: tuple[Printed, ...] = ()
    plan: PlanPart | msgspec.UnsetType = msgspec.UNSET
    language: str | msgspec.UnsetType = msgspec.UNSET


def attachments(
    pairs: list[tuple[Assessment, VendorFacts]],
    *,
    kind: Kind,
    more: dict[str, bytes] | None = None,
    plan: PlanPart | msgspec.UnsetType = msgspec.UNSET,
    beside: Beside = NOTHING,
) -> dict[str, bytes]:
    """Name to bytes. A vendor report: `facts.json`, `assessment.json`, `incidents.csv`; a portfolio: slugs in front.

    The manifest says of each vendor which figures its pages print; that depends on the kind of report.
    """
    files: dict[str, bytes] = {**(more or {}), **beside_files(beside)}
    entries = []
    for assessment, facts in pairs:
        prefix = "" if kind == "vendor" else f"{assessment.vendor.slug}."
        files[f"{prefix}facts.json"] = dumps(facts)
        files[f"{prefix}assessment.json"] = encode(assessment)
        if kind == "vendor":
            files["incidents.csv"] = incidents_csv(facts)
        figures = PRINTED[kind](assessment)
        entries.append(
            Entry(
                facts=f"{prefix}facts.json",
                assessment=f"{prefix}assessment.json",
                printed=tuple(Printed(path, text) for path, text in figures),
            )
        )
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    judged_by = pairs[0][0].method if pairs else method()
    spoken = msgspec.UNSET if language() == ENGLISH else language()
    whole = tuple(Printed(path, text) for path, text in printed_on_whole(kind, pairs, beside))
    manifest = Manifest(
        sha256=hashes, kind=kind, method=judged_by, vendors=tuple(entries), whole=whole, plan=plan, language=spoken
    )
    files[MANIFEST] = msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
    return files


def incidents_csv(facts: VendorFacts) -> bytes:
    """One row an incident, in the order of the attached facts; times in UTC.

    Text that a spreadsheet would run is quoted with an apostrophe.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        [
            "id",
            "title",
            "impact",
            "status",
            "started_at",
            "first_posted_at",
            "resolved_at",
            "end_known",
            "updates",
            "components",
            "url",
        ]
    )
    for i in normalise(facts).incidents:
        times = [at.isoformat() if at else "" for at in (i.started_at, i.first_posted_at, i.resolved_at)]
        row = [
            i.id,
            i.title,
            i.impact or "",
            i.status,
            *times,
            i.end_known,
            len(i.updates),
            "; ".join(i.components),
            i.url or "",
        ]
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode()
