"""An assessment as a workbook says what its document says."""

from __future__ import annotations

import io
from datetime import datetime

import msgspec
import openpyxl

from assessments.files.assessed import assessment_workbook
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from riskboard import cli
from vendors.catalogue import index

FACTS = index.load("github")
MADE = assess(FACTS, Needs(rto_hours=4.0), as_of=FACTS.as_of)


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
