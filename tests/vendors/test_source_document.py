"""docs/sources.md says what the sources say."""

from __future__ import annotations

from vendors.sources.document import DOC, render
from vendors.sources.registry import SOURCES


def test_the_document_is_current():
    assert DOC.read_text(encoding="utf-8") == render(), "run: python -m vendors.sources.document"


def test_every_source_has_its_line_and_an_id_of_its_own():
    text = render()
    assert len({source.id for source in SOURCES}) == len(SOURCES)
    assert all(f"| {source.name} | `{source.id}` |" in text for source in SOURCES)
