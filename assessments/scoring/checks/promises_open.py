"""promises-open: how much of an outage is covered by a promise of news?"""

from __future__ import annotations

from assessments.scoring import curves, findings
from assessments.scoring.communication import promised_share
from assessments.scoring.model import CheckMeta, Context, Evidence, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="promises-open",
    pillar="timeliness",
    question="During outages, do customers know when the next news will come?",
    why="Whoever knows when the next news comes can work until then.",
    how="Share of an incident's time during which a next update was promised for a stated time; mean over incidents.",
    remedy="Ask for the time of the next update in every update.",
    effort="S",
    thresholds=thresholds("promises-open"),
    references=("DORA Art. 30(3)(b)", "CSA CCM BCR-07"),
)


def evaluate(context: Context) -> Finding:
    """Linear to 80 % of the time. Unknown below five incidents with words that could be read."""
    if hidden := findings.no_word(context):
        return hidden
    shares = [(i, s) for i in findings.told(context) if (s := promised_share(i, context.as_of)) is not None]
    least = number("checks", META.id, "least")
    if len(shares) < least:
        return findings.too_few(len(shares), least, "incidents whose words could be read")
    mean = findings.mean(context, shares)
    score = curves.linear(mean, good=number("checks", META.id, "good"), bad=number("checks", META.id, "bad"))
    return findings.scored(
        findings.cautious(score, META.id, len(shares)),
        f"for {mean:.0%} of the time of {len(shares)} incidents a next update was promised for a stated time",
        (Evidence(claim="share of time with a promise open", value=round(mean, 4), unit="share"),),
    )
