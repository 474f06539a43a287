"""outages-around-changes: do outages come with the vendor's own announced work?"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import exp, lgamma, log

from assessments.scoring import curves, findings
from assessments.scoring.metrics import outages
from assessments.scoring.model import CheckMeta, Context, Evidence, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="outages-around-changes",
    pillar="outage-history",
    question="Does the vendor's own announced work go by without an outage?",
    why="In 2011 the mail service failed within days of an announced upgrade; work that breaks things says how changes are made.",
    how="Share of major outages that begin within 48 hours of announced maintenance, above the share that chance alone would put there; nothing is counted where chance explains it.",
    remedy="Freeze your own changes and have the fallback ready for 48 hours around announced work.",
    effort="S",
    thresholds=thresholds("outages-around-changes"),
    references=("ISO/IEC 27001:2022 A.8.32", "DORA Art. 9(4)(e)"),
)


def evaluate(context: Context) -> Finding:
    """Linear in the excess share. Unknown below five outages or three windows, or where work is announced all the time."""
    if hidden := findings.hidden_record(context):
        return hidden
    begun = outages(context.facts, context.as_of, core_only=True)
    spans = _around(context)
    least, least_windows = number("checks", META.id, "least"), number("checks", META.id, "least_windows")
    if len(context.facts.maintenances) < least_windows:
        return findings.too_few(len(context.facts.maintenances), least_windows, "announced windows")
    if len(begun) < least:
        return findings.too_few(len(begun), least, "major outages")
    chance = _share_of_time(spans, context)
    if chance > number("checks", META.id, "always"):
        return findings.unknown(f"announced work covers {chance:.0%} of the time: what follows it cannot be told apart")
    near = [(o.incidents[0], 1.0) for o in begun if any(start <= o.start <= end for start, end in spans)]
    share = len(near) / len(begun)
    by_luck = _at_least(len(near), len(begun), chance)
    excess = 0.0 if by_luck > number("checks", META.id, "luck") else max(0.0, share - chance) / (1 - chance)
    return findings.scored(
        curves.linear(excess, good=number("checks", META.id, "good"), bad=number("checks", META.id, "bad")),
        f"{len(near)} of {len(begun)} major outages began within 48 hours of announced work; chance alone would give {chance:.0%}",
        (
            Evidence(claim="share of outages around announced work", value=round(share, 4), unit="share"),
            *findings.incident_evidence(near, "began within 48 hours of announced work", "outage"),
        ),
    )


def _around(context: Context) -> list[tuple[datetime, datetime]]:
    """The spans within reach of announced work, joined where they overlap, by start."""
    reach = timedelta(hours=number("checks", META.id, "reach_hours"))
    spans = sorted(
        (m.scheduled_for - reach, max(m.scheduled_until or m.scheduled_for, m.scheduled_for) + reach)
        for m in context.facts.maintenances
        if m.scheduled_for is not None and m.scheduled_for <= context.as_of
    )
    joined: list[tuple[datetime, datetime]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _share_of_time(spans: list[tuple[datetime, datetime]], context: Context) -> float:
    """Share of the covered window that lies within those spans, 0-1; 1 where nothing is covered."""
    window = context.facts.window
    if window.start is None or window.end is None or window.end <= window.start:
        return 1.0
    inside = sum(
        (max(timedelta(0), min(end, window.end) - max(start, window.start)) for start, end in spans), timedelta(0)
    )
    return inside / (window.end - window.start)


def _at_least(count: int, of: int, chance: float) -> float:
    """P(at least `count` of `of` outages fall there by chance): the upper binomial tail, by logarithms."""
    if count == 0 or chance >= 1:
        return 1.0
    if chance <= 0:
        return 0.0
    terms = (
        lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1) + k * log(chance) + (of - k) * log(1 - chance)
        for k in range(count, of + 1)
    )
    return min(1.0, sum(exp(term) for term in terms))
