"""Up to five vendors beside each other: the same rows as their reports, what differs, and how firm the order is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessments.report.charts.score import PILLAR_NAMES
from assessments.report.clauses import clause_context
from assessments.report.context import OUTCOMES, report_id, window_words
from assessments.report.figures import portfolio_cells
from assessments.report.phrases import clean
from assessments.report.sections import comparison_sections
from assessments.report.software import software
from assessments.report.tokens import UNKNOWN_WORD
from assessments.scoring.checks.registry import BY_ID
from assessments.scoring.model import PILLARS, Assessment, PillarId, Profile, Score
from assessments.scoring.profiles import presets
from assessments.scoring.rubric import number, weight
from assessments.scoring.stability import Stability, stability
from assessments.scoring.weighing import under
from riskboard.locales import MINUTE, _, duration, figure, figures, when
from riskboard.phrasebook import said
from vendors.records import VendorFacts

MOST, LEAST = 5, 2
DRAWS, SPAN = int(number("score", "weight_draws")), number("score", "weight_span")
OWN = "own"  # the name of weights somebody typed


@dataclass(frozen=True, slots=True)
class Cell:
    """What one vendor has in one row. `bar`: share 0-1 to draw, None for none; `delta`: against the baseline, in words."""

    text: str
    order: float | None = None
    look: str = ""
    bar: float | None = None
    delta: str = ""

    @property
    def percent(self) -> str:
        """The bar's length, for a <meter>."""
        return "" if self.bar is None else f"{100 * self.bar:.0f}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `same`: every vendor has the same there."""

    label: str
    cells: tuple[Cell, ...]
    same: bool


Given = tuple[Assessment, Callable[[], VendorFacts]]  # the facts are read under other weights alone


@dataclass(frozen=True, slots=True)
class Column:
    """One vendor: its assessment, and its total under the weights chosen (None: not known)."""

    made: Assessment
    score: Score | None

    @property
    def name(self) -> str:
        """As headings print it."""
        return clean(self.made.vendor.name, 60)


def weights_of(query: Mapping[str, str]) -> tuple[Profile | None, dict[str, str]]:
    """The weights asked for: a profile of the rubric by `?weights=`, or typed points a pillar; and what was typed, as typed.

    What cannot be used falls back to the default, and its field says so by being shown as typed.
    """
    name = query.get("weights", "")
    typed = {pillar: query.get(f"w-{pillar}", "")[:10] for pillar in PILLARS}
    if name == OWN:
        points: dict[PillarId, float] = {}
        for pillar in PILLARS:
            try:
                value = float(typed[pillar])
            except ValueError:
                continue
            if 0 < value <= 100:
                points[pillar] = value
        return (Profile(name=OWN, pillars=points) if points else None), typed
    return next((profile for profile in presets() if profile.name == name), None), typed


def default_weights() -> dict[str, float]:
    """Points of 100 a pillar by default."""
    return {
        pillar: sum(weight(check) for check, one in BY_ID.items() if one.meta.pillar == pillar) for pillar in PILLARS
    }


def compare(
    given: Sequence[Given], *, baseline: str = "", profile: Profile | None = None, only: bool = False
) -> dict[str, Any]:
    """The comparison of those assessments. `baseline`: the slug deltas are against (else the first). Cost: 0.1 s a vendor, at most."""
    columns = [Column(made, made.score if profile is None else under(made, facts(), profile)) for made, facts in given]
    base = next((n for n, one in enumerate(columns) if one.made.vendor.slug == baseline), 0)
    firm = stability([one.made for one in columns])
    names = {one.made.vendor.slug: one.name for one in columns}
    groups = [(_("In short"), _short(columns, base)), *_pillars(columns, base)]
    shown = [(title, [row for row in made if not (only and row.same)], len(made)) for title, made in groups]
    return {
        "columns": columns, "base": columns[base].made.vendor.slug, "base_at": base + 1, "groups": shown, "firm": firm,
        "ranks": [(one, names[one.slug]) for one in firm.standings],
        "sentence": leader(columns, firm, profile), "hidden": sum(n - len(left) for _, left, n in shown),
        "draws": DRAWS, "span": SPAN,
        "rtos": sorted({one.made.needs.rto_hours for one in columns}),
    }  # fmt: skip


