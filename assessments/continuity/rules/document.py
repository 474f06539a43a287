"""docs/recommendations.md from the rules' own words: `python -m assessments.continuity.rules.document`. A test compares the two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assessments.continuity.rules import RULES, Rule
from assessments.scoring.rubric import rubric
from vendors.catalogue.landmarks import landmarks

PATH = Path(__file__).resolve().parents[3] / "docs" / "recommendations.md"
EFFORT = {"S": "under a day", "M": "under two weeks", "L": "more"}


def text() -> str:
    """The whole document."""
    effects = rubric()["effects"]
    parts = [
        "# Every recommendation",
        "Made from the code by `python -m assessments.continuity.rules.document`; change the rules, not this file.",
        "A rule fires on figures, which it prints. What its effect is, where it is one on the outage, is worked out under the"
        f" assumptions below ({effects['source']}; {effects['dated']}).",
        "\n".join(_row(rule) for rule in (None, *RULES)),
        "## Assumed effects",
        "\n".join(
            ["| effect | assumption |", "|---|---|", *[f"| {name} | {_told(spec)} |" for name, spec in _specs(effects)]]
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _row(rule: Rule | None) -> str:
    if rule is None:
        return "| rule | action | why | effort | clause | effect | precedent |\n|---|---|---|---|---|---|---|"
    titles = {landmark.id: landmark.title for landmark in landmarks()}
    precedent = f"[{titles[rule.precedent]}](landmarks.md)" if rule.precedent else ""
    cells = [
        rule.id,
        rule.action,
        rule.why,
        EFFORT[rule.effort],
        rule.clause,
        (rule.effect or "").replace("_", " "),
        precedent,
    ]
    return f"| {' | '.join(cells)} |"


def _specs(effects: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(name.replace("_", " "), spec) for name, spec in effects.items() if isinstance(spec, dict)]


def _told(spec: dict[str, Any]) -> str:
    parts = []
    if "carries" in spec:
        when = f"{spec['after_share']:.0%} of the RTO" if "after_share" in spec else f"{spec['after_hours']:g} h"
        keeps = "; the promise holds then" if spec["keeps_promise"] else ""
        parts.append(
            f"works in {spec['carries']:.0%} of outages, carries {spec['capacity']:.0%} of the work after {when}{keeps}"
        )
    if "minutes" in spec:
        parts.append(f"the customer knows after {spec['minutes']:g} minutes")
    if "data_hours" in spec:
        parts.append(f"the data at hand are at most {spec['data_hours']:g} h old")
    return "; ".join(parts)


def main() -> None:
    """Write the document."""
    PATH.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
