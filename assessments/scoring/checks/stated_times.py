"""stated-times: are start and end of an incident stated, apart from when it was posted?"""

from __future__ import annotations

from assessments.scoring import findings
from assessments.scoring.model import CheckMeta, Context, Evidence, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="stated-times",
    pillar="openness",
    question="Do incidents state when they began and ended, apart from when they were posted?",
    why="Without a start of its own, how late the first notice came can never be known.",
    how="Half for the share of incidents whose start is stated apart from the post, half for stated ends; full from one in two.",
    remedy="Ask for start and end times in the vendor's report after each outage.",
    effort="S",
    thresholds=thresholds("stated-times"),
    references=("DORA Art. 19",),
)


def evaluate(context: Context) -> Finding:
    """Half each for starts and ends. Unknown below five incidents; ends a collector bounded are no one's statement."""
    if hidden := findings.hidden_record(context):
        return hidden
    told = [i for i in context.facts.incidents if not i.is_reported]
    least = number("checks", META.id, "least")
    if len(told) < least:
        return findings.too_few(len(told), least, "incidents")
    enough = number("checks", META.id, "enough")
    begun = sum(i.start_stated for i in told) / len(told)
    closed = [i for i in told if i.end_known in ("stated", "unknown")]
    ended = sum(i.end_known == "stated" for i in closed) / len(closed) if closed else None
    parts = [min(1.0, share / enough) for share in (begun, ended) if share is not None]
    ends = "ends were not seen" if ended is None else f"{ended:.0%} an end"
    return findings.scored(
        sum(parts) / len(parts),
        f"{begun:.0%} of {len(told)} incidents state a start apart from the post; {ends}",
        (Evidence(claim="share of incidents with a stated start", value=round(begun, 4), unit="share"),),
    )