def comparison_context(pairs: Sequence[tuple[Assessment, VendorFacts]]) -> dict[str, Any]:
    """What the report on up to five vendors prints: what differs between them, and each one's figures in a row of its own."""
    made = compare([(assessment, lambda facts=facts: facts) for assessment, facts in pairs], only=True)
    latest = max(assessment.as_of for assessment, _ in pairs)
    identity = report_id(*[assessment for assessment, _ in pairs])
    method = pairs[0][0].method
    names = [column.name for column in made["columns"]]
    return made | {
        "title": _("Comparison: {names}", names=", ".join(names)),
        "running": _("Comparison of vendors"),
        "headline": made["sentence"],
        "at": latest,
        "report_id": identity,
        "identity": _(
            "{id} · data up to {at} UTC · method {version}",
            id=identity,
            at=when(latest, MINUTE),
            version=method.version,
        ),
        "method": method,
        "landscape": True,
        "software": software(),
        "clauses": clause_context("comparison", comparison_sections([assessment for assessment, _ in pairs])),
        "vendors": [
            {"name": name, "a": assessment, "cells": portfolio_cells(assessment), "reason": window_words(facts)}
            for name, (assessment, facts) in zip(names, pairs, strict=True)
        ],
    }


def sheet(made: Mapping[str, Any]) -> tuple[list[str], list[list[str | float | None]]]:
    """The comparison as a table: its columns, and a row for each line with figures as figures; None is not known."""
    rows: list[list[str | float | None]] = []
    for title, lines, _all in made["groups"]:
        rows.extend([title, line.label, *(_plain(cell) for cell in line.cells)] for line in lines)
    return [_("Part"), _("What"), *(column.name for column in made["columns"])], rows


def _plain(cell: Cell) -> str | float | None:
    if cell.look in OUTCOMES:
        return cell.text
    return cell.text if cell.order is None and cell.text != _(UNKNOWN_WORD) else cell.order


def leader(columns: Sequence[Column], firm: Stability, profile: Profile | None) -> str:
    """Who stands first and how sure that is, in a sentence."""
    ranked = sorted((one for one in columns if one.score and one.score.value is not None), key=lambda one: -_value(one))
    if not ranked:
        return _("No total is known for any of them: too little could be judged.")
    first = ranked[0]
    value = figure(_value(first), ".0f")
    others = "" if len(ranked) == len(columns) else " " + _("Those without a total are not ranked.")
    if len(ranked) == 1:
        return _("Only {name} has a total: {value} of 100.", name=first.name, value=value) + others
    named = {
        "name": first.name,
        "value": value,
        "lead": figure(_value(first) - _value(ranked[1]), ".1f"),
        "next": ranked[1].name,
    }
    if profile is not None:
        text = _(
            "{name} stands first with {value} of 100, {lead} ahead of {next}, under the weights “{profile}”.",
            profile=profile.name, **named,
        )  # fmt: skip
        return text + others
    share = next((one.first for one in firm.standings if one.slug == first.made.vendor.slug), None)
    if share is None:
        text = _("{name} stands first with {value} of 100, {lead} ahead of {next}.", **named)
    else:
        text = _(
            "{name} stands first with {value} of 100, {lead} ahead of {next}; it stays first in {share} of {draws} weightings "
            "within {span}.",
            share=figure(share, ".0%"), draws=figure(DRAWS, ","), span=figure(SPAN, ".0%"), **named,
        )  # fmt: skip
    if ranked[1].score is not None and first.score is not None and ranked[1].score.high > first.score.low:
        text += " " + _("Their intervals overlap: what is unknown could turn the order round.")
    return text + others


def _value(one: Column) -> float:
    return one.score.value if one.score and one.score.value is not None else -1.0


