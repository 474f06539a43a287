"""What the portfolio report prints: every vendor side by side, then a short section on each."""

from __future__ import annotations

from typing import Any

from assessments.report import figures, phrases, shared
from assessments.report.charts import risk, score
from assessments.report.charts.matrix import matrix
from assessments.report.clauses import clause_context
from assessments.report.context import NAME, WIDE, advice_view, check_view, report_id, window_words
from assessments.report.phrases import clean
from assessments.report.software import software
from assessments.report.tokens import PRINT, Theme
from assessments.report.whole import sections_of_portfolio
from assessments.scoring.model import Assessment
from assessments.scoring.rubric import rubric
from riskboard.locales import MINUTE, _, ngettext, when
from vendors.records import VendorFacts

Pair = tuple[Assessment, VendorFacts]
Ranked = tuple[str, float | None, float, float, float | None]  # as risk.ranking takes them
COVERED, PART = 16, 32  # vendors in the ranking on the cover; in one picture after the table


def portfolio_context(pairs: list[Pair], *, theme: Theme = PRINT) -> dict[str, Any]:
    """Everything the portfolio report shows: vendors from the least to the best prepared, unknown first."""
    ordered = sorted(
        pairs, key=lambda pair: (pair[0].score.value is not None, pair[0].score.value or 0, pair[0].vendor.slug)
    )
    latest = max(assessment.as_of for assessment, _ in pairs)
    identity = report_id(*[assessment for assessment, _ in ordered])
    method = pairs[0][0].method
    return {
        "title": ngettext("Portfolio readiness: {n}\u00a0vendor", "Portfolio readiness: {n}\u00a0vendors", len(pairs)),
        "running": _("Portfolio readiness"),
        "at": latest,
        "report_id": identity,
        "identity": _(
            "{id} · data up to {at} UTC · method {version}",
            id=identity,
            at=when(latest, MINUTE),
            version=method.version,
        ),
        "headline": headline(pairs),
        "vendors": [_vendor(assessment, facts, theme) for assessment, facts in ordered],
        **_rankings([_rank(assessment) for assessment, _ in ordered], theme),
        "rubric": rubric(),
        "method": method,
        **_beyond(ordered, theme),
    }


def _beyond(ordered: list[Pair], theme: Theme) -> dict[str, Any]:
    """What is said of the portfolio as a whole."""
    return {
        "grade_mix": shared.grade_mix(ordered),
        "matrix": matrix(shared.dots(ordered), theme, width=WIDE, height=330),
        "shared_sentence": shared.shared_sentence(ordered),
        "shared_rows": shared.shared_rows(ordered),
        "trends": [(clean(a.vendor.name, shared.NAME), *shared.trend_of(a, facts)) for a, facts in ordered],
        "gap_heads": shared.pillar_names(ordered),
        "gap_rows": shared.gap_rows(ordered),
        "stale": shared.stale(ordered),
        "software": software(),
        "clauses": clause_context("portfolio", sections_of_portfolio(ordered)),
    }


def headline(pairs: list[Pair]) -> str:
    """How many vendors are likelier than not to have an outage beyond the RTO, in a sentence."""
    known = [a for a, _ in pairs if a.forecast.confidence != "insufficient"]
    likely = sum(a.forecast.p_exceed > 0.5 for a in known)
    many = _("One") if likely == 1 else phrases.spelled(likely).capitalize()
    vendors = ngettext("{n} vendor", "{n} vendors", len(pairs))
    if likely == 1:
        text = _(
            "{many} of {vendors} is more likely than not to have an outage longer than the RTO within a year.",
            many=many,
            vendors=vendors,
        )
    else:
        text = _(
            "{many} of {vendors} are more likely than not to have an outage longer than the RTO within a year.",
            many=many,
            vendors=vendors,
        )
    unknown = len(pairs) - len(known)
    if not unknown:
        return text
    rest = ngettext(
        "Of one, too little is known to say.", "Of {few}, too little is known to say.", unknown, few=phrases.spelled(unknown)
    )  # fmt: skip
    return f"{text} {rest}"


def _rankings(rows: list[Ranked], theme: Theme) -> dict[str, Any]:
    """The ranking on the cover where it fits, else in parts after the table."""
    if len(rows) <= COVERED:
        return {"ranking": risk.ranking(rows, theme, width=626), "rankings": []}
    parts = [rows[n : n + PART] for n in range(0, len(rows), PART)]
    return {
        "ranking": "",
        "rankings": [risk.ranking(part, theme, width=WIDE, key=str(n)) for n, part in enumerate(parts)],
    }


def _rank(a: Assessment) -> Ranked:
    chance = None if a.forecast.confidence == "insufficient" else a.forecast.p_exceed
    return clean(a.vendor.name, 40), a.score.value, a.score.low, a.score.high, chance


def _vendor(a: Assessment, facts: VendorFacts, theme: Theme) -> dict[str, Any]:
    worst = [check for pillar in a.pillars for check in pillar.checks if check.score is not None and check.score < 1]
    worst.sort(key=lambda check: -(check.weight * (1 - (check.score or 0))))
    unknown = [check for pillar in a.pillars for check in pillar.checks if check.score is None]
    return {
        "a": a,
        "name": clean(a.vendor.name, NAME),
        "category": clean(phrases.category(a.vendor.category), 60),
        "cells": figures.portfolio_cells(a),
        "headline": phrases.chance(a.forecast),
        "verdict": phrases.verdict(a),
        "record_sentence": phrases.record(a),
        "reason": window_words(facts),
        "ring": score.ring(a.score, theme, size=112, key=a.vendor.slug),
        "bars": score.pillar_bars(a.pillars, theme, width=510, row=35, key=a.vendor.slug),
        "findings": [check_view(check) for check in worst[:2]],
        "unknown": len(unknown),
        "first": [advice_view(item) for item in a.recommendations[:3]],
        "flags": [_(phrases.FLAGS.get(flag, flag)) for flag in a.forecast.flags],
    }
