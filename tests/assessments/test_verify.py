"""verify: what was changed is named, wherever it was changed; what cannot be checked is refused, not passed."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pikepdf
import pytest

from assessments.report import pdf
from assessments.report.attachments import MANIFEST, attachments
from assessments.report.verify import compare, squeezed, verify, verify_assessment, verify_report
from assessments.scoring.model import Method, Needs
from assessments.scoring.pipeline import assess, encode
from riskboard.cli import main
from riskboard.errors import Refused
from tests.assessments.report_samples import NOW, make_facts, rich_facts
from vendors.facts_file import dumps

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def pair():
    facts = rich_facts(incidents=40)
    return assess(facts, Needs(), as_of=NOW), facts


@pytest.fixture(scope="module")
def made(pair):
    if pdf.missing_library() is not None:
        pytest.skip(f"the PDF engine lacks {pdf.missing_library()}; {pdf.INSTALL}")
    return pdf.render_vendor(*pair)


def changed(made: bytes, files: dict[str, bytes], path: Path) -> Path:
    """The report with those attachments in place of its own."""
    with pikepdf.open(io.BytesIO(made)) as document:
        for name, data in files.items():
            document.attachments[name] = pikepdf.AttachedFileSpec(document, data, filename=name)
        document.save(path)
    return path


def attached(made: bytes, name: str) -> bytes:
    with pikepdf.open(io.BytesIO(made)) as document:
        return document.attachments[name].get_file().read_bytes()


def test_a_consistent_forgery_is_caught_on_the_pages(pair, made, tmp_path):
    """Facts, assessment and manifest of another judgement fit each other, but not what is printed."""
    other = assess(pair[1], Needs(rto_hours=24.0), as_of=NOW)
    path = changed(made, attachments([(other, pair[1])], kind="vendor"), tmp_path / "forged.pdf")
    differences = [str(d) for d in verify(path)]
    assert any("page figure $.forecast.p_exceed" in d and "another text on the pages" in d for d in differences)
    assert not any("manifest hash" in d for d in differences)


def test_a_figure_left_out_of_the_manifest_is_missed(made, tmp_path):
    manifest = json.loads(attached(made, MANIFEST))
    manifest["vendors"][0]["printed"] = [f for f in manifest["vendors"][0]["printed"] if f["path"] != "$.forecast.n"]
    path = changed(made, {MANIFEST: json.dumps(manifest).encode()}, tmp_path / "short.pdf")
    assert [d.path for d in verify(path)] == ["page figure $.forecast.n"]


def test_a_smuggled_attachment_is_named(made, tmp_path):
    path = changed(made, {"more.json": b"{}"}, tmp_path / "more.pdf")
    assert [d.path for d in verify(path)] == ["attachment more.json"]


def test_a_changed_row_of_the_incidents_is_named(made, tmp_path):
    path = changed(
        made, {"incidents.csv": attached(made, "incidents.csv").replace(b"major", b"minor")}, tmp_path / "rows.pdf"
    )
    assert {d.path for d in verify(path)} == {"manifest hash of incidents.csv", "incidents.csv"}


def test_another_method_is_said_once_and_clearly(pair, made, tmp_path, capsys):
    other = msgspec.structs.replace(pair[0], method=Method(version="0.9", sha256="f" * 64))
    path = changed(made, attachments([(other, pair[1])], kind="vendor"), tmp_path / "old.pdf")
    differences = verify(path)
    assert {d.path for d in differences} == {"manifest $.method", "assessment.json $.method"}
    assert main(["verify", str(path)]) == 1
    assert "another Riskboard made this" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("score.low", 1.0), ("score.grade", "A"), ("forecast.hours.mean", 1.0), ("forecast.curve.3.p", 0.5),
        ("record.over_rto", 0),
        ("pillars.0.checks.0.reason", "fine"), ("pillars.1.value", 99.0), ("recommendations.0.effort", "L"),
        ("facts_sha256", "0" * 64),
    ],
)  # fmt: skip
def test_any_changed_leaf_of_an_assessment_is_named(pair, path, value):
    document = msgspec.to_builtins(pair[0])
    at = document
    *steps, last = path.split(".")
    for step in steps:
        at = at[int(step)] if step.isdigit() else at[step]
    at[last] = value
    forged = msgspec.convert(document, type(pair[0]))
    agreeing, differences = compare(forged, pair[1], prefix="")
    named = "$" + "".join(f"[{s}]" if s.isdigit() else f".{s}" for s in path.split("."))
    assert [d.path for d in differences] == [named]
    assert agreeing > 100


def test_an_assessment_finds_its_facts_beside_it_or_is_refused(pair, tmp_path):
    path = tmp_path / "assessment.json"
    path.write_bytes(encode(pair[0]))
    with pytest.raises(Refused, match="--facts"):
        verify_assessment(path)
    (tmp_path / "facts.json").write_bytes(dumps(make_facts()))
    with pytest.raises(Refused, match="--facts"):
        verify_assessment(path)
    (tmp_path / "facts.json").write_bytes(dumps(pair[1]))
    assert verify(path) == []
    elsewhere = tmp_path / "elsewhere.json"
    (tmp_path / "facts.json").rename(elsewhere)
    assert verify_assessment(path, elsewhere).differences == ()


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\x00" * 5000, b"{}"], ids=["empty", "cut off", "zeros", "JSON"]
)
def test_what_is_no_report_is_refused(data, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(data)
    with pytest.raises(Refused):
        verify_report(path)


def test_attachments_that_unpack_without_end_are_refused(made, tmp_path, monkeypatch):
    monkeypatch.setattr("assessments.report.verify.LARGEST", len(made) + 1)
    path = changed(made, {"bomb": b"0" * (len(made) * 3)}, tmp_path / "bomb.pdf")
    assert path.stat().st_size <= len(made) + 10_000
    monkeypatch.setattr("assessments.report.verify.LARGEST", path.stat().st_size + 1)
    with pytest.raises(Refused, match="unpack to more"):
        verify_report(path)


@pytest.mark.parametrize("manifest", [b"{}", b"no", b'{"sha256": {}, "kind": "poem", "method": {}, "vendors": []}'])
def test_a_broken_manifest_is_refused(made, tmp_path, manifest):
    with pytest.raises(Refused, match="manifest"):
        verify_report(changed(made, {MANIFEST: manifest}, tmp_path / "broken.pdf"))


def test_the_command_says_how_many_figures_agree_and_needs_no_django(made, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(made)
    code = (
        "import sys; from riskboard.cli import main; code = main(sys.argv[1:])\n"
        "assert 'django' not in sys.modules; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "verify", str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"holds: all \d{3,} figures agree \(Vendor\)", done.stdout)


def test_white_space_is_no_difference():
    assert squeezed(" a\u00a0b \n c") == "abc"
