"""An assessment as a workbook says what its document says."""

from __future__ import annotations

import io
import re
from datetime import datetime

import msgspec
import openpyxl

from assessments.files.assessed import assessment_workbook
from assessments.scoring.checks.registry import BY_ID
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from riskboard import cli
from riskboard.locales import PSEUDO, speaking
from tests.pseudo import WORD, bracket_what_is_known, outside_brackets, words_of
from vendors.catalogue import index
from vendors.catalogue.categories import CATEGORIES, OF_RECORDS

IDENTITY = re.compile(r"\b[0-9a-f]{64}\b")
FACTS = index.load("github")
MADE = assess(FACTS, Needs(rto_hours=4.0), as_of=FACTS.as_of)
# What stays as it is: profiles, flags, states and references go by their ids; units and names.
IDS = frozenset(
    words_of([sorted(BY_ID), "UTC min typical unproven-kind", *(item.reference for item in MADE.recommendations)])
)


def _rows(data: bytes, sheet: str) -> list[tuple]:
    return list(openpyxl.load_workbook(io.BytesIO(data))[sheet].iter_rows(min_row=2, values_only=True))


def test_the_sheets_hold_the_figures_of_the_document_as_numbers_and_dates():
    data = assessment_workbook(MADE, FACTS)
    summary = {row[0]: row[1] for row in _rows(data, "Summary")}
    assert summary["Readiness"] == MADE.score.value
    assert summary["As of"] == MADE.as_of.replace(tzinfo=None)
    forecast = {row[0]: row[1] for row in _rows(data, "Forecast")}
    assert forecast["Chance of an outage longer than the RTO"] == MADE.forecast.p_exceed
    checks = {row[1]: row[3:6] for row in _rows(data, "Checks")}
    assert checks == {c.id: (c.score, c.weight, c.contribution) for p in MADE.pillars for c in p.checks}
    incidents = _rows(data, "Incidents")
    assert len(incidents) == len(FACTS.incidents)
    assert all(isinstance(row[4], datetime) for row in incidents)
    assert {row[0] for row in _rows(data, "Recommendations")} == {item.rule for item in MADE.recommendations}
    assert any(str(row[5]).startswith("https://") for row in _rows(data, "Evidence"))


def test_in_another_language_every_word_of_ours_is_said_and_no_figure_changes(monkeypatch):
    """In the pseudo-locale what stands in no brackets is an id, a name, a link or the vendor's own."""
    english = openpyxl.load_workbook(io.BytesIO(assessment_workbook(MADE, FACTS)))
    bracket_what_is_known(monkeypatch)
    with speaking(PSEUDO):
        book = openpyxl.load_workbook(io.BytesIO(assessment_workbook(MADE, FACTS)))
    theirs = set(words_of([msgspec.to_builtins(FACTS), [(c.id, p.id) for p in MADE.pillars for c in p.checks]])) | IDS
    texts = [*book.sheetnames]
    for sheet, before in zip(book, english, strict=True):
        for row, was in zip(sheet.iter_rows(values_only=True), before.iter_rows(values_only=True), strict=True):
            assert [cell for cell in row if not isinstance(cell, str)] == [
                cell for cell in was if not isinstance(cell, str)
            ]
            texts += [cell for cell in row if isinstance(cell, str)]
    bare = [IDENTITY.sub(" ", text) for text in outside_brackets(texts)]
    assert len(texts) > 500
    assert [text for text in bare if set(WORD.findall(text)) - theirs] == []


def test_german_says_yes_and_no_decimal_points_and_the_category_in_german():
    english = _rows(assessment_workbook(MADE, FACTS), "Recommendations")
    with speaking("de"):
        data = assessment_workbook(MADE, FACTS)
    advice = _rows(data, "Empfehlungen")
    assert {row[9] for row in english} <= {"yes", "no"}
    assert {row[9] for row in advice} <= {"ja", "nein"}
    pointed = [(was[5], row[5]) for was, row in zip(english, advice, strict=True) if re.search(r"\d\.\d", was[5] or "")]
    assert pointed, "no reason holds a figure with a point: nothing is shown by this test"
    assert [told for _, told in pointed if re.search(r"\d\.\d", told)] == []
    assert {row[0]: row[1] for row in _rows(data, "Zusammenfassung")}["Kategorie"] == "Entwicklerwerkzeuge"


def test_every_category_of_a_bundled_record_is_in_the_list_or_among_the_spellings_that_are_said():
    assert {row.category for row in index.bundled()} <= {*CATEGORIES, *OF_RECORDS}


def test_a_forecast_on_too_thin_a_record_has_no_figures():
    thin = msgspec.structs.replace(
        MADE, forecast=msgspec.structs.replace(MADE.forecast, confidence="insufficient", flags=())
    )
    figures = [row for row in _rows(assessment_workbook(thin, FACTS), "Forecast") if row[2] == "chance"]
    assert figures
    assert {row[1] for row in figures} == {None}


def test_the_command_line_writes_the_workbook(tmp_path, capsys):
    out = tmp_path / "a.xlsx"
    assert cli.main(["assess", "github", "--xlsx", str(out)]) == 0
    assert out.read_bytes() == assessment_workbook(MADE, FACTS)
    assert f"workbook written to {out}" in capsys.readouterr().out
