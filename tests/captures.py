"""Real status-page captures, read where they lie; they are never part of this repository."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("RISKBOARD_CAPTURES", Path(__file__).resolve().parents[2] / "shared" / "data"))
MISSING = f"no captures at {ROOT}: set RISKBOARD_CAPTURES to a folder holding MANIFEST.tsv and status-pages/"


@dataclass(frozen=True)
class Capture:
    """A row of MANIFEST.tsv. `incidents`/`updates` are None where the manifest states no count."""

    platform: str
    vendor: str
    file: str
    captured: str
    incidents: int | None
    updates: int | None
    page_state: str
    notes: str

    @property
    def path(self) -> Path:
        return ROOT / self.file

    def read(self) -> bytes:
        return self.path.read_bytes()


def available() -> bool:
    """Whether the captures are here. In CI their absence is an error, elsewhere a plain skip."""
    present = (ROOT / "MANIFEST.tsv").is_file()
    if not present and os.environ.get("CI") == "true":
        raise RuntimeError(MISSING)
    return present


needs_captures = pytest.mark.skipif(not available(), reason=MISSING)


def captures(*platforms: str) -> list[Capture]:
    """Every row of those platforms (all when none is named), in manifest order; [] where the captures are missing."""
    if not available():
        return []
    with (ROOT / "MANIFEST.tsv").open(newline="", encoding="utf-8") as lines:
        rows = [_capture(row) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
    return [row for row in rows if not platforms or row.platform in platforms]


def _capture(row: dict[str, str]) -> Capture:
    return Capture(
        platform=row["platform"],
        vendor=row["vendor"],
        file=row["file"],
        captured=row["capture"],
        incidents=_count(row["incidents"]),
        updates=_count(row["updates"]),
        page_state=row["page_state"],
        notes=row["notes"],
    )


def _count(cell: str) -> int | None:
    head = cell.split(" ")[0]
    return int(head) if head.isdigit() else None


def capture_of(file: str) -> Capture:
    """The row of that file ("status-pages/slack/..."). Raises KeyError if the manifest has none."""
    return {row.file: row for row in captures()}[file]
