"""post-mortem-delay: how soon after an outage is it explained?"""

from __future__ import annotations

from datetime import timedelta

from assessments.scoring import curves, findings
from assessments.scoring.metrics import quantile
from assessments.scoring.model import CheckMeta, Context, Finding
from assessments.scoring.rubric import number, thresholds
from vendors.records import Incident

META = CheckMeta(
    id="post-mortem-delay",
    pillar="timeliness",
    question="Is the explanation out within a week?",
    why="In 2011 a post-mortem was promised within seven business days: a promise one can hold a vendor to.",
    how="Median days from the end of an outage to its first published post-mortem; only outages that have one, whether they have is another check.",
    remedy="Put a date for the root-cause report into the contract.",
    effort="S",
    thresholds=thresholds("post-mortem-delay"),
    references=("ISO/IEC 27001:2022 A.5.27", "DORA Art. 30(3)(b)"),
)


def evaluate(context: Context) -> Finding:
    """The log-normal curve of the median. Unknown below three dated post-mortems."""
    if hidden := findings.hidden_record(context):
        return hidden
    delays = [(i, days) for i in context.facts.incidents if (days := _days(i)) is not None]
    least = number("checks", META.id, "least")
    if len(delays) < least:
        return findings.too_few(len(delays), least, "post-mortems with a date")
    typical = quantile(sorted(days for _, days in delays), 0.5) or 0.0
    return findings.scored(
        curves.log_normal(typical, p10=number("checks", META.id, "p10"), median=number("checks", META.id, "median")),
        f"post-mortems came {typical:.1f} days after the end (median of {len(delays)})",
        findings.incident_evidence(delays, "days from the end to the post-mortem", "d"),
    )


def _days(incident: Incident) -> float | None:
    """Days from the end to the first post-mortem post, 0 where it came before; None without an end or a post."""
    posts = [update.posted_at for update in incident.updates if update.state == "postmortem"]
    if not posts or incident.resolved_at is None or incident.is_reported:
        return None
    return max(0.0, (min(posts) - incident.resolved_at) / timedelta(days=1))
