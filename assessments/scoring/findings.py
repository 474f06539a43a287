"""Making findings: one way for every check to say what it concluded, and when it may not conclude."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assessments.scoring.metrics import talked_about
from assessments.scoring.model import Context, Evidence, Finding, Outcome
from vendors.records import Incident

PASS_FROM, FAIL_BELOW = 0.9, 0.5  # source: Lighthouse's bands (pass from 0.90, fail below 0.50); landscape survey, 4.1
_SHOWN = 3  # incidents quoted as evidence: the extreme ones; the rest are in the incident table


def scored(score: float, reason: str, evidence: Iterable[Evidence] = ()) -> Finding:
    """A conclusive finding: pass from 0.9, fail below 0.5, partial between."""
    score = min(1.0, max(0.0, score))
    outcome: Outcome = "pass" if score >= PASS_FROM else "fail" if score < FAIL_BELOW else "partial"
    return Finding(outcome=outcome, score=score, reason=reason, evidence=tuple(evidence))


def unknown(reason: str, evidence: Iterable[Evidence] = ()) -> Finding:
    """We could not tell: we did not look, did not ask, or saw too little."""
    return Finding(outcome="unknown", score=None, reason=reason, evidence=tuple(evidence))


def withheld(reason: str, evidence: Iterable[Evidence] = ()) -> Finding:
    """The vendor does not show it: that is a finding, and it scores nothing (docs/adr/0003)."""
    return Finding(outcome="fail", score=0.0, reason=reason, evidence=tuple(evidence))


def hidden_record(context: Context) -> Finding | None:
    """The finding for anything about updates where the vendor keeps them from the public; None where it does not.

    Only where there is an outage to talk about: a page that hides nothing that happened is judged by its access alone.
    """
    pages = context.facts.pages
    closed = bool(pages) and all(page.access in ("login", "none") for page in pages)
    if not closed or any(incident.updates for incident in context.facts.incidents):
        return None
    where = "only after signing in" if any(page.access == "login" for page in pages) else "nowhere"
    return withheld(f"updates can be read {where}, so no one outside can tell", page_evidence(context))


def page_evidence(context: Context) -> tuple[Evidence, ...]:
    """The vendor's pages, as evidence of where was looked."""
    return tuple(
        Evidence(claim=f"{page.name}: access {page.access}", url=page.url, observed_at=context.facts.as_of)
        for page in context.facts.pages
    )


def incident_evidence(incidents: Sequence[tuple[Incident, float]], claim: str, unit: str) -> tuple[Evidence, ...]:
    """The incidents with the largest values, largest first, each with its value and address."""
    largest = sorted(incidents, key=lambda pair: (-pair[1], pair[0].started_at, pair[0].id))[:_SHOWN]
    return tuple(
        Evidence(
            claim=f"{incident.title}: {claim}",
            url=incident.url or incident.page,
            observed_at=incident.started_at,
            value=round(value, 2),
            unit=unit,
        )
        for incident, value in largest
    )


def told(context: Context) -> list[Incident]:
    """The incidents whose communication is judged."""
    return talked_about(context.facts, context.as_of)


def too_few(count: int, least: float, what: str) -> Finding:
    """Unknown for want of evidence, with how much there is and how much it takes."""
    return unknown(f"{count} {what}; at least {least:.0f} are needed to tell habit from luck")
