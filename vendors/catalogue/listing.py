"""The list of bundled histories (index.json): its lines, how they are written, and whether they still tell the truth.

`index.bundled()` reads the same file and needs fewer of the fields; what it names must stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from riskboard.errors import Refused
from vendors import facts_file
from vendors.records import UtcTime, VendorFacts

HISTORIES = Path(__file__).with_name("histories")
INDEX = Path(__file__).with_name("index.json")
SUFFIXES = (".facts.json.gz", ".facts.json")


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One history as listed. `start`/`end` are the covered window; `sha256` is of the canonical facts.

    `set_aside` counts the impossible times met while building; the history's own `sources` say which kinds.
    """

    slug: str
    name: str
    category: str
    file: str
    incidents: int
    updates: int
    maintenances: int
    start: UtcTime | None
    end: UtcTime | None
    as_of: UtcTime
    page: str
    set_aside: int
    sha256: str


def line_of(facts: VendorFacts, file: str, set_aside: int) -> Line:
    """The line of one history kept in `file`."""
    return Line(
        slug=facts.vendor.slug,
        name=facts.vendor.name,
        category=facts.vendor.category,
        file=file,
        incidents=len(facts.incidents),
        updates=sum(len(incident.updates) for incident in facts.incidents),
        maintenances=len(facts.maintenances),
        start=facts.window.start,
        end=facts.window.end,
        as_of=facts.as_of,
        page=facts.pages[0].url,
        set_aside=set_aside,
        sha256=facts_file.sha256(facts),
    )


def read() -> tuple[Line, ...]:
    """Every line, by slug. Raises Refused when the list is missing or broken."""
    try:
        return msgspec.json.decode(INDEX.read_bytes(), type=tuple[Line, ...])
    except (OSError, msgspec.MsgspecError) as fault:
        raise Refused(f"the list of bundled vendors cannot be read ({fault}); build it again") from fault


def write_form(lines: dict[str, Line]) -> bytes:
    """The bytes of the list: one stable order, readable in a diff."""
    return msgspec.json.format(msgspec.json.encode([lines[slug] for slug in sorted(lines)]), indent=1) + b"\n"


def files() -> list[Path]:
    """Every history file that lies there, by name."""
    return sorted(path for path in HISTORIES.iterdir() if path.name.endswith(SUFFIXES))


def problems() -> Iterator[str]:
    """What is wrong with the bundled files: one missing or changed, a broken rule, a figure that differs, a text."""
    lines = read()
    for line in lines:
        try:
            facts = facts_file.loads((HISTORIES / line.file).read_bytes())
        except (OSError, facts_file.FactsError) as fault:
            yield f"{line.file}: {fault}"
            continue
        now = line_of(facts, line.file, line.set_aside)
        for field in line.__struct_fields__:
            if getattr(now, field) != getattr(line, field):
                yield f"{line.file}: {field} is {getattr(now, field)}, but {INDEX.name} says {getattr(line, field)}"
        if any(update.text is not None for incident in facts.incidents for update in incident.updates):
            yield f"{line.file}: it carries texts; bundled histories carry measured elements only"
    listed = {line.file for line in lines}
    yield from (f"{path.name}: not listed in {INDEX.name}" for path in files() if path.name not in listed)
