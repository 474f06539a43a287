"""verify: work a report out again from the data inside it, and name every figure that differs. No Django, no network."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from assessments.continuity.answer import answer
from assessments.continuity.answer_records import Answer
from assessments.continuity.judged import Judged
from assessments.continuity.lint import Message, lint
from assessments.continuity.plan_file import PlanError
from assessments.continuity.plan_file import loads as load_plan
from assessments.report.attachments import MANIFEST, PRINTED, Entry, Manifest, PlanPart, Printed, incidents_csv
from assessments.report.beside import beside_from
from assessments.report.glyphs import showable
from assessments.report.page_text import page_texts
from assessments.report.plan_printed import printed_on_plan
from assessments.report.progress import Stand
from assessments.report.whole import printed_on_whole
from assessments.scoring.model import Assessment, Method
from assessments.scoring.pipeline import AssessmentError, assess, decode, method
from riskboard.errors import Refused
from riskboard.locales import ENGLISH, speaking
from vendors.facts_file import FactsError, loads
from vendors.facts_file import sha256 as facts_sha256
from vendors.records import VendorFacts

_HYPHENS = {
    0x2010: None,
    0xAD: None,
}  # the engine breaks German and French words with U+2010; a written hyphen is another
LARGEST = 64 * 1024 * 1024  # bytes of a report, and of all its attachments together once unpacked


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


def verify(path: Path) -> list[Difference]:
    """Every figure of a report PDF or an assessment file that does not hold; empty if all do. Raises Refused."""
    verdict = verify_assessment(path) if path.suffix == ".json" else verify_report(path)
    return list(verdict.differences)


def verify_report(path: Path) -> Verdict:
    """Check a report PDF: hashes, recomputation, and the figures on its pages. Raises Refused if it carries no data."""
    data = _read(path)
    files = _attached(data, path)
    if MANIFEST not in files:
        raise Refused(f"{path.name} carries no data of Riskboard's ({MANIFEST} is missing), so nothing can be checked")
    try:
        manifest = msgspec.json.decode(files[MANIFEST], type=Manifest)
    except msgspec.MsgspecError as fault:
        raise Refused(f"the manifest in {path.name} cannot be read: {fault}") from fault
    with speaking(manifest.language or ENGLISH):
        return _checked(manifest, files, _pages(data, path), path)


def _checked(manifest: Manifest, files: dict[str, bytes], pages: Sequence[str], path: Path) -> Verdict:
    """Everything the manifest promises, worked out again in the language spoken."""
    differences = [*_hash_differences(manifest, files), *_method_difference(manifest.method, "manifest ")]
    agreeing, names = len(manifest.sha256) - len(differences), []
    pairs: list[tuple[Assessment, VendorFacts]] = []
    for entry in manifest.vendors:
        facts, assessment = _facts(files, entry.facts), _assessment(files, entry.assessment)
        pairs.append((assessment, facts))
        names.append(assessment.vendor.name)
        count, found = compare(assessment, facts, prefix=f"{entry.assessment} ")
        agreeing += count
        differences += found
        if assessment.method == method():
            count, found = _printed_differences(manifest, entry, assessment, facts, pages)
            agreeing += count
            differences += found
        if "incidents.csv" in files and files["incidents.csv"] != incidents_csv(facts):
            differences.append(Difference("incidents.csv", "other rows", "the rows of the attached facts"))
    if manifest.method == method() and all(assessment.method == method() for assessment, _ in pairs):
        count, found = _whole_differences(manifest, pairs, files, pages)
        agreeing += count
        differences += found
    if manifest.plan:
        count, found = _plan_differences(manifest.plan, manifest, files, pages)
        agreeing += count
        differences += found
    elif not names:
        raise Refused(f"the manifest in {path.name} names no vendor, so nothing can be checked")
    return Verdict(tuple(names), max(agreeing, 0), tuple(dict.fromkeys(differences)))


def _plan_differences(
    part: PlanPart, manifest: Manifest, files: dict[str, bytes], pages: Sequence[str]
) -> tuple[int, list[Difference]]:
    """(figures that agree, differences) of a plan's answer and lint, worked out again, and of the figures on the pages."""
    try:
        plan = load_plan(files[part.plan])
        written = msgspec.json.decode(files[part.answer], type=Answer)
        said = msgspec.json.decode(files[part.lint], type=tuple[Message, ...])
        before = msgspec.json.decode(files[part.milestones], type=tuple[Stand, ...]) if part.milestones else ()
    except KeyError as fault:
        raise Refused(f"the report lacks its attachment {fault}") from fault
    except (PlanError, msgspec.MsgspecError) as fault:
        raise Refused(f"the plan in the report cannot be read: {fault}") from fault
    judged = {}
    for entry in manifest.vendors:
        assessment, facts = _assessment(files, entry.assessment), _facts(files, entry.facts)
        judged[assessment.vendor.slug] = Judged(assessment, facts)
    again = answer(plan, judged, as_of=written.as_of, seed=written.seed)
    counts, found = [0], []
    for name, was, now in (
        ("answer.json", written, again),
        ("lint.json", said, lint(plan, judged, as_of=written.as_of, answer=again)),
    ):
        leaves = _leaves(msgspec.to_builtins(was), msgspec.to_builtins(now), "$", counts)
        found += [Difference(f"{name} {one.path}", one.written, one.found) for one in leaves]
    printed = printed_on_plan(plan, judged, again, kind=manifest.kind, before=before, has_history=part.has_history)
    agreeing, missed = _on_pages(printed, part.printed, pages)
    return counts[0] + agreeing, found + missed


