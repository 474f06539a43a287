"""The published JSON Schemas of our documents, made from the records themselves so that they cannot drift.

`python -m vendors.catalogue.schema` writes docs/facts.schema.json and docs/assessment.schema.json.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from assessments.scoring.model import Assessment
from vendors.records import VendorFacts

DOCS = Path(__file__).resolve().parents[2] / "docs"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NOTE = (
    "Types and names only. Rules between fields (an end not before its start, nothing after as_of, no id twice) are "
    "checked when a document is read."
)
DOCUMENTS: dict[str, tuple[type, str]] = {
    "facts.schema.json": (VendorFacts, "riskboard.facts/1"),
    "assessment.schema.json": (Assessment, "riskboard.assessment/1"),
}


def render(name: str) -> bytes:
    """The bytes of one published schema. Raises KeyError for a name that is none of `DOCUMENTS`."""
    kind, title = DOCUMENTS[name]
    schema = {"$schema": DIALECT, "title": title, "$comment": _NOTE, **msgspec.json.schema(kind)}
    return msgspec.json.format(msgspec.json.encode(schema, order="deterministic"), indent=1) + b"\n"


def main() -> None:
    """Write every schema into docs/."""
    for name in DOCUMENTS:
        (DOCS / name).write_bytes(render(name))


if __name__ == "__main__":
    main()
