"""The command line: exit codes, one-sentence refusals, results whole or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from riskboard import cli
from riskboard.durations import hours_text, parse_duration
from riskboard.errors import Refused

ROOT = Path(__file__).resolve().parents[2]
BPOS = str(ROOT / "vendors/catalogue/histories/microsoft-bpos-2011.facts.json")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["assess", "no-such-vendor"], "no-such-vendor"),
        (["assess", "githb"], "github"),
        (["assess", BPOS, "--rto", "soon"], "4h"),
        (["assess", "missing.facts.json"], "no file"),
        (["forecast", BPOS, "--rto", "4h", "--as-of", "yesterday"], "2026"),
        (["verify", "missing.pdf"], "missing.pdf"),
        (["inspect", "missing.json"], "missing.json"),
        (["catalogue", "build", "--captures", "/nonexistent"], "status-pages"),
    ],
)
def test_a_refusal_is_one_line_on_stderr_and_exit_1(argv, words, capsys):
    assert cli.main(argv) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("riskboard: ")
    assert err.count("\n") == 1
    assert words in err


@pytest.mark.parametrize("argv", [[], ["nonsense"], ["forecast", BPOS]])
def test_wrong_usage_exits_2(argv, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(argv)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_facts_file_with_a_wrong_type_is_refused_with_its_path(tmp_path, capsys):
    broken = json.loads(Path(BPOS).read_text())
    broken["incidents"][3]["title"] = 7
    path = tmp_path / "broken.facts.json"
    path.write_text(json.dumps(broken))
    assert cli.main(["assess", str(path)]) == 1
    assert "$.incidents[3].title" in capsys.readouterr().err


def test_the_bpos_forecast_is_what_was_last_printed(capsys):
    assert cli.main(["forecast", BPOS, "--rto", "4h", "--as-of", "2011-05-20"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["p_exceed"] == pytest.approx(0.8312, abs=5e-5)
    assert printed["n"] == 7
    assert printed["exposure_years"] == pytest.approx(0.8)
    assert printed["worst"]["p50"] == pytest.approx(14.5, abs=0.05)
    assert printed["worst"]["p90"] == pytest.approx(113.9, abs=0.05)


def test_a_component_that_does_not_exist_is_refused_with_near_names(capsys):
    assert cli.main(["forecast", "trello", "--rto", "4h", "--component", "Ap"]) == 1
    assert "Trello has no component 'Ap'; near it: API" in capsys.readouterr().err


def test_named_components_are_what_the_forecast_is_of(capsys):
    assert cli.main(["forecast", "trello", "--rto", "4h", "--component", "api"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["view"], printed["p_any"] >= printed["p_exceed"]) == ("named", True)


def test_several_forecasts_are_a_line_each(capsys):
    assert cli.main(["forecast", BPOS, BPOS, "--rto", "8h"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["rto_hours"] for line in lines] == [8.0, 8.0]


def test_the_assessment_can_be_written_and_verified(tmp_path, capsys):
    out = tmp_path / "a.json"
    assert cli.main(["assess", BPOS, "--json", str(out)]) == 0
    assert cli.main(["verify", str(out)]) == 0
    capsys.readouterr()
    changed = json.loads(out.read_text())
    changed["forecast"]["p_exceed"] = 0.5
    out.write_text(json.dumps(changed))
    assert cli.main(["verify", str(out)]) == 1
    assert "$.forecast.p_exceed" in capsys.readouterr().out


def test_a_result_that_cannot_be_written_changes_nothing(tmp_path, capsys):
    assert cli.main(["assess", BPOS, "--json", str(tmp_path / "no-such-folder" / "a.json")]) == 1
    assert "could not be written" in capsys.readouterr().err


def test_answers_change_the_backup_pillar_and_bad_ones_are_refused(tmp_path, capsys):
    answers = tmp_path / "answers.toml"
    answers.write_text('[B1]\nanswer = "yes"\nevidence = "https://vendor.example/export"\n')
    assert cli.main(["assess", BPOS, "--answers", str(answers), "--json"]) == 0
    backup = json.loads(capsys.readouterr().out)["pillars"][3]
    assert backup["value"] == 100.0
    answers.write_text('[B99]\nanswer = "yes"\n')
    assert cli.main(["assess", BPOS, "--answers", str(answers)]) == 1
    assert "answers" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_error():
    command = f"{sys.executable} -m riskboard.cli assess github --json | head -c 10"
    finished = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.stderr == ""


@pytest.mark.parametrize(
    ("text", "hours"),
    [("4h", 4), ("90m", 1.5), ("1d", 24), ("4h30m", 4.5), ("2w", 336), (" 15 min ", 0.25), ("1.5h", 1.5)],
)
def test_durations_are_read(text, hours):
    assert parse_duration(text) == pytest.approx(hours)


@pytest.mark.parametrize("text", ["", "soon", "-4h", "4", "0h", "4hours?", "h", "1e9h", "99999w", "4h " * 2000 + "x"])
def test_what_is_no_duration_is_refused_with_an_example(text):
    with pytest.raises(Refused, match="4h"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("hours", "text"), [(0.25, "15 min"), (4, "4 h"), (4.5, "4 h 30 min"), (26, "1 d 2 h"), (24, "1 d")]
)
def test_durations_are_written_as_people_say_them(hours, text):
    assert hours_text(hours) == text
