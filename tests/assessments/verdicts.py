"""What the method says of the bundled histories, in figures: `python -m tests.assessments.verdicts` writes them to verdicts.json anew.

A figure that moves is a change of the method: raise `version` in rubric.toml, say it in CHANGELOG.md, and write the file again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from vendors.catalogue import index

FILE = Path(__file__).with_suffix(".json")


@dataclass(frozen=True, slots=True)
class Case:
    """One question about one vendor: asked so many days before the history ends."""

    vendor: str
    name: str = "default"
    needs: Needs = field(default_factory=Needs)
    days_before: int = 0

    def __str__(self) -> str:
        return f"{self.vendor}, {self.name}"


def cases() -> Iterator[Case]:
    """Every bundled history by default; some as another customer, and as they were known a year before."""
    for one in sorted(index.bundled(), key=lambda one: one.slug):
        yield Case(one.slug)
    for vendor in ("aws", "github", "microsoft-bpos-2011", "slack", "trello"):
        yield Case(vendor, "lenient customer", Needs(rto_hours=24.0, rpo_hours=24.0, critical=False))
        yield Case(vendor, "a year before", days_before=365)


def verdict(case: Case) -> dict[str, Any]:
    """Every figure of that assessment: of scores, checks and their reasons, the record, the forecast, and what is advised."""
    facts = index.load(case.vendor)
    made = msgspec.to_builtins(assess(facts, case.needs, as_of=facts.as_of - timedelta(days=case.days_before)))
    checks = {
        check["id"]: [
            check["outcome"],
            check["score"],
            check["weight"],
            check["contribution"],
            " ".join(_figures(check["reason"])),
        ]
        for pillar in made["pillars"]
        for check in pillar["checks"]
    }
    return {
        "score": made["score"],
        **{
            pillar["id"]: {name: value for name, value in pillar.items() if name != "checks"}
            for pillar in made["pillars"]
        },
        **checks,
        "record": made["record"],
        "forecast": made["forecast"],
        "profiles": [[one["name"], one["value"], one["low"], one["high"], one["grade"]] for one in made["profiles"]],
        "advice": [[one["rule"], one["before"], one["after"]] for one in made["recommendations"]],
    }


def _figures(text: str) -> list[str]:
    return re.findall(r"\d[\d.,]*", text)


def known() -> dict[str, dict[str, Any]]:
    """The figures of the file, by case."""
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Write the file: a line for each part, so that a difference shows what moved."""
    parts = []
    for case in cases():
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in verdict(case).items())
        parts.append(f" {json.dumps(str(case))}: {{\n{lines}\n }}")
    FILE.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
