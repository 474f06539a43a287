"""post-mortems: does the vendor say afterwards what went wrong?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.metrics import elapsed_hours, is_core, qualifies
from assessments.scoring.model import CheckMeta, Context, Evidence, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="post-mortems",
    pillar="openness",
    question="Are major outages explained afterwards, in public?",
    why="A vendor that explains its outages learns from them, and lets customers judge whether it did.",
    how="Share of major outages, and of those longer than four hours, with a published post-mortem; full from one in two.",
    remedy="Put a root-cause report within ten working days for outages over four hours into the contract.",
    effort="M",
    thresholds=thresholds("post-mortems"),
    references=("ISO/IEC 27001:2022 A.5.27", "DORA Art. 30(3)(b)"),
)


def evaluate(context: Context) -> Finding:
    """Linear in the share. Unknown below three outages that call for one, or where the source carries no such mark."""
    if hidden := findings.hidden_record(context):
        return hidden
    facts = context.facts
    longer = number("checks", "post-mortems", "longer_than_hours")
    due = [
        i
        for i in facts.incidents
        if qualifies(i, context.as_of)
        and not i.is_reported
        and (i.impact in ("major", "critical") or (is_core(i) and (elapsed_hours(i, context.as_of) or 0) > longer))
    ]
    least = number("checks", "post-mortems", "least")
    if len(due) < least:
        return findings.too_few(len(due), least, "outages that call for a post-mortem")
    told = [i for i in due if i.postmortem_url]
    if not told and any(o.check == META.id and o.outcome == "unknown" for o in facts.openness):
        return findings.unknown("the source read does not say whether post-mortems are published")
    share = len(told) / len(due)
    return findings.scored(
        curves.linear(
            share, good=number("checks", "post-mortems", "good"), bad=number("checks", "post-mortems", "bad")
        ),
        f"{len(told)} of {len(due)} major outages have a published post-mortem",
        (
            Evidence(claim="share of major outages with a post-mortem", value=round(share, 4), unit="share"),
            *(
                Evidence(claim=f"{i.title}: post-mortem", url=i.postmortem_url, observed_at=i.started_at)
                for i in told[-3:]
            ),
        ),
    )
