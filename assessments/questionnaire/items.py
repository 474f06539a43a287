"""The questionnaire's items: the checks' own words, and guidance for who asks. Pure."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib import resources

import msgspec

from assessments.scoring.checks.registry import CHECKS
from assessments.scoring.rubric import weight

_ITEM = re.compile(r"Questionnaire item (B\d+): (.+?)\. Half")


@dataclass(frozen=True, slots=True)
class QuestionnaireItem:
    """One item. `full` is what earns full marks, `points` its weight of 100 in the total; the rest is guidance."""

    item: str
    check: str
    question: str
    why: str
    full: str
    ask: str
    partly: str
    evidence: str
    points: float
    references: tuple[str, ...]


@functools.cache
def version() -> str:
    """Which questionnaire this is; it is raised when what is asked changes."""
    return str(_guidance()["version"])


@functools.cache
def items() -> tuple[QuestionnaireItem, ...]:
    """B1 to B17, in order. Raises KeyError for a check without guidance."""
    found = []
    for check in CHECKS:
        said = _ITEM.match(check.meta.how)
        if said is None:
            continue
        told = _guidance()[said.group(1)]
        found.append(
            QuestionnaireItem(
                item=said.group(1),
                check=check.meta.id,
                question=check.meta.question,
                why=check.meta.why,
                full=said.group(2),
                points=weight(check.meta.id),
                references=check.meta.references,
                **told,
            )
        )
    return tuple(sorted(found, key=lambda one: int(one.item[1:])))


@functools.cache
def _guidance() -> dict:
    return msgspec.toml.decode(resources.files(__package__).joinpath("items.toml").read_bytes())