def _whole_differences(
    manifest: Manifest, pairs: list[tuple[Assessment, VendorFacts]], files: dict[str, bytes], pages: Sequence[str]
) -> tuple[int, list[Difference]]:
    """(figures that agree, differences) of the sections on the whole, worked out again from what is attached."""
    try:
        beside = beside_from(files)
    except (msgspec.MsgspecError, FactsError, AssessmentError) as fault:
        raise Refused(f"what stands beside the judgement cannot be read: {fault}") from fault
    again = [(assess(facts, a.needs, as_of=a.as_of), facts) for a, facts in pairs]
    return _on_pages(printed_on_whole(manifest.kind, again, beside), manifest.whole, pages)


def _on_pages(
    again: Sequence[tuple[str, str]], written: Sequence[Printed], pages: Sequence[str]
) -> tuple[int, list[Difference]]:
    """(figures that agree, those that do not): each must be as recomputed, promised in the manifest, and on some page."""
    promised = {(figure.path, figure.text) for figure in written}
    agreeing, found = 0, []
    for path, text in again:
        if (path, text) not in promised:
            was = next((figure.text for figure in written if figure.path == path), "nothing")
            found.append(Difference(f"page figure {path}", was, text))
        elif not any(squeezed(showable(text)) in page for page in pages):
            found.append(Difference(f"page figure {path}", "another text on the pages", text))
        else:
            agreeing += 1
    known = {path for path, _ in again}
    found += [Difference(f"page figure {one.path}", one.text, "nothing") for one in written if one.path not in known]
    return agreeing, found


def verify_assessment(path: Path, facts_path: Path | None = None) -> Verdict:
    """Check an assessment file against its facts: those given, else a file beside it or bundled facts of the hash it names."""
    try:
        assessment = decode(_read(path))
    except AssessmentError as fault:
        raise Refused(f"{path.name} is {fault}") from fault
    facts = _facts({facts_path.name: _read(facts_path)}, facts_path.name) if facts_path else _at_hand(assessment, path)
    agreeing, differences = compare(assessment, facts, prefix="")
    return Verdict((assessment.vendor.name,), agreeing, tuple(differences))


def read_report(path: Path) -> bytes:
    """The bytes of a report PDF. Raises Refused where it is none, or carries no data that could be checked."""
    data = _read(path)
    if MANIFEST not in _attached(data, path):
        raise Refused(
            f"{path.name} carries no data of Riskboard's ({MANIFEST} is missing); sign a report as it was made"
        )
    return data


