"""docs/checks.md says what the checks do: every word and number of every META, under one version."""

from __future__ import annotations

from assessments.scoring.checks import document
from assessments.scoring.checks.registry import CHECKS
from assessments.scoring.rubric import raw, rubric


def test_every_check_has_its_words_and_numbers_on_the_page():
    words = " ".join(document.text().split())
    for check in CHECKS:
        assert f"### {check.meta.id}" in words
        for text in (check.meta.question, check.meta.why, check.meta.how, check.meta.remedy, *check.meta.references):
            assert text in words, check.meta.id
        for threshold in check.meta.thresholds:
            row = (
                f"| {threshold.name} | {threshold.value:g} {threshold.unit} | {threshold.source} | {threshold.dated} |"
            )
            assert row in words


def test_the_method_has_one_version_and_it_lies_in_the_rubric():
    assert raw().count(b"\nversion =") == 1
    root = document.PATH.parents[1]
    cores = [
        path for name in ("scoring", "forecast", "continuity") for path in (root / "assessments" / name).rglob("*.py")
    ]
    assert len(cores) > 30
    assert [path.name for path in cores if str(rubric()["version"]) in path.read_text(encoding="utf-8")] == []
