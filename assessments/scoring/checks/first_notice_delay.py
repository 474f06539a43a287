"""first-notice-delay: how long after an outage begins does the vendor say so?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.metrics import notice_delays
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="first-notice-delay",
    pillar="timeliness",
    question="Is the first notice out within ten minutes of the start?",
    why="Until the first notice, every customer looks for the fault in their own house.",
    how="Median minutes from the start to the first public post, only where the source states a start of its own or an independent observer saw it.",
    remedy="Detect outages yourself: a synthetic log-in every few minutes, alarmed by another provider.",
    effort="S",
    thresholds=thresholds("first-notice-delay"),
    references=("DORA Art. 10", "DORA Art. 30(3)(b)"),
)


def evaluate(context: Context) -> Finding:
    """The log-normal curve of the median delay. Unknown where starts are neither stated apart from the post nor seen."""
    if hidden := findings.hidden_record(context):
        return hidden
    measured = notice_delays(context.facts, context.as_of)
    recent = {(i.page, i.id) for i in findings.lately(context, [incident for incident, _ in measured])}
    delays = [(i, max(0.0, delay)) for i, delay in measured if (i.page, i.id) in recent]
    start = "stated start" if all(incident.start_stated for incident, _ in delays) else "start stated or observed"
    least = number("checks", "first-notice-delay", "least")
    if len(delays) < least:
        return findings.too_few(len(delays), least, "incidents whose start is stated apart from the first post")
    typical = findings.typical(context, delays)
    score = curves.log_normal(
        typical,
        p10=number("checks", "first-notice-delay", "p10"),
        median=number("checks", "first-notice-delay", "median"),
    )
    return findings.scored(
        findings.cautious(score, META.id, len(delays)),
        f"the first notice came {typical:.0f} minutes after the {start} (median of {len(delays)})",
        findings.incident_evidence(delays, f"minutes from the {start} to the first notice", "min"),
    )