def _short(columns: Sequence[Column], base: int) -> list[Row]:
    def known(one: Column) -> bool:
        return one.made.forecast.confidence != "insufficient"

    def chance(one: Column) -> float | None:
        return one.made.forecast.p_exceed if known(one) else None

    def value(one: Column) -> float | None:
        return one.score.value if one.score else None

    return [
        _row(_("Readiness, of 100"), columns, base, value, ".0f", bar=100),
        _words(_("Between"), columns, _between),
        _words(_("Grade"), columns, lambda one: (one.score.grade if one.score else None) or _("none")),
        _row(_("Known, share of the evidence"), columns, base, lambda one: one.score.coverage if one.score else None, ".0%", bar=1),
        _words(_("Judged for an RTO of"), columns, lambda one: duration(one.made.needs.rto_hours)),
        _row(_("Chance of an outage beyond it, a year"), columns, base, chance, ".0%", bar=1),
        _row(_("Hours lost a year, mean"), columns, base, lambda one: one.made.forecast.hours.mean if known(one) else None, ",.1f"),
        _row(_("Longest outage on record, h"), columns, base, lambda one: one.made.record.longest_hours, ",.1f"),
        _row(_("Outages on record"), columns, base, lambda one: float(one.made.record.outages), ",.0f"),
        _row(_("Years of record"), columns, base, lambda one: one.made.record.window_years, ".1f"),
        _words(_("Disputed by the vendor"), columns, lambda one: _("yes") if one.made.disputes else _("no")),
    ]  # fmt: skip


def _between(one: Column) -> str:
    if one.score is None:
        return _(UNKNOWN_WORD)
    return _("{low} to {high}", low=figure(one.score.low, ".0f"), high=figure(one.score.high, ".0f"))


def _pillars(columns: Sequence[Column], base: int) -> list[tuple[str, list[Row]]]:
    found = []
    for pillar in PILLARS:
        results = [
            {check.id: check for part in one.made.pillars if part.id == pillar for check in part.checks}
            for one in columns
        ]
        values = [next((part.value for part in one.made.pillars if part.id == pillar), None) for one in columns]
        lines = [_cells(_("The pillar, of 100"), values, base, ".0f", bar=100)]
        for check in (name for name, one in BY_ID.items() if one.meta.pillar == pillar):
            cells = []
            for n in range(len(columns)):
                result = results[n].get(check)
                score = result.score if result else None
                look = result.outcome if result else "unknown"
                cells.append(Cell(_(OUTCOMES[look]), score, look, score))
            same = len({(cell.look, cell.order) for cell in cells}) == 1
            lines.append(Row(said(BY_ID[check].meta.question), tuple(cells), same))
        found.append((_(PILLAR_NAMES[pillar]), lines))
    return found


def _row(
    label: str,
    columns: Sequence[Column],
    base: int,
    value: Callable[[Column], float | None],
    form: str,
    *,
    bar: float | None = None,
) -> Row:
    return _cells(label, [value(one) for one in columns], base, form, bar=bar)


def _cells(label: str, values: Sequence[float | None], base: int, form: str, *, bar: float | None = None) -> Row:
    cells = tuple(
        Cell(
            text=_(UNKNOWN_WORD) if value is None else figure(value, form), order=value, look="" if value is not None else "unknown",
            bar=None if bar is None or value is None else value / bar, delta="" if n == base else _delta(value, values[base], form),
        )
        for n, value in enumerate(values)
    )  # fmt: skip
    return Row(label, cells, len({cell.text for cell in cells}) == 1)


def _delta(value: float | None, against: float | None, form: str) -> str:
    if value is None or against is None:
        return ""
    made = format(value - against, "+" + form)
    return _("the same") if made.strip("+-0.,%") == "" else figures(made)


def _words(label: str, columns: Sequence[Column], word: Callable[[Column], str]) -> Row:
    cells = tuple(Cell(word(one)) for one in columns)
    return Row(label, cells, len({cell.text for cell in cells}) == 1)
