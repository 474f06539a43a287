"""`riskboard answers`: out and in from the shell."""

from __future__ import annotations

import pytest

from assessments.questionnaire.answers import answers_of
from riskboard import cli
from tests.caiq_workbook import caiq
from vendors.catalogue import index
from vendors.ingest import ingest_facts

pytestmark = pytest.mark.django_db
VENDOR = "microsoft-bpos-2011"


@pytest.fixture
def vendor():
    return ingest_facts(index.load(VENDOR))


def test_a_filled_file_is_shown_taken_with_yes_and_then_changes_nothing(vendor, tmp_path, capsys):
    (tmp_path / "a.toml").write_text('[B1]\nanswer = "yes"\n[B2]\nanswer = "no"\n')
    assert cli.main(["answers", VENDOR, "--import", str(tmp_path / "a.toml")]) == 0
    assert "2 would change; add --yes" in capsys.readouterr().out
    assert not answers_of(vendor)
    assert cli.main(["answers", VENDOR, "--import", str(tmp_path / "a.toml"), "--yes"]) == 0
    assert "2 taken" in capsys.readouterr().out
    for name in ("xlsx", "csv", "toml"):
        out = tmp_path / f"out.{name}"
        assert cli.main(["answers", VENDOR, f"--{name}", str(out)]) == 0
        assert cli.main(["answers", VENDOR, "--import", str(out), "--yes"]) == 0
        assert "0 would change" in capsys.readouterr().out
    assert cli.main(["assess", VENDOR, "--answers", str(tmp_path / "out.xlsx")]) == 0
    assert "half" in capsys.readouterr().out


def test_a_caiq_workbook_is_read_and_faults_take_nothing(vendor, tmp_path, capsys):
    (tmp_path / "caiq.xlsx").write_bytes(caiq({"IPY-02.1": ("yes", "")}))
    assert cli.main(["answers", VENDOR, "--import", str(tmp_path / "caiq.xlsx"), "--yes"]) == 0
    assert "IPY-02.1: yes" in capsys.readouterr().out
    assert {one.item for one in answers_of(vendor)} == {"B1", "B2"}
    (tmp_path / "bad.csv").write_text("item,answer\nB1,maybe\nB4,yes\n")
    assert cli.main(["answers", VENDOR, "--import", str(tmp_path / "bad.csv"), "--yes"]) == 1
    said = capsys.readouterr()
    assert "row 2, answer" in said.out
    assert "nothing was taken" in said.err
    assert cli.main(["answers", VENDOR, "--import", str(tmp_path / "none.csv")]) == 1
