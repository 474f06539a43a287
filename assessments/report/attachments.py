"""The data a report carries: facts, assessment, incidents as CSV, and a manifest with the hash of each."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import Literal

import msgspec

from assessments.report.figures import printed, printed_in_portfolio
from assessments.scoring.model import Assessment, Method
from assessments.scoring.pipeline import encode
from riskboard.output import safe_cell
from vendors.facts_file import dumps, normalise
from vendors.records import VendorFacts

MANIFEST = "manifest.json"
Kind = Literal["vendor", "portfolio"]
PRINTED = {"vendor": printed, "portfolio": printed_in_portfolio}


class Printed(msgspec.Struct, frozen=True):
    """One figure on a page: where it stands in the assessment, and its text."""

    path: str
    text: str


class Entry(msgspec.Struct, frozen=True):
    """One vendor's files: names of its attachments, and what the pages print of it."""

    facts: str
    assessment: str
    printed: tuple[Printed, ...]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`riskboard.manifest/1`: sha256 by attachment name, the kind of report, the method, and the vendors in order."""

    sha256: dict[str, str]
    kind: Kind
    method: Method
    vendors: tuple[Entry, ...]
    schema: str = "riskboard.manifest/1"


def attachments(pairs: list[tuple[Assessment, VendorFacts]], *, kind: Kind) -> dict[str, bytes]:
    """Name to bytes. A vendor report: `facts.json`, `assessment.json`, `incidents.csv`; a portfolio: slugs in front.

    The manifest says of each vendor which figures its pages print; that depends on the kind of report.
    """
    files: dict[str, bytes] = {}
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
    manifest = Manifest(sha256=hashes, kind=kind, method=pairs[0][0].method, vendors=tuple(entries))
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
