"""The table of docs/catalogue.md, made from the bundled files. `python -m vendors.catalogue.document` writes it."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from vendors import facts_file
from vendors.catalogue import listing
from vendors.catalogue.listing import Line
from vendors.records import VendorFacts

PAGE = Path(__file__).resolve().parents[2] / "docs" / "catalogue.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
_HEAD = (
    "| vendor | incidents | updates | maintenance | from | to | complete | median length | ends known | set aside |\n"
    "|---|---:|---:|---:|---|---|---|---:|---|---:|\n"
)


def table() -> str:
    """The Markdown table, one row per history, by name. Opens every history: about a second."""
    lines = sorted(listing.read(), key=lambda line: line.name.casefold())
    return _HEAD + "".join(_row(line, facts_file.loads((listing.HISTORIES / line.file).read_bytes())) for line in lines)


def _row(line: Line, facts: VendorFacts) -> str:
    lengths = [hours for incident in facts.incidents if (hours := incident.duration_hours()) is not None]
    start, end = (f"{day:%Y-%m-%d}" if day else "not known" for day in (line.start, line.end))
    cells = (
        line.name,
        f"{line.incidents:,}",
        f"{line.updates:,}",
        f"{line.maintenances:,}",
        start,
        end,
        "yes" if facts.window.complete else "no",
        f"{median(lengths):.2f} h" if lengths else "not known",
        _ends(facts),
        str(line.set_aside),
    )
    return "| " + " | ".join(cells) + " |\n"


def _ends(facts: VendorFacts) -> str:
    words = {"stated": "stated", "upper_bound": "upper bound", "unknown": "not known", "open": "open"}
    counts = {known: sum(incident.end_known == known for incident in facts.incidents) for known in words}
    return ", ".join(f"{count:,} {words[known]}" for known, count in counts.items() if count)


def with_table(page: str) -> str:
    """`page` with the text between the two marks replaced by the table. Raises ValueError when a mark is missing."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table()}{END}{after}"


def main() -> None:
    """Write the table into docs/catalogue.md."""
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
