"""What docs/security.md and docs/reliability.md say is shown by a test names a test that is there, and no bar is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = {"security.md": ("S", 24), "reliability.md": ("R", 28), "bars.md": ("U", 29)}
STATES = ("met", "partly", "open")


def rows(page: str) -> list[list[str]]:
    letter, _ = PAGES[page]
    lines = (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(rf"\| {letter}\d+ \|", line)
    ]


@pytest.mark.parametrize("page", PAGES)
def test_every_bar_has_a_row_in_order_and_a_state(page):
    letter, last = PAGES[page]
    found = rows(page)
    assert [row[0] for row in found] == [f"{letter}{number}" for number in range(1, last + 1)]
    for row in found:
        assert row[2].startswith(STATES), row
        assert row[3] or not row[2].startswith("met"), f"{row[0]} is said to be met by nothing"


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_is_named_is_there(page):
    named = re.findall(r"(?:tests|riskboard)/[\w/]+\.py", (ROOT / "docs" / page).read_text(encoding="utf-8"))
    assert len(named) > 15
    assert [name for name in named if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_is_named_is_there(page):
    named = re.findall(r"(tests/[\w/]+\.py)::(\w+)", (ROOT / "docs" / page).read_text(encoding="utf-8"))
    lost = [
        f"{path}::{name}" for path, name in named if f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    ]
    assert lost == []
