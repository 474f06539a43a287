"""Every sentence that is stored in English and shown in any language, read from the source: judgements, notices, refusals, steps.

A judgement is an immutable document in English; it is translated when it is shown (riskboard.phrasebook, ADR 14). For that each
literal and f-string in a place where a sentence stands becomes a template: `f"{mean:.0%} of {len(shares)} incidents"` is
"{mean:.0%} of {shares} incidents". The walk takes too much rather than too little: what nobody ever shows costs a translator a
line, what is missed costs a reader an English sentence.
"""

from __future__ import annotations

import ast
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog

from riskboard.sentence_walks import Examined, Narrow, Sentence, Spoken, Walk, braced

ROOT = Path(__file__).resolve().parents[1]
CORES = ("assessments/scoring", "assessments/forecast", "assessments/continuity")
READERS = (
    "vendors/sources",
    "vendors/catalogue/build",
)  # of these only what is said of the record's reach and its conflicts
ALSO = (
    "vendors/openness.py", "vendors/integrity.py", "vendors/standing.py", "vendors/ingest.py", "vendors/evidence/matching.py",
    "vendors/catalogue/corrections.py", "assessments/notify/wording.py",
)  # fmt: skip
SPOKEN = (  # of these only what a person is told: why something is refused, and the steps of a job
    "assessments/files", "assessments/report/engine", "assessments/report/files.py", "assessments/notify/senders.py",
    "assessments/questionnaire/answer_files.py", "assessments/questionnaire/bringing.py", "assessments/questionnaire/caiq.py",
    "assessments/planning/files.py",
    "assessments/planning/tables.py", "assessments/attached", "assessments/imports/vendors.py", "assessments/handlers.py",
    "assessments/verbs.py", "assessments/plans.py", "assessments/plan_reports.py", "assessments/report_jobs.py",
    "assessments/continuity/plan_file.py", "vendors/addresses.py", "vendors/fetching.py", "vendors/discovery.py", "vendors/turns.py",
    "vendors/ingest.py", "vendors/evidence", "vendors/evidence_rows.py", "vendors/catalogue/index.py", "riskboard/durations.py",
    "riskboard/sealed.py", "assessments/planning/history.py", "assessments/planning/views.py", "assessments/api/plan.py",
    "riskboard/jobs/queue.py", "riskboard/accounts/limits.py",
)  # fmt: skip
DOCTOR = ("riskboard/commands/doctor.py", "riskboard/checkup/protection.py")
NOT = (
    "assessments/scoring/words/", "assessments/forecast/backtest/", "assessments/continuity/examples/",
    "assessments/continuity/plan_file.py", "vendors/sources/registry.py",
)  # fmt: skip
TABLES = {  # TOML that is shown: file, and the keys whose text is
    "vendors/catalogue/landmarks.toml": {"landmark.title", "landmark.lesson"},
    "assessments/questionnaire/items.toml": {"ask", "partly", "evidence"},
}
HISTORY = "vendors/catalogue/histories/microsoft-bpos-2011.facts.json"  # written by hand, from press reports
OF_HISTORY = {"window.reason", "openness.note", "incidents.conflicts.why"}
VOCABULARIES = {  # closed lists of words that are shown: file, and the name each is assigned to with what it is of
    "assessments/continuity/answer_records.py": {"VERDICTS": "verdict"},
    "assessments/continuity/plan.py": {
        "SEVERITIES": "severity", "ChannelKind": "channel", "ExerciseKind": "exercise", "ExerciseResult": "exercise result",
        "PHASES": "phase", "Audience": "audience", "Level": "level", "CommitmentKind": "promise", "Kind": "part of a plan",
        "ONE": "part of a plan",
    },
    "assessments/continuity/register.py": {"Standing": "state of a recommendation"},
    "assessments/continuity/commitments.py": {"State": "state of a promise"},
    "assessments/continuity/lint/rule.py": {"LEVELS": "level of a message"},
    "assessments/scoring/model.py": {"Confidence": "confidence", "Outcome": "outcome"},
    "vendors/records.py": {"IMPACT_ORDER": "impact", "Access": "access", "ELEMENTS": "element"},
    "vendors/catalogue/categories.py": {"CATEGORIES": "category", "OF_RECORDS": "category"},
}  # fmt: skip


def catalogue() -> Catalog:
    """Every sentence, as a catalogue with the files it comes from."""
    catalog = Catalog(charset="utf-8")
    for one in sentences():
        catalog.add((one.text, one.many) if one.many else one.text, None, [(one.path, 0)], context=one.context)
    return catalog


def sentences() -> Iterator[Sentence]:
    """Every sentence of the cores and of the tables that are shown."""
    for path, kind in _files():
        walk = kind(path.relative_to(ROOT).as_posix())
        walk.visit(ast.parse(path.read_text(encoding="utf-8")))
        yield from walk.found
    for name, wanted in VOCABULARIES.items():
        yield from _vocabulary(ast.parse((ROOT / name).read_text(encoding="utf-8")), name, wanted)
    history = json.loads((ROOT / HISTORY).read_text(encoding="utf-8"))
    yield from (Sentence(text, HISTORY) for text in _texts(history, OF_HISTORY))
    for name, keys in TABLES.items():
        with (ROOT / name).open("rb") as file:
            yield from (Sentence(text, name) for text in _texts(tomllib.load(file), keys))


def _files() -> Iterator[tuple[Path, type[Walk]]]:
    """Every file that is read, and how."""
    for top in (*CORES, *READERS):
        for path in sorted((ROOT / top).rglob("*.py")):
            if path.name != "document.py" and not path.relative_to(ROOT).as_posix().startswith(NOT):
                yield path, Narrow if top in READERS else Walk
    yield from ((ROOT / name, Walk) for name in ALSO)
    yield from ((ROOT / name, Examined) for name in DOCTOR)
    for name in SPOKEN:
        top = ROOT / name
        yield from ((path, Spoken) for path in (sorted(top.rglob("*.py")) if top.is_dir() else [top]))


def _texts(table: object, keys: set[str], at: str = "") -> Iterator[str]:
    """Every string at a wanted key: "landmark.title" is that of a landmark, "ask" that of whatever table holds it."""
    if isinstance(table, dict):
        for name, value in table.items():
            yield from _texts(value, keys, f"{at}.{name}" if at else name)
    elif isinstance(table, list):
        for value in table:
            yield from _texts(value, keys, at)
    elif isinstance(table, str) and (at in keys or at.rpartition(".")[2] in keys) and table.strip():
        yield braced(" ".join(table.split()))


def _vocabulary(tree: ast.Module, name: str, wanted: dict[str, str]) -> Iterator[Sentence]:
    for node in tree.body:
        target = (
            node.target
            if isinstance(node, ast.AnnAssign)
            else node.targets[0]
            if isinstance(node, ast.Assign)
            else None
        )
        if isinstance(target, ast.Name) and target.id in wanted and node.value is not None:
            value = node.value
            places = value.keys if isinstance(value, ast.Dict) else [value]
            for one in (found for place in places if place is not None for found in ast.walk(place)):
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value:
                    yield Sentence(one.value.replace("_", " "), name, context=wanted[target.id])
