"""verify: work a report out again from the data inside it, and name every figure that differs. No Django, no network."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from assessments.report.attachments import MANIFEST, Manifest, incidents_csv
from assessments.report.context import printed
from assessments.scoring.model import Assessment
from assessments.scoring.pipeline import AssessmentError, assess, decode, method
from riskboard.errors import Refused
from vendors.facts_file import FactsError, loads
from vendors.facts_file import sha256 as facts_sha256
from vendors.records import VendorFacts

LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that does not hold: where it stands, what is written, what comes out."""

    path: str
    written: str
    found: str

    def __str__(self) -> str:
        return f"{self.path}: {self.written} is written, {self.found} comes out"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was checked: the vendors, how many figures agree, and those that do not."""

    vendors: tuple[str, ...]
    agreeing: int
    differences: tuple[Difference, ...]


def verify_report(path: Path) -> Verdict:
    """Check a report PDF: hashes, recomputation, and the figures on its pages. Raises Refused if it carries no data."""
    data = _read(path)
    files, pages = _opened(data, path)
    if MANIFEST not in files:
        raise Refused(f"{path.name} carries no data of Riskboard's ({MANIFEST} is missing), so nothing can be checked")
    try:
        manifest = msgspec.json.decode(files[MANIFEST], type=Manifest)
    except msgspec.MsgspecError as fault:
        raise Refused(f"the manifest in {path.name} cannot be read: {fault}") from fault
    differences = list(_hash_differences(manifest, files))
    agreeing, names = 0, []
    text = " ".join(pages.split())
    for entry in manifest.vendors:
        facts, assessment = _facts(files, entry.facts), _assessment(files, entry.assessment)
        names.append(assessment.vendor.name)
        count, found = compare(assessment, facts, prefix=f"{entry.assessment} ")
        agreeing += count
        differences += found
        recomputed = dict(printed(assess(facts, assessment.needs, as_of=assessment.as_of))) if entry.printed else {}
        for figure in entry.printed:
            if recomputed.get(figure.path) != figure.text:
                differences.append(
                    Difference(f"page figure {figure.path}", figure.text, str(recomputed.get(figure.path)))
                )
            elif figure.text not in text:
                differences.append(Difference(f"page figure {figure.path}", "another text", figure.text))
            else:
                agreeing += 1
        if "incidents.csv" in files and files["incidents.csv"] != incidents_csv(facts):
            differences.append(Difference("incidents.csv", "other rows", "the rows of the attached facts"))
    return Verdict(tuple(names), agreeing, tuple(differences))


def verify_assessment(path: Path, facts_path: Path | None = None) -> Verdict:
    """Check an assessment file against its facts: those given, or the bundled ones with the hash it names."""
    try:
        assessment = decode(_read(path))
    except AssessmentError as fault:
        raise Refused(f"{path.name} is {fault}") from fault
    facts = _facts({"facts": _read(facts_path)}, "facts") if facts_path else _bundled(assessment)
    agreeing, differences = compare(assessment, facts, prefix="")
    return Verdict((assessment.vendor.name,), agreeing, tuple(differences))


def compare(assessment: Assessment, facts: VendorFacts, *, prefix: str) -> tuple[int, list[Difference]]:
    """(figures that agree, differences) between the assessment and the one worked out now from the facts."""
    ours = method()
    if assessment.method != ours:
        written = f"version {assessment.method.version} ({assessment.method.sha256[:12]})"
        return 0, [
            Difference(
                f"{prefix}$.method",
                written,
                f"version {ours.version} ({ours.sha256[:12]}): another Riskboard made this",
            )
        ]
    again = assess(facts, assessment.needs, as_of=assessment.as_of)
    counts = [0]
    found = list(_leaves(msgspec.to_builtins(assessment), msgspec.to_builtins(again), "$", counts))
    if assessment.facts_sha256 != facts_sha256(facts):
        found.insert(0, Difference("$.facts_sha256", assessment.facts_sha256[:16], facts_sha256(facts)[:16]))
    return counts[0], [Difference(prefix + d.path, d.written, d.found) for d in dict.fromkeys(found)]


def _leaves(written: Any, again: Any, path: str, counts: list[int]) -> Iterator[Difference]:
    """Every leaf that differs, by path."""
    if isinstance(written, dict) and isinstance(again, dict):
        for name in [*written, *(name for name in again if name not in written)]:
            yield from _leaves(written.get(name), again.get(name), f"{path}.{name}", counts)
    elif isinstance(written, list | tuple) and isinstance(again, list | tuple):
        if len(written) != len(again):
            yield Difference(f"{path} (length)", str(len(written)), str(len(again)))
        for place, (one, other) in enumerate(zip(written, again, strict=False)):
            yield from _leaves(one, other, f"{path}[{place}]", counts)
    elif written != again:
        yield Difference(path, repr(written), repr(again))
    else:
        counts[0] += 1


def _hash_differences(manifest: Manifest, files: dict[str, bytes]) -> Iterator[Difference]:
    for name, digest in manifest.sha256.items():
        found = hashlib.sha256(files[name]).hexdigest() if name in files else "missing"
        if found != digest:
            yield Difference(f"manifest hash of {name}", digest[:16], found[:16])


def _opened(data: bytes, path: Path) -> tuple[dict[str, bytes], str]:
    """The attachments by name, and the text of the pages."""
    import pikepdf
    from pypdf import PdfReader

    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            files = {name: spec.get_file().read_bytes() for name, spec in document.attachments.items()}
        pages = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    except (pikepdf.PdfError, ValueError, KeyError) as fault:
        raise Refused(f"{path.name} is no readable PDF: {fault}") from fault
    return files, pages


def _facts(files: dict[str, bytes], name: str) -> VendorFacts:
    try:
        return loads(files[name])
    except KeyError as fault:
        raise Refused(f"the report lacks its attachment {name}") from fault
    except FactsError as fault:
        raise Refused(f"{name} is {fault}") from fault


def _assessment(files: dict[str, bytes], name: str) -> Assessment:
    try:
        return decode(files[name])
    except KeyError as fault:
        raise Refused(f"the report lacks its attachment {name}") from fault
    except AssessmentError as fault:
        raise Refused(f"{name} is {fault}") from fault


def _bundled(assessment: Assessment) -> VendorFacts:
    from vendors.catalogue import index

    if assessment.vendor.slug in {row.slug for row in index.bundled()}:
        facts = index.load(assessment.vendor.slug)
        if facts_sha256(facts) == assessment.facts_sha256:
            return facts
    raise Refused("the facts this assessment was made from are not at hand; name them with --facts FACTS.json")


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise Refused(f"{path.name} is larger than {LARGEST // 2**20} MiB; that is no report")
        return path.read_bytes()
    except OSError as fault:
        raise Refused(f"{path} cannot be read: {fault.strerror}") from fault
