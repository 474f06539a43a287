"""Documents made from code say what the code says."""

from __future__ import annotations

import re
from pathlib import Path

from assessments.continuity.rules import RULES
from assessments.continuity.rules import document as recommendations
from assessments.scoring.checks import document

ROOT = Path(__file__).resolve().parents[2]


def test_the_document_of_checks_is_up_to_date():
    assert document.PATH.read_text(encoding="utf-8") == document.text(), (
        "run python -m assessments.scoring.checks.document"
    )


def test_every_link_of_the_documents_leads_somewhere():
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_rule_has_its_number_once():
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids)) >= 12
    assert all(rule.action.endswith(".") and rule.why.endswith(".") and rule.clause for rule in RULES)


def test_the_page_of_recommendations_is_what_the_rules_say():
    assert recommendations.PATH.read_text(encoding="utf-8") == recommendations.text()