def carried(path: Path) -> tuple[Assessment, VendorFacts]:
    """The judgement and the facts that a vendor report carries. Raises Refused for a file that is none, or a portfolio."""
    files = _attached(_read(path), path)
    return _assessment(files, "assessment.json"), _facts(files, "facts.json")


def compare(assessment: Assessment, facts: VendorFacts, *, prefix: str) -> tuple[int, list[Difference]]:
    """(figures that agree, differences) between the assessment and the one worked out now from the facts."""
    other = _method_difference(assessment.method, prefix)
    if other:
        return 0, other
    again = assess(facts, assessment.needs, as_of=assessment.as_of)
    counts = [0]
    found = list(_leaves(msgspec.to_builtins(assessment), msgspec.to_builtins(again), "$", counts))
    return counts[0], [Difference(prefix + d.path, d.written, d.found) for d in dict.fromkeys(found)]


def squeezed(text: str) -> str:
    """The text without white space and the hyphens of broken words: where lines break differs from reader to reader."""
    return "".join(text.translate(_HYPHENS).split())


def _method_difference(written: Method, prefix: str) -> list[Difference]:
    """One difference where another method judged: its figures cannot be worked out again with this one."""
    ours = method()
    if written == ours:
        return []
    return [
        Difference(
            f"{prefix}$.method",
            f"version {written.version} ({written.sha256[:12]})",
            f"version {ours.version} ({ours.sha256[:12]}): another Riskboard made this, and must check it",
        )
    ]


def _printed_differences(
    manifest: Manifest, entry: Entry, assessment: Assessment, facts: VendorFacts, pages: Sequence[str]
) -> tuple[int, list[Difference]]:
    """(figures on the pages that agree, those that do not): each must be as recomputed, and stand on some page."""
    return _on_pages(
        PRINTED[manifest.kind](assess(facts, assessment.needs, as_of=assessment.as_of)), entry.printed, pages
    )


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
        yield Difference(path, repr(written)[:200], repr(again)[:200])
    else:
        counts[0] += 1


def _hash_differences(manifest: Manifest, files: dict[str, bytes]) -> Iterator[Difference]:
    """Attachments that are missing, were changed, or are not in the manifest."""
    for name, digest in manifest.sha256.items():
        found = hashlib.sha256(files[name]).hexdigest() if name in files else "missing"
        if found != digest:
            yield Difference(f"manifest hash of {name}", digest[:16], found[:16])
    for name in files:
        if name != MANIFEST and name not in manifest.sha256:
            yield Difference(f"attachment {name}", "not named in the manifest", "an attached file")


def _attached(data: bytes, path: Path) -> dict[str, bytes]:
    """The attachments by name. Raises Refused for a file no reader can open, or one that unpacks to too much."""
    import pikepdf

    files, total = {}, 0
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            for name, spec in document.attachments.items():
                files[name] = spec.get_file().read_bytes()
                total += len(files[name])
                if total > LARGEST:
                    raise Refused(f"the attachments of {path.name} unpack to more than {LARGEST // 2**20} MiB")
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise _unreadable(path, fault) from fault
    return files


def _pages(data: bytes, path: Path) -> list[str]:
    """The text of each page, squeezed. Raises Refused for a file no reader can open."""
    try:
        return [squeezed(text) for text in page_texts(data)]
    except ValueError as fault:
        raise _unreadable(path, fault) from fault


def _unreadable(path: Path, fault: Exception) -> Refused:
    return Refused(f"{path.name} is no readable PDF: {str(fault)[:200]}")


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


def _at_hand(assessment: Assessment, path: Path) -> VendorFacts:
    """The facts with the hash the assessment names: beside it, or bundled."""
    from vendors.catalogue import index

    slug = assessment.vendor.slug
    for name in ("facts.json", f"{slug}.facts.json", f"{slug}.facts.json.gz"):
        beside = path.with_name(name)
        if beside.is_file() and beside != path:
            facts = _facts({name: _read(beside)}, name)
            if facts_sha256(facts) == assessment.facts_sha256:
                return facts
    if slug in {row.slug for row in index.bundled()}:
        facts = index.load(slug)
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
