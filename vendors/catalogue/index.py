"""The bundled vendors: which there are, and their facts. Pure but for reading the files beside it."""

from __future__ import annotations

import difflib
import functools
from pathlib import Path

import msgspec

from riskboard.errors import Refused
from vendors.facts_file import loads
from vendors.records import UtcTime, VendorFacts

HISTORIES = Path(__file__).with_name("histories")
INDEX = Path(__file__).with_name("index.json")


class Bundled(msgspec.Struct, frozen=True, kw_only=True):
    """One bundled vendor, as the index lists it. `incidents` counts all, `sha256` is of the canonical facts."""

    slug: str
    name: str
    category: str
    file: str
    incidents: int
    updates: int
    start: UtcTime | None
    end: UtcTime | None
    page: str
    sha256: str

    @property
    def path(self) -> Path:
        """Where its facts file lies."""
        return HISTORIES / self.file


@functools.cache
def bundled() -> tuple[Bundled, ...]:
    """Every bundled vendor by name. Reads one small file; the histories stay packed."""
    return msgspec.json.decode(INDEX.read_bytes(), type=tuple[Bundled, ...])


def find(name: str) -> Bundled | None:
    """The bundled vendor of that slug or name, whatever the case; None if there is none."""
    wanted = name.strip().casefold()
    return next((b for b in bundled() if wanted in (b.slug.casefold(), b.name.casefold())), None)


def near(name: str) -> list[str]:
    """Slugs that look like `name`, best first, at most three."""
    names = {b.slug: b.slug for b in bundled()} | {b.name.casefold(): b.slug for b in bundled()}
    wanted = name.strip().casefold()
    hits = [names[hit] for hit in difflib.get_close_matches(wanted, names, n=6, cutoff=0.6)]
    hits += [b.slug for b in bundled() if wanted and wanted in b.name.casefold()]
    return list(dict.fromkeys(hits))[:3]


def load(name: str) -> VendorFacts:
    """The facts of one bundled vendor. Raises Refused with near names for an unknown one."""
    found = find(name)
    if found is None:
        likely = near(name)
        hint = f"did you mean {' or '.join(likely)}?" if likely else "`riskboard catalogue list` names those that are"
        raise Refused(f"{name[:60]!r} is no bundled vendor; {hint}")
    return loads(found.path.read_bytes())
