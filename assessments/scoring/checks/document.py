"""docs/checks.md from the checks' own words: `python -m assessments.scoring.checks.document`. A test compares the two."""

from __future__ import annotations

from pathlib import Path

from assessments.scoring.checks.registry import CHECKS
from assessments.scoring.model import PILLARS, CheckMeta
from assessments.scoring.rubric import rubric, weight

PATH = Path(__file__).resolve().parents[3] / "docs" / "checks.md"
EFFORT = {"S": "under a day", "M": "under two weeks", "L": "more than two weeks"}


def text() -> str:
    """The whole document."""
    parts = [
        "# Every check",
        "Made from the code by `python -m assessments.scoring.checks.document`; change the checks, not this file.",
        f"Method version {rubric()['version']}. Higher always means better prepared.",
    ]
    for pillar in PILLARS:
        metas = [check.meta for check in CHECKS if check.meta.pillar == pillar]
        parts.append(f"## {pillar}: {sum(weight(meta.id) for meta in metas):g} of 100")
        parts += [_section(meta) for meta in metas]
    return "\n\n".join(parts) + "\n"


def _section(meta: CheckMeta) -> str:
    lines = [
        f"### {meta.id}",
        f"**{meta.question}** {meta.why}",
        f"*Measured:* {meta.how} *Weight:* {weight(meta.id):g}.",
        f"*If it fails:* {meta.remedy} ({EFFORT[meta.effort]}; {'; '.join(meta.references)})",
    ]
    if meta.thresholds:
        rows = [f"| {t.name} | {t.value:g} {t.unit} | {t.source} | {t.dated} |" for t in meta.thresholds]
        lines.append("\n".join(["| threshold | value | source | read |", "|---|---|---|---|", *rows]))
    return "\n\n".join(lines)


def main() -> None:
    """Write the document."""
    PATH.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
