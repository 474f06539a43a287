"""The data a report carries: facts, assessment, incidents as CSV, and a manifest with the hash of each."""

from __future__ import annotations

import csv
import hashlib
import io

import msgspec

from assessments.report.context import printed
from assessments.scoring.model import Assessment
from assessments.scoring.pipeline import encode
from vendors.facts_file import dumps
from vendors.records import VendorFacts

MANIFEST = "manifest.json"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


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
    """`riskboard.manifest/1`: sha256 by attachment name, and the vendors in order."""

    sha256: dict[str, str]
    vendors: tuple[Entry, ...]
    schema: str = "riskboard.manifest/1"


def attachments(pairs: list[tuple[Assessment, VendorFacts]], *, print_all: bool = True) -> dict[str, bytes]:
    """Name to bytes. One vendor: `facts.json`, `assessment.json`, `incidents.csv`; several: each with its slug in front.

    `print_all`: the pages print every figure of `printed` (a vendor report); else none is promised (a portfolio).
    """
    files: dict[str, bytes] = {}
    entries = []
    for assessment, facts in pairs:
        prefix = "" if len(pairs) == 1 else f"{assessment.vendor.slug}."
        files[f"{prefix}facts.json"] = dumps(facts)
        files[f"{prefix}assessment.json"] = encode(assessment)
        if len(pairs) == 1:
            files["incidents.csv"] = incidents_csv(facts)
        figures = printed(assessment) if print_all else []
        entries.append(
            Entry(
                facts=f"{prefix}facts.json",
                assessment=f"{prefix}assessment.json",
                printed=tuple(Printed(path, text) for path, text in figures),
            )
        )
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    manifest = Manifest(sha256=hashes, vendors=tuple(entries))
    files[MANIFEST] = msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
    return files


def incidents_csv(facts: VendorFacts) -> bytes:
    """One row an incident, times in UTC. Text that a spreadsheet would run is quoted with an apostrophe."""
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
    for i in facts.incidents:
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


def safe_cell(text: str) -> str:
    """The text, made harmless where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text
