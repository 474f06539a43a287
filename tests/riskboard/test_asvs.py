"""docs/asvs.csv: every row decided, well formed, once, shown by what is there; and docs/security.md tells its counts."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = ("met", "partly", "not met", "not applicable")
LINES = (ROOT / "docs" / "asvs.csv").read_text(encoding="utf-8").splitlines()
ROWS = list(csv.DictReader(line for line in LINES if not line.startswith("#")))


def test_ids_are_well_formed_unique_and_in_order():
    ids = [row["id"] for row in ROWS]
    assert all(re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{1,2}", one) for one in ids)
    assert ids == sorted(set(ids), key=lambda one: [int(part) for part in one.split(".")])
    assert len(ids) > 200


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_row_is_decided_and_says_by_what(row):
    assert row["decision"] in DECISIONS
    assert row["level"] in ("1", "2", "3")
    assert row["about"]
    named = row["shown_by"].split()
    assert [name for name in named if not (ROOT / name).is_file()] == []
    if row["decision"] == "met":
        assert named, "met by nothing"
    else:
        assert row["note"], "why not?"


def test_the_file_says_what_its_author_could_not_know():
    assert "from memory" in " ".join(line for line in LINES if line.startswith("#"))


def test_security_md_tells_the_counts_of_the_file():
    count = Counter(row["decision"] for row in ROWS if row["level"] in "12")
    (line,) = (
        line
        for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| S24 |")
    )
    told = f"{sum(count.values())} rows of levels 1 and 2: " + ", ".join(f"{count[name]} {name}" for name in DECISIONS)
    assert told in line, told
