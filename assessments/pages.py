"""What the pages show, from stored rows. The same words and pictures as the report, in both themes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from django.core.paginator import Paginator

from assessments.models import AssessmentRow
from assessments.report.charts.risk import chance_text
from assessments.report.charts.score import PILLAR_NAMES
from assessments.report.context import OUTCOMES, vendor_context
from assessments.report.figures import threshold_words
from assessments.report.incidents import view_of
from assessments.report.tokens import SCREEN
from assessments.scoring.checks.registry import CHECKS
from assessments.scoring.metrics import component_names
from assessments.scoring.model import PILLARS
from assessments.scoring.moved import Moved, sentence
from assessments.scoring.pipeline import method
from assessments.scoring.profiles import presets
from assessments.scoring.rubric import rubric, weight
from riskboard.locales import _, figures, language, speaking

__all__ = ["OUTCOMES", "assessment_page", "method_page", "recent"]


INCIDENTS = 25  # on a page of the list
PICTURES = frozenset({"ring", "bars", "curve", "ladder", "ninety", "calendar"})  # what assessment.html draws


def recent(count: int) -> list[tuple[AssessmentRow, str, bool]]:
    """The newest assessments, each with its chance in words ("not known" on too thin a record), and whether it is disputed.

    One query; reads `count` documents, never the facts.
    """
    rows = AssessmentRow.objects.newest().select_related("vendor").defer("facts")[:count]
    made = [(row, row.parsed()) for row in rows]
    return [(row, chance_text(one.forecast), bool(one.disputes)) for row, one in made]


def rto_input(hours: float) -> str:
    """Hours as the form reads them back, without loss above a millionth of a minute: "4h", "1h20m", "0.5m"."""
    whole, minutes = divmod(round(hours * 60, 6), 60)
    rest = f"{minutes:.6f}".rstrip("0").rstrip(".")
    return (f"{whole:.0f}h" if whole else "") + (f"{rest}m" if rest != "0" or not whole else "")


def assessment_page(row: AssessmentRow, *, incidents: str | None = None) -> dict[str, Any]:
    """Everything the page of one assessment shows; `incidents` is the page of its list of incidents that was asked for."""
    with speaking(language()):  # asked once, not for each of thousands of words
        return _assessment_page(row, incidents)


def _assessment_page(row: AssessmentRow, incidents: str | None) -> dict[str, Any]:
    made, facts = row.parsed(), row.parsed_facts()
    context = vendor_context(made, facts, theme=SCREEN, pictures=PICTURES)
    known = sorted((i for i in facts.incidents if i.started_at <= made.as_of), key=lambda i: i.started_at, reverse=True)
    hours = made.needs.rto_hours
    page = Paginator(known, INCIDENTS).get_page(incidents)
    page.object_list = [view_of(incident, hours, made.as_of) for incident in page.object_list]
    return context | {
        "row": row,
        "page": page,
        "rto_input": rto_input(hours),
        "moved": moved_sentence(row),
        "part_names": sorted(component_names(facts), key=str.casefold),
        "window": facts.window,
    }


def moved_sentence(row: AssessmentRow) -> str:
    """Why the total moved since the assessment before; empty where there is none, or either shows no total."""
    return sentence(msgspec.convert(row.moved, Moved, strict=False)) if row.moved else ""


def method_page() -> dict[str, Any]:
    """Every check with its words and numbers."""
    return {
        "method": method(),
        "checks": [
            (check.meta, weight(check.meta.id), [(one.value, *threshold_words(one)) for one in check.meta.thresholds])
            for check in CHECKS
        ],
        "bands": rubric()["score"]["bands"],
        "pillars": [_(PILLAR_NAMES[pillar]) for pillar in PILLARS],
        "profiles": list(_profiles()),
    }


def _profiles() -> Iterator[tuple[str, list[float], str]]:
    """(name, weight of each pillar, why) of the default and every profile of the rubric."""
    yield (
        "default",
        [round(sum(weight(c.meta.id) for c in CHECKS if c.meta.pillar == pillar), 2) for pillar in PILLARS],
        "",
    )
    for profile in presets():
        table = rubric()["profiles"][profile.name]
        yield (
            profile.name,
            [profile.pillars[pillar] for pillar in PILLARS],
            f"{_(table['source'])} ({figures(str(table['dated']))})",
        )
