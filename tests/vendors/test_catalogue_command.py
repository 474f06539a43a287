"""`riskboard catalogue`: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from riskboard.commands import catalogue
from riskboard.errors import Refused
from tests.captures import ROOT, needs_captures
from vendors.catalogue import listing, pages


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    catalogue.add_arguments(parser)
    return catalogue.run(parser.parse_args(words))


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty catalogue in a folder of its own."""
    (tmp_path / "histories").mkdir()
    monkeypatch.setattr(listing, "HISTORIES", tmp_path / "histories")
    monkeypatch.setattr(listing, "INDEX", tmp_path / "index.json")
    return tmp_path


@pytest.mark.parametrize("words", [(), ("list",)], ids=["no action", "list"])
def test_list_prints_a_row_per_vendor(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*words) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == len(listing.read()) + 1
    assert any(row.startswith("github ") and "1,853" in row and "2010-02-07" in row for row in printed)


def test_list_prints_the_index_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list", "--json") == 0
    assert {row["slug"] for row in json.loads(capsys.readouterr().out)} == {line.slug for line in listing.read()}


def test_check_is_silent_about_nothing_and_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check") == 0
    assert "digests, figures and rules hold" in capsys.readouterr().out


def test_check_ends_with_1_and_names_the_file(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listing.INDEX.write_bytes(b"[]\n")
    (listing.HISTORIES / "stray.facts.json").write_bytes(b"{}")
    assert run("check") == 1
    assert "stray.facts.json" in capsys.readouterr().err


def test_a_folder_that_holds_no_captures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"no MANIFEST\.tsv"):
        run("build", "--captures", str(tmp_path))


def test_a_vendor_that_is_not_planned_is_refused_with_the_names(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="github"):
        run("build", "--captures", str(tmp_path), "--only", "nobody")


def test_a_manifest_without_the_file_leaves_everything_as_it_was(elsewhere: Path, tmp_path: Path) -> None:
    (tmp_path / "MANIFEST.tsv").write_text("file\tcapture\tsource_repo\tsource_path\n")
    with pytest.raises(Refused, match="hold no"):
        run("build", "--captures", str(tmp_path), "--only", "slack")
    assert list(listing.HISTORIES.iterdir()) == []
    assert not listing.INDEX.exists()


@needs_captures
def test_one_vendor_is_built_and_listed(elsewhere: Path) -> None:
    assert run("build", "--captures", str(ROOT), "--only", "datocms") == 0
    assert [line.slug for line in listing.read()] == ["datocms"]
    assert list(listing.problems()) == []


def test_clean_writes_the_list_and_prints_what_it_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pages, "KNOWN_VENDORS", tmp_path / "vendors.tsv")
    collected = tmp_path / "collected.tsv"
    rows = (
        "vendor\tcategory\tstatus_page_url\tplatform",
        "Aa\t~email\thttps://status.aa.example/\t",
        "Bb\t\tmailto:b\t",
    )
    collected.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert run("clean", "--from", str(collected)) == 0
    printed = capsys.readouterr()
    assert printed.out == "1 vendors with 1 pages; 1 rows refused\n"
    assert printed.err == "collected.tsv:3: Bb: 'mailto:b' is no public web address\n"
    assert (tmp_path / "vendors.tsv").read_text(encoding="utf-8").splitlines()[1:] == [
        "aa\tAa\temail\tyes\t\taa.example\thttps://status.aa.example unknown"
    ]


@pytest.mark.parametrize("data", [b"name\n", b"\xff\xfe"])
def test_clean_refuses_what_is_no_list_of_vendors(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.tsv").write_bytes(data)
    with pytest.raises(Refused, match="no list of vendors"):
        run("clean", "--from", str(tmp_path / "x.tsv"))
