"""docs/plan-lint.md from the rules' own words: `python -m assessments.continuity.lint.document`. A test compares the two."""

from __future__ import annotations

from pathlib import Path

from assessments.continuity.lint import LEVELS, RULES

PATH = Path(__file__).resolve().parents[3] / "docs" / "plan-lint.md"


def text() -> str:
    """The whole document."""
    counts = ", ".join(f"{sum(rule.level == level for rule in RULES)} {level}" for level in LEVELS)
    rows = [
        f"| {rule.id} | {rule.level} | {rule.question} | {rule.why} | {rule.mend} | {rule.clause} |" for rule in RULES
    ]
    parts = [
        "# What the lint asks of a plan",
        "Made from the code by `python -m assessments.continuity.lint.document`; change the rules, not this file.",
        f"{len(RULES)} rules ({counts}). Each message names the item and the field to change. Unknown never counts as in order.",
        "\n".join(["| rule | level | question | why | how to mend it | clause |", "|---|---|---|---|---|---|", *rows]),
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write the document."""
    PATH.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
