"""component-granularity: can a customer tell which part is hit?"""

from __future__ import annotations

from assessments.scoring import findings
from assessments.scoring.model import CheckMeta, Context, Evidence, Finding
from assessments.scoring.rubric import number, thresholds

META = CheckMeta(
    id="component-granularity",
    pillar="openness",
    question="Does the page list its parts, and do incidents name the ones hit?",
    why="A customer who relies on one part needs to know about that part, not about the whole.",
    how="Half for at least five components listed, half for the share of incidents that name one (full from one in two).",
    remedy="Map your processes to the vendor's components, and ask for those that are missing.",
    effort="S",
    thresholds=thresholds("component-granularity"),
    references=("DORA RTS 2024/1774 Art. 24",),
)


def evaluate(context: Context) -> Finding:
    """0, then half for the list and up to half for naming. Unknown where no component list was read."""
    facts = context.facts
    listed = sum(len(page.components) for page in facts.pages)
    told = [incident for incident in facts.incidents if not incident.is_reported]
    named = [incident for incident in told if incident.components]
    if listed == 0 and not named:
        return findings.hidden_record(context) or findings.unknown("no list of components was read")
    enough = listed >= number("checks", "component-granularity", "least")
    share = len(named) / len(told) if told else 1.0
    naming = min(1.0, share / number("checks", "component-granularity", "named_share"))
    evidence = (
        Evidence(
            claim="components listed", url=facts.pages[0].url if facts.pages else None, value=listed, unit="components"
        ),
        Evidence(claim="share of incidents that name a component", value=round(share, 4), unit="share"),
    )
    return findings.scored(
        0.5 * enough + 0.5 * naming, f"{listed} components listed; {share:.0%} of incidents name at least one", evidence
    )
