"""The folder of captures: its manifest, and the captured files with their provenance. Reads files, nothing else."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from riskboard.errors import Refused
from vendors.records import SourceNote

MANIFEST = "MANIFEST.tsv"
FORGE = "https://github.com/"  # every upstream repository of the manifest is published there


@dataclass(frozen=True)
class Captured:
    """One captured file. `captured` is the manifest's own word for when (a time, a day, or a span from..to)."""

    path: Path
    name: str
    captured: str
    repository: str
    source_path: str

    @cached_property
    def body(self) -> bytes:
        return self.path.read_bytes()

    def json(self) -> Any:
        """The whole file as one JSON document."""
        return msgspec.json.decode(self.body)

    def lines(self) -> Iterator[dict[str, Any]]:
        """One JSON object per line."""
        for line in self.body.splitlines():
            if line.strip():
                yield msgspec.json.decode(line)

    def note(self, remark: str | None = None) -> SourceNote:
        """Where this file came from, for the facts' list of sources. The digest is that of the file as captured."""
        is_repository = "/" in self.repository and " " not in self.repository
        return SourceNote(
            name=f"{self.repository}: {self.source_path} ({self.path.name})",
            retrieved=self.captured,
            url=FORGE + self.repository if is_repository else None,
            sha256=hashlib.sha256(self.body).hexdigest(),
            note=remark,
        )


class Captures:
    """Every file the manifest of `folder` lists."""

    def __init__(self, folder: Path) -> None:
        """Raises Refused when `folder` holds no manifest."""
        self.folder = folder
        manifest = folder / MANIFEST
        if not manifest.is_file():
            raise Refused(f"no {MANIFEST} in {folder}: pass the folder that holds it and status-pages/ with --captures")
        with manifest.open(newline="", encoding="utf-8") as lines:
            self._rows = {row["file"]: row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}

    def get(self, file: str) -> Captured:
        """One file by its path under status-pages/. Raises Refused when it is not there."""
        name = f"status-pages/{file}"
        row = self._rows.get(name)
        if row is None or not (self.folder / name).is_file():
            raise Refused(f"the captures hold no {name}: the manifest must list it and the file must be there")
        return Captured(self.folder / name, name, row["capture"], row["source_repo"], row["source_path"])

    def all(self, pattern: str) -> list[Captured]:
        """Every listed file whose path under status-pages/ matches the glob `pattern`, in name order; at least one."""
        names = sorted(name for name in self._rows if Path(name).match(f"status-pages/{pattern}"))
        if not names:
            raise Refused(f"the captures hold nothing like status-pages/{pattern}")
        return [self.get(name.removeprefix("status-pages/")) for name in names]
